"""A table's body as records: cells under fields, broken rows made whole, ditto marks resolved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..core.model import Cell
from ..profile.spec import FieldSpec, Profile
from ..text import normalize, parse
from .columns import Column, Fit
from .grid import Rows, across, filled, joined
from .sections import Context, followed, said_by

_NUMBERS = frozenset({"count", "integer", "number", "percent"})
_SPILL = re.compile(r"^(?P<words>\D*[^\d\s△▲,.+-])\s*(?P<count>[△▲-]?\s*\d[\d,]*\s*[件人]?)$")
_UNITS = frozenset({"件", "人", "回"})  # in a column of their own beside the figures
_NUMBERED = re.compile(r"\((?:\d{1,2}|[ア-ンa-zA-Z一二三四五六七八九十])\)")  # (1) begins an item of its own
_NOTE = re.compile(r"^(?:※|[(\[]?注\d*[)\]]?(?:[:.]|$))")
_TRAILING_COUNT = re.compile(r"^(?P<words>.*[^\d\s,.])\s*(?P<count>\d[\d,]*\s*[件人])$", re.DOTALL)


@dataclass(slots=True)
class Record:
    """One row in the making.

    Attributes:
        cells: field name -> cell; extra columns under their own names.
        label: what stands in the label's columns, left to right (部 over 課 gives two).
        marker: a word like 内訳 that stood beside the label.
        context: what headings say for this row.
    """

    cells: dict[str, Cell]
    label: tuple[Cell, ...] = ()
    marker: str = ""
    context: Context = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which columns are read into which names, in the table's upright reading order."""

    fit: Fit
    profile: Profile
    columns: Mapping[str, Column]
    specs: Mapping[str, FieldSpec]

    @property
    def label(self) -> str:
        return self.fit.dataset.rows.label if self.fit.dataset.rows else ""

    @property
    def counts(self) -> list[str]:
        """The names of the columns of numbers, legal references not among them."""
        return [n for n in self.columns if n in self.specs and _numeric(self.specs[n])]

    def upright(self) -> list[str]:
        """The names from left to right as the table stands upright."""
        names = sorted(self.columns, key=lambda n: self.columns[n].places[0])
        turned = self.fit.view.side != "top" and self.fit.backward
        return names[::-1] if turned else names


def _numeric(spec: FieldSpec) -> bool:
    return spec.type in _NUMBERS and not spec.legal


def records(plan: Plan, context: Context) -> list[Record]:
    """All records of a table, from the headings on."""
    body = plan.fit.view.rows[plan.fit.depth :]
    found: list[Record] = []
    for record in _read(plan, body, context):
        _unspill(record, plan)
        if found and _continues(record, found[-1], plan):
            _append(found[-1], record, plan)
        else:
            found.append(record)
    resolve_dittos(found, plan)
    return found


def over_columns(plan: Plan) -> list[Cell]:
    """The cells among the headings that reach over half of the columns and say something for all rows.

    A caption that was taken for the first row of a table without rules is one.
    """
    if plan.label:
        return []
    heads = [c for row in plan.fit.view.rows[: plan.fit.depth] for c in filled(row)]
    wide = [c for c in heads if sum(c is o for row in plan.fit.view.rows[:1] for o in row) > 0.4 * plan.fit.view.width]
    return [c for c in {id(c): c for c in wide}.values() if said_by(c, plan.fit.dataset)]


def _read(plan: Plan, body: Rows, context: Context) -> Iterator[Record]:
    for row in body:
        cells = filled(row)
        if not cells or _is_heading(row, plan):
            continue
        if (banner := across(row)) is not None or _is_section(cells, plan):
            said = said_by(banner or cells[0], plan.fit.dataset)
            context = followed(context, said, plan.fit.dataset)
            if said or banner is not None:
                continue
        record = Record({}, context=context)
        for name, column in plan.columns.items():
            _fill(record, name, [row[p] for p in column.places], plan)
        for name in [n for n, c in record.cells.items() if n != plan.label and _is_one_of(c, record.label)]:
            del record.cells[name]  # the label's cell goes on into this column
        _relabel(record, plan)
        if _NOTE.match(normalize.key(record.label[0].text) if record.label else ""):
            continue
        if plan.label and not record.label and plan.label in context:
            record.cells[plan.label] = context[plan.label]
            record.label = (context[plan.label],)
        yield record


