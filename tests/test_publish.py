"""Publishing: a dataset with typed tables and a data dictionary; a second run updates and never doubles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from report_extract.cli import main
from report_extract.package.datapackage import Terms
from report_extract.package.schema import contract_datasets
from report_extract.package.write import write_package

from .portal import Portal, running
from .samples import doubtful, extraction


@pytest.fixture
def package(tmp_path: Path) -> Path:
    write_package([extraction("a"), doubtful("b")], tmp_path / "out", contract_datasets())
    return tmp_path / "out"


def publish(package: Path, url: str, *more: str) -> int:
    return main(["publish", str(package), "--ckan", url, "--organization", "iwaki", "--anyway", *more])


def test_a_second_run_updates_and_never_doubles(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CKAN_API_TOKEN", "secret")
    portal = Portal("secret")
    with running(portal) as url:
        assert publish(package, url, "--licence", "cc-by", "--source-url", "https://example.jp/r6.pdf") == 0
        first = {r["name"]: r["id"] for p in portal.packages.values() for r in p["resources"]}
        assert publish(package, url) == 0
    (dataset,) = portal.packages.values()
    assert {r["name"]: r["id"] for r in dataset["resources"]} == first
    assert dataset["title"].startswith("いわき市 ") and "令和6年度(2024)" in dataset["title"]
    assert dataset["license_id"] == "cc-by" and dataset["owner_org"] == "iwaki"
    counts = portal.tables[first["department_counts"]]
    assert [r["subtotal"] for r in counts["records"]][:3] == [3, 13, 16] and len(counts["records"]) == 6
    labels = {f["id"]: f["info"]["label"] for f in counts["fields"]}
    assert labels["internal_use"] == "目的外利用" and labels["municipality_code"] == "全国地方公共団体コード"
    assert portal.uploads[first["department_counts"]] == (package / "department_counts.csv").read_bytes()


def test_what_the_package_states_reaches_the_portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CKAN_API_TOKEN", "secret")
    out, portal = tmp_path / "out", Portal("secret")
    write_package([extraction("a")], out, contract_datasets(), terms=Terms("CC0-1.0", "https://example.jp/r6.pdf"))
    with running(portal) as url:
        assert publish(out, url) == 0
    (dataset,) = portal.packages.values()
    assert dataset["license_id"] == "cc-zero" and dataset["url"] == "https://example.jp/r6.pdf"
    assert {"key": "source_sha256:a", "value": "0" * 64} in dataset["extras"]
    tags = [tag["name"] for tag in dataset["tags"]]
    assert "いわき市" in tags and "統計" in tags and len(tags) == len(set(tags))
    # CKAN's rule for tags: 2 to 100 letters, digits, blanks, and . _ -
    assert all(re.fullmatch(r"[\w .-]{2,100}", tag) for tag in tags)


def test_a_dry_run_shows_every_call_and_makes_none(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert publish(package, "http://127.0.0.1:1", "--dry-run") == 0
    said = capsys.readouterr().out
    for action in ("package_create", "resource_create", "datastore_create", "datastore_upsert"):
        assert f"/api/3/action/{action} " in said
    assert "department_counts.csv" in said


def test_what_the_portal_refuses_is_one_clear_line(
    package: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert publish(package, "http://127.0.0.1:1") == 2  # no token
    assert "CKAN_API_TOKEN" in capsys.readouterr().err
    monkeypatch.setenv("CKAN_API_TOKEN", "wrong")
    with running(Portal("secret")) as url:
        assert publish(package, url) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "Access denied" in line
    assert publish(package, "http://127.0.0.1:1") == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "127.0.0.1:1" in line


def test_what_nobody_has_been_through_is_not_published(
    package: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CKAN_API_TOKEN", "secret")
    portal = Portal("secret")
    with running(portal) as url:
        assert main(["publish", str(package), "--ckan", url, "--organization", "iwaki", "--lang", "en"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "values wait for a person" in line and "--anyway" in line
    assert not portal.packages


def test_a_folder_without_a_package_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert publish(tmp_path, "http://127.0.0.1:1", "--dry-run") == 1
    assert "データパッケージがありません" in capsys.readouterr().err
