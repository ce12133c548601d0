"""Any consistent table, spoilt, comes back right or is flagged."""

from __future__ import annotations

import random
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from report_extract.sums.repair import Equation, Misreading, edit_cost, failing, repair, suspects, zeros

Numbers = dict[object, int | None]


def crossed(body: Sequence[Sequence[int]]) -> tuple[Numbers, list[Equation]]:
    """A table with row and column sums, its cells keyed by (row, column), and the equations on it."""
    rows, columns = len(body), len(body[0])
    values: Numbers = {(r, c): body[r][c] for r in range(rows) for c in range(columns)}
    values |= {(r, columns): sum(body[r]) for r in range(rows)}
    values |= {(rows, c): sum(values[r, c] or 0 for r in range(rows)) for c in range(columns + 1)}
    across = [
        Equation(f"row {r}", f"row {r}", (*((1, (r, c)) for c in range(columns)), (-1, (r, columns))))
        for r in range(rows + 1)
    ]
    down = [
        Equation(f"column {c}", f"column {c}", (*((1, (r, c)) for r in range(rows)), (-1, (rows, c))))
        for c in range(columns + 1)
    ]
    return values, across + down


counts = st.one_of(st.integers(0, 3), st.integers(0, 400))
tables = st.integers(2, 4).flatmap(
    lambda columns: st.lists(st.lists(counts, min_size=columns, max_size=columns), min_size=2, max_size=8)
)


@given(tables, st.data())
@settings(max_examples=40)
def test_one_wrong_cell_comes_back(body: list[list[int]], data: st.DataObject) -> None:
    values, equations = crossed(body)
    place = data.draw(st.sampled_from(sorted(values, key=str)))
    wrong = data.draw(st.integers(0, 999).filter(lambda v: v != values[place]))
    read = {**values, place: wrong}
    (found,) = repair(equations, read, {k: Misreading(0.95) for k in values})
    assert (found.key, found.was, found.now) == (place, wrong, values[place])
    assert len(found.equations) == 2
    assert place in suspects(equations, read, values)


@given(tables, st.integers(0, 2**31))
@settings(max_examples=40)
def test_two_wrong_cells_come_back_right_or_not_at_all(body: list[list[int]], seed: int) -> None:
    values, equations = crossed(body)
    rng = random.Random(seed)
    read = dict(values)
    for place in rng.sample(sorted(values, key=str), 2):
        digits = list(str(values[place]))
        digits[rng.randrange(len(digits))] = rng.choice("0123456789")
        read[place] = int("".join(digits))
    for change in repair(equations, read, {k: Misreading(0.95) for k in values}):
        assert change.now == values[change.key]


def test_nothing_is_changed_that_did_not_come_from_a_fallible_source() -> None:
    values, equations = crossed([[1, 2], [3, 4]])
    read = {**values, (0, 0): 7}
    assert repair(equations, read, {}) == []
    assert len(failing(equations, read)) == 2


def test_one_equation_needs_a_rejected_reading() -> None:
    equation = [Equation("sum", "sum", ((1, "a"), (1, "b"), (-1, "total")))]
    read: Numbers = {"a": 8, "b": 4, "total": 7}
    assert repair(equation, read, {k: Misreading(0.9) for k in read}) == []
    unsure = {k: Misreading(0.9) for k in read} | {"a": Misreading(0.6, ((3, 0.3),))}
    assert [(r.key, r.now) for r in repair(equation, read, unsure)] == [("a", 3)]
    both = unsure | {"b": Misreading(0.6, ((-1, 0.3),)), "total": Misreading(0.6, ((12, 0.3),))}
    assert repair(equation, read, both) == []  # two explanations alike


def test_an_unreadable_cell_is_filled_where_two_sums_agree() -> None:
    values, equations = crossed([[1, 22], [13, 4]])
    read = {**values, (0, 1): None}
    assert [(r.key, r.now) for r in repair(equations, read, {(0, 1): Misreading(0.0)})] == [((0, 1), 22)]


def test_empty_cells_are_zero_where_the_rest_adds_up() -> None:
    equation = [Equation("sum", "sum", ((1, "a"), (1, "b"), (1, "c"), (-1, "total")))]
    assert zeros(equation, {"a": 5, "b": None, "c": None, "total": 5}, {"b", "c"}) == {"b": "sum", "c": "sum"}
    assert not zeros(equation, {"a": 5, "b": None, "c": None, "total": 6}, {"b", "c"})
    assert not zeros(equation, {"a": 0, "b": None, "c": 0, "total": None}, {"b", "total"})


def test_likely_misreadings_cost_less() -> None:
    assert edit_cost("17", "11") < edit_cost("27", "11")
    assert edit_cost("2", "12") < edit_cost("2", "52")
    assert edit_cost("3", "-3") < edit_cost("39", "-3")
    assert edit_cost("5", "5") == 0


def test_a_large_table_is_repaired_in_its_failing_part() -> None:
    rng = random.Random(7)
    values, equations = crossed([[rng.randint(0, 500) for _ in range(40)] for _ in range(50)])
    read = {**values, (3, 5): (values[3, 5] or 0) + 30, (41, 22): (values[41, 22] or 0) + 4}
    found = repair(equations, read, {k: Misreading(0.95) for k in values})
    assert {r.key: r.now for r in found} == {k: values[k] for k in ((3, 5), (41, 22))}
