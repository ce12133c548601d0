"""Names that stand once for several rows: filled down by the grid's spans and blanks, and a reading says so."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from report_extract.core.model import Cell
from report_extract.datasets.shape import shape_unknown

from .test_shape import table


def cells(rows: Sequence[Sequence[str]], column: int = 0) -> list[Cell]:
    (dataset,) = shape_unknown([table(rows, header_rows=1)])
    return [row[dataset.fields[column].name] for row in dataset.rows]


HEAD = ["区", "施設", "定員"]


def test_a_group_is_said_of_each_of_its_rows() -> None:
    found = cells([HEAD, ["平区", "第一", "10"], ["", "第二", "20"], ["勿来区", "第三", "5"], ["", "第四", "8"]])
    assert [cell.text for cell in found] == ["平区", "平区", "勿来区", "勿来区"]
    assert [cell.raw for cell in found] == ["平区", "", "勿来区", ""]
    assert [cell.source for cell in found] == ["text", "inferred", "text", "inferred"]
    assert found[1].readings[-1].note


def test_a_cell_that_spans_says_so_in_the_rows_below() -> None:
    found = cells([HEAD, ["平区", "第一", "10"], ["^", "第二", "20"], ["勿来区", "第三", "5"], ["^", "第四", "8"]])
    assert [cell.text for cell in found] == ["平区", "平区", "勿来区", "勿来区"]
    assert [cell.readings[-1].by for cell in found] == ["pdfium", "span", "pdfium", "span"]
    assert {cell.raw for cell in found} == {"平区", "勿来区"}


def test_the_subtotal_is_of_its_group_and_the_total_of_none() -> None:
    rows = [
        HEAD,
        ["平区", "第一", "10"],
        ["", "第二", "20"],
        ["", "計", "30"],
        ["勿来区", "第三", "5"],
        ["", "計", "5"],
        ["", "総計", "35"],
    ]
    (dataset,) = shape_unknown([table(rows, header_rows=1)])
    assert [row["区"].text for row in dataset.rows] == ["平区", "平区", "平区", "勿来区", "勿来区", ""]
    assert [dataset.type_of(n) for n in range(6)] == ["detail", "detail", "subtotal", "detail", "subtotal", "total"]


@pytest.mark.parametrize(
    "rows",
    [
        [["国補正", "事業", "金額"], ["○", "橋", "10"], ["", "道", "20"], ["", "川", "5"]],
        [["区分", "事業", "金額"], ["新規", "橋", "10"], ["", "道", "20"], ["新規", "川", "5"], ["", "池", "8"]],
        [["分類", "事業", "金額"], ["", "橋", "10"], ["単独", "道", "20"], ["", "川", "5"]],
    ],
    ids=["marks", "words that come again", "the first row has none"],
)
def test_a_blank_that_may_mean_nothing_stays_blank(rows: list[list[str]]) -> None:
    assert [cell.text for cell in cells(rows)] == [row[0] for row in rows[1:]]


def test_a_blank_address_beside_names_is_no_group() -> None:
    rows = [
        ["医院", "URL", "電話", "数"],
        ["青山", "https://a.jp", "1-1", "3"],
        ["白川", "", "1-2", "4"],
        ["黒田", "https://b.jp", "1-3", "5"],
    ]
    assert [cell.text for cell in cells(rows, 1)] == ["https://a.jp", "", "https://b.jp"]
