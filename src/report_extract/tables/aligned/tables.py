"""Finds tables that rules do not bound: columns from white space, rows from baselines.

A chain of functions: words → rows of phrases → stretches of rows that may hold a table → the edges of their
columns → pieces of text with their columns → records → cells. What is no table (prose, lists, the labels of
a chart) falls out at the end, when it is known what the grid would have been.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...core.geometry import BBox, overlap, union
from ...core.model import Array, Cell, Reading, Table
from ..view import Frame
from .beside import parted_beside
from .close import close_headings, with_leads_cut, with_spread_joined
from .columns import column_edges
from .decide import across_of, is_scaled, is_table
from .drawn import Block, blocks
from .grid import Grid, drawn_grids, over_bare, wrap_beside
from .lines import Row, is_prose, row, rows_of, typed_rules, without_gutters
from .listing import is_listing
from .parts import has_numbers, parted
from .records import records
from .rows import Piece, body_start, heading, numeric_columns, pieces_of

MORE = 0.5  # of the rows of drawn tables: a table by white space that has so many besides is rather kept
FAR = 3.5  # of the letters' size: a wider white between two rows ends a table


class Draft(NamedTuple):
    """What a stretch of rows would be as a table: its pieces line by line, the x of its inner edges, its rules."""

    grid: list[list[Piece]]
    edges: list[float]
    rules: Array


def find_aligned(views: Sequence[Frame], taken: Sequence[BBox] = ()) -> list[Table]:
    """The tables of a page outside the boxes that are ``taken``.

    Args:
        views: the page, once for each rotation of its text.
        taken: boxes of tables that have been found already (page as displayed).
    """
    found: list[Table] = []
    for frame in views:
        free = frame.outside(taken)
        rules = np.concatenate([frame.horizontal, typed_rules(free)])
        sides: list[BBox] = []
        for part in without_gutters(rows_of(free, frame.vertical)):
            for own in map(parted_beside, stretches(part, rules)):
                found += filter(None, (_table(frame, stretch, rules) for stretch in own))
                sides += [_around(stretch) for stretch in own if len(own) > 1]
        all_blocks = blocks(frame, [frame.from_page(b) for b in taken])
        for place in _by_side(all_blocks, sides):
            found = _prefer_draw_order(found, drawn_tables(frame, place))
    return found


def _around(rows: Sequence[Row]) -> BBox:
    return BBox(min(r.x0 for r in rows), rows[0].top, max(r.x1 for r in rows), rows[-1].bottom)


def _by_side(found: Sequence[Block], sides: Sequence[BBox]) -> list[list[Block]]:
    """Blocks on each side of a gutter, and the rest, each to be read on its own."""
    at = [next((i for i, s in enumerate(sides) if s.contains((b.x0 + b.x1) / 2, b.middle)), -1) for b in found]
    return [[b for b, i in zip(found, at, strict=True) if i == side] for side in range(-1, len(sides))]


def drawn_tables(frame: Frame, found: Sequence[Block]) -> list[Table]:
    """The tables that blocks of text make, by the order in which they were drawn."""
    made = (_drawn(frame, grid) for grid in drawn_grids(found))
    return [table for table in made if table]


def _drawn(frame: Frame, found: Grid) -> Table | None:
    """The table of blocks that were drawn row by row; None where they look like none."""
    grid, edges = found
    rules = _rules_of([row([line for p in pieces for line in p.lines]) for pieces in grid], frame.horizontal)
    numeric = numeric_columns(grid, len(edges) + 1)
    own = [[p for p in r if p.row == p.row_end] for r in grid]
    if is_listing(grid, frame.words) or not (wrap_beside(grid) or is_table(own, numeric, rules)):
        return None
    start = _above_titles(grid, body_start(grid, numeric), across_of(grid, rules))
    over_bare([p for line in grid[:start] for p in line], grid[start:], len(edges) + 1)
    pieces = heading(grid[:start], edges, rules, whole=True) if start else []
    levels = max((p.row_end for p in pieces), default=-1) + 1
    for piece in (p for line in grid[start:] for p in line):
        piece.row, piece.row_end = piece.row - start + levels, piece.row_end - start + levels
        pieces.append(piece)
    return _assembled(frame, pieces, edges, levels)


def _prefer_draw_order(found: Sequence[Table], drawn: Sequence[Table]) -> list[Table]:
    """The tables as they were drawn, and of those by white space the ones that have rows which these have not."""
    kept = list(drawn)
    for table in found:
        rivals = [t for t in drawn if overlap(t.bbox, table.bbox) > 0.3]
        if rows_besides(table, rivals, 2) > max(1, MORE * sum(t.n_rows for t in rivals)):
            kept = [t for t in kept if not any(t is r for r in rivals)]
            kept.append(table)
    return kept


def rows_besides(table: Table, others: Sequence[Table], cells: int) -> int:
    """How many rows with so many ``cells`` that say something a table has outside the boxes of others."""
    free = (c.row for c in table.cells if c.text and not any(overlap(c.bbox, o.bbox) > 0.5 for o in others))
    return sum(n >= cells for n in Counter(free).values())


def stretches(rows: Sequence[Row], rules: Array) -> list[list[Row]]:
    """Runs of rows that may hold a table: rows of several phrases, with a few single ones among them."""
    runs: list[list[Row]] = []
    run: list[Row] = []
    waiting: list[Row] = []
    for r in rows:
        last = (waiting or run)[-1] if run else None
        if last and r.top - last.bottom > FAR * r.size:
            runs.append(run)
            run, waiting = [], []
        if len(r.phrases) > 1:
            run += [*waiting, r]
            waiting = []
        elif run:
            waiting.append(r)
            long = is_prose(r.phrases[0]) and len(r.phrases[0].words) > 9
            if long or len(waiting) > 3:
                runs.append(run)
                run, waiting = [], []
    runs.append(run)
    runs = [run for run in runs if sum(len(r.phrases) > 1 for r in run) >= 2]
    parts = [part for run in runs for part in parted(run, rules)]
    return [_with_ends(part, rows, rules) for part in parts if sum(len(r.phrases) > 1 for r in part) >= 2]


def _with_ends(run: list[Row], rows: Sequence[Row], rules: Array) -> list[Row]:
    """A run with the single phrases right above it that head a column, and below it that end a wrapped cell."""
    ordered = list(rows)
    first, last = ordered.index(run[0]), ordered.index(run[-1])
    while first and _heads(ordered[first - 1], ordered[first], run, rules):
        first -= 1
    above = close_headings(ordered[first - 1], ordered[first : last + 1]) if first else None
    while last + 1 < len(ordered) and _ends(ordered[last + 1], ordered[last], run, rules):
        last += 1
    return [*([above] if above else []), *ordered[first : last + 1]]


def _heads(r: Row, below: Row, run: Sequence[Row], rules: Array) -> bool:
    """Is the single phrase of ``r`` a heading over some of the columns: close above them, or right below a rule?"""
    only = r.phrases[0]
    low, high = min(x.x0 for x in run), max(x.x1 for x in run)
    if len(r.phrases) > 1 or r.x0 < low + 3 * r.size or r.x1 > high + 0.5 * r.size or is_prose(only):
        return False
    near = (rules[:, 0] > r.top - r.size) & (rules[:, 0] < r.top + 0.3 * r.size)
    capped = bool((near & (rules[:, 1] < only.x0) & (rules[:, 2] > only.x1)).any())
    return below.top - r.bottom < (2 if capped else 0.5) * r.size


def _ends(r: Row, above: Row, run: Sequence[Row], rules: Array) -> bool:
    """Does the single phrase of ``r`` end a label of the first column: it begins small, or a rule closes it?"""
    only = r.phrases[0]
    labels = [x.phrases[0] for x in run if len(x.phrases) > 1]
    within = only.x1 <= max(p.x1 for p in labels) and abs(only.x0 - min(p.x0 for p in labels)) < 2 * r.size
    if len(r.phrases) > 1 or r.top - above.bottom > 0.5 * r.size or not within:
        return False
    near = (rules[:, 0] > r.bottom - 0.3 * r.size) & (rules[:, 0] < r.bottom + r.size)
    closed = bool((near & (rules[:, 1] < only.x1) & (rules[:, 2] > run[0].x1)).any())
    return only.text[0].islower() or closed


def _draft(frame: Frame, rows: list[Row], rules: Array) -> Draft | None:
    """The grid that a stretch of rows would make; None where it is a chart's scale, or has one column."""
    rules = _rules_of(rows, rules)
    if is_scaled(rows):
        return None
    rows = _above_notes(_below_caption(rows, rules), rules)
    rows = with_leads_cut(with_spread_joined(rows))
    edges = _kept_edges(column_edges(rows), rows, frame.vertical)
    if not edges:
        return None
    grid = _trimmed([pieces_of(r, edges) for r in rows], rules)
    return Draft(grid, edges, rules) if grid else None


