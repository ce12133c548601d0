"""Where the columns of a stretch of rows part: the white that runs down between its phrases."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ...core.model import Array
from ...page.words import is_cjk
from .lines import Phrase, Row, is_number

STRAY = 0.08  # the share of rows that may stand in the white between two columns
LEAST = 0.25  # of the letters' size: the narrowest white between two columns


def column_edges(rows: Sequence[Row]) -> list[float]:
    """The x of the edges between the columns of ``rows``, from the left; empty where there is one column."""
    spans = column_spans(rows)
    weighed = ((1 + i / len(rows), w) for i, r in enumerate(rows) for p in r.phrases for w in p.words)
    words = np.array([(w.x0, w.x1, weight) for weight, w in weighed if any(map(is_cjk, w.text))]).reshape(-1, 3)
    values = [(_values_in(rows, span) or [span]) for span in spans]
    pairs = pairwise(zip(spans, values, strict=True))
    edges = [
        _clearest(a, b, min(max(x1 for _, x1 in left), b[0]), max(min(x0 for x0, _ in right), a[1]), words)
        for (a, left), (b, right) in pairs
    ]
    return _between_phrases(edges, rows)


def _between_phrases(edges: list[float], rows: Sequence[Row]) -> list[float]:
    """The edges moved between the phrases of rows that have one for each column, none of them over another column.

    Headings set left over figures set right may stand nearer to the column before theirs.
    """
    each = np.array([[(p.x0, p.x1) for p in r.phrases] for r in rows if len(r.phrases) == len(edges) + 1])
    if len(each) < 3:
        return edges
    # No phrase may begin left of where the column before it ends in any row, nor end right of where the next begins.
    ends, begins = each[:, :-1, 1].max(axis=0), each[:, 1:, 0].min(axis=0)
    return [
        e if low >= high or low <= e <= high else float(low + high) / 2
        for e, low, high in zip(edges, ends, begins, strict=True)
    ]


def _values_in(rows: Sequence[Row], span: tuple[float, float]) -> list[tuple[float, float]]:
    """Where the numbers of a column stand: the ends of each."""
    inside = (p for r in rows for p in r.phrases if span[0] <= p.center <= span[1])
    return [(p.x0, p.x1) for p in inside if all(is_number(w.text) for w in p.words)]


def column_spans(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """The columns of ``rows`` as intervals, from the left; empty where there is none to tell.

    Phrases that reach over several columns (nested headings, titles of row groups) are left aside. What
    the others cover is counted for every x; a column is a hill in that profile, an edge the valley floor.
    """
    kept = _apart(rows)
    if len(kept) < 4:
        return []
    size = float(np.median([p.size for p in kept]))
    return _with_whole_labels(_supported(_peaks(kept, len(rows), size), kept, rows), rows)


def _clearest(a: tuple[float, float], b: tuple[float, float], low: float, high: float, words: Array) -> float:
    """Where between the columns ``a`` and ``b`` an edge cuts the fewest words: half way, if that is no worse.

    Headings may be wider than what stands below them, so that half way may run through one. Only Japanese ones
    are minded: others wrap at their blanks.

    Args:
        a, b: the ends of the columns.
        low, high: between which x there are no values.
        words: (x0, x1, weight), shape (n, 3); headings count the more, the nearer they stand to the values.
    """
    middle = (a[1] + b[0]) / 2
    ends = words[(words[:, 0] < high) & (words[:, 1] > low)]
    stops = np.unique(np.clip(np.concatenate([[low, high], ends[:, :2].ravel()]), low, high))
    places = np.concatenate([[middle], (stops[1:] + stops[:-1]) / 2])
    cut = ((ends[:, 0] < places[:, None]) & (ends[:, 1] > places[:, None])) @ ends[:, 2]
    best = places[cut < cut.min() + 0.01]
    return float(best[np.argmin(np.abs(best - middle))])


def _with_whole_labels(columns: list[tuple[float, float]], rows: Sequence[Row]) -> list[tuple[float, float]]:
    """The columns with the first two as one where labels stand in the first and a few, centred, in the second.

    A heading or a total that is set in the middle of a column of short labels leaves a white beside them.
    """
    if len(columns) < 3:
        return columns
    (low, middle), (start, high) = columns[:2]
    left = {i for i, r in enumerate(rows) for p in r.phrases if low <= p.center <= middle}
    right = {i: p for i, r in enumerate(rows) for p in r.phrases if start <= p.center <= high}
    few = len(right) <= max(2, 0.25 * len(left))
    if left & set(right) or not few or any(is_number(p.words[0].text) for p in right.values()):
        return columns
    return [(low, high), *columns[2:]]


def _apart(rows: Sequence[Row]) -> list[Phrase]:
    """The phrases that stand in one column each.

    The fullest rows show the columns; of the others' phrases those are left aside that reach over two of them, or
    would close the white between them, as a year does that stands in the middle above two.
    """
    counts = [len(r.phrases) for r in rows]
    enough = 0.7 * float(np.percentile(counts, 90))
    full = [r for r, n in zip(rows, counts, strict=True) if n >= max(2, enough)]
    kept = [p for r in full for p in r.phrases]
    kept = [p for p, wide in zip(kept, _spanning(full, kept), strict=True) if not wide]
    if not kept:
        return []
    size = float(np.median([p.size for p in kept]))
    peaks = _peaks(kept, len(full), size)
    others = (p for r, n in zip(rows, counts, strict=True) if n < max(2, enough) for p in r.phrases)
    near = LEAST * size
    return kept + [p for p in others if sum(p.x0 - near < b and p.x1 + near > a for a, b in peaks) < 2]


def _spanning(rows: Sequence[Row], phrases: Sequence[Phrase]) -> list[bool]:
    """Which phrases reach over two or more phrases of other rows, in two rows at least."""
    many = [r for r in rows if len(r.phrases) > 1]
    owner = np.repeat(np.arange(len(many)), [len(r.phrases) for r in many])
    center = np.array([p.center for r in many for p in r.phrases])
    found = []
    for p in phrases:
        inside = owner[(center > p.x0) & (center < p.x1)]
        crowded = np.bincount(inside, minlength=1) >= 2
        found.append(int(crowded.sum()) >= min(2, max(1, len(many) - 1)))
    return found


def _peaks(phrases: Sequence[Phrase], n_rows: int, size: float) -> list[tuple[float, float]]:
    """The columns as intervals: where more than a stray few phrases cover the x."""
    x0 = np.array([p.x0 for p in phrases])
    x1 = np.array([p.x1 for p in phrases])
    at = np.unique(np.concatenate([x0, x1]))
    cover = np.searchsorted(np.sort(x0), at[:-1], side="right") - np.searchsorted(np.sort(x1), at[:-1], side="right")
    columns: list[tuple[float, float]] = []
    begin: float | None = None
    for i, count in enumerate(cover):
        if count > 0 and begin is None:
            begin = float(at[i])
        if begin is not None and (count == 0 or i == len(cover) - 1):
            end = float(at[i]) if count == 0 else float(at[i + 1])
            columns.append((begin, end))
            begin = None
    wide = [columns[0]]
    for a, b in columns[1:]:
        if a - wide[-1][1] < LEAST * size:
            wide[-1] = (wide[-1][0], b)
        else:
            wide.append((a, b))
    return [part for column in wide for part in _gaps(column, at, cover, n_rows)]


def _gaps(column: tuple[float, float], at: Array, cover: Array, n_rows: int) -> list[tuple[float, float]]:
    """A hill cut at the valleys in which no more than a stray few phrases stand."""
    stray = int(STRAY * n_rows)
    if not stray:
        return [column]
    inside = (at[:-1] >= column[0]) & (at[:-1] < column[1])
    begin, end, count = at[:-1][inside], at[1:][inside], cover[inside]
    parts: list[tuple[float, float]] = []
    high = np.flatnonzero(count > max(stray, 0.3 * count.max()))
    if not len(high):
        return [column]
    left = column[0]
    for a, b in pairwise(high.tolist()):
        low = count[a + 1 : b]
        if len(low) and low.min() <= stray:
            deep = a + 1 + int(np.argmin(low))
            parts.append((left, float(begin[deep])))
            left = float(end[deep])
    parts.append((left, column[1]))
    return parts


def _supported(
    columns: list[tuple[float, float]], phrases: Sequence[Phrase], rows: Sequence[Row]
) -> list[tuple[float, float]]:
    """The columns without those that hold one phrase only; these join the nearer neighbour.

    The heading of a column that says nothing below stays, where all columns have a heading beside it.
    """
    columns = list(columns)
    while len(columns) > 2:
        held = [sum(a <= p.center <= b for p in phrases) for a, b in columns]
        weak = [i for i, n in enumerate(held) if n < 2 and not _is_headed(columns, i, rows)]
        if not weak:
            break
        weakest = min(weak, key=lambda i: held[i])
        a, b = columns[weakest]
        left = a - columns[weakest - 1][1] if weakest else np.inf
        right = columns[weakest + 1][0] - b if weakest + 1 < len(columns) else np.inf
        other = weakest - 1 if left <= right else weakest + 1
        low, high = min(weakest, other), max(weakest, other)
        columns[low : high + 1] = [(columns[low][0], columns[high][1])]
    return columns


def _is_headed(columns: Sequence[tuple[float, float]], weak: int, rows: Sequence[Row]) -> bool:
    """Does what stands alone in a column head it, in a first row that has one phrase for each column?"""
    a, b = columns[weak]
    first = next((i for i, r in enumerate(rows) if any(a <= p.center <= b for p in r.phrases)), None)
    if first is None or first > 1 or len(rows[first].phrases) != len(columns):
        return False
    return all(low <= p.center <= high for p, (low, high) in zip(rows[first].phrases, columns, strict=True))
