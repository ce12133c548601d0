"""Words and lines of text from a page's characters, whichever way they are turned.

Everything is worked out in the frame in which the text stands upright: a page is turned so that one
rotation's characters become upright, and what was found is turned back. Words are runs of characters with
small gaps, measured in the size of the letters; lines are words on one baseline. Japanese has no blanks
between words, so that a gap between two of its characters is a blank only when it is wide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from operator import attrgetter, itemgetter
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from ..core.geometry import ROTATIONS, BBox, turned, union
from ..core.model import RULING_FILL_EDGE, SOURCES, Array, Flag, Line, Page, Table
from ..text.scripts import logical

WORD_GAP = 0.2  # of the letters' size: a wider gap parts two Latin words
MIXED_GAP = 0.45  # the same between a Latin word and a Japanese one, which are set a quarter apart
WIDE_GAP = 1.0  # of the letters' size: a wider gap parts two Japanese ones
PHRASE_GAP = 1.6  # of the letters' size: a wider gap parts two lines of text that stand side by side
CLIPPED = 0.25  # of a letter's width: what a rule between two letters may clip of either
SHORT_RULE = 3.0  # points: a shorter stroke is a letter's own, or a tick
_RECENT = 4  # pages whose words are kept: finders and lines ask for those of the same page one after the other


class Word(NamedTuple):
    """Characters without a blank between them, upright: their text, box (points), size and font."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    font: int = 0

    @property
    def bbox(self) -> BBox:
        return BBox(self.x0, self.top, self.x1, self.bottom)

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


_MIDDLE_THEN_LEFT, _LEFT = attrgetter("middle", "x0"), itemgetter(1)
_Placed = tuple[list[Word], BBox]  # a line of words, and the box around them


