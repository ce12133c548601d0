"""The app's server: what is dropped is read, what is typed is never lost, and nobody else gets in."""

from __future__ import annotations

import io
import json
import re
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from report_extract.app.desk import Desk
from report_extract.app.guard import Door
from report_extract.app.server import application
from report_extract.app.workspace import Workspace
from report_extract.cli import main
from report_extract.corrections.store import load
from report_extract.package.read import load_package
from report_extract.package.stored import records

from .by_hand import glued
from .truth import FIXTURES

GIVEN = FIXTURES / "ocr_text" / "iwaki-r6.txt"
REPORT = FIXTURES / "cities" / "naha.pdf"
ORIGIN = "http://127.0.0.1:8000"
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of the report as OCR text: many of its cells cannot be made out."""
    out = tmp_path_factory.mktemp("made") / "out"
    assert main(["run", str(GIVEN), "--out", str(out), "--quiet"]) == 0
    return out


@pytest.fixture
def package(made: Path, tmp_path: Path) -> Path:
    """A copy of it to work on."""
    return shutil.copytree(made, tmp_path / "out")


def opened(desk: Desk) -> TestClient:
    """A browser that came by the link."""
    door = Door(ORIGIN)
    client = TestClient(application(desk, door), base_url=ORIGIN)
    assert client.get(door.link().removeprefix(ORIGIN)).status_code == 200
    return client


@pytest.fixture
def desk(package: Path) -> Iterator[Desk]:
    desk = Desk(Workspace(package))
    yield desk
    desk.close()


@pytest.fixture
def client(desk: Desk) -> TestClient:
    return opened(desk)


def wait(until: Callable[[], Any], seconds: float = 120.0) -> Any:
    """What ``until`` gives as soon as it is something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := until():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come about")


def document(client: TestClient) -> str:
    (one,) = client.get("/api/state").json()["documents"]
    return str(one["id"])


def cards(client: TestClient) -> dict[str, dict[str, Any]]:
    (news,) = client.get("/api/flags").json()["documents"]
    return {card["key"]: card for card in news["changed"]}


def a_flagged_name(client: TestClient) -> dict[str, Any]:
    return next(c for c in cards(client).values() if c["status"] == "review" and c["field"] == "holding_division")


def settled(client: TestClient, key: str, old: str, new: str, **more: str) -> Any:
    answer = {"document": document(client), "key": key, "old": old, "new": new, **more}
    return client.post("/api/settle", json={"answers": [answer]})


# --- Files come ---------------------------------------------------------------------------------------------------


def test_a_dropped_report_becomes_a_package_to_take_home(tmp_path: Path) -> None:
    desk = Desk(Workspace(tmp_path))
    client = opened(desk)
    desk.start()
    try:
        told = client.put("/api/files?name=那覇市 報告.pdf", content=REPORT.read_bytes()).json()
        assert told["new"]
        assert not client.put("/api/files?name=again.pdf", content=REPORT.read_bytes()).json()["new"]
        wait(lambda: all(d["state"] == "done" for d in client.get("/api/state").json()["documents"]))
        (shown,) = client.get("/api/state").json()["documents"]
        assert (shown["municipality"], shown["year"], shown["left"]) == ("那覇市", "2024", 0)
        for address in ("/api/download/zip", f"/api/download/zip?document={told['id']}"):
            archive = zipfile.ZipFile(io.BytesIO(client.get(address).content))
            assert {"datapackage.json", "cells.csv", "department_counts.csv"} <= {*archive.namelist()}
            assert "那覇市" in archive.read("documents.csv").decode()
            assert not [name for name in archive.namelist() if name.startswith((".", "inputs"))]
        assert client.get("/api/download/xlsx").content[:2] == b"PK"
        assert main(["check", str(tmp_path), "--quiet"]) == 0
    finally:
        desk.close()


def test_an_app_that_ended_goes_on_where_it_was(tmp_path: Path) -> None:
    first = Desk(Workspace(tmp_path))
    entry, _ = first.add(_copied(REPORT, tmp_path / "inputs" / "naha.pdf"))
    first.workspace.change(entry.id, state="reading")  # it was killed in the middle
    second = Desk(Workspace(tmp_path))
    second.start()
    try:
        wait(lambda: second.workspace.entry(entry.id).summary)
        assert second.workspace.entry(entry.id).summary["municipality"] == "那覇市"
    finally:
        second.close()


