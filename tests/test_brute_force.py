"""Repairs held against the definition: every consistent table is tried, and counted what it contradicts.

A change stands where every table that contradicts at most one reading more than the best one has the same value there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest
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
from report_extract.sums.solutions import Solution, System, Unproved

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


def test_beside_three_misread_figures_nothing_fills_a_cell() -> None:
    """2 1 3 | 0 0 0 | 2 1 3, of which the 2 was read 1, the first 3 twice 0, and the 0 in the middle not at all."""
    _, equations = crossed([[2, 1], [0, 0]])
    as_read = ((1, 1, 0), (0, None, 0), (2, 1, 3))
    read: Numbers = {(r, c): v for r, row in enumerate(as_read) for c, v in enumerate(row)}
    known: dict[object, Misreading] = {k: Misreading((v,)) if v is not None else Misreading() for k, v in read.items()}
    assert repair(equations, read, {**known, (0, 2): Misreading((0, 0))}) == []


def system(
    rows: Sequence[Sequence[float]],
    read: Sequence[int | None],
    weights: Sequence[int] = (),
    lowest: int = 0,
    **listed: Any,
) -> System:
    """Equations ``rows @ cells = 0``; None is not read; ``listed`` by ``c`` and the cell's place."""
    matrix, values = np.array(rows, float), np.array([float(v or 0) for v in read])
    unread = np.array([v is None for v in read])
    ways = {int(name[1:]): costs for name, costs in listed.items()}
    heavy = np.array(weights or [1] * len(read), np.int64)
    return System(matrix, -(matrix @ values), unread, values, heavy, ways, lowest)


def told(found: Sequence[Solution]) -> list[tuple[dict[int, int], int, dict[int, int]]]:
    return sorted(((s.values, s.cost, s.unread) for s in found), key=str)


SUM = [[1, 1, -1]]


def test_one_change_makes_a_sum_hold() -> None:
    assert told(system(SUM, [2, 3, 10]).solutions(0)) == []
    assert told(system(SUM, [2, 3, 10]).solutions(1)) == [({0: 7}, 1, {}), ({1: 8}, 1, {}), ({2: 5}, 1, {})]
    assert told(system(SUM, [2, 3, 5]).solutions(0)) == [({}, 0, {})]


def test_no_value_is_below_the_lowest_nor_between_two_integers() -> None:
    assert told(system(SUM, [2, 30, 10]).solutions(1)) == [({1: 8}, 1, {}), ({2: 32}, 1, {})]
    assert told(system(SUM, [2, 30, 10], lowest=-20).solutions(1))[0] == ({0: -20}, 1, {})
    assert told(system(SUM, [2, 30, 10], lowest=-19).solutions(1))[0] == ({1: 8}, 1, {})
    assert told(system([[2, -1]], [4, 9]).solutions(1)) == [({1: 8}, 1, {})]
    assert told(system([[2, -1]], [4, 10]).solutions(1)) == [({0: 5}, 1, {}), ({1: 8}, 1, {})]


def test_what_was_read_more_often_costs_more() -> None:
    weighty = system(SUM, [2, 3, 10], weights=[1, 2, 3])
    assert [[s[1] for s in told(weighty.solutions(most))] for most in (1, 2, 3)] == [[1], [1, 2], [1, 2, 3]]


def test_what_another_reading_gave_costs_what_it_contradicts() -> None:
    free = system(SUM, [2, 3, 10], c2={5: 0, 6: 0})
    assert told(free.solutions(0)) == [({2: 5}, 0, {})]
    assert told(system(SUM, [2, 3, 10], c0={9: 0}, c2={12: 0, 5: 2}).solutions(0)) == [({0: 9, 2: 12}, 0, {})]
    assert ({2: 5}, 2, {}) in told(system(SUM, [2, 3, 10], weights=[3, 3, 3], c2={5: 2}).solutions(2))
    assert told(system(SUM, [2, 3, 10], weights=[3, 3, 3], c2={5: 2}).solutions(1)) == []


