"""Equations in words, as a reader of the report would say them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..core.model import Dataset
from ..sums.rules import Demand, Place, label

_SPELLED = 3  # so many terms are spelled out; more are summed up


def said(demand: Demand, datasets: Mapping[str, Dataset], numbers: Mapping[Place, int | None]) -> str:
    """The equation with its figures: ``目的外利用 22 + 外部提供 1 = 小計 23``."""
    left, right = (_side(side, demand, datasets, numbers) for side in (demand.left, demand.right))
    sign = "=" if value(demand.left, numbers) == value(demand.right, numbers) else "≠"
    row = label(datasets[demand.places[0].dataset], demand.places[0].row) if demand.group < 0 else ""
    return f"{left} {sign} {right}" + (f"({row})" if row and len({p.row for p in demand.places}) == 1 else "")


def value(side: Sequence[tuple[float, Place]], numbers: Mapping[Place, int | None]) -> str:
    """What a side comes to, as a figure; empty cells count as nothing."""
    total = sum(c * (numbers.get(p) or 0) for c, p in side)
    return str(int(total)) if total == int(total) else f"{total:.1f}"


def _side(
    side: Sequence[tuple[float, Place]],
    demand: Demand,
    datasets: Mapping[str, Dataset],
    numbers: Mapping[Place, int | None],
) -> str:
    if demand.group >= 0 and len(side) > 1:
        return f"{_title(side[0][1], datasets)}の{len(side)}行の和 {value(side, numbers)}"
    if len(side) > _SPELLED:
        return f"{_title(side[0][1], datasets)}など{len(side)}項目の計 {value(side, numbers)}"
    parts = []
    for i, (coefficient, place) in enumerate(side):
        number = numbers.get(place)
        sign = ("- " if coefficient < 0 else "+ ") if i else ""
        sign += "" if abs(coefficient) == 1 else f"{abs(coefficient):g} × "
        row = f"({label(datasets[place.dataset], place.row)})" if len({p.row for p in demand.places}) > 1 else ""
        parts.append(f"{sign}{_title(place, datasets)}{row} {'?' if number is None else number}")
    return " ".join(parts)


def _title(place: Place, datasets: Mapping[str, Dataset]) -> str:
    fields = {f.name: f for f in datasets[place.dataset].fields}
    return fields[place.field].title or place.field
