"""Sums found in tables of which nothing is known."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report_extract.core.model import Cell, Reading, Table
from report_extract.sums.infer import find, is_ratio, support

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


def sums(rows: Sequence[Any], header_rows: int = 1, header_cols: int = 1) -> dict[tuple[str, int], list[int]]:
    return {(r.axis, r.total): sorted(p for p, _ in r.parts) for r in find(table(rows, header_rows, header_cols))}


def column(held: int, failed: int, word: str) -> list[tuple[int, int]]:
    """A column that is the sum of two others in ``held`` lines and not in ``failed``: how many are told."""
    rows: list[Any] = [["", "甲", "乙", word]]
    rows += [[f"r{i}", i + 1, 10 * i + 3, 11 * i + 4] for i in range(held)]
    rows += [[f"q{i}", 2, 3, 90 + i] for i in range(failed)]
    return [(len(r.held), len(r.failed)) for r in find(table(rows))]


@pytest.mark.parametrize(
    ("held", "failed", "with_word", "without"),
    [
        (1, 0, False, False),
        (2, 0, True, False),
        (3, 0, True, True),
        (3, 1, False, False),
        (4, 1, True, False),  # four that hold where any fails,
        (4, 2, False, False),  # and three in four of all
        (6, 2, True, False),
        (8, 3, False, False),
    ],
)
def test_a_sum_holds_in_enough_lines_to_be_no_chance(held: int, failed: int, with_word: bool, without: bool) -> None:
    assert column(held, failed, "合計") == ([(held, failed)] if with_word else [])
    assert column(held, failed, "丙") == ([(held, failed)] if without else [])


@pytest.mark.parametrize("word", ["計", "小計(件)", "総数", "Total", "全体", "Sum", "男女計"])
def test_words_that_say_total(word: str) -> None:
    assert column(2, 0, word)


@pytest.mark.parametrize("word", ["計画", "うち計", "subtotals", "統計課"])
def test_words_that_only_look_so(word: str) -> None:
    assert not column(2, 0, word)


@pytest.mark.parametrize(
    ("label", "ratio"),
    [
        ("構成比", True), ("前年比", True), ("増減率", True), ("割合(注)", True), ("人口密度(人/km2)", True),
        ("世帯(%)", True), ("千分率(‰)", True), ("比", True), ("一人当たり", True), ("世帯", False),
        ("率先課", False), ("総数(人)", False),
    ],
)  # fmt: skip
def test_columns_of_shares_and_rates_do_not_add_up(label: str, ratio: bool) -> None:
    assert is_ratio(label) is ratio
    assert not is_ratio("比較")
    rows = [["", "甲", label, "合計"], *[[f"r{i}", i + 1, 2 * i + 5, 3 * i + 6] for i in range(4)]]
    assert (("column", 3) in sums(rows)) is not ratio
    turned = [list(row) for row in zip(*rows, strict=True)]
    assert (("row", 3) in sums(turned)) is not ratio


def test_percentages_among_counts_take_no_part_and_among_themselves_they_do() -> None:
    rows = [["", "甲", "乙", "合計"], *[[f"r{i}", i + 1, f"{2 * i + 5}%", 3 * i + 6] for i in range(4)]]
    assert sums(rows) == {}
    rows = [["", "甲", "乙", "合計"], *[[f"r{i}", f"{i + 1}‰", 2 * i + 5, 3 * i + 6] for i in range(4)]]
    assert sums(rows) == {}
    rows = [["", "甲", "乙", "合計"], *[[f"r{i}", f"{i + 1}%", f"{2 * i + 5}%", f"{3 * i + 6}%"] for i in range(4)]]
    assert sums(rows) == {("column", 3): [1, 2]}


def test_headings_are_no_figures() -> None:
    rows = [["", "1", "2", "3"], ["1", "4", "5", "9"], ["2", "6", "7", "13"], ["3", "8", "1", "9"]]
    assert sums(rows, 1, 1) == {("column", 3): [1, 2]}
    assert sums([[r[0], *r] for r in rows], 1, 2) == {("column", 4): [2, 3]}
    assert ("column", 3) in sums([rows[0], *rows], 2, 1) and ("column", 3) not in sums(rows[:3], 1, 1)


def test_dashes_and_texts_between_the_figures() -> None:
    rows = [["", "甲", "乙", "丙", "合計"], ["a", 3, "-", 4, 7], ["b", "x", 2, 5, 7], ["c", "第3回", 2, 8, 10]]
    assert sums(rows) == {("column", 4): [1, 2, 3]}


def test_a_name_over_two_columns_and_two_heading_rows() -> None:
    rows = [["", "", "合計", "", ""], ["区", "町", "", "甲", "乙"], ["1", "計", 11, 5, 6], ["2", "町", 9, 2, 7]]
    assert sums(rows, 2, 2) == {("column", 2): [3, 4]}
    assert sums([["", "", "丙", "", ""], *rows[1:]], 2, 2) == {}


def test_a_total_stands_before_or_after_its_parts_and_the_nearest_rows_count() -> None:
    rows = [["", "a", "b"], ["合計", 6, 60], ["x", 1, 10], ["y", 2, 20], ["z", 3, 30], ["w", 50, 7]]
    assert sums(rows) == {("row", 1): [2, 3, 4]}
    rows = [["", "a", "b"], ["w", 50, 7], ["x", 1, 10], ["y", 2, 20], ["z", 3, 30], ["合計", 6, 60]]
    assert sums(rows) == {("row", 5): [2, 3, 4]}
    assert sums([["", "a", "b"], ["x", 6, 60], ["合計", 6, 60]]) == {}  # one row is no sum
    assert sums([["", "a", "b"], ["x", 6, 60], ["y", 0, 0], ["合計", 6, 60]]) == {}


def test_totals_of_nought_say_nothing() -> None:
    assert sums([["", "a", "b", "c"], ["x", 0, 0, 5], ["y", 0, 0, 6], ["合計", 0, 0, 11]]) == {}


@pytest.mark.parametrize(
    ("total", "held"), [("1.3", True), ("1.2", True), ("1.4", True), ("1.6", False), ("1.0", False)]
)
def test_figures_with_decimals_may_each_be_rounded(total: str, held: bool) -> None:
    """0.6 + 0.7: three figures, half a tenth each."""
    rows = [["", "a", "b", "合計"], ["x", "0.6", "0.7", total], ["y", "1.1", "2.2", "3.3"], ["z", "2.0", "0.4", "2.4"]]
    rows += [["w", "5.5", "0.1", "5.6"], ["v", "4.5", "0.1", "4.6"]]
    (relation,) = [r for r in find(table(rows)) if r.axis == "column"]
    assert (1 in relation.held) is held and (1 in relation.failed) is not held


@pytest.mark.parametrize(
    ("total", "fails"), [(999, True), (1001, False), (1003, True), (1500, True), (1000, False), (998, True)]
)
def test_large_figures_may_each_be_rounded_too(total: int, fails: bool) -> None:
    """400 + 600 = 1000: off by one and a half at most, where the total is a thousand at least."""
    rows: list[Any] = [["", "a", "b", "合計"], ["x", 400, 600, total]]
    rows += [[f"r{i}", i + 1, 20 * i + 3, 21 * i + 4] for i in range(5)]
    (relation,) = [r for r in find(table(rows)) if r.axis == "column"]
    assert relation.failed == ((1,) if fails else ())
    assert (1 in relation.held) is (total == 1000)


def test_rates_beside_counts_are_no_failures() -> None:
    rows: list[Any] = [["", "a", "b", "合計"], *[[f"r{i}", i + 1, 20 * i + 3, 21 * i + 4] for i in range(5)]]
    rows.append(["平均値", "1.5", "2.5", "9.9"])
    assert [(r.total, r.failed) for r in find(table(rows)) if r.axis == "column"] == [(3, ())]


@pytest.mark.parametrize(("change", "held"), [("2", True), ("3", False), ("△2", False)])
def test_a_change_is_this_year_less_the_last(change: str, held: bool) -> None:
    rows: list[list[Any]] = [["", "今年", "昨年", "増減"], ["x", 12, 10, change], ["y", 9, 15, "△6"], ["z", 30, 11, 19]]
    assert [(r.total, r.parts, r.word) for r in find(table(rows))] == ([(3, ((1, 1), (2, -1)), True)] if held else [])
    for row in rows[:1]:
        row[3] = "備考"
    assert not [r for r in find(table(rows)) if r.total == 3]  # nothing says that it is one


def test_a_change_of_nought_is_no_witness() -> None:
    rows: list[list[Any]] = [["", "今年", "昨年", "増減"], ["x", 10, 10, 0], ["y", 15, 15, 0], ["z", 30, 11, 19]]
    assert find(table(rows)) == []


def test_changes_of_large_figures_may_be_off_by_one_and_of_small_ones_not() -> None:
    heading = ["", "今年", "昨年", "増減"]
    rows: list[list[Any]] = [heading, ["x", 5000, 3000, 2001], ["y", 9000, 15000, "△5999"], ["z", 30, 11, 19]]
    assert [(r.held, r.failed) for r in find(table(rows))] == [((1, 2, 3), ())]
    rows[3] = ["z", 30, 11, 20]
    assert find(table(rows)) == []
    rows[1][3], rows[3][3] = 2002, 19
    assert find(table(rows)) == []


def test_of_two_relations_over_the_same_columns_the_surer_is_told_once() -> None:
    rows: list[list[Any]] = [["", "今年", "昨年", "増減"], ["x", 12, 10, 2], ["y", 19, 15, 4], ["z", 30, 11, 19]]
    assert [(r.total, r.word) for r in find(table(rows))] == [(3, True)]


def test_a_table_too_large_is_not_looked_through() -> None:
    rows = [["", "a", "b", "合計"], *[[f"r{i}", i + 1, 2 * i + 3, 3 * i + 4] for i in range(1199)]]
    assert [(r.total, len(r.held)) for r in find(table(rows))] == [(3, 1199)]
    assert find(table([*rows, ["r", 1, 2, 3]])) == []
    assert find(table([["", "a"], ["x", "y"]])) == []


@given(st.lists(st.lists(st.integers(1, 400), min_size=3, max_size=3), min_size=3, max_size=6), st.data())
@settings(max_examples=40)
def test_sums_across_and_down_are_found_wherever_they_stand(body: list[list[int]], data: st.DataObject) -> None:
    first = data.draw(st.booleans())
    wide = [[sum(row), *row] if first else [*row, sum(row)] for row in body]
    total = [sum(column) for column in zip(*wide, strict=True)]
    names = ["合計", "a", "b", "c"] if first else ["a", "b", "c", "合計"]
    lines = [[f"r{i}", *row] for i, row in enumerate(wide)]
    lines = [["合計", *total], *lines] if first else [*lines, ["合計", *total]]
    found = sums([["", *names], *lines])
    rows = list(range(2, len(body) + 2)) if first else list(range(1, len(body) + 1))
    assert found["column", 1 if first else 4] == ([2, 3, 4] if first else [1, 2, 3])
    assert found["row", 1 if first else len(body) + 1] == rows
