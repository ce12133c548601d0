"""Reads doubtful cells again, from their picture, and weighs what the readings say.

A cell whose text came from a recogniser has been read once, as part of a line of the page. Here its own
picture is cut out, its lines are read apart, figures over an alphabet of figures. Two readings that agree settle
it; where they differ a third, of the picture in another shape, decides which is likelier, and the cell is
doubted unless two of them are sure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

import numpy as np

from ..core.geometry import BBox
from ..core.model import SOURCES, Array, Cell, Reading, Table
from ..core.protocols import Document, Recogniser
from ..imaging import Raster, raster
from ..imaging.lines import cleaned, columns_of, is_vertical, laid_flat, letter_size, line_crops, on_white
from ..page.words import is_cjk
from ..text.confusables import told_apart
from ..text.noise import unsound, with_brackets_closed, without_stop, without_strays
from ..text.normalize import UNKNOWN, key
from .ditto import MARK, is_ditto

_WORDY = 12  # cells that show how large a table's letters are
_LIKE = 0.85  # of that size: no smaller are the letters of its other cells
_LETTER = 10.0  # points: a letter, where a cell does not show how large its letters are
_NUMBER = re.compile(r"[(△▲\-ー一]*[\d,.\s]*[)%件人円]*")
_NUMERALS, _DASHES = tuple("二三四五六七八九"), ("一", "ー")
_MOSTLY = 0.6  # the share of a column's cells that are numbers, for it to be one of numbers
_SURE = 0.9
_AGREED = 0.85  # two readings that agree need to be no surer than this
_LIKELY = 0.7  # what two readings of a phrase need that a second cell says too
_SURER = 0.96  # what two readings need against a third that differs
_ORDERLY = 0.7  # the likeness of two readings from which they are of the same line in the same order
_WHOLE = 0.7  # the share of its letters that the page's reading must have to speak for a text
_SMALL = 2  # letters that dirt may look like
_PHRASE = 4  # letters of a phrase that is no chance
_SPECK = 0.085  # ems: what is smaller both ways is dirt
_MARKS = "、。,.・'\":;-|1 "
_EDGES = "1・|.-',:"
_VARIANTS = str.maketrans("齡髙\u9ad9", "齢高高")
_FIGURES = str.maketrans("OoQ〇○lI|iー一=、・。", "000001111---,..")


@dataclass(slots=True)
class _Look:
    """A cell that is to be read, its pictures, and what was read."""

    cell: Cell
    number: bool
    lines: list[Array]
    columns: list[list[Array]]  # the same as vertical print, in two ways; empty where it cannot be
    readings: list[Reading] = field(default_factory=list)


def recover(tables: Iterable[Table], document: Document, recogniser: Recogniser) -> list[Table]:
    """The tables, their doubtful cells read again and settled or doubted.

    Args:
        tables: of any pages; a page's picture is made once where its tables follow each other.
        document: where the pages' pictures come from.
        recogniser: reads the pictures of lines.
    """
    return [_recovered(table, document, recogniser) for table in tables]


def doubtful(cell: Cell) -> bool:
    """Was it read by a recogniser, or has its text letters that nobody knows?"""
    return any(SOURCES.get(r.by) == "ocr" and r.by != "ocr_text" for r in cell.readings) or UNKNOWN in cell.text


def _recovered(table: Table, document: Document, recogniser: Recogniser) -> Table:
    scanned = any(c.fallible for c in table.cells)
    typed = {i for i, c in enumerate(table.cells) if c.readings and c.readings[0].by == "ocr_text"}
    unsure = {i for i, c in enumerate(table.cells) if _unsure(c)}
    lacking = {i for i, c in enumerate(table.cells) if doubtful(c) or (scanned and not c.text)}
    again = sorted((unsure | lacking) - typed)
    if not again:
        return table
    numbers, counted = _number_columns(table), {c.col for c in table.cells if key(c.text) in _NUMERALS}
    usual = _usual(table, document)
    looks: dict[int, _Look] = {}
    result = list(table.cells)
    for i in again:
        cell = result[i]
        number = _is_number(cell, numbers, counted)
        looks[i] = _look(cell, raster(document, cell.page), table.rotation, number, usual)
    _read(list(looks.values()), recogniser)
    repeated = _repeated(looks.values())
    for i, look in looks.items():
        cell = _confirmed(look) if i in unsure - lacking else _settled(look, repeated)
        result[i] = replace(cell, bbox=raster(document, cell.page).displayed(cell.bbox))
    cells = _unstopped(result)
    return replace(table, cells=tuple(cells if table.kind == "ruled" else _guessed(cells, looks)))


def _guessed(cells: Sequence[Cell], looks: dict[int, _Look]) -> list[Cell]:
    """The cells of a table that no rules part, its words doubted where some go on over lines: any line may be a row."""
    worded = {i for i, look in looks.items() if cells[i].text and not look.number}
    wrapped = any(len(looks[i].lines) > 1 for i in worded) and 2 * len(worded) > sum(bool(c.text) for c in cells)
    return [c.doubted("guessed-rows", c.text) if wrapped and i in worded else c for i, c in enumerate(cells)]


def _unstopped(cells: Sequence[Cell]) -> list[Cell]:
    """The cells, those from a picture doubted whose 。 may be worn away, as the others of their column have one."""
    result = list(cells)
    for col in {c.col for c in cells}:
        places = [i for i, c in enumerate(cells) if c.col == col and c.text]
        for i in without_stop([cells[place].text for place in places]):
            if cells[places[i]].fallible:
                result[places[i]] = cells[places[i]].doubted("unsure-reading", cells[places[i]].text, "。")
    return result


def _unsure(cell: Cell) -> bool:
    """Is every letter of a cell in doubt, as its page's font map lost others: may some be missing here too?"""
    if not cell.readings or cell.readings[0].by != "glyphs":
        return False
    said = "".join(cell.text.split())
    return any(d.kind == "unsure-reading" and "".join(d.values[1].split()) == said for d in cell.doubts)


