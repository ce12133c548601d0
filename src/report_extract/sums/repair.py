"""Linear equations over cells: their check, and the least change that makes them hold.

The keys of cells are whatever the caller likes; nothing here knows of tables. Values are integers; None
stands for a cell that is empty or cannot be read.

Method: card-minimal repair under aggregate constraints (Flesca, Furfaro, Parisi 2010, "Querying and repairing
inconsistent numerical databases"; DART, Fazzinga et al. 2006), solved as a mixed integer program, with the
number of changed cells replaced by how unlikely each misreading is. The optimum is proved unique by solving
again without it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Key = Any  # whatever is hashable
Values = Mapping[Key, int | None]
Array = npt.NDArray[Any]

MARGIN = math.log(100)  # how much likelier (natural log) the best explanation must be than the next
REJECTED = 0.01  # a reading of less probability than this was never in question
_ROUNDS = 40  # explanations looked at before uniqueness counts as unproved
_LARGEST_BLOCK = 400  # changeable cells of one block; beyond, nothing could be proved in the time

# Costs are about minus the log probability: first that a cell was misread at all (its confidence makes that
# dearer), then how. Any one more misread cell costs more than the oddest misreading, so the fewest cells win.
_COST_MISREAD = 5.0
_COST_UNLISTED = 6.0  # an unreadable cell says something else than what it looks like
_COST_ALIKE, _COST_OTHER, _COST_LOST_ONE, _COST_LOST, _COST_SIGN, _COST_MOST = 0.5, 1.5, 0.5, 1.5, 1.5, 4.0
_ALIKE = frozenset(("17", "38", "06", "56", "68", "89", "49", "14", "35", "09", "27", "69", "08", "58", "39"))


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
        confidence: of the value read, 0..1.
        alternatives: other values in question, each with its probability.
        doubtful: is its reading in doubt already?
    """

    confidence: float = 0.9
    alternatives: tuple[tuple[int, float], ...] = ()
    doubtful: bool = False

    def cost(self, was: int | None, now: int) -> float:
        """How unlikely it is that ``now`` was read as ``was``: about minus the natural log of the odds."""
        if was is None:
            listed = [p for value, p in self.alternatives if value == now and p > 0]
            return -math.log(max(listed)) if listed else _COST_UNLISTED if self.alternatives else 1.0
        edit = _COST_MISREAD + edit_cost(str(was), str(now)) + _odds(self.confidence)
        chances = [p for value, p in self.alternatives if value == now and p > 0]
        return min([edit, *(max(0.1, math.log(max(self.confidence, p) / p)) for p in chances)])

    @property
    def least(self) -> float:
        """A lower bound of ``cost`` over all values."""
        chances = [p for _, p in self.alternatives if p > 0]
        edit = _COST_MISREAD + _COST_ALIKE + _odds(self.confidence)
        return min([edit, *(max(0.1, math.log(max(self.confidence, p) / p)) for p in chances)])

    def rejected(self, value: int) -> bool:
        """Was ``value`` among the readings in question?"""
        return any(v == value and p >= REJECTED for v, p in self.alternatives)


class Repair(NamedTuple):
    """A proved change of one cell; ``equations`` are the ids of those that demand it."""

    key: Key
    was: int | None
    now: int
    equations: tuple[str, ...]


def edit_cost(was: str, now: str) -> float:
    """The least cost of misreadings that turn the digits ``now`` into ``was``."""
    sign = _COST_SIGN if was.startswith("-") != now.startswith("-") else 0.0
    was, now = was.lstrip("-"), now.lstrip("-")
    above = [0.0]
    for letter in now:
        above.append(above[-1] + _gap(letter))
    for one in was:
        row = [above[0] + _gap(one)]
        for at, other in enumerate(now):
            swap = above[at] + _swap(one, other)
            row.append(min(swap, above[at + 1] + _gap(one), row[at] + _gap(other)))
        above = row
    return min(_COST_MOST, sign + above[-1])


def _gap(letter: str) -> float:
    return _COST_LOST_ONE if letter == "1" else _COST_LOST


def _swap(one: str, other: str) -> float:
    if one == other:
        return 0.0
    return _COST_ALIKE if "".join(sorted((one, other))) in _ALIKE else _COST_OTHER


