"""Which finder's grid is kept, and why."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from report_extract.core.geometry import BBox
from report_extract.core.model import Cell, Page, Reading, Table
from report_extract.tables import camelot, find
from report_extract.tables.find import find_tables
from report_extract.tables.judge import SUSPECT, merit
from report_extract.tables.ruled import find_ruled
from report_extract.tables.view import frames

from .pages import page_of, text_chars
from .test_aligned import CASES, texts
from .typed import columns, page_with

FORM = [["部名", "目的外利用", "外部提供"], ["総務部", "12", "3"], ["市民部", "7", ""], ["合計", "19", "3"]]


def framed(rows: list[list[str]], inner: tuple[float, ...] = ()) -> Page:
    """Rows of text in a frame with vertical rules, and horizontal ones at the ``inner`` heights only."""
    page = columns(rows, [66, 250, 330, 410], right=(1, 2, 3))
    bottom = 80 + 14 * len(rows) + 6
    flat = [(60.0, y, 420.0, y) for y in (76.0, *inner, bottom)]
    return page_with([page.chars], flat + [(x, 76.0, x, bottom) for x in (60.0, 190.0, 260.0, 340.0, 420.0)])


def test_a_complete_grid_is_believed_and_nothing_else_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(find, "find_camelot", lambda *_: asked.append(1))
    (table,) = find_tables(page_of(FORM), object())  # type: ignore[arg-type]
    assert table.kind == "ruled"
    assert texts(table) == FORM
    assert not asked


def test_a_row_that_holds_many_values_is_suspect() -> None:
    page = framed(CASES, inner=(93,))
    edges, heights = (60.0, 190.0, 260.0, 340.0, 420.0), (76.0, 93.0, 156.0)
    cells = tuple(
        Cell(
            1,
            BBox(edges[c], heights[r], edges[c + 1], heights[r + 1]),
            r,
            c,
            readings=(Reading("several", "pdfium"),),
        )
        for r in range(2)
        for c in range(4)
    )
    lumped = Table(1, BBox(60, 76, 420, 156), 0, cells)
    (view,) = frames(page)
    (table,) = find_tables(page)
    assert merit(lumped, view).total < SUSPECT <= merit(table, view).total
    assert texts(table) == CASES


def test_labels_outside_the_frame_belong_to_the_table() -> None:
    page = columns(CASES, [60, 250, 330, 410], right=(1, 2, 3))
    heights = [76.0 + 14 * i for i in range(6)]
    grid = [(190.0, y, 420.0, y) for y in heights] + [(x, 76.0, x, 146.0) for x in (190.0, 260.0, 340.0, 420.0)]
    (table,) = find_tables(page_with([page.chars], grid))
    assert texts(table) == CASES


def test_free_text_with_times_in_it_does_not_part_a_column() -> None:
    hours = [
        "月 8:30-12:00  14:00-16:00",
        "平日 9:00-12:00  土 9:00-10:00",
        "24時間",
        "火   9:00-17:00  休 13:00",
    ]
    rows = [["施設名", "対応時間", "在庫"], *[[f"第{i}病院", text, "有"] for i, text in enumerate(hours)]]
    page = page_of(rows, widths=[90, 260, 60])
    assert [t.kind for t in find_tables(page)] == ["ruled"]


def test_a_grid_whose_edges_cut_words_has_less_merit() -> None:
    page = page_of(FORM)
    (table,) = find_ruled(page)
    (view,) = frames(page)
    chars = page.chars.copy()
    for edge in ("x0", "x1"):
        chars[edge] += 80
    (shifted,) = frames(Page(1, page.width, page.height, chars, page.rulings, page.fills, page.images))
    assert merit(table, shifted).total < merit(table, view).total == 1.0


def test_a_title_inside_the_frame_is_none_of_its_rows() -> None:
    title = "Number of cases in which personal information was used"
    rows = [[title, "", ""], ["Division", "internal", "external"], ["Welfare", "12", "3"], ["Tax", "7", "1"]]
    (table,) = find_tables(page_of(rows, spans={(0, 0): (1, 3)}, widths=[150, 100, 100]))
    assert texts(table) == rows[1:]


def test_empty_rows_and_columns_lower_the_merit() -> None:
    drawing = [["", "", "", ""], ["12", "", "", ""], ["", "", "", "7"], ["", "", "", ""]]
    assert find_tables(page_of(drawing)) == []


class Poor:
    """A document whose page has a table that neither rules nor white space explain."""

    path = Path("poor.pdf")


@pytest.fixture(autouse=True)
def _nothing_asked_yet() -> None:
    camelot._asked.clear()


def answering(said: str) -> Any:
    return lambda *_, **__: subprocess.CompletedProcess([], 0, stdout=said.encode())


def test_camelot_gives_the_grid_and_our_reader_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_with([text_chars("件数", 65, 82), text_chars("12", 125, 82), text_chars("前年", 65, 102)])
    grid = '{"grids": [[[60, 120, 180], [80, 100, 120]]], "size": [595, 842]}'
    monkeypatch.setattr(subprocess, "run", answering(grid))
    (table,) = camelot.find_camelot(page, Poor())  # type: ignore[arg-type]
    assert texts(table) == [["件数", "12"], ["前年", ""]]
    assert table.kind == "camelot"


@pytest.mark.parametrize("said", ["", "not json", '{"grids": [], "size": [100, 100]}'])
def test_a_failing_second_opinion_costs_nothing(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    page = page_with([text_chars("件数", 65, 82)])
    monkeypatch.setattr(subprocess, "run", answering(said))
    assert camelot.find_camelot(page, Poor()) == []  # type: ignore[arg-type]


def test_a_second_opinion_that_takes_too_long_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: Any, **__: Any) -> None:
        raise subprocess.TimeoutExpired("camelot", camelot.TIME_LIMIT)

    monkeypatch.setattr(subprocess, "run", slow)
    assert camelot.find_camelot(page_with([text_chars("件数", 65, 82)]), Poor()) == []  # type: ignore[arg-type]


def test_camelot_is_asked_about_a_few_pages_of_a_document_only(monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_with([text_chars("件数", 65, 82), text_chars("12", 125, 82), text_chars("前年", 65, 102)])
    monkeypatch.setattr(
        subprocess, "run", answering('{"grids": [[[60, 120, 180], [80, 100, 120]]], "size": [595, 842]}')
    )
    document: Any = Poor()
    answers = [len(camelot.find_camelot(page, document)) for _ in range(5)]
    assert answers == [1, 1, 1, 0, 0]


def test_a_page_without_text_has_no_tables() -> None:
    assert find_tables(page_with([np.zeros(0, page_of(FORM).chars.dtype)])) == []
