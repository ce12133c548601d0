"""Where a region may be parted into columns and rows, and what speaks for it, as numbers.

The split step of Tensmeyer et al., "Deep splitting and merging for table structure decomposition" (ICDAR 2019), over
words and rules instead of pixels: candidates for column edges are the places that few lines of text cross, and all
rules; candidates for row edges lie between each two lines of text. ``model`` tells which of them are separators.
Lengths are in ems.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

import numpy as np

from ..core.model import Array
from .laid import cover
from .line_pairs import line_pairs
from .order_statistics import quantiles
from .region import REACH, Region

OPENS, CLOSES = "(（「『【[〔", ")）」』】]〕"
MOST_CROSSED = 0.6  # the share of lines that may cross a candidate for a column edge
STEP = 0.05  # ems between the places at which crossings are counted
MOST_PAIRED = 96  # lines of a region whose words are all held against one another at once
INSET = 0.05  # ems by which a word may reach over an edge


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Places where a region may be parted.

    Attributes:
        intervals: where each may stand, shape (n, 2).
        ruled: the position of the rule on it, nan where there is none.
        numbers: what speaks for each; shape (n, k).
    """

    intervals: Array
    ruled: Array
    numbers: Array

    @property
    def places(self) -> Array:
        """Where each stands: on its rule, else in the middle of its interval."""
        return np.where(np.isnan(self.ruled), self.intervals.mean(axis=1), self.ruled)


# --- columns


def column_candidates(at: Region) -> Candidates:
    """The candidates for column edges, from the left."""
    intervals = _gaps(at)
    rules = at.vertical
    if len(rules):
        inner = rules[(rules[:, 0] > at.box.x0 + 0.3 * at.em) & (rules[:, 0] < at.box.x1 - 0.3 * at.em)]
        for x in np.unique(np.round(inner[:, 0], 1)).tolist():
            if not any(a - REACH * at.em <= x <= b + REACH * at.em for a, b in intervals):
                intervals.append((x - 0.2, x + 0.2))
        intervals.sort()
    found = np.array(intervals).reshape(-1, 2)
    ruled = np.full(len(found), np.nan)
    for i, (a, b) in enumerate(found.tolist()):
        near = rules[(rules[:, 0] >= a - REACH * at.em) & (rules[:, 0] <= b + REACH * at.em)]
        if len(near):
            ruled[i] = near[np.argmax(near[:, 2] - near[:, 1]), 0]
    return Candidates(found, ruled, _column_numbers(at, found) if len(found) else np.zeros((0, len(COLUMN_NUMBERS))))


def _gaps(at: Region) -> list[tuple[float, float]]:
    """The stretches of x that fewer lines cross than on either side: the gaps of the vertical projection profile."""
    step = STEP * at.em
    n = int((at.box.x1 - at.box.x0) / step) + 1
    crossing = np.zeros(n + 1)
    begin = np.clip(((at.boxes[:, 0] - at.box.x0) / step + 1).astype(int), 0, n)
    end = np.clip(((at.boxes[:, 2] - at.box.x0) / step).astype(int), 0, n)
    np.add.at(crossing, begin, 1)
    np.add.at(crossing, np.maximum(begin, end), -1)
    crossing = np.cumsum(crossing)[:n]
    starts = np.flatnonzero(np.diff(crossing, prepend=-1) != 0)
    level = crossing[starts]
    ends = np.append(starts[1:], n)
    low = np.zeros(len(starts), dtype=bool)
    low[1:-1] = (level[1:-1] < level[:-2]) & (level[1:-1] < level[2:]) & (level[1:-1] <= MOST_CROSSED * len(at.lines))
    edges = at.box.x0 + np.column_stack((starts, ends))[low] * step
    return [(x0, x1) for x0, x1 in edges.tolist()]


# fmt: off
COLUMN_NUMBERS = (
    "width", "rule", "ruled", "crossed", "crossed_body", "crossed_head", "both", "gap_median", "gap_least",
    "gap_quarter", "ends_left", "starts_right", "ends_left_close", "starts_right_close", "centers_left",
    "centers_right", "starts_left", "ends_right", "figures_left", "figures_right", "before", "after", "lines",
    "rules", "strong", "filled_left", "filled_right", "crossed_before", "crossed_after", "wide", "tiny",
    "from_left", "to_right", "n", "rule_before", "rule_after", "rule_head", "rule_body", "crossing_long",
    "only_left", "only_right", "figures_alone", "em_share",
)
# fmt: on


