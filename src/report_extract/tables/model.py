"""The fitted models, evaluated with numpy: boosted trees whose weights lie in ``model.npz`` beside this file.

The trees are those of histogram gradient boosting (Friedman, "Greedy function approximation: a gradient boosting
machine", 2001), one array a field over all nodes of all trees. ``python -m fit`` writes them, with their provenance,
which ``provenance`` gives back.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import numpy as np

from ..core.model import Array


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """Boosted trees for a yes or no.

    Attributes:
        names: of the numbers they ask for, in order.
        feature, threshold, low, high, value: of every node: which number it asks for (-1 in a leaf), the largest value
            that goes ``low``, the nodes that follow, the leaf's log odds.
        roots: the first node of every tree.
        start: the log odds before any tree.
        scale, shift: by which the log odds are calibrated to a probability.
    """

    names: tuple[str, ...]
    feature: Array
    threshold: Array
    low: Array
    high: Array
    value: Array
    roots: Array
    start: float
    scale: float = 1.0
    shift: float = 0.0

    def probability(self, numbers: Array) -> Array:
        """The probability of yes for each row of ``numbers``, shape (n, len(names)); 0..1, shape (n,)."""
        count, flat = len(numbers), np.ascontiguousarray(numbers).reshape(-1)
        feature, following = _walked(self)
        ends = np.tile(self.roots.astype(np.intp), count)
        place = np.repeat(np.arange(count) * len(self.names), len(self.roots))
        open_yet = np.flatnonzero(feature[ends] >= 0)
        node, first = ends[open_yet], place[open_yet]
        while len(node):
            goes_low = flat.take(first + feature.take(node)) <= self.threshold.take(node)
            node = following.take(2 * node + goes_low)
            inner = feature.take(node) >= 0
            ends[open_yet] = node
            open_yet, node, first = open_yet[inner], node[inner], first[inner]
        odds = self.scale * (self.start + self.value[ends.reshape(count, -1)].sum(axis=1)) + self.shift
        return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))))


@lru_cache(maxsize=16)
def _walked(trees: Trees) -> tuple[Array, Array]:
    """The number each node asks for, -1 in a leaf; the nodes that follow node k: at 2 k the high one, then the low."""
    return trees.feature.astype(np.intp), np.column_stack((trees.high, trees.low)).astype(np.intp).reshape(-1)


@cache
def stored_models() -> dict[str, Array]:
    """The arrays of the file."""
    content = resources.files(__package__).joinpath("model.npz").read_bytes()
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


@cache
def provenance() -> dict[str, Any]:
    """What the models were fitted on, when, and how they did on what was held out."""
    told: dict[str, Any] = json.loads(str(stored_models()["provenance"]))
    return told


@cache
def trees(name: str) -> Trees:
    """The fitted trees called ``name``: "table" tells whether all cells of a found table are right."""
    stored = stored_models()
    start, scale, shift = stored[f"{name}.odds"].tolist()
    names = tuple(stored[f"{name}.names"].tolist())
    fields = {field: stored[f"{name}.{field}"] for field in ("feature", "threshold", "low", "high", "value", "roots")}
    return Trees(names, **fields, start=start, scale=scale, shift=shift)
