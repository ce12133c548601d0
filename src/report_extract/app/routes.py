"""What the page asks of the server: JSON in, JSON out. ``guard`` has let nobody else in before."""

from __future__ import annotations

import functools
import json
import secrets
from collections.abc import Awaitable, Callable
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

from ..core.errors import ReportExtractError
from ..package.inert import file_stem
from ..readers.bounds import MAX_FILE_BYTES
from ..review.content import as_value
from ..run.inputs import SUFFIXES
from . import mending, pictures, remembering, takeaway
from .desk import Conflict, Desk, checked
from .desk import Refused as Wrong
from .workspace import INPUTS

if TYPE_CHECKING:
    from starlette.requests import Request

_MOST_JSON = 4_000_000
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

Answer = Callable[["Request", Desk], Awaitable[Response]]


class Refused(Exception):
    """A request that cannot be done: its status, and why in a word that the page puts into the person's language."""

    def __init__(self, status: int, why: str, **more: Any) -> None:
        super().__init__(why)
        self.status, self.told = status, {"error": why, **more}


def routes(desk: Desk) -> list[Route | Mount]:
    """All addresses of the app."""

    def route(path: str, answer: Answer, method: str = "GET") -> Route:
        @functools.wraps(answer)
        async def endpoint(request: Request) -> Response:
            try:
                return await answer(request, desk)
            except Refused as refused:
                return JSONResponse(refused.told, refused.status)
            except Conflict as conflict:
                return JSONResponse({"error": "changed", "value": str(conflict)}, 409)
            except Wrong as refused:
                return JSONResponse({"error": "wrong", "refused": str(refused)}, 422)
            except KeyError:
                return JSONResponse({"error": "gone"}, 404)
            except (ValueError, TypeError) as error:
                return JSONResponse({"error": "wrong", "why": str(error)[:300]}, 400)
            except ReportExtractError as error:
                return JSONResponse({"error": "failed", "why": error.say(desk.workspace.spoken)}, 500)

        return Route(path, endpoint, methods=[method])

    return [
        route("/", index),
        route("/static/{path:path}", static),
        route("/api/state", state),
        route("/api/files", upload, "PUT"),
        route("/api/flags", flags),
        route("/api/value", value),
        route("/api/settle", settle, "POST"),
        route("/api/undo", undo, "POST"),
        route("/api/redo", redo, "POST"),
        route("/api/download/{kind}", download),
        route("/api/publish", publish_check, "POST"),
        route("/api/documents/{id}/remove", remove, "POST"),
        route("/api/documents/{id}/again", again, "POST"),
        route("/api/documents/{id}", document),
        route("/api/documents/{id}/dataset/{name}", dataset),
        route("/api/documents/{id}/cell", cell),
        route("/api/documents/{id}/page/{number:int}", page),
        route("/api/documents/{id}/picture/{number:int}", picture),
        route("/api/documents/{id}/tables", tables),
        route("/api/documents/{id}/mend", mend, "POST"),
        route("/api/documents/{id}/suggest", suggest, "POST"),
        route("/api/documents/{id}/remember", remember, "POST"),
        route("/api/layouts", known_layouts),
        route("/api/layouts/{digest}/apply", apply_layout, "POST"),
        route("/api/layouts/{digest}/forget", forget_layout, "POST"),
        route("/api/layouts/{digest}/file", layout_file),
    ]


async def body(request: Request) -> Any:
    """The JSON of a request, which a form of another site cannot send."""
    if request.headers.get("content-type", "").split(";")[0] != "application/json":
        raise Refused(415, "not-json")
    told = b""
    async for piece in request.stream():
        told += piece
        if len(told) > _MOST_JSON:
            raise Refused(413, "too-long")
    try:
        return json.loads(told)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "not-json") from error


# --- The page itself ----------------------------------------------------------------------------------------------


async def index(request: Request, desk: Desk) -> Response:
    wanted = request.query_params.get("lang", "")
    if wanted in ("ja", "en"):
        await run_in_threadpool(desk.speak, wanted)
        return RedirectResponse("/", 303)
    html = _static("index.html").decode("utf-8")
    return Response(html.replace("LANG", desk.workspace.spoken), media_type="text/html")