def _column_numbers(at: Region, intervals: Array) -> Array:
    """What speaks for each candidate, shape (n, len(COLUMN_NUMBERS))."""
    em, n_lines, boxes = at.em, len(at.lines), at.boxes
    m = intervals.mean(axis=1)
    n = len(m)
    crosses = (boxes[:, 0:1] + INSET * em < m) & (boxes[:, 2:3] - INSET * em > m)
    crossed = np.logical_or.reduceat(crosses, at.line_starts, axis=0)
    left, right = _beside(at, m)
    both = (left >= 0) & (right >= 0) & ~crossed
    x0, x1 = boxes[:, 0], boxes[:, 2]
    gap = np.where(both, (x0[right] - x1[left]) / em, np.nan)
    body = np.arange(n_lines) >= n_lines // 3
    tops, reach = np.array([at.box.top, at.box.bottom]), REACH * em
    edges = np.linspace(at.box.top, at.box.bottom, 4)
    thirds = _cover_of_intervals(at.vertical, intervals, edges, reach)
    rule = _cover_of_intervals(at.vertical, intervals, tops, reach)[:, 0]
    bounds_low = np.append(at.box.x0, intervals[:-1, 1])
    bounds_high = np.append(intervals[1:, 0], at.box.x1)
    filled_left = _filled(at, bounds_low - 1, m + 1)
    filled_right = _filled(at, m - 1, bounds_high + 1)
    share = crossed.mean(axis=0)
    long = ((boxes[:, 2] - boxes[:, 0])[:, None] * crosses).max(axis=0) / em
    figure = np.append(at.is_figure, False)
    left_figure, right_figure = figure[left] & both, figure[right] & both
    n_both = np.maximum(1, both.sum(axis=0))
    quarters = quantiles(np.where(both.any(axis=0), gap, 0.0), (0.5, 0.0, 0.25))

    def flush(values: Array, near: float) -> Array:
        return _flush(values, both, near * em)

    strong = at.vertical[(at.vertical[:, 2] - at.vertical[:, 1]) > 0.5 * (at.box.bottom - at.box.top)]
    ones = np.ones(n)
    columns = [
        (intervals[:, 1] - intervals[:, 0]) / em,
        rule,
        (rule > 0.02).astype(float),
        share,
        crossed[body].mean(axis=0) if body.any() else share,
        crossed[~body].mean(axis=0) if (~body).any() else share,
        both.mean(axis=0),
        *quarters,
        flush(x1[left], 0.25),
        flush(x0[right], 0.25),
        flush(x1[left], 0.12),
        flush(x0[right], 0.12),
        flush((x0[left] + x1[left]) / 2, 0.12),
        flush((x0[right] + x1[right]) / 2, 0.12),
        flush(x0[left], 0.12),
        flush(x1[right], 0.12),
        left_figure.sum(axis=0) / n_both,
        right_figure.sum(axis=0) / n_both,
        np.minimum((intervals[:, 0] - bounds_low) / em, 12),
        np.minimum((bounds_high - intervals[:, 1]) / em, 12),
        ones * n_lines,
        ones * len(at.vertical),
        ones * len(strong),
        filled_left.mean(axis=0),
        filled_right.mean(axis=0),
        np.append(0.0, share[:-1]),
        np.append(share[1:], 0.0),
        (gap > 1.0).sum(axis=0) / n_both,
        (gap < 0.35).sum(axis=0) / n_both,
        (m - at.box.x0) / em,
        (at.box.x1 - m) / em,
        ones * n,
        np.append(0.0, rule[:-1]),
        np.append(rule[1:], 0.0),
        thirds[:, 0],
        thirds[:, 1:].mean(axis=1),
        long,
        (filled_left & ~filled_right).mean(axis=0),
        (filled_right & ~filled_left).mean(axis=0),
        (left_figure & right_figure).sum(axis=0) / n_both,
        ones * (len(boxes) / n_lines),
    ]
    return np.column_stack(columns).astype(float)


def _beside(at: Region, m: Array) -> tuple[Array, Array]:
    """In each line, the word next to each place on its left and on its right; -1 where there is none."""
    words = np.arange(len(at.boxes))[:, None]  # they stand from the left, line by line
    left = np.where(at.boxes[:, 2:3] <= m + 0.3, words, -1)
    right = np.where(at.boxes[:, 0:1] >= m - 0.3, words, len(words))
    last = np.maximum.reduceat(left, at.line_starts, axis=0)
    first = np.minimum.reduceat(right, at.line_starts, axis=0)
    return last, np.where(first < len(words), first, -1)


