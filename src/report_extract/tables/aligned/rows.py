"""Rows of phrases and the edges of their columns → the cells of a table: spans, headings, wrapped lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ...core.model import Array
from ...page.words import Word, is_cjk, spoken
from .lines import Phrase, Row, is_number, is_spread, phrase

WIDE = 0.4  # of the letters' size: a wider white parts the words of two columns
CLOSE = 0.7  # of the letters' size: a wider white parts two headings, one below the other
LABEL = 16  # letters that a label of a form has at most
FEW, FEW_RULED = 5, 3  # rows of a form, without a rule above or below it and with one
LOOSE = 1.6  # the same where a rule closes the heading below


@dataclass(slots=True)
class Piece:
    """What one cell says, while the grid is still being worked out: columns from ``first`` to ``last``."""

    lines: list[Phrase]
    first: int
    last: int
    row: int = 0
    row_end: int = 0

    @property
    def top(self) -> float:
        return self.lines[0].top

    @property
    def bottom(self) -> float:
        return self.lines[-1].bottom

    @property
    def is_japanese(self) -> bool:
        """Does its first line begin with a Japanese word, as a label of any length may? With or without a number."""
        return any(is_cjk(letter) for w in self.lines[0].words[:2] for letter in w.text)

    @property
    def text(self) -> str:
        """The lines joined as they are read: with a blank between Latin words only."""
        text = ""
        for line in self.lines:
            said = spoken(line.words)
            glued = not text or is_cjk(text[-1]) or is_cjk(said[0])
            text += said if glued else " " + said
        return text


def pieces_of(row: Row, edges: Sequence[float]) -> list[Piece]:
    """A row's phrases as pieces, cut at the edges of the columns where their words part there."""
    found = []
    for part in row.phrases:
        for words in _cut_at(part, edges):
            said = phrase(words)
            first, last = _reach(said, edges)
            found.append(Piece([said], first, last))
    return _without_clashes(found)


def _cut_at(part: Phrase, edges: Sequence[float]) -> list[list[Word]]:
    """A phrase's words, cut where the white between two of them is wide and an edge runs through it.

    Headings set solid have narrow whites; they are cut too where every edge finds one and the words between
    two edges fill their column.
    """
    if len(part.words) > 2 and is_spread(part.words):
        return [list(part.words)]
    solid = _is_solid(part, [e for e in edges if part.x0 < e < part.x1])
    cut: list[list[Word]] = [[part.words[0]]]
    for a, b in pairwise(part.words):
        white = b.x0 - a.x1
        crossed = any(a.x1 - 1 <= e <= b.x0 + 1 for e in edges)
        both = is_number(a.text) and is_number(b.text)
        if crossed and (solid or both or white > WIDE * max(a.size, b.size)):
            cut.append([b])
        else:
            cut[-1].append(b)
    return cut


def _is_solid(part: Phrase, crossed: Sequence[float]) -> bool:
    """Are these the headings of several columns, set so close that they look like one phrase?"""
    whites = [(a.x1 - 1, b.x0 + 1) for a, b in pairwise(part.words)]
    if len(crossed) < 2 or not all(any(a <= e <= b for a, b in whites) for e in crossed):
        return False
    inner = [[w for w in part.words if low < (w.x0 + w.x1) / 2 < high] for low, high in pairwise(crossed)]
    filled = [sum(w.x1 - w.x0 for w in words) for words in inner]
    return all(f > 0.6 * (high - low) for f, (low, high) in zip(filled, pairwise(crossed), strict=True))


def _reach(part: Phrase, edges: Sequence[float]) -> tuple[int, int]:
    """The first and last column that a phrase stands in; a small overhang does not count."""
    slack = min(0.5 * part.size, 0.3 * (part.x1 - part.x0))
    first = sum(e <= part.x0 + slack for e in edges)
    last = sum(e < part.x1 - slack for e in edges)
    return min(first, last), max(first, last)


def _without_clashes(pieces: list[Piece]) -> list[Piece]:
    """Pieces of one row with no column in two of them: a piece that reaches into the next one gives way."""
    pieces.sort(key=lambda p: p.lines[0].x0)
    kept: list[Piece] = []
    for piece in pieces:
        if kept and piece.first <= kept[-1].last:
            before = kept[-1]
            if before.last > before.first:
                before.last = max(before.first, piece.first - 1)
            if piece.first <= before.last and piece.last > piece.first:
                piece.first = before.last + 1
            if piece.first <= before.last:
                words = [*before.lines[0].words, *piece.lines[0].words]
                kept[-1] = Piece([phrase(words)], before.first, max(before.last, piece.last))
                continue
        kept.append(piece)
    return kept


