"""Any consistent table, spoilt, comes back right or is flagged."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace

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


def sum_of(name: str, text: str, tolerance: float = 0) -> Equation:
    """``a + 2b - c``: an equation whose left side is to be 0; its id and scope are ``name``."""
    terms = []
    for sign, factor, key in re.findall(r"([+-]?)\s*(\d*)([a-z])", text):
        terms.append((float(f"{sign}{factor or 1}"), key))
    return Equation(name, name, tuple(terms), tolerance=tolerance)


def test_an_equation_says_what_it_is_off_by_and_nothing_where_a_value_is_unknown() -> None:
    equation = Equation("e", "e", ((2, "a"), (-1, "b")), constant=5, tolerance=0.5)
    assert equation.residual({"a": 7, "b": 3}) == 6
    assert equation.holds({"a": 4, "b": 3}) is True and equation.holds({"a": 4, "b": 4}) is False
    assert equation.residual({"a": 4}) is None and equation.holds({"a": None, "b": 3}) is None
    half = Equation("e", "e", ((0.5, "a"),), constant=1, tolerance=0.5)
    assert [half.holds({"a": n}) for n in (0, 1, 3, 4)] == [False, True, True, False]


def test_what_a_value_costs_is_what_it_contradicts_more() -> None:
    assert [Misreading((7,)).cost(7, n) for n in (7, 8)] == [0, 1]
    assert [Misreading((7, 7, 1)).cost(7, n) for n in (7, 1, 8)] == [0, 1, 2]
    assert [Misreading((7, 1)).cost(7, n) for n in (7, 1, 8)] == [0, 0, 1]
    assert [Misreading((1,)).cost(7, n) for n in (7, 1, 8)] == [0, 0, 1]
    assert Misreading((7, 7)).confirmed(7) and not Misreading((7,)).confirmed(7)
    assert not Misreading((7, 1)).confirmed(7) and not Misreading((7, 7)).confirmed(1)


def test_an_empty_cell_that_is_proved_proves_the_next_one() -> None:
    equations = [sum_of("second", "b - c"), sum_of("first", "a + b - t")]
    read: Numbers = {"a": 5, "b": None, "c": None, "t": 5}
    assert zeros(equations, read, {"b", "c"}) == {"b": "first", "c": "second"}
    assert zeros(equations, read, {"c"}) == {}  # b is not empty, but unread
    assert zeros(equations, read, {"b", "z"}) == {"b": "first"}
    assert zeros(equations[:1], read, {"b", "c"}) == {}  # any b would do
    assert zeros([sum_of("one", "b - c + d")], {"b": None, "c": 0, "d": None}, {"b", "d"}) == {"b": "one", "d": "one"}


def test_who_alone_explains_most_failures_is_suspected() -> None:
    equations = [sum_of("1", "a + b - c"), sum_of("2", "a + d - e")]
    read: Numbers = {"a": 9, "b": 2, "c": 10, "d": 3, "e": 11, "f": 1}
    assert suspects(equations, read, read) == {"a": (8,)}
    assert suspects(equations, read, set(read) - {"a"}) == {"b": (1,), "c": (11,), "d": (2,), "e": (12,)}
    other: Numbers = {**read, "e": 10}  # the two want a different one
    assert suspects(equations, other, read) == {"b": (1,), "c": (11,), "d": (1,), "e": (12,)}
    assert suspects(equations, {**read, "c": 11, "e": 12}, read) == {}


def test_what_stands_in_a_sum_that_holds_is_suspected_only_where_nothing_else_is_left() -> None:
    failing_sum, holding = sum_of("1", "a + b - c"), [sum_of("2", "a + x - y"), sum_of("3", "b + x - z")]
    read: Numbers = {"a": 1, "b": 2, "c": 4, "x": 1, "y": 2, "z": 3}
    assert suspects([failing_sum, *holding], read, read) == {"c": (3,)}
    assert suspects([failing_sum, *holding, sum_of("4", "c + x - w")], {**read, "w": 5}, read) == {
        "a": (2,), "b": (3,), "c": (3,),
    }  # fmt: skip


def test_of_a_failing_sum_those_are_suspected_that_no_other_sum_clears() -> None:
    """``a`` would have to be two things at once, all others are cleared."""
    equations = [sum_of("1", "a + b - c"), sum_of("2", "a + d - e"), sum_of("3", "b + c + d + e - x")]
    read: Numbers = {"a": 9, "b": 2, "c": 10, "d": 3, "e": 10, "x": 25}
    assert suspects(equations, read, read) == {"a": (8, 7)}


def test_what_a_figure_would_have_to_be_goes_by_its_coefficient() -> None:
    read: Numbers = {"a": 4, "b": 10}
    assert suspects([sum_of("1", "2a - b")], read, read) == {"a": (5,), "b": (8,)}
    assert suspects([sum_of("1", "2a - b")], {"a": 4, "b": 9}, read) == {"b": (8,)}  # no half figures


def test_figures_that_cannot_be_wrong_bear_witness() -> None:
    equations = [sum_of("1", "a + b - c"), sum_of("2", "a + d - e"), sum_of("3", "a + u - e")]
    read: Numbers = {"a": 92, "b": 2, "c": 14, "d": 3, "e": 15, "u": None}
    (found,) = repair(equations, read, {"a": Misreading((92,))})
    assert (found.key, found.was, found.now, found.equations) == ("a", 92, 12, ("1", "2"))
    assert repair(equations[:1], read, {"a": Misreading((92,))}) == []  # one sum, and no reading says so
    (found,) = repair(equations[:1], read, {"a": Misreading((92, 12))})
    assert (found.now, found.equations) == (12, ("1",))


def test_parts_of_a_report_that_share_no_sum_are_each_repaired() -> None:
    values, equations = crossed([[1, 22], [13, 4]])
    both = {**values, **{("z", *k): v for k, v in values.items()}}  # type: ignore[misc]
    more = [replace(e, id=f"z{e.id}", terms=tuple((c, ("z", *k)) for c, k in e.terms)) for e in equations]
    read = {**both, (0, 1): 27, ("z", 1, 0): 18}
    assert {r.key: r.now for r in repair(equations + more, read, once(read))} == {(0, 1): 22, ("z", 1, 0): 13}
    named = explained_by(equations + more, read, once(read))
    assert {(0, 1), ("z", 1, 0)} <= named


def test_an_equation_that_only_holds_roughly_proves_nothing_and_still_must_not_fail() -> None:
    rough = [sum_of("1", "a + b - c", tolerance=1), sum_of("2", "a + d - e", tolerance=1)]
    read: Numbers = {"a": 92, "b": 2, "c": 14, "d": 3, "e": 15}
    assert repair(rough, read, {"a": Misreading((92,))}) == []
    assert explained_by(rough, read, once(read)) == set()
    exact = [sum_of("3", "a + b - c"), sum_of("4", "a + d - e")]
    (found,) = repair([*exact, sum_of("5", "a - f", tolerance=1)], {**read, "f": 13}, {"a": Misreading((92,))})
    assert (found.now, found.equations) == (12, ("3", "4", "5"))
    assert repair([*exact, sum_of("5", "a - f", tolerance=1)], {**read, "f": 14}, {"a": Misreading((92,))}) == []


def test_the_likelier_explanations_are_those_within_one_reading_of_the_shortest() -> None:
    equations = [sum_of("1", "a + b - c")]
    read: Numbers = {"a": 500, "b": 100, "c": 300}

    def readings(a: int, b: int, c: int) -> dict[object, Misreading]:
        return {k: Misreading((read[k] or 0,) * n) for k, n in (("a", a), ("b", b), ("c", c))}

    assert explained_by(equations, read, readings(1, 1, 3)) == {
        "a",
        "b",
    }  # b would be -200: a sum, not a count, says so
    assert explained_by(equations, read, readings(2, 1, 3)) == {"a", "b"}
    assert explained_by(equations, read, readings(3, 1, 3)) == {"b"}
    assert explained_by(equations, read, {k: m for k, m in readings(1, 1, 1).items() if k != "b"}) == {"a", "c"}


def test_where_no_explanation_is_short_enough_all_of_the_failing_sum_are_named() -> None:
    equations = [sum_of("1", "a + b - c"), sum_of("2", "c + d - e")]
    read: Numbers = {"a": 5, "b": 1, "c": 3, "d": 4, "e": 7, "f": None}
    five = {k: Misreading((v or 0,) * 5) for k, v in read.items() if k not in ("b", "f")}
    assert explained_by(equations, read, five) == {"a", "c"}
    assert explained_by([*equations, sum_of("3", "a + f - e")], read, five) == {"a", "c"}  # f is known to nobody
