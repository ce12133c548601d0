"""`report-extract tables`: what a person takes away of any PDF."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook
from PIL import Image

from report_extract import extract_tables
from report_extract.cli import main
from report_extract.core.geometry import BBox
from report_extract.core.model import Cell, Reading, Table
from report_extract.package.table_files import as_html, as_markdown

REPORT = Path(__file__).parent.parent / "fixtures" / "iwaki" / "iwaki-r6.pdf"


def test_several_tables_in_csv_stand_apart_under_their_captions(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tables", str(REPORT), "--pages", "1,2", "--format", "csv"]) == 0
    first, second = capsys.readouterr().out.split("\n\n")
    assert first.splitlines()[:2] == ["1部等別実施件数", "部等名,目的外利用,外部提供,小計,参考:R5実績"]
    assert second.splitlines()[0] == "2該当区分別実施件数"


def test_one_table_in_csv_is_a_csv_and_no_more(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tables", str(REPORT), "--pages", "1", "--format", "csv"]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows[0][0] == "部等名"
    assert {len(row) for row in rows} == {5}


@pytest.mark.parametrize("form", ["csv", "md", "json", "text"])
def test_one_file_a_table(tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tables", str(REPORT), "--pages", "1,2", "--format", form, "--out", str(tmp_path)]) == 0
    files = sorted(tmp_path.iterdir())
    assert len(files) == 2
    assert all("合計" in file.read_text(encoding="utf-8") for file in files)
    told = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in told] == [file.name for file in files]
    assert "18 × 5" in told[0]


def test_a_workbook_holds_all_tables_with_their_spans_and_no_formula(tmp_path: Path) -> None:
    assert main(["tables", str(REPORT), "--pages", "1,2", "--format", "xlsx", "--out", str(tmp_path)]) == 0
    first, second = load_workbook(tmp_path / "tables.xlsx").worksheets
    assert (first["A1"].value, first["A3"].value) == ("1部等別実施件数", "部等名")
    assert "A3:B3" in {str(merged) for merged in second.merged_cells.ranges}
    assert {cell.data_type for row in second.iter_rows() for cell in row} <= {"s", "n"}


def test_a_workbook_cannot_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tables", str(REPORT), "--format", "xlsx"]) == 2
    assert "--out" in capsys.readouterr().err


def table_of(rows: list[list[str]], head: int = 1) -> Table:
    cells = tuple(
        Cell(1, BBox(0, 0, 1, 1), r, c, readings=(Reading(text, "pdfium"),))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    return Table(1, BBox(0, 0, 1, 1), 0, cells, header_rows=head, caption="表<1>")


def test_markup_in_a_cell_stays_text() -> None:
    table = table_of([["a|b", "<script>"], ["*x*", "１２"]])
    assert as_markdown(table).splitlines() == [
        "**表&lt;1&gt;**",
        "",
        "| a\\|b | &lt;script&gt; |",
        "| --- | --- |",
        "| \\*x\\* | 12 |",
    ]
    page = as_html([table], "t")
    assert "<script>" not in page
    assert "<th>a|b</th>" in page
    assert "<td>12</td>" in page


def test_an_area_and_columns_by_hand() -> None:
    (whole,) = extract_tables(REPORT, pages=[1])
    rest = BBox(whole.bbox.x0 - 5, whole.bbox.top + 40, whole.bbox.x1 + 5, whole.bbox.bottom + 5)
    (part,) = extract_tables(REPORT, pages=[1], area=rest)
    assert {c.text for c in part.cells} < {c.text for c in whole.cells}
    edges = sorted({c.bbox.x0 for c in whole.cells if c.col})
    (given,) = extract_tables(REPORT, pages=[1], area=whole.bbox, columns=edges)
    assert given.kind == "by_hand"
    assert [[c.text for c in row if c] for row in given.grid()] == [[c.text for c in row if c] for row in whole.grid()]


@pytest.mark.parametrize("typed", ["1,2", "a,b,c,d", "5,5,1,1", "0,0,inf,1"])
def test_an_area_that_is_none_is_refused_in_one_line(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tables", str(REPORT), "--area", typed]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_picture_shows_rules_and_cells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tables", str(REPORT), "--pages", "1", "--format", "json", "--picture", str(tmp_path)]) == 0
    table = json.loads(capsys.readouterr().out)
    picture = np.asarray(Image.open(tmp_path / "page-001.png").convert("RGB")).astype(int)
    scale = picture.shape[1] / 595
    x0, top, x1, bottom = (round(v * scale) for v in table["bbox"])
    region = picture[top - 2 : bottom + 3, x0 - 2 : x1 + 3]
    mine, other = (0, 1) if table["status"] == "review" else (1, 0)  # red where it is doubted, else green
    drawn = (region[..., mine] > region[..., other] + 60) & (region[..., mine] > region[..., 2] + 40)
    assert drawn.sum() > 2 * (x1 - x0)
    assert not (np.ptp(picture[: top - 40], axis=-1) > 60).any()
