"""Long tables made wide: what one column says of each row (a year, a kind of count) becomes the field."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.model import Cell
from ..text import normalize
from .headings import Year, best_likeness, year_of
from .records import Plan, Record


def folded(found: list[Record], plan: Plan, report_year: int | None) -> list[Record]:
    """The records with rows of the same label joined where a column tells their years or their fields apart."""
    for name in [n for n in plan.columns if n not in plan.specs]:
        cells = [r.cells.get(name) for r in found]
        said = [c.text if c else "" for c in cells]
        if len(set(map(normalize.key, said))) < 2 or not all(map(normalize.key, said)):
            continue
        years = [year_of(s, plan.profile.words, report_year) for s in said]
        if all(years) and "this" in years and "change" not in years:
            return _by_year(found, years, name, plan)
        fields = [_field_named(s, plan) for s in said]
        if all(fields) and len(set(fields)) > 1:
            return _by_field(found, fields, name, plan)
    return found


def _label(record: Record, plan: Plan) -> str:
    return normalize.key(" ".join(c.text for c in record.label))


def _by_year(found: Sequence[Record], years: Sequence[Year], column: str, plan: Plan) -> list[Record]:
    """The rows of the report's own year; the row of the year before gives them their prior fields."""
    own = [r for r, year in zip(found, years, strict=True) if year == "this"]
    prior = {_label(r, plan): r for r, year in zip(found, years, strict=True) if year == "prior"}
    for record in own:
        record.cells.pop(column, None)
        before = prior.get(_label(record, plan))
        for spec in plan.fit.dataset.fields:
            if before is not None and spec.prior_of and spec.prior_of in before.cells:
                record.cells[spec.name] = before.cells[spec.prior_of]
    return own


def _field_named(said: str, plan: Plan) -> str:
    """The field of numbers whose heading a text is; "" where it is none's."""
    likely = [
        (best_likeness(normalize.key(said), f.headings), f.name)
        for f in plan.fit.dataset.fields
        if f.type == "count" and not f.prior_of
    ]
    best = max(likely, default=(0.0, ""))
    return best[1] if best[0] >= 0.97 else ""


def _by_field(found: Sequence[Record], fields: Sequence[str], column: str, plan: Plan) -> list[Record]:
    """One row a label: the number of each of its rows goes into the field that the row names."""
    numbers = [n for n in plan.counts if not plan.specs[n].prior_of]
    priors = [n for n in plan.counts if plan.specs[n].prior_of]
    if len(numbers) != 1 or len(priors) > 1:
        return list(found)
    prior_of = {f.prior_of: f.name for f in plan.fit.dataset.fields if f.prior_of}
    rows: dict[str, Record] = {}
    for record, name in zip(found, fields, strict=True):
        own = rows.setdefault(_label(record, plan), record)
        moved: dict[str, Cell] = {}
        if numbers[0] in record.cells:
            moved[name] = record.cells[numbers[0]]
        if priors and priors[0] in record.cells and name in prior_of:
            moved[prior_of[name]] = record.cells[priors[0]]
        for spent in (numbers[0], *priors, column):
            record.cells.pop(spent, None)
        own.cells |= moved
    return list(rows.values())
