"""Tables without rules: signs belong to their figures, and the last row has all its lines."""

from __future__ import annotations

import pytest

from report_extract.core.model import Table
from report_extract.tables.find import find_tables

from .pages import turned_page
from .typed import columns, typed


def said(table: Table) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in row] for row in table.grid()]


@pytest.mark.parametrize("sign", ["$", "￥", "△"])
@pytest.mark.parametrize("by", [0, 90, 270])
def test_a_sign_at_the_left_edge_is_its_figures(sign: str, by: int) -> None:
    rows = [
        ["", "", "令和6年度", "", "令和5年度"],
        ["歳入", sign, "42,100", sign, "35,200"],
        ["歳出", "", "27,800", "", "23,400"],
        ["繰越", "", "14,300", "", "11,800"],
        ["差引", sign, "14,300", sign, "10,850"],
    ]
    (table,) = find_tables(turned_page(columns(rows, [60, 150, 230, 280, 360], right=[2, 4]), by))
    assert said(table) == [
        ["", "令和6年度", "令和5年度"],
        ["歳入", f"{sign}42,100", f"{sign}35,200"],
        ["歳出", "27,800", "23,400"],
        ["繰越", "14,300", "11,800"],
        ["差引", f"{sign}14,300", f"{sign}10,850"],
    ]
    assert {(c.row, c.col) for c in table.cells} == {(r, c) for r in range(5) for c in range(3)}


def test_a_column_of_marks_that_are_no_signs_stays_one() -> None:
    rows = [["施設", "可否", "件数"], *([name, "○", str(n)] for name, n in (("東", 12), ("西", 34), ("南", 56)))]
    (table,) = find_tables(columns(rows, [60, 150, 230], right=[2]))
    assert table.n_cols == 3


LINES = [
    "Doc   Description                Amount",
    "",
    "D01   Staff transport            920.68",
    "      Airfare to Washington",
    "",
    "D02   Staff transport            907.96",
    "      Airfare and return",
    "",
    "D03   Staff transport            521.00",
    "      Airfare",
]


def test_the_last_row_has_its_last_line() -> None:
    (table,) = find_tables(typed(LINES))
    assert said(table)[-1] == ["D03", "Staff transport Airfare", "521.00"]


@pytest.mark.parametrize("below", ["※ Amounts are in dollars", "Source: the council", "Printed by us, on recycled"])
def test_a_note_below_is_none(below: str) -> None:
    tables = find_tables(typed([*LINES, "", "", below]))
    assert said(tables[0])[-1] == ["D03", "Staff transport Airfare", "521.00"]


def test_a_line_as_far_off_as_a_row_is_no_part_of_the_last_one() -> None:
    lines = ["Area     Total", "North       12", "South       34", "West        56", "Printed by us"]
    (table,) = find_tables(typed(lines))
    assert said(table)[-1] == ["West", "56"]