def _confirmed(look: _Look) -> Cell:
    """The cell without that doubt, if its picture is read to say just that."""
    same = (_same(look.cell.text, r.text, look.number) and r.confidence >= _LIKELY for r in look.readings)
    return look.cell.settled("unsure-reading") if any(same) else look.cell


def _number_columns(table: Table) -> set[int]:
    """The columns most of whose filled cells hold a number."""
    said: dict[int, list[bool]] = {}
    for cell in table.cells:
        if cell.text.strip() and cell.col_span == 1:
            said.setdefault(cell.col, []).append(_like_number(cell.text))
    return {col for col, likes in said.items() if sum(likes) >= _MOSTLY * len(likes) and sum(likes) > 1}


def _like_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(key(text).translate(_FIGURES)))


def _is_number(cell: Cell, columns: set[int], counted: set[int]) -> bool:
    """Is the cell to be read over figures? In a column of numbers also what is short and no word.

    A lone 一 is a dash, but in columns (``counted``) that count 一, 二, 三.
    """
    text = key(cell.text)
    if text in _DASHES and cell.col not in counted:
        return True
    if cell.col in columns:
        return _like_number(text) or (len(text) <= 1 and not is_cjk(text or "0"))
    return bool(text) and _like_number(text) and any(c.isdigit() for c in text)