def _copied(source: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return target


def test_a_file_that_cannot_be_read_says_why_and_costs_no_other(tmp_path: Path) -> None:
    desk = Desk(Workspace(tmp_path))
    client = opened(desk)
    desk.start()
    try:
        assert client.put("/api/files?name=broken.pdf", content=b"%PDF-1.7 nothing more").status_code == 200
        assert client.put("/api/files?name=naha.pdf", content=REPORT.read_bytes()).status_code == 200
        assert client.put("/api/files?name=run.exe", content=b"MZ").status_code == 415
        assert client.put("/api/files?name=empty.pdf", content=b"").status_code == 400
        wait(lambda: all(d["state"] == "done" for d in client.get("/api/state").json()["documents"]))
        broken, good = client.get("/api/state").json()["documents"]
        assert "壊れています" in broken["error"] and not good["error"]  # in the person's language
        assert not [c for d in client.get("/api/flags").json()["documents"] for c in d["changed"]]  # nothing to settle
    finally:
        desk.close()


def test_the_queue_goes_on_after_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(Workspace(tmp_path))
    start, faults = desk.queue._started, iter([OSError(11, "no process to be had")])

    def faulty(*given: Any) -> Any:
        for fault in faults:
            raise fault
        return start(*given)

    monkeypatch.setattr(desk.queue, "_started", faulty)
    entry, _ = desk.add(_copied(REPORT, tmp_path / "inputs" / "naha.pdf"))
    desk.start()
    try:
        wait(lambda: "no process" in desk.state()["error"])
        wait(lambda: desk.workspace.entry(entry.id).summary and not desk.state()["error"])
    finally:
        desk.close()


def test_a_removed_document_is_gone_and_what_was_typed_stays(package: Path, client: TestClient) -> None:
    card = a_flagged_name(client)
    assert settled(client, card["key"], card["value"], "住まい政策課").status_code == 200
    assert client.post(f"/api/documents/{document(client)}/remove", json={}).status_code == 200
    assert client.get("/api/state").json()["documents"] == []
    assert "住まい政策課" in (package / "corrections.jsonl").read_text(encoding="utf-8")
    assert GIVEN.is_file()  # it was not dropped here


def test_what_a_run_writes_into_the_folder_is_taken_over(package: Path, desk: Desk, client: TestClient) -> None:
    assert len(client.get("/api/state").json()["documents"]) == 1
    assert main(["run", str(GIVEN), str(REPORT), "--out", str(package), "--quiet"]) == 0
    assert desk.workspace.adopt()
    assert {d["name"] for d in client.get("/api/state").json()["documents"]} == {"iwaki-r6", "naha"}


# --- What is typed ------------------------------------------------------------------------------------------------


def test_an_answer_renews_the_package_and_survives_another_run(package: Path, desk: Desk, client: TestClient) -> None:
    card = a_flagged_name(client)
    assert settled(client, card["key"], card["value"], "住まい政策課").status_code == 200
    desk.writer.start()
    desk.writer.fresh()
    for again in (False, True):
        if again:
            assert main(["run", str(GIVEN), "--out", str(package), "--quiet"]) == 0
        (cell,) = [c for c in records(package, "cells") if c["source"] == "correction"]
        assert (cell["value"], cell["status"], cell["raw"]) == ("住まい政策課", "ok", card["raw"])
    assert "住まい政策課" in (package / "review.html").read_text(encoding="utf-8")


def test_undo_and_redo_work_after_the_app_was_left(package: Path, client: TestClient) -> None:
    card = a_flagged_name(client)
    assert settled(client, card["key"], card["value"], "住まい政策課").status_code == 200
    assert cards(client)[card["key"]]["status"] == "ok"
    later = opened(Desk(Workspace(package)))
    assert later.get("/api/state").json()["history"] == {"undo": 1, "redo": 0}
    assert later.post("/api/undo", json={}).json()["done"]
    assert cards(later)[card["key"]] == card
    assert later.post("/api/redo", json={}).json()["done"]
    assert cards(later)[card["key"]]["value"] == "住まい政策課"
    assert not later.post("/api/redo", json={}).json()["done"]


def test_many_answers_at_once_are_one_step(client: TestClient) -> None:
    def doubted_names() -> list[dict[str, Any]]:
        return [c for c in cards(client).values() if c["status"] == "review" and c["value"] and c["about"] == "names"]

    flagged = doubted_names()
    assert len(flagged) > 3
    id = document(client)
    answers = [{"document": id, "key": c["key"], "old": c["value"], "new": c["value"]} for c in flagged]
    assert client.post("/api/settle", json={"answers": answers}).status_code == 200
    assert not doubted_names()
    assert client.get("/api/state").json()["history"]["undo"] == 1
    client.post("/api/undo", json={})
    assert doubted_names() == flagged


def test_only_what_changed_is_told_again(client: TestClient) -> None:
    version = client.get("/api/flags").json()["version"]
    card = a_flagged_name(client)
    settled(client, card["key"], card["value"], "住まい政策課")
    (news,) = client.get(f"/api/flags?since={version}").json()["documents"]
    assert card["key"] in {c["key"] for c in news["changed"]} and len(news["changed"]) < len(cards(client)) / 2
    assert client.get(f"/api/flags?since={client.get('/api/flags').json()['version']}").json()["documents"] == []


def test_two_tabs_do_not_overwrite_each_other(client: TestClient) -> None:
    card = a_flagged_name(client)
    assert settled(client, card["key"], card["value"], "住まい政策課").status_code == 200
    answer = settled(client, card["key"], card["value"], "秘書課")
    assert (answer.status_code, answer.json()["value"]) == (409, "住まい政策課")


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("documents:0:fiscal_year", "令和5年度", "2023"),
        ("documents:0:fiscal_year", "２０２３", "2023"),
        ("documents:0:fiscal_year", "abc", None),
        ("documents:0:municipality_code", "72044", None),
        ("consultations:0:number", "１２", "12"),
        ("department_counts:0:internal_use", "△3", "-3"),
        ("department_counts:0:subtotal", "9" * 30, None),
        ("department_counts:0:subtotal", "多い", None),
    ],
)
def test_typed_values_are_taken_as_meant_or_refused(client: TestClient, key: str, typed: str, kept: str | None) -> None:
    card = client.get(f"/api/documents/{document(client)}/cell", params={"key": key}).json()
    told = client.get("/api/value", params={"document": document(client), "key": key, "text": typed}).json()
    answer = settled(client, key, card["value"], typed)
    if kept is None:
        assert answer.status_code == 422 and told["refused"]
        return
    assert answer.status_code == 200 and told["value"] == kept
    shown = client.get(f"/api/documents/{document(client)}/cell", params={"key": key}).json()
    assert (shown["value"], shown["status"]) == (kept, "ok")


