"""How the words of each line of text stand to those of the next one, for all lines of a region at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..core.model import Array

MOST_PAIRS = 400_000  # words of neighbouring lines that are held against one another at once


@dataclass(frozen=True, slots=True, eq=False)
class LinePairs:
    """How the words of each line stand to those of the next one: shares, shape (lines - 1,).

    Attributes:
        over_below, over_above: of the lower, of the upper words that stand over one of the other line.
        figures_over: of the lower figures, those that stand below a figure.
        same_starts: of the lower words that begin where one of the upper line does; same_before: of the line before
            that one.
    """

    over_below: Array
    over_above: Array
    figures_over: Array
    same_starts: Array
    same_before: Array


def line_pairs(ends: Sequence[Array], figure: Sequence[Array], near: float) -> LinePairs:
    """How the words of each line stand to those of the next.

    Args:
        ends: the left and right ends of each line's words, shape (words, 2).
        figure: which of these are figures.
        near: points by which two that begin at one place may differ.
    """
    counts = np.array([len(e) for e in ends])
    n, most = len(ends), int(counts.max())
    begin, end, is_figure = np.full((n, most), np.nan), np.full((n, most), np.nan), np.zeros((n, most), dtype=bool)
    there = np.arange(most) < counts[:, None]
    begin[there], end[there] = np.concatenate(ends).T
    is_figure[there] = np.concatenate(figure)
    found = np.zeros((5, n - 1))
    step = max(1, MOST_PAIRS // (most * most))
    for low in range(0, n - 1, step):
        upper, lower = slice(low, min(low + step, n - 1)), slice(low + 1, min(low + step, n - 1) + 1)
        meets = (begin[upper, :, None] < end[lower, None, :]) & (begin[lower, None, :] < end[upper, :, None])
        both = meets & is_figure[upper, :, None] & is_figure[lower, None, :]
        same = np.abs(begin[upper, :, None] - begin[lower, None, :]) < near
        before = np.roll(begin, 1, axis=0)
        again = np.abs(before[upper, :, None] - begin[lower, None, :]) < near
        found[:, upper] = (
            meets.any(axis=1).sum(axis=1) / counts[lower],
            meets.any(axis=2).sum(axis=1) / counts[upper],
            both.any(axis=1).sum(axis=1) / np.maximum(1, is_figure[lower].sum(axis=1)),
            same.any(axis=1).sum(axis=1) / counts[lower],
            again.any(axis=1).sum(axis=1) / counts[lower],
        )
    found[4, 0] = 0.0  # there is no line before the first
    return LinePairs(*found)
