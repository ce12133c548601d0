"""Which rows of text make one row of a table: lines that wrap, labels beside values, rules between records."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ..model import Array
from .aligned_rows import Piece, is_value

Line = Sequence[Piece]


def records(rows: Sequence[Line], numeric: Sequence[bool], rules: Array) -> list[list[Line]]:
    """Body rows grouped so that each group is one row of the table.

    Args:
        rows: the pieces of each line of text, from the top.
        numeric: which columns hold numbers.
        rules: horizontal rules across most of the table, as their y.
    """
    if not rows:
        return []
    bands = _bands(rows, rules)
    ruled = _parts_records(rows, bands, len(numeric))
    limit = _label_limit(rows, numeric)
    groups: list[list[Line]] = [[rows[0]]]
    following: list[Line | None] = [*rows[2:], None]
    for i, (a, b) in enumerate(pairwise(rows)):
        single = bands[i] in ruled or _goes_on(a, b, following[i], numeric, limit)
        if bands[i] == bands[i + 1] and single:
            groups[-1].append(b)
        else:
            groups.append([b])
    return groups


def _bands(rows: Sequence[Line], rules: Array) -> list[int]:
    """Between which two rules each row stands."""
    middles = [(min(p.top for p in r) + max(p.bottom for p in r)) / 2 for r in rows]
    return np.searchsorted(np.sort(rules), middles).tolist() if len(rules) else [0] * len(rows)


def _parts_records(rows: Sequence[Line], bands: Sequence[int], n_cols: int) -> set[int]:
    """The bands that hold one record each; none where rules do not part the records."""
    full = np.array([sum(p.last - p.first + 1 for p in r) >= max(2, 0.5 * n_cols) for r in rows])
    counts: dict[int, int] = {}
    for band, is_full in zip(bands, full, strict=True):
        counts[band] = counts.get(band, 0) + int(is_full)
    single = {band for band, n in counts.items() if n <= 1}
    return single if len(counts) >= 3 and len(single) >= 0.6 * len(counts) else set()


def _label_limit(rows: Sequence[Line], numeric: Sequence[bool]) -> float:
    """How far right the labels of the first column run that stand before values."""
    valued = [r for r in rows if _has_values(r, numeric)] or rows
    return max((p.lines[0].x1 for r in valued for p in r if p.first == p.last == 0), default=0.0)


def _goes_on(a: Line, b: Line, after: Line | None, numeric: Sequence[bool], limit: float) -> bool:
    """Is row ``b`` the next line of the record that row ``a`` ends? ``after`` is the row that follows ``b``."""
    top_a, bottom_a = min(p.top for p in a), max(p.bottom for p in a)
    top_b, bottom_b = min(p.top for p in b), max(p.bottom for p in b)
    size = b[0].lines[0].size
    cols_a, cols_b = {p.first for p in a}, {p.first for p in b}
    values_a, values_b = _has_values(a, numeric), _has_values(b, numeric)
    if values_a and values_b:
        return False
    if not cols_a & cols_b and min(bottom_a, bottom_b) - max(top_a, top_b) > 0.15 * size:
        return True  # a label and its values that do not quite share a baseline
    if top_b - bottom_a > 0.75 * size:
        return False
    if 0 not in cols_b and not values_b:
        return bool(cols_b & cols_a)
    if cols_b != {0} and cols_a != {0}:
        return False
    return _wraps_on(a, b, after, values_a, limit)


def _has_values(line: Line, numeric: Sequence[bool]) -> bool:
    """Does a number stand in a column of numbers?"""
    return any(p.first == p.last and p.first and numeric[p.first] and is_value(p) for p in line)


def _wraps_on(a: Line, b: Line, after: Line | None, values_a: bool, limit: float) -> bool:
    """Does the label of ``b`` go on that of ``a``?

    It does where it begins small, and where it is set in below a label with values and its first word did not
    fit there; or where nothing is set in further below it, as it would be below the title of a group.
    """
    label_a, label_b = _label(a), _label(b)
    if label_a is None or label_b is None or label_a.last or label_b.last:
        return False
    above, below = label_a.lines[-1], label_b.lines[0]
    if below.x0 < above.x0 - 0.3 * below.size:
        return False
    first = below.words[0]
    if first.text[0].islower():
        return True
    if not values_a or below.x0 <= above.x0 + 0.2 * below.size:
        return False
    follower = _label(after) if after else None
    fits = above.x1 + 0.3 * above.size + (first.x1 - first.x0) <= limit + 0.2 * above.size
    return not fits or (follower is not None and follower.lines[0].x0 < below.x0 - 0.15 * below.size)


def _label(line: Line) -> Piece | None:
    return next((p for p in line if p.first == 0), None)