def _odds(confidence: float) -> float:
    bounded = min(max(confidence, 0.5), 0.98)
    return math.log(bounded / (1 - bounded))


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
    holding: dict[Key, int] = {}
    wrong: dict[Key, list[tuple[Equation, float]]] = {}
    for equation in equations:
        if equation.holds(values):
            for _, key in equation.terms:
                holding[key] = holding.get(key, 0) + 1
    bad = failing(equations, values)
    for equation in bad:
        for coefficient, key in equation.terms:
            wrong.setdefault(key, []).append((equation, coefficient))
    named: dict[Key, tuple[int, ...]] = {}
    for equation in bad:
        mine = [k for _, k in equation.terms if k in keys]
        # First who alone explains every failure that it takes part in, most failures first.
        alone = {k: c for k in mine if not holding.get(k) and len(c := _candidates(wrong[k], values, k)) == 1}
        most = max((len(wrong[k]) for k in alone), default=0)
        chosen: Iterable[Key] = [k for k in alone if len(wrong[k]) == most]
        if not alone:
            chosen = [k for k in mine if not holding.get(k)] or mine
        for key in chosen:
            named[key] = _candidates(wrong[key], values, key)
    return named


def _candidates(wrong: Iterable[tuple[Equation, float]], values: Values, key: Key) -> tuple[int, ...]:
    """What ``key`` would have to be for each of the failing equations, the same value once."""
    at = values.get(key) or 0
    wanted = {}
    for equation, coefficient in wrong:
        value = at - (equation.residual(values) or 0) / coefficient
        if value == int(value):
            wanted[int(value)] = True
    return tuple(wanted)


def repair(
    equations: Sequence[Equation],
    values: Values,
    fallible: Mapping[Key, Misreading],
    least_value: int = 0,
) -> list[Repair]:
    """The changes that are proved: the least change of fallible cells that makes all equations hold.

    A change is proved where the explanation is the only one within ``MARGIN``, and at least two independent
    equations demand it, or one of them and a reading that had been rejected.

    Args:
        equations: over any keys; one that has an unknown value which is not fallible is left out.
        values: what was read; None for what is unknown.
        fallible: the cells that may have been misread; no other cell is changed.
        least_value: no repaired value is below it.
    """
    usable = [e for e in equations if all(values.get(k) is not None or k in fallible for _, k in e.terms)]
    blocks = [b for b in _blocks(usable, values, fallible) if len(b.keys) <= _LARGEST_BLOCK]
    return [change for block in blocks for change in block.solved(least_value)]


def _blocks(equations: Sequence[Equation], values: Values, fallible: Mapping[Key, Misreading]) -> list[_Block]:
    """The failing neighbourhoods: cells of failing equations with all equations on them, as independent parts."""
    bad = [e for e in equations if not e.holds(values)]
    keys = {k for e in bad for _, k in e.terms if k in fallible}
    touched = [e for e in equations if any(k in keys for _, k in e.terms)]
    part: dict[Key, Key] = {k: k for k in keys}

    def root(key: Key) -> Key:
        while part[key] != key:
            part[key] = part[part[key]]
            key = part[key]
        return key

    for equation in touched:
        inside = [k for _, k in equation.terms if k in keys]
        for key in inside[1:]:
            part[root(key)] = root(inside[0])
    members: dict[Key, tuple[list[Key], list[Equation]]] = {}
    order = [k for e in bad for _, k in e.terms]
    for key in dict.fromkeys(k for k in order if k in keys):
        members.setdefault(root(key), ([], []))[0].append(key)
    for equation in touched:
        first = next(k for _, k in equation.terms if k in keys)
        members[root(first)][1].append(equation)
    return [_Block(ks, es, values, fallible) for ks, es in members.values()]


