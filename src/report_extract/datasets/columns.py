"""Which column holds which field: one assignment over the whole table, by headings and by what stands below.

The words of a heading and the looks of the values under it give each (column, field) pair a score; the
assignment of the highest sum is taken (``assignment``). What no heading settles is then settled by place,
between neighbours that are settled, and marked as unsure.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from ..core.model import Array, Cell
from ..profile.spec import DatasetSpec, FieldSpec, Profile
from ..text import normalize, parse, patterns
from .assignment import assignment
from .grid import View, filled
from .headings import Heading, best_likeness, read_heading, speaks_of
from .sections import bare_number

_NUMBERS = frozenset({"count", "integer", "number", "percent"})
_SURE, _TAKEN, _CLOSE = 0.62, 0.45, 0.15
_SAMPLE = 200  # rows that are looked at to tell what a column holds


@dataclass(frozen=True, slots=True)
class Column:
    """Neighbouring columns of a view under one heading, in the view's order."""

    places: tuple[int, ...]
    heading: Heading
    values: tuple[str, ...]  # what stands below, blanks left out, at most a sample


@dataclass(frozen=True, slots=True)
class Fit:
    """How a table's columns fit a dataset.

    Attributes:
        dataset, view, depth: which dataset, seen from where, with how many rows of headings.
        fields: field name -> column.
        unsure: fields whose column is not certain, each with the rivals' titles.
        extra: columns that are no field.
        score: 0..1, and a little more where all fits.
        prior: is the whole table about the year before?
    """

    dataset: DatasetSpec
    view: View
    depth: int
    fields: dict[str, Column] = field(default_factory=dict)
    unsure: dict[str, str] = field(default_factory=dict)
    extra: tuple[Column, ...] = ()
    score: float = 0.0
    prior: bool = False

    @property
    def backward(self) -> bool:
        """Do the columns stand in reverse of the profile's order, as in a page read on its side?"""
        order = [f.name for f in self.dataset.fields]
        at = [c.places[0] for name, c in sorted(self.fields.items(), key=lambda fc: order.index(fc[0]))]
        pairs = [(a, b) for i, a in enumerate(at) for b in at[i + 1 :]]
        return sum(a > b for a, b in pairs) > sum(a < b for a, b in pairs)


def columns_of(seen: View, depth: int, profile: Profile, report_year: int | None) -> list[Column]:
    """The columns below ``depth`` rows of headings.

    Neighbours under one leaf heading are one column; so is a column without any heading whose values only
    fill the gaps of the column to its left (a heading that spans both, whose span was lost).
    """
    body = seen.rows[depth:]
    groups: list[list[int]] = []
    for place in range(seen.width):
        if groups and _goes_with(seen, depth, groups[-1], place):
            groups[-1].append(place)
        else:
            groups.append([place])
    columns = []
    for group in groups:
        heads = filled([row[p] for row in seen.rows[:depth] for p in group])
        values = (c.text for row in body[:_SAMPLE] for c in filled([row[p] for p in group]))
        heading = read_heading(tuple(c.text for c in heads), profile.words, report_year)
        columns.append(Column(tuple(group), heading, tuple(v for v in values if normalize.key(v))))
    return columns


def _goes_with(seen: View, depth: int, group: Sequence[int], place: int) -> bool:
    leaf = seen.rows[depth - 1]
    if leaf[place] is not None and leaf[place] is leaf[group[-1]]:
        return True
    rows = seen.rows[depth : depth + _SAMPLE]
    headed = [any(_said(row[p]) for row in seen.rows[:depth]) for p in (group[-1], place)]
    valued = [any(_said(row[p]) for row in rows) for p in (group[-1], place)]
    if headed[0] != headed[1] and valued[0] != valued[1] and headed[0] != valued[0]:
        return True  # a heading set beside its values instead of above them
    if any(_said(row[place]) for row in seen.rows[:depth]) or not any(
        _said(row[p]) for row in seen.rows[:depth] for p in group
    ):
        return False
    both = sum(_said(row[place]) and any(_said(row[p]) for p in group) for row in rows)
    here = [row[place] for row in rows if _said(row[place])]
    return bool(here) and both <= 0.2 * len(here)


def _said(cell: Cell | None) -> bool:
    return cell is not None and bool(normalize.key(cell.text))


@lru_cache(maxsize=65536)
def _castable(value: str, kind: str) -> bool:
    try:
        return parse.value(value, kind) is not None
    except parse.CastError:
        return False


def looks_like(values: Sequence[str], wanted: FieldSpec) -> float:
    """The share of ``values`` that may be values of a field, 0..1; .5 where there are none to tell by."""
    if not values:
        return 0.5
    if wanted.choices:
        words = [normalize.key(w) for ws in wanted.choices.values() for w in ws]
        return _share(values, lambda v: any(w in normalize.key(v) for w in words))
    if wanted.legal in ("paragraph", "item"):
        return _share(values, _reference_likeness)
    if wanted.pattern:
        return _share(values, lambda v: patterns.found(wanted.pattern, normalize.key(v)))
    if wanted.type in _NUMBERS:
        return _share(values, lambda v: _castable(v, wanted.type))
    if wanted.type == "name":
        return _share(values, lambda v: not _castable(v, "count") and len(normalize.key(v)) <= 30)
    return _share(values, lambda v: not _castable(v, "count"))


