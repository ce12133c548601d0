"""Blocks as they were drawn → rows and columns of a table, where they make one.

A row is what was drawn from left to right; the rows with the most blocks show the columns, and every other
block has to stand in one of them or to reach over several. Where one does not, there is no table to be had this
way.
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from ...page.words import is_cjk
from .drawn import SOFT, Block, block, is_value_block
from .lines import Phrase, is_number, is_prose, phrase
from .order import REACH, SPREAD_WORDS, Drawn, by_widest, core, is_soft, rows_as_drawn, rows_by_place, softly_joined
from .rows import Piece

Grid = tuple[list[list[Piece]], list[float]]  # the pieces of each row, and the edges of the columns

FORM = 14  # so many rows a form has at most
FAR = 3.5  # of the letters' size: a wider white between two rows ends a table
CENTRED = 1.0  # of the letters' size: so far off the middle may a heading stand
LONG = 18  # Japanese letters: a line that stands alone and has so many is no heading of a column
WIDEST = 30.0  # of the letters' size: three lines of prose that are wider are no cell


def drawn_grids(found: Sequence[Block]) -> list[Grid]:
    """The grids that blocks make, of Japanese tables."""
    kept = _grids(rows_as_drawn(found))
    for grid in _grids(rows_by_place(found)):
        rivals = [g for g in kept if _share_place(g, grid)]
        if _words(grid) > sum(map(_words, rivals)) and not _has_between(grid):
            kept = [g for g in kept if g not in rivals] + [grid]
    return kept


def _has_between(grid: Grid) -> bool:
    """Does a lone label stand between two rows, level with neither, as one that spans them does?"""
    for above, r, below in zip(grid[0], grid[0][1:], grid[0][2:], strict=False):
        lone = len(r) == 1 and r[0].first == 0 and len(above) > 1 and len(below) > 1
        if lone and r[0].top < max(p.lines[0].bottom for p in above) and r[0].bottom > min(p.top for p in below):
            return True
    return False


def _grids(rows: Sequence[Drawn]) -> list[Grid]:
    grids = [_grid(run) or _grid([softly_joined(r) for r in run]) for run in _runs(rows) if _is_japanese(run)]
    return [grid for grid in grids if grid]


def _words(grid: Grid) -> int:
    return sum(len(line.words) for r in grid[0] for p in r for line in p.lines)


def _share_place(a: Grid, b: Grid) -> bool:
    """Do lines of one grid stand in the other, too?"""
    return bool({p.lines[0] for r in a[0] for p in r} & {p.lines[0] for r in b[0] for p in r})


def _runs(rows: Sequence[Drawn]) -> list[list[Drawn]]:
    """Rows that follow one another down the page, cut where another table's headings begin."""
    runs: list[list[Drawn]] = [[]]
    for i, r in enumerate(rows):
        run = runs[-1]
        if run and (not _below(run, r) or _begins(run, r, rows[i + 1 :])):
            runs.append([])
        if (len(r) > 1 or runs[-1]) and not _is_text(r):
            runs[-1].append(r)
    return [kept for run in runs if len(kept := _trimmed(run)) > 1]


def _below(run: Sequence[Drawn], r: Drawn) -> bool:
    """Does a row go on a run of rows: below it and near, with something over it?"""
    bottom = min(b.bottom for b in core(run[-1]))
    lowest = max(b.bottom for b in run[-1])
    top, size = min(b.top for b in r), r[0].size
    x0, x1 = min(b.x0 for o in run for b in o), max(b.x1 for o in run for b in o)
    long = (len(r) == 1 and _is_sentence(r[0].lines[0])) or _is_text(r)
    over = len(run) < 3 or (r[0].x0 < x1 and r[-1].x1 > x0)  # headings may be narrower than their columns
    return top > bottom - 0.3 * size and top - lowest < FAR * size and over and not long


def _is_sentence(line: Phrase) -> bool:
    """Does a line say so much without a white that it heads no column?"""
    most = run = 0
    for i, word in enumerate(line.words):
        close = i and word.x0 - line.words[i - 1].x1 < 0.4 * word.size
        run = (run if close else 0) + sum(map(is_cjk, word.text))
        most = max(most, run)
    return most >= LONG


def _is_text(r: Drawn) -> bool:
    """Is a row a paragraph, rather than cells with a value among them?"""
    wide = any(len(b.lines) > 2 and is_prose(b.lines[0]) and b.x1 - b.x0 > WIDEST * b.size for b in r)
    return wide and not any(map(is_value_block, r))


