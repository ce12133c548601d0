"""A package for people: what it says of itself, its README, its 項目定義書, its workbook, and what is there twice."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from report_extract.checks.across_years import CrossYearChecks, panel, reports
from report_extract.cli.run import summarise
from report_extract.core.geometry import BBox
from report_extract.core.model import Extraction, Identity, Line
from report_extract.package.datapackage import Terms
from report_extract.package.rows import flagged
from report_extract.package.schema import contract_datasets
from report_extract.package.workbook import write_workbook
from report_extract.package.write import write_package

from .samples import cell, doubtful, extraction


def described(out: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((out / "datapackage.json").read_text(encoding="utf-8"))
    return told


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def of(sample: Extraction, name: str, code: str, city: str, year: str, sha256: str) -> Extraction:
    identity = Identity(cell(code), cell(city), cell(year))
    return replace(sample, document=name, identity=identity, sha256=sha256)


def test_a_package_says_what_whose_and_when(tmp_path: Path) -> None:
    write_package([extraction()], tmp_path, contract_datasets(), terms=Terms("CC-BY-4.0", "", "2025-06-01"))
    told = described(tmp_path)
    assert told["title"] == "いわき市 令和6年度 保有個人情報の目的外利用・外部提供の実施状況"
    assert told["contributors"] == [{"title": "いわき市", "roles": ["publisher"]}]
    assert told["temporal"] == {"start": "2024-04-01", "end": "2025-03-31"}
    assert told["spatial"] == [{"name": "いわき市", "code": "072044", "estat": "07204"}]
    assert told["issued"] == "2025-06-01"
    assert {"いわき市", "令和6年度"} <= set(told["keywords"])
    dcat = json.loads((tmp_path / "dcat.jsonld").read_text(encoding="utf-8"))
    assert dcat["dct:publisher"]["foaf:name"]["@value"] == "いわき市"
    assert dcat["dct:temporal"]["dcat:startDate"] == {"@value": "2024-04-01", "@type": "xsd:date"}
    assert dcat["dct:issued"]["@value"] == "2025-06-01"
    assert dcat["dct:spatial"][0]["dct:identifier"] == ["072044", "07204"]


def test_what_is_not_known_is_not_said(tmp_path: Path) -> None:
    write_package([replace(extraction(), identity=Identity(None, None, None))], tmp_path)
    assert not {"contributors", "temporal", "spatial", "issued"} & described(tmp_path).keys()
    dcat = json.loads((tmp_path / "dcat.jsonld").read_text(encoding="utf-8"))
    assert not {"dct:publisher", "dct:temporal", "dct:issued", "dct:spatial"} & dcat.keys()


def test_the_date_of_issue_stays_when_a_package_is_written_again(tmp_path: Path) -> None:
    write_package([extraction()], tmp_path, terms=Terms("", "", "2025-06-01"))
    write_package([extraction()], tmp_path)
    assert described(tmp_path)["issued"] == "2025-06-01"


def test_the_title_is_the_largest_of_the_first_lines(tmp_path: Path) -> None:
    lines = (
        Line(1, BBox(0, 10, 90, 20), "(単位:人)"), Line(1, BBox(0, 30, 200, 50), "いわき市の保育所一覧"),
        Line(1, BBox(0, 60, 90, 70), "こども部保育課"), Line(2, BBox(0, 10, 90, 60), "あとがき"),
    )  # fmt: skip
    write_package([replace(extraction(), profile="", lines=lines)], tmp_path)
    [row] = rows(tmp_path / "documents.csv")
    assert (row["title"], row["fiscal_year_era"]) == ("いわき市の保育所一覧", "令和6年度")


def test_the_dictionary_tells_of_every_column_of_every_file(tmp_path: Path) -> None:
    write_package([extraction()], tmp_path, contract_datasets())
    told = rows(tmp_path / "dictionary.csv")
    for resource in described(tmp_path)["resources"]:
        mine = [row for row in told if row["file"] == resource["path"]]
        assert [row["name"] for row in mine] == [f["name"] for f in resource["schema"]["fields"]]
        assert all(row["title"] and row["type"] for row in mine)
    one = next(row for row in told if row["file"] == "department_counts.csv" and row["name"] == "subtotal")
    assert (one["title"], one["type"], one["unit"]) == ("小計", "整数", "件")


def test_the_readme_counts_what_is_to_be_looked_at(tmp_path: Path) -> None:
    sample = doubtful()
    write_package([sample], tmp_path, contract_datasets())
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    values = [row["status"] for row in rows(tmp_path / "cells.csv")].count("review")
    assert f"| review | 要確認 | {values} |" in text
    assert "| `department_counts.csv` | 部等別実施件数 | 3 |" in text
    assert flagged(sample) == (values, 1)
    assert summarise([sample])["documents"][0]["review"] == values + 1


def test_a_document_with_a_flagged_value_is_not_ok(tmp_path: Path) -> None:
    sample = extraction("odd", ("総務部", "12.3%", "2件", "3件", "-", "detail"))
    write_package([sample], tmp_path, contract_datasets())
    assert flagged(sample) == (1, 0)
    assert rows(tmp_path / "documents.csv")[0]["status"] == summarise([sample])["documents"][0]["status"] == "review"


def test_a_title_of_markup_is_no_markup_in_the_readme(tmp_path: Path) -> None:
    lines = (Line(1, BBox(0, 10, 90, 20), "|表題<script>[x](y)`"),)
    write_package([replace(extraction(), lines=lines)], tmp_path)
    assert "\\|表題\\<script\\>" in (tmp_path / "README.md").read_text(encoding="utf-8")


def test_a_readme_of_ones_own_stays(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine", encoding="utf-8")
    write_package([extraction()], tmp_path)
    write_package([extraction(), doubtful()], tmp_path)
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == "mine"


def test_the_workbook_is_set_up_for_people(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    write_package([extraction()], tmp_path, contract_datasets())
    book = openpyxl.load_workbook(write_workbook(tmp_path))
    assert book.sheetnames[:3] == ["department_counts", "legal_basis_counts", "consultations"]
    assert book.sheetnames[-2:] == ["cells", "readings"]
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.page_setup.fitToWidth == 1 and sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows.replace("$", "") == "1:1"
        assert all(c.font.bold for c in sheet[1])
    counts = book["department_counts"]
    assert [c.value for c in counts[1]][3:5] == ["年度(西暦)", "年度(和暦)"]
    assert [c.value for c in counts[2]][3:5] == [2024, "令和6年度"]
    assert counts.column_dimensions["F"].width >= len("部等名") * 2


def test_what_is_there_twice_is_said() -> None:
    same = [of(extraction(), n, "072044", "いわき市", "2024", "a" * 64) for n in ("one", "two")]
    again = of(extraction(), "three", "072044", "いわき市", "2024", "b" * 64)
    other = of(extraction(), "four", "072044", "いわき市", "2023", "c" * 64)
    found = {e.document: [(f.kind, f.values) for f in e.findings] for e in CrossYearChecks([*same, again, other])}
    assert found["one"] == [("same-file", ("two",))]
    assert found["three"] == [("same-year", ("one、two",))]
    assert found["four"] == []
    assert not [f for e in CrossYearChecks([again, other]) for f in e.findings]


def test_a_panel_of_two_reports_of_a_year_marks_what_but_one_of_them_says() -> None:
    short = extraction(
        "short", ("総務部", "1件", "2件", "3件", "-", "detail"), ("合計", "1件", "2件", "3件", "5件", "total")
    )
    _, lines = panel(reports([extraction(), short]))
    status = {(line[3], line[5]): line[-1] for line in lines}
    assert status["総務部", "internal_use"] == "ok"
    assert status["消防本部", "internal_use"] == "review"  # one of the two has no such line
    assert status["合計", "external_provision"] == "review"  # they differ
