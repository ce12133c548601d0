"""Blocks of text as they were drawn: the lines of one cell follow one another in the file.

Programs draw a table cell by cell and row by row. Where a page says so, the lines of a cell that wraps belong
together however close the next column stands, and a row ends where the drawing goes back to the left. Nothing
of this is taken on trust: the blocks must make a grid (``grid``), or white space decides as ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise, zip_longest
from typing import NamedTuple

import numpy as np

from ...core.geometry import BBox
from ...core.model import SOURCES, Array
from ...page.words import Word, is_cjk, visible
from ...text.parse import is_figure
from ..view import Frame
from .close import label_widths, spread_joined
from .lines import Phrase, is_number, is_spread, phrase
from .rows import rule_between

GAP = 0.55  # of the letters' size: a wider white parts two pieces of a line
MARK_GAP = 0.8  # the same beside a mark
NUMBER_GAP = 0.3  # the same between two digits
UNIT_GAP = 0.2  # the same between a figure's unit and the next figure
BLANK_GAP = 2.2  # the same where a blank was drawn between them
SOFT = 1.4  # up to which a white may be a blank of full width that was not drawn
WORD_GAP = 0.2  # a wider white parts two words of a piece
SOLID = 0.05  # the same between letters of which one is Japanese, which are set without any white
RULE_GAP = 0.2  # of the letters' size: by so much may letters reach over the rule that parts them
LEADING = 0.9  # of the letters' size: lines of one cell stand no farther apart
FLUSH = 0.6  # of the letters' size: by so much may lines of a cell be off the same left, middle or right
_UNIT = "件"  # may stand below its figure
SIGNS = frozenset("△▲$¥￥€£")  # may stand away from their figures
SAME_SIZE = 1.15  # letters of one cell differ in size by no more


class Block(NamedTuple):
    """The lines of a cell, from the top, and the box around them (points, upright frame)."""

    lines: tuple[Phrase, ...]
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def size(self) -> float:
        return self.lines[0].size

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def block(lines: Sequence[Phrase]) -> Block:
    """The block that ``lines`` make."""
    return Block(
        tuple(lines),
        min(p.x0 for p in lines),
        min(p.top for p in lines),
        max(p.x1 for p in lines),
        max(p.bottom for p in lines),
    )


def is_value_block(b: Block) -> bool:
    """Is a block one number, or a mark for none?"""
    return len(b.lines) == 1 and all(is_number(w.text) for w in b.lines[0].words)


def blocks(frame: Frame, taken: Sequence[BBox] = ()) -> list[Block]:
    """The blocks of a page's upright text outside the boxes ``taken`` (this frame), as they were drawn.

    None where the text was recognised: then the order of its letters says nothing.
    """
    if SOURCES.get(frame.page.reader) != "text":
        return []
    chars = visible(frame.page.chars[frame.page.chars["rotation"] == 0])
    for box in taken:
        x, y = (chars["x0"] + chars["x1"]) / 2, (chars["top"] + chars["bottom"]) / 2
        chars = chars[~((box.x0 <= x) & (x <= box.x1) & (box.top <= y) & (y <= box.bottom))]
    made: list[list[Phrase]] = []
    pieces = list(_pieces(chars, frame.vertical))
    for i, (line, after) in enumerate(zip_longest(pieces, pieces[1:])):
        if len(made) > 1 and (whole := _with_blank(*made[-2:])) and _wraps_to(whole, pieces[i:], frame):
            made[-2:] = [[whole, line]]
        elif made and _goes_on(made[-1], line, frame.horizontal) and not _leads(line, after):
            made[-1].append(line)
        else:
            made.append([line])
    return _spread_joined(_unstacked([block(lines) for lines in made]))


def _spread_joined(found: Sequence[Block]) -> list[Block]:
    """The blocks, single letters joined that are drawn one by one over the width of a label (均等割付)."""
    lines: list[list[Block]] = []
    for b in found:
        last = lines[-1][-1] if lines else None
        level = last and len(last.lines) == len(b.lines) == 1 and abs(b.top - last.top) < 0.2 * b.size
        if last and level and b.x0 >= last.x1:
            lines[-1].append(b)
        else:
            lines.append([b])
    evenly = [[p for b in line for p in b.lines if len(p.text) == 1] for line in lines]
    evenly = [run for run in evenly if len(run) > 2 and is_spread([w for p in run for w in p.words])]
    labels = label_widths(b.lines[0] for b in found) + [(run[0].x0, run[-1].x1) for run in evenly]
    joined: list[Block] = []
    for line in lines:
        several = len(line) > 1
        joined += [block([p]) for p in spread_joined([b.lines[0] for b in line], labels)] if several else line
    return joined


def _unstacked(found: Sequence[Block]) -> list[Block]:
    """The blocks, figures one below the other apart where each is level with a line of its own beside it.

    Spreadsheets may draw a column of figures before the rest of its rows.
    """
    heights = [(b.middle, b.size) for b in found if len(b.lines) == 1]
    apart: list[Block] = []
    for b in found:
        stacked = len(b.lines) > 1 and all(is_figure(p.text) or p.text in SIGNS for p in b.lines)
        middles = [(p.top + p.bottom) / 2 for p in b.lines] if stacked else []
        beside = (any(abs(m - at) < 0.2 * size for at, size in heights) for m in middles)
        apart += [block([p]) for p in b.lines] if stacked and all(beside) else [b]
    return apart


def _leads(line: Phrase, after: Phrase | None) -> bool:
    """Does a line begin a row? What is drawn after the last line of a cell that wraps stands higher than it."""
    return after is not None and abs(after.top - line.top) < 0.2 * line.size and after.x0 > line.x1


def _with_blank(a: Sequence[Phrase], b: Sequence[Phrase]) -> Phrase | None:
    """Two pieces of a line with a blank of full width between them, as in 第2号　本人の同意, as one."""
    near = len(a) == len(b) == 1 and abs(a[0].top - b[0].top) < 0.2 * b[0].size
    if not near or not 0 < b[0].x0 - a[0].x1 < SOFT * b[0].size or is_number(b[0].text):
        return None
    return phrase([*a[0].words, *b[0].words])


def _wraps_to(first: Phrase, rest: Sequence[Phrase], frame: Frame) -> bool:
    """Do the lines that follow go on ``first``: what is drawn after them stands half way down, or level with it?

    Or two rules bound them all.
    """
    lines = _with_next(first, rest, frame)
    beside = rest[len(lines) - 1 :]
    if len(lines) < 2 or abs(rest[0].x0 - first.x0) > FLUSH * first.size:
        return False
    if _banded(first, lines[-1], frame.horizontal):
        return True
    if not beside or beside[0].x0 < first.x1:
        return False
    after = _with_next(beside[0], beside[1:], frame)
    middle, own = (after[0].top + after[-1].bottom) / 2, (first.top + lines[-1].bottom) / 2
    return min(abs(middle - own), abs(after[0].top - first.top)) < 0.25 * first.size


def _banded(first: Phrase, last: Phrase, rules: Array) -> bool:
    """Does a rule run right above the first of some lines, and another one right below the last?"""
    over = (rules[:, 1] < first.x1) & (rules[:, 2] > first.x0)
    above, below = first.top - rules[over, 0], rules[over, 0] - last.bottom
    near = (-0.3 * first.size, first.size)
    return all(bool(((near[0] < gap) & (gap < near[1])).any()) for gap in (above, below))


def _with_next(first: Phrase, rest: Sequence[Phrase], frame: Frame) -> list[Phrase]:
    """A line with those of ``rest`` that go on it."""
    lines = [first]
    for line in rest:
        if not _goes_on(lines, line, frame.horizontal):
            break
        lines.append(line)
    return lines


def _pieces(chars: Array, rules: Array) -> Iterable[Phrase]:
    """The runs of letters that were drawn one after the other on one line; vertical ``rules`` part them."""
    blank = np.array([not t or t.isspace() for t in chars["text"].tolist()], bool)
    spaced = np.zeros(len(chars), bool)
    spaced[1:] = blank[:-1]
    inked, spaced = chars[~blank], spaced[~blank]
    if not len(inked):
        return
    size = np.maximum(inked["size"].astype(float), 0.4 * (inked["bottom"] - inked["top"]))
    middle = (inked["top"] + inked["bottom"]) / 2
    gap = inked["x0"][1:] - inked["x1"][:-1]
    largest = np.maximum(size[1:], size[:-1])
    level = np.abs(np.diff(middle)) < 0.25 * largest
    digit = np.array([text.isdigit() for text in inked["text"].tolist()], bool)
    unit = np.isin(inked["text"], ("件", "人"))
    mark = np.isin(inked["text"], tuple("、。，．・（）「」：；"))  # set on half a letter, some of them
    wide = np.where(mark[1:] | mark[:-1], MARK_GAP, GAP)
    limit = np.where(digit[1:] & digit[:-1], NUMBER_GAP, np.where(digit[1:] & unit[:-1], UNIT_GAP, wide))
    figure = digit | np.isin(inked["text"], tuple("-－―–—−‐"))
    soft = spaced[1:] & ~(figure[1:] & figure[:-1])  # a blank between two figures parts them
    near = (gap > -0.6 * largest) & (gap < np.where(soft, BLANK_GAP, limit) * largest)
    near &= level
    slack = RULE_GAP * largest
    for x, top, bottom in rules.tolist():
        near &= ~(
            (inked["x1"][:-1] - slack < x) & (x < inked["x0"][1:] + slack) & (top < middle[1:]) & (middle[1:] < bottom)
        )
    starts = np.flatnonzero(np.concatenate([[True], ~near]))
    for begin, end in pairwise([*starts.tolist(), len(inked)]):
        yield phrase(_words(inked[begin:end], spaced[begin:end], size[begin:end]))


def _words(chars: Array, spaced: Array, size: Array) -> list[Word]:
    """The words of one piece of a line."""
    texts = chars["text"].tolist()
    gaps = (chars["x0"][1:] - chars["x1"][:-1]) / size[1:]
    wide = [
        gap > (SOLID if is_cjk(a) or is_cjk(b) else WORD_GAP) for gap, (a, b) in zip(gaps, pairwise(texts), strict=True)
    ]
    cuts = [0, *(i + 1 for i, apart in enumerate(wide) if apart or spaced[i + 1]), len(texts)]
    return [
        Word(
            "".join(texts[a:b]),
            float(chars["x0"][a:b].min()),
            float(chars["top"][a:b].min()),
            float(chars["x1"][a:b].max()),
            float(chars["bottom"][a:b].max()),
            float(size[a]),
            int(chars["font"][a]),
        )
        for a, b in pairwise(cuts)
    ]


def _goes_on(lines: Sequence[Phrase], line: Phrase, rules: Array) -> bool:
    """Is ``line`` the next line of the cell whose ``lines`` were drawn last? No rule runs between them then."""
    last = lines[-1]
    size = max(last.size, line.size)
    if size > SAME_SIZE * min(last.size, line.size) or not -0.35 * size < line.top - last.bottom < LEADING * size:
        return False
    if all(is_figure(p.text) or p.text in SIGNS for p in lines) and sum(map(is_cjk, line.text)) > len(_UNIT):
        return False  # words never go on a figure
    pitch = line.top - last.top
    if len(lines) > 1 and abs(pitch - (last.top - lines[-2].top)) > 0.3 * size:
        return False
    offs = (line.x0 - last.x0, line.center - last.center, line.x1 - last.x1)
    return min(map(abs, offs)) < FLUSH * size and not rule_between(rules, last, line)
