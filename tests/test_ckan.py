"""Publishing on a real CKAN: published, updated, and read back as people read it (``make test-ckan``)."""

from __future__ import annotations

import csv
import json
import os
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from report_extract.cli import main
from report_extract.package.schema import contract_datasets
from report_extract.package.write import write_package

from .samples import doubtful, extraction

URL = os.environ.get("CKAN_URL", "")
REPORT = Path(__file__).parent.parent / "fixtures" / "iwaki" / "iwaki-r6.pdf"
NAME = "072044-personal-data-use"
pytestmark = pytest.mark.skipif(not URL, reason="needs a CKAN (make test-ckan)")


def ask(action: str, **told: Any) -> Any:
    """What the portal's action API answers to anybody."""
    headers = {"Content-Type": "application/json"}
    asked = urllib.request.Request(f"{URL}/api/3/action/{action}", json.dumps(told).encode(), headers)
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return json.load(answer)["result"]


def publish(package: Path, *more: str) -> int:
    organization = os.environ["CKAN_ORGANIZATION"]
    return main(["publish", str(package), "--ckan", URL, "--organization", organization, "--anyway", *more])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_report_is_published_read_back_and_updated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    told = ["--licence", "CC-BY-4.0", "--source-url", "https://example.jp/r6"]
    assert main(["run", str(REPORT), "--out", str(out), "--quiet", *told]) == 0
    assert publish(out) == 0, capsys.readouterr().err
    address = f"{URL}/dataset/{NAME}"
    assert capsys.readouterr().out.strip() == address
    dataset = ask("package_show", id=NAME)
    assert dataset["title"].startswith("いわき市") and dataset["license_id"] == "cc-by"
    assert dataset["url"] == "https://example.jp/r6" and dataset["organization"]["name"] == "iwaki"
    assert NAME in [found["name"] for found in ask("package_search", q="いわき市")["results"]]
    resources = {r["name"]: r for r in dataset["resources"]}
    described = json.loads((out / "datapackage.json").read_text(encoding="utf-8"))
    assert resources.keys() == {r["name"] for r in described["resources"]}
    for resource in described["resources"]:
        there = resources[resource["name"]]
        with urllib.request.urlopen(there["url"], timeout=60) as file:  # the file as anybody downloads it
            assert file.read() == (out / resource["path"]).read_bytes()
        found = ask("datastore_search", resource_id=there["id"], limit=32_000)
        assert found["total"] == len(rows(out / resource["path"])), resource["name"]
    counts = ask("datastore_search", resource_id=resources["department_counts"]["id"], limit=100)
    types = {field["id"]: field["type"] for field in counts["fields"]}
    assert types["subtotal"] == "int4" and types["department"] == "text"
    labels = {f["id"]: f["info"]["label"] for f in counts["fields"] if "info" in f}
    assert labels["department"] == "部等名" and labels["municipality_code"] == "全国地方公共団体コード"
    printed = [(row["department"], row["subtotal"]) for row in rows(out / "department_counts.csv")]
    assert [(row["department"], str(row["subtotal"])) for row in counts["records"]] == printed
    # Published again, nothing is doubled: the same dataset, the same resources, as many rows.
    assert publish(out, "--licence", "cc-zero") == 0, capsys.readouterr().err
    again = ask("package_show", id=NAME)
    assert (again["id"], again["license_id"]) == (dataset["id"], "cc-zero")
    assert {r["name"]: r["id"] for r in again["resources"]} == {name: r["id"] for name, r in resources.items()}
    found = ask("datastore_search", resource_id=resources["department_counts"]["id"], limit=100)
    assert found["total"] == len(printed)


def test_other_reports_under_the_same_name_take_their_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for sample in (extraction("a"), doubtful("b")):
        out = tmp_path / sample.document
        write_package([sample], out, contract_datasets())
        assert publish(out, "--name", "changing") == 0, capsys.readouterr().err
    dataset = ask("package_show", id="changing")
    (documents,) = (r for r in dataset["resources"] if r["name"] == "documents")
    assert [d["document"] for d in ask("datastore_search", resource_id=documents["id"])["records"]] == ["b"]
    assert [e["key"] for e in dataset["extras"] if e["key"].startswith("source_sha256:")] == ["source_sha256:b"]


def test_what_a_real_portal_refuses_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_package([extraction("a")], tmp_path / "out", contract_datasets())
    wrong = ["--organization", "nobody"]
    for token, more in (("wrong", []), (os.environ["CKAN_API_TOKEN"], wrong)):
        monkeypatch.setenv("CKAN_API_TOKEN", token)
        capsys.readouterr()
        assert publish(tmp_path / "out", "--name", "refused", *more) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert URL in line and (len(token) < 20 or token not in line)