def _begins(run: Sequence[Drawn], r: Drawn, following: Sequence[Drawn]) -> bool:
    """Does another table begin with row ``r``, or below it, if that is its caption?"""
    if _again(run, [r, *following]):
        return True
    if len(r) == 1:
        after = next((o for o in following if len(o) > 1), r)
        values = sum(map(is_value_block, after))
        anew = any(is_value_block(b) for o in run[-2:] for b in o) or _said(after) in map(_said, run)
        return len(after) > 1 and anew and (not values or _leads_on(run, [r, *following], after, values))
    if len(run) > 1 and _said(r) == _said(next((o for o in run if len(o) > 1), r)):
        return not any(map(is_value_block, r))
    return False


def _again(run: Sequence[Drawn], rows: Sequence[Drawn]) -> bool:
    """Does another form begin: labels at the left stand on both sides, and it begins with its number as forms do?

    Where forms have no numbers, their first two labels show where they begin.
    """
    forms = [o for o in run if len(o) > 1]
    near = [o for o in (*forms, *rows[:FORM]) if len(o) > 1]
    numbered = sum(any(map(is_value_block, o[1:])) for o in near)
    if len(forms) < 3 or numbered > 0.4 * len(near):
        return False
    left = min(o[0].x0 for o in run) + 3 * rows[0][0].size
    ours, theirs = ([_said(o[:1]) for o in some if len(o) > 1 and o[0].x0 < left] for some in (run, rows[:FORM]))
    if not numbered:
        begin, now = ([_said(o[:1]) for o in some if len(o) > 1][:2] for some in (run, rows[:3]))
        return len(begin) > 1 and begin == now and begin[0] != begin[1]
    first = next((o for o in rows if len(o) > 1), rows[0])
    return len(set(ours) & set(theirs)) > 1 and len(first) > 1 and is_value_block(first[1])


def _leads_on(run: Sequence[Drawn], rows: Sequence[Drawn], after: Drawn, values: int) -> bool:
    """Do two captions stand above a row of mostly words that has not as many cells as the run's rows: a form's?"""
    two = rows[1] is not after or len(rows[0][0].lines) > 1
    return two and 2 * values <= len(after) and len(after) not in {len(o) for o in run[-3:]}


def _said(r: Drawn) -> str:
    return "|".join(line.text for b in r for line in b.lines).replace("|", "")


def _trimmed(run: list[Drawn]) -> list[Drawn]:
    """A run without the single blocks at its end."""
    last = len(run)
    while last and len(run[last - 1]) == 1:
        last -= 1
    return run[:last]


def _is_japanese(run: Sequence[Drawn]) -> bool:
    """Do most rows say something in Japanese? Latin tables have blanks by which their columns are told."""
    return sum(any(map(is_cjk, (t for b in r for t in b.lines[0].text))) for r in run) > 0.5 * len(run)


def _grid(run: list[Drawn]) -> Grid | None:
    """The grid of rows that all fit the same columns; rows above the first that does are left out."""
    best: tuple[int, list[list[Piece]], list[tuple[float, float]]] | None = None
    for spans in _columns(run):
        placed = [_placed(r, spans) for r in run]
        while (apart := _halved(placed)) is not None:
            spans[apart : apart + 2] = [(spans[apart][0], spans[apart + 1][1])]
            placed = [_placed(r, spans) for r in run]
        first = next((i for i, (p, r) in enumerate(zip(placed, run, strict=True)) if p and len(r) > 1), len(run))
        rows = [p for p in placed[first:] if p]
        lost = first and len(run[first - 1]) > 1 and run[first][0].top - run[first - 1][0].bottom < run[first][0].size
        if len(rows) == len(run) - first and not lost and len(spans) > 1 and (best is None or first < best[0]):
            best = first, rows, spans
    if best is None or sum(len(r) > 1 for r in best[1]) < 2:
        return None
    first, rows, spans = best
    _span_down(rows, run[first:])
    return rows, [_edge(rows, i, *pair) for i, pair in enumerate(pairwise(spans))]


def _edge(rows: Sequence[Sequence[Piece]], col: int, a: tuple[float, float], b: tuple[float, float]) -> float:
    """The edge to the right of a column: half way between what ends there and what begins beyond, if that is free."""
    ends = [line.x1 for r in rows for p in r if p.last == col for line in p.lines]
    starts = [line.x0 for r in rows for p in r if p.first == col + 1 for line in p.lines]
    left, right = max([a[1], *ends]), min([b[0], *starts])
    return (left + right) / 2 if left < right else (a[1] + b[0]) / 2


