"""The ruled finder: what a person sees on a page is what comes out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report_extract.finders.ruled import find_ruled
from report_extract.model import Table

from .pages import page_of, turned_page

ROWS = [
    ["部", "目的外利用", "外部提供", "小計"],
    ["総合政策部", "2", "0", "2"],
    ["市民協働部", "12", "3", "15"],
    ["合計", "14", "3", "17"],
]


def said(table: Table) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in row] for row in table.grid()]


def shape(table: Table) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.col, c.row_span, c.col_span, c.text) for c in table.cells]


@pytest.mark.parametrize("kind", ["stroke", "thin_rect", "fill"])
def test_a_ruled_table_is_found_however_its_rules_are_drawn(kind: str) -> None:
    (table,) = find_ruled(page_of(ROWS, kind=kind))
    assert said(table) == ROWS
    assert (table.rotation, table.n_rows, table.n_cols) == (0, 4, 4)


def test_a_stacked_row_of_numbers_is_parted_where_labels_go_with_it() -> None:
    rows = [["区分", "件数", "割合"], ["総務部\n市民部\n税務部", "12\n3\n15", "30%\n-\n40%"]]
    (table,) = find_ruled(page_of(rows))
    assert said(table)[1:] == [["総務部", "12", "30%"], ["市民部", "3", "-"], ["税務部", "15", "40%"]]


def test_a_number_and_its_share_below_it_stay_in_one_row() -> None:
    rows = [["区分", "東灘区", "灘区"], ["ある\n(開催)", "12\n30.5", "3\n40.1"]]
    (table,) = find_ruled(page_of(rows))
    assert table.n_rows == 2


def test_wrapped_records_are_not_parted() -> None:
    rows = [
        ["No.", "事務事業名", "目的"],
        ["1", "見守り支援\n事業の実施\nについて", "被災者の支\n援のため必\n要であるから"],
    ]
    (table,) = find_ruled(page_of(rows))
    assert said(table)[1] == ["1", "見守り支援事業の実施について", "被災者の支援のため必要であるから"]


WORDS = st.text("市民部総務課利用提供ABCxyz0123456789", min_size=1, max_size=12)
GRIDS = st.integers(2, 5).flatmap(lambda n: st.lists(st.lists(WORDS, min_size=n, max_size=n), min_size=2, max_size=6))


@settings(max_examples=25, deadline=None)
@given(GRIDS, st.sampled_from([90, 180, 270]))
def test_a_turned_page_gives_the_same_table(rows: list[list[str]], by: int) -> None:
    page = page_of(rows)
    (table,), (other,) = find_ruled(page), find_ruled(turned_page(page, by))
    assert other.rotation == by
    assert shape(other) == shape(table)
