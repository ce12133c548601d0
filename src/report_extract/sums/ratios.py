"""Rows and columns of ratios that follow from others: 前年比, 構成比, 増減率."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..core.model import Array
from .sides import BY_FIGURES, BY_WORD, NEAR, TOLD, Relation, Side, relation


def ratios(side: Side) -> Iterator[Relation]:
    """Lines of ratios that follow from others: a / b, (a - b) / b, or a share of the line's own total."""
    plain = [i for i in range(len(side.values)) if not side.ratios[i] and np.isfinite(side.values[i]).sum() > 1]
    for line in (i for i in range(len(side.values)) if side.ratios[i]):
        printed = side.values[line]
        if np.isfinite(printed).sum() < BY_FIGURES:
            continue
        near = sorted(plain, key=lambda i: abs(i - line))[:NEAR]
        best: Relation | None = None
        for lines, computed in _quotients(side, printed, near):
            found = _ratio(side, line, lines, computed)
            if found and (best is None or len(found.held) > len(best.held)):
                best = found
        if best:
            yield best


def _quotients(side: Side, printed: Array, near: Sequence[int]) -> Iterator[tuple[list[int], Array]]:
    with np.errstate(divide="ignore", invalid="ignore"):
        for a in near:
            for whole in _wholes(printed, side.values[a]):
                yield [a], 100 * side.values[a] / whole
            for b in (b for b in near if b != a):
                quotient = side.values[a] / side.values[b]
                yield from ([([a, b], scale * quotient) for scale in (100, 1, 1000)])
                yield [a, b], 100 * (quotient - 1)


def _wholes(printed: Array, values: Array) -> Iterator[Array]:
    """Of each line across the figure that it is a share of: the nearest one behind or before it that is 100 %."""
    at = np.flatnonzero((np.abs(printed - 100) < 1e-9) & np.isfinite(values))
    if len(at):
        lines = np.arange(len(values))
        behind = np.minimum(np.searchsorted(at, lines), len(at) - 1)
        before = np.maximum(np.searchsorted(at, lines, side="right") - 1, 0)
        yield values[at[behind]]
        yield values[at[before]]


def _ratio(side: Side, line: int, lines: Sequence[int], computed: Array) -> Relation | None:
    printed = side.values[line]
    unit = 10.0 ** -side.decimals[line]
    there = np.isfinite(printed) & np.isfinite(computed)
    gap = np.abs(printed - computed)
    # Rounded, or cut off, by whoever made the report.
    holds = there & (gap < unit * 1.001) & (printed != 0)
    told = np.flatnonzero(holds & (np.abs(printed - 100) > 1e-9))
    failed = np.flatnonzero(there & (gap > 10 * unit))
    if len(told) < BY_FIGURES or len(failed) > TOLD * len(told) or len(np.unique(printed[told])) < BY_WORD:
        return None
    return relation("ratio", side, line, [(i, 1) for i in lines], True, computed, np.flatnonzero(holds), failed)