async def static(request: Request, desk: Desk) -> Response:
    path = request.path_params["path"]
    try:
        return Response(_static(path), media_type=_TYPES.get(Path(path).suffix, "text/plain"))
    except (OSError, KeyError) as error:
        raise Refused(404, "gone") from error


@functools.cache
def _statics() -> frozenset[str]:
    root = resources.files(__package__).joinpath("static")
    names = {one.name for one in root.iterdir() if one.is_file()}
    return frozenset(names | {f"vendor/{one.name}" for one in root.joinpath("vendor").iterdir()})


def _static(path: str) -> bytes:
    if path not in _statics():
        raise KeyError(path)
    return resources.files(__package__).joinpath("static").joinpath(path).read_bytes()


# --- The list -----------------------------------------------------------------------------------------------------


async def state(request: Request, desk: Desk) -> Response:
    return JSONResponse(await run_in_threadpool(desk.state))


async def upload(request: Request, desk: Desk) -> Response:
    """A file as the body, its name in the query. It is whole on disk when this answers."""
    given = Path(request.query_params.get("name", "")).name
    if Path(given).suffix.lower() not in SUFFIXES:
        raise Refused(415, "kind", suffixes=sorted(SUFFIXES))
    if int(request.headers.get("content-length", 0) or 0) > MAX_FILE_BYTES:
        raise Refused(413, "too-long")
    folder = desk.workspace.directory / INPUTS
    beside = folder / f".{secrets.token_hex(8)}.part"
    size = 0
    try:
        with beside.open("wb") as file:
            async for piece in request.stream():
                size += len(piece)
                if size > MAX_FILE_BYTES:
                    raise Refused(413, "too-long")
                await run_in_threadpool(file.write, piece)
        if not size:
            raise Refused(400, "empty")
        entry, new = await run_in_threadpool(_take_in, desk, beside, given)
    finally:
        beside.unlink(missing_ok=True)
    return JSONResponse({"id": entry.id, "name": entry.name, "new": new})


def _take_in(desk: Desk, beside: Path, given: str) -> Any:
    """Give an upload its name, beside files of the same name, and put it on the list."""
    folder = beside.parent
    stem, suffix = file_stem(Path(given).stem), Path(given).suffix.lower()
    path = folder / f"{stem}{suffix}"
    number = 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{suffix}"
    beside.replace(path)
    entry, new = desk.add(path)
    if not new:
        path.unlink(missing_ok=True)
    return entry, new


async def remove(request: Request, desk: Desk) -> Response:
    await run_in_threadpool(desk.remove, request.path_params["id"])
    return JSONResponse({})


async def again(request: Request, desk: Desk) -> Response:
    await run_in_threadpool(desk.again, request.path_params["id"])
    return JSONResponse({})


# --- Settling -----------------------------------------------------------------------------------------------------


async def flags(request: Request, desk: Desk) -> Response:
    since = int(request.query_params.get("since", 0))

    def told() -> dict[str, Any]:
        version = desk.opener.version
        news = list(desk.opener.news(since))
        ids = [entry.id for entry in desk.workspace.entries()]
        return {"version": max(version, desk.opener.version if not since else 0), "documents": news, "ids": ids}

    return JSONResponse(await run_in_threadpool(told))


async def settle(request: Request, desk: Desk) -> Response:
    told = await body(request)
    step = await run_in_threadpool(desk.settle, list(told["answers"]), str(told.get("by", "")))
    return JSONResponse({"step": step}, background=BackgroundTask(desk.renew))


async def value(request: Request, desk: Desk) -> Response:
    """What a text would be kept as in a cell, or why it is refused."""

    def told() -> dict[str, str]:
        content = desk.opener.open(request.query_params.get("document", "")).content
        dataset, _, field, _ = content.found(request.query_params.get("key", ""))
        try:
            return {"value": as_value(checked(dataset.name, field, request.query_params.get("text", "")), field)}
        except Wrong as refused:
            return {"refused": str(refused)}

    return JSONResponse(await run_in_threadpool(told))


async def undo(request: Request, desk: Desk) -> Response:
    await body(request)
    return JSONResponse({"done": await run_in_threadpool(mending.undo, desk)}, background=BackgroundTask(desk.renew))


