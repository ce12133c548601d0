"""Tables on paper become datasets: which table is which, and what its columns and rows are called."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from ..core.model import Cell, Dataset, Field, Finding, Line, Row, Table
from ..profile.identity import year_said
from ..profile.spec import DatasetSpec, FieldSpec, Profile, RowWords
from ..text import normalize
from .brackets import unbracketed
from .columns import Column, Fit, counts_rows, looks_like
from .exact import exact_fit
from .fitting import FITS, RESEMBLES, best_fit
from .fold import folded
from .forms import unfolded
from .grid import joined
from .leftover import headings_left, left_over, unanswered
from .long import melted
from .noise import disordered, doubted, tidied
from .records import Plan, Record, over_columns, records
from .row_types import SUBTOTAL, TOTAL, classify, go_on, without_banners, without_titles
from .sections import choice_of, context_of, headings_before
from .split import split, with_inner
from .stacks import unstacked
from .structure_doubts import lacking, pointed_out, without_own
from .torn import Known, torn
from .unknown import as_dataset, heading_levels
from .witness import by_sums, unproved

_ANSWER = 4  # lines: so near below a heading it says that there is none of what it announces

Shaped = tuple[tuple[Dataset, ...], tuple[Finding, ...]]

_UNSURE = ("unsure-reading", "readings-differ", "illegible")
_SECTION = re.compile(r"法第\d+条第\d+項")  # what heads a table of cases


def shape(tables: Sequence[Table], lines: Sequence[Line], profile: Profile, fiscal_year: int | None = None) -> Shaped:
    """The datasets of a report of a known kind, and what is missing from them.

    Args:
        tables: all tables of the report in reading order, upright.
        lines: the text outside them, in reading order.
        profile: the kind of report.
        fiscal_year: the report's own year, where it is known; else what ``profile.identity`` makes of the text.
    """
    year = fiscal_year or year_said(lines, tables)
    parts: dict[str, list[list[Record]]] = {d.name: [] for d in profile.datasets}
    extras: dict[str, dict[str, Field]] = {d.name: {} for d in profile.datasets}
    findings: list[Finding] = []
    unread = 0
    last: tuple[Table, Fit] | None = None
    used: dict[str, list[Table]] = {d.name: [] for d in profile.datasets}
    heads: dict[str, dict[str, Cell]] = {d.name: {} for d in profile.datasets}
    known: list[Known] = []
    lines = with_inner(lines, tables, profile)
    for table in (part for whole in tables for part in _parts(whole, lines, profile, year)):
        before = headings_before(table, lines)
        fit = best_fit(table, before, profile, year)
        if fit is not None and fit.score >= FITS:
            fit = by_sums(fit, profile)
            plan = _plan(fit, profile, extras[fit.dataset.name])
            shaped = _shaped(plan, table, before, year)
            pointed_out(shaped, plan, table, lines)
            parts[fit.dataset.name].append(melted(shaped, plan))
            used[fit.dataset.name].append(table)
            heads[fit.dataset.name] = headed(plan) | heads[fit.dataset.name]  # a table that goes on repeats the first
            known.append((table, plan, shaped))
        elif fit is not None and fit.score >= RESEMBLES:
            findings.append(_unknown_table(table, fit))
        else:
            unread += bool(shape_unknown([table]))
            findings += _without_head(table, last)
            continue
        last = table, fit
    findings += torn(known, tables, lines)
    datasets = [
        replace(_dataset(d, parts[d.name], extras[d.name], profile.words.totals), headings=heads[d.name])
        for d in profile.datasets
    ]
    findings += _missing(profile, datasets, lines, unread)
    findings += left_over(lines, [name for d in profile.datasets if d.rows for name in d.rows.total])
    findings += headings_left(lines, profile)
    for spec in profile.datasets:
        findings += unanswered(spec, used[spec.name], lines, profile.words.none)
    return tuple(datasets), tuple(findings)


def _parts(whole: Table, lines: Sequence[Line], profile: Profile, year: int | None) -> Iterable[Table]:
    """The tables that a table on paper holds, each with a record a row; one that fits as it stands is left alone."""
    if exact_fit(whole, profile, year) is not None:
        return [whole]
    parted = (form for part in split(whole, profile) for form in unstacked(part, profile))
    return [unbracketed(unfolded(form, profile), lines, profile.words, year) for form in parted]


def shape_unknown(tables: Sequence[Table]) -> tuple[Dataset, ...]:
    """Every table of a report of no known kind as a dataset of its own: ``table_1``, ``table_2``, ..."""
    made = (as_dataset(table, number) for number, table in enumerate(tables, 1))
    return tuple(dataset for dataset in made if dataset is not None)


def _plan(fit: Fit, profile: Profile, extras: dict[str, Field]) -> Plan:
    """The columns under their names; columns that are no field get a name of their own, the same one in every
    table of the dataset."""
    columns = dict(fit.fields)
    for column in fit.extra:
        title = column.heading.title or "(見出しなし)"
        name = next((n for n, f in extras.items() if f.title == title and n not in columns), "")
        if not name:
            taken = {*extras, *(f.name for f in fit.dataset.fields), fit.dataset.rows.field if fit.dataset.rows else ""}
            name = next(n for i in range(len(extras) + 1, 999) if (n := f"extra_{i}") not in taken)
            kind = "count" if looks_like(column.values, FieldSpec("", "count")) >= 0.8 else "text"
            kind = "integer" if counts_rows(column.values) else kind
            extras[name] = Field(name, kind, title, f"Column of the report: {title}", extra=True)
        columns[name] = column
    specs = {f.name: f for f in fit.dataset.fields}
    return Plan(fit, profile, columns, specs)


def headed(plan: Plan) -> dict[str, Cell]:
    """The headings that named the columns, by field, their levels joined by "_".

    What a reader was unsure of is settled where the heading says just what the profile has the field called: words
    that are known are not misread into words that are known.
    """
    found: dict[str, Cell] = {}
    for name, column in plan.columns.items():
        cells = heading_levels(plan.fit.view, plan.fit.depth, column.places[0])
        if not cells:
            continue
        spec = plan.specs.get(name)
        words = {normalize.key(word) for word in spec.headings} if spec else set()
        cell = joined([c.settled(*_UNSURE) if normalize.key(c.text) in words else c for c in cells], "_")
        rivals = plan.fit.unsure.get(name)
        found[name] = cell.doubted("unsure-heading", column.heading.title, rivals) if rivals else cell
    return found


def _shaped(plan: Plan, table: Table, before: Sequence[Cell], year: int | None) -> list[Record]:
    """The records of one table, with the doubts that the table as a whole gives."""
    dataset = plan.fit.dataset
    banner = [
        Cell(table.page, table.bbox, readings=(replace(table.cells[0].readings[0], text=said),))
        for said in plan.fit.view.banner
        if table.cells and table.cells[0].readings
    ]
    banner += over_columns(plan)
    found = folded(records(plan, context_of([*before, *banner], dataset)), plan, year)
    found = without_titles(without_banners(found, plan), plan)
    classify(found, plan)
    legal = [f.name for f in dataset.fields if f.legal in ("paragraph", "item")]
    own_references = {n for n in legal if any(n in r.cells and r.cells[n].text for r in found)}
    own_references |= set(legal[1:]) if own_references else set()
    unsettled = disordered(c for r in found for c in r.cells.values())
    said_twice = _said_twice(found, dataset) if unsettled else frozenset()
    for record in found:
        for name, cell in list(record.cells.items()):
            record.cells[name] = _finished(cell, plan.specs.get(name))
        _add_context(record, dataset, own_references)
        for name, rivals in plan.fit.unsure.items():
            if name in record.cells:
                title = plan.columns[name].heading.title
                record.cells[name] = record.cells[name].doubted("unsure-heading", title, rivals)
        for name in _possibly_fields(plan):
            if name in record.cells:
                title = plan.columns[name].heading.title
                record.cells[name] = record.cells[name].doubted("unknown-column", title)
        _doubt_mapping(record, plan)
        if unsettled:
            _distrust(record, dataset, said_twice)
    return found


def _finished(cell: Cell, spec: FieldSpec | None) -> Cell:
    """The cell's text as it is emitted: stray marks away, in normal form, a choice by its emitted value."""
    cell = doubted(tidied(cell))
    if spec is not None and spec.choices and normalize.key(cell.text):
        value = choice_of(cell.text, spec)
        return cell.read(value, "part", cell.confidence) if value else cell.doubted("uncastable", cell.text)
    normal = normalize.normal(cell.text)
    return cell.read(normal, "normal", cell.confidence) if normal != cell.text else cell


