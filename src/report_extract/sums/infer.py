"""Sums in a grid of which nothing is known: a witness for or against the way in which it was cut.

What a dataset shows of itself, and is checked by, is in ``sums.relations``.

Two witnesses: words (計, 合計, うち, 増減, total) and arithmetic. A relation needs several lines in which it
holds beyond coincidence; where a word says so too, a few lines may fail and are then pointed out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..core.model import Array, Table
from ..text.figures import figure
from ..text.normalize import key

_TOTAL = re.compile(
    r"^(?:[^うち]{0,8})?(?:計|合計|小計|総計|総数|総額|全体|全国|累計)(?:[((].*)?$|\btotals?\b|\bsum\b|\ball\b",
    re.I,
)
_CHANGE = re.compile("増減|差引|差額|比較|change|difference", re.I)
_RATIO = re.compile(r"比率?$|割合$|率$|指数$|構成比|前年比|対前年|伸び|密度|平均|当たり|あたり")
_PERCENT = re.compile(r"%|‰")
_BRACKET = re.compile(r"\([^()]*\)$")
_HELD_BY_ARITHMETIC = 3  # lines in which a relation without a word must hold, and it must hold in all
_HELD_BY_WORD = 2  # lines for one with a word,
_HELD_AMID_FAILURES = 4  # of which there must be so many where any line fails,
_SHARE = 0.75  # and this share of all lines
_ROUNDED_FROM = 1000
_LARGEST = 1200  # rows or columns; beyond, nothing is looked for


@dataclass(frozen=True, slots=True)
class Relation:
    """A row or column that is made of others.

    Attributes:
        axis: "row" where rows are added to a row, "column" where columns are added to a column.
        total: its index in the table.
        parts: the indices of what it is made of, each with its coefficient.
        word: does a word say so?
        held, failed: the lines across in which it holds and fails.
    """

    axis: str
    total: int
    parts: tuple[tuple[int, int], ...]
    word: bool
    held: tuple[int, ...]
    failed: tuple[int, ...]


def is_ratio(label: str) -> bool:
    """A row or column of this name holds shares or rates, which do not add up: 構成比, 前年比, 増減率."""
    return bool(_RATIO.search(key(_BRACKET.sub("", label)))) or bool(_PERCENT.search(key(label)))


def numbers(table: Table) -> tuple[Array, Array]:
    """The body's values, NaN where there is none, and how many decimals each has; shape (rows, columns).

    Headings are NaN, so that rows and columns keep their indices in the table; so are ratios, which do not add up.
    """
    values = np.full((table.n_rows, table.n_cols), np.nan)
    decimals = np.zeros_like(values)
    rows, columns = _labels(table)
    ratios = [is_ratio(label) for label in rows], [is_ratio(label) for label in columns]
    shares = all("%" in key(c.text) for c in table.cells if any(x.isdigit() for x in c.text) and c.row and c.col)
    for cell in table.cells:
        if cell.row < table.header_rows or cell.col < table.header_cols:
            continue
        found = figure(cell.text)
        if found is None or found.order or found.kind not in ("number", "none") or found.value is None:
            continue
        if (found.unit in ("%", "‰") and not shares) or ratios[0][cell.row] or ratios[1][cell.col]:
            continue
        values[cell.row, cell.col] = float(found.value)
        decimals[cell.row, cell.col] = found.decimals
    return values, decimals


def _labels(table: Table) -> tuple[list[str], list[str]]:
    """What each row and each column is called."""
    grid = [[key(cell.text) if cell else "" for cell in row] for row in table.grid()]
    rows = ["".join(dict.fromkeys(t for t in row[: max(1, table.header_cols)])) for row in grid]
    head = grid[: max(1, table.header_rows)]
    columns = [head[-1][c] or "".join(row[c] for row in head) for c in range(table.n_cols)]
    return rows, columns


def find(table: Table) -> list[Relation]:
    """The sums of a table, surest first. Shapes: any table; headings are left out by ``header_rows/cols``."""
    values, decimals = numbers(table)
    if not np.isfinite(values).any() or max(values.shape) > _LARGEST:
        return []
    rows, columns = _labels(table)
    found = [*_along("row", values, decimals, rows), *_along("column", values.T, decimals.T, columns)]
    surest = sorted(found, key=lambda r: (not r.word, -len(r.held)))
    # ``this = last + change`` is ``change = this - last`` again.
    once = {(r.axis, frozenset((r.total, *(p for p, _ in r.parts)))): r for r in reversed(surest)}
    return [r for r in surest if r in once.values()]


def support(table: Table) -> tuple[int, int]:
    """In how many lines the table's sums hold and fail: a witness for or against the grid it was cut into."""
    found = find(table)
    return sum(len(r.held) for r in found), sum(len(r.failed) for r in found)


