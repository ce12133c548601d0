"""Medians and quantiles of a few numbers, as numpy defines them and without what its general functions cost.

A page asks for some hundred of these; ``np.median`` and ``np.nanpercentile`` take longer to look at their arguments
than to answer. The values are the same to the last bit (tests/test_order_statistics.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.model import Array


def median(values: Array) -> float:
    """The median of numbers without NaN, shape (n,), n > 0."""
    ordered = np.sort(values)
    half = len(ordered) // 2
    return float(ordered[half]) if len(ordered) % 2 else float((ordered[half - 1] + ordered[half]) / 2)


def quantiles(values: Array, shares: Sequence[float]) -> Array:
    """Quantiles of each column of ``values`` (n, m), NaN left out, by linear interpolation: shape (len(shares), m).

    NaN where a column holds nothing else.
    """
    ordered = np.sort(values, axis=0)  # NaN comes last
    count = (~np.isnan(ordered)).sum(axis=0)
    column = np.arange(values.shape[1])
    found = np.full((len(shares), values.shape[1]), np.nan)
    if not len(values):
        return found
    last = np.maximum(count - 1, 0)
    for k, share in enumerate(shares):
        at = share * last
        low = np.floor(at).astype(np.intp)
        part = at - low
        a, b = ordered[low, column], ordered[np.minimum(low + 1, last), column]
        # The formula that numpy takes from either end, so that neither end is missed by rounding.
        found[k] = np.where(part >= 0.5, b - (b - a) * (1 - part), a + (b - a) * part)
    return found
