"""Tables without rules that stand side by side, prose beside one, and lists set in columns that are none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report_extract.core.model import Page, Table
from report_extract.tables.find import find_tables

from .pages import turned_page
from .typed import columns, typed

LEFT = [["Item", "Budget", "Actual"], ["Roads", "1,204", "1,190"], ["Parks", "77", "80"], ["Water", "930", "912"]]
RIGHT = [
    ["Facility", "Staff", "Visits"],
    ["Library", "12", "34,120"],
    ["Museum", "7", "9,001"],
    ["Pool", "22", "51,300"],
    ["Archive", "3", "410"],
    ["Theatre", "41", "20,556"],
]


def said(table: Table) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in row] for row in table.grid()]


def both(left: list[list[str]], right: list[list[str]], shift: float = 0.0) -> Page:
    one = columns(left, [50, 170, 220], right=(1, 2))
    two = columns(right, [300, 430, 500], right=(1, 2), top=80 + shift)
    return one.__class__(
        **{**{f: getattr(one, f) for f in one.__slots__}, "chars": np.concatenate([one.chars, two.chars])}
    )


@pytest.mark.parametrize("turn", [0, 90])
@pytest.mark.parametrize("shift", [0.0, 5.0])
def test_two_tables_side_by_side_are_two(turn: int, shift: float) -> None:
    found = find_tables(turned_page(both(LEFT, RIGHT, shift), turn))
    assert sorted(map(said, found)) == sorted([LEFT, RIGHT])


@settings(max_examples=15, deadline=None)
@given(st.integers(3, 9), st.integers(3, 9))
def test_of_any_length(n_left: int, n_right: int) -> None:
    one = [LEFT[0], *([f"Ward {'ABCDEFGHI'[i]}", str(31 * i + 7), str(1000 + i)] for i in range(n_left))]
    two = [RIGHT[0], *([f"Hall {'KLMNOPQRS'[i]}", str(17 * i + 3), str(2000 + 3 * i)] for i in range(n_right))]
    assert sorted(map(said, find_tables(both(one, two)))) == sorted([one, two])


def test_pairs_of_columns_of_one_table_stay_one() -> None:
    rows = [
        ["Rank", "Town", "Births", "Deaths"],
        *([str(i), f"Town {i}", str(40 * i), str(900 - i)] for i in range(1, 7)),
    ]
    (table,) = find_tables(columns(rows, [70, 90, 240, 330], right=(0, 2, 3)))
    assert said(table) == rows


def test_prose_beside_a_table_is_no_column_of_it() -> None:
    text = [
        "The council met on Tuesday to consider",
        "the report of the auditor on all of the",
        "accounts of the year. Members asked how",
        "the fees had been set and whether funds",
        "would suffice for works planned in this",
        "decade. The mayor replied that they do.",
    ]
    table = columns(RIGHT, [50, 150, 220], right=(1, 2))
    prose = typed(text, at=(300, 80), leading=13)
    page = table.__class__(
        **{**{f: getattr(table, f) for f in table.__slots__}, "chars": np.concatenate([table.chars, prose.chars])}
    )
    assert [said(t) for t in find_tables(page)] == [RIGHT]


def test_contents_are_no_table_and_amounts_with_leaders_are_one() -> None:
    names = ["Roads", "Parks", "Water supply", "Schools", "Museums", "Harbour"]
    pages = [f"{i}. {name} ".ljust(40, ".") + f" {7 * i:3}" for i, name in enumerate(names, 1)]
    assert find_tables(typed(pages)) == []
    amounts = [f"{name} ".ljust(40, ".") + f" {(5 - i) ** 2 * 1250:6,}" for i, name in enumerate(names)]
    (table,) = find_tables(typed(amounts))
    assert table.n_cols == 2 and [row[0] for row in said(table)] == names


def test_an_index_is_no_table() -> None:
    rows = [
        [f"{a}, {i + 3}", f"{b}, {i + 11}, {40 + i}"]
        for i, (a, b) in enumerate(zip("abcdefgh", "klmnopqr", strict=True))
    ]
    rows = [["entry " + a, "entry " + b] for a, b in rows]
    assert find_tables(columns(rows, [60, 300])) == []


def test_facts_named_in_brackets_are_no_table() -> None:
    rows = [
        ["【所在地】", "中央町1丁目2番3号"],
        ["【設置者】", "山川福祉会"],
        ["【管理者】", "山田 太郎"],
        ["【届出年月日】", "平成15年2月27日"],
        ["【電話番号】", "0123-45-6789"],
    ]
    assert find_tables(columns(rows, [60, 190])) == []


def test_texts_that_wrap_are_cells_and_end_with_each_record() -> None:
    rows = [
        ["Section", "Goal", "Contact", "Cost"],
        ["Harbour", "Raise the wall along the river by", "J. Carter", "5,905"],
        ["", "half a metre before the spring", "", ""],
        ["Parks", "Plant trees on both sides of the", "M. Okafor", "640"],
        ["", "avenue", "", ""],
        ["Library", "Open until ten at night and on all", "L. Brandt", "77"],
        ["", "public holidays of the year", "", ""],
        ["Town hall", "Repair the roof", "S. Novak", "1,310"],
    ]
    page = columns(rows, [50, 120, 320, 460], right=(3,))
    (table,) = find_tables(page)
    assert table.n_cols == 4
    assert [row[0] for row in said(table)] == ["Section", "Harbour", "Parks", "Library", "Town hall"]
    assert said(table)[2][1] == "Plant trees on both sides of the avenue"


def test_headings_set_left_over_figures_set_right_stay_with_them() -> None:
    body = [
        [n, str(40 * i + 3), str(12_345 + i), str(i)] for i, n in enumerate(("Town hall", "Cemeteries", "Libraries"), 1)
    ]
    page = columns(body, [60, 250, 370, 480], right=(1, 2, 3), top=94)
    heads = columns([["Section", "Visits", "Permits", "Staff"]], [60, 150, 262, 382])
    page = page.__class__(
        **{**{f: getattr(page, f) for f in page.__slots__}, "chars": np.concatenate([heads.chars, page.chars])}
    )
    (table,) = find_tables(page)
    assert said(table) == [["Section", "Visits", "Permits", "Staff"], *body]


def test_numbers_that_count_the_rows_are_a_column() -> None:
    lines = [
        "No. Name                Count",
        *(f"{i:2}  {n:18} {31 * i:6}" for i, n in enumerate(("Parks", "Ports", "Pools"), 1)),
    ]
    (table,) = find_tables(typed(lines))
    assert [row[:2] for row in said(table)] == [["No.", "Name"], ["1", "Parks"], ["2", "Ports"], ["3", "Pools"]]
