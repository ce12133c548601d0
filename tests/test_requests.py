"""Requests of any shape to the app: each has an answer that is none of a crash, and costs no person's work."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from report_extract.app.desk import Desk
from report_extract.app.workspace import Workspace
from report_extract.cli import main
from report_extract.corrections.store import load

from .samples import many
from .test_app import GIVEN, ORIGIN, a_flagged_name, document, opened, settled

NAMES = (
    "answers", "document", "key", "old", "new", "by", "verdict", "note", "table", "tables", "page", "area", "xs", "ys",
    "found", "spans", "headers", "header_rows", "kind", "name", "columns", "rows", "layout", "joins", "rotation",
    "dataset", "field", "row", "totals", "gone", "of", "step",
)  # fmt: skip
PATHS = (
    "/", "/static/main.js", "/static/../../../etc/passwd", "/api/state", "/api/files", "/api/flags", "/api/value",
    "/api/settle", "/api/undo", "/api/redo", "/api/download/{x}", "/api/documents/{id}",
    "/api/documents/{id}/dataset/{x}", "/api/documents/{id}/cell", "/api/documents/{id}/page/{n}",
    "/api/documents/{id}/tables", "/api/documents/{id}/mend", "/api/documents/{id}/suggest",
    "/api/documents/{id}/remember", "/api/documents/{x}/remove", "/api/documents/{x}/again", "/api/layouts",
    "/api/layouts/{x}/apply", "/api/layouts/{x}/forget", "/api/layouts/{x}/file",
)  # fmt: skip
QUERIES = (
    "key", "since", "dataset", "field", "document", "from", "to", "rows", "start", "text", "name", "lang", "table",
)  # fmt: skip
ODD = ("", "../x", "..%2fx", "%00", "a" * 300, "総務部", "-1", "1e9", "nan", "<b>")
TEXTS = st.sampled_from(ODD) | st.text(max_size=9)
NUMBERS = st.integers(-3, 40) | st.integers() | st.floats()
LEAVES = st.none() | st.booleans() | NUMBERS | TEXTS | st.just([0.0, 0.0, 90.0, 40.0])
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | TEXTS, inner, max_size=5),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = tmp_path_factory.mktemp("made") / "out"
    assert main(["run", str(GIVEN), "--out", str(made), "--quiet"]) == 0
    desk = Desk(Workspace(shutil.copytree(made, tmp_path_factory.mktemp("app") / "out")))
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def client(desk: Desk) -> TestClient:
    return opened(desk)


@settings(max_examples=many(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_requests_of_any_shape_are_answered(client: TestClient, desk: Desk, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(PATHS))
    path = path.replace("{id}", data.draw(st.sampled_from([document(client), document(client), "x"])))
    path = path.replace("{n}", str(data.draw(st.integers(-1, 99))))
    path = path.replace("{x}", quote(data.draw(TEXTS).encode("utf-8", "replace"), safe="/.%") or "x")
    asked = data.draw(st.dictionaries(st.sampled_from(QUERIES), TEXTS, max_size=3))
    method = data.draw(st.sampled_from(["GET", "POST", "POST", "PUT", "DELETE"]))
    content: dict[str, Any] = {}
    if method != "GET":
        told = data.draw(VALUES | st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6))
        text = data.draw(st.sampled_from([json.dumps(told), json.dumps(told)[:-1], "[" * 50_000, "\ud800"]))
        kind = data.draw(st.sampled_from(["application/json", "application/json", "text/plain"]))
        content = {"content": text.encode("utf-8", "replace"), "headers": {"content-type": kind}}
    query = urlencode({name: text.encode("utf-8", "replace") for name, text in asked.items()})
    answer = client.request(method, f"{ORIGIN}{path}?{query}", **content)
    # Anything the app itself raises is raised here by the test client.
    assert answer.status_code < 500 or answer.json()["why"], (method, path, content)
    assert "Traceback" not in answer.text and "root:" not in answer.text


def test_after_all_that_what_a_person_types_is_kept(client: TestClient, desk: Desk) -> None:
    card = a_flagged_name(client)
    assert settled(client, card["key"], card["value"], "住まい政策課").status_code == 200
    corrections, _ = load(desk.workspace.corrections, desk.workspace.entries()[0].sha256)
    assert corrections[-1].new == "住まい政策課"
    assert Path(desk.workspace.directory / "documents.csv").is_file()