def test_the_reports_own_error_is_known_to_the_checks(tmp_path: Path) -> None:
    assert main(["run", str(REPORT), "--out", str(tmp_path), "--quiet"]) == 0
    client = opened(Desk(Workspace(tmp_path)))
    key, id = "department_counts:0:internal_use", document(client)
    value = client.get(f"/api/documents/{id}/cell", params={"key": key}).json()["value"]
    assert settled(client, key, value, "999").status_code == 200
    assert client.get(f"/api/documents/{id}").json()["fails"] > 0
    assert settled(client, key, "999", "999", verdict="report-error", note="原本の誤植").status_code == 200
    told = client.get(f"/api/documents/{id}").json()
    assert told["fails"] == 0 and "原本の誤植" in {c["note"] for c in told["checks"] if c["status"] == "explained"}


def test_a_line_torn_by_a_crash_costs_no_other(package: Path, client: TestClient) -> None:
    path = package / "corrections.jsonl"
    path.write_text('{"time": "2026-01-01", "sha2', encoding="utf-8")
    card = a_flagged_name(client)
    assert settled(client, card["key"], card["value"], "住まい政策課").status_code == 200
    (extraction,) = load_package(package)
    assert [c.new for c in load(path, extraction.sha256)[0]] == ["住まい政策課"]


def test_a_municipality_is_typed_once(tmp_path: Path) -> None:
    (tmp_path / "contacts.pdf").write_bytes(glued([("北部", "佐藤花子", "0246-22-1111")]))
    assert main(["run", str(tmp_path / "contacts.pdf"), "--out", str(tmp_path / "out"), "--quiet"]) == 0
    client = opened(Desk(Workspace(tmp_path / "out")))
    assert settled(client, "documents:0:municipality", "", "南国市").status_code == 200
    (shown,) = client.get("/api/flags").json()["documents"]
    said = {card["field"]: (card["value"], card["status"]) for card in shown["changed"]}
    assert said["municipality"] == ("南国市", "ok") and said["municipality_code"] == ("392049", "ok")


