"""Marks of a table whose structure was misread: its rows and columns do not say what a report's do.

A grid that rules do not bound is a guess. Where it is wrong, labels are cut in two, figures stand without a
label, a column is missing in one of several tables alike, or words are left over beside the table. Each of
these gives a reason to look at what may be wrong; none changes anything.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence

from ..core.model import Cell, Line, Table
from ..text import normalize, patterns
from ..text.parse import figures, is_number
from .records import Plan, Record

_ENOUGH, _FEW = 5, 0.25  # so many labels show how they end; the share of those that may end otherwise
_SHORT = 3  # letters: a label of no more may be the rest of the one above
_AMID_KANJI = re.compile(r"[一-鿿][.,:;'|_A-Za-z]{1,2}[一-鿿の]")
_GLUED = re.compile(r"^\d[一-鿿]{2}")
_BARE_REFERENCE = re.compile(r"^\d{1,2}\s*(?:\d{1,2}\s+|\s)\D")


def pointed_out(found: Sequence[Record], plan: Plan, table: Table, lines: Sequence[Line]) -> None:
    """Doubts the cells of a table of counts that a misread structure may have spoilt."""
    _misread_letters(found, plan, table)
    mixed(found, plan)
    if not plan.label or not plan.counts:
        return
    _lone_labels(found, plan, table)
    _lone_figures(found, plan)
    _unlike_others(found, plan, table)
    _half_labels(found, plan)
    _blank_columns(found, plan, table)
    _bare_references(found, plan)
    _nameless(found, plan)
    _run_together(found)
    _words_among_figures(found, plan)
    _words_beside(found, table, lines)


def _misread_letters(found: Sequence[Record], plan: Plan, table: Table) -> None:
    """What was read through a mended font map, or recognised, and cannot be so: marks amid kanji, unknown columns."""
    unsure = any(cell.doubts or cell.fallible for cell in table.cells if cell.row < table.header_rows)
    for record in found:
        for name, cell in record.cells.items():
            if not cell.readings or cell.readings[0].by not in ("glyphs", "rapidocr"):
                continue
            if _AMID_KANJI.search(normalize.normal(cell.text)):
                cell = record.cells[name] = cell.doubted("unsure-reading", cell.text, "")
            # A column's heading may be a field's, misread.
            if unsure and name in plan.columns and name not in plan.specs and cell.text:
                record.cells[name] = cell.doubted("unknown-column", name)


def _lone_labels(found: Sequence[Record], plan: Plan, table: Table) -> None:
    """Rows with a label and no figure: half a label, where other rows have all their figures or where it is short."""
    if table.kind == "ruled":
        return
    zeros = any(normalize.key(r.cells[n].text) in ("0", "-") for r in found for n in plan.counts if n in r.cells)
    filled = {len(_figures(r, plan)) for r in found} - {0}
    full = len(filled) == 1 and len(found) > 3  # no other cell is blank
    for i, record in enumerate(found):
        label = record.cells.get(plan.label)
        if label is None or not label.text or _figures(record, plan):
            continue
        if zeros or full or len(normalize.key(label.raw)) <= _SHORT:
            for near in found[max(0, i - 1) : i + 2]:
                if plan.label in near.cells:
                    near.cells[plan.label] = near.cells[plan.label].doubted("lone-label", label.text)


def _lone_figures(found: Sequence[Record], plan: Plan) -> None:
    """Rows with figures and no label: the figures may belong to the row above or below."""
    for i, record in enumerate(found):
        label = record.cells.get(plan.label)
        figures = _figures(record, plan)
        if not figures or (label is not None and label.text):
            continue
        said = "・".join(record.cells[n].text for n in figures)
        for near in found[max(0, i - 1) : i + 2]:
            for name in {*figures, plan.label} & set(near.cells):
                near.cells[name] = near.cells[name].doubted("lone-figures", said)


def _half_labels(found: Sequence[Record], plan: Plan) -> None:
    """Rows without the first part of their label (部 beside 課), where most rows have it: a page break cut it off."""
    places = plan.columns[plan.label].places if plan.label in plan.columns else ()
    if len(places) < 2 or plan.fit.view.side != "top":
        return
    labels = [r.label for r in found if r.label]
    if sum(len(parts) > 1 for parts in labels) < 0.5 * len(labels):
        return
    for record in found:
        if len(record.label) == 1 and record.label[0].col > places[0] and plan.label in record.cells:
            cell = record.cells[plan.label]
            record.cells[plan.label] = cell.doubted("lone-label", cell.text)


def _unlike_others(found: Sequence[Record], plan: Plan, table: Table) -> None:
    """Names that do not end as names do, where nearly all others do: the last letters stand in another row."""
    spec = plan.fit.dataset.get(plan.label)
    if table.kind == "ruled" or spec is None or spec.type != "name" or not spec.pattern:
        return
    # A total row's label is emitted under the profile's name for it, and was told by its own words.
    kind = plan.fit.dataset.rows.field if plan.fit.dataset.rows else ""
    named = [r for r in found if plan.label in r.cells and not (kind in r.cells and r.cells[kind].text == "total")]
    labels = [(r, normalize.key(r.cells[plan.label].text)) for r in named]
    unlike = [r for r, said in labels if said and not patterns.found(spec.pattern, said)]
    if len(labels) >= _ENOUGH and len(unlike) <= _FEW * len(labels):
        for record in unlike:
            cell = record.cells[plan.label]
            record.cells[plan.label] = cell.doubted("lone-label", cell.text)


def _figures(record: Record, plan: Plan) -> list[str]:
    return [n for n in plan.counts if n in record.cells and normalize.key(record.cells[n].text)]


def _blank_columns(found: Sequence[Record], plan: Plan, table: Table) -> None:
    """Columns without figures, in a table whose columns are a guess: the figures may stand beside their heading."""
    for name in plan.counts if table.kind != "ruled" and len(found) > 1 else ():
        cells = [r.cells[name] for r in found if name in r.cells]
        for record in found if cells and not any(normalize.key(c.text) for c in cells) else ():
            for own in (name, plan.label):
                if own in record.cells:
                    record.cells[own] = record.cells[own].doubted("unproved-blank")


def _bare_references(found: Sequence[Record], plan: Plan) -> None:
    """Labels that begin with bare numbers: 項 and 号 whose columns ran together with the label's."""
    spec = plan.fit.dataset.get(plan.label)
    if spec is None or spec.legal != "text":
        return
    said = [normalize.normal(r.cells[plan.label].text) if plan.label in r.cells else "" for r in found]
    glued = sum(bool(_GLUED.match(s)) for s in said) > 1  # in several rows; then those that have none slipped, too
    for record, words in zip(found, said, strict=True):
        label = record.cells.get(plan.label)
        if label is not None and (glued or _BARE_REFERENCE.match(words)):
            for name in ("paragraph", "item", plan.label):
                cell = record.cells.get(name, Cell(label.page, label.bbox))
                record.cells[name] = cell.doubted("bare-reference", label.text)


