"""The app, served on loopback until it is interrupted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from .desk import Desk
from .guard import Door, guarded
from .workspace import Workspace

if TYPE_CHECKING:
    from starlette.types import ASGIApp

HOST = "127.0.0.1"
_PATIENCE_S = 3  # for requests that are under way when the app ends


def application(desk: Desk, door: Door) -> ASGIApp:
    """The ASGI application behind its door."""
    from starlette.applications import Starlette

    from .routes import routes

    return guarded(Starlette(routes=routes(desk)), door)


def serve(
    directory: Path, lang: str = "ja", port: int = 0, ready: Callable[[str], None] = lambda link: None, workers: int = 1
) -> None:
    """Serve the app on the folder until interrupted.

    Args:
        directory: a data package, or a folder that will hold one.
        lang: "ja" or "en".
        port: 0 for any free one.
        ready: told each link that opens the app; the first when it listens.
        workers: documents that are read side by side.
    """
    import socket

    import uvicorn

    desk = Desk(Workspace(directory, lang=lang), workers)
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(128)  # the link holds from the moment it is told
        door = Door(f"http://{HOST}:{listener.getsockname()[1]}", ready, lang)
        config = uvicorn.Config(
            application(desk, door),
            log_level="warning",
            access_log=False,
            server_header=False,
            h11_max_incomplete_event_size=32_768,
            limit_concurrency=100,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=_PATIENCE_S,
        )
        desk.start()
        try:
            ready(door.link())
            uvicorn.Server(config).run(sockets=[listener])
        finally:
            desk.close()
