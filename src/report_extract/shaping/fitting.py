"""Which dataset is this table? Every dataset of a profile against every side and depth of headings."""

from __future__ import annotations

from collections.abc import Sequence

from .. import text
from ..geometry import BBox
from ..model import Cell, Line, Reading, Table
from ..spec import DatasetSpec, Profile
from .columns import Column, Fit, columns_of, fit
from .grid import SIDES, depths, view
from .headings import best_likeness, year_of, years_in
from .sections import context_of

FITS, RESEMBLES = 0.5, 0.36
_TITLE_LINES = 12


def report_year(lines: Sequence[Line], tables: Sequence[Table]) -> int | None:
    """The year that a report is about: of the first line that names just one, else the latest in any heading."""
    for line in lines[:_TITLE_LINES]:
        years = set(years_in(line.text))
        if len(years) == 1 and "。" not in line.text:
            return years.pop()
    named = [y for line in lines if "年度" in line.text and len(line.text) < 60 for y in years_in(line.text)]
    named += [y for t in tables for c in t.cells if c.row < 3 for y in years_in(c.text)]
    return max(named, default=None)


def best_fit(table: Table, headings: Sequence[Cell], profile: Profile, year: int | None) -> Fit | None:
    """The dataset, side and depth of headings that fit a table best; None where nothing does at all."""
    near = [h.text for h in headings[-2:] if len(text.normal(h.text)) <= 60]
    best: Fit | None = None
    for side in SIDES:
        seen = view(table, side)
        above = [*near, *seen.banner]
        prior_table = any(year_of(said, profile.words, year) == "prior" for said in above)
        for depth in depths(seen):
            columns = columns_of(seen, depth, profile, year)
            for dataset in profile.datasets:
                given = context_of([*headings[-2:], *map(_as_heading, seen.banner)], dataset)
                if not _promising(columns, dataset):
                    continue
                captioned = any(_captioned(said, dataset) for said in above)
                found = fit(seen, depth, columns, dataset, prior_table=prior_table, captioned=captioned, given=given)
                if best is None or found.score > best.score + 1e-9:
                    best = found
    return best


def _as_heading(said: str) -> Cell:
    return Cell(0, BBox(0, 0, 0, 0), readings=(Reading(said, "pdfium"),))


def _captioned(said: str, dataset: DatasetSpec) -> bool:
    return any(text.key(c) in text.key(said) for c in dataset.captions)


def _promising(columns: Sequence[Column], dataset: DatasetSpec) -> bool:
    """Do at least two of the headings sound like this dataset's?"""
    hits = 0
    for column in columns:
        heading = column.heading
        parts = (*heading.parts, "".join(heading.parts), heading.generic)
        like = any(best_likeness(p, f.headings) >= 0.5 for p in parts for f in dataset.fields)
        hits += like or heading.year == "prior"
        if hits > 1:
            return True
    return False
