"""What is said around a table, and which of its rows and columns are headings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from report_extract.core.model import Page, Table
from report_extract.page import words
from report_extract.tables.captions import caption, tidy
from report_extract.tables.find import find_tables

from .pages import joined, page_of, text_chars, turned_page
from .typed import page_with

ROWS = [["部名", "目的外利用", "外部提供"], ["総務部", "12", "3"], ["市民部", "7", ""], ["合計", "19", "3"]]
NESTED = [
    ["区分", "令和6年度", "", "令和5年度"],
    ["", "件数", "割合", "件数"],
    ["総務部", "12", "60.0%", "9"],
    ["市民部", "8", "40.0%", "4"],
]
SPANS = {(0, 0): (2, 1), (0, 1): (1, 2)}


def around(page: Page, *texts: tuple[str, float]) -> Page:
    """The page with lines of text at these heights."""
    return joined(page, page_with([text_chars(text, 60, top) for text, top in texts]))


def captioned(page: Page) -> Table:
    tables = find_tables(page)
    (table,) = caption(tables, words.lines(page, tables))
    return table


ABOVE = (("1 目的外利用等の状況", 40.0), ("(単位:件)", 62.0))
BELOW = (("※ 複数の部にわたるものを含む。", 180.0), ("次の章では個別の事案を述べる。", 240.0))


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_caption_unit_and_notes_whichever_way_the_table_lies(turn: int) -> None:
    page = around(page_of(ROWS), *ABOVE, *BELOW)
    table = captioned(turned_page(page, turn) if turn else page)
    assert table.caption == "1 目的外利用等の状況"
    assert table.unit == "件"
    assert table.notes == ("※ 複数の部にわたるものを含む。",)


def test_a_paragraph_above_is_no_caption() -> None:
    lines = [("個人情報の取扱いについては次のとおりである。", 62.0 - 13 * i) for i in range(5)]
    assert captioned(around(page_of(ROWS), *lines)).caption == ""


def test_a_note_that_wraps_is_one_note() -> None:
    below = [("注総務部には、出先機関において", 180.0), ("利用したものを含む。", 194.0)]
    assert captioned(around(page_of(ROWS), *below)).notes == ("注総務部には、出先機関において利用したものを含む。",)


def test_each_note_goes_with_the_table_above_it() -> None:
    page = joined(page_of(ROWS), page_of(ROWS, at=(60, 300)))
    page = around(page, ("※ 上の表の注", 180), ("表2 下の表", 284), ("※ 下の表の注", 400))
    tables = find_tables(page)
    first, second = caption(tables, words.lines(page, tables))
    assert (first.notes, first.caption) == (("※ 上の表の注",), "")
    assert (second.notes, second.caption) == (("※ 下の表の注",), "表2 下の表")


def test_header_rows_and_columns() -> None:
    table = captioned(page_of(ROWS))
    assert (table.header_rows, table.header_cols) == (1, 1)
    nested = captioned(page_of(NESTED, spans=SPANS))
    assert (nested.header_rows, nested.header_cols) == (2, 1)


def test_years_are_headings() -> None:
    rows = [["区分", "2021", "2022", "2023"], ["件数", "12", "15", "9"], ["人数", "3", "4", "5"]]
    assert captioned(page_of(rows)).header_rows == 1


def test_a_table_without_numbers_has_one_row_of_headings() -> None:
    rows = [
        ["No.", "事業名", "目的"],
        ["1", "敬老事業", "案内を送付するため"],
        ["2", "学力調査", "調査票を送付するため"],
    ]
    assert captioned(page_of(rows, widths=[40, 120, 200])).header_rows == 1


def test_a_part_without_headings_has_none() -> None:
    rows = [["教育部", "12", "3"], ["水道局", "7", "5"], ["消防本部", "19", "3"]]
    assert captioned(page_of(rows)).header_rows == 0


def test_nested_headings_make_a_multiindex() -> None:
    frame = captioned(page_of(NESTED, spans=SPANS)).to_pandas()
    assert frame.columns.nlevels == 2
    assert frame["令和6年度"]["件数"].tolist() == ["12", "8"]


def test_the_long_form_names_every_value() -> None:
    rows = tidy(captioned(page_of(NESTED, spans=SPANS)))
    assert rows[0] == ("総務部", "令和6年度", "件数", "12")
    assert rows[-1] == ("市民部", "令和5年度", "件数", "4")
    assert len(rows) == 6


def test_the_long_form_without_headings_counts_rows_and_columns() -> None:
    table = replace(captioned(page_of(ROWS)), header_rows=0, header_cols=0)
    assert tidy(table)[:2] == [("1", "1", "部名"), ("1", "2", "目的外利用")]