def counts_rows(values: Sequence[str]) -> bool:
    """Do the values of a column count its rows: 1, 2, 3, ...?"""
    return len(values) > 1 and [normalize.key(v) for v in values] == [str(n) for n in range(1, len(values) + 1)]


def _reference_likeness(value: str) -> float:
    """How likely a value is 項 or 号: for certain where it says nothing else."""
    if bare_number(value):
        return 1.0
    try:
        paragraph, item, rest = parse.legal_reference(value)
    except parse.CastError:
        return 0.6
    if (paragraph or item) and not rest:
        return 1.0
    plain = normalize.key(value)
    return 0.6 * (bool(re.search(r"\d", plain)) and len(plain) < 40)


def _share(values: Sequence[str], test: Callable[[str], float]) -> float:
    return sum(map(test, values)) / max(1, len(values))


def pair_score(column: Column, wanted: FieldSpec, dataset: DatasetSpec, prior_table: bool = False) -> float:
    """How well a column fits a field, by its heading and its values, 0..1."""
    said = speaks_of(column.heading, wanted, dataset, prior_table)
    if said < _TAKEN and column.heading.whole:
        return said
    looks = looks_like(column.values, wanted)
    numbered = wanted.type == "integer" and said >= 0.97  # a misread No. is still a No.
    if wanted.type in _NUMBERS and not wanted.legal and looks < 0.3 and not numbered:
        return 0.0
    if wanted.legal in ("paragraph", "item") and looks < 0.7 and _share(column.values, len) > 6:
        return said * looks  # 根拠 may head the wording, too
    unnamed = not wanted.headings and not wanted.prior_of
    if not column.heading.whole and (wanted.pattern or unnamed) and looks >= 0.6:
        return (1.0 if unnamed else 0.75) * looks  # an empty corner above the names of the rows
    return said * (0.35 + 0.65 * looks) if wanted.pattern else said * (0.7 + 0.3 * looks)


def fit(seen: View, depth: int, columns: Sequence[Column], dataset: DatasetSpec,
        *, prior_table: bool = False, captioned: bool = False, given: Collection[str] = (),
        part: bool = False) -> Fit:  # fmt: skip
    """How well the columns of a view (``columns_of``) fit a dataset.

    Args:
        prior_table: is the whole table about the year before?
        captioned: does a heading above it name this dataset?
        given: fields that headings above it say for all its rows.
        part: does it hold but a part of the fields, as one kind of use or the year before?
    """
    scores = np.array([[pair_score(c, f, dataset, prior_table) for f in dataset.fields] for c in columns])
    chosen = _assigned(scores)
    unsure = _unsure(scores, chosen, dataset)
    taken = {c: dataset.fields[f].name for c, f in chosen.items()}
    by_place = _by_place(columns, taken, dataset)
    taken |= by_place
    unsure |= {f.name: f.title for f in dataset.fields if f.name in by_place.values()}
    merged = _with_split_names(columns, taken, dataset)
    for c, f in chosen.items():
        if merged[c] is not columns[c] and scores[c, f] >= _SURE:
            unsure.pop(dataset.fields[f].name, None)  # its rival was its own other half
    return Fit(
        dataset=dataset,
        view=seen,
        depth=depth,
        fields={name: merged[c] for c, name in taken.items()},
        unsure=unsure,
        extra=tuple(c for i, c in enumerate(columns) if i not in taken and merged[i] is c and c.values),
        score=_score(scores, chosen, by_place, columns, dataset, given, part) + 0.08 * captioned,
        prior=prior_table,
    )


def _assigned(scores: Array) -> dict[int, int]:
    """Column -> field of the assignment with the highest sum, poor pairs left out."""
    if not scores.size:
        return {}
    # Cubed, so that one certain pair outweighs two that are only possible.
    worth = np.where(scores >= _TAKEN, scores**3, 0.0)
    return {r: c for r, c in assignment(worth) if scores[r, c] >= _TAKEN}


def _unsure(scores: Array, chosen: dict[int, int], dataset: DatasetSpec) -> dict[str, str]:
    """The chosen fields that are not certain, each with the titles of what its column may be.

    A pair is certain if its own score is high and the best assignment *without* it is clearly worse.
    """
    best = sum(scores[c, f] ** 3 for c, f in chosen.items())
    unsure = {}
    for c, f in chosen.items():
        without = scores.copy()
        without[c, f] = 0.0
        other = _assigned(without)
        close = best - sum(without[i, j] ** 3 for i, j in other.items()) < _CLOSE
        if scores[c, f] < _SURE or close:
            rivals = {f, other[c]} if close and c in other else {f}
            unsure[dataset.fields[f].name] = "・".join(dataset.fields[r].title for r in sorted(rivals))
    return unsure


