"""All ways to change few readings so that equations hold: equations over cells read as an error-correcting code.

A misread cell is an error, an unread one an erasure, an equation a parity check (Hamming, "Error detecting and
error correcting codes", 1950; over integers, so that one check tells the amount too). Few changes that explain all
failures are found exactly, by branching: whatever explains a failing equation changes one of its cells. A cell
that is changed is eliminated from the other equations (Gauss), so that what is left speaks of the others alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_SMALL = 1e-7  # figures are integers: what is smaller is what arithmetic on floats leaves
_NODES = 4000  # branches looked at before the search is given up
_LARGEST = 4_000_000  # entries of a system; a larger one would take too long at each branch


@dataclass(frozen=True, slots=True)
class Solution:
    """One way to make all equations hold.

    Attributes:
        values: by cell (its column), its value where that is not the one read.
        cost: how many readings it contradicts more than what was read does.
        unread: by unread cell, its value; one that the equations leave open is not in it.
    """

    values: dict[int, int]
    cost: int
    unread: dict[int, int]


class Unproved(Exception):
    """The search was given up: nothing is known of the number of solutions."""


@dataclass(slots=True)
class System:
    """``matrix @ values = constant`` for the cells of one neighbourhood.

    Attributes:
        matrix: shape (equations, cells).
        short: what each equation lacks as read, unread cells counting 0, shape (equations,).
        unread: which cells have no reading at all, bool, shape (cells,).
        values: as read, unread cells 0, shape (cells,).
        weights: how many readings are contradicted where a cell has a value that none gave, at least 1, shape (cells,).
        listed: by cell, the other values that a reading gave, each with the readings it contradicts.
        lowest: no cell is below this.
    """

    matrix: Array
    short: Array
    unread: npt.NDArray[np.bool_]
    values: Array
    weights: npt.NDArray[np.int64]
    listed: dict[int, dict[int, int]]
    lowest: int = 0

    def solutions(self, most: int) -> list[Solution]:
        """Every way that contradicts at most ``most`` readings more; unread cells cost nothing.

        Raises:
            Unproved: where there would be too much to look at.
        """
        if self.matrix.size > _LARGEST:
            raise Unproved
        rows, short = self.matrix, self.short
        for column in np.flatnonzero(self.unread):
            rows, short = _eliminated(rows, short, int(column)) or (rows, short)
        found: dict[tuple[tuple[int, int], ...], Solution] = {}
        for chosen in self._sets(rows, short, {}, most, [_NODES]):
            solution = self._solved(chosen)
            if solution is not None:
                found[tuple(sorted(solution.values.items()))] = solution
        return list(found.values())

    def loose(self, solution: Solution) -> set[int]:
        """The unread cells whose value in ``solution`` one more changed reading would turn into another.

        With it, a cell may take the value that another reading gave where that contradicts no reading more.
        """
        if not self.unread.any():
            return set()
        free = [c for c, ways in self.listed.items() if c not in solution.values and min(ways.values()) < 1]
        columns = [*np.flatnonzero(self.unread).tolist(), *solution.values, *free]
        rows, short = self.matrix, self.short
        for column in columns:
            rows, short = _eliminated(rows, short, column) or (rows, short)
        others = ~self.unread & (self.weights < 2)
        others[list(self.listed)] = True
        others[[*solution.values, *free]] = False
        absorbed = np.flatnonzero(others & (np.abs(rows) < _SMALL).all(axis=0) & (self.matrix != 0).any(axis=0))
        ways = np.linalg.lstsq(self.matrix[:, columns], self.matrix[:, absorbed], rcond=None)[0]
        moved = (np.abs(ways) > 1e-6).any(axis=1)
        if free:
            moved |= ~_determined(self.matrix[:, columns])
        return {c for c, m in zip(columns, moved.tolist(), strict=True) if m and self.unread[c]}

    def _sets(
        self, rows: Array, short: Array, chosen: dict[int, int | None], left: int, budget: list[int]
    ) -> Iterator[dict[int, int | None]]:
        """Sets of cells that can make every equation hold: by cell a listed value, or None for any.

        ``rows`` and ``short`` are free of those chosen already; what is chosen more may cost ``left``.
        """
        budget[0] -= 1
        if budget[0] < 0:
            raise Unproved
        failing = np.abs(short) > _SMALL
        if not failing.any():
            yield chosen
            return
        touches = (np.abs(rows[failing]) > _SMALL) & ~self.unread
        touches[:, list(chosen)] = False
        reach, counts = touches.sum(axis=0), touches.sum(axis=1)
        free = [c for c, ways in self.listed.items() if reach[c] and c not in chosen and min(ways.values()) < 1]
        if not counts.all() or failing.sum() > (left + len(free)) * reach.max():
            return
        if left == 1 and not any(reach[c] for c in self.listed):  # one change must explain all, and spoil nothing
            every = np.flatnonzero((reach == failing.sum()) & (self.weights == 1))
            yield from ({**chosen, int(c): None} for c in _parallel(rows, short, every))
            return
        for column in np.flatnonzero(touches[int(counts.argmin())]).tolist():
            for value, cost in self.listed.get(column, {}).items():
                if cost <= left:
                    moved = short - rows[:, column] * (value - self.values[column])
                    yield from self._sets(rows, moved, {**chosen, column: value}, left - cost, budget)
            reduced = _eliminated(rows, short, column) if self.weights[column] <= left else None
            if reduced is not None:
                yield from self._sets(*reduced, {**chosen, column: None}, left - int(self.weights[column]), budget)

    def _solved(self, chosen: Mapping[int, int | None]) -> Solution | None:
        """The values of the cells chosen; None where they are no integers, too low, or one is what was read."""
        given = {c: v for c, v in chosen.items() if v is not None}
        free = [c for c, v in chosen.items() if v is None]
        columns = [*free, *np.flatnonzero(self.unread).tolist()]
        short = self.short - sum((self.matrix[:, c] * (v - self.values[c]) for c, v in given.items()), np.zeros(1))
        values = dict(given)
        unread: dict[int, int] = {}
        if columns:
            matrix = self.matrix[:, columns]
            change, _, rank, _ = np.linalg.lstsq(matrix, short, rcond=None)
            fixed = np.ones(len(columns), bool) if rank == len(columns) else _determined(matrix)
            whole = np.round(change)
            if np.abs(matrix @ change - short).max(initial=0.0) > 1e-5:
                return None
            after = self.values[columns] + whole
            if (fixed & ((np.abs(whole - change) > 1e-5) | (after < self.lowest))).any():
                return None
            if not fixed[: len(free)].all() or not whole[: len(free)].all():
                return None  # fewer changes do it: that is a solution of its own
            said = [(c, int(v)) for c, v, f in zip(columns, after.tolist(), fixed.tolist(), strict=True) if f]
            values |= dict(said[: len(free)])
            unread = dict(said[len(free) :])
        elif np.abs(short).max(initial=0.0) > 1e-5:
            return None
        if any(v < self.lowest for v in values.values()):
            return None
        cost = sum(self.listed.get(c, {}).get(v, int(self.weights[c])) for c, v in values.items())
        return Solution(values, cost, unread)


def _eliminated(rows: Array, short: Array, column: int) -> tuple[Array, Array] | None:
    """The equations without ``column``: one fewer. None where none has it."""
    holds = np.flatnonzero(np.abs(rows[:, column]) > _SMALL)
    if not len(holds):
        return None
    pivot = int(holds[np.count_nonzero(rows[holds], axis=1).argmin()])
    factors = rows[:, column] / rows[pivot, column]
    factors[pivot] = 0.0
    touched = np.flatnonzero(factors)
    rows, short = rows.copy(), short.copy()
    rows[touched] -= factors[touched, None] * rows[pivot]
    short[touched] -= factors[touched] * short[pivot]
    rows[touched, column] = 0.0
    return np.delete(rows, pivot, axis=0), np.delete(short, pivot)


def _parallel(rows: Array, short: Array, columns: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Those of ``columns`` that are a multiple of what the equations lack."""
    some = rows[:, columns]
    at = int(np.abs(short).argmax())
    factor = short[at] / np.where(np.abs(some[at]) > _SMALL, some[at], np.inf)
    off = np.abs(some * factor - short[:, None]).max(axis=0, initial=0.0)
    return np.asarray(columns[(off < 1e-5) & (np.abs(factor) > _SMALL)])


def _determined(matrix: Array) -> npt.NDArray[np.bool_]:
    """Which unknowns the equations determine, shape (columns,)."""
    _, sizes, rows = np.linalg.svd(matrix)
    open_ways = rows[int((sizes > 1e-9).sum()) :]  # a basis of what the equations leave open
    return np.asarray(np.all(np.abs(open_ways) < 1e-9, axis=0))
