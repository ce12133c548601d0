"""A table whose columns are headed, one by one, as a dataset's fields are: nothing is left to weigh.

This is how a report fits the profile that was drafted from it, and last year's report the one drafted from this year's,
however often a heading is repeated (構成比 beside each year) and whichever columns have none.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..core.model import Table
from ..profile.spec import DatasetSpec, FieldSpec, Profile
from ..text import normalize, parse
from .columns import Column, Fit, looks_like
from .grid import View, filled, view
from .headings import read_heading
from .unknown import heading_levels, table_depth

_SURE = 1.5  # more than any weighing gives
_LOOKS = 0.8  # share of the values of a table without headings that are of the fields' types


def exact_fit(table: Table, profile: Profile, year: int | None) -> Fit | None:
    """The dataset whose fields the columns of a table are, in order and one by one; None where there is none."""
    seen = view(table, "top")
    fitting = [d for d in profile.datasets if len(d.fields) == seen.width and seen.width > 1]
    if not fitting:
        return None
    depth = table_depth(seen, table.header_rows)
    columns = [_column(seen, depth, place, profile, year) for place in range(seen.width)]
    for dataset in fitting:
        if _is(columns, dataset):
            fields = {spec.name: column for spec, column in zip(dataset.fields, columns, strict=True)}
            return Fit(dataset, seen, depth, fields, score=_SURE)
    return None


def _column(seen: View, depth: int, place: int, profile: Profile, year: int | None) -> Column:
    said = tuple(normalize.normal(cell.text) for cell in heading_levels(seen, depth, place))
    values = [c.text for row in seen.rows[depth:] for c in filled([row[place]])]
    return Column((place,), read_heading(said, profile.words, year), tuple(values))


def _is(columns: Sequence[Column], dataset: DatasetSpec) -> bool:
    headed = [column for column in columns if column.heading.whole]
    if not all(map(_headed_as, columns, dataset.fields)):
        return False
    return bool(headed) or all(map(_may_hold, columns, dataset.fields))


def _may_hold(column: Column, spec: FieldSpec) -> bool:
    """A column without a heading holds what the field is of; one of texts may hold figures, too.

    A mark in the place of a figure (…, 皆増) speaks for no type.
    """
    said = [v for v in column.values if (found := parse.figure(v)) is None or found.kind != "missing"]
    return spec.type == "text" or not said or looks_like(said, spec) >= _LOOKS


def _headed_as(column: Column, spec: FieldSpec) -> bool:
    if not column.heading.whole:
        return not spec.headings and not spec.prior_of
    return column.heading.whole in map(normalize.key, spec.headings)