def numeric_columns(rows: Sequence[Sequence[Piece]], n_cols: int) -> list[bool]:
    """Which columns hold numbers in most of their cells."""
    numbers, filled = np.zeros(n_cols), np.zeros(n_cols)
    for pieces in rows:
        for piece in pieces:
            if piece.first == piece.last:
                filled[piece.first] += 1
                numbers[piece.first] += is_value(piece)
    return [bool(n >= 2 and n >= 0.6 * f) for n, f in zip(numbers, filled, strict=True)]


def is_value(piece: Piece) -> bool:
    """Is most of what a piece says a number?"""
    words = piece.lines[0].words
    return sum(is_number(w.text) for w in words) >= 0.5 * len(words)


def body_start(rows: Sequence[Sequence[Piece]], numeric: Sequence[bool]) -> int:
    """The first row that is no heading: most of its cells in the columns of numbers hold numbers."""
    if not any(numeric):
        return 1
    for i, pieces in enumerate(rows):
        here = [p for p in pieces if p.first == p.last and numeric[p.first]]
        over = [p for p in pieces if p.last > p.first and any(numeric[p.first : p.last + 1])]
        if here and not over and sum(map(is_value, here)) > 0.5 * len(here):
            return i
    return 1


def heading(rows: Sequence[Sequence[Piece]], edges: Sequence[float], rules: Array, whole: bool = False) -> list[Piece]:
    """The heading's pieces with their rows: lines that wrap are joined, spans open a level of their own.

    Args:
        rows: its pieces, from the top.
        edges: of the columns.
        rules: horizontal ones.
        whole: are the pieces whole cells, so that none goes on another?
    """
    n_cols = len(edges) + 1
    stacked: list[Piece] = []
    for pieces in rows:
        fresh = []
        for piece in pieces:
            above = _above(stacked, piece)
            if above and not whole and _wraps(above, piece, rules):
                above.lines += piece.lines
                above.first, above.last = min(above.first, piece.first), max(above.last, piece.last)
            else:
                fresh.append(piece)
        stacked += fresh
    _widen(stacked, edges, rules)
    depth = np.zeros(n_cols, int)
    for piece in sorted(stacked, key=lambda p: p.top):
        piece.row = int(depth[piece.first : piece.last + 1].max())
        depth[piece.first : piece.last + 1] = piece.row + 1
    levels = int(depth.max())
    for piece in stacked:
        below = [p.row for p in stacked if p.row > piece.row and _share(p, piece)]
        piece.row_end = (min(below) if below else levels) - 1
        if not any(p.row < piece.row and _share(p, piece) for p in stacked):
            piece.row = 0
    return stacked


def _share(a: Piece, b: Piece) -> bool:
    return a.first <= b.last and b.first <= a.last


def _above(stacked: Sequence[Piece], piece: Piece) -> Piece | None:
    """The lowest piece of the heading that stands above ``piece``."""
    over = [p for p in stacked if _share(p, piece)]
    return max(over, key=lambda p: p.bottom) if over else None


def _wraps(above: Piece, piece: Piece, rules: Array) -> bool:
    """Does ``piece`` go on what ``above`` began: same columns, close below, no rule between?

    Where rules part the rows, it is enough that none runs between the two.
    """
    if (above.first, above.last) != (piece.first, piece.last):
        return False
    a, b = above.lines[-1], piece.lines[0]
    if max(a.size, b.size) > 1.25 * min(a.size, b.size):
        return False
    near = LOOSE if rule_between(rules, b, b._replace(top=b.bottom, bottom=b.bottom + 6 * b.size)) else CLOSE
    return b.top - a.bottom <= near * b.size and not rule_between(rules, a, b)


def rule_between(rules: Array, a: Phrase, b: Phrase) -> bool:
    """Does a horizontal rule run between two phrases, one below the other?"""
    x0, x1 = max(a.x0, b.x0), min(a.x1, b.x1)
    if x1 <= x0:
        x0, x1 = min(a.x0, b.x0), max(a.x1, b.x1)
    at, start, end = rules[:, 0], rules[:, 1], rules[:, 2]
    low, high = (a.top + a.bottom) / 2, (b.top + b.bottom) / 2
    return bool(((at > low) & (at < high) & (start < x1) & (end > x0)).any())


