"""A printed grid is the grid: subdivided perhaps, never undone; and a row of data is neither a heading nor deleted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report_extract.core.model import Page, Table
from report_extract.tables.captions import header_rows
from report_extract.tables.continuation import stitch
from report_extract.tables.find import find_tables
from report_extract.tables.ruled import find_ruled

from .pages import joined, page_of, rules, text_chars, turned_page
from .typed import page_with

CELL = st.sampled_from(
    ["", "", "総務部", "市民税課", "12", "1,234", "△3", "0.5%", "-", "12\n34\n56", "カレー\n牛乳\nサラダ", "都 島 区"]
)


def said(table: Table) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in row] for row in table.grid()]


def plain(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_printed_row_or_column_is_lost_whatever_stands_in_it(data: st.DataObject) -> None:
    n_rows, n_cols = data.draw(st.integers(3, 6)), data.draw(st.integers(2, 5))
    rows = [[f"見出し{c}" for c in range(n_cols)]]
    rows += [[data.draw(CELL) for _ in range(n_cols)] for _ in range(n_rows - 1)]
    rows[-1][0] = "合計"
    found = [t for t in find_tables(page_of(rows, widths=[80.0] * n_cols)) if t.n_cols > 1]
    assert len(found) == 1, [said(t) for t in found]
    (table,) = found
    assert table.n_cols == n_cols
    assert table.n_rows >= n_rows  # rows may be told by the lines of text in them
    text = "".join(plain(c.text) for c in table.cells)
    assert sorted(text) == sorted(plain("".join(map("".join, rows))))


def test_a_plan_whose_cells_hold_lists_of_figures_is_a_table() -> None:
    days = ["650\n24.1\n18.0", "701\n25.3\n20.2", "633\n22.8\n17.5"]
    rows = [["月", "火", "水"], days, days[::-1], [days[1], days[0], days[2]]]
    (table,) = find_tables(page_of(rows))
    assert table.n_cols == 3
    assert table.n_rows >= 4


def test_words_that_touch_across_a_rule_are_parted_at_it() -> None:
    grid = rules(
        [(60.0, y, 260.0, y) for y in (80.0, 104.0, 128.0, 152.0)] + [(x, 80.0, x, 152.0) for x in (60, 160, 260)]
    )
    texts = [("金額", 100, 85), ("項目", 163, 85), ("397,530", 125, 109), ("1.財産所得", 160, 109)]
    texts += [("64,585", 130, 133), ("2.雇用者所得", 160, 133)]
    page = page_with([text_chars(*t) for t in texts])
    page = Page(1, page.width, page.height, page.chars, grid, page.fills, page.images)
    (table,) = find_tables(page)
    assert said(table) == [["金額", "項目"], ["397,530", "1.財産所得"], ["64,585", "2.雇用者所得"]]


def test_a_text_that_runs_on_into_an_empty_cell_stays_whole() -> None:
    rows = [["区分", "件数", "備考"], ["総務部", "1", ""], ["市民部", "", ""], ["税務部", "3", "なし"]]
    page = joined(page_of(rows, widths=[60, 60, 60]), page_with([text_chars("件数不明のため空欄", 123, 132)]))
    (table,) = find_tables(page)
    assert said(table)[2] == ["市民部", "件数不明のため空欄", ""]


def test_rules_that_stop_short_of_a_column_of_figures_part_its_rows_too() -> None:
    ys = [80.0 + 24 * k for k in range(5)]
    lines = [(60.0, y, 260.0 if 0 < k < 4 and k != 1 else 360.0, y) for k, y in enumerate(ys)]
    lines += [(x, ys[0], x, ys[-1]) for x in (60.0, 160.0, 260.0, 360.0)]
    rows = [["種別", "年利", "差"], ["変動", "5.95", "1.50"], ["1年", "4.29", "1.25"], ["2年", "4.04", "1.10"]]
    chars = [text_chars(t, 63 + 100 * c, 84 + 24 * r) for r, row in enumerate(rows) for c, t in enumerate(row)]
    page = page_with(chars)
    page = Page(1, page.width, page.height, page.chars, rules(lines), page.fills, page.images)
    (table,) = find_tables(page)
    assert said(table) == rows


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(100, 99_999), st.integers(100, 99_999)), min_size=3, max_size=8), st.booleans())
def test_headings_end_above_the_first_figure(figures: list[tuple[int, int]], merged: bool) -> None:
    rows = [["区分", "件数", "金額"], *([f"部{n}", f"{a:,}", f"{b:,}"] for n, (a, b) in enumerate(figures))]
    spans = {(0, 0): (3, 1)} if merged else {}  # a first label over rows of data is no heading of that depth
    if merged:
        rows[0][0] = ""
    (table,) = find_ruled(page_of(rows, spans=spans))
    assert header_rows(table) <= 1


@pytest.mark.parametrize("by", [0, 90, 180, 270])
def test_rows_of_data_that_a_later_page_nearly_repeats_stay(by: int) -> None:
    head = ["番号", "名称", "金額"]
    first = [head, ["1", "道路橋りょう維持補修費", "12,346"], ["2", "公園管理費", "98,761"], ["3", "河川費", "5"]]
    second = [head, ["1", "道路橋りょう維持補修費", "12,345"], ["5", "公園管理費", "98,760"], ["6", "港湾費", "7"]]
    pages = [
        turned_page(page_of(first, at=(60.0, 640.0), number=1), by),
        turned_page(page_of(second, at=(60.0, 60.0), number=2), by),
    ]
    tables = [table for page in pages for table in find_ruled(page)]
    whole = stitch(tables, {page.number: (page.width, page.height) for page in pages})
    texts = {c.text for t in whole for c in t.cells}
    assert {"12,346", "98,761", "12,345", "98,760"} <= texts
    assert np.sum([t.n_rows for t in whole]) >= 7


@pytest.mark.parametrize("by", [0, 90, 180, 270])
@pytest.mark.parametrize("at", [30.0, 210.0])
def test_a_single_row_on_a_tables_columns_is_its_total_set_apart(by: int, at: float) -> None:
    rows = [["区分", "町数", "人口"], ["北部", "17", "185,620"], ["南部", "21", "220,165"]]
    page = joined(page_of(rows), page_of([["合計", "38", "405,785"]], at=(60.0, at if at < 80 else 190.0)))
    found = find_tables(turned_page(page, by))
    assert sorted(map(str, map(said, found))) == sorted(map(str, [rows, [["合計", "38", "405,785"]]]))


def test_a_box_on_other_columns_is_no_table() -> None:
    rows = [["区分", "町数", "人口"], ["北部", "17", "185,620"], ["南部", "21", "220,165"]]
    box = page_of([["承認", "確認", "作成"]], at=(75.0, 200.0), widths=[40.0] * 3)
    (table,) = find_tables(joined(page_of(rows), box))
    assert said(table) == rows
