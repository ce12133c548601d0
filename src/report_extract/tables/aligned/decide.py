"""Is what stands in a grid of white space a table, rather than prose, a list, an index or the labels of a chart?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...core.model import Array
from ...text.parse import figure
from ..rulings import centers, clustered
from .lines import Phrase, Row, is_prose, unfilled
from .rows import Piece, flush_share, is_form, is_value

SAME_RULE = 1.5  # points: pieces of one rule lie no farther apart
SLACK = 0.3  # of the letters' size: what a full line of a cell may leave blank besides the next word
RECORDS = 4  # rows that begin with a label, the headings among them, from which texts that wrap are cells


def across_of(grid: Sequence[Sequence[Piece]], rules: Array) -> Array:
    """The y of the rules that run across most of a table; pieces of one rule count together."""
    x0 = min(p.lines[0].x0 for pieces in grid for p in pieces)
    x1 = max(p.lines[0].x1 for pieces in grid for p in pieces)
    if not len(rules):
        return np.zeros(0)
    same = clustered(rules[:, 0], SAME_RULE)
    within = np.clip(np.minimum(rules[:, 2], x1) - np.maximum(rules[:, 1], x0), 0, None)
    return np.asarray(centers(rules[:, 0], same)[np.bincount(same, within) > 0.75 * (x1 - x0)])


def is_table(grid: Sequence[Sequence[Piece]], numeric: Sequence[bool], rules: Array) -> bool:
    """Does what stands in the grid look like a table rather than prose, a list or a chart?"""
    full = [pieces for pieces in grid if len(pieces) > 1]
    pieces = [p for row in full for p in row]
    if len(full) < 2:
        return False
    if _wraps_in_records(grid, len(numeric)):
        return True
    n_cols = len(numeric)
    labels = any(numeric[1:])  # Japanese ones may be as long as a sentence
    prose = sum(is_prose(p.lines[0]) for p in pieces if p.first or not (labels and p.is_japanese)) / len(pieces)
    filled = len(pieces) / (len(full) * n_cols)
    if filled < 0.45 or prose > 0.3 or _struck(full, rules) > 0.3:
        return False
    values = sum(is_value(p) for p in pieces) / len(pieces)
    across = len(across_of(grid, rules))
    flush = flush_share(grid, n_cols)
    if any(numeric[1:]) and values > 0.3:
        whole = n_cols > 2 and all(numeric[1:]) and filled > 0.9  # figures beside every label: it may be a sentence
        wordy = sum(is_prose(p.lines[0]) for p in pieces if p.first or not (whole or p.is_japanese)) / len(pieces)
        japanese = any(p.is_japanese for p in pieces)
        least = (4 if across else 6) if japanese else 8  # cells; the part of a table on a page may be small
        return flush > 0.5 and (across >= 2 or (len(full) * n_cols >= least and wordy < 0.1))
    if n_cols == 2 and len(full) == len(grid) and is_form(full, across):
        return True
    flush_text = flush > 0.7 and len(full) >= 0.6 * len(grid)
    if across >= 2:
        return flush_text or values > 0.3
    return flush_text and n_cols >= 3 and len(full) >= 4 and filled > 0.7 and prose == 0


def _wraps_in_records(grid: Sequence[Sequence[Piece]], n_cols: int) -> bool:
    """Do texts that wrap end with each record, as they do in a cell and do not in a paragraph?

    A line ends where the first word of the next one would have fitted beside it.
    """
    columns = [[p for row in grid for p in row if p.first == p.last == c] for c in range(n_cols)]
    wordy = [any(is_prose(p.lines[0]) for p in column) for column in columns]
    begins = [row for row in grid if len(row) > 1 and row[0].first == 0 and any(map(str.isalnum, row[0].text))]
    if n_cols < 3 or wordy[0] or not any(wordy) or len(begins) < RECORDS or flush_share(grid, n_cols) < 0.7:
        return False
    filled = sum(map(len, begins)) / (len(begins) * n_cols)
    lines = [[p.lines[0] for p in column] for column, is_wordy in zip(columns, wordy, strict=True) if is_wordy]
    return filled > 0.7 and all(1 + unfilled(of, SLACK) >= 0.8 * len(begins) for of in lines)


def is_scaled(rows: Sequence[Row]) -> bool:
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