def _add_context(record: Record, dataset: DatasetSpec, own_references: Collection[str]) -> None:
    """What headings say for a row that does not say it itself; a total is about all of them.

    Fields of ``own_references`` are told by the rows of the table themselves.
    """
    rows = dataset.rows
    if rows and rows.field in record.cells and record.cells[rows.field].text == TOTAL:
        return
    for name, said in record.context.items():
        spec = dataset.get(name)
        if name in own_references and spec is not None and spec.legal:
            continue
        own = record.cells.get(name)
        if own is None or not own.text:
            record.cells[name] = said


def _possibly_fields(plan: Plan) -> list[str]:
    """The unknown columns that may be a field which was not found."""
    lost = [
        f for f in plan.fit.dataset.fields
        if f.name not in plan.fit.fields and not f.optional and not f.context
    ]  # fmt: skip
    return [
        name
        for name, column in plan.columns.items()
        if name not in plan.fit.fields and any(_could_hold(column, f, plan.fit.prior) for f in lost)
    ]


def _doubt_mapping(record: Record, plan: Plan) -> None:
    """Doubts the figures of a table in which a field found no column while one of figures is left over."""
    names, lost, left = unproved(plan.fit, plan.profile)
    over = [name for name, column in plan.columns.items() if any(column is c for c in left)]
    titles = "・".join(c.heading.title or "(見出しなし)" for c in left)
    for name in (n for n in (*names, *over) if n in record.cells):
        record.cells[name] = record.cells[name].doubted("unsure-mapping", "・".join(lost), titles)


