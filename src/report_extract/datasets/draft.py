"""A first draft of a profile, made from one report for a person to edit; and what of a report a profile missed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..core.errors import InputError
from ..core.model import Dataset, Extraction, Field, Finding, Table
from ..profile.identity import likeliest_year
from ..profile.load import Profile, read
from ..profile.spec import OUTER_FIELDS, OUTER_FILES, Words
from ..sums.ledger import ledger
from ..sums.relations import find
from ..sums.rules import Place, demands, parse
from ..text import normalize
from ..text import parse as values
from .headings import read_heading
from .shape import shape
from .titles import title_of
from .unknown import as_dataset

_TOTALS = ("合計", "総計", "計", "総数", "全体")
_SUBTOTALS = ("小計", "中計")
_PROFILE_TYPES = {"integer": "count"}  # a whole number that is printed may be summed
_LONGEST = 60  # letters of a name; a profile allows 63
_UNHEADED = re.compile(r"\d+列目")


@dataclass(frozen=True, slots=True)
class _Kind:
    """Tables with the same headings: one dataset of the draft."""

    name: str
    dataset: Dataset
    tables: tuple[Table, ...]
    prior: Mapping[str, str] = field(default_factory=dict)  # a field of the year before -> its base


def draft(extraction: Extraction) -> str:
    """A profile as TOML with the report's tables, columns, types, and the sums found in them as rules.

    Tables with the same headings become one dataset. What the draft cannot know (which other words cities use,
    which columns may be missing) is left for a person to add.

    Raises:
        InputError: the report holds no table that could be described.
    """
    year = likeliest_year(extraction.identity)
    kinds = [_named(kind, year) for kind in _kinds(extraction.tables)]
    if not kinds:
        raise InputError(f"{extraction.path}: no table was found in it", "draft from a report that has tables")
    rules = _holding(extraction, kinds, list(_rules(kinds)))
    return _text(extraction, kinds, rules)


def _text(extraction: Extraction, kinds: Sequence[_Kind], rules: Sequence[tuple[str, str]]) -> str:
    name = re.sub(r"\W+", "-", _title_words(extraction)[0]).strip("-")[:40].strip("-")
    lines = [
        "# A draft. Add the words that other reports use for the same columns, then try it:",
        "#   report-extract profile test FOLDER --profile THIS.toml",
        f"name = {_quoted(name or 'my-report')}",
        f"title = {_quoted(_title(extraction))}",
        "# A report has to speak of one of these:",
        f"titles = {_quoted(_title_words(extraction))}",
        "",
        "rules = [",
        *(f"  {{ check = {_quoted(check)}, rule = {_quoted(rule)} }}," for check, rule in rules),
        "]",
    ]
    for kind in kinds:
        lines += ["", *_dataset_lines(kind)]
    return "\n".join(lines) + "\n"


def misfits(extraction: Extraction, profile: Profile) -> list[Finding]:
    """What of a report a profile did not understand: tables, columns, missing datasets, unsure headings."""
    datasets, findings = shape(extraction.tables, extraction.lines, profile)
    found = list(findings)
    for dataset in datasets:
        extra = [f for f in dataset.fields if f.extra]
        found += [Finding("unknown-column", (f.title,), scope=dataset.name) for f in extra]
        for row in dataset.rows[:1]:
            found += [d for c in row.values() for d in c.doubts if d.kind == "unsure-heading"]
    used = {(c.page, c.bbox) for d in datasets for r in d.rows for c in r.values()}
    for table in extraction.tables:
        if not any((c.page, c.bbox) in used for c in table.cells if c.text):
            name = normalize.normal(table.caption.split("\n")[-1]) or f"p. {table.page}"
            found.append(Finding("unknown-table", (name,), table.page, table.bbox))
    return list(dict.fromkeys(found))


def _kinds(tables: Sequence[Table]) -> Iterator[_Kind]:
    by_headings: dict[tuple[str, ...], list[tuple[Table, Dataset]]] = {}
    for number, table in enumerate(tables, 1):
        dataset = as_dataset(table, number)
        if dataset is not None:
            headings = tuple(normalize.key(f.title) for f in dataset.fields if f.type != "row_type")
            by_headings.setdefault(headings, []).append((table, dataset))
    for number, same in enumerate(by_headings.values(), 1):
        first = max(same, key=lambda pair: len(pair[1].rows))
        tables_of = (first[0], *(t for t, _ in same if t is not first[0]))
        yield _Kind(f"table_{number}", first[1], tables_of)


def _named(kind: _Kind, year: int | None) -> _Kind:
    """The kind with fields named for what they hold, not for a year; a year before's field knows its base."""
    own = [f for f in kind.dataset.fields if f.type != "row_type"]
    headings = [read_heading((f.title,), Words(), year) for f in own]
    names: list[str] = []
    for spec, heading in zip(own, headings, strict=True):
        said = "".join(heading.parts) or ("件数" if heading.year else spec.title)
        names.append(_free(said, len(names) + 1, names))
    bases = {h.parts: n for h, n in zip(headings, names, strict=True) if h.year in ("", "this")}
    prior: dict[str, str] = {}
    for place, heading in enumerate(headings):
        base = bases.get(heading.parts) if heading.year == "prior" else None
        if base and base != names[place] and base not in prior.values():
            names[place] = _free(f"前年度_{base}", place + 1, names)
            prior[names[place]] = base
    renamed = {f.name: n for f, n in zip(own, names, strict=True)}
    fields = tuple(replace(f, name=renamed.get(f.name, f.name)) for f in kind.dataset.fields)
    rows = tuple({renamed.get(n, n): cell for n, cell in row.items()} for row in kind.dataset.rows)
    heads = {renamed.get(n, n): cell for n, cell in kind.dataset.headings.items()}
    named = replace(kind.dataset, name=kind.name, fields=fields, rows=rows, headings=heads)
    return replace(kind, dataset=named, prior=prior)