def _table(frame: Frame, rows: list[Row], rules: Array) -> Table | None:
    """The table that a stretch of rows makes, or None."""
    draft = _draft(frame, rows, rules)
    if draft is None:
        return None
    grid, edges, rules = draft
    numeric = numeric_columns(grid, len(edges) + 1)
    if is_listing(grid, frame.words) or not is_table(grid, numeric, rules):
        return None
    across = across_of(grid, rules)
    start = _above_titles(grid, body_start(grid, numeric), across)
    pieces = heading(grid[:start], edges, rules) if start else []
    levels = max((p.row_end for p in pieces), default=-1) + 1
    for i, group in enumerate(records(grid[start:], numeric, across), levels):
        pieces += _record(group, i)
    return _assembled(frame, pieces, edges, levels)


def _above_titles(grid: Sequence[Sequence[Piece]], start: int, across: Array) -> int:
    """Where the body starts, its first row being the title of a group of rows, if one leads it.

    Such a title is the only phrase of its row, and stands below the rule that closes the headings, or below
    the heading of the first column.
    """
    first = start
    while first > 1 and len(grid[first - 1]) == 1:
        first -= 1
    for i in range(first, start):
        above, title = max(p.bottom for p in grid[i - 1]), grid[i][0]
        ruled = ((across > above - 0.5 * title.lines[0].size) & (across < title.top + 2)).any()
        headed = title.first == 0 and any(p.first == 0 for row in grid[:i] for p in row)
        if ruled or headed:
            return i
    return start


