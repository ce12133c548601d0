"""Sums found in tables of which nothing is known."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from report_extract.core.model import Cell, Reading, Table
from report_extract.sums.infer import find, support

from .figures import BOX


def table(rows: Sequence[Any], header_rows: int = 1, header_cols: int = 1) -> Table:
    cells = [
        Cell(1, BOX, r, c, readings=(Reading(str(text), "pdfium"),))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    ]
    return Table(1, BOX, 0, tuple(cells), header_rows=header_rows, header_cols=header_cols)


AREAS = [
    ["地域", "男", "女", "計"],
    ["平", "1,024", "998", "2,022"],
    ["小名浜", "730", "761", "1,491"],
    ["勿来", "512", "530", "1,042"],
    ["常磐", "400", "418", "818"],
    ["合計", "2,666", "2,707", "5,373"],
]


def test_totals_of_rows_and_columns_are_found() -> None:
    found = {(r.axis, r.total): sorted(p for p, _ in r.parts) for r in find(table(AREAS))}
    assert found == {("row", 5): [1, 2, 3, 4], ("column", 3): [1, 2]}
    assert support(table(AREAS)) == (8, 0)


def test_totals_first_and_totals_of_subtotals() -> None:
    rows = [["", "a", "b", "c"], ["総数", 21, 30, 45], ["x", 1, 10, 15], ["y", 9, 5, 20], ["z", 11, 15, 10]]
    assert [(r.total, sorted(p for p, _ in r.parts)) for r in find(table(rows)) if r.axis == "row"] == [(1, [2, 3, 4])]
    nested = [
        ["", "a", "b"],
        ["x", 1, 10],
        ["y", 9, 5],
        ["小計", 10, 15],
        ["z", 3, 4],
        ["w", 8, 2],
        ["小計", 11, 6],
        ["合計", 21, 21],
    ]
    found = {r.total: sorted(p for p, _ in r.parts) for r in find(table(nested)) if r.axis == "row"}
    assert found == {3: [1, 2], 6: [4, 5], 7: [3, 6]}


def test_changes_and_rounded_percentages() -> None:
    rows = [["", "今年度", "前年度", "増減"], ["x", 12, 10, 2], ["y", 9, 15, "△6"], ["z", 30, 11, 19]]
    assert [(r.total, r.parts) for r in find(table(rows))] == [(3, ((1, 1), (2, -1)))]
    shares = [
        ["", "a", "b"],
        ["x", "33.3%", "50.1%"],
        ["y", "33.3%", "20.2%"],
        ["z", "33.3%", "29.8%"],
        ["計", "100.0%", "100.0%"],
    ]
    assert [(r.total, len(r.held)) for r in find(table(shares))] == [(4, 2)]


@given(st.integers(0, 2**31))
@settings(max_examples=60)
def test_figures_without_sums_show_none(seed: int) -> None:
    rng = random.Random(seed)
    rows = [["", "a", "b", "c", "d"]] + [[f"r{r}", *(rng.randint(0, 400) for _ in range(4))] for r in range(8)]
    assert find(table(rows)) == []
