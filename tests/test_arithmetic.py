"""Any consistent table, spoilt, comes back right or is flagged."""

from __future__ import annotations

import random
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from report_extract.sums.repair import (
    Equation,
    Misreading,
    explained_by,
    failing,
    like_misread,
    repair,
    suspects,
    zeros,
)

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


def once(values: Numbers) -> dict[object, Misreading]:
    """Every cell read once."""
    return {k: Misreading(() if v is None else (v,)) for k, v in values.items()}


def twice(values: Numbers) -> dict[object, Misreading]:
    """Every cell read twice, alike."""
    return {k: Misreading(() if v is None else (v, v)) for k, v in values.items()}


counts = st.one_of(st.integers(0, 3), st.integers(0, 400))
tables = st.integers(2, 4).flatmap(
    lambda columns: st.lists(st.lists(counts, min_size=columns, max_size=columns), min_size=2, max_size=8)
)


@given(tables, st.data())
@settings(max_examples=40)
def test_one_wrong_cell_comes_back(body: list[list[int]], data: st.DataObject) -> None:
    values, equations = crossed(body)
    place = data.draw(st.sampled_from(sorted(values, key=str)))
    right = values[place] or 0
    wrong = data.draw(st.integers(0, 99_999).filter(lambda v: v != right and like_misread(v, right)))
    read = {**values, place: wrong}
    (found,) = repair(equations, read, once(read))
    assert (found.key, found.was, found.now) == (place, wrong, values[place])
    assert len(found.equations) == 2
    assert place in suspects(equations, read, values)


@given(tables, st.integers(0, 2**31), st.integers(1, 3))
@settings(max_examples=60)
def test_wrong_cells_come_back_right_or_not_at_all(body: list[list[int]], seed: int, errors: int) -> None:
    """What is left wrong is among what a person is asked to look at."""
    values, equations = crossed(body)
    rng = random.Random(seed)
    read = dict(values)
    known = twice(values)
    for place in rng.sample(sorted(values, key=str), errors):
        digits = list(str(values[place]))
        digits[rng.randrange(len(digits))] = rng.choice("0123456789")
        read[place] = int("".join(digits))
        known[place] = Misreading((read[place] or 0, rng.choice((values[place], rng.randint(0, 9))) or 0))
    found = {change.key: change.now for change in repair(equations, read, known)}
    assert all(now == values[key] for key, now in found.items())
    after = {**read, **found}
    wrong = {k for k, v in after.items() if v != values[k]}
    if failing(equations, after):
        assert wrong & (explained_by(equations, after, known) | set(suspects(equations, after, after)))


@given(tables, st.data())
@settings(max_examples=40)
def test_two_figures_in_each_others_place_are_not_put_right_by_changing_others(
    body: list[list[int]], data: st.DataObject
) -> None:
    values, equations = crossed(body)
    row = data.draw(st.integers(0, len(body)))
    one, other = data.draw(st.permutations(range(len(body[0]) + 1)))[:2]
    read = {**values, (row, one): values[row, other], (row, other): values[row, one]}
    for known in (once(read), twice(read)):
        for change in repair(equations, read, known):
            assert change.now == values[change.key]


@given(tables, st.data())
@settings(max_examples=40)
def test_a_column_without_readings_proves_nothing_about_the_others(body: list[list[int]], data: st.DataObject) -> None:
    """Its figures follow from the rows, and so would an error: no misread cell is put right by it."""
    values, equations = crossed(body)
    column = data.draw(st.integers(0, len(body[0])))
    wrong = data.draw(st.sampled_from(sorted((k for k in values if k[1] != column), key=str)))  # type: ignore[index]
    read = dict(values)
    read.update(dict.fromkeys(((r, column) for r in range(len(body) + 1)), None))
    read[wrong] = (values[wrong] or 0) + 1
    known = {k: Misreading(m.readings, barred=read[k] is None) for k, m in once(read).items()}
    for change in repair(equations, read, known):
        assert change.now == values[change.key]


def test_nothing_is_changed_that_did_not_come_from_a_fallible_source() -> None:
    values, equations = crossed([[1, 2], [3, 4]])
    read = {**values, (0, 0): 7}
    assert repair(equations, read, {}) == []
    assert len(failing(equations, read)) == 2


def test_one_equation_needs_a_rejected_reading() -> None:
    equation = [Equation("sum", "sum", ((1, "a"), (1, "b"), (-1, "total")))]
    read: Numbers = {"a": 8, "b": 4, "total": 7}
    assert repair(equation, read, once(read)) == []
    unsure = twice(read) | {"a": Misreading((8, 3))}
    assert [(r.key, r.now) for r in repair(equation, read, unsure)] == [("a", 3)]
    assert repair(equation, read, once(read) | {"a": Misreading((8, 3))}) == []  # one more misreading would do
    both = unsure | {"total": Misreading((7, 12))}
    assert repair(equation, read, both) == []  # two explanations alike


def test_an_unreadable_cell_is_filled_where_two_sums_agree() -> None:
    values, equations = crossed([[1, 22], [13, 4]])
    read = {**values, (0, 1): None}
    assert [(r.key, r.now, r.distance) for r in repair(equations, read, once(read))] == [((0, 1), 22, 2)]
    barred = once(read) | {(0, 1): Misreading(barred=True)}
    assert repair(equations, read, barred) == []


def test_an_unreadable_cell_under_one_sum_is_not_filled() -> None:
    """One misreading in the sum would fill it wrong."""
    equation = [Equation("sum", "sum", ((1, "a"), (1, "b"), (-1, "total")))]
    read: Numbers = {"a": None, "b": 4, "total": 7}
    assert repair(equation, read, once(read)) == []
    assert repair(equation, read, {"a": Misreading()}) == []  # though the others cannot be wrong: two equations


def test_empty_cells_are_zero_where_the_rest_adds_up() -> None:
    equation = [Equation("sum", "sum", ((1, "a"), (1, "b"), (1, "c"), (-1, "total")))]
    assert zeros(equation, {"a": 5, "b": None, "c": None, "total": 5}, {"b", "c"}) == {"b": "sum", "c": "sum"}
    assert not zeros(equation, {"a": 5, "b": None, "c": None, "total": 6}, {"b", "c"})
    assert not zeros(equation, {"a": 0, "b": None, "c": 0, "total": None}, {"b", "total"})


def test_a_figure_is_not_replaced_by_one_that_shares_no_digit_with_it() -> None:
    assert like_misread(9084168, -49084168)
    assert like_misread(3, 8)
    assert not like_misread(1234, 987)
    values, equations = crossed([[1111, 2222], [3333, 4444]])
    read = {**values, (0, 0): 98765}
    assert repair(equations, read, once(read)) == []


def test_a_large_table_is_repaired_in_its_failing_part() -> None:
    rng = random.Random(7)
    values, equations = crossed([[rng.randint(0, 500) for _ in range(40)] for _ in range(50)])
    read = {**values, (3, 5): (values[3, 5] or 0) + 30, (41, 22): (values[41, 22] or 0) + 4}
    found = repair(equations, read, twice(read) | {k: Misreading((read[k] or 0,)) for k in ((3, 5), (41, 22))})
    assert {r.key: r.now for r in found} == {k: values[k] for k in ((3, 5), (41, 22))}