def _relabel(record: Record, plan: Plan) -> None:
    """A label that stands before its column, under 項 or 号 (``合計`` in the first column), is the row's label."""
    if not plan.label or record.label:
        return
    names = {normalize.key(n) for n in _row_names(plan)}
    legal = [n for n in record.cells if (spec := plan.specs.get(n)) and spec.legal in ("paragraph", "item")]
    parts = filled([record.cells[n] for n in legal])
    if len(parts) > 1 and normalize.key("".join(c.text for c in parts)) in names:  # spread over both: 合 | 計
        record.cells[plan.label] = joined(parts, between="")
        record.cells.update({n: _emptied(record.cells[n]) for n in legal})
        record.label = (record.cells[plan.label],)
        return
    for name, cell in record.cells.items():
        spec = plan.specs.get(name)
        said = normalize.key(cell.text)
        worded = said in names or (len(said) > 2 and not re.search(r"\d", said))
        if spec is not None and spec.legal in ("paragraph", "item") and worded:
            record.cells[plan.label], record.cells[name] = cell, _emptied(cell)
            record.label = (cell,)
            return


def _is_one_of(cell: Cell, cells: Sequence[Cell]) -> bool:
    return any(cell is other for other in cells)


def _is_heading(row: Sequence[Cell | None], plan: Plan) -> bool:
    """Are these the headings once more, as after a page break?"""
    said = [
        (normalize.key(cell.text), plan.columns[name].heading.whole)
        for name in plan.columns
        for cell in filled([row[p] for p in plan.columns[name].places])
    ]
    return len(said) > 1 and sum(bool(a) and a in b for a, b in said) >= 0.7 * len(said)


def _is_section(cells: Sequence[Cell], plan: Plan) -> bool:
    """Is the row's only text one that says something for the rows below?"""
    return len(cells) == 1 and len(plan.columns) > 2 and bool(said_by(cells[0], plan.fit.dataset)) and not plan.label


def _fill(record: Record, name: str, places: Sequence[Cell | None], plan: Plan) -> None:
    """One field's cell of a row, picked from the places of its column."""
    blank = next((c for c in places if c is not None), None)
    if blank is None:
        return
    spec = plan.specs.get(name)
    said = filled(places)
    if spec is not None and _numeric(spec):
        numbers = [c for c in said if _casts(c, spec.type)]
        words = {w for w in _breakdown_words(plan) if any(map(str.isalpha, w))}  # a dash is a number here
        for cell in said:
            if normalize.key(cell.text) in words:
                record.marker = normalize.key(cell.text)
        rest = [c for c in said if normalize.key(c.text) not in words]
        pick = numbers[0] if numbers else rest[0] if rest else _emptied(blank) if said else blank
        lost = numbers and sum(normalize.key(c.text) not in _UNITS for c in rest) > 1
        record.cells[name] = pick.doubted("unsure-column", pick.text) if lost else pick
        return
    if name == plan.label:
        marks = [c for c in said if normalize.key(c.text) in _breakdown_words(plan)]
        record.marker = normalize.key(marks[0].text) if marks else record.marker
        said = [c for c in said if not any(c is m for m in marks)] or said
        record.label = tuple(said)
    record.cells[name] = joined(said) if said else blank


def _emptied(cell: Cell) -> Cell:
    return Cell(cell.page, cell.bbox, cell.row, cell.col)


def _casts(cell: Cell, kind: str) -> bool:
    try:
        return parse.value(cell.text, kind) is not None
    except parse.CastError:
        return False


def _breakdown_words(plan: Plan) -> frozenset[str]:
    rows = plan.fit.dataset.rows
    return frozenset(normalize.key(w) for w in rows.breakdown) if rows else frozenset()


def _unspill(record: Record, plan: Plan) -> None:
    """Puts words and numbers back that a recogniser's cut through a row put into the wrong column."""
    label = record.cells.get(plan.label)
    if label is None or not label.fallible or not plan.counts:
        return
    order = sorted(plan.counts, key=lambda n: plan.columns[n].places[0])
    first = record.cells.get(order[0])
    if first is None:
        return
    if first.text and (spill := _SPILL.match(normalize.normal(first.text))) and not _casts(first, "count"):
        _move(record, plan, order[0], label.text + spill["words"], spill["count"])
    elif not first.text.strip() and (spill := _TRAILING_COUNT.match(label.text.strip())):
        _move(record, plan, order[0], spill["words"], spill["count"])


