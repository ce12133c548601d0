"""What of a count can be misread, what is confirmed, and what no sum may fill in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from report_extract.checks.figures import READING_DOUBTS, agreed, alternatives, changed, doubted, figures
from report_extract.core.geometry import BBox
from report_extract.core.model import Cell, Dataset, Field, Reading, Table
from report_extract.sums.repair import Misreading
from report_extract.sums.rules import Place

from .figures import BOX, dataset
from .small import small

ONE = "name:name a:count kind:row_type"


def recognised(*readings: tuple[str, str, float], **more: object) -> Cell:
    return Cell(1, BOX, readings=tuple(Reading(*r) for r in readings), **more)  # type: ignore[arg-type]


def column(*cells: Cell, name: str = "d") -> Dataset:
    return Dataset(name, (Field("a", "count"),), tuple({"a": c} for c in cells))


def at(row: int, field: str = "a") -> Place:
    return Place("d", row, field)


def test_the_values_of_counts_and_of_nothing_else() -> None:
    found = figures([small("x 1,234 detail|y - detail|z ~ detail|w l detail|v 22件 total", fields=ONE)])
    assert found.numbers == {at(0): 1234, at(2): None, at(3): None, at(4): 22}
    assert set(found.cells) == set(found.numbers)
    assert (found.blanks, found.guessed, found.fallible, found.confirmed) == ({at(2)}, {}, {}, set())


def test_a_column_without_any_figure_is_none_of_the_report() -> None:
    found = figures([small("x 1 ~ detail|y 2 ~ detail", fields="name:name a:count b:count kind:row_type")])
    assert set(found.cells) == {at(0), at(1)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("126:", 126),
        (".22件:", 22),
        ("12345678x", 12345678),
        ("123456789x", None),  # no count has nine digits
        ("1 2", None),
        ("l", None),
        ("x7y8", None),
    ],
)
def test_one_figure_is_seen_through_specks_where_a_recogniser_read_it(text: str, value: int | None) -> None:
    found = figures([column(recognised((text, "rapidocr", 0.9)))])
    assert found.guessed == ({} if value is None else {at(0): value})
    assert found.numbers == {at(0): value}
    printed = figures([column(recognised((text, "pdfium", 1.0)))])
    assert printed.guessed == {} and printed.numbers == {at(0): None}


def test_two_numbers_in_one_cell_are_no_misread_digit() -> None:
    cells = [recognised((text, "rapidocr", 0.9)) for text in ("1 2", "1,234", "7", "l")]
    assert set(figures([column(*cells)]).fallible) == {at(1), at(2), at(3)}


def test_an_empty_cell_may_be_misread_where_its_page_was_recognised() -> None:
    empty, read = Cell(1, BOX), recognised(("7", "rapidocr", 0.9))
    assert set(figures([column(empty, read)]).fallible) == {at(0), at(1)}
    assert figures([column(empty, recognised(("7", "pdfium", 1.0)))]).fallible == {}
    assert set(figures([column(replace(empty, page=2), read)]).fallible) == {at(1)}


def misreadings(*readings: tuple[str, str, float], doubt: str = "") -> tuple[int, ...]:
    cell = recognised(*readings)
    return figures([column(cell.doubted(doubt) if doubt else cell)]).fallible[at(0)].readings


def test_the_readings_of_a_cell_are_counted_by_their_values() -> None:
    assert misreadings(("7", "rapidocr", 0.9)) == (7,)
    assert misreadings(("7", "rapidocr", 0.9), ("7件", "figures", 0.9)) == (7, 7)
    assert misreadings(("7", "rapidocr", 0.9), ("7件", "figures", 0.7)) == (7,)  # alike, but not sure
    assert misreadings(("7", "rapidocr", 0.9), ("7", "figures", 0.9), doubt="illegible") == (7,)
    assert misreadings(("1", "rapidocr", 0.9), ("7", "figures", 0.7)) == (1, 7)
    assert misreadings(("1", "rapidocr", 0.9), ("1", "pdfium", 0.9), ("7", "equation", 0.9)) == (7, 1, 1)
    assert misreadings(("x", "rapidocr", 0.9), ("7", "figures", 0.7)) == (7,)
    assert misreadings(("7", "rapidocr", 0.9), ("x", "figures", 0.7)) == ()


def test_a_confirmed_figure_is_one_that_two_readings_share() -> None:
    twice = recognised(("7", "rapidocr", 0.9), ("7", "figures", 0.9))
    once = recognised(("7", "rapidocr", 0.9))
    assert figures([column(once, twice)]).confirmed == {at(1)}


@pytest.mark.parametrize(
    ("cell", "sure"),
    [
        (recognised(("7", "rapidocr", 0.9), ("７件", "figures", 0.8)), True),
        (recognised(("7", "rapidocr", 0.9), ("7", "figures", 0.79)), False),
        (recognised(("7", "pdfium", 1.0), ("7", "figures", 0.9)), False),  # one of the picture
        (recognised(("7", "rapidocr", 0.9), ("1", "figures", 0.9)), False),
        (recognised(("l", "rapidocr", 0.9), ("7", "figures", 0.9)), False),
        (recognised(("7", "rapidocr", 0.9), ("l", "figures", 0.9)), False),
        (recognised(("7", "rapidocr", 0.9), ("7", "figures", 0.9), ("8", "equation", 0.9)), False),
    ],
)
def test_readings_agree_where_two_of_the_picture_give_the_value_in_force(cell: Cell, sure: bool) -> None:
    assert agreed(cell) is sure


@pytest.mark.parametrize("kind", [*READING_DOUBTS, "uncastable"])
def test_a_doubt_about_what_was_read_leaves_nothing_agreed(kind: str) -> None:
    cell = recognised(("7", "rapidocr", 0.9), ("7", "figures", 0.9))
    assert agreed(cell) and not doubted(cell)
    assert doubted(cell.doubted(kind)) and not agreed(cell.doubted(kind))
    assert agreed(cell.doubted("unbalanced")) and not doubted(cell.doubted("unbalanced"))


def test_what_a_cell_may_be_instead() -> None:
    cell = Cell(
        1,
        BOX,
        readings=(
            Reading("1", "rapidocr", 0.9, (("7", 0.1), ("x", 0.2), ("4件", 0.4), ("4", 0.02))),
            Reading("4", "figures", 0.9, (("7", 0.06),)),
            Reading("8", "equation", 0.9, (("9", 0.2),)),
            Reading("2", "rapidocr", 0.9),
        ),
    )
    assert dict(alternatives(cell)) == {1: 0.3, 7: 0.1, 4: 0.4, 9: 0.2}
    assert alternatives(recognised(("7", "rapidocr", 0.9))) == ()
    assert dict(alternatives(recognised(("7", "pdfium", 1.0), ("x", "rapidocr", 0.9)))) == {7: 0.3}
    assert dict(alternatives(recognised(("7", "rapidocr", 1.0), ("", "figures", 0.9)))) == {7: 0.3}


@pytest.mark.parametrize(("unread", "whole", "filled"), [(1, 1, True), (2, 4, True), (3, 5, False), (2, 3, False)])
def test_a_column_of_which_most_was_not_read_is_not_filled(unread: int, whole: int, filled: bool) -> None:
    """Filled by the sums, its cells would prove themselves."""
    cells = [recognised(("l", "rapidocr", 0.3))] * unread + [recognised(("7", "rapidocr", 0.9))] * (whole - unread)
    other = Dataset("d", (Field("a", "count"), Field("b", "count")), tuple({"a": c, "b": cells[-1]} for c in cells))
    found = figures([other])
    lost = set() if filled else {at(r) for r in range(unread)}
    assert {p for p in found.unread if p.field == "a"} == lost
    assert {p for p, m in found.fallible.items() if m.barred and p.field == "a"} == lost
    assert all(found.fallible[p] == Misreading((), barred=True) for p in lost)


def test_unread_cells_of_other_columns_count_for_themselves() -> None:
    bad, good = recognised(("l", "rapidocr", 0.3)), recognised(("7", "rapidocr", 0.9))
    rows = [{"a": bad, "b": good}, {"a": good, "b": bad}, {"a": good, "b": good}]
    assert figures([Dataset("d", (Field("a", "count"), Field("b", "count")), tuple(rows))]).unread == set()
    printed = recognised(("l", "pdfium", 1.0))
    assert figures([column(printed, printed, recognised(("7", "pdfium", 1.0)))]).unread == set()


def placed(text: str, row: int, col: int, by: str = "rapidocr") -> Cell:
    box = BBox(40.0 * col, 12.0 * row, 40.0 * col + 40, 12.0 * row + 12)
    return Cell(1, box, row, col, readings=(Reading(text, by, 0.9),) if text else ())


@pytest.mark.parametrize(
    ("over", "head", "barred"),
    [
        (placed("8", 1, 2), 1, True),  # a figure that no dataset has, in the same row
        (placed("8件:", 1, 2), 1, True),
        (placed("8", 2, 2), 1, False),  # in another row
        (placed("x", 1, 2), 1, False),  # no figure
        (placed("8", 1, 2), 2, False),  # in a heading
        (replace(placed("8", 1, 2), page=2), 1, True),
    ],
)
def test_a_figure_left_over_in_its_row_speaks_against_filling_a_cell(over: Cell, head: int, barred: bool) -> None:
    empty, known = placed("", 1, 1), [placed("7", row, 1) for row in (2, 3)]
    data = column(empty, *known)
    table = Table(1, BBox(0, 0, 200, 60), 0, (empty, over, *known), header_rows=head)
    elsewhere = Table(1, BBox(0, 0, 200, 60), 0, (placed("9", 0, 5),), header_rows=0)
    found = figures([data], [elsewhere, table])
    assert found.fallible[at(0)].barred is barred and (at(0) in found.unread) is barred
    assert not any(found.fallible[at(r)].barred for r in (1, 2))
    used = replace(data, rows=(*data.rows, {"a": over}))
    assert figures([used], [elsewhere, table]).unread == set()  # it stands in the dataset after all


def test_changes_reach_the_cells_that_they_are_for() -> None:
    one = dataset("d", ["a:count", "b:count"], [["1", "2"], ["3", "-"]])
    other = dataset("e", ["a:count"], [["1"]])

    def doubt(cell: Cell) -> Cell:
        return cell.doubted("unchecked")

    places = [Place("d", 0, "a"), Place("d", 0, "b"), Place("d", 1, "b"), Place("f", 0, "a"), Place("d", 7, "a")]
    done = changed([one, other], dict.fromkeys(places, doubt))
    assert [[{n: bool(c.doubts) for n, c in row.items()} for row in d.rows] for d in done] == [
        [{"a": True, "b": True}, {"a": False}],
        [{"a": False}],
    ]
    assert done[1] is other and done[0].fields == one.fields