def _halved(placed: Sequence[list[Piece] | None]) -> int | None:
    """The first of two columns that are one: cells reach over both, and none stand in both side by side.

    A heading in the middle of a wide column makes such, or a blank of full width in some of its labels.
    """
    rows = [r for r in placed if r]
    for i in range(max((p.last for r in rows for p in r), default=0)):
        over = sum(p.first == i and p.last == i + 1 for r in rows for p in r)
        left, right = ([_ending(r, i) for r in rows], [_beginning(r, i + 1) for r in rows])
        pairs = [(a, b) for a, b in zip(left, right, strict=True) if a and b]
        lone = not pairs and min(sum(p is not None for p in side) for side in (left, right)) == 1
        soft = i == 0 and over > 0.2 * len(rows) and all(is_soft(a, b) for a, b in pairs)
        if lone or (over and not pairs) or soft:
            return i
    return None


def _ending(r: Sequence[Piece], col: int) -> Phrase | None:
    return next((p.lines[0] for p in r if p.last == col), None)


def _beginning(r: Sequence[Piece], col: int) -> Phrase | None:
    return next((p.lines[0] for p in r if p.first == col), None)


def _columns(run: Sequence[Drawn]) -> Iterable[list[tuple[float, float]]]:
    """The columns as intervals, as the rows with the same number of blocks show them, if these agree."""
    counts = Counter(len(r) for r in run)
    for n in sorted((n for n in counts if n > 1), reverse=True):
        full = [r for r in run if len(r) == n]
        valued = [r for r in full if any(map(is_value_block, r))]
        for rows in (full, valued) if 0 < len(valued) < len(full) else (full,):  # a heading may reach over two
            spans = [(min(r[k].x0 for r in rows), max(r[k].x1 for r in rows)) for k in range(n)]
            if all(a[1] <= b[0] for a, b in pairwise(spans)):
                yield _with_more(spans, run)
                break


def _with_more(spans: list[tuple[float, float]], run: Sequence[Drawn]) -> list[tuple[float, float]]:
    """The columns, with one of its own for what stands beside or between them all; the fullest rows are asked first."""
    for r, b in ((row, b) for row in sorted(run, key=len, reverse=True) if len(row) > 1 for b in row):
        at = [i for i, (x0, x1) in enumerate(spans) if b.x0 < x1 and b.x1 > x0]
        firm = [i for i in at if _overlap(b, spans[i]) > REACH * b.size]
        right = next((i for i, span in enumerate(spans) if span[0] > b.x1 - REACH * b.size), None)
        if not firm and right is not None and len(r) >= len(spans) - 1 and _heads(b, r, spans[right], run):
            spans[right] = (min(b.x0, spans[right][0]), spans[right][1])
        elif not at:
            spans = sorted([*spans, (b.x0, b.x1)])
        elif len(at) == 1 and firm:  # it may be wider than what showed the column
            low = spans[at[0] - 1][1] if at[0] else -np.inf
            high = spans[at[0] + 1][0] if at[0] + 1 < len(spans) else np.inf
            x0, x1 = spans[at[0]]
            spans[at[0]] = (min(x0, max(b.x0, low)), max(x1, min(b.x1, high)))
    return spans


def _heads(b: Block, r: Drawn, span: tuple[float, float], run: Sequence[Drawn]) -> bool:
    """Is a block the heading of figures that stand flush right of it, nothing else of its row being over them?"""
    ends = [o.x1 for row in run for o in row if is_value_block(o) and _overlap(o, span) > 0]
    flush = len(ends) > 2 and max(ends) - min(ends) < 0.5 * b.size
    return flush and not is_value_block(b) and not any(_overlap(o, span) > 0 for o in r if o is not b)


def _overlap(b: Block, span: tuple[float, float]) -> float:
    return min(b.x1, span[1]) - max(b.x0, span[0])


