"""The profile's own sums as witnesses of which column is which field.

A heading may stand above the wrong column, or say nothing that a profile knows. Where 目的外利用 + 外部提供 = 小計
holds row by row, these three columns are what they are called; where it would hold with a column that is left over,
that is the field's column, to be confirmed by a person. Where a field found no column, a column of figures is left
over and no sum speaks for the others, all of them are doubtful: any may be the neighbour's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..core.model import Cell
from ..profile.spec import DatasetSpec, FieldSpec, Profile
from ..sums.rules import Ref, Rule
from ..text import parse
from .columns import Column, Fit, counts_rows, looks_like
from .grid import filled

_NUMBERS = frozenset({"count", "integer", "number", "percent"})
_FIGURES = 0.6  # share of a column's values that are figures
_FEWEST = 3  # rows of figures in which a sum holds before it proves anything
_MOST_FAIL = 0.5  # share of rows: a sum that fails in more was asked of the wrong columns
_ELSE = frozenset({"older", "change", "inside"})  # what a column says that it is, and no field holds


@dataclass(frozen=True, slots=True)
class _Tally:
    """In how many rows a sum holds and fails; ``apart``: in how many of them it has more than one part."""

    held: int = 0
    failed: int = 0
    apart: int = 0

    @property
    def proves(self) -> bool:
        return self.held >= _FEWEST and self.apart > 0 and not self.failed


def by_sums(fit: Fit, profile: Profile) -> Fit:
    """The fit; a field whose column only the sums tell has it, and is unsure."""
    for rule in _row_rules(profile, fit.dataset):
        names = [ref.field for ref in (*rule.left, *rule.right)]
        lost = [n for n in names if n not in fit.fields]
        if len(lost) > 1 or (not lost and not _mostly_fails(_tally(rule, fit, fit.fields))):
            continue
        left = [c for c in fit.extra if _figures(c) and c.heading.year not in _ELSE]
        found = [
            (name, column)
            for name in lost or names
            for column in left
            if _may_be_of(column, fit.dataset.get(name)) and _tally(rule, fit, {**fit.fields, name: column}).proves
        ]
        if len(found) == 1:
            fit = _given(fit, *found[0])
    return fit


def unproved(fit: Fit, profile: Profile) -> tuple[tuple[str, ...], tuple[str, ...], tuple[Column, ...]]:
    """The fields of figures that are doubtful, the titles of the fields without a column, the columns left over.

    Returns:
        Empty tuples where no field is without a column, or no column of figures is left over that may be its.
    """
    lost = [f for f in fit.dataset.fields if _declared(f) and f.name not in fit.fields]
    left = tuple(c for c in fit.extra if _figures(c) and any(_may_be_of(c, f) for f in lost))
    if not left:
        return (), (), ()
    sure = {
        ref.field
        for rule in _row_rules(profile, fit.dataset)
        if all(ref.field in fit.fields for ref in (*rule.left, *rule.right)) and _tally(rule, fit, fit.fields).proves
        for ref in (*rule.left, *rule.right)
    }
    specs = {f.name: f for f in fit.dataset.fields}
    names = tuple(n for n in fit.fields if n in specs and _counts(specs[n]) and n not in sure)
    return names, tuple(f.title or f.name for f in lost), left


def _row_rules(profile: Profile, dataset: DatasetSpec) -> list[Rule]:
    """The rules that speak of each row of a dataset by itself."""

    def plain(ref: Ref) -> bool:
        return ref.dataset == dataset.name and not ref.rows and not ref.summed and dataset.get(ref.field) is not None

    return [r for r in profile.rules if r.dataset == dataset.name and r.left and all(map(plain, (*r.left, *r.right)))]


def _tally(rule: Rule, fit: Fit, columns: Mapping[str, Column]) -> _Tally:
    held = failed = apart = 0
    for row in fit.view.rows[fit.depth :]:
        values = {ref.field: _figure(row, columns.get(ref.field)) for ref in (*rule.left, *rule.right)}
        if any(v is None for v in values.values()) or not any(values.values()):
            continue
        gap = sum(ref.coefficient * (values[ref.field] or 0) for ref in rule.left)
        gap -= sum(ref.coefficient * (values[ref.field] or 0) for ref in rule.right)
        holds = abs(gap) <= rule.tolerance
        held, failed = held + holds, failed + (not holds)
        apart += holds and sum(bool(values[ref.field]) for ref in rule.left) > 1
    return _Tally(held, failed, apart)


def _figure(row: Sequence[Cell | None], column: Column | None) -> float | None:
    """A row's figure in a column, 0 where it is blank; None where something else stands there."""
    said = filled([row[p] for p in column.places]) if column else []
    if column is None or len(said) > 1:
        return None
    found = parse.figure(said[0].text) if said else None
    return 0.0 if not said else float(found.value) if found is not None and found.value is not None else None


def _mostly_fails(tally: _Tally) -> bool:
    return tally.failed >= _FEWEST and tally.failed > _MOST_FAIL * (tally.held + tally.failed)


def _given(fit: Fit, name: str, column: Column) -> Fit:
    """The fit with a column under a field; the one that it had is left over."""
    before = fit.fields.get(name)
    extra = tuple(c for c in fit.extra if c is not column) + ((before,) if before else ())
    title = (spec.title or name) if (spec := fit.dataset.get(name)) else name
    return replace(fit, fields={**fit.fields, name: column}, unsure={**fit.unsure, name: title}, extra=extra)


def _declared(spec: FieldSpec) -> bool:
    return _counts(spec) and not spec.optional and not spec.context


def _counts(spec: FieldSpec) -> bool:
    return spec.type in _NUMBERS and not spec.legal


def _figures(column: Column) -> bool:
    """Does the column hold figures, that do not number its rows and are no shares?"""
    if counts_rows(column.values) or not any(parse.is_number(v) for v in column.values):
        return False
    shares = any(f.unit in ("%", "‰") for v in column.values if (f := parse.figure(v)) is not None)
    return not shares and looks_like(column.values, FieldSpec("", "count")) >= _FIGURES


def _may_be_of(column: Column, wanted: FieldSpec | None) -> bool:
    """May the column hold the field, for what its heading says of its year?"""
    if wanted is None:
        return False
    return column.heading.year in (("", "prior") if wanted.prior_of else ("", "this"))
