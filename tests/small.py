"""Reports of a few rows, typed out, and all that is said of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from report_extract.checks.balance import balance
from report_extract.core.model import Cell, Check, Dataset, Finding, Table
from report_extract.profile.spec import Profile
from report_extract.sums.rules import parse

from .figures import dataset, lines

FIELDS = "name:name a:count b:count sum:count kind:row_type"
ROW, COLUMN, GROUP = "d: a + b = sum", "d: sum(*) = *[total]", "d: sum(*) = *[subtotal]"


@dataclass(frozen=True)
class Outcome:
    """What became of a report: its data, its checks, its findings."""

    data: Dataset
    checks: list[Check]
    findings: tuple[Finding, ...]

    def cell(self, row: int, field: str) -> Cell:
        return self.data.rows[row][field]

    def doubts(self) -> dict[tuple[int, str], list[tuple[str, ...]]]:
        """By row and field, each doubt as its kind and values."""
        return {
            (r, f): [(d.kind, *d.values) for d in c.doubts]
            for r, row in enumerate(self.data.rows)
            for f, c in row.items()
            if c.doubts
        }

    def lines(self, *statuses: str) -> list[tuple[str, str, str, str, str]]:
        """The checks of these statuses: scope, expected, actual, status and note."""
        return [(c.scope, c.expected, c.actual, c.status, c.note) for c in self.checks if c.status in statuses]

    def found(self) -> list[tuple[str, ...]]:
        return [(f.kind, *f.values) for f in self.findings]


def small(text: str, by: str = "pdfium", fields: str = FIELDS) -> Dataset:
    """A dataset from ``x 1 2 3 detail|合計 ...``; ``~`` is an empty cell, ``_`` a blank, ``-`` no cell."""
    rows = [[t.replace("~", "").replace("_", " ") for t in row.split()] for row in text.split("|")]
    return dataset("d", fields.split(), rows, by)


def told(
    data: Dataset | str,
    by: str = "pdfium",
    rules: Sequence[str] = (ROW, COLUMN, GROUP),
    fields: str = FIELDS,
    notes: Sequence[str] = (),
    tables: Sequence[Table] = (),
    change: Callable[[Dataset], Dataset] = lambda data: data,
    year: int | None = None,
) -> Outcome:
    """What is said of a report of one dataset; a rule's check is its place among ``rules``: r0, r1, ..."""
    made = change(small(data, by, fields) if isinstance(data, str) else data)
    profile = Profile("p", rules=tuple(parse({"rule": r, "check": f"r{i}"}) for i, r in enumerate(rules)))
    (done,), checks, findings = balance([made], tables, lines(*notes), profile, year)
    return Outcome(done, list(checks), findings)
