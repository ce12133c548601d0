"""What each record is (detail, breakdown, subtotal, total) and which legal reference it names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..core.model import Cell, Reading
from ..profile.spec import DatasetSpec, FieldSpec, RowWords
from ..text import normalize, parse
from .records import Plan, Record
from .sections import bare_number, cut_reference, find_reference

_NONE = frozenset({"-", "--", "ー", "なし", "/"})  # in a column of 項 or 号: there is none
_BEFORE_REFERENCE = re.compile(r"^[一ー|\-]\s?(?=第?\s?\d+\s?項)")  # what is left of a rule, in recognised text
_RELATED = re.compile(r"(?<=[項号])\)?関係[\s:]*")
_ALONE = re.compile(r"(?<=[項号])\)?関係(?:[\s:]+|$)")
_MARKED = re.compile(
    r"^(?:[○◯●◎■□◆◇▼▽・]|\d{1,2}[\s.、]?(?=\D)|[①-⑳]|[一二三四五六七八九十][\s.、]|\[.*\]$|【.*】$|\(.*\)$|<.*>$)"
)
DETAIL, BREAKDOWN, SUBTOTAL, TOTAL = "detail", "breakdown", "subtotal", "total"


def classify(found: Sequence[Record], plan: Plan) -> None:
    """Settles what every record is, and adds the cells that only this tells: row type, 項 and 号."""
    rows = plan.fit.dataset.rows
    kinds = _kinds(found, plan, rows) if rows else [DETAIL] * len(found)
    _without_reference_words(found, plan)
    legal = {f.legal: f for f in plan.fit.dataset.fields if f.legal}
    parent: Record | None = None
    for record, kind in zip(found, kinds, strict=True):
        if legal and kind != TOTAL:
            _refer(record, legal, parent if kind == BREAKDOWN else None)
        if rows:
            _label(record, kind, rows, legal)
        if kind == DETAIL:
            parent = record
    if legal and rows:
        _fill_down(found, kinds, legal)


def without_banners(found: Sequence[Record], plan: Plan) -> list[Record]:
    """The records without those that are but a 項, without figures, set above the rows that it is said of."""
    spec = plan.fit.dataset.get(plan.label)
    paragraph = next((f.name for f in plan.fit.dataset.fields if f.legal == "paragraph"), "")
    rows = plan.fit.dataset.rows
    if spec is None or spec.legal != "text" or not paragraph or rows is None:
        return list(found)
    kept: list[Record] = []
    banner: Cell | None = None
    for record, after in zip(found, [*found[1:], None], strict=True):
        own = _paragraph(record, plan, paragraph)
        bare = bool(own) and not any(normalize.key(record.cells[n].text) for n in plan.counts if n in record.cells)
        if bare and _says_nothing_else(record, plan) and after is not None and not _paragraph(after, plan, paragraph):
            banner = record.cells[plan.label].read(own, "heading", record.cells[plan.label].confidence)
            continue
        if own or _kind_by_name(record, rows) == TOTAL:
            banner = None
        elif banner is not None:
            record.cells[paragraph] = banner
        kept.append(record)
    return kept


def without_titles(found: Sequence[Record], plan: Plan) -> list[Record]:
    """The records without titles of groups of rows: no figures follow them, and a mark leads them, but no other row."""
    spec = plan.fit.dataset.get(plan.label)
    if spec is None or spec.type != "name" or not plan.counts:
        return list(found)
    bare = [not any(normalize.key(r.cells[n].text) for n in plan.counts if n in r.cells) for r in found]
    marked = [bool(r.label) and bool(_MARKED.match(normalize.normal(r.label[0].text))) for r in found]
    if any(m and not b for m, b in zip(marked, bare, strict=True)):
        return list(found)
    return [r for r, m in zip(found, marked, strict=True) if not m]


def _paragraph(record: Record, plan: Plan, paragraph: str) -> str:
    """The 項 that a record names itself."""
    cell, label = record.cells.get(paragraph), record.cells.get(plan.label)
    if cell is not None and normalize.key(cell.text):
        return cell.text
    return find_reference(label.text)[0] if label is not None else ""


def _says_nothing_else(record: Record, plan: Plan) -> bool:
    label = record.cells.get(plan.label)
    try:
        paragraph, item, rest = parse.legal_reference(label.text) if label is not None else (None, None, "")
    except parse.CastError:
        return False
    return paragraph is not None and item is None and not rest


def _without_reference_words(found: Sequence[Record], plan: Plan) -> None:
    """Takes 関係 from labels like 第2項第1号関係 本人の同意; without a blank, where all that name a 号 say so.

    One of them alone may well begin with the word: 第2項第3号 関係機関への提供.
    """
    spec = plan.fit.dataset.get(plan.label)
    if spec is None or spec.legal != "text":
        return
    said = [normalize.normal(r.cells[plan.label].text) if plan.label in r.cells else "" for r in found]
    named = [s for s in said if re.search(r"\d\s?号", s)]
    word = _RELATED if len(named) > 1 and all(map(_RELATED.search, named)) else _ALONE
    for record, label in zip(found, said, strict=True):
        if at := word.search(label):
            cell = record.cells[plan.label]
            record.cells[plan.label] = cell.read(f"{label[: at.start()]} {label[at.end() :]}", "part", cell.confidence)


def _kinds(found: Sequence[Record], plan: Plan, rows: RowWords) -> list[str]:
    kinds = [_kind_by_name(r, rows) for r in found]
    led = [_breakdown_mark(r, rows) for r in found]
    details = [i for i, k in enumerate(kinds) if k == DETAIL]
    marked = [i for i in details if led[i]]
    # A dot that leads most rows is a bullet; a breakdown stands below a row that it breaks down.
    if marked and not (len(marked) > 0.7 * len(details) and not any(_word(led[i]) for i in marked)):
        for i in marked:
            if any(kinds[j] == DETAIL for j in range(i)):
                kinds[i] = BREAKDOWN
    _by_sums(found, kinds, plan)
    return kinds


def _word(mark: str) -> bool:
    return any(letter.isalpha() for letter in mark)


def _kind_by_name(record: Record, rows: RowWords) -> str:
    parts = [normalize.key(c.text).strip("()[]<>:*※") for c in record.label] or [""]
    last = parts[-1]
    names = {normalize.key(n) for n in rows.total}
    if len(parts) == 1 and last in names:
        return TOTAL
    subtotals = [normalize.key(n) for n in rows.subtotal]
    if last in subtotals or (len(parts) > 1 and last in names):
        return SUBTOTAL
    return SUBTOTAL if any(last.endswith(n) for n in subtotals if len(n) > 1) else DETAIL


def _breakdown_mark(record: Record, rows: RowWords) -> str:
    """The word or mark that leads a breakdown row; "" where none does."""
    if record.marker:
        return record.marker
    said = normalize.key(record.label[-1].text) if record.label else ""
    marks = (normalize.key(m) for m in sorted(rows.breakdown, key=len, reverse=True))
    return next((m for m in marks if said.startswith(m) and len(said) > len(m)), "")


def _by_sums(found: Sequence[Record], kinds: list[str], plan: Plan) -> None:
    """Rows without a legal reference that together are just the row above with one are its breakdown."""
    spec = plan.fit.dataset.get(plan.label)
    if spec is None or spec.legal != "text":
        return
    labels = [r.cells.get(plan.label) for r in found]
    named = [bool(c and any(find_reference(c.text))) for c in labels]
    own = [[r.cells[n].bbox for n in _legal_columns(plan) if n in r.cells and r.cells[n].text] for r in found]
    named = [
        said or (bool(at) and (not i or at != own[i - 1])) for i, (said, at) in enumerate(zip(named, own, strict=True))
    ]
    start = 0
    while start < len(found):
        end = start + 1
        while end < len(found) and kinds[end] in (DETAIL, BREAKDOWN) and not named[end]:
            end += 1
        if named[start] and kinds[start] == DETAIL and end - start > 2 and _adds_up(found[start:end], plan):
            kinds[start + 1 : end] = [BREAKDOWN] * (end - start - 1)
        start = end
    _by_total(found, kinds, named, plan)


def _by_total(found: Sequence[Record], kinds: list[str], named: Sequence[bool], plan: Plan) -> None:
    """Rows without a reference that are together just the row above, where only without them the total holds."""
    details = [i for i, kind in enumerate(kinds) if kind == DETAIL]
    totals = [i for i, kind in enumerate(kinds) if kind == TOTAL]
    if len(totals) != 1 or _adds_up([found[totals[0]], *(found[i] for i in details)], plan):
        return
    inner: set[int] = set()
    for start in details:
        for end in range(start + 3, len(found) + 1):
            run = range(start + 1, end)
            if start in inner or any(kinds[i] != DETAIL or named[i] for i in run):
                break
            if _adds_up(found[start:end], plan):
                inner |= set(run)
                break
    rest = [found[i] for i in details if i not in inner]
    if inner and _adds_up([found[totals[0]], *rest], plan):
        for i in inner:
            kinds[i] = BREAKDOWN


def _legal_columns(plan: Plan) -> list[str]:
    return [f.name for f in plan.fit.dataset.fields if f.legal in ("paragraph", "item")]


def _adds_up(rows: Sequence[Record], plan: Plan) -> bool:
    """Are the other rows together the first one, in every column and by more than nothing? A blank is nothing."""
    proved = False
    for name in plan.counts:
        first, *rest = [_count(r.cells.get(name)) or 0 for r in rows]
        if first != sum(rest):
            return False
        proved |= bool(first)
    return proved


def _count(cell: Cell | None) -> int | None:
    try:
        value = parse.value(cell.text, "count") if cell is not None else None
    except parse.CastError:
        return None
    return value if isinstance(value, int) else None


def _refer(record: Record, legal: dict[str, FieldSpec], parent: Record | None) -> None:
    """項 and 号 of a record: from its own columns, from its wording, from the row it breaks down."""
    found: dict[str, Cell] = {}
    for part in ("paragraph", "item"):
        cell = record.cells.get(legal[part].name) if part in legal else None
        if cell is not None and normalize.key(cell.text):
            found |= _from_column(cell, part, legal)
    wording = record.cells.get(legal["text"].name) if "text" in legal else None
    if wording is not None and wording.text:
        said = _BEFORE_REFERENCE.sub("", wording.text) if wording.fallible else wording.text
        try:
            paragraph, item, rest = cut_reference(said)
        except parse.CastError:
            paragraph = item = rest = ""
            record.cells[legal["text"].name] = wording.doubted("several-references", wording.text)
        for part, number in (("paragraph", paragraph), ("item", item)):
            if number and part in legal:
                found[part] = wording.read(number, "part", wording.confidence)
        if (paragraph or item) and rest:
            record.cells[legal["text"].name] = wording.read(rest, "part", wording.confidence)
    for part, spec in legal.items():
        if part == "text":
            continue
        if part in found:
            record.cells[spec.name] = found[part]
        elif parent is not None and (above := parent.cells.get(spec.name)) is not None and above.text:
            record.cells[spec.name] = _inferred(wording or above, above.text, "heading")


def _from_column(cell: Cell, part: str, legal: dict[str, FieldSpec]) -> dict[str, Cell]:
    if normalize.key(cell.text) in _NONE:
        return {part: cell.read("", "part", cell.confidence)}
    paragraph, item = find_reference(cell.text)
    if not paragraph and not item:
        number = bare_number(cell.text)
        return {part: cell.read(number, "part", cell.confidence)} if number else {}
    found = {"paragraph": paragraph, "item": item}
    return {p: cell.read(n, "part", cell.confidence) for p, n in found.items() if n and p in legal}


def _fill_down(found: Sequence[Record], kinds: Sequence[str], legal: dict[str, FieldSpec]) -> None:
    """A row that names a 号 but no 項 belongs to the 項 named above it."""
    if "paragraph" not in legal or "item" not in legal:
        return
    paragraph, item, above = legal["paragraph"].name, legal["item"].name, None
    others = any(cell.text for record in found if (cell := record.cells.get(paragraph)) is not None)
    for record, kind in zip(found, kinds, strict=True):
        own = record.cells.get(paragraph)
        if kind == TOTAL:
            continue
        if own is not None and own.text:
            above = own
        elif (cell := record.cells.get(item)) is not None and cell.text:
            said = _inferred(cell, above.text if above else "", "heading")
            record.cells[paragraph] = said if above else said.doubted("lacking", legal["paragraph"].title)
        elif kind == DETAIL and "text" in legal and others and (text := record.cells.get(legal["text"].name)):
            for part in ("paragraph", "item") if text.fallible else ():  # in a recognised wording it may stand unread
                record.cells[legal[part].name] = text.read("", "part").doubted("lacking", legal[part].title)


def go_on(before: Sequence[Record], part: Sequence[Record], dataset: DatasetSpec) -> None:
    """Gives the first rows of a table what the table before it ended with, where they go on it.

    That is the 項, where their 号 go on its 号; and the reference of its last row, where they are its breakdown.
    """
    if dataset.rows and before:
        _break_down(before, part, dataset, dataset.rows)
    names = {f.legal: f.name for f in dataset.fields if f.legal}
    paragraph, item = names.get("paragraph", ""), names.get("item", "")
    last = next((r for r in reversed(before) if paragraph in r.cells and r.cells[paragraph].text), None)
    if last is None or item not in last.cells:
        return
    number = _count(last.cells[item])
    for record in part:
        own, cell = record.cells.get(paragraph), record.cells.get(item)
        if own is None or own.text or cell is None or number is None or _count(cell) not in (number, number + 1):
            return
        number = _count(cell)
        record.cells[paragraph] = _inferred(cell, last.cells[paragraph].text, "heading")


def _break_down(before: Sequence[Record], part: Sequence[Record], dataset: DatasetSpec, rows: RowWords) -> None:
    legal = [f.name for f in dataset.fields if f.legal in ("paragraph", "item")]
    parent = next((r for r in reversed(before) if r.cells.get(rows.field) and r.cells[rows.field].text == DETAIL), None)
    for record in part:
        kind, cell = record.cells.get(rows.field), record.cells.get(rows.label)
        named = any(n in record.cells and record.cells[n].text for n in legal)
        if not legal or parent is None or kind is None or cell is None or named or kind.text != DETAIL:
            return
        if (bare := _without_mark(cell.text, rows)) == normalize.normal(cell.text):
            return
        record.cells[rows.label] = cell.read(bare, "part", cell.confidence)
        record.cells[rows.field] = _inferred(cell, BREAKDOWN, "heading")
        for name in legal:
            if name in parent.cells and parent.cells[name].text:
                record.cells[name] = _inferred(cell, parent.cells[name].text, "heading")


def _label(record: Record, kind: str, rows: RowWords, legal: dict[str, FieldSpec]) -> None:
    """The label as emitted, and the row's kind as a cell beside it."""
    cell = record.cells.get(rows.label)
    if cell is None:
        return
    if kind == TOTAL:
        if rows.total_name and normalize.normal(cell.text) != rows.total_name:
            cell = cell.read(rows.total_name, "profile", cell.confidence)
        for spec in legal.values():
            record.cells.pop(spec.name, None)
    elif kind == BREAKDOWN and (bare := _without_mark(cell.text, rows)) != cell.text:
        cell = cell.read(bare, "part", cell.confidence)
    record.cells[rows.label] = cell
    record.cells[rows.field] = _inferred(cell, kind, "profile")


def _without_mark(said: str, rows: RowWords) -> str:
    """A breakdown row's wording without the words and marks that lead it."""
    plain = normalize.normal(said)
    marks = sorted(map(normalize.normal, rows.breakdown), key=len, reverse=True)
    pattern = "|".join(rf"{re.escape(m)}\s*" for m in marks)
    bare = re.sub(rf"^(?:\(?(?:{pattern})[:、,)]?\s*)+", "", plain)
    if plain.startswith("(") and not bare.startswith("(") and bare.endswith(")") and bare.count(")") > bare.count("("):
        bare = bare[:-1]
    return bare or plain


def _inferred(beside: Cell, value: str, by: str) -> Cell:
    """A value that stands nowhere of itself, in the place of the cell that tells it."""
    return Cell(beside.page, beside.bbox, beside.row, beside.col, readings=(Reading(value, by),))