def rotations(page: Page) -> list[int]:
    """The rotations in which the page has text, the most frequent first."""
    found, counts = np.unique(page.chars["rotation"], return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return [int(r) for r in found[order] if int(r) in ROTATIONS]


@lru_cache(maxsize=_RECENT)
def upright(page: Page, rotation: int) -> Page:
    """The page turned so that its text of ``rotation`` stands upright: characters, rulings, fills, images."""
    if not rotation % 360:
        return page
    by = -rotation % 360
    width, height = (page.height, page.width) if by in (90, 270) else (page.width, page.height)
    chars = _turned_boxes(page.chars, by, page)
    chars["rotation"] = (chars["rotation"] - rotation) % 360
    return replace(
        page,
        width=width,
        height=height,
        chars=chars,
        rulings=_turned_boxes(page.rulings, by, page),
        fills=_turned_boxes(page.fills, by, page),
        images=_turned_boxes(page.images, by, page),
    )


def _turned_boxes(records: Array, by: int, page: Page) -> Array:
    turned_records = records.copy()
    edges: list[Any] = [records[name] for name in BBox._fields]
    for name, values in zip(BBox._fields, turned(BBox(*edges), by, page.width, page.height), strict=True):
        turned_records[name] = values
    return turned_records


def is_cjk(char: str) -> bool:
    """Is it a character of Chinese or Japanese writing (ideograph, kana, full-width form)?"""
    return bool(char) and "⺀" <= char[0] <= "￯" and not "가" <= char[0] <= "힣"


def _wide(texts: Array) -> Array:
    """``is_cjk`` of every text."""
    first = np.ascontiguousarray(texts).view(np.uint32).reshape(len(texts), -1)[:, 0]
    return (first >= 0x2E80) & (first <= 0xFFEF) & ~((first >= 0xAC00) & (first <= 0xD7A3))


def _as_number(texts: Array) -> Array:
    """A number for each text, equal for equal ones: numbers are sorted ten times as fast as texts."""
    letters = np.ascontiguousarray(texts).view(np.uint32).reshape(len(texts), -1).astype(np.uint64)
    return np.asarray((letters << np.arange(0, 21 * letters.shape[1], 21, dtype=np.uint64)).sum(axis=1))


def visible(chars: Array) -> Array:
    """The characters that a reader sees, once each.

    Where all text is invisible, it is the text layer of a scan and is kept. A character that is drawn twice
    at one place, a poor man's bold, is one character.
    """
    chars = chars[(chars["flags"] & Flag.HIDDEN) == 0]
    invisible = (chars["flags"] & Flag.INVISIBLE) != 0
    if not invisible.all():
        chars = chars[~invisible]
    if len(chars) < 2:
        return chars
    order = np.lexsort((chars["x0"], np.round(chars["top"]), _as_number(chars["text"])))
    a, b = chars[order[:-1]], chars[order[1:]]
    near = 0.15 * np.maximum(a["size"], 1.0)
    double = a["text"] == b["text"]
    for edge in ("x0", "top", "x1"):
        double &= np.abs(a[edge] - b[edge]) < near
    keep = np.ones(len(chars), bool)
    keep[order[1:][double]] = False
    return chars[keep]


@lru_cache(maxsize=_RECENT)
def words(page: Page) -> tuple[Word, ...]:
    """The upright words of a page, line by line from the top, each line from the left.

    Characters that follow one another both in the drawing order and on a baseline make runs; runs that touch
    make words. A blank that was drawn always parts two words, and so does a rule that stands between two letters:
    what touches across it belongs to two cells.
    """
    chars = visible(page.chars[page.chars["rotation"] == 0])
    if not len(chars):
        return ()
    rules = upright_rules(page)
    runs, spaced = _runs(chars, rules)
    return tuple(word for line in _baselines(runs) for word in _merged(line, spaced, rules))


def upright_rules(page: Page) -> Array:
    """The page's vertical rules from the left: position, top, bottom; shape (n, 3), edges of fills left out."""
    rules = page.rulings[page.rulings["kind"] != RULING_FILL_EDGE]
    width, height = rules["x1"] - rules["x0"], rules["bottom"] - rules["top"]
    rules = rules[(height > width) & (height > SHORT_RULE)]
    found = np.column_stack(((rules["x0"] + rules["x1"]) / 2, rules["top"], rules["bottom"]))
    return np.asarray(found[np.argsort(found[:, 0], kind="stable")])


def between(rules: Array, left: Array, right: Array, middle: Array) -> Array:
    """Which pairs of letters a rule parts.

    Args:
        rules: from ``upright_rules``.
        left: x of the end of each first letter, less what a rule may clip of it.
        right: x of the beginning of each second letter, likewise.
        middle: their height, y.
    """
    low, high = np.searchsorted(rules[:, 0], left), np.searchsorted(rules[:, 0], right, side="right")
    parted = np.zeros(len(left), dtype=bool)
    for pair in np.flatnonzero(high > low).tolist():
        near = rules[low[pair] : high[pair]]
        parted[pair] = ((near[:, 1] <= middle[pair]) & (middle[pair] <= near[:, 2])).any()
    return parted


def inside(found: Sequence[Word], box: BBox) -> list[Word]:
    """The words whose middle lies in ``box``."""
    left, upper, right, lower = box
    return [w for w in found if left <= (w.x0 + w.x1) / 2 <= right and upper <= (w.top + w.bottom) / 2 <= lower]


def outside(found: Sequence[Word], boxes: Sequence[BBox]) -> list[Word]:
    """The words whose middle lies in none of ``boxes``."""
    if not found or not boxes:
        return list(found)
    x0, top, x1, bottom = np.array([word[1:5] for word in found]).T[:, :, None]
    left, upper, right, lower = np.array(boxes).T
    x, y = (x0 + x1) / 2, (top + bottom) / 2
    free = ~((left <= x) & (x <= right) & (upper <= y) & (y <= lower)).any(axis=1)
    return [word for word, is_free in zip(found, free.tolist(), strict=True) if is_free]


def _runs(chars: Array, rules: Array) -> tuple[list[Word], set[tuple[float, float]]]:
    """Runs of characters, and the right ends (x1, top) of those that a drawn blank follows."""
    blank = np.array([not text or text.isspace() for text in chars["text"].tolist()])
    after_blank = np.zeros(len(chars), bool)
    after_blank[1:] = blank[:-1]
    inked = chars[~blank]
    if not len(inked):
        return [], set()
    after_blank = after_blank[~blank]
    size = _sizes(inked)
    gap = inked["x0"][1:] - inked["x1"][:-1]
    wide = _wide(inked["text"])
    limit = np.where(wide[1:] & wide[:-1], 0.5, WORD_GAP) * np.maximum(size[1:], size[:-1])
    middle = (inked["top"] + inked["bottom"]) / 2
    level = np.abs(np.diff(middle)) < 0.25 * np.maximum(size[1:], size[:-1])
    linked = level & (gap < limit) & (gap > -0.6 * size[1:]) & ~after_blank[1:]
    at = np.flatnonzero(linked)
    clip = CLIPPED * (inked["x1"] - inked["x0"])
    linked[at] = ~between(rules, (inked["x1"] - clip)[at], (inked["x0"] + clip)[at + 1], middle[at])
    starts = np.flatnonzero(np.concatenate([[True], ~linked]))
    ends = np.append(starts[1:], len(inked))
    x0 = np.minimum.reduceat(inked["x0"], starts)
    x1 = np.maximum.reduceat(inked["x1"], starts)
    top = np.minimum.reduceat(inked["top"], starts)
    bottom = np.maximum.reduceat(inked["bottom"], starts)
    texts = inked["text"].tolist()
    letters = zip(starts.tolist(), ends.tolist(), strict=True)
    columns = (x0, top, x1, bottom, size[starts], inked["font"][starts])
    boxes = zip(*(column.tolist() for column in columns), strict=True)
    runs = [Word("".join(texts[s:e]), *box) for (s, e), box in zip(letters, boxes, strict=True)]
    spaced = {(runs[i - 1].x1, runs[i - 1].top) for i, s in enumerate(starts) if i and after_blank[s]}
    return runs, spaced


def _sizes(chars: Array) -> Array:
    """The letters' sizes in points; a size that does not fit the box is replaced by the box's height."""
    height = np.maximum(chars["bottom"] - chars["top"], 0.1)
    size = chars["size"].astype(float)
    return np.where((size > 0.4 * height) & (size < 2.5 * height), size, height)


def _baselines(runs: Iterable[Word]) -> list[list[Word]]:
    """Words grouped into lines: those that share at least half of the smaller one's height."""
    lines: list[list[Word]] = []
    bands: list[tuple[float, float, list[Word]]] = []
    for word in sorted(runs, key=_MIDDLE_THEN_LEFT):
        _, _, top, _, bottom, *_ = word
        for upper, lower, line in reversed(bands[-3:]):
            shared = (lower if lower < bottom else bottom) - (upper if upper > top else top)
            if shared >= 0.5 * min(lower - upper, bottom - top):
                line.append(word)
                break
        else:
            lines.append([word])
            bands.append((top, bottom, lines[-1]))
    for line in lines:
        line.sort(key=_LEFT)
    return lines


def _merged(line: list[Word], spaced: set[tuple[float, float]], rules: Array) -> list[Word]:
    """The runs of one line with those joined that touch and that no rule parts."""
    merged: list[Word] = []
    last_end = (0.0, 0.0)
    for run in line:
        if merged and last_end not in spaced and _touch(merged[-1], run) and not _parted_by(rules, merged[-1], run):
            merged[-1] = _joined(merged[-1], run)
        else:
            merged.append(run)
        last_end = (run.x1, run.top)
    return merged


def _touch(a: Word, b: Word) -> bool:
    gap = b.x0 - a.x1
    limit = 0.5 if is_cjk(a.text[-1]) and is_cjk(b.text[0]) else WORD_GAP
    return -0.6 * b.size < gap < limit * max(a.size, b.size)


def _parted_by(rules: Array, a: Word, b: Word) -> bool:
    clip = CLIPPED * min(a.size, b.size)
    return bool(between(rules, *np.array([[a.x1 - clip], [b.x0 + clip], [a.middle]]))[0])


def _joined(a: Word, b: Word) -> Word:
    box = union([a.bbox, b.bbox])
    return Word(a.text + b.text, *box, max(a.size, b.size), a.font)


def spoken(line: Sequence[Word]) -> str:
    """The text of words that follow one another on a line."""
    parts: list[str] = []
    for i, word in enumerate(line):
        if i and not _sticks(line[i - 1], word):
            parts.append(" ")
        parts.append(word.text)
    return logical("".join(parts))


def _sticks(a: Word, b: Word) -> bool:
    """Do two words follow one another without a blank, as Japanese ones do?"""
    japanese = is_cjk(a.text[-1]) + is_cjk(b.text[0])
    limit = (0.0, MIXED_GAP, WIDE_GAP)[japanese]
    return b.x0 - a.x1 <= limit * max(a.size, b.size)


def phrases(line: Sequence[Word], gap: float = PHRASE_GAP) -> list[list[Word]]:
    """A line's words cut where the white between two of them exceeds ``gap`` times the letters' size."""
    cut: list[list[Word]] = []
    for word in line:
        if cut and word.x0 - cut[-1][-1].x1 <= gap * max(word.size, cut[-1][-1].size):
            cut[-1].append(word)
        else:
            cut.append([word])
    return cut


def text_lines(found: Sequence[Word]) -> list[list[Word]]:
    """Words grouped by baseline, from the top; the words of each line from the left."""
    return _baselines(found)


def lines(page: Page, tables: Sequence[Table] = ()) -> list[Line]:
    """The text outside all tables, line by line in reading order, whichever way it is turned.

    Args:
        page: as the reader gave it.
        tables: what was found on the page; a word whose middle lies in one of them is left out.
    """
    found: list[Line] = []
    for rotation in rotations(page):
        frame = upright(page, rotation)
        boxes = [turned(t.bbox, -rotation % 360, page.width, page.height) for t in tables]
        free = outside(words(frame), boxes)
        for line, around in _reading_order([(p, _around(p)) for text in _baselines(free) for p in phrases(text)]):
            box = turned(around, rotation, frame.width, frame.height)
            found.append(Line(page.number, box, spoken(line), rotation, page.reader))
    by = readers(page, [line.bbox for line in found])
    return [line if who == line.reader else replace(line, reader=who) for line, who in zip(found, by, strict=True)]


def readers(page: Page, boxes: Sequence[BBox]) -> list[str]:
    """Who read what stands in each box: the page's reader, or the recogniser that read a picture on it.

    What a recogniser had a hand in, or no letter of the page's own stands in, is the recogniser's.
    """
    recognised = (page.chars["flags"] & Flag.RECOGNISED) != 0
    if SOURCES.get(page.reader) != "text" or not recognised.any():
        return [page.reader] * len(boxes)
    x, y = (page.chars["x0"] + page.chars["x1"]) / 2, (page.chars["top"] + page.chars["bottom"]) / 2
    found = []
    for box in boxes:
        inside = (box.x0 <= x) & (x <= box.x1) & (box.top <= y) & (y <= box.bottom)
        found.append("rapidocr" if recognised[inside].any() or not inside.any() else page.reader)
    return found


def _around(line: Sequence[Word]) -> BBox:
    _, x0s, tops, x1s, bottoms, *_ = zip(*line, strict=True)
    return BBox(min(x0s), min(tops), max(x1s), max(bottoms))


def _reading_order(found: list[_Placed]) -> list[_Placed]:
    """Lines ordered by cutting the area in two at its clearest white band, again and again (XY cut).

    Nagy and Seth, "Hierarchical representation of optically scanned documents" (1984). A vertical band is
    preferred where it parts at least three lines from three others: those are columns of text.
    """
    if len(found) < 2:
        return found
    boxes = [box for _, box in found]
    size = median([line[0].size for line, _ in found])
    columns = _parted(boxes, 0, size)
    if columns and min(map(len, columns)) >= 3:
        return [line for part in columns for line in _reading_order([found[i] for i in part])]
    bands = _parted(boxes, 1, 0.0)
    if bands:
        return [line for part in bands for line in _reading_order([found[i] for i in part])]
    return [found[i] for i in sorted(range(len(found)), key=lambda i: (boxes[i].top, boxes[i].x0))]


def _parted(boxes: list[BBox], axis: int, least: float) -> list[list[int]]:
    """The indices of ``boxes`` on either side of the widest white band across an axis; empty without one."""
    order = sorted(range(len(boxes)), key=lambda i: boxes[i][axis])
    reach, widest, cut = boxes[order[0]][axis + 2], least, 0
    for place, index in enumerate(order[1:], 1):
        white = boxes[index][axis] - reach
        if white > widest:
            widest, cut = white, place
        reach = max(reach, boxes[index][axis + 2])
    return [order[:cut], order[cut:]] if cut else []
