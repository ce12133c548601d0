"""Columns of one kind side by side become rows, where a profile says so (``wide_to_long``).

Wickham, "Tidy Data" (Journal of Statistical Software 59, 2014): what a heading says is a value, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..core.model import Cell, Reading
from ..profile.spec import DatasetSpec
from ..text import patterns
from .columns import Column
from .grid import filled
from .records import Plan, Record


def becomes_rows(column: Column, dataset: DatasetSpec) -> bool:
    """Does a column become rows of the dataset?"""
    return dataset.wide is not None and patterns.found(dataset.wide.pattern, column.heading.whole)


def melted(found: Sequence[Record], plan: Plan) -> list[Record]:
    """The records in long form: for each, one a column that becomes rows; as they are where none does."""
    wide = plan.fit.dataset.wide
    names = [n for n, c in plan.columns.items() if n not in plan.specs and becomes_rows(c, plan.fit.dataset)]
    if wide is None or not names:
        return list(found)
    heads = {name: _head(plan, plan.columns[name]) for name in names}
    made = []
    for record in found:
        kept = {name: cell for name, cell in record.cells.items() if name not in names}
        for name in (n for n in names if n in record.cells):
            cells = {**kept, wide.key.name: heads[name], wide.value.name: record.cells[name]}
            made.append(replace(record, cells=cells))
    return made


def _head(plan: Plan, column: Column) -> Cell:
    """The cell that heads a column, with all that stands above it as its text."""
    above = filled([row[p] for row in plan.fit.view.rows[: plan.fit.depth] for p in column.places])
    cell = above[-1]
    said = column.heading.title
    return cell if cell.text == said else replace(cell, readings=(*cell.readings, Reading(said, "heading")))
