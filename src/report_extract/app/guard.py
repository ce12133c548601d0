"""Who may ask: a browser of this machine that came by the link, asking for itself and not for another site.

The link holds a token that serves once; it is exchanged for a cookie that no script can read and no other site can
make the browser send. Beside it the name of the host (a name that resolves to loopback is not this host: DNS
rebinding), the origin, and what the browser itself says of who asks (Sec-Fetch-Site) are looked at.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_NOT_FOUND = "not found"
_CLOSED = {
    "ja": "このページを開くには、端末に表示された新しいリンクを使ってください。リンクは一度だけ使えます。",
    "en": "To open this page, use the new link that the terminal shows. A link can be used once.",
}


class Door:
    """The links and the cookie of one server.

    Args:
        origin: ``http://127.0.0.1:PORT``: the only one that may ask.
        announce: told the address of each new link.
        lang: of what a person without a cookie is told.
    """

    def __init__(self, origin: str, announce: Callable[[str], None] = lambda link: None, lang: str = "ja") -> None:
        self.origin, self.host = origin, origin.removeprefix("http://")
        self.cookie = f"report-extract-{self.host.rpartition(':')[2]}"
        self.lang, self._announce = lang, announce
        self._secret = secrets.token_urlsafe(32)
        self._token = ""
        self._lock = threading.Lock()

    def link(self) -> str:
        """A new link; the one before it is void."""
        with self._lock:
            self._token = secrets.token_urlsafe(24)
            return f"{self.origin}/?token={self._token}"

    def take(self, token: str) -> bool:
        """Whether the token is that of the link in force; it is void after."""
        with self._lock:
            if not self._token or not secrets.compare_digest(token.encode(), self._token.encode()):
                return False
            self._token = ""
            return True

    def knows(self, cookies: str) -> bool:
        """Whether the Cookie header holds this server's."""
        given = (part.strip().partition("=") for part in cookies.split(";"))
        return any(
            name == self.cookie and secrets.compare_digest(value.encode(), self._secret.encode())
            for name, _, value in given
        )

    def set_cookie(self) -> str:
        """The header that hands the cookie over."""
        return f"{self.cookie}={self._secret}; Path=/; HttpOnly; SameSite=Strict"

    def ask_again(self) -> None:
        """Somebody came without a cookie: where there is no link in force, the terminal shows a new one."""
        if not self._token:
            self._announce(self.link())


def guarded(app: ASGIApp, door: Door) -> ASGIApp:
    """The application behind the door."""
    from starlette.responses import PlainTextResponse, RedirectResponse

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        here = headers.get("host") == door.host and headers.get("origin", door.origin) == door.origin
        if not here:
            await PlainTextResponse(_NOT_FOUND, 404, HEADERS)(scope, receive, send)
            return
        token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if scope["path"] == "/" and token and door.take(token):
            headers_out = {**HEADERS, "Set-Cookie": door.set_cookie()}
            await RedirectResponse("/", 303, headers_out)(scope, receive, send)
            return
        if not door.knows(headers.get("cookie", "")):
            if scope["path"] == "/" and scope["method"] == "GET":
                door.ask_again()
                await PlainTextResponse(_CLOSED[door.lang], 403, HEADERS)(scope, receive, send)
            else:
                await PlainTextResponse(_NOT_FOUND, 404, HEADERS)(scope, receive, send)
            return
        # A link on another site may bring a person here; it may neither ask for data nor send any.
        if scope["path"] != "/" and headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            await PlainTextResponse(_NOT_FOUND, 404, HEADERS)(scope, receive, send)
            return
        await app(scope, receive, _with_headers(send))

    return guard


def _with_headers(send: Send) -> Send:
    async def sending(message: Any) -> None:
        if message["type"] == "http.response.start":
            given = {name.lower() for name, _ in message["headers"]}
            own = [(n.lower().encode(), v.encode()) for n, v in HEADERS.items() if n.lower().encode() not in given]
            message = {**message, "headers": [*message["headers"], *own]}
        await send(message)

    return sending
