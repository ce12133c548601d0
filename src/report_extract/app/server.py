"""The review page, served on loopback: what a person types is kept at once, and sums and statuses renewed.

Only this machine may ask, only with the token that stands in the address, and only a page of this server may
send anything: a page of another origin learns nothing and changes nothing. Nothing but the review pages is
served, so there is no path to lead anywhere else.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ..core import serialize
from ..corrections import store
from ..pipeline import again
from ..review.page import content_of, with_content
from ..run import into

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

_MOST_BYTES = 100_000  # a correction is a few words
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'"
_HEADERS = {
    "Content-Security-Policy": _POLICY + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Review:
    """A package under review.

    Attributes:
        directory: what ``run`` wrote.
        parts: each document's name and the part it was made from, in the package's order.
    """

    def __init__(self, directory: Path, parts: Sequence[tuple[str, Path]], lang: str = "ja") -> None:
        self.directory, self.parts, self.lang = directory, dict(parts), lang
        self._appending, self._writing = threading.Lock(), threading.Lock()
        self._asked = self._written = 0

    def page(self, document: str, addresses: dict[str, str]) -> str:
        """The review page of one document, with what was corrected since.

        Args:
            addresses: "post" takes corrections, "renewed" gives the content anew.
        """
        html = self.parts[document].with_suffix(".html").read_text(encoding="utf-8")
        return with_content(html, {**self.content(document), **addresses})

    def content(self, document: str) -> dict[str, Any]:
        """What the page shows but its pictures: datasets, checks, findings."""
        return content_of(again(serialize.loads(self._text(document)), self._typed()), self.lang)

    def correct(self, document: str, told: dict[str, Any]) -> None:
        """Keep one correction: it is on disk when this returns.

        Raises:
            KeyError, ValueError, TypeError: what was told is no correction.
        """
        correction = store.correction_of(
            {
                **told,
                "time": datetime.now(UTC).isoformat(timespec="seconds"),
                "sha256": serialize.loads(self._text(document)).sha256,
                "bbox": told["box"],
            }
        )
        with self._appending:
            store.append(self._typed(), [correction])
            self._asked += 1

    def renew(self) -> None:
        """Write the package with all corrections; one writing serves all that were kept before it began."""
        asked = self._asked
        with self._writing:
            if self._written >= asked:
                return
            asked = self._asked
            into.renew(self.directory)
            self._written = asked

    def _text(self, document: str) -> str:
        return self.parts[document].read_text(encoding="utf-8")

    def _typed(self) -> Path:
        return self.directory / "corrections.jsonl"


def application(review: Review, token: str, origin: str) -> Starlette:
    """The ASGI application.

    Args:
        review: the package.
        token: stands in every address; without it nothing is found.
        origin: ``http://127.0.0.1:PORT``: the only one that requests may come from.
    """
    from starlette.applications import Starlette
    from starlette.background import BackgroundTask
    from starlette.concurrency import run_in_threadpool
    from starlette.responses import HTMLResponse, JSONResponse
    from starlette.responses import Response as Plain
    from starlette.routing import Route

    def guarded(
        answer: Callable[[Request], Awaitable[Response]],
    ) -> Callable[[Request], Awaitable[Response]]:
        async def guard(request: Request) -> Response:
            known = secrets.compare_digest(request.path_params["token"].encode(), token.encode())
            # A name that resolves to loopback (DNS rebinding) is not this host.
            here = request.headers.get("host") == origin.removeprefix("http://")
            own = request.headers.get("origin", origin) == origin
            if not (known and here and own):
                return Plain("not found", 404, _HEADERS)
            response = await answer(request)
            response.headers.update(_HEADERS)
            return response

        return guard

    async def page(name: str) -> Response:
        addresses = {"post": f"/{token}/corrections/{quote(name)}", "renewed": f"/{token}/content/{quote(name)}"}
        return HTMLResponse(await run_in_threadpool(review.page, name, addresses))

    async def index(request: Request) -> Response:
        names = list(review.parts)
        if len(names) == 1:
            return await page(names[0])
        from ..review.index import links

        return HTMLResponse(links(names, lambda n: f"document/{quote(n)}", review.lang))

    async def document(request: Request) -> Response:
        name = request.path_params["document"]
        if name not in review.parts:
            return Plain("not found", 404)
        return await page(name)

    async def content(request: Request) -> Response:
        name = request.path_params["document"]
        if name not in review.parts:
            return Plain("not found", 404)
        return JSONResponse(await run_in_threadpool(review.content, name))

    async def correct(request: Request) -> Response:
        name = request.path_params["document"]
        if name not in review.parts:
            return Plain("not found", 404)
        # A form of another page can send text/plain without asking; JSON it cannot.
        if request.headers.get("content-type", "").split(";")[0] != "application/json":
            return Plain("send JSON", 415)
        if int(request.headers.get("content-length", _MOST_BYTES + 1)) > _MOST_BYTES:
            return Plain("too long", 413)
        try:
            await run_in_threadpool(review.correct, name, await request.json())
            return JSONResponse({"kept": True}, background=BackgroundTask(review.renew))
        except (KeyError, ValueError, TypeError):
            return Plain("not a correction", 400)

    return Starlette(
        routes=[
            Route("/{token}/", guarded(index)),
            Route("/{token}/document/{document}", guarded(document)),
            Route("/{token}/content/{document}", guarded(content)),
            Route("/{token}/corrections/{document}", guarded(correct), methods=["POST"]),
        ]
    )


def serve(directory: Path, lang: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve the review of the package in ``directory`` until interrupted.

    Args:
        port: 0 for any free one.
        ready: told the address when it listens.

    Raises:
        ExportError: there is no package, or its parts are gone.
    """
    import socket

    import uvicorn

    review = Review(directory, parts_of(directory), lang)
    token = secrets.token_urlsafe(24)
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(application(review, token, origin), log_level="warning", access_log=False)
        ready(f"{origin}/{token}/")
        uvicorn.Server(config).run(sockets=[listener])


def parts_of(directory: Path) -> list[tuple[str, Path]]:
    """Each document of a package and its part.

    Raises:
        ExportError: there is no package, or it was written without parts.
    """
    import json

    from ..core.errors import ExportError

    index = directory / ".parts" / "index.json"
    try:
        listed = json.loads(index.read_text(encoding="utf-8"))
        parts = [(str(name), index.parent / Path(str(part)).name) for name, part in listed]
    except (OSError, ValueError) as error:
        raise ExportError(f"{directory}: no parts to review", "run the extraction again into this folder") from error
    if missing := [name for name, part in parts if not part.is_file()]:
        raise ExportError(f"{directory}: the parts of {missing[0]} are gone", "run the extraction again")
    return parts
