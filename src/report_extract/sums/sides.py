"""A ledger seen along its rows or its columns, and what is found there: relations and where they hold.

A *line* is a row or a column, *across* are the columns or rows in which a relation between lines holds or fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..core.model import Array
from .ledger import Ledger, is_aside

BY_WORD, BY_FIGURES = 2, 3  # lines across in which a relation with and without a word must hold
AMID_FAILURES = 4  # of which there must be so many where any line fails
TOLD = 0.1  # share of the lines that hold: more failures are no slips of a report, but another relation
NEAR = 6  # lines on either side among which a difference or a ratio is looked for


@dataclass(frozen=True, slots=True)
class Outcome:
    """A relation in one line across: what is printed, what follows from the others, and of which (row, column)."""

    across: int
    printed: float
    computed: float
    cells: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """A row or column that follows from others.

    Attributes:
        kind: "sum", "change" (this - last), "balance" (opening + changes = closing) or "ratio".
        axis: "row" or "column": what ``line`` is.
        line: its index among the ledger's rows or columns.
        word: does a name say so?
        parts: the lines that it follows from, each with its sign; of a ratio what is divided by what.
        held, failed: where it holds and fails; failures are kept only where they are few among many that hold.
    """

    kind: str
    axis: str
    line: int
    word: bool
    parts: tuple[tuple[int, int], ...]
    held: tuple[Outcome, ...]
    failed: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """A ledger seen along one axis.

    Attributes:
        axis: "row" or "column".
        values, decimals, rounded: shape (lines, across).
        names, ratios, asides, levels: of the lines, as in ``Ledger``.
        ratios_across: which of the lines of the other axis are ratios.
    """

    axis: str
    values: Array
    decimals: Array
    rounded: Array
    names: tuple[str, ...]
    ratios: tuple[bool, ...]
    ratios_across: tuple[bool, ...]
    asides: tuple[bool, ...]
    levels: tuple[int, ...]

    def cells(self, lines: Sequence[int], across: int) -> tuple[tuple[int, int], ...]:
        """The (row, column) of lines at one place across."""
        return tuple((line, across) if self.axis == "row" else (across, line) for line in lines)


def sides(ledger: Ledger) -> tuple[Side, Side]:
    """The ledger along its rows, and along its columns."""
    values, decimals, rounded = ledger.values, ledger.decimals, ledger.rounded
    asides = tuple(map(is_aside, (name.rsplit(" ", 1)[-1] for name in ledger.columns)))
    return (
        Side(
            "row",
            values,
            decimals,
            rounded,
            ledger.rows,
            ledger.ratio_rows,
            ledger.ratio_columns,
            ledger.asides,
            ledger.levels,
        ),
        Side(
            "column",
            values.T,
            decimals.T,
            rounded.T,
            ledger.columns,
            ledger.ratio_columns,
            ledger.ratio_rows,
            asides,
            (),
        ),
    )


def additive(side: Side) -> tuple[Array, list[int]]:
    """The values without what does not add up, and the lines that have some."""
    values = side.values.copy()
    values[np.array(side.ratios, bool)] = np.nan
    values[:, np.array(side.ratios_across, bool)] = np.nan
    lines = [i for i in range(len(values)) if np.isfinite(values[i]).any() and not side.asides[i]]
    return values, lines


def relation(
    kind: str, side: Side, total: int, parts: Sequence[tuple[int, int]], word: bool, computed: Array, held: Array,
    failed: Array,
) -> Relation:  # fmt: skip
    """A relation; its failures are told only where they are few among many that hold."""
    few = len(failed) <= max(1, TOLD * len(held)) and len(held) >= AMID_FAILURES
    told = failed if few else failed[:0]
    lines = [line for line, _ in parts]
    return Relation(
        kind, side.axis, total, word, tuple(parts), outcomes(side, total, lines, computed, held),
        outcomes(side, total, lines, computed, told),
    )  # fmt: skip


def outcomes(side: Side, total: int, lines: Sequence[int], computed: Array, at: Array) -> tuple[Outcome, ...]:
    """A line and what follows from others, in the lines across ``at``."""
    return tuple(
        Outcome(int(i), float(side.values[total, i]), float(computed[i]), side.cells([total, *lines], int(i)))
        for i in at
    )
