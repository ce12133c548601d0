"""The review server: what is typed is never lost, and nobody else gets in."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from report_extract.app.server import Review, application, parts_of
from report_extract.cli import main
from report_extract.corrections.store import load
from report_extract.package.read import load_package
from report_extract.package.stored import records

from .truth import FIXTURES

GIVEN = FIXTURES / "ocr_text" / "iwaki-r6.txt"
ORIGIN = "http://127.0.0.1:8000"


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


@pytest.fixture
def client(package: Path) -> TestClient:
    return TestClient(application(Review(package, parts_of(package)), "token", ORIGIN), base_url=ORIGIN)


def a_flagged_cell(package: Path) -> dict[str, object]:
    """A flagged name as the page tells it."""
    cell = next(c for c in records(package, "cells") if c["status"] == "review" and c["field"] == "holding_division")
    box = [float(cell[edge]) for edge in ("x0", "top", "x1", "bottom")]
    return {
        "dataset": cell["dataset"],
        "field": cell["field"],
        "page": int(cell["page"]),
        "box": box,
        "old": cell["value"],
        "new": "住まい政策課",
    }


def test_a_correction_renews_the_package_and_survives_another_run(package: Path, client: TestClient) -> None:
    told = a_flagged_cell(package)
    answer = client.post("/token/corrections/iwaki-r6", json=told)
    assert answer.status_code == 200
    for again in (False, True):
        if again:
            assert main(["run", str(GIVEN), "--out", str(package), "--quiet"]) == 0
        (cell,) = [c for c in records(package, "cells") if c["source"] == "correction"]
        assert (cell["value"], cell["status"], cell["raw"]) == ("住まい政策課", "ok", "在等河")
    (line,) = (package / "corrections.jsonl").read_text(encoding="utf-8").splitlines()
    assert set(json.loads(line)) == {"time", "sha256", "dataset", "field", "page", "bbox", "old", "new"}


def test_a_correction_that_fits_no_more_is_said_so(package: Path, client: TestClient) -> None:
    told = {**a_flagged_cell(package), "box": [1, 2, 3, 4]}
    assert client.post("/token/corrections/iwaki-r6", json=told).status_code == 200
    assert "住まい政策課" in next(records(package, "documents"))["findings"]


def test_a_line_torn_by_a_crash_costs_no_other(package: Path, client: TestClient) -> None:
    path = package / "corrections.jsonl"
    path.write_text('{"time": "2026-01-01", "sha2', encoding="utf-8")
    told = a_flagged_cell(package)
    assert client.post("/token/corrections/iwaki-r6", json=told).status_code == 200
    (extraction,) = load_package(package)
    assert [c.new for c in load(path, extraction.sha256)[0]] == ["住まい政策課"]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/wrong/", {}),
        ("/", {}),
        ("/token/", {"host": "evil.example"}),
        ("/token/", {"origin": "http://evil.example"}),
        ("/token/document/..%2f..%2fetc%2fpasswd", {}),
        ("/token/document/nowhere", {}),
        ("/token/../documents.csv", {}),
        ("/token/documents.csv", {}),
    ],
)
def test_nobody_else_gets_in_and_nothing_else_out(client: TestClient, path: str, headers: dict[str, str]) -> None:
    assert client.get(path, headers=headers).status_code == 404


def test_another_page_cannot_send_a_correction(package: Path, client: TestClient) -> None:
    told = a_flagged_cell(package)
    address = "/token/corrections/iwaki-r6"
    assert client.post(address, json=told, headers={"origin": "http://evil.example"}).status_code == 404
    assert client.post(address, content=json.dumps(told), headers={"content-type": "text/plain"}).status_code == 415
    assert client.post(address, json={**told, "new": "x" * 200_000}).status_code == 413
    assert client.post(address, json={"dataset": "x"}).status_code == 400
    assert not (package / "corrections.jsonl").exists()


def test_the_page_carries_no_script_of_a_cell(package: Path, client: TestClient) -> None:
    told = {**a_flagged_cell(package), "new": "</script><script>alert(1)</script>"}
    assert client.post("/token/corrections/iwaki-r6", json=told).status_code == 200
    page = client.get("/token/")
    assert "<script>alert(1)" not in page.text and "default-src 'none'" in page.headers["content-security-policy"]