def _along(axis: str, values: Array, decimals: Array, names: Sequence[str]) -> Iterator[Relation]:
    """The rows of ``values`` that are sums of the rows before or after them, or changes between two of them."""
    used: set[int] = set()  # rows that are part of a sum already: a total of totals passes over them
    lines = [r for r in range(len(values)) if np.isfinite(values[r]).any()]
    for total in lines:
        word = bool(_TOTAL.search(names[total]))
        best: Relation | None = None
        for kept in ([r for r in lines if r not in used or r == total], lines):
            at = kept.index(total)
            for run in (kept[:at][::-1], kept[at + 1 :]):
                relation = _run(axis, values, decimals, total, run, word)
                if relation and (best is None or len(relation.held) > len(best.held)):
                    best = relation
            if best:
                break
        if best is None and _CHANGE.search(names[total]):
            best = _change(axis, values, decimals, total, lines)
        if best:
            used |= {part for part, coefficient in best.parts if coefficient > 0}
            yield best


def _run(axis: str, values: Array, decimals: Array, total: int, run: Sequence[int], word: bool) -> Relation | None:
    """The stretch of ``run`` (nearest first) that adds up to ``total`` in most lines across."""
    if len(run) < 2:
        return None
    rows = np.array(run)
    known = values[rows]
    parts = np.where(np.isnan(known), 0.0, known)
    sums = np.cumsum(parts, axis=0)
    usual = np.maximum(decimals[rows].max(axis=0), decimals[total])
    slack = 0.5 * 10.0**-usual
    rounded = np.where(slack < 0.5, slack * (np.arange(len(run))[:, None] + 2), 0) + 1e-9
    near = (np.abs(sums - values[total]) <= rounded) & (values[total] != 0)
    near[0] = False
    least = _HELD_BY_WORD if word else _HELD_BY_ARITHMETIC
    if near.sum(axis=1).max() < least:  # whatever else is asked of them, too few lines hold
        return None
    there = np.isfinite(values[total]) & (np.cumsum(parts != 0, axis=0) >= 2)
    holds = there & near
    end = int(holds.sum(axis=1).argmax())
    # Large figures are often rounded each by itself: a sum that is off by no more than that is no failure.
    close = (np.abs(values[total]) >= _ROUNDED_FROM) & (np.abs(sums[end] - values[total]) <= (end + 2) / 2)
    held, failed = np.flatnonzero(holds[end]), np.flatnonzero(there[end] & ~holds[end] & ~close)
    if len(held):  # lines of other decimals than those that add up are of another kind: rates beside counts
        failed = failed[np.isin(usual[failed], usual[held])]
    if not _enough(len(held), len(failed), word):
        return None
    return Relation(
        axis,
        total,
        tuple((int(r), 1) for r in run[: end + 1]),
        word,
        tuple(map(int, held)),
        tuple(map(int, failed)),
    )


def _change(axis: str, values: Array, decimals: Array, total: int, lines: Sequence[int]) -> Relation | None:
    """``total`` as the change between two rows: the two nearest that fit."""
    large = np.abs(values[total]) >= _ROUNDED_FROM
    slack = np.where(decimals[total] > 0, 10.0 ** -decimals[total], np.where(large, 1.0, 0.0)) + 1e-9
    near = sorted((r for r in lines if r != total), key=lambda r: abs(r - total))[:6]
    for now in near:
        for before in (r for r in near if r != now):
            difference = values[now] - values[before]
            there = np.isfinite(difference) & np.isfinite(values[total])
            holds = there & (np.abs(difference - values[total]) <= slack)
            failed = np.flatnonzero(there & ~holds)
            moved = np.flatnonzero(holds & (values[total] != 0))
            if _enough(len(moved), len(failed), True):
                held = tuple(map(int, np.flatnonzero(holds)))
                return Relation(axis, total, ((now, 1), (before, -1)), True, held, tuple(map(int, failed)))
    return None


def _enough(held: int, failed: int, word: bool) -> bool:
    if word:
        return held >= (_HELD_AMID_FAILURES if failed else _HELD_BY_WORD) and held >= _SHARE * (held + failed)
    return held >= _HELD_BY_ARITHMETIC and not failed