def _free(said: str, number: int, taken: Sequence[str]) -> str:
    """A name that a profile may have, and no other field has: the heading's letters, small, ``_`` for all signs."""
    base = re.sub(r"_+", "_", re.sub(r"\W+", "_", normalize.key(said).lower())).strip("_")
    if _UNHEADED.fullmatch(said) or not base:
        base = f"列{number}"
    elif base[0].isdigit():
        base = f"n{base}"
    base = base[:_LONGEST].rstrip("_")
    besides = {*OUTER_FIELDS, *OUTER_FILES, "row_type", *taken}
    return next(name for again in range(1, 1000) if (name := base if again == 1 else f"{base}_{again}") not in besides)


def _dataset_lines(kind: _Kind) -> Iterator[str]:
    fields = [f for f in kind.dataset.fields if f.type != "row_type"]
    label = _label(fields)
    yield "[[datasets]]"
    yield f"name = {_quoted(kind.name)}"
    yield f"title = {_quoted(kind.dataset.title or kind.name)}"
    if kind.dataset.title:
        yield f"captions = {_quoted([kind.dataset.title])}"
    yield f"key = {_quoted([label.name])}"
    if any(f.type == "row_type" for f in kind.dataset.fields):
        yield ""
        yield "[datasets.rows]"
        yield 'field = "row_type"'
        yield f"label = {_quoted(label.name)}"
        yield f"total = {_quoted(_labels(kind.dataset, 'total', label.name, _TOTALS))}"
        yield f"subtotal = {_quoted(_labels(kind.dataset, 'subtotal', label.name, _SUBTOTALS))}"
    for spec in fields:
        yield ""
        yield from _field_lines(spec, spec is label, kind.prior.get(spec.name, ""))


def _label(fields: Sequence[Field]) -> Field:
    return next((f for f in fields if f.type == "text"), fields[0])


def _labels(dataset: Dataset, kind: str, label: str, usual: Sequence[str]) -> list[str]:
    """What rows of a kind are called: as in the report, and as is usual."""
    own = [row[label].text for n, row in enumerate(dataset.rows) if dataset.type_of(n) == kind and label in row]
    return list(dict.fromkeys([*(normalize.normal(text) for text in own if text), *usual]))


