"""Rulings as they are drawn → the few straight lines a reader sees, and which of them hang together.

A line is a record ``(position, start, end)``: where it lies across its direction and what it covers along
it, in points. Horizontal lines and vertical ones are kept in two arrays of shape (n, 3).
"""

from __future__ import annotations

import numpy as np

from ..core.model import Array

SNAP = 0.7  # strokes nearer than this to each other are one line drawn twice
DASH_GAP = 3.0  # pieces of one line with gaps up to this are dashes
REACH = 3.0  # lines that miss each other by no more than this are meant to meet
SHORTEST = 3.0  # a shorter line bounds nothing that could hold a character
MOST_PAIRS = 4_000_000  # pairs of lines compared at once, to bound memory


def split(rulings: Array) -> tuple[Array, Array]:
    """The horizontal and the vertical ones among ``rulings`` (RULING), as lines."""
    flat = (rulings["x1"] - rulings["x0"]) >= (rulings["bottom"] - rulings["top"])
    across, upright = rulings[flat], rulings[~flat]
    horizontal = np.column_stack(((across["top"] + across["bottom"]) / 2, across["x0"], across["x1"]))
    vertical = np.column_stack(((upright["x0"] + upright["x1"]) / 2, upright["top"], upright["bottom"]))
    return horizontal, vertical


def clustered(values: Array, tolerance: float) -> Array:
    """The cluster of each of ``values``, numbered from 0 upward by value.

    Neighbours within ``tolerance`` share a cluster; a chain of them longer than three tolerances is cut
    evenly, so that the dense lines of a drawing do not become one.
    """
    if not len(values):
        return np.zeros(0, dtype=np.intp)
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    chain = np.cumsum(np.diff(ordered, prepend=ordered[0]) > tolerance)
    first = ordered[np.searchsorted(chain, chain)]
    last = ordered[np.searchsorted(chain, chain, side="right") - 1]
    piece = np.where(last - first > 3 * tolerance, (ordered - first) // tolerance, 0)
    changed = (np.diff(chain, prepend=chain[0]) != 0) | (np.diff(piece, prepend=piece[0]) != 0)
    labels = np.empty(len(values), dtype=np.intp)
    labels[order] = np.cumsum(changed)
    return labels


def centers(values: Array, labels: Array) -> Array:
    """The mean of ``values`` in each cluster."""
    return np.asarray(np.bincount(labels, values) / np.maximum(1, np.bincount(labels)))


def merged(lines: Array, snap: float = SNAP, gap: float = DASH_GAP) -> Array:
    """``lines`` with dashes joined and double strokes made one; shape (m, 3), ordered by position."""
    if not len(lines):
        return lines
    labels = clustered(lines[:, 0], snap)
    position = centers(lines[:, 0], labels)
    order = np.lexsort((lines[:, 1], labels))
    labels, start, end = labels[order], lines[order, 1], lines[order, 2]
    # Each cluster is moved to a stretch of its own, so that one running maximum serves all of them.
    stretch = (end.max() - start.min() + 2 * gap) * labels
    reach = np.maximum.accumulate(end + stretch)
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = start[1:] + stretch[1:] > reach[:-1] + gap
    begins = np.flatnonzero(fresh)
    ends = np.append(begins[1:], len(order)) - 1
    result = np.column_stack((position[labels[begins]], start[begins], (reach - stretch)[ends]))
    return np.asarray(result[result[:, 2] - result[:, 1] >= SHORTEST])


def connected(n: int, a: Array, b: Array) -> Array:
    """The components of a graph of ``n`` nodes with edges a[i] - b[i]: the least node of each, per node."""
    label = np.arange(n)
    while True:
        before = label.copy()
        least = np.minimum(label[a], label[b])
        np.minimum.at(label, before[a], least)
        np.minimum.at(label, before[b], least)
        label = label[label]
        if np.array_equal(label, before):
            return label


def _meetings(horizontal: Array, vertical: Array) -> tuple[Array, Array]:
    """Which horizontal meets which vertical, within REACH: two arrays of indices."""
    order = np.argsort(vertical[:, 0])
    places = vertical[order, 0]
    low = np.searchsorted(places, horizontal[:, 1] - REACH)
    high = np.searchsorted(places, horizontal[:, 2] + REACH, side="right")
    counts = high - low
    found: list[tuple[Array, Array]] = []
    begin = 0
    total = np.cumsum(counts)
    while begin < len(horizontal):
        done = total[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(total, done + MOST_PAIRS, side="right")))
        h = np.repeat(np.arange(begin, end), counts[begin:end])
        offset = np.arange(len(h)) - np.repeat(total[begin:end] - counts[begin:end] - done, counts[begin:end])
        v = order[np.repeat(low[begin:end], counts[begin:end]) + offset]
        y = horizontal[h, 0]
        meet = (y >= vertical[v, 1] - REACH) & (y <= vertical[v, 2] + REACH)
        found.append((h[meet], v[meet]))
        begin = end
    if not found:
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
    return np.concatenate([f[0] for f in found]), np.concatenate([f[1] for f in found])


def running(lines: Array, others: Array) -> Array:
    """Those of ``lines`` that run from one of ``others``, which cross their direction, to another one."""
    bounded = np.ones(len(lines), dtype=bool)
    for end in (1, 2):
        at_end = np.zeros(len(lines), dtype=bool)
        at_end[_meetings(lines[:, [0, end, end]], others)[0]] = True
        bounded &= at_end
    return np.asarray(lines[bounded])


def apart(lines: Array, others: Array, distance: float) -> Array:
    """Those of ``lines`` that do not run along one of ``others`` within ``distance``."""
    alone = np.ones(len(lines), dtype=bool)
    step = max(1, MOST_PAIRS // max(1, len(others)))
    for at in range(0, len(lines), step):
        part = lines[at : at + step]
        near = np.abs(part[:, :1] - others[None, :, 0]) <= distance
        shared = np.minimum(part[:, 2:], others[None, :, 2]) - np.maximum(part[:, 1:2], others[None, :, 1])
        alone[at : at + step] = ~(near & (shared > 0.5 * (part[:, 2:] - part[:, 1:2]))).any(axis=1)
    return np.asarray(lines[alone])


def enough(across: Array, down: Array) -> Array:
    """Can so many horizontal lines and so many vertical ones bound two rows and two columns?"""
    return ((across >= 2) & (down >= 2)) | ((across >= 3) & (down >= 1))


def nets(horizontal: Array, vertical: Array) -> list[tuple[Array, Array]]:
    """The groups of lines that hang together: the horizontals and the verticals of each.

    Only groups that could bound two rows and two columns are given, upright or lying on a side.
    """
    if not len(horizontal) or not len(vertical):
        return []
    h, v = _meetings(horizontal, vertical)
    n = len(horizontal)
    label = connected(n + len(vertical), h, n + v)
    label_h, label_v = label[:n], label[n:]
    count_h, count_v = np.bincount(label_h, minlength=len(label)), np.bincount(label_v, minlength=len(label))
    fit = enough(count_h, count_v) | enough(count_v, count_h)
    order_h, order_v = np.argsort(label_h, kind="stable"), np.argsort(label_v, kind="stable")
    at_h, at_v = np.cumsum(count_h), np.cumsum(count_v)
    return [
        (
            horizontal[order_h[at_h[net] - count_h[net] : at_h[net]]],
            vertical[order_v[at_v[net] - count_v[net] : at_v[net]]],
        )
        for net in np.flatnonzero(fit)
    ]
