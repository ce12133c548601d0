"""Errors of structure that the figures give away: rows that are lost, stand twice, run together or have slipped.

A misread digit spoils one column; a lost row spoils all columns of a total at once, by amounts that make a row.
Such sums are no ground to change any digit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..core.model import Dataset, Finding
from ..sums.rules import Demand, Place, groups, label, row_type

_SPOILT = 3  # so many sums at least are spoilt by a row that has slipped


class Broken(NamedTuple):
    """Rows that are not as they are in the report.

    Attributes:
        dataset: where.
        finding: what is wrong, in words.
        head: the total whose rows are not all there, or not once; else -1.
        rows: the rows in question.
    """

    dataset: str
    finding: Finding
    head: int = -1
    rows: tuple[int, ...] = ()

    def spoils(self, demand: Demand) -> bool:
        """Is the demand's outcome due to the broken rows?"""
        if demand.group >= 0 and (demand.right[0][1].dataset, demand.group) == (self.dataset, self.head):
            return True
        return any(p.dataset == self.dataset and p.row in self.rows for p in demand.places)


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
            found.append(Broken(name, Finding("missing-row", (said,), cell.page, cell.bbox, name), head))
        elif twin := _doubled(name, rows, amounts, numbers):
            said = "、".join(label(named[name], row) for row in twin)
            found.append(Broken(name, Finding("doubled-row", (said,), cell.page, cell.bbox, name), head, twin))
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


def merged_rows(datasets: Sequence[Dataset]) -> list[Broken]:
    """The rows of which several cells hold two numbers each."""
    found = []
    for dataset in datasets:
        counts = [f.name for f in dataset.fields if f.type == "count"]
        for number, row in enumerate(dataset.rows):
            double = [row[name] for name in counts if name in row and two_numbers(row[name].text)]
            if len(double) > 1:
                said = f"{label(dataset, number)}: " + "、".join(f"「{c.text}」" for c in double)
                finding = Finding("merged-rows", (said,), double[0].page, double[0].bbox, dataset.name)
                found.append(Broken(dataset.name, finding, rows=(number,)))
    return found


def ungrouped_rows(datasets: Sequence[Dataset], numbers: Mapping[Place, int | None]) -> list[Broken]:
    """Recognised tables in which rows have no subtotal though others have one, or a subtotal has no rows."""
    found = []
    for dataset in datasets:
        summed = {h: m for h, m in groups(dataset, numbers) if row_type(dataset, h) == "subtotal"}
        inside = {member for members in summed.values() for member in members}
        for number, row in enumerate(dataset.rows):
            kind = row_type(dataset, number)
            odd = (kind == "detail" and number not in inside) or (kind == "subtotal" and number not in summed)
            if summed and odd and any(c.fallible for c in row.values()):
                cell = next(iter(row.values()))
                word = "missing-row" if kind == "detail" else "doubled-row"
                finding = Finding(word, (label(dataset, number),), cell.page, cell.bbox, dataset.name)
                found.append(Broken(dataset.name, finding))
                break
    return found


def shifted_rows(
    datasets: Sequence[Dataset], demands: Sequence[Demand], numbers: Mapping[Place, int | None]
) -> list[Broken]:
    """The rows whose figures fit once they are moved one column to the left or right."""
    by_row: dict[tuple[str, int], list[Demand]] = {}
    for demand in demands:
        for at in {(p.dataset, p.row) for p in demand.places}:
            by_row.setdefault(at, []).append(demand)
    found = []
    for dataset in datasets:
        counts = [f.name for f in dataset.fields if f.type == "count"]
        for row, cells in enumerate(dataset.rows):
            mine = by_row.get((dataset.name, row), [])
            before = [d.equation.holds(numbers) for d in mine]
            if False not in before:
                continue
            places = [Place(dataset.name, row, name) for name in counts if name in cells]
            read = [numbers.get(p) for p in places]
            for moved in ([*read[1:], None], [None, *read[:-1]]):
                after = {**numbers, **dict(zip(places, moved, strict=True))}
                outcome = [d.equation.holds(after) for d in mine]
                # A single misread figure spoils two sums, and no more are mended by chance.
                mended = sum(not was and now is True for was, now in zip(before, outcome, strict=True))
                if mended >= _SPOILT and False not in outcome:
                    cell = cells[places[0].field]
                    finding = Finding("shifted-column", (label(dataset, row),), cell.page, cell.bbox, dataset.name)
                    found.append(Broken(dataset.name, finding, rows=(row,)))
                    break
    return found


def two_numbers(text: str) -> bool:
    """Does the text hold two numbers side by side? Then rows or columns ran together, and no digit is at fault."""
    return len(re.findall(r"\d+", re.sub(r"(?<=\d),(?=\d{3})", "", text))) > 1
