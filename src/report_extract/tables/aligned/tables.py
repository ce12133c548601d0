"""Finds tables that rules do not bound: columns from white space, rows from baselines.

A chain of functions: words → rows of phrases → stretches of rows that may hold a table → the edges of their
columns → pieces of text with their columns → records → cells. What is no table (prose, lists, the labels of
a chart) falls out at the end, when it is known what the grid would have been.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from ...core.geometry import BBox, overlap, union
from ...core.model import Array, Cell, Reading, Table
from ...text.parse import figure
from ..rulings import centers, clustered
from ..view import Frame
from .close import close_headings, with_leads_cut
from .columns import column_edges
from .drawn import Block, blocks
from .grid import Grid, drawn_grids, over_bare, wrap_beside
from .lines import Phrase, Row, is_prose, row, rows_of, typed_rules, without_gutters
from .parts import has_numbers, parted
from .records import records
from .rows import Piece, body_start, flush_share, heading, is_form, is_value, numeric_columns, pieces_of

SAME_RULE = 1.5  # points: pieces of one rule lie no farther apart
MORE = 0.5  # of the rows of drawn tables: a table by white space that has so many besides is rather kept
FAR = 3.5  # of the letters' size: a wider white between two rows ends a table


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
        for part in without_gutters(rows_of(free, frame.vertical)):
            for stretch in stretches(part, rules):
                table = _table(frame, stretch, rules)
                if table:
                    found.append(table)
        found = _rather_drawn(found, drawn_tables(frame, blocks(frame, [frame.from_page(b) for b in taken])))
    return found


def drawn_tables(frame: Frame, found: Sequence[Block]) -> list[Table]:
    """The tables that blocks of text make, by the order in which they were drawn."""
    made = (_drawn(frame, grid) for grid in drawn_grids(found))
    return [table for table in made if table]


def _drawn(frame: Frame, found: Grid) -> Table | None:
    """The table of blocks that were drawn row by row; None where they look like none."""
    grid, edges = found
    rules = _rules_of([row([line for p in pieces for line in p.lines]) for pieces in grid], frame.horizontal)
    numeric = numeric_columns(grid, len(edges) + 1)
    if not wrap_beside(grid) and not _is_table([[p for p in r if p.row == p.row_end] for r in grid], numeric, rules):
        return None
    start = _above_titles(grid, body_start(grid, numeric), _across(grid, rules))
    over_bare([p for line in grid[:start] for p in line], grid[start:], len(edges) + 1)
    pieces = heading(grid[:start], edges, rules, whole=True) if start else []
    levels = max((p.row_end for p in pieces), default=-1) + 1
    for piece in (p for line in grid[start:] for p in line):
        piece.row, piece.row_end = piece.row - start + levels, piece.row_end - start + levels
        pieces.append(piece)
    return _assembled(frame, pieces, edges, levels)


def _rather_drawn(found: Sequence[Table], drawn: Sequence[Table]) -> list[Table]:
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


def _table(frame: Frame, rows: list[Row], rules: Array) -> Table | None:
    """The table that a stretch of rows makes, or None."""
    rules = _rules_of(rows, rules)
    if _is_scaled(rows):
        return None
    rows = _above_notes(_below_caption(rows, rules), rules)
    rows = with_leads_cut(rows)
    edges = _kept_edges(column_edges(rows), rows, frame.vertical)
    if not edges:
        return None
    grid = [pieces_of(r, edges) for r in rows]
    grid = _trimmed(grid, rules)
    n_cols = len(edges) + 1
    numeric = numeric_columns(grid, n_cols)
    if not grid or not _is_table(grid, numeric, rules):
        return None
    across = _across(grid, rules)
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


def _across(grid: Sequence[Sequence[Piece]], rules: Array) -> Array:
    """The y of the rules that run across most of a table; pieces of one rule count together."""
    x0 = min(p.lines[0].x0 for pieces in grid for p in pieces)
    x1 = max(p.lines[0].x1 for pieces in grid for p in pieces)
    if not len(rules):
        return np.zeros(0)
    same = clustered(rules[:, 0], SAME_RULE)
    within = np.clip(np.minimum(rules[:, 2], x1) - np.maximum(rules[:, 1], x0), 0, None)
    return np.asarray(centers(rules[:, 0], same)[np.bincount(same, within) > 0.75 * (x1 - x0)])


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


def _is_table(grid: Sequence[Sequence[Piece]], numeric: Sequence[bool], rules: Array) -> bool:
    """Does what stands in the grid look like a table rather than prose, a list or a chart?"""
    full = [pieces for pieces in grid if len(pieces) > 1]
    pieces = [p for row in full for p in row]
    if len(full) < 2:
        return False
    n_cols = len(numeric)
    labels = any(numeric[1:])  # Japanese ones may be as long as a sentence
    prose = sum(is_prose(p.lines[0]) for p in pieces if p.first or not (labels and p.is_japanese)) / len(pieces)
    filled = len(pieces) / (len(full) * n_cols)
    if filled < 0.45 or prose > 0.3 or _struck(full, rules) > 0.3:
        return False
    values = sum(is_value(p) for p in pieces) / len(pieces)
    across = len(_across(grid, rules))
    flush = flush_share(grid, n_cols)
    if any(numeric[1:]) and values > 0.3:
        wordy = sum(is_prose(p.lines[0]) for p in pieces if p.first or not p.is_japanese) / len(pieces)
        japanese = any(p.is_japanese for p in pieces)
        least = (4 if across else 6) if japanese else 8  # cells; the part of a table on a page may be small
        return flush > 0.5 and (across >= 2 or (len(full) * n_cols >= least and wordy < 0.1))
    if n_cols == 2 and len(full) == len(grid) and is_form(full, across):
        return True
    flush_text = flush > 0.7 and len(full) >= 0.6 * len(grid)
    if across >= 2:
        return flush_text or values > 0.3
    return flush_text and n_cols >= 3 and len(full) >= 4 and filled > 0.7 and prose == 0


def _is_scaled(rows: Sequence[Row]) -> bool:
    """Do the scales of a chart stand among the rows, evenly spaced: one that falls down the side, one from zero?"""
    for side in (0, -1):
        ends = [r.phrases[side] for r in rows]
        marks = [(v, p.bottom) for p in ends if (v := _value(p)) is not None]
        few = max(4, round(0.6 * len(ends)))  # a title or the other scale may stand above or below
        runs = [marks[a : len(marks) - b] for a in range(3) for b in range(3)]
        steps = [_even_step(run) for run in runs if len(run) >= few]
        if any(step < 0 and step != -1 for step in steps):
            return True
    for r in rows:
        marks = [(v, p.center) for p in r.phrases if (v := _value(p)) is not None]
        if len(marks) >= 5 and marks[0][0] == 0 and _even_step(marks):
            return True
    return False


def _value(part: Phrase) -> float | None:
    found = figure(part.text)
    if found is None or found.value is None or found.kind != "number" or found.order:
        return None
    return float(found.value)


def _even_step(marks: Sequence[tuple[float, float]]) -> float:
    """The step of numbers that stand at even distances and differ by the same; 0 where they do not."""
    value, place = np.diff(np.array(marks), axis=0).T
    even = np.allclose(value, value[0]) and np.ptp(place) < 0.1 * abs(float(place.mean()))
    return float(value[0]) if even else 0.0


def _struck(grid: Sequence[Sequence[Piece]], rules: Array) -> float:
    """The share of rows with a rule at half their height, as the lines of a chart stand beside its labels."""
    middles = np.array([(min(p.top for p in r) + max(p.bottom for p in r)) / 2 for r in grid])
    long = rules[rules[:, 2] - rules[:, 1] > 3 * grid[0][0].lines[0].size, 0]
    reach = 0.2 * grid[0][0].lines[0].size
    return float((np.abs(middles[:, None] - long[None, :]) < reach).any(axis=1).mean()) if len(long) else 0.0


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