def _filled(at: Region, low: Array, high: Array) -> Array:
    """Which lines have a word that lies between low and high; shape (lines, n)."""
    inside = (at.boxes[:, 0:1] >= low) & (at.boxes[:, 2:3] <= high)
    return np.logical_or.reduceat(inside, at.line_starts, axis=0)


def _cover_of_intervals(lines: Array, intervals: Array, tracks: Array, reach: float) -> Array:
    """How much of each stretch of ``tracks`` is ruled at each interval; shape (n, len(tracks) - 1)."""
    found = np.zeros((len(intervals), len(tracks) - 1))
    for i, (a, b) in enumerate(intervals.tolist()):
        near = lines[(lines[:, 0] >= a - reach) & (lines[:, 0] <= b + reach)]
        if len(near):
            found[i] = cover(near, np.array([(a + b) / 2]), tracks, 1e9)[0]
    return found


def _flush(values: Array, known: Array, near: float) -> Array:
    """Of each column of ``values``, the largest share of the known ones that lie within ``near`` of one of them."""
    found = np.zeros(values.shape[1])
    if len(values) > MOST_PAIRED:
        for k in range(values.shape[1]):
            mine = np.sort(values[known[:, k], k])
            if len(mine):
                within = np.searchsorted(mine, mine + near, "right") - np.searchsorted(mine, mine - near)
                found[k] = float(within.max()) / len(mine)
        return found
    mine = np.where(known, values, np.nan)
    close = (mine[None] <= mine[:, None] + near) & (mine[None] >= mine[:, None] - near)
    count = known.sum(axis=0)
    np.divide(close.sum(axis=1).max(axis=0, initial=0), count, out=found, where=count > 0)
    return found


# --- rows


def row_candidates(at: Region) -> Candidates:
    """The candidates for row edges: between each two lines of text, from the top."""
    bands = at.bands
    if len(bands) < 2:
        return Candidates(np.zeros((0, 2)), np.zeros(0), np.zeros((0, len(ROW_NUMBERS))))
    intervals = np.column_stack((bands[:-1, 2], bands[1:, 2]))
    ruled = np.full(len(intervals), np.nan)
    for i, (a, b) in enumerate(intervals.tolist()):
        near = at.horizontal[(at.horizontal[:, 0] >= a - 0.2 * at.em) & (at.horizontal[:, 0] <= b + 0.2 * at.em)]
        if len(near):
            length = np.minimum(near[:, 2], at.box.x1) - np.maximum(near[:, 1], at.box.x0)
            ruled[i] = near[np.argmax(length), 0]
    edges = np.column_stack((bands[:-1, 1], bands[1:, 0]))
    return Candidates(np.sort(edges, axis=1), ruled, _row_numbers(at, intervals))


# fmt: off
ROW_NUMBERS = (
    "rule", "rule_below", "rule_above", "ruled", "gap", "pitch", "gap_more", "over_below", "over_above", "n_above",
    "n_below", "n_ratio", "figures_above", "figures_below", "first_above", "first_below", "place", "rule_all",
    "rules", "lines", "size", "gap_before", "gap_after", "rule_before", "rule_after", "figures_over", "same_starts",
    "starts_below_low", "opens", "goes_on", "fill", "pitch_before", "pitch_after", "n_before", "n_after",
    "figures_before", "figures_after", "over_prev", "left_only_above", "left_only_below", "gap_rank", "indent",
    "rule_wide", "upright",
)
# fmt: on


