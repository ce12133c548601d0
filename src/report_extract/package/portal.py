"""Calls to a CKAN portal's action API, whatever the portal answers: a result, or one line that does not tell the token.

Bounded in time, in the size of an answer and in the number of tries. What may have been done already is not asked for
again, unless the portal itself said that it was not done (429, 503) or could not be reached at all.
"""

from __future__ import annotations

import email.utils
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..core.errors import ExportError, UsageError
from .inert import printable

_SECONDS = 60.0  # of silence
_MOST_SECONDS = 600.0  # of one call, however much it says
_MOST_BYTES = 64 << 20  # of one answer
_TRIES = 5
_WAIT_S, _LONGEST_WAIT_S = 1.0, 60.0
_SHOWN = 300  # characters of what a portal says
_NOT_DONE = frozenset({429, 503})
_PASSING = frozenset({429, 500, 502, 503, 504})
_ONLY_ASKS = frozenset({"package_show"})
_MAY_BE_MISSING = frozenset({"package_show", "datastore_delete"})


@dataclass(frozen=True, slots=True)
class Portal:
    """Where to publish.

    Attributes:
        url: the portal's address, without ``/api``.
        organization: the owner's id or name there.
        token: of a user who may edit there; it is never shown.
    """

    url: str
    organization: str
    token: str = field(default="", repr=False)

    @property
    def shown(self) -> str:
        """The address as it may stand in a message: without a user's name and password."""
        return re.sub(r"//[^/@]*@", "//", printable(self.url))[:200]


def check(portal: Portal) -> None:
    """Refuse what cannot be an address or a token before anything is sent.

    Raises:
        UsageError: it is none.
    """
    try:
        parts = urlsplit(portal.url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or not portal.url.isprintable() or " " in portal.url:
        raise UsageError(f"--ckan {portal.shown}: not an address", "write https://data.example.lg.jp")
    if portal.token and not re.fullmatch(r"[\x21-\x7e]+", portal.token):
        raise UsageError("the API token holds blanks, line breaks or other signs that no token has", "copy it again")


def caller(
    portal: Portal, sleep: Callable[[float], None] = time.sleep
) -> Callable[[str, dict[str, Any], Path | None], Any]:
    """Calls the portal's action API; a dataset that is not there yet is None.

    Args:
        portal: see ``Portal``.
        sleep: waits between tries.
    """
    import httpx

    check(portal)
    base = portal.url.rstrip("/") + "/api/3/action/"

    def once(client: httpx.Client, action: str, content: dict[str, Any], upload: Path | None) -> tuple[Any, bytes]:
        if upload:
            with upload.open("rb") as file:
                return _answer(client, base + action, data=content, files={"upload": (upload.name, file, "text/csv")})
        return _answer(client, base + action, json=content)

    def call(action: str, content: dict[str, Any], upload: Path | None) -> Any:
        wait = _WAIT_S
        with httpx.Client(headers={"Authorization": portal.token}, timeout=_SECONDS) as client:
            for attempt in range(1, _TRIES + 1):
                try:
                    answer, body = once(client, action, content, upload)
                except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
                    passing = isinstance(error, httpx.TransportError) and not isinstance(error, httpx.ConnectError)
                    if attempt < _TRIES and passing and action in _ONLY_ASKS:
                        sleep(wait)
                        wait *= 2
                        continue
                    raise _error(portal, action, f"{error}" or type(error).__name__, "check --ckan") from None
                status = answer.status_code
                if attempt < _TRIES and status in (_PASSING if action in _ONLY_ASKS else _NOT_DONE):
                    sleep(_told_to_wait(answer.headers.get("retry-after", ""), wait))
                    wait *= 2
                    continue
                return _result(portal, action, status, body)
        raise AssertionError  # the last try returns or raises

    return call


def _answer(client: Any, address: str, **told: Any) -> tuple[Any, bytes]:
    until, body = time.monotonic() + _MOST_SECONDS, bytearray()
    with client.stream("POST", address, **told) as answer:
        for piece in answer.iter_bytes():
            body += piece
            if len(body) > _MOST_BYTES:
                raise ValueError("it answers without end")
            if time.monotonic() > until:
                raise ValueError("it answers too slowly")
    return answer, bytes(body)


def _result(portal: Portal, action: str, status: int, body: bytes) -> Any:
    if status == 404 and action in _MAY_BE_MISSING:
        return None
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise _error(portal, action, f"its answer (status {status}) is not that of a CKAN portal", "check --ckan")
    if not told.get("success") or "result" not in told:
        why = json.dumps(told.get("error", {}), ensure_ascii=False)
        raise _error(portal, action, f"refused: {why}", "check the token and --organization")
    return told["result"]


def identifier(portal: Portal, action: str, result: Any) -> str:
    """The id in a result.

    Raises:
        ExportError: it has none.
    """
    if isinstance(result, dict) and isinstance(result.get("id"), str):
        return str(result["id"])
    raise _error(portal, action, "its answer has no id", "check --ckan")


def _error(portal: Portal, action: str, why: str, remedy: str) -> ExportError:
    said = " ".join(printable(why).split())
    if portal.token:
        said = said.replace(portal.token, "***")
    said = said if len(said) <= _SHOWN else said[:_SHOWN] + "…"
    return ExportError(f"{portal.shown}: {action}: {said}", remedy)


def _told_to_wait(header: str, otherwise: float) -> float:
    """Seconds that Retry-After asks for (RFC 9110, 10.2.3: a number, or a date), within bounds."""
    if header.strip().isdigit() and len(header) < 9:
        wait = float(header)
    else:
        try:
            wait = email.utils.parsedate_to_datetime(header).timestamp() - time.time()
        except (TypeError, ValueError):
            wait = otherwise
    return min(max(wait, 0.0), _LONGEST_WAIT_S)