def _nameless(found: Sequence[Record], plan: Plan) -> None:
    """Rows of a table of legal references that name none, where most rows do: the rest of a label, cut by its row."""
    legal = [f.name for f in plan.fit.dataset.fields if f.legal in ("paragraph", "item")]
    rows = plan.fit.dataset.rows
    if not legal or rows is None:
        return
    details = [r for r in found if rows.field in r.cells and r.cells[rows.field].text == "detail"]
    named = [any(n in r.cells and r.cells[n].text for n in legal) for r in details]
    if sum(named) < max(2, 0.5 * len(details)):
        return
    for record in (r for r, has in zip(details, named, strict=True) if not has):
        at = next(i for i, r in enumerate(found) if r is record)
        said = record.cells[plan.label].text if plan.label in record.cells else ""
        for near in found[max(0, at - 1) : at + 2]:
            for name, cell in near.cells.items():
                near.cells[name] = cell.doubted("lone-label", said)


def _run_together(found: Sequence[Record]) -> None:
    """Cells that hold two figures: two columns were taken for one."""
    for record in found:
        for name, cell in record.cells.items():
            if len(figures(cell.text)) > 1:
                record.cells[name] = cell.doubted("run-together", cell.text)


def _words_among_figures(found: Sequence[Record], plan: Plan) -> None:
    """Rows with words left out of a column of figures: half of the label, where a heading reaches over its column."""
    for record in found:
        unsure = [c for n in plan.counts if n in record.cells for c in [record.cells[n]]]
        doubts = [d for c in unsure for d in c.doubts if d.kind == "unsure-column"]
        if doubts and plan.label in record.cells:
            record.cells[plan.label] = record.cells[plan.label].doubted("unsure-column", *doubts[0].values)


