"""Repairs held against the definition: every consistent table is tried, and counted what it contradicts.

A change stands where every table that contradicts at most one reading more than the best one has the same value there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import product
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from report_extract.sums.repair import (
    DISTANCE,
    MOST_CHANGED,
    Equation,
    Misreading,
    failing,
    like_misread,
    repair,
)

from .test_arithmetic import Numbers, crossed

TOP = 14  # no cell of the body is tried above it; no reading is so high that more is needed


@cache
def consistent(rows: int, columns: int) -> tuple[list[tuple[int, int]], Any]:
    """All tables of this shape with sums across and down: their places, and one line of values a table."""
    body = np.array(list(product(range(TOP + 1), repeat=rows * columns)), np.int16).reshape(-1, rows, columns)
    wide = np.concatenate([body, body.sum(axis=2, keepdims=True)], axis=2)
    full = np.concatenate([wide, wide.sum(axis=1, keepdims=True)], axis=1)
    places = [(r, c) for r in range(rows + 1) for c in range(columns + 1)]
    return places, full.reshape(len(full), -1)


def certain(shape: tuple[int, int], read: Numbers, known: Mapping[object, Misreading]) -> dict[object, int]:
    """By cell, the value that all tables within one reading of the best have."""
    places, tables = consistent(*shape)
    cost = np.zeros(len(tables), int)
    for column, place in enumerate(places):
        was, readings = read[place], known[place].readings
        if was is None:
            continue
        values = tables[:, column]
        said = np.isin(values, readings)
        more = np.array([readings.count(was) - readings.count(int(v)) for v in range(values.max() + 1)])[values]
        cost += np.where(values == was, 0, np.maximum(np.where(said, 0, 1), more))
    if cost.min() > MOST_CHANGED:
        return {}
    rivals = tables[cost <= cost.min() + DISTANCE - 1]
    return {p: int(rivals[0, i]) for i, p in enumerate(places) if (rivals[:, i] == rivals[0, i]).all()}


def defined(
    shape: tuple[int, int], read: Numbers, known: Mapping[object, Misreading], equations: Sequence[Equation]
) -> dict[object, int]:
    """The changes by the definition: certain, plausible, not confirmed, and every sum on them holds."""
    now = {}
    for place, value in certain(shape, read, known).items():
        was, readings = read[place], known[place].readings
        sure = len(readings) > 1 and set(readings) == {was}  # read twice, alike
        misread = was is not None and was != value and like_misread(was, value)
        if not known[place].barred if was is None else misread and not sure:
            now[place] = value
    while True:
        after = {**read, **now}
        broken = {k for e in failing(equations, after) for _, k in e.terms}
        held = {p: sum(e.holds(after) is True and p in dict(map(reversed, e.terms)) for e in equations) for p in now}  # type: ignore[arg-type]
        stands = {p: v for p, v in now.items() if p not in broken and held[p] + (v in known[p].readings) > 1}
        if stands == now:
            return now
        now = stands


shapes = st.sampled_from([(2, 2), (2, 2), (1, 3), (3, 1), (1, 2), (2, 1)])


@st.composite
def spoilt_tables(
    draw: st.DrawFn,
) -> tuple[tuple[int, int], Numbers, Numbers, dict[object, Misreading], list[Equation]]:
    """A table as it is and as it was read: some cells misread, not read, or read twice, alike or not."""
    rows, columns = shape = draw(shapes)
    body = [[draw(st.integers(0, 3)) for _ in range(columns)] for _ in range(rows)]
    values, equations = crossed(body)
    read, known = dict(values), {k: Misreading((v or 0,)) for k, v in values.items()}
    for place in draw(st.lists(st.sampled_from(sorted(values, key=str)), max_size=4, unique=True)):
        right = values[place] or 0
        wrong = draw(st.integers(0, 12))
        match draw(
            st.sampled_from(["wrong", "wrong", "unread", "barred", "rival", "sure", "right twice", "both wrong"])
        ):
            case "wrong":
                read[place], known[place] = wrong, Misreading((wrong,))
            case "unread":
                read[place], known[place] = None, Misreading()
            case "barred":
                read[place], known[place] = None, Misreading(barred=True)
            case "rival":
                read[place], known[place] = wrong, Misreading((wrong, right))
            case "sure":
                read[place], known[place] = wrong, Misreading((wrong, wrong))
            case "right twice":
                known[place] = Misreading((right, right))
            case "both wrong":
                read[place], known[place] = wrong, Misreading((wrong, draw(st.integers(0, 12))))
    return shape, values, read, known, equations


@given(spoilt_tables())
@settings(max_examples=150)
def test_repairs_are_those_of_the_definition(
    case: tuple[tuple[int, int], Numbers, Numbers, dict[object, Misreading], list[Equation]],
) -> None:
    shape, _, read, known, equations = case
    found = repair(equations, read, known)
    if not failing(equations, read) and None not in read.values():
        assert found == []
        return
    changes, wanted = {r.key: r.now for r in found}, defined(shape, read, known, equations)
    assert changes.items() <= wanted.items()
    # A value for a cell that was not read is given up too where only one below nought would be its rival.
    assert changes == wanted or None in read.values()
    after = {**read, **{r.key: r.now for r in found}}
    for change in found:
        assert change.was == read[change.key] and change.distance == DISTANCE
        on = [e for e in equations if any(k == change.key for _, k in e.terms)]
        assert change.equations == tuple(e.id for e in on if e.holds(after))