def _rules_of(rows: Sequence[Row], rules: Array) -> Array:
    """The rules that run among these rows, or right above or below them."""
    x0, x1 = min(r.x0 for r in rows), max(r.x1 for r in rows)
    size = rows[0].size
    at = (rules[:, 0] > rows[0].top - 1.5 * size) & (rules[:, 0] < rows[-1].bottom + 1.5 * size)
    return np.asarray(rules[at & (rules[:, 1] < x1) & (rules[:, 2] > x0)])


def _below_caption(rows: list[Row], rules: Array) -> list[Row]:
    """The rows without those of a caption that stand above the first rule of the table."""
    long = rules[rules[:, 2] - rules[:, 1] > 0.6 * (max(r.x1 for r in rows) - min(r.x0 for r in rows))]
    heights = np.sort(long[:, 0]).tolist()
    for i, y in enumerate(heights):
        above = [r for r in rows if r.bottom < y + 0.3 * r.size]
        if not above:
            continue
        aside = len(above[0].phrases) > 1 and above[0].x0 > min(r.x0 for r in rows) + 3 * above[0].size
        if i and (aside or (len(above[0].phrases) > 1 and has_numbers(rows[min(len(above), len(rows) - 1)]))):
            return rows  # between two rules, over the columns of values: headings
        single = all(len(r.phrases) == 1 or any(map(is_prose, r.phrases)) for r in above)
        below = [len(r.phrases) for r in rows[len(above) :] if r.bottom < max(heights[i:])]
        sparse = max(len(r.phrases) for r in above) <= 2 < max(below, default=0) and heights[i:][-1] > y + 3
        return (rows[len(above) :] or rows) if single or sparse else rows
    return rows


def _above_notes(rows: list[Row], rules: Array) -> list[Row]:
    """The rows without those of notes that stand below the last rule of the table."""
    long = rules[rules[:, 2] - rules[:, 1] > 0.6 * (max(r.x1 for r in rows) - min(r.x0 for r in rows))]
    if len(long) < 2:
        return rows
    within = [r for r in rows if r.top < float(long[:, 0].max()) - 0.3 * r.size]
    widest = max((len(r.phrases) for r in within), default=0)
    below = [len(r.phrases) for r in rows[len(within) :]]
    return within if max(below, default=0) <= max(1, 0.4 * widest) and len(within) > 1 else rows


