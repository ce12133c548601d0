"""Tables that rules do not bound: what they hold, and what is no table."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report_extract.core.model import Page, Table
from report_extract.tables.find import find_tables

from .pages import rules, text_chars, turned_page
from .typed import columns, page_with, typed

CASES = [
    ["Department", "2023", "2024", "Total"],
    ["General affairs", "12", "1,034", "1,046"],
    ["Welfare", "7", "88", "95"],
    ["Education", "230", "4", "234"],
    ["Total", "249", "1,126", "1,375"],
]


def texts(table: Table) -> list[list[str]]:
    return [[cell.text if cell else "?" for cell in row] for row in table.grid()]


def only(page: Page) -> Table:
    (table,) = find_tables(page)
    return table


def test_columns_of_numbers_need_no_rules() -> None:
    table = only(columns(CASES, [60, 250, 330, 410], right=(1, 2, 3)))
    assert table.kind == "aligned"
    assert texts(table) == CASES


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_gives_the_same_table(turn: int) -> None:
    page = columns(CASES, [60, 250, 330, 410], right=(1, 2, 3))
    table = only(turned_page(page, turn))
    assert texts(table) == CASES
    assert table.rotation == turn


def test_japanese_columns() -> None:
    rows = [
        ["区 分", "令和5年度", "令和6年度"],
        ["総務部", "12", "34"],
        ["市民生活部", "△3", "-"],
        ["合 計", "9", "34"],
    ]
    found = texts(only(columns(rows, [60, 250, 340], right=(1, 2))))
    assert [[t.replace(" ", "") for t in row] for row in found] == [[t.replace(" ", "") for t in r] for r in rows]


def test_a_heading_over_two_columns_spans_them() -> None:
    rows = [
        ["", "Number of cases", ""],
        ["Year", "internal", "external"],
        *[[str(1990 + 3 * i), str(17 * i + 4), str(230 * i)] for i in range(6)],
    ]
    page = columns(rows[1:], [60, 240, 340], right=(1, 2), top=94)
    over = text_chars("Number of cases", 232, 78)
    rule = (195, 91, 340, 91)
    table = only(page_with([page.chars, over], [rule, (60, 106, 340, 106), (60, 74, 340, 74)]))
    spans = [c for c in table.cells if c.col_span > 1]
    assert [(c.text, c.row, c.col, c.col_span) for c in spans] == [("Number of cases", 0, 1, 2)]
    assert table.header_rows == 2
    year = next(c for c in table.cells if c.text == "Year")
    assert (year.row, year.row_span) == (0, 2)


def test_a_label_that_wraps_is_one_cell() -> None:
    rows = [
        ["Reason", "Cases", "Share"],
        ["Disclosure to other bodies", "120", "60.0"],
        ["  within the prefecture", "", ""],
        ["Research", "50", "25.0"],
        ["Statistics", "30", "15.0"],
    ]
    table = only(columns(rows, [60, 300, 380], right=(1, 2)))
    assert texts(table)[1] == ["Disclosure to other bodies within the prefecture", "120", "60.0"]
    assert table.n_rows == 4


def test_titles_of_row_groups_stay_rows_of_their_own() -> None:
    rows = [
        ["Sex", "Cases", "Share"],
        ["All", "200", "100.0"],
        ["By age", "", ""],
        ["  Under 20", "120", "60.0"],
        ["  Over 20", "80", "40.0"],
    ]
    assert [row[0] for row in texts(only(columns(rows, [60, 300, 380], right=(1, 2))))] == [
        "Sex", "All", "By age", "Under 20", "Over 20",
    ]  # fmt: skip


def test_rules_between_records_join_their_lines() -> None:
    rows = [
        ["No.", "Purpose", "Division"],
        ["1", "Sending of notices", "Welfare"],
        ["", "on vaccination", "division"],
        ["2", "Survey of", "Education"],
        ["", "households", ""],
        ["3", "Taxes", "Finance"],
    ]
    lines = [(60, y, 460, y) for y in (76, 92, 120, 148, 164)]
    table = only(columns(rows, [60, 120, 330], rules_at=lines))
    assert texts(table) == [
        ["No.", "Purpose", "Division"],
        ["1", "Sending of notices on vaccination", "Welfare division"],
        ["2", "Survey of households", "Education"],
        ["3", "Taxes", "Finance"],
    ]


def test_leaders_are_no_text_and_typed_dashes_are_a_rule() -> None:
    page = typed([
        "Proportion            1.0     1.1     1.2",
        "-------------------------------------------",
        "0.99 ............     800     880     960",
        "0.95 ............     160     176     192",
        "0.90 ............      80      88      96",
    ])  # fmt: skip
    assert texts(only(page)) == [
        ["Proportion", "1.0", "1.1", "1.2"],
        ["0.99", "800", "880", "960"],
        ["0.95", "160", "176", "192"],
        ["0.90", "80", "88", "96"],
    ]


SENTENCE = "the committee found that the number of cases had risen in most of the departments and that " + (
    "the reasons were to be looked for in the new rules on the use of personal information by other bodies"
)
PROSE = SENTENCE.split()


def lines_of_prose(n: int, words: int) -> list[str]:
    return [" ".join(PROSE[(i * 7 + k) % len(PROSE)] for k in range(words)) for i in range(n)]


def test_prose_is_no_table() -> None:
    assert find_tables(typed(lines_of_prose(20, 14))) == []


def test_prose_in_two_columns_is_no_table() -> None:
    left = [text_chars(line, 50, 80 + 14 * i, 8) for i, line in enumerate(lines_of_prose(20, 8))]
    right = [text_chars(line, 320, 80 + 14 * i, 8) for i, line in enumerate(lines_of_prose(20, 8)[::-1])]
    assert find_tables(page_with([*left, *right])) == []


def test_a_list_is_no_table() -> None:
    items = [f"({i})   {line}" for i, line in enumerate(lines_of_prose(8, 10), 1)]
    assert find_tables(typed(items)) == []


def test_the_scales_of_a_chart_are_no_table() -> None:
    marks = [text_chars(str(v), 60, 80 + 20 * i) for i, v in enumerate((80, 60, 40, 20, 0))]
    other = [text_chars(str(v), 300, 80 + 20 * i) for i, v in enumerate((50, 40, 30, 20, 10))]
    years = [text_chars(str(y), 100 + 40 * i, 190) for i, y in enumerate(range(2019, 2024))]
    assert find_tables(page_with([*marks, *other, *years])) == []


def test_a_source_below_the_last_rule_is_no_row() -> None:
    page = columns(CASES, [60, 250, 330, 410], right=(1, 2, 3))
    note = text_chars("Source:   the departments' own reports, as collected", 60, 160)
    lines = [(60, 76, 410, 76), (60, 92, 410, 92), (60, 150, 410, 150)]
    assert texts(only(page_with([page.chars, note], lines))) == CASES


def test_two_tables_below_one_another_stay_two() -> None:
    above = columns(CASES, [60, 250, 330, 410], right=(1, 2, 3))
    below = columns(CASES[:4], [60, 300, 360, 420], right=(1, 2, 3), top=260)
    found = find_tables(page_with([above.chars, below.chars]))
    assert [texts(t) for t in found] == [CASES, CASES[:4]]


def test_a_frame_without_inner_rules_holds_rows() -> None:
    page = columns(CASES, [66, 250, 330, 410], right=(1, 2, 3))
    edges = rules([(60, 76, 420, 76), (60, 93, 420, 93), (60, 155, 420, 155)]
                  + [(x, 76, x, 155) for x in (60, 190, 260, 340, 420)])  # fmt: skip
    table = only(page_with([page.chars], [tuple(r[n] for n in ("x0", "top", "x1", "bottom")) for r in edges]))
    assert texts(table) == CASES


numbers = st.integers(0, 99999).map(lambda n: f"{n:,}")


@settings(max_examples=40)
@given(st.lists(st.tuples(numbers, numbers, numbers), min_size=4, max_size=12))
def test_every_number_keeps_its_place(values: list[tuple[str, str, str]]) -> None:
    rows = [["Name", "first", "second", "third"], *(["item", *row] for row in values)]
    assert texts(only(columns(rows, [60, 200, 300, 400], right=(1, 2, 3)))) == rows