def _field_lines(spec: Field, is_label: bool, prior_of: str) -> Iterator[str]:
    yield "[[datasets.fields]]"
    yield f"name = {_quoted(spec.name)}"
    yield f"type = {_quoted(_PROFILE_TYPES.get(spec.type, spec.type) if spec.unit != '%' else 'percent')}"
    yield f"title = {_quoted(spec.title)}"
    if spec.unit:
        yield f"unit = {_quoted(spec.unit)}"
    heading = read_heading((spec.title,), Words(), None)
    # A heading of the year before is known by its year; by its own words alone it would be this year's.
    words = dict.fromkeys((spec.title,) if prior_of else (spec.title, "".join(heading.parts) or spec.title))
    if _UNHEADED.fullmatch(spec.title):
        words = {}  # the column has no heading, and is known by that
    if words:
        yield f"headings = {_quoted(list(words))}"
    if prior_of:
        yield f"prior_of = {_quoted(prior_of)}"
    if is_label:
        yield "required = true"


def _rules(kinds: Sequence[_Kind]) -> Iterator[tuple[str, str]]:
    """The sums that the tables show, as rules of a profile."""
    for kind in kinds:
        figures = ledger(kind.dataset)
        found = find(figures)
        types = {n: kind.dataset.type_of(n) for n in range(len(kind.dataset.rows))}
        for row_kind in ("total", "subtotal"):
            if any(r.axis == "row" and r.kind == "sum" and types[r.line] == row_kind for r in found):
                yield f"{kind.name}.column_total", f"{kind.name}: sum(*) = *[{row_kind}]"
        for relation in (r for r in found if r.axis == "column" and r.kind != "ratio"):
            terms = sorted(relation.parts, key=lambda part: (-part[1], part[0]))
            parts = " ".join(f"{'+' if c > 0 else '-'} {figures.fields[p]}" for p, c in terms).removeprefix("+ ")
            if terms[0][1] > 0:
                yield f"{kind.name}.row_sum", f"{kind.name}: {parts} = {figures.fields[relation.line]}"


def _holding(extraction: Extraction, kinds: Sequence[_Kind], rules: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those of the rules that ask something of the report as the draft reads it, and hold in it wherever they do."""
    profile = read(_text(extraction, kinds, rules), "draft")
    datasets, _ = shape(extraction.tables, extraction.lines, profile, likeliest_year(extraction.identity))
    numbers = {
        Place(dataset.name, n, spec.name): _number(row[spec.name].text)
        for dataset in datasets
        for n, row in enumerate(dataset.rows)
        for spec in dataset.fields
        if spec.name in row and spec.type == "count"  # rules are asked of counts alone
    }
    kept = []
    for check, rule in dict.fromkeys(rules):
        asked = demands([parse({"check": check, "rule": rule})], datasets, numbers)
        # A blank part counts as nothing, as it does where the rules are checked.
        blank: dict[Place, int | None] = {p: 0 for d in asked for _, p in d.left if numbers.get(p) is None}
        held = [d.equation.holds({p: numbers.get(p) for p in d.places} | blank) for d in asked]
        if any(held) and False not in held:
            kept.append((check, rule))
    return kept


def _number(text: str) -> int | None:
    try:
        return values.count(text)
    except values.CastError:
        return None


def _title(extraction: Extraction) -> str:
    return title_of(extraction.lines, extraction.tables) or extraction.document


def _title_words(extraction: Extraction) -> list[str]:
    """The longest part of the title without its year: what other years' reports are called too."""
    title = _title(extraction)
    years = values.years(title)
    edges = [0, *(edge for y in years for edge in (y.start, y.end)), len(title)]
    between = [title[a:b].removeprefix("年度") for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return [max((re.sub(r"[(\[].*?[)\]]", "", part) for part in between), key=len).strip() or title]


def _quoted(value: object) -> str:
    # A JSON string or list of strings is a TOML one.
    return json.dumps(value, ensure_ascii=False)
