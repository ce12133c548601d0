"""Reads doubtful cells again, from their picture, and weighs what the readings say.

A cell whose text came from a recogniser has been read once, as part of a line of the page. Here its own
picture is cut out, its lines are read apart, figures over an alphabet of figures. Two readings that agree settle
it; where they differ a third, of the picture in another shape, decides which is likelier, and the cell is
doubted unless two of them are sure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from ..core.geometry import BBox
from ..core.model import SOURCES, Cell, Reading, Table
from ..core.protocols import Document, Recogniser
from ..imaging import raster
from ..page.words import is_cjk
from ..text.letters import preferred
from ..text.noise import unsound, with_brackets_closed, without_noise, without_stop
from ..text.normalize import UNKNOWN, key
from .looks import FIGURES, PHRASE, SURE, Look, look_at, read, same, side_by_side, spaced, usual_size

_NUMBER = re.compile(r"[(△▲\-ー一]*[\d,.\s]*[)%件人円]*")
_DIGITS = re.compile(r"[\d,.]{2,}")
_NUMERALS, _DASHES = tuple("二三四五六七八九"), ("一", "ー")
_MOSTLY = 0.6  # the share of a column's cells that are numbers, for it to be one of numbers
_AGREED = 0.85  # two readings that agree need to be no surer than this
_LIKELY = 0.7  # what two readings of a phrase need that a second cell says too
_RIVAL = 0.02  # the share from which an alternative speaks against a text
_SURER = 0.96  # what two readings need against a third that differs
_ORDERLY = 0.7  # the likeness of two readings from which they are of the same line in the same order
_WHOLE = 0.7  # the share of its letters that the page's reading must have to speak for a text
_SMALL = 2  # letters that dirt may look like
_MARKS = "、。,.・'\":;-|1 "
_EDGES = "1・|.-',:"


def recover(
    tables: Iterable[Table],
    document: Document,
    recogniser: Recogniser,
    second: Recogniser | None = None,
    certain: Collection[BBox] = (),
) -> list[Table]:
    """The tables, their doubtful cells read again and settled or doubted.

    Args:
        tables: of any pages; a page's picture is made once where its tables follow each other.
        document: where the pages' pictures come from.
        recogniser: reads the pictures of lines.
        second: a reader of another make that reads figures; what it is not sure of the first one reads.
        certain: boxes of cells whose words need no second reading.
    """
    return [_recovered(table, document, (recogniser, second), certain) for table in tables]


def doubtful(cell: Cell) -> bool:
    """Was it read by a recogniser, or has its text letters that nobody knows?"""
    return any(SOURCES.get(r.by) == "ocr" and r.by != "ocr_text" for r in cell.readings) or UNKNOWN in cell.text


def _recovered(
    table: Table, document: Document, readers: tuple[Recogniser, Recogniser | None], certain: Collection[BBox]
) -> Table:
    scanned = any(c.fallible for c in table.cells)
    typed = {i for i, c in enumerate(table.cells) if c.readings and c.readings[0].by == "ocr_text"}
    unsure = {i for i, c in enumerate(table.cells) if _unsure(c)}
    lacking = {i for i, c in enumerate(table.cells) if doubtful(c) or (scanned and not c.text)}
    again = sorted((unsure | lacking) - typed)
    if not again:
        return table
    numbers, counted = _number_columns(table), {c.col for c in table.cells if key(c.text) in _NUMERALS}
    usual = usual_size(table, document)
    looks: dict[int, Look] = {}
    result = list(table.cells)
    for i in again:
        cell = result[i]
        number = _is_number(cell, numbers, counted)
        if cell.bbox in certain and table.kind == "ruled" and not number and _is_wording(cell.text):
            result[i] = replace(cell, bbox=raster(document, cell.page).displayed(cell.bbox))
            continue
        looks[i] = look_at(cell, raster(document, cell.page), table.rotation, number, usual)
    read(list(looks.values()), *readers)
    repeated = _repeated(looks.values())
    for i, look in looks.items():
        cell = _confirmed(look) if i in unsure - lacking else _settled(look, repeated)
        result[i] = replace(cell, bbox=raster(document, cell.page).displayed(cell.bbox))
    cells = _unstopped(result)
    return replace(table, cells=tuple(cells if table.kind == "ruled" else _guessed(cells, looks)))


def _is_wording(text: str) -> bool:
    """Words, sound as they stand: letters that dirt may look like are not, nor is what holds a figure."""
    return len(key(text)) >= _SMALL and not unsound(text) and not any(c.isdigit() for c in text) and is_cjk(text[0])


def _guessed(cells: Sequence[Cell], looks: dict[int, Look]) -> list[Cell]:
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


def _confirmed(look: Look) -> Cell:
    """The cell without that doubt, if its picture is read to say just that."""
    alike = (same(look.cell.text, r.text, look.number) and r.confidence >= _LIKELY for r in look.readings)
    return look.cell.settled("unsure-reading") if any(alike) else look.cell


def _number_columns(table: Table) -> set[int]:
    """The columns most of whose filled cells hold a number."""
    said: dict[int, list[bool]] = {}
    for cell in table.cells:
        if cell.text.strip() and cell.col_span == 1:
            said.setdefault(cell.col, []).append(_like_number(cell.text))
    return {col for col, likes in said.items() if sum(likes) >= _MOSTLY * len(likes) and sum(likes) > 1}


def _like_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(key(text).translate(FIGURES)))


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


def _repeated(looks: Iterable[Look]) -> set[tuple[int, str]]:
    """Phrases (with their column) that two cells of it say, each read alike in two pictures of its own."""
    alike = [look for look in looks if len(look.readings) == 1 or _own_agree(look, _LIKELY)]
    said = Counter((look.cell.col, key(look.readings[0].text)) for look in alike)
    return {phrase for phrase, times in said.items() if times > 1 and len(phrase[1]) >= PHRASE}


def _own_agree(look: Look, sure: float) -> bool:
    """Do both readings of the cell's own pictures say the same, each at least so sure of it?"""
    if look.number or len(look.readings) < 2:
        return False
    first, second = look.readings[:2]
    return same(first.text, second.text, False) and min(first.confidence, second.confidence) >= sure


