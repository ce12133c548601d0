"""Pictures of cells, and what readers say of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from ..core.geometry import BBox
from ..core.model import Array, Cell, Reading, Table
from ..core.protocols import Document, Recogniser
from ..imaging import Raster, raster
from ..imaging.lines import (
    cleaned,
    columns_of,
    is_vertical,
    laid_flat,
    letter_size,
    line_crops,
    on_white,
    spans,
    stretched,
    strokes,
)
from ..page.words import is_cjk
from ..text.confusables import disambiguated
from ..text.noise import without_noise
from ..text.normalize import UNKNOWN, key
from .ditto import MARK, is_ditto
from .figures import OTHER

_WORDY = 12  # cells that show how large a table's letters are
_LIKE = 0.85  # of that size: no smaller are the letters of its other cells
_LETTER = 10.0  # points: a letter, where a cell does not show how large its letters are
SURE = 0.9
PHRASE = 4  # letters of a phrase that is no chance
_SPECK = 0.085  # ems: what is smaller both ways is dirt
FIGURES = str.maketrans("OoQ〇○lI|iー一=、・。▲", "000001111---,..△")
_BETWEEN_FIGURES = re.compile(r"(?<=\d)\s+(?=\d)")  # 51 116 is two figures, not 51116
_WIDE_GAP = 1.15  # of the height of figures: so far apart, farther than full-width ones, two stand side by side


@dataclass(slots=True)
class Look:
    """A cell that is to be read, its pictures, and what was read."""

    cell: Cell
    number: bool
    lines: list[Array]
    columns: list[list[Array]]  # the same as vertical print, in two ways; empty where it cannot be
    readings: list[Reading] = field(default_factory=list)


def _crop(cell: Cell, picture: Raster, rotation: int) -> Array:
    return on_white(np.rot90(picture.crop(_inside(cell.bbox)), rotation // 90))


def usual_size(table: Table, document: Document) -> float:
    """The size of the table's letters in points, by some cells with many of them; 0.0 where it has none."""
    wordy = sorted((c for c in table.cells if c.fallible), key=lambda c: -len(c.text))[:_WORDY]
    pictures = [(c, raster(document, c.page)) for c in wordy if len(c.text) >= PHRASE]
    sizes = [letter_size(_crop(c, p, table.rotation) < 160, _LETTER * p.scale) / p.scale for c, p in pictures]
    return float(np.median(sizes)) if sizes else 0.0


def look_at(cell: Cell, picture: Raster, rotation: int, number: bool, usual: float) -> Look:
    """The pictures of a cell's lines, upright; ``usual`` is the size of its table's letters in points."""
    crop = _crop(cell, picture, rotation)
    em = letter_size(crop < 160, _LETTER * picture.scale)
    if not number and len(cell.text) < PHRASE:  # the parts of few letters may all be small: 合 over 計
        em = max(em, _LIKE * usual * picture.scale)
    crop = cleaned(crop, picture.scale, float(np.clip(_SPECK * em / picture.scale, 0.4, 0.8)))
    ink = crop < 160
    if ink.sum() < 0.25 * picture.scale**2:
        return Look(cell, number, [], [])
    if is_ditto(crop, picture.scale):
        return Look(cell, number, [], [], [Reading(MARK, "rapidocr", SURE)])
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    tall = rows[-1] - rows[0] > max(1.8 * em, 1.2 * (columns[-1] - columns[0]))
    vertical = [laid_flat(crop, em), columns_of(crop, em)] if tall and not number and is_vertical(ink, em) else []
    return Look(cell, number, line_crops(crop, em), vertical)


def side_by_side(look: Look) -> bool:
    """Do two figures stand in a cell that is read as one: digits with one wide gap among them?"""
    if not look.number or len(look.lines) != 1:
        return False
    ink = strokes(look.lines[0])
    rows, inked = np.flatnonzero(ink.any(axis=1)), spans(np.asarray(ink.any(axis=0)))
    gaps = sorted(onward - end for (_, end), (onward, _) in pairwise(inked))
    height = rows[-1] - rows[0] + 1 if len(rows) else 1
    return bool(gaps) and gaps[-1] > _WIDE_GAP * height and (len(gaps) < 2 or gaps[-2] < gaps[-1] / 2)