def _kept_edges(edges: list[float], rows: Sequence[Row], vertical: Array) -> list[float]:
    """The edges of columns; where vertical rules stand at most of them, only those with a rule."""
    if not edges or not len(vertical):
        return edges
    top, bottom = rows[0].top, rows[-1].bottom
    long = vertical[np.minimum(vertical[:, 2], bottom) - np.maximum(vertical[:, 1], top) > 0.5 * (bottom - top), 0]
    reach = 1.2 * rows[0].size
    ruled = [e for e in edges if (np.abs(long - e) < reach).any()]
    return ruled if len(ruled) >= 0.6 * len(edges) else edges


def _trimmed(grid: list[list[Piece]], rules: Array) -> list[list[Piece]]:
    """The rows without captions above and sources below: sentences that reach over the columns."""
    first, last = 0, len(grid)
    while first < last and (_is_sentence(grid[first]) or (first and len(grid[first]) == 1)):
        first += 1
    tail = last
    while tail > first and (_is_sentence(grid[tail - 1]) or len(grid[tail - 1]) == 1):
        tail -= 1
        last = tail if _is_sentence(grid[tail]) else last
    return grid[first:last]


def _is_sentence(pieces: Sequence[Piece]) -> bool:
    return any(is_prose(p.lines[0]) and p.last > p.first for p in pieces)


def _record(group: Sequence[Sequence[Piece]], row: int) -> list[Piece]:
    """The cells of one row of the table: the pieces of its lines, joined in each column."""
    joined: list[Piece] = []
    for piece in sorted((p for line in group for p in line), key=lambda p: p.top):
        same = next((p for p in joined if p.first <= piece.last and piece.first <= p.last), None)
        if same:
            same.lines += piece.lines
            same.first, same.last = min(same.first, piece.first), max(same.last, piece.last)
        else:
            joined.append(piece)
    for piece in joined:
        piece.row = piece.row_end = row
    return joined


def _assembled(frame: Frame, pieces: list[Piece], edges: Sequence[float], levels: int) -> Table:
    """The table that ``pieces`` make, every place of its grid covered, turned as it lies on the page."""
    n_rows, n_cols = max(p.row_end for p in pieces) + 1, len(edges) + 1
    lines = [line for p in pieces for line in p.lines]
    xs = [min(p.x0 for p in lines), *edges, max(p.x1 for p in lines)]
    ys = _row_edges(pieces, n_rows)
    free = np.ones((n_rows, n_cols), bool)
    spans: list[tuple[int, int, int, int, str]] = []
    for p in pieces:
        free[p.row : p.row_end + 1, p.first : p.last + 1] = False
        spans.append((p.row, p.first, p.row_end + 1, p.last + 1, p.text))
    spans += [(r, c, r + 1, c + 1, "") for r, c in np.argwhere(free).tolist()]
    cells = tuple(
        Cell(
            frame.page.number,
            frame.to_page(BBox(xs[c0], ys[r0], xs[c1], ys[r1])),
            r0,
            c0,
            r1 - r0,
            c1 - c0,
            (Reading(text, frame.page.reader),),
        )
        for r0, c0, r1, c1, text in sorted(spans)
    )
    box = union(c.bbox for c in cells)
    return Table(frame.page.number, box, frame.rotation, cells, kind="aligned", header_rows=levels)


def _row_edges(pieces: Sequence[Piece], n_rows: int) -> list[float]:
    """The y of the edges between rows: half way between what stands above and what stands below."""
    tops, bottoms = np.full(n_rows, np.inf), np.full(n_rows, -np.inf)
    for p in pieces:
        tops[p.row] = min(tops[p.row], p.top)
        bottoms[p.row_end] = max(bottoms[p.row_end], p.bottom)
    tops = np.minimum.accumulate(tops[::-1])[::-1]
    bottoms = np.maximum.accumulate(bottoms)
    middle = [(float(b) + float(t)) / 2 for b, t in zip(bottoms, tops[1:], strict=False)]
    edges = [float(tops[0]), *middle, float(bottoms[-1])]
    return [max(edges[: i + 1]) for i in range(len(edges))]
