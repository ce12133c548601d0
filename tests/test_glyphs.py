"""Fonts whose maps lie: in all letters, in a few, under a name that an honest font has too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from report_extract import ocr
from report_extract.core.geometry import BBox
from report_extract.core.model import Array, Cell, Flag, Page, Reading, Table
from report_extract.core.protocols import Document
from report_extract.ocr.glyphs import decoded
from report_extract.ocr.legible import legible
from report_extract.ocr.rapidocr import RapidOcr
from report_extract.page.doubts import doubted
from report_extract.page.glyph_sample import Known
from report_extract.page.legibility import judge
from report_extract.readers import open_document

NATIVE = Path(__file__).parent.parent / "fixtures" / "iwaki" / "iwaki-r6.pdf"


def lied(page: Page, lies: dict[str, str]) -> Page:
    """The page as a reader gives it whose font's map has ``lies``."""
    chars = page.chars.copy()
    chars["text"] = [lies.get(c, c) for c in chars["text"].tolist()]
    return replace(page, chars=chars)


def swapped(letters: str) -> dict[str, str]:
    return dict(zip(letters, letters[1:] + letters[0], strict=True))


@pytest.mark.parametrize("letters", ["部用", "利用提供", "いわき市"])
def test_a_few_exchanged_letters_are_seen(letters: str) -> None:
    with open_document(NATIVE) as document:
        page = next(iter(document.pages([1])))
        assert set(letters) <= set(page.chars["text"].tolist())
        legibility = judge(lied(page, swapped(letters)), document)
    assert {letter for _, letter in legibility.letters} == set(letters)


def test_two_glyphs_with_one_letter_are_seen() -> None:
    with open_document(NATIVE) as document:
        page = next(iter(document.pages([1])))
        legibility = judge(lied(page, {"用": "部"}), document)
    assert {letter for _, letter in legibility.letters} == {"部"}


def test_a_font_of_the_same_name_is_looked_at_too() -> None:
    known: Known = {}
    with open_document(NATIVE) as document:
        first, second = document.pages([1, 2])
        assert judge(first, document, known).believed
        both = sorted(set(first.chars["text"].tolist()) & set(second.chars["text"].tolist()))
        kanji = "".join(c for c in both if c >= "一")
        assert not judge(lied(second, swapped(kanji)), document, known).believed


@pytest.mark.parametrize(
    "lies",
    [swapped("部用局市"), {"提": "部", "局": "部", "用": "部"}, {"用": "総務"}, swapped("0123456789")],
    ids=["few", "several", "two letters", "figures"],
)
def test_a_map_that_is_wrong_in_part_is_put_right(lies: dict[str, str]) -> None:
    recogniser = ocr.get_recogniser("rapidocr")
    assert isinstance(recogniser, RapidOcr)
    with open_document(NATIVE) as document:
        page = next(iter(document.pages([1])))
        lying = lied(page, lies)
        read = decoded(lying, document, recogniser, judge(lying, document), {})
    assert read.reader == "glyphs"
    same = page.chars["text"] == read.chars["text"][: len(page.chars)]
    unsure = (read.chars["flags"][: len(page.chars)] & (Flag.UNSURE | Flag.UNICODE_ERROR)) != 0
    assert (same | unsure).all()
    assert same.mean() > 0.99
    assert unsure.mean() < 0.01


def test_an_unsure_letter_makes_its_cell_doubted() -> None:
    with open_document(NATIVE) as document:
        page = next(iter(document.pages([1])))
    chars = page.chars.copy()
    chars["flags"][5] |= Flag.UNSURE
    box = BBox(*(float(chars[edge][5]) for edge in BBox._fields))
    cells = tuple(Cell(1, place, readings=(Reading("市", "glyphs"),)) for place in (box, BBox(0, 0, 1, 1)))
    (table,) = doubted([Table(1, box, 0, cells)], replace(page, chars=chars), chars[:0])
    assert [cell.status for cell in table.cells] == ["review", "ok"]
    assert np.all([cell.text == "市" for cell in table.cells])


class Clipped:
    """A document some of whose letters lack their feet, as where rows are too low for their print."""

    def __init__(self, document: Document, chars: Array, share: float) -> None:
        self._document, self._chars, self._share = document, chars, share

    def __getattr__(self, name: str) -> Any:
        return getattr(self._document, name)

    def render(self, number: int, dpi: float, bbox: BBox | None = None, colour: bool = False) -> Array:
        picture = np.array(self._document.render(number, dpi, bbox, colour))
        x, y = (bbox.x0, bbox.top) if bbox else (0.0, 0.0)
        for char in self._chars:
            top = char["bottom"] - self._share * char["size"]
            edges = (char["x0"] - x, top - y, char["x1"] - x, char["bottom"] - y)
            x0, top, x1, bottom = (max(0, round(float(edge) * dpi / 72)) for edge in edges)
            picture[top:bottom, x0:x1] = 255
        return picture


@pytest.mark.parametrize("share", [0.2, 0.3, 0.4])
def test_letters_cut_by_their_row_cost_a_few_lines_and_hide_no_lie(
    share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = "部用利提市"
    recogniser = ocr.get_recogniser("rapidocr")
    lines = 0

    def counted(self: RapidOcr, crops: Sequence[Array], *more: Any) -> Any:
        nonlocal lines
        lines += len(crops)
        return spell(self, crops, *more)

    spell = RapidOcr.spell
    monkeypatch.setattr(RapidOcr, "spell", counted)
    with open_document(NATIVE) as document:
        page = next(iter(document.pages([1])))
        cut = Clipped(document, page.chars[np.isin(page.chars["text"], list(letters))], share)
        found = {letter for _, letter in judge(lied(page, swapped(letters)), cut).letters}
        believed = next(legible([page], cut, recogniser))
    assert believed is page
    assert lines <= 4 * len(letters)  # where the whole page would take 50
    assert len(found & set(letters)) > len(letters) / 2