def _row_numbers(at: Region, middles: Array) -> Array:
    """What speaks for each candidate, shape (n, len(ROW_NUMBERS))."""
    em, bands, n = at.em, at.bands, len(middles)
    gaps = (bands[1:, 0] - bands[:-1, 1]) / em
    pitch = np.diff(bands[:, 2])
    usual, usual_gap = max(0.1, float(np.median(pitch))), float(np.median(gaps))
    ends = np.split(at.boxes[:, [0, 2]], at.line_starts[1:])
    count = np.array([len(line) for line in at.lines], dtype=float)
    share = np.add.reduceat(at.is_figure.astype(float), at.line_starts) / count
    low = float(at.boxes[:, 0].min())
    stub = low + 0.15 * (at.box.x1 - low)
    first = np.logical_or.reduceat(at.boxes[:, 0] < stub, at.line_starts).astype(float)
    starts = np.minimum.reduceat(at.boxes[:, 0], at.line_starts)
    span = np.array([at.box.x0, at.box.x1])
    height, (below, above) = at.horizontal[:, 0], (middles + np.array([-0.2, 0.2]) * em).T[:, :, None]
    rules = [at.horizontal[near] for near in (height >= below) & (height <= above)]
    rule = np.array([_covered(near, span) for near in rules])
    all_ruled = float((rule > 0.5).mean())
    sizes = [median(w.size for w in line) for line in at.lines]
    rank = np.argsort(np.argsort(gaps)) / max(1, n - 1)
    between, fills = line_pairs(ends, np.split(at.is_figure, at.line_starts[1:]), 0.2 * em), _dark_edges(at)
    rows = []
    for i in range(n):
        near = rules[i]
        text, under = "".join(w.text for w in at.lines[i]), "".join(w.text for w in at.lines[i + 1])
        opened = sum(text.count(c) for c in OPENS) - sum(text.count(c) for c in CLOSES)
        rows.append(
            (
                rule[i],
                _ruled_share(near, ends[i + 1]),
                _ruled_share(near, ends[i]),
                float(len(near) > 0),
                gaps[i],
                pitch[i] / usual,
                gaps[i] - usual_gap,
                between.over_below[i],
                between.over_above[i],
                count[i],
                count[i + 1],
                count[i + 1] / count[i],
                share[i],
                share[i + 1],
                first[i],
                first[i + 1],
                i / len(bands),
                all_ruled,
                len(at.horizontal) / len(bands),
                min(len(bands), 40),
                sizes[i] / max(0.1, sizes[i + 1]),
                gaps[i - 1] if i else 5.0,
                gaps[i + 1] if i + 1 < n else 5.0,
                rule[i - 1] if i else 1.0,
                rule[i + 1] if i + 1 < n else 1.0,
                between.figures_over[i],
                between.same_starts[i],
                (starts[i + 1] - low) / em,
                opened,
                float(under[0] in "、。,)）」ー" or under[0].islower() or under[0] in OPENS),
                _filled_share(at, fills, i),
                pitch[i - 1] / usual if i else 2.0,
                pitch[i + 1] / usual if i + 1 < n else 2.0,
                count[i - 1] if i else 0.0,
                count[i + 2] if i + 1 < n else 0.0,
                share[i - 1] if i else 0.0,
                share[i + 2] if i + 1 < n else 0.0,
                between.same_before[i],
                float(first[i] and not first[i + 1]),
                float(first[i + 1] and not first[i]),
                rank[i],
                (starts[i + 1] - starts[i]) / em,
                float((near[:, 2] - near[:, 1]).max(initial=0.0) / (at.box.x1 - at.box.x0)),
                float(len(at.vertical)),
            )
        )
    return np.array(rows, dtype=float)


def _covered(near: Array, span: Array) -> float:
    """How much of a width is ruled by some lines."""
    return float(cover(near, near[:1, 0], span, 1e9)[0, 0]) if len(near) else 0.0


def _ruled_share(near: Array, ends: Array) -> float:
    """The share of words at whose height a rule runs along most of them."""
    if not len(near):
        return 0.0
    shared = np.minimum(near[:, 2][:, None], ends[:, 1]) - np.maximum(near[:, 1][:, None], ends[:, 0])
    return float((np.clip(shared, 0, None).max(axis=0) > 0.5 * (ends[:, 1] - ends[:, 0])).mean())


def _dark_edges(at: Region) -> list[Array]:
    """The upper and the lower edges of the page's filled areas: y, left, right, one a row; without those on white."""
    fills = at.frame.page.fills
    dark = fills[fills["grey"] < 0.98]
    return [np.stack([dark[edge], dark["x0"], dark["x1"]], axis=1).astype("f8") for edge in ("top", "bottom")]


def _filled_share(at: Region, edges: list[Array], i: int) -> float:
    """The share of the region's width along which an edge of a filled area lies between line i and the next."""
    low, high = at.bands[i, 2], at.bands[i + 1, 2]
    width = 0.0
    for edge in edges:
        if len(edge):
            here = edge[(edge[:, 0] > low) & (edge[:, 0] < high)]
            shared = np.minimum(here[:, 2], at.box.x1) - np.maximum(here[:, 1], at.box.x0)
            width = max(width, float(np.clip(shared, 0, None).sum()))
    return min(1.0, width / (at.box.x1 - at.box.x0))
