"""Linear equations over cells: their check, and the changes of readings that they prove.

The keys of cells are whatever the caller likes; nothing here knows of tables. Values are integers; None
stands for a cell that is empty or cannot be read.

Method: card-minimal repair under aggregate constraints (Flesca, Furfaro, Parisi 2010, "Querying and repairing
inconsistent numerical databases"), with the distance of codes as its proof: a change stands only where every
explanation that has another value there contradicts at least ``DISTANCE`` readings more. What survives so is right even
where one reading more than the fewest is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, NamedTuple

import numpy as np

from .solutions import Solution, System, Unproved

Key = Any  # whatever is hashable
Values = Mapping[Key, int | None]
DISTANCE = 2  # by so many changed readings every other explanation must be longer
MOST_CHANGED = 4  # readings of one neighbourhood; with more misread nothing is certain
# Beside more misread figures nothing fills a cell that was not read: explanations of four changes, of which only the
# bound at nought leaves one, are not among the rivals that are looked for.
_FILLED_BESIDE = 2
_LIKE = 0.5  # the share of its digits that a figure keeps when it is misread, of figures longer than _SHORT
_SHORT = 2  # digits
_BELOW_ALL = -(10**9)  # no figure of a report is so low


@dataclass(frozen=True, slots=True)
class Equation:
    """``sum(coefficient * value) = constant``, within ``tolerance``.

    Attributes:
        id: unique among the equations solved together.
        scope: what it says, in words.
        terms: (coefficient, key) pairs, no key twice.
    """

    id: str
    scope: str
    terms: tuple[tuple[float, Key], ...]
    constant: float = 0
    tolerance: float = 0

    def residual(self, values: Values) -> float | None:
        """Left side less constant, or None where a value is unknown."""
        total = -float(self.constant)
        for coefficient, key in self.terms:
            value = values.get(key)
            if value is None:
                return None
            total += coefficient * value
        return total

    def holds(self, values: Values) -> bool | None:
        """Does it hold? None where a value is unknown."""
        residual = self.residual(values)
        return None if residual is None else abs(residual) <= self.tolerance + 1e-9


@dataclass(frozen=True, slots=True)
class Misreading:
    """What is known about a cell that may have been misread.

    Attributes:
        readings: the values that independent readings gave it, the one in force among them.
        barred: something else speaks against a value that the sums would give it: it is not filled.
    """

    readings: tuple[int, ...] = ()
    barred: bool = False

    def cost(self, was: int, now: int) -> int:
        """How many readings ``now`` contradicts more than ``was`` does."""
        if was == now:
            return 0
        return max(0 if now in self.readings else 1, self.readings.count(was) - self.readings.count(now))

    def confirmed(self, was: int | None) -> bool:
        """Do several readings give this value, and none another?"""
        return len(self.readings) > 1 and set(self.readings) == {was}


class Repair(NamedTuple):
    """A proved change of one cell.

    Attributes:
        key, was, now: which cell, what was read (None: nothing), what it is.
        equations: the ids of those that hold by it.
        distance: at least so many readings more would have to be wrong for any other value.
    """

    key: Key
    was: int | None
    now: int
    equations: tuple[str, ...]
    distance: int = DISTANCE


def failing(equations: Iterable[Equation], values: Values) -> list[Equation]:
    """The equations that do not hold; one with an unknown value is not among them."""
    return [e for e in equations if e.holds(values) is False]


def zeros(equations: Iterable[Equation], values: Values, blanks: Iterable[Key]) -> dict[Key, str]:
    """The empty cells that the sums prove to be 0, each with the scope of the equation that does.

    Counts are not negative, so where the rest of a sum already adds up, all its empty parts are 0.
    """
    known, left, equations = dict(values), set(blanks), list(equations)
    proved: dict[Key, str] = {}
    found = True
    while found and left:
        found = False
        for equation in equations:
            open_terms = [(c, k) for c, k in equation.terms if known.get(k) is None]
            keys = {k for _, k in open_terms}
            one_sided = len({c > 0 for c, _ in open_terms}) == 1
            if not keys or not keys <= left or not one_sided:
                continue
            if equation.holds({**known, **dict.fromkeys(keys, 0)}):
                proved |= dict.fromkeys(keys, equation.scope)
                known |= dict.fromkeys(keys, 0)
                left -= keys
                found = True
    return proved


def suspects(equations: Sequence[Equation], values: Values, keys: Iterable[Key]) -> dict[Key, tuple[int, ...]]:
    """The cells that could be at fault where equations fail, each with what it would have to be.

    A cell that stands in an equation that holds is at fault only if another one is as well, so it is named
    only where no simpler explanation is left.
    """
    keys = set(keys)
    holding = {key for equation in equations if equation.holds(values) for _, key in equation.terms}
    wrong: dict[Key, list[tuple[Equation, float]]] = {}
    bad = failing(equations, values)
    for equation in bad:
        for coefficient, key in equation.terms:
            wrong.setdefault(key, []).append((equation, coefficient))
    named: dict[Key, tuple[int, ...]] = {}
    for equation in bad:
        mine = [k for _, k in equation.terms if k in keys]
        # First who alone explains every failure that it takes part in, most failures first.
        alone = [k for k in mine if k not in holding and len(_candidates(wrong[k], values, k)) == 1]
        chosen = alone or [k for k in mine if k not in holding] or mine
        if alone:
            most = max(len(wrong[k]) for k in alone)
            chosen = [k for k in alone if len(wrong[k]) == most]
        for key in chosen:
            named[key] = _candidates(wrong[key], values, key)
    return named


def _candidates(wrong: Iterable[tuple[Equation, float]], values: Values, key: Key) -> tuple[int, ...]:
    """What ``key`` would have to be for each of the failing equations, the same value once."""
    at = values.get(key) or 0
    wanted = [at - (equation.residual(values) or 0) / coefficient for equation, coefficient in wrong]
    return tuple(dict.fromkeys(int(value) for value in wanted if value == int(value)))


def repair(
    equations: Sequence[Equation],
    values: Values,
    fallible: Mapping[Key, Misreading],
    least_value: int = 0,
) -> list[Repair]:
    """The changes of readings that the equations prove.

    Args:
        equations: over any keys; one that has an unknown value which is not fallible is left out.
        values: what was read; None for what is unknown.
        fallible: the cells that may have been misread; no other cell is ever at fault.
        least_value: no repaired value is below it.
    """
    usable = [e for e in equations if all(values.get(k) is not None or k in fallible for _, k in e.terms)]
    exact = [e for e in usable if not e.tolerance]
    found: list[Repair] = []
    for keys, some in _neighbourhoods(exact, values, fallible):
        found += _proved(keys, some, usable, values, fallible, least_value)
    return found


def explained_by(equations: Sequence[Equation], values: Values, fallible: Mapping[Key, Misreading]) -> set[Key]:
    """The read cells that one of the likelier explanations of failing equations changes.

    Likelier: within one reading of the shortest. Where there are too many, or none, the fallible cells of the failing
    equations.
    """
    usable = [e for e in equations if all(values.get(k) is not None or k in fallible for _, k in e.terms)]
    named: set[Key] = set()
    for keys, some in _neighbourhoods([e for e in usable if not e.tolerance], values, fallible):
        system = _system(keys, some, values, fallible, _BELOW_ALL)
        try:
            explanations = _shortest(system, DISTANCE - 1)
        except Unproved:
            explanations = []
        named |= {keys[c] for s in explanations for c in s.values}
        if not explanations:
            named |= {k for e in some if e.holds(values) is False for _, k in e.terms if k in fallible}
    return named


def _shortest(system: System, more: int) -> list[Solution]:
    """The explanations that contradict fewest readings, and those that contradict up to ``more`` more."""
    best = next((s for n in range(MOST_CHANGED + 1) if (s := system.solutions(n))), [])
    return system.solutions(min(s.cost for s in best) + more) if best else []


def _neighbourhoods(
    equations: Sequence[Equation], values: Values, fallible: Mapping[Key, Misreading]
) -> list[tuple[list[Key], list[Equation]]]:
    """The fallible cells and the equations that hang together, where an equation fails or a cell is unknown."""
    part: dict[Key, Key] = {}

    def root(key: Key) -> Key:
        while part.setdefault(key, key) != key:
            part[key] = part[part[key]]
            key = part[key]
        return key

    inside = [[k for _, k in e.terms if k in fallible] for e in equations]
    for keys in inside:
        for key in keys[1:]:
            part[root(key)] = root(keys[0])
    members: dict[Key, tuple[dict[Key, None], list[Equation]]] = {}
    for keys, equation in zip(inside, equations, strict=True):
        if keys:
            mine = members.setdefault(root(keys[0]), ({}, []))
            mine[0].update(dict.fromkeys(keys))
            mine[1].append(equation)
    return [(list(keys), es) for keys, es in members.values() if any(not e.holds(values) for e in es)]


def _system(
    keys: Sequence[Key],
    equations: Sequence[Equation],
    values: Values,
    fallible: Mapping[Key, Misreading],
    least_value: int,
) -> System:
    at = {k: i for i, k in enumerate(keys)}
    matrix = np.zeros((len(equations), len(keys)))
    for row, equation in enumerate(equations):
        for coefficient, key in equation.terms:
            if key in at:
                matrix[row, at[key]] = coefficient
    filled: dict[Key, int] = {k: values.get(k) or 0 for e in equations for _, k in e.terms}
    listed = {i: ways for i, k in enumerate(keys) if (ways := _listed(fallible[k], values.get(k)))}
    weights = [fallible[k].cost(filled[k], min(fallible[k].readings, default=0) - 1) for k in keys]
    short = -np.array([e.residual(filled) or 0.0 for e in equations])
    unread = np.array([values.get(k) is None for k in keys], bool)
    read = np.array([float(filled[k]) for k in keys])
    return System(matrix, short, unread, read, np.maximum(1, np.array(weights, np.int64)), listed, least_value)


def _listed(misreading: Misreading, was: int | None) -> dict[int, int]:
    """The other values that readings gave a cell, each with the readings that it contradicts more."""
    if was is None:
        return {}
    return {value: misreading.cost(was, value) for value in dict.fromkeys(misreading.readings) if value != was}


def _proved(
    keys: Sequence[Key],
    equations: Sequence[Equation],
    usable: Sequence[Equation],
    values: Values,
    fallible: Mapping[Key, Misreading],
    least_value: int,
) -> list[Repair]:
    """The proved changes of one neighbourhood."""
    system = _system(keys, equations, values, fallible, least_value)
    try:
        rivals = _shortest(system, DISTANCE - 1)
    except Unproved:
        return []
    if not rivals:
        return []
    fewest = min(s.cost for s in rivals)
    loose = set().union(*(system.loose(s) for s in rivals if s.cost == fewest))
    now: dict[Key, int] = {}
    for column, key in enumerate(keys):
        if system.unread[column]:
            said = {s.unread.get(column) for s in rivals}
            fits = column not in loose and not fallible[key].barred and fewest <= _FILLED_BESIDE
        else:
            said = {s.values.get(column, int(system.values[column])) for s in rivals}
            fits = not fallible[key].confirmed(values.get(key))
        (value, *more) = said
        was = values.get(key)
        if fits and not more and value is not None and value != was and (was is None or like_misread(was, value)):
            now[key] = value
    return _standing(now, usable, values, fallible)


def _standing(
    now: Mapping[Key, int], equations: Sequence[Equation], values: Values, fallible: Mapping[Key, Misreading]
) -> list[Repair]:
    """The changes after which no equation on the cell fails and two hold, or one and a reading says so too."""
    while now:
        after = {**values, **now}
        held: dict[Key, list[str]] = {key: [] for key in now}
        failed: set[Key] = set()
        for equation in equations:
            holds = equation.holds(after)
            for key in (k for _, k in equation.terms if k in now):
                if holds:
                    held[key].append(equation.id)
                elif holds is False:
                    failed.add(key)
        standing = {k: v for k, v in now.items() if k not in failed and len(held[k]) + (v in fallible[k].readings) > 1}
        if len(standing) == len(now):
            return [Repair(k, values.get(k), v, tuple(held[k])) for k, v in now.items()]
        now = standing
    return []


def like_misread(was: int, now: int) -> bool:
    """Can ``now`` have been read as ``was``? A reader errs in some digits, or in a sign, seldom in most of a figure."""
    one, other = str(abs(was)), str(abs(now))
    longest = max(len(one), len(other))
    kept = sum(block.size for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks())
    return longest - kept <= max(_SHORT, (1 - _LIKE) * longest)