async def redo(request: Request, desk: Desk) -> Response:
    await body(request)
    done = await run_in_threadpool(mending.undo, desk, True)
    return JSONResponse({"done": done}, background=BackgroundTask(desk.renew))


# --- One document -------------------------------------------------------------------------------------------------


async def document(request: Request, desk: Desk) -> Response:
    def told() -> dict[str, Any]:
        opened = desk.opener.open(request.path_params["id"])
        content = opened.content
        return {
            "id": opened.entry.id,
            "name": opened.entry.name,
            **content.summary(),
            "datasets": content.overview(),
            "checks": content.checks(),
            "found": content.findings(),
        }

    return JSONResponse(await run_in_threadpool(told))


async def dataset(request: Request, desk: Desk) -> Response:
    def told() -> Any:
        opened = desk.opener.open(request.path_params["id"])
        return {"rows": opened.content.rows_of(request.path_params["name"])}

    return JSONResponse(await run_in_threadpool(told))


async def cell(request: Request, desk: Desk) -> Response:
    def told() -> Any:
        content = desk.opener.open(request.path_params["id"]).content
        return content.card(*content.found(request.query_params.get("key", "")))

    return JSONResponse(await run_in_threadpool(told))


async def page(request: Request, desk: Desk) -> Response:
    def told() -> Any:
        opened = desk.opener.open(request.path_params["id"])
        return {"cells": opened.content.on_page(request.path_params["number"])}

    return JSONResponse(await run_in_threadpool(told))


async def picture(request: Request, desk: Desk) -> Response:
    entry = desk.workspace.entry(request.path_params["id"])
    dpi = min(max(int(request.query_params.get("dpi", 110)), 30), 220)
    turn = int(request.query_params.get("turn", 0)) // 90 * 90 % 360
    number = request.path_params["number"]
    png = await run_in_threadpool(pictures.page_png, desk.workspace, entry, number, dpi, turn)
    return Response(png, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})


# --- Mending ------------------------------------------------------------------------------------------------------


async def tables(request: Request, desk: Desk) -> Response:
    number = int(request.query_params.get("page", 0))
    return JSONResponse(await run_in_threadpool(mending.tables, desk, request.path_params["id"], number))


async def mend(request: Request, desk: Desk) -> Response:
    told = await body(request)
    answer = await run_in_threadpool(mending.mend, desk, request.path_params["id"], told)
    return JSONResponse(answer, background=BackgroundTask(desk.renew))


async def suggest(request: Request, desk: Desk) -> Response:
    told = await body(request)
    return JSONResponse(await run_in_threadpool(mending.suggest, desk, request.path_params["id"], told))


async def remember(request: Request, desk: Desk) -> Response:
    told = await body(request)
    return JSONResponse(await run_in_threadpool(remembering.remember, desk, request.path_params["id"], told))


async def known_layouts(request: Request, desk: Desk) -> Response:
    return JSONResponse({"layouts": await run_in_threadpool(remembering.shown, desk)})


async def apply_layout(request: Request, desk: Desk) -> Response:
    await body(request)
    digest = request.path_params["digest"]
    return JSONResponse(
        await run_in_threadpool(remembering.apply, desk, digest), background=BackgroundTask(desk.renew)
    )


async def forget_layout(request: Request, desk: Desk) -> Response:
    await body(request)
    await run_in_threadpool(remembering.forget, desk, request.path_params["digest"])
    return JSONResponse({})


async def layout_file(request: Request, desk: Desk) -> Response:
    path = await run_in_threadpool(remembering.file_of, desk, request.path_params["digest"])
    return FileResponse(path, filename=path.name, media_type="application/json")


# --- Taking home --------------------------------------------------------------------------------------------------


async def download(request: Request, desk: Desk) -> Response:
    kind, id = request.path_params["kind"], request.query_params.get("document", "")
    path, name = await run_in_threadpool(takeaway.made, desk, kind, id)
    return FileResponse(path, filename=name, background=BackgroundTask(takeaway.forget, path))


async def publish_check(request: Request, desk: Desk) -> Response:
    told = await body(request)
    return JSONResponse(await run_in_threadpool(takeaway.publish_check, desk, told))
