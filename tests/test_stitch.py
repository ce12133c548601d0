"""Tables over page breaks come out whole, and tables that only look alike stay apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report_extract.core.geometry import BBox
from report_extract.core.model import Line, Page, Table
from report_extract.tables.continuation import stitch
from report_extract.tables.find import find_tables
from report_extract.tables.ruled import find_ruled

from .pages import joined, page_of, turned_page
from .typed import columns

HEAD = ["No.", "情報保有課等", "利用課等", "事務事業名"]
UPPER, LOWER = (60.0, 640.0), (60.0, 60.0)  # where a table stands that ends, or begins, with its page


def said(table: Table) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in row] for row in table.grid()]


def stitched(pages: Sequence[Page], lines: Sequence[Line] = ()) -> list[Table]:
    tables = [table for page in pages for table in find_ruled(page)]
    return stitch(tables, {page.number: (page.width, page.height) for page in pages}, lines)


def parts(first: list[list[str]], second: list[list[str]], **how: object) -> list[Page]:
    return [page_of(first, at=UPPER, number=1), page_of(second, at=LOWER, number=2)]


RECORDS = [[str(n), "市民課", "税務課", f"事業{n}の実施"] for n in range(1, 7)]


@pytest.mark.parametrize("heading", [True, False])
def test_a_table_over_a_page_break_is_one(heading: bool) -> None:
    rest = [HEAD, *RECORDS[3:]] if heading else RECORDS[3:]
    (table,) = stitched(parts([HEAD, *RECORDS[:3]], rest))
    assert said(table) == [HEAD, *RECORDS]
    assert [page for page, _ in table.parts] == [1, 2]
    assert [cell.page for cell in table.cells if cell.col == 0] == [1, 1, 1, 1, 2, 2, 2]


def test_a_record_cut_by_the_break_is_one_row() -> None:
    rest = [["", "", "", "に関する事務"], *RECORDS[3:]]
    (table,) = stitched(parts([HEAD, *RECORDS[:3]], rest))
    assert said(table)[3] == ["3", "市民課", "税務課", "事業3の実施に関する事務"]
    assert said(table)[4:] == RECORDS[3:]


def test_the_rest_of_a_cut_record_may_be_all_there_is_on_a_page() -> None:
    (table,) = stitched(parts([HEAD, *RECORDS[:3]], [["", "", "", "に関する事務"]]))
    assert said(table)[-1] == ["3", "市民課", "税務課", "事業3の実施に関する事務"]


def test_a_caption_printed_again_does_not_keep_parts_apart() -> None:
    captions = [Line(1, BBox(60, 600, 160, 610), "(1) 目的外利用"), Line(2, BBox(60, 40, 160, 50), "(1) 目的外利用")]
    assert len(stitched(parts([HEAD, *RECORDS[:3]], [HEAD, *RECORDS[3:]]), captions)) == 1


def test_a_merged_row_heading_goes_on_over_the_break() -> None:
    head = ["部", "課", "件数"]
    first = page_of(
        [head, ["総務部", "総務課", "1"], ["", "職員課", "2"]], at=(60, 700), spans={(1, 0): (2, 1)}, number=1
    )
    second = page_of([["", "契約課", "3"], ["税務部", "市民税課", "4"]], at=LOWER, number=2)
    (table,) = stitched([first, second])
    (part,) = [cell for cell in table.cells if cell.text == "総務部"]
    assert (part.row, part.row_span) == (1, 3)


def test_a_changed_heading_begins_another_table() -> None:
    other = ["No.", "情報保有課等", "提供先", "事務事業名"]
    assert len(stitched(parts([HEAD, *RECORDS[:3]], [other, *RECORDS[3:]]))) == 2


def test_a_heading_over_numbers_begins_another_table() -> None:
    first = [["区分", "件数", "割合"], *([str(n), "12", "30%"] for n in range(4))]
    second = [["科目", "予算額", "決算額"], ["市税", "1,000", "990"]]
    assert len(stitched(parts(first, second))) == 2


@pytest.mark.parametrize(
    ("text", "tables"), [("(2) 外部提供", 2), ("(単位:件)", 1), ("- 2 -", 1), ("(1) 目的外利用(続き)", 1)]
)
def test_a_caption_between_two_parts_keeps_them_apart(text: str, tables: int) -> None:
    line = Line(2, BBox(60, 40, 160, 50), text)
    pages = parts([HEAD, *RECORDS[:3]], [HEAD, *RECORDS[3:]])
    assert len(stitched(pages, [line])) == tables


def test_running_heads_do_not_keep_parts_apart() -> None:
    heads = [Line(n, BBox(60, 30, 160, 40), "個人情報保護制度の運用状況") for n in (1, 2)]
    assert len(stitched(parts([HEAD, *RECORDS[:3]], [HEAD, *RECORDS[3:]]), heads)) == 1


def test_two_tables_of_a_kind_stay_apart() -> None:
    rows = [["区分", "件数"], ["総務部", "1"], ["市民部", "2"], ["税務部", "3"]]
    assert len(stitched(parts(rows, [rows[0], *([a, "7"] for a, _ in rows[1:])]))) == 2


def test_last_columns_that_say_nothing_on_the_next_page_stay_columns() -> None:
    rows = [
        ["Item", "Budget", "Actual", "Note"],
        *([f"Item {i}", str(31 * i), str(900 - i), f"see {i}"] for i in range(1, 12)),
    ]
    rows = [*rows[:6], *([*row[:3], ""] for row in rows[6:])]
    upper = columns(rows[:6], [60, 220, 300, 400], right=(1, 2, 3), top=700)
    lower = columns(rows[6:], [60, 220, 300, 400], right=(1, 2, 3), top=60)
    pages = [upper, replace(lower, number=2)]
    tables = [table for page in pages for table in find_tables(page)]
    (table,) = stitch(tables, {page.number: (page.width, page.height) for page in pages})
    assert said(table) == rows
    assert {(c.row, c.col) for c in table.cells} == {(r, c) for r in range(len(rows)) for c in range(4)}


def test_page_sums_are_left_out() -> None:
    head = ["科目", "金額"]
    first = [head, ["市税", "100"], ["地方債", "200"], ["頁 計", "300"]]
    second = [head, ["前頁より", "300"], ["雑入", "50"], ["ページ計", "50"], ["合計", "350"]]
    (table,) = stitched(parts(first, second))
    assert [row[0] for row in said(table)] == ["科目", "市税", "地方債", "雑入", "合計"]


def test_a_spread_over_facing_pages_is_one_table() -> None:
    left = [["区分", "人口", "世帯"], ["東灘区", "10", "1"], ["灘区", "20", "2"], ["中央区", "30", "3"]]
    right = [["出生", "死亡", "転入"], ["4", "5", "6"], ["7", "8", "9"], ["1", "2", "3"]]
    first = page_of(left, at=(295, 100), number=2)
    second = page_of(right, at=(30, 100), number=3)
    (table,) = stitched([first, second])
    assert said(table) == [a + b for a, b in zip(left, right, strict=True)]


@pytest.mark.parametrize("by", [0, 90, 180, 270])
def test_tables_come_in_the_order_in_which_a_turned_page_is_read(by: int) -> None:
    first = page_of([["一", "二"], ["1", "2"]], at=(60, 80))
    second = page_of([["三", "四"], ["3", "4"]], at=(60, 400))
    tables = stitched([turned_page(joined(first, second), by)])
    assert [table.cells[0].text for table in tables] == ["一", "三"]


@settings(max_examples=20)
@given(st.integers(1, 5), st.booleans(), st.sampled_from([0, 90, 180, 270]))
def test_where_a_page_breaks_makes_no_difference(cut: int, heading: bool, by: int) -> None:
    first, second = [HEAD, *RECORDS[:cut]], [*([HEAD] if heading else []), *RECORDS[cut:]]
    top = 780.0 - 24 * len(first)
    pages = [page_of(first, at=(60, top), number=1), page_of(second, at=LOWER, number=2)]
    (table,) = stitched([turned_page(page, by) for page in pages])
    assert said(table) == [HEAD, *RECORDS]
    assert table.rotation == by


def test_rows_that_one_cell_holds_together_may_leave_room_on_the_page() -> None:
    head = ["部局", "区分", "件数"]
    group = [["総務部", "利用", "1"], ["", "提供", "2"], ["", "計", "3"]]
    upper = page_of([head, *group], at=(60.0, 570.0), number=1, spans={(1, 0): (3, 1)})
    lower = page_of([["福祉部", "利用", "4"], *group[1:]], at=LOWER, number=2, spans={(0, 0): (3, 1)})
    assert len(stitched([upper, lower])) == 1


def test_a_number_tells_a_row_that_the_page_break_cut_beside_a_span() -> None:
    upper = [["区分", *HEAD], ["利用", *RECORDS[0]], ["", *RECORDS[1]], ["", *RECORDS[2]]]
    lower = [["", "", "", "", "に関する事務"], ["", *RECORDS[3]]]
    above = page_of(upper, at=UPPER, number=1, spans={(1, 0): (3, 1)})
    (table,) = stitched([above, page_of(lower, at=LOWER, number=2, spans={(0, 0): (2, 1)})])
    assert said(table)[3][1:] == ["3", "市民課", "税務課", "事業3の実施に関する事務"]
    assert said(table)[4][1:] == RECORDS[3]
