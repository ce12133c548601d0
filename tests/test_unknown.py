"""Reports of no known kind: their headings are the names, and types, units and kinds of rows are what the page says."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from frictionless import Package
from hypothesis import given
from hypothesis import strategies as st

from report_extract.core.geometry import BBox
from report_extract.core.model import Cell, Dataset, Extraction, Field, Reading, Table
from report_extract.datasets.column_names import ascii_names, japanese_names
from report_extract.datasets.unknown import as_dataset
from report_extract.package.read import load_package
from report_extract.package.write import write_package


def table(rows: Sequence[Sequence[str]], header_rows: int = 1, unit: str = "") -> Table:
    cells = tuple(
        Cell(1, BBox(50.0 * c, 20.0 * r, 50.0 * c + 50, 20.0 * r + 20), r, c, readings=(Reading(text, "pdfium"),))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    return Table(1, BBox(0, 0, 500, 500), 0, cells, header_rows=header_rows, unit=unit)


def dataset(rows: Sequence[Sequence[str]], header_rows: int = 1, unit: str = "") -> Dataset:
    made = as_dataset(table(rows, header_rows, unit), 1)
    assert made is not None
    return made


def column(heading: str, *values: str, unit: str = "") -> Field:
    rows = [["名称", heading], *([f"名{i}", v] for i, v in enumerate(values))]
    return dataset(rows, unit=unit).fields[1]


def test_headings_are_names_as_printed() -> None:
    head = [["区分", "令和6年度", "令和6年度", "計"], ["区分", "男", "女", "計"]]
    made = dataset([*head, ["A町", "1", "2", "3"], ["B町", "3", "4", "7"]], 2)
    assert [f.name for f in made.fields] == ["区分", "令和6年度_男", "令和6年度_女", "計", "row_type"]
    assert made.headings["令和6年度_男"].text == "令和6年度_男"
    assert [made.type_of(i) for i in range(2)] == ["detail", "detail"]


def test_no_row_of_data_is_a_name() -> None:
    made = dataset([["一般会計", "1,070,449", "71"], ["市場事業費", "14,385", "0"]], 1)
    assert len(made.rows) == 2
    assert [f.name for f in made.fields][:3] == ["1列目", "2列目", "3列目"]


def test_a_scale_heads_columns() -> None:
    made = dataset([["年齢", "0", "1", "2", "3"], ["男", "5", "6", "7", "8"], ["女", "4", "6", "9", "8"]], 1)
    assert [f.name for f in made.fields][:5] == ["年齢", "0", "1", "2", "3"]


def test_names_are_unique_and_no_ascii_name_is_put_together() -> None:
    levels = [["年代"], ["議員団"], ["日章"], ["開所時間"], ["人数"], ["人数"], ["合計(千円)"], []]
    assert japanese_names(levels) == ["年代", "議員団", "日章", "開所時間", "人数", "人数_2", "合計(千円)", "8列目"]
    assert ascii_names(levels) == ["c01", "c02", "c03", "opening_hours", "people", "c06", "total", "c08"]


@pytest.mark.parametrize(
    ("heading", "values", "unit", "wanted"),
    [
        ("販売先(店舗)", ["A店", "B店"], "", ("text", "")),
        ("氏名(フリガナ)", ["甲", "乙"], "", ("text", "")),
        ("発行額(繰越分)", ["1,000", "2,000"], "", ("integer", "")),
        ("金額(千円)", ["1,000", "2,000"], "", ("integer", "千円")),
        ("歳入", ["1,000", "△20"], "千円", ("integer", "千円")),
        ("構成比", ["12.3", "87.7"], "千円,%", ("number", "%")),
        ("前年比", ["102.7", "98.1"], "千円", ("number", "")),
        ("税収", ["1", "2"], "千円,%", ("integer", "千円")),
        ("人口", ["112.10", "3.50"], "", ("number", "")),
        ("設置数", ["3か所", "5か所"], "", ("integer", "か所")),
        ("値", ["…", "3", "-", "5"], "", ("integer", "")),
        ("増減率", ["皆増", "3.5", "△1.2"], "", ("number", "")),
        ("標準財政規模(A)", ["380090", "1"], "百万円", ("integer", "百万円")),
        ("コード", ["01", "02", "10"], "", ("text", "")),
        ("日付", ["H28.10.1", "令和2年11月3日"], "", ("date", "")),
        ("開始", ["9:00", "13時30分"], "", ("time", "")),
        ("年度", ["平成25年度", "令和元年度"], "", ("year", "")),
        ("年", ["2019", "2020"], "", ("year", "")),
        ("対応", ["○", "×", "○"], "", ("boolean", "")),
        ("評価", ["◎", "○", "△"], "", ("text", "")),
        ("測定値", ["<0.01", "0.02未満", "0.03"], "", ("text", "")),
        ("水温(℃)", ["18.9", "20.2"], "", ("number", "°C")),
        ("要介護1", ["1658", "21.0%", "1132", "19.5%"], "", ("number", "")),
        ("電話", ["06-6772-4497", "06-6772-4498"], "", ("text", "")),
    ],
)  # fmt: skip
def test_types_and_units(heading: str, values: list[str], unit: str, wanted: tuple[str, str]) -> None:
    field = column(heading, *values, unit=unit)
    assert (field.type, field.unit) == wanted


def test_marks_for_missing_values_are_said() -> None:
    field = column("値", "…", "X", "5", "6")
    assert dict(field.missing) == {"…": "不詳", "X": "秘匿"}


def test_kinds_of_rows() -> None:
    made = dataset(
        [["会計", "額"], ["水道事業会計", "5"], ["公営企業計", "5"], ["一般会計", "2"], ["合計", "7"]]
    )
    assert [made.type_of(i) for i in range(4)] == ["detail", "subtotal", "detail", "total"]


def written(tmp_path: Path, *tables: Table) -> Path:
    made = [replace(d, name=f"r_{d.name}") for n, t in enumerate(tables, 1) if (d := as_dataset(t, n))]
    write_package([Extraction("r", "r.pdf", "0" * 64, 1, tables=tables, datasets=tuple(made))], tmp_path)
    return tmp_path


def test_a_package_keeps_printed_decimals_and_names(tmp_path: Path) -> None:
    rows = [["A川", "112.10", "H28.10.1"], ["B川", "3.5", "R2.1.31"], ["C川", "-", "R2.2.1"]]
    out = written(tmp_path, table([["地点", "値(mg/L)", "日付"], *rows]))
    with (out / "tables" / "r_table_1.csv").open(encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    assert [r["値(mg/L)"] for r in found] == ["112.10", "3.5", ""]
    assert [r["日付"] for r in found] == ["2016-10-01", "2020-01-31", "2020-02-01"]
    assert list(found[0])[-3:] == ["row_type", "status", "page"]
    with (out / "cells.csv").open(encoding="utf-8") as file:
        cells = [c for c in csv.DictReader(file) if c["field"] == "値(mg/L)"]
    told = [(c["row"], c["value"], c["raw"]) for c in cells]
    assert told[:2] == [("-1", "値(mg/L)", "値(mg/L)"), ("0", "112.10", "112.10")]
    assert cells[-1]["raw"] == "-"
    report = Package(str(out / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note"])[:5]


VALUES = st.one_of(
    st.integers(-(10**6), 10**7).map(lambda n: f"{n:,}".replace("-", "△")),
    st.sampled_from(["-", "…", "X", "", "12.3%", "5校", "令和6年度", "R6.4.1", "9:30", "○", "×", "甲", "=1+1", "(3)"]),
    st.sampled_from(["1 2", "<0.1", "〃", "同上", "0", "01"]),
)


@given(st.lists(st.lists(VALUES, min_size=3, max_size=3), min_size=2, max_size=6))
def test_a_table_goes_through_a_package_and_back(
    tmp_path_factory: pytest.TempPathFactory, body: list[list[str]]
) -> None:
    """Each cell's reading, status and text come back as they went, whatever stands in the table."""
    given_ = table([["名称", "一", "二", "三"], *([f"名{i}", *row] for i, row in enumerate(body))])
    made = as_dataset(given_, 1)
    assert made is not None
    (again,) = load_package(written(tmp_path_factory.mktemp("out"), given_))
    (back,) = again.datasets
    assert [f.name for f in back.fields] == [f.name for f in made.fields if any(f.name in row for row in made.rows)]
    for before, after in zip(made.rows, back.rows, strict=True):
        assert {n: c.raw for n, c in after.items()} == {n: c.raw for n, c in before.items()}


def test_a_table_of_doubtful_structure_has_no_row_that_is_ok() -> None:
    made = table([["区分", "件数"], ["総務部", "12"], ["市民部", "7"]])
    sure, doubtful = as_dataset(made, 1), as_dataset(made.doubted("unsure-structure", "60%"), 1)
    assert sure is not None
    assert doubtful is not None
    assert {c.status for row in sure.rows for n, c in row.items() if n != "row_type"} == {"ok"}
    assert {c.status for row in doubtful.rows for n, c in row.items() if n != "row_type"} == {"review"}


def test_a_heading_that_a_spreadsheet_would_run_is_none_in_the_header_row() -> None:
    names = japanese_names([["＝HYPERLINK(\"http://x\")"], ["+"], ["-@件数"]])
    assert names == ['HYPERLINK("http_//x")', "2列目", "件数"]
