"""Errors of structure that the sums give away: a lost row, a row that stands twice.

A misread digit spoils one column; a lost row spoils all columns of a total at once, by amounts that make a row.
Such a sum is no ground to change any digit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..model import Dataset, Finding
from ..rules import Demand, Place, label


class Broken(NamedTuple):
    """A total whose rows are not all there, or not once.

    Attributes:
        dataset, head: the row whose sums fail.
        finding: what is wrong, in words.
        rows: the rows in question.
    """

    dataset: str
    head: int
    finding: Finding
    rows: tuple[int, ...] = ()


def broken_groups(
    datasets: Sequence[Dataset], demands: Sequence[Demand], numbers: Mapping[Place, int | None]
) -> list[Broken]:
    """The totals that fail in two columns or more, by amounts that look like a row."""
    named = {d.name: d for d in datasets}
    by_head: dict[tuple[str, int], list[Demand]] = {}
    for demand in demands:
        if demand.group >= 0:
            by_head.setdefault((demand.right[0][1].dataset, demand.group), []).append(demand)
    found = []
    for (name, head), sums in by_head.items():
        short = {s.right[0][1].field: _short(s, numbers) for s in sums}
        amounts = {f: v for f, v in short.items() if v is not None}
        if sum(bool(v) for v in amounts.values()) < 2 or not _like_a_row(amounts, name, head, demands):
            continue
        cell = next(iter(named[name].rows[head].values()))
        rows = sorted({place.row for s in sums for _, place in s.left})
        if all(v >= 0 for v in amounts.values()):
            said = f"{label(named[name], head)}: " + "、".join(f"{f} {v}" for f, v in amounts.items())
            found.append(Broken(name, head, Finding("missing-row", (said,), cell.page, cell.bbox, name)))
        elif twin := _doubled(name, rows, amounts, numbers):
            said = "、".join(label(named[name], row) for row in twin)
            found.append(
                Broken(name, head, Finding("doubled-row", (said,), cell.page, cell.bbox, name), twin)
            )
    return found


def _short(demand: Demand, numbers: Mapping[Place, int | None]) -> int | None:
    """By how much the rows fall short of their total; empty cells count as nothing, None where one is unread."""
    total = numbers.get(demand.right[0][1])
    if total is None:
        return None
    return total - sum(numbers.get(place) or 0 for _, place in demand.left)


def _like_a_row(amounts: Mapping[str, int], name: str, head: int, demands: Sequence[Demand]) -> bool:
    """Do the missing amounts obey what is asked of every single row?"""
    for demand in demands:
        places = demand.places
        if demand.group >= 0 or any(p.dataset != name or p.row != head for p in places):
            continue
        if not all(p.field in amounts for p in places):
            continue
        left = sum(c * amounts[p.field] for c, p in demand.left)
        if abs(left - sum(c * amounts[p.field] for c, p in demand.right)) > demand.tolerance:
            return False
    return True


def _doubled(
    name: str, rows: Sequence[int], amounts: Mapping[str, int], numbers: Mapping[Place, int | None]
) -> tuple[int, ...]:
    """Two rows with the same figures, whose amount the sums are over by; empty where there are none."""
    alike = [r for r in rows if all((numbers.get(Place(name, r, f)) or 0) == -v for f, v in amounts.items())]
    return tuple(alike) if alike else ()