def _move(record: Record, plan: Plan, name: str, words: str, number: str) -> None:
    label, count = record.cells[plan.label], record.cells[name]
    source = count if count.readings else label
    record.cells[plan.label] = label.read(words, "part", label.confidence)
    record.cells[name] = (count if count.readings else source).read(number, "part", source.confidence)
    record.label = (*record.label[:-1], record.cells[plan.label])


def _continues(record: Record, before: Record, plan: Plan) -> bool:
    """Is this row only the rest of the row above?"""
    said = {n for n, c in record.cells.items() if normalize.key(c.text)}
    if plan.label:
        return said == {plan.label} and _goes_on(record, before, plan)
    keys = [n for n in plan.columns if n in plan.specs and _identifies(plan.specs[n])]
    return bool(keys and said) and not said & set(keys) and bool(said & {n for n, c in before.cells.items() if c.text})


def _identifies(spec: FieldSpec) -> bool:
    return spec.type in ("name", "integer") or bool(spec.choices)


def _goes_on(record: Record, before: Record, plan: Plan) -> bool:
    cell, above = record.cells[plan.label], before.cells.get(plan.label)
    if above is None or not above.text or record.marker:
        return False
    said, so_far = normalize.normal(cell.text), normalize.normal(above.text)
    if so_far.count("(") > so_far.count(")"):
        return True
    if said.startswith(("(", ")", "、", "。")) and not _NUMBERED.match(said):
        return True
    return (
        cell.fallible and not any(normalize.key(w) in normalize.key(said) for w in _row_names(plan)) and len(said) <= 3
    )


def _row_names(plan: Plan) -> tuple[str, ...]:
    rows = plan.fit.dataset.rows
    return (*rows.total, *rows.subtotal) if rows else ()


def _append(record: Record, rest: Record, plan: Plan) -> None:
    for name, cell in rest.cells.items():
        if not normalize.key(cell.text):
            continue
        above = record.cells.get(name)
        if above is None or not above.text:
            whole = cell
        else:
            whole = joined([above, cell], between="")
            if name == plan.label:
                record.label = (*record.label[:-1], whole)
        if not plan.label and (cell.page == (above or cell).page or cell.col_span > 1):
            whole = whole.doubted("cut-record")
        record.cells[name] = whole


def resolve_dittos(found: Sequence[Record], plan: Plan) -> None:
    """Replaces 同左, 同上, 〃 and 同右 by what they stand for, as the table is read upright.

    In a table whose headings stand at its left and run downward, neighbours are records; in one that was
    only read lying on its side, neighbours are fields, as on the upright page.
    """
    words = plan.profile.words
    side, backward = plan.fit.view.side, plan.fit.backward
    by_record = side == "left" and not backward
    order = plan.upright()
    for at, record in enumerate(found):
        before = found[at - 1] if at else None
        for place, name in enumerate(order):
            cell = record.cells.get(name)
            mark = normalize.key(cell.text) if cell else ""
            if cell is None or not mark:
                continue
            left = record.cells.get(order[place - 1]) if place else None
            above = before.cells.get(name) if before else None
            if mark in map(normalize.key, words.same_left):
                record.cells[name] = _stands_for(cell, above if by_record else left)
            elif mark in map(normalize.key, words.same_above):
                record.cells[name] = _stands_for(cell, left if by_record else above)
        for place in range(len(order) - 2, -1, -1):
            cell = record.cells.get(order[place])
            if cell is not None and normalize.key(cell.text) in map(normalize.key, words.same_right):
                record.cells[order[place]] = _stands_for(cell, record.cells.get(order[place + 1]))


def _stands_for(ditto: Cell, target: Cell | None) -> Cell:
    if target is None or not target.text:
        return ditto.doubted("unresolved-ditto", ditto.text)
    resolved = ditto.read(target.text, "ditto", min(ditto.confidence, target.confidence))
    return replace(resolved, doubts=(*resolved.doubts, *target.doubts))
