"""Rows that are lost, doubled, run together or slipped: the figures give them away, and no digit is changed for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_extract.checks.structure import two_numbers
from report_extract.core.geometry import BBox
from report_extract.core.model import Dataset

from .figures import spoilt
from .small import COLUMN, GROUP, ROW, told

X, Y, Z, TOTAL = "x 1 2 3 detail", "y 4 5 9 detail", "z 7 1 8 detail", "合計 12 8 20 total"


def said(*rows: str, by: str = "pdfium", rules: tuple[str, ...] = (ROW, COLUMN, GROUP)) -> list[tuple[str, ...]]:
    return told("|".join(rows), by, rules).found()


@pytest.mark.parametrize("by", ["pdfium", "rapidocr"])
def test_a_lost_row_is_told_with_the_figures_that_it_had(by: str) -> None:
    outcome = told("|".join((X, Z, TOTAL)), by, change=lambda data: boxed(data, 2, "name"))
    assert outcome.found() == [("missing-row", "合計: a 4、b 5、sum 9")]
    (finding,) = outcome.findings
    assert (finding.page, finding.bbox, finding.scope) == (3, BBox(1, 2, 3, 4), "d")
    assert [line[:4] for line in outcome.lines("fail")] == [
        ("a", "12", "8", "fail"),
        ("b", "8", "3", "fail"),
        ("sum", "20", "11", "fail"),
    ]
    assert not any(c.status == "repaired" for row in outcome.data.rows for c in row.values())
    assert not any("unbalanced" in doubt for doubts in outcome.doubts().values() for doubt in doubts)


def boxed(data: Dataset, row: int, field: str) -> Dataset:
    rows = list(data.rows)
    rows[row] = {**rows[row], field: replace(rows[row][field], page=3, bbox=BBox(1, 2, 3, 4))}
    return replace(data, rows=tuple(rows))


@pytest.mark.parametrize(
    ("total", "lost"),
    [
        ("合計 8 8 16 total", "a 0、b 5、sum 5"),  # two columns
        ("合計 9 8 17 total", "a 1、b 5、sum 6"),
        ("合計 8 3 16 total", ""),  # one column alone is a figure
        ("合計 12 8 19 total", ""),  # 4 + 5 make no row with 8
        ("合計 12 2 20 total", ""),
        ("合計 ~ 8 16 total", "b 5、sum 5"),
        ("合計 8 3 11 total", ""),
    ],
)
def test_amounts_are_a_row_only_where_a_row_could_have_them(total: str, lost: str) -> None:
    assert said(X, Z, total) == ([("missing-row", f"合計: {lost}")] if lost else [])


@pytest.mark.parametrize(("amount", "fits"), [("20", True), ("19", True), ("21", True), ("18", False), ("22", False)])
def test_a_rule_s_tolerance_holds_for_a_lost_row_too(amount: str, fits: bool) -> None:
    rules = ("d: a + b = sum ± 1", COLUMN)
    assert bool(said(X, Z, f"合計 12 8 {amount} total", rules=rules)) is fits


def test_a_doubled_row_is_told_and_each_of_its_figures_doubted() -> None:
    outcome = told("|".join((X, Y, Y, Z, TOTAL)))
    assert outcome.found() == [("doubled-row", "y、y")]
    wanted = {(r, f): [("doubled-row", "y、y")] for r in (1, 2) for f in ("a", "b", "sum")}
    assert outcome.doubts() == wanted
    assert said(X, Y, Y.replace("y", "w"), Z, TOTAL) == [("doubled-row", "y、w")]
    assert said(X, Y, Y, Z, "合計 11 8 19 total") == []  # over by 5, 5, 10, which no row has
    assert said(X, "y 4 ~ 4 detail", "y 4 ~ 4 detail", Z, "合計 12 3 15 total") == [("doubled-row", "y、y")]


def test_a_total_over_by_one_column_and_short_by_another_is_no_row() -> None:
    assert said(X, Y, Z, "合計 13 7 20 total") == []


def test_only_the_sums_of_the_broken_total_are_left_alone() -> None:
    """Figures under another subtotal, and the row's own sum, are checked as ever."""
    rows = (X, "小計 5 7 12 subtotal", "z 7 2 8 detail", "w 1 1 2 detail", "小計 8 2 10 subtotal")
    outcome = told("|".join(rows))
    assert outcome.found() == [("missing-row", "小計: a 4、b 5、sum 9")]
    assert set(outcome.doubts()) == {(2, "b")}
    assert outcome.cell(2, "b").doubts[0].values == ("a 7 + b 2 ≠ sum 8(z)", "1")


