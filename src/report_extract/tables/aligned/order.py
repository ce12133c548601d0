"""Blocks of text → the rows of a table: in the order in which they were drawn, or by where they stand.

Most programs draw a table row by row. Spreadsheets draw the cells of one line first and those that wrap after them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from .drawn import SOFT, Block, block, is_value_block
from .lines import Phrase, is_number, is_spread, phrase

_NUMBER = re.compile(r"^[(（]?.{1,2}[)）.．]?$")

SPREAD_WORDS = frozenset({"合計", "小計", "総計", "総数", "件数", "区分", "内訳", "内容", "備考"})  # one word each

Drawn = list[Block]  # a row, from left to right

LEAST = 0.25  # of the letters' size: a narrower white beside a single letter is the letter's own
NARROW = 0.5  # of the widest white of a line: columns stand no closer
SHELF = 8.0  # points: where to look for rows level with a block
LEVEL = 0.3  # of the letters' size: tops or middles of the cells of one row differ by no more
SHARED = 0.5  # of the smaller height: cells of one row share as much
REACH = 0.35  # of the letters' size: a block that reaches farther into a column stands in it


def rows_as_drawn(found: Sequence[Block]) -> list[Drawn]:
    """The blocks in rows: a row ends where the next block stands left of the last one, below all of it, or where
    another table begins beside it."""
    rows: list[Drawn] = []
    for b in found:
        last = rows[-1] if rows else []
        onward = bool(last) and b.x0 > last[-1].x1 - REACH * b.size
        if onward and _spread(last[-1], b):
            last[-1] = block([phrase([*last[-1].lines[0].words, *b.lines[0].words])])
        elif onward and b.top < max(o.bottom for o in last) and not _leaps(rows, b):
            last.append(b)
        else:
            rows.append([b])
    return _headings_apart([_one_line(part) for r in _rejoined(rows) for part in _without_blank_rows(r)])


def _rejoined(rows: Sequence[Drawn]) -> list[Drawn]:
    """The rows with lone blocks put before one of the next rows that they are level with: № comes from another font,
    and programs draw it out of order."""
    joined = list(rows)
    for i, r in enumerate(rows):
        for k in range(i + 2, min(i + 4, len(rows))) if len(r) == 1 else ():
            first = joined[k][0]
            if r[0].x1 < first.x0 and abs(r[0].middle - first.middle) < 0.2 * first.size:
                joined[k], joined[i] = [*r, *joined[k]], []
                break
    return [r for r in joined if r]


def _leaps(rows: Sequence[Drawn], b: Block) -> bool:
    """Does a block stand higher than the row before its own, as the first one of a table beside the last does?"""
    if len(rows) < 2:
        return False
    above = core(rows[-2])[0]
    return b.middle < above.middle < rows[-1][0].middle


def rows_by_place(found: Sequence[Block]) -> list[list[Block]]:
    """The blocks in rows from the top, each from the left: level with the tallest of its row, at top or middle."""
    rows: list[Drawn] = []
    shelves: dict[tuple[str, int], list[Drawn]] = defaultdict(list)  # rows by the height of their tallest
    for b in sorted(found, key=lambda b: b.top - b.bottom):
        at = {"top": int(b.top // SHELF), "middle": int(b.middle // SHELF)}
        near = (r for side, k in at.items() for i in (k - 1, k, k + 1) for r in shelves[side, i])
        own = next((r for r in near if _level(r[0], b) and not any(b.x0 < o.x1 and o.x0 < b.x1 for o in r)), None)
        if own is not None:
            own.append(b)
            continue
        rows.append([b])
        for side, k in at.items():
            shelves[side, k].append(rows[-1])
    ordered = sorted((sorted(r, key=lambda b: b.x0) for r in rows), key=lambda r: min(b.top for b in r))
    return _headings_apart([_one_line(_with_spread(r)) for r in ordered])


def _level(tallest: Block, b: Block) -> bool:
    near = LEVEL * b.size
    return abs(tallest.middle - b.middle) < near or abs(tallest.top - b.top) < near


def _with_spread(r: Drawn) -> Drawn:
    """A row with the letters of words that are spread over a width as one block each."""
    joined: Drawn = []
    for b in r:
        if joined and _spread(joined[-1], b):
            joined[-1] = block([phrase([*joined[-1].lines[0].words, *b.lines[0].words])])
        else:
            joined.append(b)
    return joined


def _spread(a: Block, b: Block) -> bool:
    """Are these the letters of one word that is spread over a width, as in 合 計?"""
    level = len(a.lines) == len(b.lines) == 1 and abs(a.top - b.top) < 0.2 * b.size
    return level and is_spread([*a.lines[0].words, *b.lines[0].words])


def _one_line(r: Drawn) -> Drawn:
    """A row of one line of text with blanks of full width in it as one block: a caption, mostly."""
    level = all(len(b.lines) == 1 and abs(b.top - r[0].top) < 0.2 * b.size for b in r)
    near = all(b.x0 - a.x1 < SOFT * b.size for a, b in pairwise(r))
    numbered = len(r) == 2 and bool(_NUMBER.match(r[0].lines[0].text))  # 1　部局別実施件数
    if len(r) < 2 or not level or not near or any(map(is_value_block, r[1:] if numbered else r)):
        return r
    return [block([phrase([w for b in r for w in b.lines[0].words])])]


def _without_blank_rows(r: Drawn) -> list[Drawn]:
    """A row with the labels of rows without values cut off that were taken for the first lines of its own label."""
    first, rest = r[0], r[1:]
    if len(first.lines) < 2 or not rest:
        return [r]
    slack = 0.3 * first.size
    own = [o for o in rest if o.top < first.bottom]
    if not own or any(abs(o.middle - first.middle) < slack or abs(o.top - first.top) < slack for o in own):
        return [r]
    last = first.lines[-1]
    if all(o.top > last.top - slack for o in own):
        return [*([block([line])] for line in first.lines[:-1]), [block([last]), *rest]]
    return [r]


def softly_joined(r: Drawn) -> Drawn:
    """A row with its first two blocks as one where the white between them may be a blank of full width."""
    if (
        len(r) < 3
        or max(len(b.lines) for b in r[:2]) > 1
        or is_value_block(r[1])
        or not is_soft(*(b.lines[0] for b in r[:2]))
    ):
        return r
    return [block([phrase([w for b in r[:2] for w in b.lines[0].words])]), *r[2:]]


def is_soft(a: Phrase, b: Phrase) -> bool:
    """May the white between two phrases be a blank of full width?"""
    return b.x0 - a.x1 < SOFT * b.size and abs(b.top - a.top) < 0.2 * b.size


def core(r: Drawn) -> Drawn:
    """The blocks of a row without those that stand lower, as labels do that span rows below."""
    anchor = min(r, key=lambda b: b.middle)
    return [b for b in r if min(b.bottom, anchor.bottom) - max(b.top, anchor.top) > SHARED * _height(b, anchor)]


def _height(a: Block, b: Block) -> float:
    return min(a.bottom - a.top, b.bottom - b.top)


def _headings_apart(rows: Sequence[Drawn]) -> list[Drawn]:
    """The rows, a line right above a row with as many figures and labels as it has words parted into their headings.

    Headings of narrow columns all but touch, and look like one line of text.
    """
    found = list(rows)
    for i, (r, after) in enumerate(pairwise(rows)):
        if len(r) > 1 or len(r[0].lines) > 1 or len(after) < 3 or not any(map(is_value_block, after[1:])):
            continue
        parts = by_widest(r[0].lines[0])
        near = min(b.top for b in after) - r[0].bottom < r[0].size
        if len(parts) == len(after) and near and not any(is_number(w.text) for w in r[0].lines[0].words):
            over = [max(p.x0, b.x0) - min(p.x1, b.x1) < r[0].size for p, b in zip(parts, after, strict=True)]
            found[i] = [block([p]) for p in parts] if all(over) else r
    return found


def by_widest(line: Phrase) -> list[Phrase]:
    """The words of a line, those together whose white is much narrower than the widest, or but a letter's own."""
    pairs = list(pairwise(line.words))
    whites = [b.x0 - a.x1 for a, b in pairs]
    single = [min(len(a.text), len(b.text)) == 1 for a, b in pairs]
    narrow = min(NARROW * max(whites, default=0.0), LEAST * line.size)
    least = [LEAST * line.size if one else narrow for one in single]
    firsts = [
        i
        for i, (white, (_, b)) in enumerate(zip(whites, pairs, strict=True), 1)
        if white > least[i - 1]
        and not b.text.startswith(("(", "（"))
        and "".join(w.text for w in pairs[i - 1]) not in SPREAD_WORDS
    ]
    return [phrase(line.words[i:j]) for i, j in pairwise([0, *firsts, len(line.words)])]