def test_what_was_noted_is_shown_again(client: TestClient) -> None:
    card = a_flagged_name(client)
    answer = {"document": document(client), "key": card["key"], "new": "住まい政策課", "note": "電話で確認"}
    assert client.post("/api/settle", json={"answers": [answer], "by": "佐藤"}).status_code == 200
    shown = cards(client)[card["key"]]
    assert (shown["note"], shown["by"]) == ("電話で確認", "佐藤")


def test_another_language_is_spoken_everywhere(client: TestClient) -> None:
    card = a_flagged_name(client)
    assert "lang=en" not in str(client.get("/?lang=en").url)  # a reload does not choose it again
    other = cards(client)[card["key"]]
    assert client.get("/api/state").json()["lang"] == "en"
    for name in ("reason", "dataset_title", "field_title"):
        assert other[name] != card[name] and not re.search("[ぁ-ん]", other[name])


# --- Who gets in --------------------------------------------------------------------------------------------------


def test_a_link_serves_once(desk: Desk) -> None:
    announced: list[str] = []
    door = Door(ORIGIN, announced.append)
    app = application(desk, door)
    link = door.link().removeprefix(ORIGIN)
    first, second = TestClient(app, base_url=ORIGIN), TestClient(app, base_url=ORIGIN)
    assert first.get(link).status_code == 200
    assert second.get(link).status_code == 403
    assert first.get("/api/state").status_code == 200
    assert second.get("/api/state").status_code == 404
    (new,) = announced  # the terminal shows another one
    assert second.get(new.removeprefix(ORIGIN)).status_code == 200


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/api/state", {"host": "evil.example"}),
        ("/api/state", {"origin": "http://evil.example"}),
        ("/api/state", {"sec-fetch-site": "cross-site"}),
        ("/api/state", {"sec-fetch-site": "same-site"}),
        ("/static/../desk.py", {}),
        ("/static/..%2f..%2fdesk.py", {}),
        ("/static/vendor/../../desk.py", {}),
        ("/documents.csv", {}),
        ("/api/documents/nowhere", {}),
        ("/api/documents/..%2f..%2fetc/cell", {}),
    ],
)
def test_nobody_else_gets_in_and_nothing_else_out(client: TestClient, path: str, headers: dict[str, str]) -> None:
    assert client.get(path, headers=headers).status_code == 404


def test_without_the_cookie_nothing_is_told(desk: Desk) -> None:
    stranger = TestClient(application(desk, Door(ORIGIN)), base_url=ORIGIN)
    for path in ("/api/state", "/static/main.js", "/api/flags", "/?token=", "/?token=x"):
        answer = stranger.get(path)
        assert answer.status_code in (403, 404) and "iwaki" not in answer.text


def test_another_page_cannot_send_an_answer(package: Path, client: TestClient) -> None:
    told = {"answers": [{"document": document(client), "key": "documents:0:municipality", "new": "x"}]}
    assert client.post("/api/settle", json=told, headers={"origin": "http://evil.example"}).status_code == 404
    plain = {"content-type": "text/plain"}
    assert client.post("/api/settle", content=json.dumps(told), headers=plain).status_code == 415
    assert client.post("/api/settle", json={"answers": [{"new": "x" * 5_000_000}]}).status_code == 413
    wrongs: list[Any] = [{}, {"answers": []}, {"answers": [{}]}, {"answers": 3}, [], {"answers": [{"document": "x"}]}]
    for wrong in wrongs:
        assert client.post("/api/settle", json=wrong).status_code in (400, 404)
    deep = "[" * 100_000 + "]" * 100_000
    assert client.post("/api/settle", content=deep, headers=JSON).status_code == 400
    assert not (package / "corrections.jsonl").exists()


def test_the_page_may_run_no_script_but_its_own(client: TestClient) -> None:
    page = client.get("/")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
    assert page.text.count("<script") == 1
    for name in ("main.js", "app.css", "vendor/virtual-core.js", "vendor/LICENSE-virtual-core"):
        assert client.get(f"/static/{name}").status_code == 200
