"""A stand-in for a CKAN portal: the actions that publishing needs, answering as CKAN's documentation says.

It keeps datasets, resources and DataStore tables in memory and refuses what CKAN refuses: a missing token, a
name that is taken, a DataStore table for a resource that is not there, records that do not fit the fields.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


class Portal:
    """What the portal holds, and every action that it was asked for."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.packages: dict[str, dict[str, Any]] = {}
        self.uploads: dict[str, bytes] = {}
        self.tables: dict[str, dict[str, Any]] = {}
        self.actions: list[str] = []
        self._ids = count(1)

    def act(self, action: str, told: dict[str, Any], upload: bytes | None) -> tuple[int, Any]:
        """The status and result of an action."""
        self.actions.append(action)
        known = getattr(self, action, None)
        if known is None:
            return 400, {"__type": "Bad Request", "message": f"Action name not known: {action}"}
        result: tuple[int, Any] = known(told, upload)
        return result

    def package_show(self, told: dict[str, Any], _: Any) -> tuple[int, Any]:
        package = next((p for p in self.packages.values() if told["id"] in (p["id"], p["name"])), None)
        return (200, package) if package else (404, {"__type": "Not Found Error", "message": "Not found"})

    def package_create(self, told: dict[str, Any], _: Any) -> tuple[int, Any]:
        if any(p["name"] == told["name"] for p in self.packages.values()):
            return 409, {"__type": "Validation Error", "name": ["That URL is already in use."]}
        package = {**told, "id": f"package-{next(self._ids)}", "resources": []}
        self.packages[package["id"]] = package
        return 200, package

    def package_patch(self, told: dict[str, Any], _: Any) -> tuple[int, Any]:
        self.packages[told["id"]].update(told)
        return 200, self.packages[told["id"]]

    def resource_create(self, told: dict[str, Any], upload: bytes | None) -> tuple[int, Any]:
        resource = {**told, "id": f"resource-{next(self._ids)}"}
        self.packages[told["package_id"]]["resources"].append(resource)
        self.uploads[resource["id"]] = upload or b""
        return 200, resource

    def resource_update(self, told: dict[str, Any], upload: bytes | None) -> tuple[int, Any]:
        resource = self._resource(told["id"])
        if resource is None:
            return 404, {"__type": "Not Found Error", "message": "Not found: Resource was not found."}
        resource.update(told)
        self.uploads[told["id"]] = upload or b""
        return 200, resource

    def datastore_delete(self, told: dict[str, Any], _: Any) -> tuple[int, Any]:
        if self.tables.pop(told["resource_id"], None) is None:
            return 404, {"__type": "Not Found Error", "message": "Not found"}
        return 200, {"resource_id": told["resource_id"]}

    def datastore_create(self, told: dict[str, Any], _: Any) -> tuple[int, Any]:
        if self._resource(told["resource_id"]) is None:
            return 404, {"__type": "Not Found Error", "message": "Not found"}
        names = [f["id"] for f in told["fields"]]
        if any(len(name.encode()) > 63 or name.startswith("_") for name in names):
            return 409, {"__type": "Validation Error", "fields": ["not a valid field name"]}
        self.tables[told["resource_id"]] = {"fields": told["fields"], "records": []}
        return 200, {"resource_id": told["resource_id"]}

    def datastore_upsert(self, told: dict[str, Any], _: Any) -> tuple[int, Any]:
        table = self.tables[told["resource_id"]]
        types = {f["id"]: f["type"] for f in table["fields"]}
        for record in told["records"]:
            for name, value in record.items():
                if value is not None and types[name] == "int" and not isinstance(value, int):
                    return 409, {"__type": "Validation Error", "records": [f"{name}: {value!r} is no int"]}
        table["records"] += told["records"]
        return 200, {"resource_id": told["resource_id"], "method": told["method"]}

    def _resource(self, ident: str) -> dict[str, Any] | None:
        return next((r for p in self.packages.values() for r in p["resources"] if r["id"] == ident), None)


@contextmanager
def running(portal: Portal) -> Iterator[str]:
    """The portal on a free port of this machine; gives its address."""

    async def action(request: Request) -> JSONResponse:
        if request.headers.get("authorization") != portal.token:
            error = {"__type": "Authorization Error", "message": "Access denied"}
            return JSONResponse({"success": False, "error": error}, 403)
        upload = None
        if request.headers["content-type"].startswith("multipart/"):
            form = await request.form()
            told: dict[str, Any] = {name: value for name, value in form.items() if isinstance(value, str)}
            file = form["upload"]
            upload = b"" if isinstance(file, str) else await file.read()
        else:
            told = json.loads(await request.body())
        status, result = portal.act(request.path_params["action"], told, upload)
        answer = {"success": True, "result": result} if status == 200 else {"success": False, "error": result}
        return JSONResponse(answer, status)

    app = Starlette(routes=[Route("/api/3/action/{action}", action, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
