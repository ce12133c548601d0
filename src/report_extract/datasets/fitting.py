"""Which dataset is this table? Every dataset of a profile against every side and depth of headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from ..core.geometry import BBox
from ..core.model import Cell, Reading, Table
from ..profile.spec import DatasetSpec, Profile
from ..text import normalize
from .columns import Column, Fit, columns_of, fit
from .exact import exact_fit
from .grid import SIDES, depths, view
from .headings import best_likeness, years_in
from .long import becomes_rows
from .sections import context_of

_ASIDE = re.compile(r"^[(\[]*(?:参考)?[)\]:]*[(\[]*")
FITS, RESEMBLES = 0.5, 0.36
_WIDEST = 120  # columns; a longer line of cells is no row of headings


def best_fit(table: Table, headings: Sequence[Cell], profile: Profile, year: int | None) -> Fit | None:
    """The dataset, side and depth of headings that fit a table best; None where nothing does at all."""
    return _best_fit(table, tuple(headings[-2:]), profile, year)


@lru_cache(maxsize=128)  # the profile is chosen by what fits, and then the tables are fitted to it
def _best_fit(table: Table, headings: tuple[Cell, ...], profile: Profile, year: int | None) -> Fit | None:
    if exact := exact_fit(table, profile, year):
        return exact
    near = [h.text for h in headings if len(normalize.normal(h.text)) <= 60]
    words = {d.name: tuple(w for f in d.fields for w in f.headings) for d in profile.datasets}
    best: Fit | None = None
    for side in SIDES:
        seen = view(table, side)
        if seen.width > _WIDEST:
            continue
        above = [*near, *seen.banner]
        for depth in depths(seen):
            columns = columns_of(seen, depth, profile, year)
            prior_table = _about_last_year([a for a in above if "単位" not in a][-1:], columns, year)
            for dataset in profile.datasets:
                if not _promising(columns, words[dataset.name], dataset):
                    continue
                given = context_of([*headings, *map(_as_heading, seen.banner)], dataset)
                captioned = any(_captioned(said, dataset) for said in above)
                named = _under_caption(columns, above[-1:], dataset)
                part = prior_table or named != columns
                found = fit(
                    seen, depth, named, dataset,
                    prior_table=prior_table, captioned=captioned, given=given, part=part,
                )  # fmt: skip
                if best is None or found.score > best.score + 1e-9:
                    best = found
    return best


def _about_last_year(above: Sequence[str], columns: Sequence[Column], year: int | None) -> bool:
    """Does the heading right above a table say that all of it is about the year before?"""
    if any(c.heading.year not in ("", "inside") for c in columns):
        return False
    said = [normalize.key(a) for a in above if not a.startswith(("※", "注")) and "。" not in a]
    before = {(year or 0) - 1}
    return any(set(years_in(s)) == before or _ASIDE.sub("", s).startswith(("前年度", "昨年度")) for s in said)


def _under_caption(columns: Sequence[Column], above: Sequence[str], dataset: DatasetSpec) -> list[Column]:
    """The columns; one headed 件数 alone counts what the heading above the table names, if that is one thing."""
    said = " ".join(map(normalize.key, above))
    words = {f.name: [w for w in f.headings if len(w) > 3 and normalize.key(w) in said] for f in dataset.fields
             if f.type == "count" and not f.prior_of}  # fmt: skip
    named = [max(ws, key=len) for ws in words.values() if ws]
    if len(named) != 1:
        return list(columns)
    return [
        replace(
            c,
            heading=replace(
                c.heading, parts=(normalize.key(named[0]),), whole=normalize.key(named[0]) + c.heading.whole
            ),
        )
        if not c.heading.parts and (c.heading.generic or c.heading.year)
        else c
        for c in columns
    ]


def _as_heading(said: str) -> Cell:
    return Cell(0, BBox(0, 0, 0, 0), readings=(Reading(said, "pdfium"),))


def _captioned(said: str, dataset: DatasetSpec) -> bool:
    return any(normalize.key(c) in normalize.key(said) for c in dataset.captions)


def _promising(columns: Sequence[Column], words: tuple[str, ...], dataset: DatasetSpec) -> bool:
    """Do at least two of the headings sound like ``words``, those of a dataset, or head columns that become rows?"""
    hits = 0
    for column in columns:
        heading = column.heading
        parts = (*heading.parts, "".join(heading.parts), heading.generic)
        like = any(best_likeness(p, words) >= 0.5 for p in parts)
        hits += like or heading.year == "prior" or becomes_rows(column, dataset)
        if hits > 1:
            return True
    return False
