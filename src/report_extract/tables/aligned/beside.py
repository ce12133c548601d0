"""Tables that stand side by side without a rule between, and prose beside a table: where a stretch of rows is parted.

A gutter is a white that runs down all rows of a stretch between two columns or more on either side. Wide white alone
says little; what tells two tables from one is that labels begin anew after figures, and that the sides go their own
ways: one ends before the other, their lines stand at other heights, or both say the same headings.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from .columns import column_spans
from .lines import Phrase, Row, is_number, row, unfilled

WIDE = 2.0  # of the letters' size: a gutter that nothing but its width tells is wider
LEAST = 1.2  # the same where the sides go their own ways; and no other white is wider then
STANDS_OUT = 1.4  # and by so much wider than any other white between two columns
OWN_LINES = 0.4  # the share of lines on one side alone from which the sides go their own ways
PROSE_LINES = 5  # so many lines are a paragraph
FULL = 0.5  # of the letters' size: what a line of a paragraph may leave blank besides the next word
ENDS = 0.5  # for each row of a table beside: a column of texts has so many lines that are not full


def parted_beside(rows: Sequence[Row]) -> list[list[Row]]:
    """A stretch of rows as one or more, from the left, each to be read on its own."""
    at = _gutter(rows)
    if at is None:
        return [list(rows)]
    left, right = _side(rows, at, True), _side(rows, at, False)
    return [left, *parted_beside(right)]


def _side(rows: Sequence[Row], at: float, left: bool) -> list[Row]:
    halves = ([p for p in r.phrases if (p.center < at) == left] for r in rows)
    return [row(half) for half in halves if half]


def _gutter(rows: Sequence[Row]) -> float | None:
    """The x of the first gutter between two tables, or between a table and prose; None where there is none."""
    spans = column_spans(rows)
    whites = [_white(rows, a, b) for a, b in pairwise(spans)]
    for i, (x0, x1) in enumerate(whites):
        at = (x0 + x1) / 2
        if x1 <= x0 or any(p.x0 < at < p.x1 for r in rows for p in r.phrases):
            continue
        left, right = _side(rows, at, True), _side(rows, at, False)
        if i == len(spans) - 2 and i >= 1 and _is_prose_beside(right, left):
            return at
        if 1 <= i < len(spans) - 2 and _begins_anew(rows, spans, i):
            others = [b - a for k, (a, b) in enumerate(whites) if k not in (0, i, i + 1)]  # labels leave any white
            widest, size = max(others, default=0.0), rows[0].size
            wide = x1 - x0 > max(WIDE * size, STANDS_OUT * widest)
            if wide or (x1 - x0 > max(LEAST * size, widest) and _go_own_ways(rows, left, right, at)):
                return at
    return None


def _white(rows: Sequence[Row], a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float]:
    """The white between two columns, as far as no phrase stands in it."""
    middle = (a[1] + b[0]) / 2
    low = max((p.x1 for r in rows for p in r.phrases if p.x1 <= middle), default=a[1])
    high = min((p.x0 for r in rows for p in r.phrases if p.x0 >= middle), default=b[0])
    return low, high


def _begins_anew(rows: Sequence[Row], spans: Sequence[tuple[float, float]], i: int) -> bool:
    """Do labels follow the figures of column ``i``, and figures these labels?"""
    figures, labels, after = (
        [p for r in rows[1:] for p in r.phrases if a <= p.center <= b] for a, b in spans[i : i + 3]
    )
    words = sum(sum(map(str.isalpha, p.text)) > 1 and not is_number(p.words[0].text) for p in labels)
    return _of_numbers(figures) > 0.6 and words > 0.8 * len(labels) and _of_numbers(after) > 0.5


def _of_numbers(said: Sequence[Phrase]) -> float:
    return sum(is_number(p.words[0].text) for p in said) / max(1, len(said))


def _go_own_ways(rows: Sequence[Row], left: Sequence[Row], right: Sequence[Row], at: float) -> bool:
    """Do two sides end apart, stand at other heights, or say the same headings?"""
    alone = [len({p.center < at for p in r.phrases}) == 1 for r in rows]
    if abs(left[-1].bottom - right[-1].bottom) > 0.8 * rows[0].size or sum(alone) > OWN_LINES * len(rows):
        return True
    mine, theirs = ("".join(p.text for p in side[0].phrases[:1]) for side in (left, right))
    return mine == theirs


def _is_prose_beside(lines: Sequence[Row], table: Sequence[Row]) -> bool:
    """Are lines beside a table a paragraph: all full but the last, where a column of texts has an end in each row?

    A line is full where the first word of the next one would not have fitted.
    """
    only: list[Phrase] = [r.phrases[-1] for r in lines if len(r.phrases) == 1]
    if len(only) < PROSE_LINES or len(only) < 0.8 * len(lines):
        return False
    edge = max(p.x1 for p in only)
    size = only[0].size
    ends = unfilled(only, FULL)
    pitches = np.diff([p.top for p in only])
    even = bool((np.abs(pitches - np.median(pitches)) < 0.3 * size).mean() > 0.7)
    return even and edge - min(p.x0 for p in only) > 10 * size and ends < ENDS * len(table)
