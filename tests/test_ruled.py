"""The ruled finder: what a person sees on a page is what comes out."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report_extract.core.model import FILL, Array, Page, Table
from report_extract.tables.ruled import find_ruled

from .pages import joined, page_of, rules, text_chars, turned_page

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


def test_a_number_that_wraps_beside_a_wrapped_label_is_one_number_where_others_wrap_too() -> None:
    rows = [["区分", "件数"], ["法令", "１８\n４"], ["本人同意", "１１\n２"], ["所掌事務の\n遂行", "１５\n７"]]
    (table,) = find_ruled(page_of(rows))
    assert [c.text for c in table.cells if c.col == 1] == ["件数", "１８４", "１１２", "１５７"]


def test_a_stacked_row_of_numbers_is_parted_where_labels_go_with_it() -> None:
    rows = [["区分", "件数", "割合"], ["総務部\n市民部\n税務部", "12\n3\n15", "30%\n-\n40%"]]
    (table,) = find_ruled(page_of(rows))
    assert said(table)[1:] == [["総務部", "12", "30%"], ["市民部", "3", "-"], ["税務部", "15", "40%"]]


def test_a_number_and_its_share_below_it_stay_in_one_row() -> None:
    rows = [["区分", "東灘区", "灘区"], ["ある\n(開催)", "12\n30.5", "3\n40.1"]]
    (table,) = find_ruled(page_of(rows))
    assert table.n_rows == 2


def test_years_over_groups_of_columns_are_parted_where_no_rule_parts_them() -> None:
    rows = [["", "", "", "", "", "", ""], ["", *["件数", "割合"] * 3], ["総務部", *["1", "2%"] * 3]]
    page = page_of(rows, widths=[60] * 7, spans={(0, 1): (1, 6)})
    years = [text_chars(f"令和{n}年度", 135.0 + 120 * k, 84, 9) for k, n in enumerate((4, 5, 6))]
    (table,) = find_ruled(replace(page, chars=np.concatenate((page.chars, *years))))
    assert [(c.text, c.col_span) for c in table.cells if c.row == 0] == [
        ("", 1),
        ("令和4年度", 2),
        ("令和5年度", 2),
        ("令和6年度", 2),
    ]


def test_wrapped_records_are_not_parted() -> None:
    rows = [
        ["No.", "事務事業名", "目的"],
        ["1", "見守り支援\n事業の実施\nについて", "被災者の支\n援のため必\n要であるから"],
    ]
    (table,) = find_ruled(page_of(rows))
    assert said(table)[1] == ["1", "見守り支援事業の実施について", "被災者の支援のため必要であるから"]


def with_lines(page: Page, lines: list[tuple[float, float, float, float]], kind: str = "stroke") -> Page:
    """The page with these rules instead of its own."""
    return replace(page, rulings=rules(lines, kind))


def edges(n_rows: int = 4, n_cols: int = 4) -> tuple[list[float], list[float]]:
    """Where ``page_of(ROWS)`` has its column and row edges."""
    return [60 + 90.0 * k for k in range(n_cols + 1)], [80 + 24.0 * k for k in range(n_rows + 1)]


def across(ys: list[float], x0: float, x1: float) -> list[tuple[float, float, float, float]]:
    return [(x0, y, x1, y) for y in ys]


def down(xs: list[float], top: float, bottom: float) -> list[tuple[float, float, float, float]]:
    return [(x, top, x, bottom) for x in xs]


def test_a_table_open_at_its_sides_keeps_its_outer_columns() -> None:
    xs, ys = edges()
    page = with_lines(page_of(ROWS), across(ys, xs[0], xs[-1]) + down(xs[1:-1], ys[0], ys[-1]))
    (table,) = find_ruled(page)
    assert said(table) == ROWS


@pytest.mark.parametrize("by", [0, 90, 180, 270])
def test_two_columns_with_one_rule_between_them_are_a_table_however_they_lie(by: int) -> None:
    rows = [[first, "12"] for first, *_ in ROWS]
    xs, ys = edges()
    page = with_lines(page_of(rows), across(ys, xs[0], xs[2]) + down([xs[1]], ys[0], ys[-1]))
    (table,) = find_ruled(turned_page(page, by))
    assert said(table) == rows


def test_lines_that_run_on_or_stop_short_bound_the_same_cells() -> None:
    xs, ys = edges()
    lines = across(ys, xs[0] - 4, xs[-1] + 3) + down(xs, ys[0] + 2, ys[-1] + 5)
    (table,) = find_ruled(with_lines(page_of(ROWS), lines))
    assert said(table) == ROWS


def test_dashed_and_double_rules_are_lines() -> None:
    xs, ys = edges()
    dashes = [(x, y, x + 3, y) for y in ys for x in np.arange(xs[0], xs[-1], 5.0)]
    double = down([x + d for x in xs for d in (-0.9, 0.9)], ys[0], ys[-1])
    (table,) = find_ruled(with_lines(page_of(ROWS), dashes + double))
    assert said(table) == ROWS


def test_a_missing_rule_makes_one_cell_of_two() -> None:
    xs, ys = edges()
    lines = [line for line in across(ys, xs[0], xs[-1]) + down(xs, ys[0], ys[-1]) if line[0] != xs[2]]
    lines += down([xs[2]], ys[1], ys[-1])
    (table,) = find_ruled(with_lines(page_of(ROWS), lines))
    assert [(c.col, c.col_span) for c in table.cells if c.row == 0] == [(0, 1), (1, 2), (3, 1)]


def test_an_open_corner_is_an_empty_cell() -> None:
    rows = [["", *ROWS[0][1:]], *ROWS[1:]]
    xs, ys = edges()
    lines = across(ys[1:], xs[0], xs[-1]) + down(xs[1:], ys[0], ys[-1])
    lines += [(xs[1], ys[0], xs[-1], ys[0]), (xs[0], ys[1], xs[0], ys[-1])]
    (table,) = find_ruled(with_lines(page_of(rows), lines))
    assert said(table) == rows


def test_frames_text_boxes_and_underlines_are_no_tables() -> None:
    page = page_of([["お知らせ"]], at=(60, 60))
    frame = rules([(20, 20, 575, 20), (20, 800, 575, 800), (20, 20, 20, 800), (575, 20, 575, 800)])
    underlines = rules(across([300, 320, 340], 60, 400))
    assert find_ruled(replace(page, rulings=np.concatenate((page.rulings, frame, underlines)))) == []


def test_a_table_in_a_frame_is_found_alone() -> None:
    page = page_of(ROWS)
    frame = rules([(20, 20, 575, 20), (20, 800, 575, 800), (20, 20, 20, 800), (575, 20, 575, 800)])
    (table,) = find_ruled(replace(page, rulings=np.concatenate((page.rulings, frame))))
    assert said(table) == ROWS


def test_tables_beside_and_below_each_other_are_several() -> None:
    page = joined(
        page_of(ROWS, at=(30, 80), widths=[60] * 4),
        page_of(ROWS, at=(310, 80), widths=[60] * 4),
        page_of(ROWS, at=(30, 400), widths=[60] * 4),
    )
    assert [said(table) for table in find_ruled(page)] == [ROWS] * 3


def test_a_sideways_table_among_upright_text_is_turned_alone() -> None:
    upright = page_of(ROWS, at=(60, 60))
    cw = turned_page(page_of(ROWS, at=(300, 240), page_size=(842.0, 595.0)), 90)
    ccw = turned_page(page_of(ROWS, at=(60, 360), page_size=(842.0, 595.0)), 270)
    tables = find_ruled(joined(upright, cw, ccw))
    assert sorted(table.rotation for table in tables) == [0, 90, 270]
    assert all(said(table) == ROWS for table in tables)


def test_text_that_overflows_its_cell_stays_in_it() -> None:
    rows = [["部", "備考", ""], ["総務部", "", ""], ["市民部", "なし", "あり"]]
    page = page_of(rows, widths=[60, 60, 60])
    chars = np.concatenate((page.chars, text_chars("長い備考がとなりへはみ出す", 123, 108)))
    (table,) = find_ruled(replace(page, chars=chars))
    assert said(table)[1] == ["総務部", "長い備考がとなりへはみ出す", ""]


def test_a_bar_chart_is_no_table() -> None:
    bars = [100.0 + 40 * k for k in range(8)]
    lines = across([200, 240, 280, 320, 360], 80, 440) + down([80, 440], 200, 360)
    for n, x in enumerate(bars):
        top = 215.0 + 15 * n
        lines += down([x, x + 20], top, 360) + across([top], x, x + 20)
    labels = [text_chars(str(400 + n), x, 204.0 + 15 * n, 8) for n, x in enumerate(bars)]
    page = with_lines(replace(page_of(ROWS), chars=np.concatenate(labels)), lines)
    assert find_ruled(page) == []


def test_a_heading_shaded_above_ruled_rows_belongs_to_the_table() -> None:
    xs, ys = edges()
    page = with_lines(page_of(ROWS), across(ys[1:], xs[0], xs[-1]) + down(xs, ys[1], ys[-1]))
    heading = rules(across(ys[:2], xs[0], xs[-1]) + down(xs, ys[0], ys[1]), "fill")
    (table,) = find_ruled(replace(page, rulings=np.concatenate((page.rulings, heading))))
    assert said(table) == ROWS


def fills(boxes: list[tuple[float, float, float, float, float]]) -> Array:
    """FILL records: x0, top, x1, bottom, grey."""
    return np.array(boxes, dtype=FILL)


def test_striped_rows_are_rows_though_only_every_other_one_is_shaded() -> None:
    xs, ys = edges()
    tiles = [
        (x0, top, x1, bottom, 1.0 if n % 2 else 0.9)
        for n, (top, bottom) in enumerate(pairwise(ys))
        for x0, x1 in pairwise(xs)
    ]
    shaded = [t for t in tiles if t[4] < 1]
    lines = [(a, b, c, b) for a, b, c, _, _ in shaded] + [(a, d, c, d) for a, _, c, d, _ in shaded]
    lines += [(a, b, a, d) for a, b, _, d, _ in shaded] + [(c, b, c, d) for _, b, c, d, _ in shaded]
    page = replace(page_of(ROWS), rulings=rules(lines, "fill"), fills=fills(tiles))
    (table,) = find_ruled(page)
    assert said(table) == ROWS


def test_a_shade_behind_the_words_of_a_cell_does_not_cut_it() -> None:
    xs, ys = edges()
    page = page_of(ROWS)
    cell, words = (xs[0], ys[1], xs[1], ys[2], 0.9), (xs[0] + 2, ys[1] + 6, xs[1] - 2, ys[1] + 16, 0.9)
    lines = across([words[1], words[3]], words[0], words[2]) + down([words[0], words[2]], words[1], words[3])
    rulings = np.concatenate((page.rulings, rules(lines, "fill")))
    (table,) = find_ruled(replace(page, rulings=rulings, fills=fills([cell, words])))
    assert said(table) == ROWS


def test_a_drawing_of_a_hundred_thousand_lines_is_no_hindrance() -> None:
    rng = np.random.default_rng(1)
    x, y, length = rng.uniform(0, 595, 50_000), rng.uniform(300, 842, 50_000), rng.uniform(0, 9, 50_000)
    drawn = np.concatenate(
        [
            np.column_stack((x, y, x + length, y)),
            np.column_stack((x, y, x, y + length)),
        ]
    )
    page = page_of(ROWS)
    page = replace(page, rulings=np.concatenate((page.rulings, rules([tuple(line) for line in drawn]))))
    (table,) = find_ruled(page)
    assert said(table) == ROWS


WORDS = st.text("市民部総務課利用提供ABCxyz0123456789", min_size=1, max_size=12)
GRIDS = st.integers(2, 5).flatmap(lambda n: st.lists(st.lists(WORDS, min_size=n, max_size=n), min_size=2, max_size=6))


@settings(max_examples=25)
@given(GRIDS, st.sampled_from([90, 180, 270]))
def test_a_turned_page_gives_the_same_table(rows: list[list[str]], by: int) -> None:
    page = page_of(rows)
    (table,), (other,) = find_ruled(page), find_ruled(turned_page(page, by))
    assert other.rotation == by
    assert shape(other) == shape(table)


SPANS = {(0, 0): (2, 1), (0, 1): (1, 2)}
NESTED = [["部", "件数", ""], ["", "目的外", "外部"], ["総務部", "1", "2"], ["市民部", "3", "4"]]


@settings(max_examples=15)
@given(st.sampled_from(["stroke", "thin_rect", "fill"]), st.sampled_from([0, 90, 180, 270]))
def test_spans_are_the_same_however_rules_are_drawn_and_the_page_is_turned(kind: str, by: int) -> None:
    page = page_of(NESTED, spans=SPANS, kind=kind, vertical=[(0, 0)])
    (table,) = find_ruled(turned_page(page, by))
    (plain,) = find_ruled(page_of(NESTED, spans=SPANS))
    assert shape(table) == shape(plain)


@settings(max_examples=15)
@given(GRIDS, st.integers(0, 2**32 - 1))
def test_jitter_changes_nothing(rows: list[list[str]], seed: int) -> None:
    page = page_of(rows)
    rng = np.random.default_rng(seed)
    rulings, chars = page.rulings.copy(), page.chars.copy()
    flat = rulings["top"] == rulings["bottom"]
    for a, b, along in (("top", "bottom", flat), ("x0", "x1", ~flat)):
        off = rng.uniform(-0.45, 0.45, len(rulings))
        rulings[a] += off
        rulings[b] += np.where(along, off, rng.uniform(-0.45, 0.45, len(rulings)))
    for a, b in (("x0", "x1"), ("top", "bottom")):
        off = rng.uniform(-0.3, 0.3, len(chars))
        chars[a] += off
        chars[b] += off
    (table,), (shaken,) = find_ruled(page), find_ruled(replace(page, rulings=rulings, chars=chars))
    assert shape(shaken) == shape(table)
