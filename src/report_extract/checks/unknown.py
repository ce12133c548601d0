"""The sums that tables of no known kind show of themselves, as checks; what breaks a well-supported one is doubted.

They are looked for in what is emitted, so that ``check`` finds in a package what ``run`` found in the report.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..core.model import Cell, Check, Dataset, Row
from ..sums.ledger import Ledger, ledger
from ..sums.relations import find
from ..sums.rules import Place
from ..sums.sides import Outcome, Relation

_CHECK = {"ratio": "table.ratio"}  # every other kind is ``table.sum``
_MOST = 60  # lines of one relation that have a check of their own


def witnessed(datasets: Sequence[Dataset]) -> tuple[tuple[Dataset, ...], tuple[Check, ...]]:
    """The datasets, what breaks their sums doubted, and a check for each sum and ratio found in them.

    Args:
        datasets: of tables of no known kind, each by itself.
    """
    checked, checks = [], []
    for dataset in datasets:
        figures = ledger(dataset)
        found = find(figures)
        checks += [check for relation in found for check in _checks(dataset, figures, relation)]
        broken = {place: outcome for r in found for outcome in r.failed for place in _places(dataset, figures, outcome)}
        checked.append(_doubted(dataset, broken) if broken else dataset)
    return tuple(checked), tuple(checks)


def _checks(dataset: Dataset, figures: Ledger, relation: Relation) -> Iterator[Check]:
    """A line for each column that a row of totals adds up in; one for all rows that a column of totals does."""
    name = _CHECK.get(relation.kind, "table.sum")
    lines, across = (figures.rows, figures.columns) if relation.axis == "row" else (figures.columns, figures.rows)
    scope = f"表{dataset.name.rpartition('_')[2]} {lines[relation.line]}"
    if relation.axis == "row" and relation.kind != "ratio" and len(relation.held) <= _MOST:
        for one in relation.held:
            yield _check(name, f"{scope} {across[one.across]}", "pass", one, _places(dataset, figures, one))
    elif relation.held:
        places = tuple(dict.fromkeys(p for one in relation.held for p in _places(dataset, figures, one)))
        only = relation.held[0] if len(relation.held) == 1 else None
        values = (_said(only.printed), _said(only.computed)) if only else ("", "")
        yield Check(name, scope.strip(), *values, "pass", f"{len(relation.held)}件で成立", places)
    for one in relation.failed:
        note = f"ほかの{len(relation.held)}件では成立"
        yield _check(name, f"{scope} {across[one.across]}", "fail", one, _places(dataset, figures, one), note)


def _check(name: str, scope: str, status: str, one: Outcome, places: tuple[Place, ...], note: str = "") -> Check:
    return Check(name, scope.strip(), _said(one.printed), _said(one.computed), status, note, places)


def _places(dataset: Dataset, figures: Ledger, outcome: Outcome) -> tuple[Place, ...]:
    """The cells of an outcome, the total's first; those that are blank are left out."""
    named = (Place(dataset.name, row, figures.fields[column]) for row, column in outcome.cells)
    return tuple(place for place in named if place.field in dataset.rows[place.row])


def _said(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _doubted(dataset: Dataset, broken: dict[Place, Outcome]) -> Dataset:
    """The dataset with the figures of failing sums doubted: which of them is at fault, nothing tells."""

    def told(number: int, row: Row) -> Row:
        mine = {place.field: one for place, one in broken.items() if place.row == number}
        return {name: _unbalanced(cell, mine[name]) if name in mine else cell for name, cell in row.items()}

    return replace(dataset, rows=tuple(told(number, row) for number, row in enumerate(dataset.rows)))


def _unbalanced(cell: Cell, outcome: Outcome) -> Cell:
    return cell.doubted("unbalanced", f"{_said(outcome.printed)} ≠ {_said(outcome.computed)}", "?")