class _Block:
    """One failing neighbourhood as a mixed integer program.

    Variables: per cell its change d (integer) and whether it changes, y (0 or 1), ``|d| <= reach * y``.
    """

    def __init__(
        self,
        keys: Sequence[Key],
        equations: Sequence[Equation],
        values: Values,
        fallible: Mapping[Key, Misreading],
    ) -> None:
        self.keys, self.equations = list(keys), list(equations)
        self.was = [values.get(k) for k in keys]
        self.misreadings = [fallible[k] for k in keys]
        self.fallible = fallible
        at = {k: i for i, k in enumerate(keys)}
        self.matrix: Array = np.zeros((len(equations), len(keys)))
        for row, equation in enumerate(equations):
            for coefficient, key in equation.terms:
                if key in at:
                    self.matrix[row, at[key]] = coefficient
        filled = {**values, **{k: 0 for k, v in zip(keys, self.was, strict=True) if v is None}}
        self.residuals = np.array([e.residual(filled) or 0.0 for e in equations])
        self.tolerances = np.array([e.tolerance for e in equations])
        self.reach = float(2 * np.abs(self.residuals).sum() + 1)
        self.unknown = np.array([v is None for v in self.was])
        self.least = np.array([0.0 if v is None else m.least for v, m in zip(self.was, self.misreadings, strict=True)])

    def solved(self, least_value: int) -> list[Repair]:
        """The proved changes of this block."""
        best = self._best(least_value)
        if best is None:
            return []
        changed = np.flatnonzero((best != 0) | self.unknown)
        touching = np.flatnonzero(np.any(self.matrix[:, changed] != 0, axis=1))
        demands = self.matrix[np.ix_(touching, changed)]
        if np.linalg.matrix_rank(demands) < len(changed):
            return []
        twice = np.all([_determined(np.delete(demands, i, axis=0)) for i in range(len(touching))], axis=0)
        repairs = []
        for at, cell in enumerate(changed):
            now = (self.was[cell] or 0) + int(best[cell])
            asking = [self.equations[touching[i]] for i in np.flatnonzero(demands[:, at])]
            if not twice[at] and not (self.misreadings[cell].rejected(now) and self._alone(int(cell), asking)):
                continue
            ids = tuple(equation.id for equation in asking)
            repairs.append(Repair(self.keys[cell], self.was[cell], now, ids))
        # One change of an explanation without the others would leave the equations failing.
        return repairs if len(repairs) == len(changed) else []

    def _alone(self, cell: int, asking: Iterable[Equation]) -> bool:
        """Is the cell the only doubtful one in the equations on it? Two could make up for each other."""
        others = {key for equation in asking for _, key in equation.terms} - {self.keys[cell]}
        return not any(key in self.fallible and self.fallible[key].doubtful for key in others)

    def _best(self, least_value: int) -> Array | None:
        """The changes of the one likeliest explanation; None where there is none, or more than one."""
        found: list[tuple[float, Array]] = []
        cuts: list[Array] = []
        for _ in range(_ROUNDS):
            bound = min((cost for cost, _ in found), default=math.inf) + MARGIN
            change = self._solve(cuts, bound, least_value)
            if change is None:
                break
            support = (change != 0) | self.unknown
            if any(np.array_equal(support, cut) for cut in cuts):
                return None
            cuts.append(support)
            found.append((self._cost(change), change))
        else:
            return None
        found.sort(key=lambda pair: pair[0])
        if not found or (len(found) > 1 and found[1][0] - found[0][0] < MARGIN):
            return None
        return found[0][1]

    def _cost(self, change: Array) -> float:
        return sum(
            misreading.cost(was, (was or 0) + int(d))
            for was, d, misreading in zip(self.was, change, self.misreadings, strict=True)
            if d or was is None
        )

    def _solve(self, cuts: Sequence[Array], bound: float, least_value: int) -> Array | None:
        """The cheapest change of none of the ``cuts``' sets of cells, cheaper than ``bound``; shape (cells,)."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        n = len(self.keys)
        eye = np.eye(n)
        limits = [
            LinearConstraint(
                np.hstack([self.matrix, np.zeros_like(self.matrix)]),
                -self.residuals - self.tolerances,
                -self.residuals + self.tolerances,
            ),
            LinearConstraint(np.hstack([eye, -self.reach * eye]), -np.inf, 0),
            LinearConstraint(np.hstack([eye, self.reach * eye]), 0, np.inf),
        ]
        for cut in cuts:
            other = np.concatenate([np.zeros(n), np.where(cut, -1.0, 1.0)])
            limits.append(LinearConstraint(other, 1 - float(cut.sum()), np.inf))
        costs = np.concatenate([np.zeros(n), self.least])
        if math.isfinite(bound):
            limits.append(LinearConstraint(costs, -np.inf, bound))
        lowest = np.array([min(0.0, least_value - (v or 0)) for v in self.was])
        outcome = milp(
            costs,
            constraints=limits,
            integrality=np.ones(2 * n, dtype=np.int64),
            bounds=Bounds(
                np.concatenate([np.maximum(lowest, -self.reach), self.unknown.astype(float)]),
                np.concatenate([np.full(n, self.reach), np.ones(n)]),
            ),
            options={"time_limit": 2.0},
        )
        if outcome.x is None or outcome.status != 0:
            return None
        change: Array = np.round(outcome.x[:n])
        off = np.abs(self.matrix @ change + self.residuals) > self.tolerances + 1e-6
        return None if off.any() else change


def _determined(matrix: Array) -> Array:
    """Which unknowns the equations determine: bool, one a column."""
    if not len(matrix):
        return np.zeros(matrix.shape[1], dtype=bool)
    _, sizes, rows = np.linalg.svd(matrix)
    free = rows[int((sizes > 1e-9).sum()) :]  # a basis of what the equations leave open
    determined: Array = np.all(np.abs(free) < 1e-9, axis=0)
    return determined