def _inside(box: BBox) -> BBox:
    """The box without the rules that bound it."""
    return box.grown(-0.4) if min(box.width, box.height) > 4 else box


def read(looks: Sequence[Look], recogniser: Recogniser, second: Recogniser | None) -> None:
    """Readings of every look: of its lines, or of its columns where they read better."""
    figures = [look for look in looks if look.number and look.lines]
    if second is not None:
        for look, reading in zip(figures, _texts([s.lines for s in figures], second, "number"), strict=True):
            if reading.confidence >= SURE and OTHER not in reading.text:
                look.readings.append(reading)
    for number in (False, True):
        some = [look for look in looks if look.number == number and look.lines and not look.readings]
        alphabet = "number" if number else "text"
        for look, reading in zip(some, _texts([s.lines for s in some], recogniser, alphabet), strict=True):
            look.readings.append(reading)
    tall = [look for look in looks if look.columns]
    flat = _texts([look.columns[0] for look in tall], recogniser, "text")
    turned = _texts([look.columns[1] for look in tall], recogniser, "text")
    for look, one, other in zip(tall, flat, turned, strict=True):
        look.readings = _vertical(look, one, other)
    again = [look for look in looks if look.readings and not _agree(look)]
    for number in (False, True):
        some = [look for look in again if look.number == number]
        shapes = [[stretched(line) for line in look.lines] for look in some]
        alphabet = "number" if number else "text"
        for look, reading in zip(some, _texts(shapes, recogniser, alphabet), strict=True):
            if not look.columns:
                look.readings.append(reading)


def _vertical(look: Look, flat: Reading, turned: Reading) -> list[Reading]:
    """The readings of a tall cell: as vertical print, where that agrees with itself or is surer."""
    across = look.readings[0] if look.readings else Reading("", "rapidocr", 0.0)
    if key(flat.text) == key(across.text):
        return [across]
    if max(flat.confidence, turned.confidence) < across.confidence - 0.2:
        return [across]
    return sorted([flat, turned], key=lambda r: -r.confidence)


def _texts(cells: Sequence[Sequence[Array]], recogniser: Recogniser, alphabet: str) -> list[Reading]:
    """One reading a cell, of all its lines together."""
    found = iter(recogniser.read([line for lines in cells for line in lines], alphabet))
    return [_together([next(found) for _ in lines]) for lines in cells]


def _together(lines: Sequence[Reading]) -> Reading:
    """The reading of a cell from those of its lines, as sure as the least sure of them."""
    lines = [line for line in lines if line.text] or list(lines[:1])
    if not lines:
        return Reading("", "rapidocr", 0.0)
    weakest = min(range(len(lines)), key=lambda i: lines[i].confidence)
    said = [spaced(line.text) for line in lines]
    others = (
        (_joined([*said[:weakest], other, *said[weakest + 1 :]]), share) for other, share in lines[weakest].alternatives
    )
    return Reading(_joined(said), lines[0].by, lines[weakest].confidence, tuple(others))


def spaced(text: str) -> str:
    """The text without the blanks that a recogniser puts between Japanese letters set apart."""
    return re.sub(r"(?<![!-~]) +| +(?![!-~])", "", text)


def _joined(lines: Sequence[str]) -> str:
    text = ""
    for line in lines:
        apart = text and line and not is_cjk(text[-1]) and not is_cjk(line[0])
        text += f" {line}" if apart else line
    return disambiguated(text)


def same(a: str, b: str, number: bool) -> bool:
    """Do two texts say the same, blanks, widths and (in numbers) misread figures aside?"""
    if number:
        a, b = (key(_BETWEEN_FIGURES.sub("/", text)).translate(FIGURES) for text in (a, b))
    else:
        a, b = disambiguated(key(without_noise(a))), disambiguated(key(without_noise(b)))
    if UNKNOWN in a:  # a letter that nobody knows is whatever stands in its place
        return bool(re.fullmatch(re.escape(a).replace(UNKNOWN, "."), b))
    return a == b


def _agree(look: Look) -> bool:
    """Does the cell's own reading say what the page's did, without doubt in it?"""
    own = look.readings[0]
    return UNKNOWN not in look.cell.text and same(look.cell.text, own.text, look.number) and own.confidence >= SURE
