"""A report's own notes on figures that differ: which are found, and which explains what."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_extract.checks.notes import explanation, notes
from report_extract.core.geometry import BBox
from report_extract.core.model import Cell, Line, Reading, Table

from .figures import BOX, lines

TWICE = "※複数区分に該当する案件があるため、合計は一致しない。"
OTHER = "※延べ件数のため「2 根拠別件数」の合計とは一致しない。"
ROUNDED = "※端数処理のため、合計が一致しない場合があります。"


def table(*rows: tuple[str, ...], said: tuple[str, ...] = (), caption: str = "") -> Table:
    cells = [
        Cell(1, BOX, r, c, readings=(Reading(text, "pdfium"),))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    ]
    return Table(1, BOX, 0, tuple(cells), notes=said, caption=caption)


def below(text: str, top: float, page: int = 1, rotation: int = 0, x: float = 50, height: float = 10) -> Line:
    return Line(page, BBox(x, top, x + 300, top + height), text, rotation)


def told(said: str, across: bool = False, prior: bool = False, year: int | None = 2024, excess: float = 1) -> bool:
    return explanation([said], across, prior, year, excess, 2) == said


def test_notes_of_tables_and_of_lines_are_told_once_and_without_their_brackets() -> None:
    once = notes([table(said=(TWICE,)), table(said=(f"({TWICE})",))], lines("第1表", f"【{TWICE}】", "※出典は総務部。"))
    assert once == (TWICE,)
    assert notes([], lines("(1)差異は(2)")) == ("(1)差異は(2)",)  # two pairs are none around all of it
    assert notes([], lines("[差異の理由]", "(合わない")) == ("差異の理由", "(合わない")
    assert notes([table(said=(OTHER,))], []) == (OTHER,)
    assert notes([], lines("※数値は四捨五入", "※数値は速報")) == ("※数値は四捨五入",)


def test_the_longer_of_a_note_and_its_first_half_is_told() -> None:
    short = "※延べのため一致しない"
    assert notes([table(said=(short,))], lines(f"{short}(総務部調べ)。")) == (f"{short}(総務部調べ)。",)
    assert set(notes([table(said=(short,))], lines(f"{short}。", "※別の差異"))) == {f"{short}。", "※別の差異"}


@pytest.mark.parametrize(
    ("second", "joined"),
    [
        (below("一致しない", 39.9), True),
        (below("一致しない", 40.1), False),  # two heights farther down
        (below("一致しない", 20, x=369.9), True),
        (below("一致しない", 20, x=370.1), False),
        (below("一致しない", 31, page=2), False),
        (below("一致しない", 31, rotation=90), False),
        (below("※一致しない", 31), False),
        (below("なお、一致しない", 31), False),
        (below("(注)一致しない", 31), False),
    ],
)  # fmt: skip
def test_a_note_goes_on_in_a_line_right_beside_it(second: Line, joined: bool) -> None:
    first = below("※延べのため", 10)
    assert notes([], [first, second]) == ((f"※延べのため{second.text}" if joined else second.text),)


def test_a_line_that_stands_upright_goes_on_by_its_width() -> None:
    first = Line(1, BBox(100, 10, 110, 300), "※延べのため", 90)
    assert notes([], [first, Line(1, BBox(80, 10, 90, 300), "一致しない", 90)]) == ("※延べのため一致しない",)
    assert notes([], [first, Line(1, BBox(60, 10, 70, 300), "一致しない", 90)]) == ("一致しない",)


@pytest.mark.parametrize("end", ["。", ".", "。)", "。 】"])
def test_a_note_ends_with_its_full_stop(end: str) -> None:
    assert notes([], [below(f"※延べです{end}", 10), below("合わない", 21)]) == ("合わない",)


def test_three_lines_make_one_note() -> None:
    parts = ["※延べ", "のため", "一致しない"]
    assert notes([], [below(t, 10 + 11 * i) for i, t in enumerate(parts)]) == ("".join(parts),)


def test_a_note_that_was_taken_for_rows_of_the_table_is_found() -> None:
    rows = [("総務部", "5"), ("合計", "5"), ("※延べのため", ""), ("一致しない。", "")]
    (note,) = notes([table(*rows)], [])
    assert note.endswith("※延べのため一致しない。") and "総務部" not in note
    wide = table(("総務部", "5"), ("※延べのため一致しない", ""))
    spanning = replace(wide, cells=(*wide.cells[:2], replace(wide.cells[2], col_span=2)))
    assert notes([spanning], []) == ("※延べのため一致しない",)  # once, however many columns it lies over
    assert notes([table(caption="1 実施件数\n延べのため一致しない")], []) == ("延べのため一致しない",)


@pytest.mark.parametrize(
    ("note", "this", "prior"),
    [
        ("※延べのため一致しない。", True, True),
        ("※令和6年度は延べのため一致しない。", True, False),
        ("※R6実績は延べのため一致しない。", True, False),
        ("※令和5年度は延べのため一致しない。", False, True),
        ("※R5実績は延べのため一致しない。", False, True),
        ("※令和4年度は延べのため一致しない。", False, False),
        ("※H31年度は延べのため一致しない。", False, False),
        ("※前年度は延べのため一致しない。", False, True),
        ("※本年度は延べのため一致しない。", True, False),
        ("※本年度と前年度は延べのため一致しない。", True, True),
        ("※令和6年度と令和5年度は延べのため一致しない。", True, True),
    ],
)
def test_a_note_speaks_of_the_year_that_it_names(note: str, this: bool, prior: bool) -> None:
    assert (told(note), told(note, prior=True)) == (this, prior)


@pytest.mark.parametrize(
    ("year", "said"),
    [(2019, "令和元年度"), (2020, "令和2年度"), (2019, "平成31年度"), (2018, "H30年度"), (1989, "平成元年")],
)
def test_eras_begin_with_their_first_year(year: int, said: str) -> None:
    note = f"※{said}は延べのため一致しない。"
    assert told(note, year=year) and not told(note, year=year, prior=True)
    assert told(note, year=year + 1, prior=True) and not told(note, year=year + 1)
    assert not told(note, year=year - 1) and not told(note, year=year - 1, prior=True)
    assert not told(note, year=year + 2) and not told(note, year=year + 2, prior=True)


def test_without_the_report_s_year_a_year_that_is_named_could_be_either() -> None:
    note = "※令和5年度は延べのため一致しない。"
    assert told(note, year=None) and told(note, year=None, prior=True)
    both = "※前年度(令和5年度実績)は延べのため一致しない。"
    assert told(both, year=None, prior=True) and not told(both, year=None)


@pytest.mark.parametrize(
    ("excess", "terms", "fits"),
    [(1, 1, True), (-1, 1, True), (1.5, 2, False), (-1.5, 2, False), (2, 4, True), (-2, 4, True), (2.5, 4, False)],
)
def test_rounding_explains_half_a_unit_a_figure_and_no_more(excess: float, terms: int, fits: bool) -> None:
    said = explanation([ROUNDED], False, False, 2024, excess, terms)
    assert said == (ROUNDED if fits else "")
    assert explanation([ROUNDED], True, True, None, excess, terms) == said


def test_a_note_of_rounding_that_names_another_reason_is_taken_at_its_word() -> None:
    both = "※端数処理と重複計上のため合計が一致しない。"
    assert explanation([both], False, False, 2024, 9, 2) == both


def test_what_is_counted_twice_makes_the_parts_more_than_their_sum_and_never_less() -> None:
    assert told(TWICE, excess=1) and told(TWICE, excess=0) and not told(TWICE, excess=-1)
    assert told(TWICE, across=True, excess=-1)


def test_a_note_on_another_table_explains_only_what_two_tables_say() -> None:
    assert told(OTHER, across=True, excess=-3) and not told(OTHER, excess=3)


def test_of_several_notes_the_one_that_says_most_of_the_figures_is_quoted() -> None:
    plain, named = "※合計は一致しない場合がある。", "※R6は一致しない。"
    of_others = "※別表の合計とは一致しない。"
    why = "※重複のため一致しない。"
    assert explanation([named, plain], True, False, 2024, 1, 2) == named
    assert explanation([plain, of_others], True, False, 2024, 1, 2) == of_others
    assert explanation([of_others, why], True, False, 2024, 1, 2) == of_others
    assert explanation([plain, why], True, False, 2024, 1, 2) == why
    longer = "※重複等があることから一致しない。"
    assert explanation([longer, why], True, False, 2024, 1, 2) == longer
    assert explanation([], True, False, 2024, 1, 2) == ""


def test_a_note_that_does_not_fit_stands_in_no_other_s_way() -> None:
    other_year, rounded = "※令和3年度は一致しない。", "※端数処理のため。"
    assert explanation([other_year, rounded, OTHER, TWICE], False, False, 2024, 5, 2) == TWICE


@given(st.integers(2019, 2040), st.integers(-3, 3), st.booleans())
def test_a_note_never_explains_a_year_that_it_does_not_name(year: int, off: int, prior: bool) -> None:
    named = year + off - 2018
    note = f"※令和{'元' if named == 1 else named}年度実績は延べのため一致しない。"
    fits = off == (-1 if prior else 0)
    assert told(note, prior=prior, year=year) == fits or named < 1