def _crop(cell: Cell, picture: Raster, rotation: int) -> Array:
    return on_white(np.rot90(picture.crop(_inside(cell.bbox)), rotation // 90))


def _usual(table: Table, document: Document) -> float:
    """The size of the table's letters in points, by some cells with many of them; 0.0 where it has none."""
    wordy = sorted((c for c in table.cells if c.fallible), key=lambda c: -len(c.text))[:_WORDY]
    pictures = [(c, raster(document, c.page)) for c in wordy if len(c.text) >= _PHRASE]
    sizes = [letter_size(_crop(c, p, table.rotation) < 160, _LETTER * p.scale) / p.scale for c, p in pictures]
    return float(np.median(sizes)) if sizes else 0.0


def _look(cell: Cell, picture: Raster, rotation: int, number: bool, usual: float) -> _Look:
    """The pictures of a cell's lines, upright; ``usual`` is the size of its table's letters in points."""
    crop = _crop(cell, picture, rotation)
    em = letter_size(crop < 160, _LETTER * picture.scale)
    if not number and len(cell.text) < _PHRASE:  # the parts of few letters may all be small: 合 over 計
        em = max(em, _LIKE * usual * picture.scale)
    crop = cleaned(crop, picture.scale, float(np.clip(_SPECK * em / picture.scale, 0.4, 0.8)))
    ink = crop < 160
    if ink.sum() < 0.25 * picture.scale**2:
        return _Look(cell, number, [], [])
    if is_ditto(crop, picture.scale):
        return _Look(cell, number, [], [], [Reading(MARK, "rapidocr", _SURE)])
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    tall = rows[-1] - rows[0] > max(1.8 * em, 1.2 * (columns[-1] - columns[0]))
    vertical = [laid_flat(crop, em), columns_of(crop, em)] if tall and not number and is_vertical(ink, em) else []
    return _Look(cell, number, line_crops(crop, em), vertical)


def _inside(box: BBox) -> BBox:
    """The box without the rules that bound it."""
    return box.grown(-0.4) if min(box.width, box.height) > 4 else box


def _read(looks: Sequence[_Look], recogniser: Recogniser) -> None:
    """Readings of every look: of its lines, or of its columns where they read better."""
    for number in (False, True):
        some = [look for look in looks if look.number == number and look.lines]
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
        shapes = [[_stretched(line) for line in look.lines] for look in some]
        alphabet = "number" if number else "text"
        for look, reading in zip(some, _texts(shapes, recogniser, alphabet), strict=True):
            if not look.columns:
                look.readings.append(reading)


def _vertical(look: _Look, flat: Reading, turned: Reading) -> list[Reading]:
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
    said = [_spaced(line.text) for line in lines]
    others = (
        (_joined([*said[:weakest], other, *said[weakest + 1 :]]), share) for other, share in lines[weakest].alternatives
    )
    return Reading(_joined(said), lines[0].by, lines[weakest].confidence, tuple(others))


def _spaced(text: str) -> str:
    """The text without the blanks that a recogniser puts between Japanese letters set apart."""
    return re.sub(r"(?<![!-~]) +| +(?![!-~])", "", text)


def _joined(lines: Sequence[str]) -> str:
    text = ""
    for line in lines:
        apart = text and line and not is_cjk(text[-1]) and not is_cjk(line[0])
        text += f" {line}" if apart else line
    return told_apart(text)


def _stretched(line: Array) -> Array:
    """The same line in another shape, its contrast hardened: the recogniser sees other places and other greys."""
    import cv2

    height, width = line.shape
    wide = cv2.resize(line, (round(width * 1.12), height), interpolation=cv2.INTER_LINEAR)
    smooth = cv2.GaussianBlur(wide, (3, 3), 0)
    _, even = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    mixed = cv2.addWeighted(smooth, 0.5, np.asarray(even, np.uint8), 0.5, 0)
    return np.pad(mixed, ((height // 12, height // 8), (height // 6, height // 6)), constant_values=255)


def _same(a: str, b: str, number: bool) -> bool:
    """Do two texts say the same, blanks, widths and (in numbers) misread figures aside?"""
    if number:
        a, b = key(a).translate(_FIGURES), key(b).translate(_FIGURES)
    else:
        a, b = told_apart(key(without_strays(a))), told_apart(key(without_strays(b)))
    if UNKNOWN in a:  # a letter that nobody knows is whatever stands in its place
        return bool(re.fullmatch(re.escape(a).replace(UNKNOWN, "."), b))
    return a == b


def _agree(look: _Look) -> bool:
    """Does the cell's own reading say what the page's did, without doubt in it?"""
    own = look.readings[0]
    return UNKNOWN not in look.cell.text and _same(look.cell.text, own.text, look.number) and own.confidence >= _SURE


def _repeated(looks: Iterable[_Look]) -> set[tuple[int, str]]:
    """Phrases (with their column) that two cells of it say, each read alike in two pictures of its own."""
    alike = [look for look in looks if len(look.readings) == 1 or _own_agree(look, _LIKELY)]
    said = Counter((look.cell.col, key(look.readings[0].text)) for look in alike)
    return {phrase for phrase, times in said.items() if times > 1 and len(phrase[1]) >= _PHRASE}


def _own_agree(look: _Look, sure: float) -> bool:
    """Do both readings of the cell's own pictures say the same, each at least so sure of it?"""
    if look.number or len(look.readings) < 2:
        return False
    first, second = look.readings[:2]
    return _same(first.text, second.text, False) and min(first.confidence, second.confidence) >= sure


def _overruled(look: _Look, repeated: set[tuple[int, str]]) -> bool:
    """Do the cell's own pictures, read alike twice, outweigh the page's reading?

    They do not where the page's reading, in order otherwise, has another letter or one more: that may be the
    right one, unless a second cell of the column says the same. Marks, doubled letters and lines that ran into
    each other are the page's own fault.
    """
    if not _own_agree(look, _LIKELY):
        return False
    own, page = key(look.readings[0].text).translate(_VARIANTS), key(look.cell.text).translate(_VARIANTS)
    if (look.cell.col, key(look.readings[0].text)) in repeated:
        return True
    if not _own_agree(look, _SURE):
        return False
    if all(c in own or c in _MARKS for c in page) and (all(c in page for c in own) or _own_agree(look, _SURER)):
        return len(page) >= _WHOLE * len(own)
    orderly = SequenceMatcher(None, own, page, autojunk=False).ratio() >= _ORDERLY
    return not orderly and len(own) >= _PHRASE and _own_agree(look, _SURER)


def _settled(look: _Look, repeated: set[tuple[int, str]]) -> Cell:
    """The cell with what it says, and with a doubt where that is not sure."""
    cell = look.cell
    before = cell.text
    if not look.readings:
        return cell if not before.strip() else cell.read("", "rapidocr", 0.5).doubted("readings-differ", before, "")
    candidates = [r for r in look.readings if r.text]
    if not candidates:
        return cell.doubted("illegible", before)
    best = max(candidates, key=lambda r: (_votes(r.text, look), r.confidence))
    votes, sure = _votes(best.text, look), max(r.confidence for r in candidates if r.text == best.text)
    best, others = _weighed(look, candidates, best, votes)
    cell = cell.read(best.text, best.by, best.confidence, alternatives=best.alternatives)
    overruled = _overruled(look, repeated) and _same(best.text, look.readings[0].text, look.number)
    if others and not overruled:
        return cell.doubted("readings-differ", best.text, next(iter(others)))
    alone = not before.strip() and len(key(best.text)) <= _SMALL  # where the page showed nothing, dirt may be read
    sound = look.number or not unsound(best.text)
    if ((votes >= 2 and sure >= _AGREED) or overruled) and sound and not alone:
        return cell
    return cell.doubted("unsure-reading", best.text, "、".join(t for t, _ in best.alternatives[:3]))


def _weighed(look: _Look, candidates: Sequence[Reading], best: Reading, votes: int) -> tuple[Reading, dict[str, float]]:
    """The best reading, mended where the others outvote it, and what they say instead."""
    before = look.cell.text
    others = {r.text: 0.5 * r.confidence for r in candidates if not _same(r.text, best.text, look.number)}
    if before and not _same(before, best.text, look.number):
        others.setdefault(before, 0.3)
    text, likely = best.text, [t for t, _ in best.alternatives]
    if not look.number:
        if votes < 2 and before and len(candidates) > 1:
            text = outvoted(text, _spaced(before), next(r.text for r in candidates if r is not best))
        if unsound(text):
            text = _without_dirt(text, [before, *(r.text for r in candidates), *others, *likely])
        if before and key(text.strip(_EDGES)) == key(before):  # what is left of a rule beside the cell
            text = before
    if not any(_same(text, t, look.number) for t in (before, *(r.text for r in candidates))):
        others.setdefault(best.text, 0.5)
    rest = ((t, p) for t, p in best.alternatives if t not in others)
    return replace(best, text=text, alternatives=(*others.items(), *rest)), others


def _without_dirt(text: str, others: Sequence[str]) -> str:
    """The text without marks that dirt left: as another one says, or as it may be read with sound brackets."""
    near = (t for t in map(_spaced, others) if abs(len(t) - len(text)) <= 1 and not unsound(t))
    return next(near, with_brackets_closed(without_strays(text)))


def outvoted(text: str, one: str, other: str) -> str:
    """The text, its letters changed where two other readings both say the same instead.

    Three readings of a long cell seldom agree as a whole, but hardly ever err at the same letter.
    """
    first, second = _changes(text, one), _changes(text, other)
    for (start, end), said in sorted(first.items(), reverse=True):
        if second.get((start, end)) == said:
            text = text[:start] + said + text[end:]
    return text


def _changes(text: str, other: str) -> dict[tuple[int, int], str]:
    """What the other text has instead, by the places in the first."""
    matched = SequenceMatcher(None, text, other, autojunk=False)
    return {(a, b): other[c:d] for tag, a, b, c, d in matched.get_opcodes() if tag != "equal"}


def _votes(text: str, look: _Look) -> int:
    """How many readings say so, the page's among them if it knows all its letters."""
    said = [look.cell.text] + [r.text for r in look.readings]
    return sum(_same(other, text, look.number) for other in said if other and UNKNOWN not in other)