def test_rows_that_ran_together_are_quoted() -> None:
    outcome = told("|".join(("x 1_4 2_5 3_9 detail", Z, TOTAL)), "rapidocr", change=lambda data: boxed(data, 0, "a"))
    assert outcome.found() == [("merged-rows", "x: 「1 4」、「2 5」、「3 9」")]
    assert (outcome.findings[0].bbox, outcome.findings[0].page) == (BBox(1, 2, 3, 4), 3)
    assert outcome.findings[0].scope == "d"
    assert {(0, f) for f in ("a", "b", "sum")} <= set(outcome.doubts())
    assert not any(c.status == "repaired" for row in outcome.data.rows for c in row.values())
    assert said("x 1_4 2 3_9 detail", Z, TOTAL) == [("merged-rows", "x: 「1 4」、「3 9」")]
    assert said("x 1_4 2 3 detail", Z, TOTAL) == []  # one such cell may be one figure with a blank


@given(st.integers(0, 999), st.integers(0, 999), st.sampled_from(" ,.-/件"))
def test_two_numbers_are_told_from_one_with_thousands(one: int, other: int, between: str) -> None:
    thousands = between == "," and len(str(other)) == 3
    assert two_numbers(f"{one}{between}{other}") is not thousands
    assert not two_numbers(f"{one}{other}") and not two_numbers(f"△{one},{other:03}件") and not two_numbers("")
    assert two_numbers(f"{one},{other:03} {one}")


def test_a_row_without_a_subtotal_is_told_where_others_have_one_in_a_recognised_table() -> None:
    rows = (X, Y, "小計 5 7 12 subtotal", Z, TOTAL)
    assert said(*rows, by="rapidocr") == [("missing-row", "z")]
    assert said(*rows, by="pdfium") == []
    assert said(X, Y, Z, TOTAL, by="rapidocr") == []
    assert said(X, Y, "小計 5 7 12 subtotal", "小計 7 1 8 subtotal", TOTAL, by="rapidocr") == [("doubled-row", "小計")]
    both = (X, "小計 1 2 3 subtotal", Y, "小計 4 5 9 subtotal", Z, "w 0 0 0 detail", "合計 12 8 20 total")
    outcome = told("|".join(both), "rapidocr", change=lambda data: boxed(data, 4, "name"))
    assert outcome.found() == [("missing-row", "z")]  # the first says enough
    assert (outcome.findings[0].page, outcome.findings[0].bbox, outcome.findings[0].scope) == (3, BBox(1, 2, 3, 4), "d")
    assert said(X, "小計 1 2 3 subtotal", "w 0 0 0 breakdown", "合計 1 2 3 total", by="rapidocr") == []


FOUR = "name:name a:count b:count c:count sum:count kind:row_type"
FOUR_RULES = ("d: a + b + c = sum", COLUMN)
FOUR_ROWS = ["x 1 2 3 6 detail", "y 4 5 6 15 detail", "z 7 1 2 10 detail", "合計 12 8 11 31 total"]


@pytest.mark.parametrize("row", [0, 1, 2])
@pytest.mark.parametrize("way", ["left", "right"])
@pytest.mark.parametrize("by", ["pdfium", "rapidocr"])
def test_a_row_that_slipped_by_a_column_is_named_and_doubted_whole(row: int, way: str, by: str) -> None:
    """What stood at its end is lost, so that nothing but the slip tells what the others are."""
    name, *figures, kind = FOUR_ROWS[row].split()
    moved = ["~", *figures[:3]] if way == "right" else [*figures[1:], "~"]
    rows = list(FOUR_ROWS)
    rows[row] = " ".join([name, *moved, kind])
    outcome = told("|".join(rows), by, FOUR_RULES, FOUR, change=lambda data: boxed(data, row, "a"))
    assert outcome.found() == [("shifted-column", name)]
    (finding,) = outcome.findings
    assert (finding.page, finding.bbox, finding.scope) == (3, BBox(1, 2, 3, 4), "d")
    doubts = outcome.doubts()
    assert all(("shifted-column", name) in doubts[row, f] for f in ("a", "b", "c", "sum"))
    assert not any(c.status == "repaired" for r in outcome.data.rows for c in r.values())
    assert outcome.cell(row, "b").text == moved[1]


def test_two_figures_that_would_fit_a_column_farther_are_chance() -> None:
    assert said(X, "y ~ 4 5 detail", Z, TOTAL) == []
    rows = [*FOUR_ROWS[:1], "y 5 6 9 ~ detail", *FOUR_ROWS[2:]]  # 5 and 6 would fit, 9 would not
    assert told("|".join(rows), "pdfium", FOUR_RULES, FOUR).found() == []


@pytest.mark.parametrize("by", ["pdfium", "rapidocr"])
def test_one_misread_figure_is_no_slipped_row(by: str) -> None:
    data = "|".join((X, Y, Z, TOTAL))
    for field, text in (("a", "9"), ("b", "9"), ("sum", "30")):
        outcome = told(data, by, change=lambda d, f=field, t=text: spoilt(d, 0, f, t))  # type: ignore[misc]
        assert outcome.found() == []
