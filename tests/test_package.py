"""What a run writes: the files, their columns, their words, and that nothing in them can do harm."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from frictionless import Package
from hypothesis import given
from hypothesis import strategies as st

from report_extract.cli import main
from report_extract.core import serialize
from report_extract.core.geometry import BBox
from report_extract.core.model import Cell, Extraction, Reading, Table
from report_extract.package.datapackage import Terms
from report_extract.package.inert import file_stem, plain, spreadsheet
from report_extract.package.read import load_package
from report_extract.package.schema import contract_datasets
from report_extract.package.workbook import write_parquet, write_workbook
from report_extract.package.write import write_package

from .samples import doubtful, extraction

OCR_TEXT = Path(__file__).parent.parent / "fixtures" / "ocr_text" / "iwaki-r6.txt"
CONTRACT = {
    "documents": "document path sha256 pages municipality_code municipality fiscal_year profile status message",
    "department_counts": "document municipality_code municipality fiscal_year department internal_use "
    "external_provision subtotal prior_subtotal row_type status page",
    "legal_basis_counts": "document municipality_code municipality fiscal_year paragraph item basis row_type count "
    "prior_count status page",
    "consultations": "document municipality_code municipality fiscal_year use_type paragraph item number "
    "holding_division receiving_division project project_summary purpose personal_data decision status page",
    "observations": "document municipality_code fiscal_year dataset key measure value basis_report_year status",
    "checks": "document check scope expected actual status note",
    "cells": "document dataset row field value raw page x0 top x1 bottom source confidence status reason",
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def written(tmp_path: Path, *extractions: Extraction) -> Path:
    write_package(extractions, tmp_path / "out", contract_datasets())
    return tmp_path / "out"


def test_every_file_of_the_contract_is_there_with_its_columns_first(tmp_path: Path) -> None:
    out = written(tmp_path, extraction())
    for name, columns in CONTRACT.items():
        header = (out / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
        assert header[: len(columns.split())] == columns.split()
    assert isinstance(json.loads((out / "tables.json").read_text(encoding="utf-8"))["tables"], list)


def test_files_of_a_known_kind_stand_only_where_a_report_of_it_is(tmp_path: Path) -> None:
    unknown = replace(extraction("odd"), profile="", datasets=(replace(extraction().datasets[0], name="odd_table_1"),))
    out = written(tmp_path, unknown)
    assert (out / "tables" / "odd_table_1.csv").is_file()
    assert not (out / "department_counts.csv").exists()


def test_a_table_of_doubtful_structure_says_so_and_why(tmp_path: Path) -> None:
    cells = tuple(
        Cell(1, BBox(0, 0, 9, 9), row, col, readings=(Reading("1", "pdfium"),)) for row, col in np.ndindex(2, 2)
    )
    sure = Table(1, BBox(0, 0, 9, 9), 0, cells, confidence=0.99)
    unsure = replace(sure.doubted("unsure-structure", "0.25").doubted("unsure-structure", "0.25"), confidence=0.25)
    read = replace(extraction("a"), tables=(sure, unsure))
    assert serialize.loads(serialize.dumps(read)).tables == (sure, unsure)
    write_package([read], tmp_path / "out", contract_datasets(), lang="en")
    first, second = json.loads((tmp_path / "out" / "tables.json").read_text(encoding="utf-8"))["tables"]
    assert (first["confidence"], first["status"], first["reasons"]) == (0.99, "ok", [])
    assert (second["confidence"], second["status"]) == (0.25, "review")
    assert len(second["reasons"]) == 1 and "0.25" in second["reasons"][0]
    assert unsure.reasons and unsure.reasons[0] != second["reasons"][0]


def test_values_are_plain_and_rows_of_the_second_document_go_on_counting(tmp_path: Path) -> None:
    out = written(tmp_path, extraction("a"), extraction("b"))
    counts = rows(out / "department_counts.csv")
    assert [r["subtotal"] for r in counts] == ["3", "13", "16"] * 2
    assert counts[0]["prior_subtotal"] == "0"
    cells = rows(out / "cells.csv")
    place = next(c for c in cells if c["document"] == "b" and c["field"] == "department" and c["raw"] == "合計")
    assert counts[int(place["row"])]["department"] == "合計" and place["row"] == "5"
    assert rows(out / "checks.csv")[1]["cells"] == "department_counts:3:subtotal"


def test_a_prior_column_is_an_observation_of_the_year_before(tmp_path: Path) -> None:
    observed = rows(written(tmp_path, extraction()) / "observations.csv")
    prior = [o for o in observed if o["fiscal_year"] == "2023"]
    assert [(o["key"], o["measure"], o["value"]) for o in prior] == [
        ("総務部", "subtotal", "0"),
        ("消防本部", "subtotal", "5"),
        ("合計", "subtotal", "5"),
    ]
    assert {o["basis_report_year"] for o in observed} == {"2024"}


def test_statuses_reach_rows_and_documents(tmp_path: Path) -> None:
    out = written(tmp_path, doubtful())
    assert [r["status"] for r in rows(out / "department_counts.csv")] == ["review", "repaired", "ok"]
    (document,) = rows(out / "documents.csv")
    assert document["status"] == "review"
    flagged = [c for c in rows(out / "cells.csv") if c["status"] == "review"]
    assert [c["value"] for c in flagged] == ["8"] and "3" in flagged[0]["reason"]
    repaired = next(c for c in rows(out / "cells.csv") if c["status"] == "repaired")
    assert (repaired["raw"], repaired["value"], repaired["source"]) == ("18", "13", "inferred")


def test_text_that_is_no_count_is_never_ok(tmp_path: Path) -> None:
    out = written(tmp_path, extraction("odd", ("総務部", "1O件", "2", "3", "1", "detail")))
    (cell,) = [c for c in rows(out / "cells.csv") if c["field"] == "internal_use"]
    assert (cell["value"], cell["status"]) == ("", "review") and cell["reason"]
    assert rows(out / "department_counts.csv")[0]["status"] == "review"


def test_the_package_validates(tmp_path: Path) -> None:
    out, terms = tmp_path / "out", Terms("CC-BY-4.0", "https://example.jp/r6.pdf")
    write_package([extraction("a"), doubtful("b")], out, contract_datasets(), terms=terms)
    report = Package(str(out / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "message"])


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", "-1+cmd|x", "\t=1"])
def test_a_formula_stays_text(tmp_path: Path, text: str) -> None:
    assert spreadsheet(text).startswith("'")
    out = written(tmp_path, extraction("f", (text, "1", "2", "3", "4", "detail")))
    assert "\n=" not in (out / "cells.csv").read_text(encoding="utf-8")
    from openpyxl import load_workbook

    book = load_workbook(write_workbook(out))
    assert all(c.data_type != "f" for sheet in book for row in sheet.iter_rows() for c in row)


@pytest.mark.parametrize("text", ["-3", "-", "-1,234", "△3", "総務部"])
def test_numbers_and_dashes_are_left_alone(text: str) -> None:
    assert spreadsheet(text) == text


def test_control_characters_and_lone_surrogates_do_not_reach_a_file(tmp_path: Path) -> None:
    out = written(tmp_path, extraction("n", ("総\x00務\ud800部", "1", "2", "3", "4", "detail")))
    for path in out.glob("*.*"):
        assert b"\x00" not in path.read_bytes()
        path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["../../etc/passwd", "=cmd", "-rf", "a\nb", "x" * 300, "", "..", "報告書" * 100])
def test_a_document_name_is_a_safe_file_name(name: str) -> None:
    stem = file_stem(name)
    assert stem and "/" not in stem and stem[0] not in ".=-" and len(stem.encode()) <= 150


def test_parquet_is_typed(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    folder = write_parquet(written(tmp_path, extraction()))
    table = pq.read_table(folder / "department_counts.parquet")
    assert table.column("subtotal").to_pylist() == [3, 13, 16]


def test_an_extraction_survives_json() -> None:
    sample = doubtful()
    assert serialize.loads(serialize.dumps(sample)) == sample


def test_a_package_reads_back_as_it_was_written(tmp_path: Path) -> None:
    sample = doubtful()
    (back,) = load_package(written(tmp_path, sample))
    assert [{n: (c.status, c.source, c.page) for n, c in row.items()} for row in back.datasets[0].rows] == [
        {n: (c.status, c.source, c.page) for n, c in row.items()} for row in sample.datasets[0].rows
    ]
    assert back.identity.municipality is not None and back.identity.municipality.text == "いわき市"
    assert [line.text for line in back.lines] == ["※ 注記"]
    assert replace(back.checks[0]) == sample.checks[0]


def test_a_package_of_a_profile_of_ones_own_is_checked_without_its_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own, out = tmp_path / "own.toml", tmp_path / "out"
    toml = (
        resources.files("report_extract")
        .joinpath("profile", "builtin", "personal-data-use.toml")
        .read_text(encoding="utf-8")
    )
    own.write_text(toml.replace('name = "personal-data-use"', 'name = "of-my-own"', 1), encoding="utf-8")
    assert main(["run", str(OCR_TEXT), "--out", str(out), "--profile", str(own), "--quiet"]) == 0
    own.unlink()
    assert rows(out / "documents.csv")[0]["profile"] == "of-my-own"
    assert (out / "profiles" / "of-my-own.toml").is_file()
    main(["check", str(out), "--json"])
    checks = json.loads(capsys.readouterr().out)
    assert {c["check"] for c in checks} >= {"department.row_sum", "cross.total"}
    assert main(["panel", str(out), "--out", str(tmp_path / "panel.csv")]) == 0
    assert "総務部" in (tmp_path / "panel.csv").read_text(encoding="utf-8")
    assert main(["publish", str(out), "--ckan", "http://127.0.0.1:1", "--organization", "x", "--dry-run"]) == 0
    assert "072044-of-my-own" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["+310", "+81-3-1234-5678", "-1", "-", "−3", "-12.5", "(1)", "-1-1", "'quoted'"])
def test_signs_and_figures_keep_their_value(text: str) -> None:
    assert spreadsheet(text) == text and plain(text) == text


@pytest.mark.parametrize("text", ["＝SUM(1)", "＋cmd|x", "－1+cmd|x", "＠SUM", "\r=1", "\n=1", "'=1", "''+a", "-地域"])
def test_what_a_spreadsheet_would_run_is_guarded_and_comes_back(text: str) -> None:
    assert spreadsheet(text) == "'" + text and plain(spreadsheet(text)) == text


@given(st.text(alphabet="'=+-@＝＋－＠1a総\t\r\n."))
def test_a_guard_is_taken_away_as_it_was_put(text: str) -> None:
    assert plain(spreadsheet(text)) == text


def test_headings_and_names_of_sheets_are_text(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    sample = extraction()
    harmful = tuple(replace(f, title=f'=HYPERLINK("http://x","{f.name}")') for f in sample.datasets[0].fields)
    names = ("=1+1", "a" * 40, "a" * 45, "History", "x'[]:*?/\\y")
    datasets = tuple(replace(sample.datasets[0], name=name, fields=harmful) for name in names)
    unknown = replace(sample, profile="", datasets=datasets)
    book = load_workbook(write_workbook(written(tmp_path, unknown)))
    assert all(c.data_type != "f" for sheet in book for row in sheet.iter_rows() for c in row)
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in book.sheetnames)
    assert len({name.lower() for name in book.sheetnames}) == len(book.sheetnames) and "History" not in book.sheetnames


def test_text_that_no_sheet_can_hold_is_said_to_be_cut(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    out = written(tmp_path, extraction("long", ("総" * 40_000, "1", "2", "3", "4", "detail")))
    assert "総" * 40_000 in (out / "department_counts.csv").read_text(encoding="utf-8")
    book = load_workbook(write_workbook(out))
    (cell,) = [c.value for row in book["department_counts"].iter_rows() for c in row if "総総" in str(c.value)]
    assert len(cell) == 32_767 and "全40,000文字" in cell and "CSV" in cell


def test_other_formats_hold_what_was_meant(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    out = written(tmp_path, extraction("f", ("=1+1", "1", "2", "3", "4", "detail")))
    assert ",'=1+1," in (out / "department_counts.csv").read_text(encoding="utf-8")
    assert pq.read_table(write_parquet(out) / "department_counts.parquet").column("department").to_pylist() == ["=1+1"]
    assert load_package(out)[0].datasets[0].rows[0]["department"].text == "=1+1"