def _words_beside(found: Sequence[Record], table: Table, lines: Sequence[Line]) -> None:
    """Figures left over beside a table, level with its rows: a column of it may be missing."""
    if table.rotation:
        return
    boxes = [table.bbox] if not table.parts else [box for _, box in table.parts]
    pages = [table.page] if not table.parts else [page for page, _ in table.parts]
    for line in lines:
        level = any(
            line.page == page and not line.rotation and box.top < line.bbox.center[1] < box.bottom
            for page, box in zip(pages, boxes, strict=True)
        )
        if not level or not is_number(line.text):
            continue
        for record in found:
            for name, cell in record.cells.items():
                if cell.page == line.page and cell.bbox.top < line.bbox.center[1] < cell.bbox.bottom:
                    record.cells[name] = cell.doubted("words-beside", line.text)


def mixed(found: Sequence[Record], plan: Plan) -> None:
    """Doubts the records of a form without a number that begins half way and ends where forms begin.

    The parts of two forms, the end of one and the beginning of the next, look like this.
    """
    dataset = plan.fit.dataset
    numbers = [f.name for f in dataset.fields if f.type == "integer" and not f.legal]
    if dataset.rows or not numbers or plan.fit.view.side == "top" or any(n in plan.columns for n in numbers):
        return
    order = [f.name for f in dataset.fields]
    at = [order.index(n) for n in sorted(plan.columns, key=lambda n: plan.columns[n].places[0]) if n in order]
    descents = sum(a > b for a, b in itertools.pairwise(at))
    if descents == 1 and at[-1] < at[0]:
        for record in found:
            for name, cell in record.cells.items():
                record.cells[name] = cell.doubted("mixed-form")


def without_own(rows: Sequence[Record], titles: Mapping[str, str]) -> None:
    """Doubts the rows that none of the columns of the report's own year has: its table was found only in part.

    Args:
        rows: of one dataset, from all its tables.
        titles: the columns, each with what people call it.
    """
    there = {n: t for n, t in titles.items() if any(n in r.cells for r in rows)}
    for record in rows:
        if there and not there.keys() & record.cells.keys():
            for name, cell in record.cells.items():
                record.cells[name] = cell.doubted("lacking", "・".join(there.values()))


def lacking(parts: Sequence[Sequence[Record]], titles: Mapping[str, str], said_above: Mapping[str, str]) -> None:
    """Doubts the records of tables that lack a column which other tables of the same dataset have.

    Args:
        parts: the records of each table.
        titles: the fields that a table should have, each with what people call it.
        said_above: the same of those that the headings above it may say; each record has to have them.
    """
    said = [{n for r in part for n, c in r.cells.items() if normalize.key(c.text)} for part in parts]
    for part, own in zip(parts, said, strict=True):
        lost = {n: t for n, t in titles.items() if n not in own and any(n in other for other in said)}
        for record in part:
            blank = {
                n: t for n, t in said_above.items() if n not in record.cells or not normalize.key(record.cells[n].text)
            }
            missed = {**lost, **blank}
            for name in {*list(record.cells)[:1], *(missed.keys() & record.cells.keys())} if missed else ():
                record.cells[name] = record.cells[name].doubted("lacking", "・".join(missed.values()))