def _overruled(look: Look, repeated: set[tuple[int, str]]) -> bool:
    """Do the cell's own pictures, read alike twice, outweigh the page's reading?

    They do not where the page's reading, in order otherwise, has another letter or one more: that may be the
    right one, unless a second cell of the column says the same. Marks, doubled letters and lines that ran into
    each other are the page's own fault.
    """
    if not _own_agree(look, _LIKELY):
        return False
    own, page = key(look.readings[0].text), key(look.cell.text)
    if (look.cell.col, key(look.readings[0].text)) in repeated:
        return True
    if not _own_agree(look, SURE):
        return False
    if all(c in own or c in _MARKS for c in page) and (all(c in page for c in own) or _own_agree(look, _SURER)):
        return len(page) >= _WHOLE * len(own)
    orderly = SequenceMatcher(None, own, page, autojunk=False).ratio() >= _ORDERLY
    return not orderly and len(own) >= PHRASE and _own_agree(look, _SURER)


def _settled(look: Look, repeated: set[tuple[int, str]]) -> Cell:
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
    overruled = _overruled(look, repeated) and same(best.text, look.readings[0].text, look.number)
    worded = not look.number and votes >= 2 and sure >= _LIKELY and not unsound(best.text)
    overruled = overruled or (worded and _likelier(best, others))
    if others and not overruled:
        return cell.doubted("readings-differ", best.text, next(iter(others)))
    if _DIGITS.fullmatch(key(best.text)) and side_by_side(look):
        return cell.doubted("side-by-side", best.text)
    alone = not before.strip() and len(key(best.text)) <= _SMALL  # where the page showed nothing, dirt may be read
    sound = look.number or not unsound(best.text)
    if ((votes >= 2 and sure >= _AGREED) or overruled) and sound and not alone:
        return cell
    return cell.doubted("unsure-reading", best.text, "、".join(t for t, _ in best.alternatives[:3]))


def _likelier(best: Reading, others: Iterable[str]) -> bool:
    """Is all else that was read of some words, or is nearly as sure, far less likely as words?"""
    rivals = {text for text, share in best.alternatives if share >= _RIVAL} | set(others)
    return bool(rivals) and all(same(best.text, rival, False) or preferred(best.text, rival) for rival in rivals)


def _weighed(look: Look, candidates: Sequence[Reading], best: Reading, votes: int) -> tuple[Reading, dict[str, float]]:
    """The best reading, mended where the others outvote it, and what they say instead."""
    before = look.cell.text
    others = {r.text: 0.5 * r.confidence for r in candidates if not same(r.text, best.text, look.number)}
    if before and not same(before, best.text, look.number):
        others.setdefault(before, 0.3)
    text, likely = best.text, [t for t, _ in best.alternatives]
    if not look.number:
        if votes < 2 and before and len(candidates) > 1:
            text = outvoted(text, spaced(before), next(r.text for r in candidates if r is not best))
        if unsound(text):
            text = _without_dirt(text, [before, *(r.text for r in candidates), *others, *likely])
        if before and key(text.strip(_EDGES)) == key(before):  # what is left of a rule beside the cell
            text = before
    if not any(same(text, t, look.number) for t in (before, *(r.text for r in candidates))):
        others.setdefault(best.text, 0.5)
    rest = ((t, p) for t, p in best.alternatives if t not in others)
    return replace(best, text=text, alternatives=(*others.items(), *rest)), others


def _without_dirt(text: str, others: Sequence[str]) -> str:
    """The text without marks that dirt left: as another one says, or as it may be read with sound brackets."""
    near = (t for t in map(spaced, others) if abs(len(t) - len(text)) <= 1 and not unsound(t))
    return next(near, with_brackets_closed(without_noise(text)))


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


def _votes(text: str, look: Look) -> int:
    """How many readings say so, the page's among them if it knows all its letters."""
    said = [look.cell.text] + [r.text for r in look.readings]
    return sum(same(other, text, look.number) for other in said if other and UNKNOWN not in other)