def _placed(r: Drawn, spans: Sequence[tuple[float, float]]) -> list[Piece] | None:
    """A row's blocks with their columns; None where two of them claim one."""
    pieces: list[Piece] = []
    for b in (part for whole in r for part in _apart(whole, spans)):
        reach = min(REACH * b.size, 0.3 * (b.x1 - b.x0))
        at = [i for i, (x0, x1) in enumerate(spans) if _overlap(b, (x0, x1)) > min(reach, 0.5 * (x1 - x0))]
        if not at:  # in the white between two columns, a heading of both
            middle = (b.x0 + b.x1) / 2
            left = bisect([x1 for _, x1 in spans], middle) - 1
            if not 0 <= left < len(spans) - 1 or middle > spans[left + 1][0]:
                return None
            at = [left, left + 1]
        if pieces and at[0] <= pieces[-1].last:
            before = pieces[-1]
            level = len(before.lines) == len(b.lines) == 1 and abs(before.top - b.top) < 0.2 * b.size
            near = b.x0 - before.lines[0].x1 < SOFT * b.size
            if not (level and near) or is_value_block(b) or at[-1] > before.last:
                return None
            before.lines = [phrase([*before.lines[0].words, *b.lines[0].words])]
            continue
        pieces.append(Piece(list(b.lines), at[0], at[-1]))
    return pieces


def _apart(b: Block, spans: Sequence[tuple[float, float]]) -> list[Block]:
    """A line whose words each stand in a column of their own, with all its whites between columns, one block each.

    Headings may be set so close that they touch (本年度 | 前年度), and the letters of one be spread (部 | 課).
    """
    if len(b.lines) > 1 or "".join(w.text for w in b.lines[0].words) in SPREAD_WORDS:
        return [b]
    parts = by_widest(b.lines[0])
    edges = [(left[1] + right[0]) / 2 for left, right in pairwise(spans)]
    at = [bisect(edges, p.center) for p in parts]
    cuts = [i for i in range(1, len(parts)) if at[i] != at[i - 1]]
    value = cuts == [len(parts) - 1] and is_number(parts[-1].words[-1].text)  # its figure stands close behind a label
    inner = [
        i
        for i in range(1, len(parts))
        if i not in cuts and not value and is_cjk(parts[i - 1].text[-1]) and is_cjk(parts[i].text)
    ]
    if not cuts or inner or at[-1] - at[0] != len(cuts):
        return [b]
    return [block([phrase([w for p in parts[i:j] for w in p.words])]) for i, j in pairwise([0, *cuts, len(parts)])]


def _span_down(rows: Sequence[list[Piece]], run: Sequence[Drawn]) -> None:
    """Gives every piece its rows; one that stands lower than its row spans so many that it is in their middle."""
    bands = [(min(b.top for b in core(r)), max(b.bottom for b in core(r))) for r in run]
    for i, (pieces, r) in enumerate(zip(rows, run, strict=True)):
        below = bands[i + 1][0] if i + 1 < len(rows) else np.inf
        own = {(b.x0, b.top) for b in core(r) if b.bottom < below + 0.2 * b.size}
        for piece in pieces:
            piece.row = piece.row_end = i
            if (min(p.x0 for p in piece.lines), piece.top) in own:
                continue
            last = i
            while last + 1 < len(rows) and not any(
                p.first <= piece.last and p.last >= piece.first for p in rows[last + 1]
            ):
                last += 1
            ends = [abs(bands[i][0] + bands[end][1] - piece.top - piece.bottom) for end in range(i, last + 1)]
            piece.row_end = i + ends.index(min(ends))


def over_bare(heads: Sequence[Piece], body: Sequence[Sequence[Piece]], n_cols: int) -> None:
    """Widens headings over columns beside them that have none, where they stand in the middle of both.

    部課名 over the columns of 部 and 課 is one, 根拠 over those of 項 and 号 another.
    """
    ends: dict[int, tuple[float, float]] = {}
    for p in (p for r in body for p in r if p.first == p.last):
        x0, x1 = ends.get(p.first, (np.inf, -np.inf))
        ends[p.first] = (min(x0, *(q.x0 for q in p.lines)), max(x1, *(q.x1 for q in p.lines)))
    bare = [c for c in range(n_cols) if not any(p.first <= c <= p.last for p in heads)]
    for head in heads:
        for col in bare:
            first, last = min(col, head.first), max(col, head.last)
            if last - first != head.last - head.first + 1 or first not in ends or last not in ends:
                continue
            if abs(head.lines[0].center - (ends[first][0] + ends[last][1]) / 2) < CENTRED * head.lines[0].size:
                head.first, head.last = first, last


def wrap_beside(grid: Sequence[Sequence[Piece]]) -> bool:
    """Do cells of several lines stand beside one another, of four columns that most rows fill? Prose never does so."""
    n_cols = max(p.last for r in grid for p in r) + 1
    full = sum(len(r) > 0.7 * n_cols for r in grid) > 0.7 * len(grid)
    return full and n_cols >= 4 and any(sum(len(p.lines) > 1 for p in r) > 1 for r in grid)