def _by_place(columns: Sequence[Column], taken: dict[int, str], dataset: DatasetSpec) -> dict[int, str]:
    """Columns that no heading settles, by their place between neighbours that are settled.

    Only a gap in which as many columns as fields are left is filled, and only where at least half of the
    fields are settled; a column's values must not contradict.
    """
    order = [f.name for f in dataset.fields if not f.context and not f.prior_of and not f.optional]
    anchors = [(c, order.index(n)) for c, n in sorted(taken.items()) if n in order]
    if len(anchors) < max(2, len(order) / 2):
        return {}
    rising = sum(a[1] < b[1] for a, b in itertools.pairwise(anchors)) * 2 >= len(anchors) - 1
    step = 1 if rising else -1
    ends = ((-1, -1 if rising else len(order)), (len(columns), len(order) if rising else -1))
    found: dict[int, str] = {}
    for (left, first), (right, last) in zip((ends[0], *anchors), (*anchors, ends[1]), strict=True):
        names = [order[i] for i in range(first + step, last, step)] if (last - first) * step > 0 else []
        names = [n for n in names if n not in taken.values()]
        gap = [c for c in range(left + 1, right) if c not in taken and columns[c].values]
        if left < 0 or right >= len(columns):  # a margin column without a heading is rather a stray one
            gap = [c for c in gap if columns[c].heading.whole]
        if names and len(gap) == len(names):
            pairs = list(zip(gap, names, strict=True))
            if all(_may_be(columns[c], dataset.get(n)) for c, n in pairs):
                found.update(pairs)
    return found


def _may_be(column: Column, wanted: FieldSpec | None) -> bool:
    return wanted is not None and looks_like(column.values, wanted) >= 0.5 and column.heading.year == ""


def _with_split_names(columns: Sequence[Column], taken: dict[int, str], dataset: DatasetSpec) -> list[Column]:
    """The columns; one that is left over beside the row's name joins it, where its heading says the same
    (部 beside 課) or where it has none."""
    merged = list(columns)
    for place, name in taken.items():
        wanted = dataset.get(name)
        label = dataset.rows.label if dataset.rows else ""
        if wanted is None or (name != label and not (wanted.type == "name" and name in dataset.key)):
            continue
        for beside in (place - 1, place + 1):
            if 0 <= beside < len(columns) and beside not in taken and _twin(columns[beside], wanted, dataset):
                both = sorted((columns[beside], merged[place]), key=lambda c: c.places)
                merged[place] = merged[beside] = Column(
                    both[0].places + both[1].places, columns[place].heading, both[0].values + both[1].values
                )
    return merged


def _twin(column: Column, wanted: FieldSpec, dataset: DatasetSpec) -> bool:
    words = map(normalize.key, dataset.rows.breakdown if dataset.rows else ())
    if column.heading.whole in words and looks_like(column.values, FieldSpec("")) >= 0.8:
        return True  # 内訳, in a column of its own
    if not column.heading.whole:
        return bool(column.values) and looks_like(column.values, FieldSpec("")) >= 0.8
    said = max((best_likeness(p, wanted.headings) for p in column.heading.parts), default=0.0)
    return said >= 0.75 and looks_like(column.values, wanted) >= 0.5


def _score(scores: Array, chosen: dict[int, int], by_place: dict[int, str], columns: Sequence[Column],
           dataset: DatasetSpec, given: Collection[str], part: bool) -> float:  # fmt: skip
    def weight(f: FieldSpec) -> float:
        return 1.5 if f.required else 0.3 if f.context or f.optional else 0.5 if f.prior_of else 1.0

    gained = sum(weight(dataset.fields[f]) * scores[c, f] for c, f in chosen.items()) + 0.5 * len(by_place)
    found = {dataset.fields[f].name for f in chosen.values()}
    said_above = [f for f in dataset.fields if f.required and f.name in given and f.name not in found]
    gained += sum(0.8 * weight(f) for f in said_above)
    found |= {f.name for f in said_above}
    expected = sum(
        weight(f)
        for f in dataset.fields
        if f.name in found or f.required or not (part or f.context or f.optional or f.prior_of)
    )
    wide = dataset.wide.pattern if dataset.wide else ""
    lost = [c for i, c in enumerate(columns) if i not in chosen and i not in by_place and c.values]
    lost = [c for c in lost if not wide or not patterns.found(wide, c.heading.whole)]
    score = gained / expected - (0.0 if part else 0.2) * len(lost) / max(1, len(columns)) if expected else 0.0
    if any(f.required and f.name not in found for f in dataset.fields) or (part and len(found) < 2):
        score *= 0.5
    return float(score)
