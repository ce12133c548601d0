"""Which rows of text make one row of a table: lines that wrap, labels beside values, rules between records."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ...core.model import Array
from .rows import Piece, is_value

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
    threes = {k for i in range(len(rows) - 2) if _are_three_lines(rows, i) for k in (i, i + 1)}
    for i, (a, b) in enumerate(pairwise(rows)):
        single = bands[i] in ruled or i in threes or _centred(a, b) or _goes_on(a, b, following[i], numeric, limit)
        around = [groups[-1][-2], b] if len(groups[-1]) > 1 and _overlaps(a, b) else []
        centred = _centred(a, b) or (around and abs(_middle(around) - _middle([a])) < 0.25)
        twice = not centred and _values(groups[-1], numeric) & _values([b], numeric)
        if bands[i] == bands[i + 1] and single and not (twice and bands[i] not in ruled):
            groups[-1].append(b)
        else:
            groups.append([b])
    return groups


def _middle(lines: Sequence[Line]) -> float:
    """The height at which the middle of some lines stands, in letters."""
    pieces = [p for line in lines for p in line]
    return (min(p.top for p in pieces) + max(p.bottom for p in pieces)) / 2 / pieces[0].lines[0].size


def _values(lines: Sequence[Line], numeric: Sequence[bool]) -> set[int]:
    """The columns of numbers in which these lines have one."""
    return {p.first for line in lines for p in line if p.first == p.last and numeric[p.first] and is_value(p)}


def _centred(a: Line, b: Line) -> bool:
    """Do the cells of one line of text stand half way down those of two, as cells set in the middle do?

    The rest of a label, or of a figure that is wider than its column, then stands in ``b``.
    """
    size = b[0].lines[0].size
    rest = {p.first: p for p in b}
    ends = {p.first: p for p in a}
    if not rest.keys() < ends.keys() or min(p.top for p in b) - max(ends[c].bottom for c in rest) > 0.75 * size:
        return False
    middles = {(ends[c].top + p.bottom) / 2 for c, p in rest.items()}
    lone = {(p.top + p.bottom) / 2 for c, p in ends.items() if c not in rest}
    upper = max((ends[c].top + ends[c].bottom) / 2 for c in rest)
    return max(middles | lone) - min(middles | lone) < 0.25 * size and min(lone) - upper > 0.25 * size


def _are_three_lines(rows: Sequence[Line], i: int) -> bool:
    """Do three rows from ``i`` hold cells of three lines beside cells of one, closer than rows usually stand?"""
    a, b, c = rows[i : i + 3]
    cols = [{p.first for p in line} for line in (a, b, c)]
    if cols[0] != cols[2] or not cols[0] < cols[1] or any(map(is_value, (*a, *c))):
        return False
    size = b[0].lines[0].size
    gaps = [_gap(rows, k) for k in (i - 1, i, i + 1, i + 2)]
    within, around = max(gaps[1:3]), min(gaps[0], gaps[3])
    return within < 0.45 * size and abs(gaps[1] - gaps[2]) < 0.15 * size and around > within + 0.25 * size


def _gap(rows: Sequence[Line], i: int) -> float:
    """The white between a row and the next one; any at the ends."""
    if not 0 <= i < len(rows) - 1:
        return float("inf")
    return min(p.top for p in rows[i + 1]) - max(p.bottom for p in rows[i])


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
    if not cols_a & cols_b and min(bottom_a, bottom_b) - max(top_a, top_b) > 0.15 * size:
        return True  # cells of one row that do not quite share a baseline
    if values_a and values_b:
        return False
    if top_b - bottom_a > 0.75 * size or _overlaps(b, after):
        return False
    if 0 not in cols_b and not values_b:
        return bool(cols_b & cols_a)
    if cols_b != {0} and cols_a != {0}:
        return False
    return _wraps_on(a, b, after, values_a, limit)


def _overlaps(b: Line, after: Line | None) -> bool:
    """Does ``b`` stand beside the row that follows it, a little higher, as the first line of a label?"""
    if after is None or {p.first for p in b} & {p.first for p in after}:
        return False
    return max(p.bottom for p in b) - min(p.top for p in after) > 0.15 * b[0].lines[0].size


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
