"""The assignment of the highest sum, for matrices of a few columns and fields.

Shortest augmenting paths: D. F. Crouse, "On implementing 2D rectangular assignment algorithms", IEEE Trans.
Aerospace and Electronic Systems 52 (2016); of several best assignments it finds the one that scipy's
``linear_sum_assignment`` finds, which follows the same paper. scipy takes half a second to import, as long as all
the rest of a short report takes.
"""

from __future__ import annotations

from math import inf
from typing import NamedTuple

from ..core.model import Array

FREE = -1


class _State(NamedTuple):
    """Costs with their dual variables, and what is assigned so far: of each row its column, and the reverse."""

    costs: list[list[float]]
    of_rows: list[float]
    of_columns: list[float]
    column_of: list[int]
    row_of: list[int]


def assignment(worth: Array) -> list[tuple[int, int]]:
    """Pairs (row, column), each row and each column in one at most, whose ``worth`` (n, m) sums highest."""
    rows, columns = worth.shape
    if rows > columns:
        return sorted((row, column) for column, row in assignment(worth.T))
    state = _State((-worth).tolist(), [0.0] * rows, [0.0] * columns, [FREE] * rows, [FREE] * columns)
    for row in range(rows):
        _assign(state, row)
    return list(enumerate(state.column_of))


def _assign(state: _State, start: int) -> None:
    """Assigns one more row, moving others along the cheapest path to a free column."""
    costs, of_rows, of_columns, column_of, row_of = state
    # From the last column on, so that a constant matrix gives the identity.
    open_columns = list(range(len(row_of) - 1, -1, -1))
    before, shortest = [FREE] * len(row_of), [inf] * len(row_of)
    row, length = start, 0.0
    done: list[int] = []
    while not done or row_of[done[-1]] != FREE:
        index, lowest = 0, inf
        for k, column in enumerate(open_columns):
            cost = length + costs[row][column] - of_rows[row] - of_columns[column]
            if cost < shortest[column]:
                before[column], shortest[column] = row, cost
            if shortest[column] < lowest or (shortest[column] == lowest and row_of[column] == FREE):
                index, lowest = k, shortest[column]
        length = lowest
        done.append(open_columns[index])
        row = row_of[done[-1]]
        open_columns[index] = open_columns[-1]
        open_columns.pop()
    of_rows[start] += length
    for column in done:
        if row_of[column] != FREE:
            of_rows[row_of[column]] += length - shortest[column]
        of_columns[column] -= length - shortest[column]
    column, row = done[-1], FREE
    while row != start:
        row = before[column]
        row_of[column] = row
        column_of[row], column = column, column_of[row]