def _could_hold(column: Column, wanted: FieldSpec, prior: bool) -> bool:
    years = ("prior", "older") if wanted.prior_of else ("", "this")
    words = [normalize.key(w) for w in wanted.headings if len(w) > 1] if wanted.type == "integer" else []
    if any(normalize.key(v).startswith(w) and normalize.key(v)[-1].isdigit() for v in column.values[:3] for w in words):
        return True  # heading and value in one cell: 番号1
    return (column.heading.year or ("prior" if prior else "")) in years and looks_like(column.values, wanted) >= 0.6


def _said_twice(found: Sequence[Record], dataset: DatasetSpec) -> frozenset[str]:
    """Texts that stand in several records in the same words: each confirms the other."""
    seen: set[tuple[str, str]] = set()
    twice = set()
    for record in found:
        for spec in dataset.fields:
            if spec.name in record.cells:
                said = normalize.key(record.cells[spec.name].raw)
                if (spec.name, said) in seen:
                    twice.add(said)
                seen.add((spec.name, said))
    return frozenset(twice)


def _distrust(record: Record, dataset: DatasetSpec, confirmed: frozenset[str]) -> None:
    """Doubts the wording of a table that is full of slips, where nothing confirms it."""
    for name, cell in record.cells.items():
        spec = dataset.get(name)
        if (spec is not None and spec.type != "text") or not cell.fallible or not cell.text:
            continue
        if normalize.key(cell.raw) not in confirmed and not cell.doubts:
            record.cells[name] = cell.doubted("disordered-table")


def _dataset(
    spec: DatasetSpec, parts: Sequence[list[Record]], extras: dict[str, Field], totals: Sequence[str]
) -> Dataset:
    rows: list[Record] = []
    if not spec.rows:
        columns = {f.name: f.title for f in spec.fields if not f.context and not f.legal}
        lacking(parts, columns, {f.name: f.title for f in spec.fields if f.context and f.choices})
    for part in parts:
        if rows and spec.rows:
            go_on(rows, part, spec)
        if not _merged_by_key(rows, part, spec, extras):
            rows += part
    if len(parts) > 1 and spec.rows:
        _one_total(rows, spec.rows, totals)
        without_own(rows, {f.name: f.title for f in spec.fields if f.type == "count" and not f.prior_of})
    fields = spec.emitted({name for r in rows for name in r.cells})
    kept = tuple(_row(r) for r in rows)
    own = [f for name, f in extras.items() if any(name in r.cells for r in rows)]
    return Dataset(spec.name, (*fields, *own), kept, spec.title)


def _row(record: Record) -> Row:
    return dict(record.cells)