def test_what_was_not_read_follows_from_the_rest_or_stays_open() -> None:
    assert told(system(SUM, [None, 3, 10]).solutions(0)) == [({}, 0, {0: 7})]
    assert told(system(SUM, [None, None, 10]).solutions(0)) == [({}, 0, {})]
    assert told(system(SUM, [None, 30, 10]).solutions(0)) == []  # it would be below nought
    assert told(system(SUM, [None, 30, 10]).solutions(1)) == []
    both = system([[1, 1, 0, -1, 0], [0, 1, 1, 0, -1]], [None, 3, 4, 10, 9])
    assert told(both.solutions(0)) == []
    assert told(both.solutions(1)) == [({1: 5}, 1, {0: 5}), ({2: 6}, 1, {0: 7}), ({4: 7}, 1, {0: 7})]


def test_what_an_unread_cell_hides_is_told() -> None:
    """Of two sums on ``b`` one has an unread part: it takes up whatever ``b``, ``a`` or the total may be."""
    both = system([[1, 1, 0, -1, 0], [0, 1, 1, 0, -1]], [None, 3, 4, 10, 7])
    (found,) = both.solutions(0)
    assert found.unread == {0: 7} and both.loose(found) == {0}
    twice = system([[1, 1, -1, 0], [1, 0, 0, -1]], [None, 3, 10, 7])
    (found,) = twice.solutions(0)
    assert found.unread == {0: 7} and twice.loose(found) == set()  # two sums say so
    sure = system(SUM, [None, 3, 10], weights=[1, 2, 2])
    assert sure.loose(sure.solutions(0)[0]) == set()
    rival = system(SUM, [None, 3, 10], weights=[1, 2, 2], c1={4: 1})
    assert rival.loose(rival.solutions(0)[0]) == {0}


def test_two_changes_at_once_that_one_alone_would_do_are_no_solution_of_their_own() -> None:
    assert all(len(s.values) == 1 for s in system(SUM, [2, 3, 10]).solutions(2))
    apart = system([[1, -1, 0, 0], [0, 0, 1, -1]], [1, 2, 3, 4])
    assert apart.solutions(1) == []
    assert told(apart.solutions(2)) == [
        ({0: 2, 2: 4}, 2, {}), ({0: 2, 3: 3}, 2, {}), ({1: 1, 2: 4}, 2, {}), ({1: 1, 3: 3}, 2, {}),
    ]  # fmt: skip
    assert told(system([[1, -1, 0], [1, 0, -1]], [1, 2, 2]).solutions(1)) == [({0: 2}, 1, {})]


def test_a_system_that_is_too_large_proves_nothing() -> None:
    fits = System(
        np.zeros((2000, 2000)), np.zeros(2000), np.zeros(2000, bool), np.zeros(2000), np.ones(2000, np.int64), {}
    )
    assert told(fits.solutions(0)) == [({}, 0, {})]
    with pytest.raises(Unproved):
        replace(fits, matrix=np.zeros((2001, 2000)), short=np.zeros(2001)).solutions(0)


def test_a_figure_that_was_not_read_stays_open_where_another_s_two_readings_leave_it_so() -> None:
    """0 or 1 was read; with 1, one misread total more gives both unread figures another value."""
    values, equations = crossed([[0], [4], [3]])
    read: Numbers = {**values, (0, 1): None, (3, 0): None}
    known: dict[object, Misreading] = {k: Misreading(() if v is None else (v,)) for k, v in read.items()}
    filled = {r.key: r.now for r in repair(equations, read, known)}
    assert filled == {(0, 1): 0, (3, 0): 7}
    assert repair(equations, read, known | {(0, 0): Misreading((0, 1))}) == []


@pytest.mark.parametrize(("changed", "repaired"), [(4, True), (5, False)])
def test_at_most_four_readings_are_changed_in_figures_that_hang_together(changed: int, repaired: bool) -> None:
    """Each figure fails three sums of its own, and one sum links them all."""
    names = [f"a{i}" for i in range(changed)]
    equations: list[Equation] = []
    read: dict[str, int] = {"t": changed * 10}
    for name in names:
        for k in range(3):
            read |= {f"{name}b{k}": k, f"{name}c{k}": 10 + k}
            equations.append(Equation(f"{name}{k}", "", ((1, name), (1, f"{name}b{k}"), (-1, f"{name}c{k}"))))
        read[name] = 70
    equations.append(Equation("all", "", (*((1, name) for name in names), (-1, "t"))))
    found = repair(equations, read, {name: Misreading((read[name],)) for name in names})
    assert {r.key: r.now for r in found} == (dict.fromkeys(names, 10) if repaired else {})
