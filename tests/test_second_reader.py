"""A second reader's word on figures that do not add up: whose error it is, the report's or the reading's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest

from report_extract.checks.second_reader import recalled, reread
from report_extract.core.geometry import BBox
from report_extract.core.model import FILL, IMAGE, RULING, Cell, Check, Dataset, Field, Page, Reading
from report_extract.core.protocols import Document

from .pages import text_chars

BOX = BBox(100, 100, 130, 112)
PLACE = ("d", 0, "a")
SUM = ("a 1 + b 2 ≠ sum 4(x)", "3")


class Second:
    """A second reader that sees these lines: page, left edge, top and text; it notes what it was asked for."""

    def __init__(self, *lines: tuple[int, float, float, str]) -> None:
        self.lines = lines
        self.asked: list[list[int]] = []

    def pages(self, numbers: Iterable[int] | None = None) -> Iterator[Page]:
        wanted = list(numbers or ())
        self.asked.append(wanted)
        for number in wanted:
            chars = [text_chars(text, x, top) for page, x, top, text in self.lines if page == number]
            if chars:
                rest = (np.zeros(0, RULING), np.zeros(0, FILL), np.zeros(0, IMAGE))
                yield Page(number, 600, 800, np.concatenate(chars), *rest)


def figure(text: str, by: str = "pdfium", page: int = 1, box: BBox = BOX, unbalanced: bool = True) -> Cell:
    made = Cell(page, box, readings=(Reading(text, by),) if by else ())
    return made.doubted("unbalanced", *SUM) if unbalanced else made


def data(*cells: Cell, name: str = "d") -> Dataset:
    return Dataset(name, (Field("a", "count"),), tuple({"a": c} for c in cells))


def check(*places: tuple[str, int, str], status: str = "fail") -> Check:
    return Check("c", "", "", "", status, places=places)


def said(cell: Cell) -> list[tuple[str, ...]]:
    return [(d.kind, *d.values) for d in cell.doubts]


def read(given: Sequence[Dataset], checks: Sequence[Check], second: Second) -> list[list[list[tuple[str, ...]]]]:
    return [[said(row["a"]) for row in d.rows] for d in reread(given, checks, cast(Document, second))]


def test_where_both_see_the_same_letters_the_report_is_wrong() -> None:
    second = Second((1, 95, 101, "４０７件"))
    assert read([data(figure("407件"))], [check(PLACE)], second) == [[[("report-error", SUM[0])]]]
    assert second.asked == [[1]]


def test_where_they_differ_the_reading_is() -> None:
    wrong = read([data(figure("401件"))], [check(PLACE)], Second((1, 100, 101, "407件")))
    assert wrong == [[[("unbalanced", *SUM), ("readings-differ", "401件", "047件")]]]
    nothing = read([data(figure("401"))], [check(PLACE)], Second((1, 300, 300, "401")))
    assert nothing == [[[("unbalanced", *SUM), ("readings-differ", "401", "")]]]
    assert read([data(figure("11"))], [check(PLACE)], Second((1, 100, 101, "111")))[0][0][1][0] == "readings-differ"


def test_a_cell_that_nothing_was_said_of_is_not_said_to_be_the_report_s_error() -> None:
    assert read([data(figure("407", unbalanced=False))], [check(PLACE)], Second((1, 100, 101, "407"))) == [[[]]]
    bare = replace(figure("407", unbalanced=False)).doubted("unbalanced")
    assert read([data(bare)], [check(PLACE)], Second((1, 100, 101, "407"))) == [[[("unbalanced",)]]]


@pytest.mark.parametrize(
    ("x", "top", "inside"),
    [
        (97.5, 101, True),  # the letter's middle on the left edge; a figure is 5 wide and 10 high
        (97.4, 101, False),
        (127.5, 101, True),
        (127.6, 101, False),
        (110, 95, True),
        (110, 94.9, False),
        (110, 107, True),
        (110, 107.1, False),
    ],
)
def test_a_letter_is_in_the_cell_that_holds_its_middle(x: float, top: float, inside: bool) -> None:
    outcome = read([data(figure("4"))], [check(PLACE)], Second((1, x, top, "4")))
    assert (outcome == [[[("report-error", SUM[0])]]]) is inside


@pytest.mark.parametrize("status", ["pass", "explained", "repaired"])
def test_only_what_fails_is_read_again(status: str) -> None:
    second = Second((1, 100, 101, "9"))
    given = (data(figure("4")),)
    assert reread(given, [check(PLACE, status=status)], cast(Document, second)) == given
    assert second.asked == []


@pytest.mark.parametrize(
    "cell",
    [
        figure("4", by="rapidocr"),
        figure("4", by="pdfplumber"),
        figure("", by=""),
        figure("4", page=0),
        replace(figure("4"), readings=(Reading("4", "rapidocr"), Reading("4", "pdfium"))),
    ],
)
def test_only_what_the_first_reader_read_from_the_page_is_read_again(cell: Cell) -> None:
    second = Second((1, 100, 101, "9"))
    assert read([data(cell)], [check(PLACE)], second) == [[said(cell)]]
    assert second.asked == []


def test_what_the_readings_after_the_first_said_does_not_count() -> None:
    cell = figure("4").read("5", "equation")
    assert read([data(cell)], [check(PLACE)], Second((1, 100, 101, "4"))) == [[[("report-error", SUM[0])]]]


def test_places_that_are_not_there_are_passed_over() -> None:
    second = Second((1, 100, 101, "4"), (3, 100, 101, "4"))
    cells = [figure("4", page=3), figure("4", page=3), figure("4", page=2), figure("4")]
    given = [data(*cells), data(figure("4"), name="e")]
    places = [("d", 0, "a"), ("d", 1, "a"), ("d", 2, "a"), ("d", 4, "a"), ("d", 9, "a"), ("d", 0, "z"), ("f", 0, "a")]
    outcome = read(given, [check(*places[:3]), check(*places[3:])], second)
    error, untouched = [("report-error", SUM[0])], [("unbalanced", *SUM)]
    assert outcome == [[error, error, untouched, untouched], [untouched]]  # page 2 the second reader could not read
    assert second.asked == [[2, 3]]


def both(cell: Cell, earlier: Cell, **more: Any) -> list[tuple[str, ...]]:
    (done,) = recalled([data(cell)], [data(earlier, **more)])
    return said(done.rows[0]["a"])


def test_what_was_said_of_the_same_figure_before_is_said_again() -> None:
    error = figure("4", unbalanced=False).doubted("report-error", "an older sum")
    assert both(figure("4"), error) == [("report-error", SUM[0])]
    assert both(figure("4", unbalanced=False), error) == []  # it adds up now
    assert both(figure("4"), error.doubted("unbalanced", "x", "1")) == [("unbalanced", *SUM)]
    assert both(figure("4"), figure("4").doubted("readings-differ", "4", "9")) == [
        ("unbalanced", *SUM), ("readings-differ", "4", "9"),
    ]  # fmt: skip
    assert both(figure("4"), figure("4").doubted("readings-differ", "7", "9")) == [("unbalanced", *SUM)]
    assert both(figure("4"), figure("4").doubted("illegible", "4")) == [("unbalanced", *SUM)]
    twice = figure("4").doubted("readings-differ", "4", "9")
    assert both(twice, twice) == [("unbalanced", *SUM), ("readings-differ", "4", "9")]


@pytest.mark.parametrize(
    "earlier", [figure("4", page=2), figure("4", box=BBox(0, 0, 1, 1)), figure("5")], ids=["page", "box", "text"]
)
def test_what_was_said_of_another_figure_is_not(earlier: Cell) -> None:
    doubted = earlier.settled("unbalanced").doubted("report-error", "s").doubted("readings-differ", "4", "9")
    assert both(figure("4"), doubted) == [("unbalanced", *SUM)]
    same = figure("4", unbalanced=False).doubted("report-error", "s")
    assert both(figure("4"), same, name="e") == [("unbalanced", *SUM)]