def _merged_by_key(rows: list[Record], part: list[Record], spec: DatasetSpec, extras: dict[str, Field]) -> bool:
    """Adds a table that has other columns for the same rows (one table per kind of use, or per year)."""
    if not rows or not spec.rows or not spec.key:
        return False
    names = _columns(rows, spec), _columns(part, spec)
    if any(spec.get(n) for n in names[0] & names[1]) or not names[1]:
        return False
    by_key = {_key(r, spec): r for r in rows}
    if sum(_key(r, spec) in by_key for r in part) < 0.5 * len(part):
        return False
    for record in part:
        own = by_key.get(_key(record, spec))
        if own is None:
            rows.append(record)
            continue
        for name in names[1]:
            if name in record.cells:
                own.cells[_free(name, names[0], extras)] = record.cells[name]
    return True


def _free(name: str, taken: Collection[str], extras: dict[str, Field]) -> str:
    """The name of a merged table's column: a new one where another table's unknown column has it."""
    if name not in taken:
        return name
    new = f"{name}_more"
    extras.setdefault(new, replace(extras[name], name=new))
    return new


def _columns(rows: Iterable[Record], spec: DatasetSpec) -> set[str]:
    """The fields besides the key that any of the rows holds."""
    own = {*spec.key, spec.rows.field if spec.rows else ""}
    return {n for r in rows for n in r.cells} - own


def _key(record: Record, spec: DatasetSpec) -> tuple[str, ...]:
    return tuple(normalize.key(record.cells[n].text) if n in record.cells else "" for n in spec.key)


def _one_total(rows: Sequence[Record], words: RowWords, names: Sequence[str]) -> None:
    """Of the totals of several tables only the last of the strongest name is the dataset's own."""
    totals = [r for r in rows if words.field in r.cells and r.cells[words.field].text == TOTAL]
    ranks = {normalize.key(n): i for i, n in enumerate(names)}
    by_rank = sorted(totals, key=lambda r: ranks.get(normalize.key(r.cells[words.label].raw), 0))
    for record in by_rank[:-1]:
        record.cells[words.field] = record.cells[words.field].read(SUBTOTAL, "profile")


def _unknown_table(table: Table, fit: Fit) -> Finding:
    name = table.caption.split("\n")[-1] or fit.dataset.title
    return Finding("unknown-table", (name,), table.page, table.bbox, fit.dataset.name)


def _without_head(table: Table, last: tuple[Table, Fit] | None) -> list[Finding]:
    """A table of which nothing is known, but that may hold cases or rows that belong to the report.

    A heading between two tables ran into it, or it is the rest of the last one: without headings, right after it.
    """
    if (
        last is not None
        and table.n_rows > 1
        and _SECTION.search("".join(normalize.normal(c.text) for c in table.cells))
    ):
        return [_unknown_table(table, last[1])]
    if last is None or abs(table.n_cols - last[0].n_cols) > 1:
        return []
    page = max([last[0].page, *(number for number, _ in last[0].parts)])
    first = [c for c in table.cells if c.row == 0 and normalize.key(c.text)]
    headless = any(looks_like([c.text], FieldSpec("", "count")) for c in first)
    return [_unknown_table(table, last[1])] if headless and table.page in (page, page + 1) else []


def _missing(profile: Profile, datasets: Sequence[Dataset], lines: Sequence[Line], unread: int) -> Iterable[Finding]:
    """A dataset without rows is missing where a heading announces it, or where a table was left unread that
    may be the one which the profile asks for. A report may well leave a table out."""
    for spec, dataset in zip(profile.datasets, datasets, strict=True):
        if not dataset.rows and (_announced(spec, profile, lines) or (spec.required and unread)):
            yield Finding("missing-table", (spec.title,), scope=spec.name)


def _announced(spec: DatasetSpec, profile: Profile, lines: Sequence[Line]) -> bool:
    """Does a heading announce the dataset, with nothing right below it that says there is none?"""
    said = [normalize.key(line.text) for line in lines]
    none = [any(normalize.key(word) in line for word in profile.words.none) for line in said]
    for i, line in enumerate(said):
        heading = len(line) < 40 and "." not in line and not line.startswith(("※", "注"))
        if (
            heading
            and any(normalize.key(caption) in line for caption in spec.captions)
            and not any(none[i : i + _ANSWER])
        ):
            return True
    return False