def _widen(stacked: list[Piece], edges: Sequence[float], rules: Array) -> None:
    """Headings that stand in the middle over several columns reach over all of them.

    How far is told by a rule right below a heading that is longer than its text, else by the columns around it
    that no other heading beside or above it claims and over the middle of which it stands.
    """
    for piece in stacked:
        others = [p for p in stacked if p is not piece and p.top < piece.bottom]
        if not any(p.top >= piece.bottom - 1 for p in stacked if p is not piece):
            continue
        under = _rule_below(piece, rules)
        if under:
            first = sum(e < under[0] + piece.lines[0].size for e in edges)
            last = sum(e < under[1] - piece.lines[0].size for e in edges)
            wide = (min(first, piece.first), max(last, piece.last))
            if any(p.first <= wide[1] and wide[0] <= p.last for p in others):  # one rule for all headings above
                within = [p for p in stacked if p.top >= piece.bottom - 1 and _stands_on(p, under)]
                wide = _centred(piece, within)
        else:
            wide = _centred(piece, [p for p in stacked if p.top >= piece.bottom - 1])
        if not any(p.first <= wide[1] and wide[0] <= p.last for p in others):
            piece.first, piece.last = wide


def _stands_on(piece: Piece, rule: tuple[float, float]) -> bool:
    return rule[0] < piece.lines[0].center < rule[1]


def _centred(piece: Piece, below: Sequence[Piece]) -> tuple[int, int]:
    """The columns over the middle of which a heading stands, of those whose headings stand below it."""
    x0, x1 = min(p.x0 for p in piece.lines), max(p.x1 for p in piece.lines)
    own = [p for p in below if p.first >= piece.first and p.last <= piece.last]
    best, miss = (piece.first, piece.last), 0.6 * piece.lines[0].size
    if not own:
        return best
    for left in (p for p in below if p.first <= piece.first):
        for right in (p for p in below if p.last >= piece.last):
            off = abs((left.lines[0].x0 + right.lines[0].x1) / 2 - (x0 + x1) / 2)
            wider = right.last - left.first > best[1] - best[0]
            if off < miss and wider and right.last - left.first > piece.last - piece.first:
                best, miss = (left.first, right.last), off
    return best


def _rule_below(piece: Piece, rules: Array) -> tuple[float, float] | None:
    """The ends of the shortest rule right below a heading that is longer than its text."""
    text = piece.lines[-1]
    x0, x1 = min(p.x0 for p in piece.lines), max(p.x1 for p in piece.lines)
    at, start, end = rules[:, 0], rules[:, 1], rules[:, 2]
    near = (at > (text.top + text.bottom) / 2) & (at < text.bottom + 0.8 * text.size)
    over = near & (start < x0 + 0.5 * text.size) & (end > x1 - 0.5 * text.size)
    if not over.any():
        return None
    best = int(np.argmin(np.where(over, end - start, np.inf)))
    return float(start[best]), float(end[best])


def flush_share(grid: Sequence[Sequence[Piece]], n_cols: int) -> float:
    """The share of pieces that stand flush with the others of their column: left, right or in the middle."""
    flush = total = 0
    for col in range(n_cols):
        lines = [p.lines[0] for pieces in grid for p in pieces if p.first == p.last == col]
        if lines:
            reach = 0.6 * lines[0].size
            edges = np.array([(p.x0, p.center, p.x1) for p in lines])
            near = np.abs(edges - np.median(edges, axis=0)) < reach
            flush += int(near.sum(axis=0).max())
            total += len(lines)
    return flush / max(1, total)


def is_form(rows: Sequence[Sequence[Piece]], across: int) -> bool:
    """Do short Japanese labels, all of them different, stand beside texts that begin at one x, as in a record card?"""
    labels, starts = [r[0].text for r in rows], [r[1].lines[0].x0 for r in rows]
    short = all(0 < len(text) <= LABEL for text in labels) and len(set(labels)) == len(labels)
    japanese = sum(r[0].is_japanese and not is_value(r[0]) for r in rows) >= 0.8 * len(rows)
    flush = max(starts) - min(starts) < 0.3 * rows[0][0].lines[0].size
    return short and flush and japanese and len(rows) >= (FEW_RULED if across else FEW)
