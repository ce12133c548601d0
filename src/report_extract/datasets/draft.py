"""A first draft of a profile, made from one report for a person to edit; and what of a report a profile missed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..core.model import Dataset, Extraction, Field, Finding, Table
from ..profile.identity import likeliest_year
from ..profile.load import Profile
from ..profile.spec import OUTER_FIELDS, Words
from ..sums import infer
from ..text import normalize, parse
from .column_names import japanese_names
from .headings import read_heading
from .shape import shape
from .unknown import as_dataset

_TOTALS = ("合計", "総計", "計", "総数", "全体")
_SUBTOTALS = ("小計", "中計")
_PROFILE_TYPES = {"integer": "count"}  # a whole number that is printed may be summed


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
    """
    year = likeliest_year(extraction.identity)
    kinds = [_without_years(kind, year) for kind in _kinds(extraction.tables)]
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
        *(f"  {{ check = {_quoted(check)}, rule = {_quoted(rule)} }}," for check, rule in _rules(kinds)),
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


def _without_years(kind: _Kind, year: int | None) -> _Kind:
    """The kind with fields named for what they hold, not for a year; a year before's field knows its base."""
    headings = [read_heading((f.title,), Words(), year) for f in kind.dataset.fields]
    titles = [f.title for f in kind.dataset.fields]
    said = ["".join(h.parts) or ("件数" if h.year else title) for h, title in zip(headings, titles, strict=True)]
    names = japanese_names([[s] for s in said], OUTER_FIELDS)
    named, prior = [], {}
    bases = {h.parts: n for h, n in zip(headings, names, strict=True) if h.year in ("", "this")}
    for spec, heading, name in zip(kind.dataset.fields, headings, names, strict=True):
        base = bases.get(heading.parts) if heading.year == "prior" else None
        new = spec.name if spec.type == "row_type" else name
        if base and base != name and f"前年度_{base}" not in prior:
            new = f"前年度_{base}"
            prior[new] = base
        named.append(replace(spec, name=new))
    return replace(kind, dataset=replace(kind.dataset, fields=tuple(named)), prior=prior)


def _dataset_lines(kind: _Kind) -> Iterator[str]:
    fields = [f for f in kind.dataset.fields if f.type != "row_type"]
    label = next((f for f in fields if f.type == "text"), fields[0])
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


def _labels(dataset: Dataset, kind: str, label: str, usual: Sequence[str]) -> list[str]:
    """What rows of a kind are called: as in the report, and as is usual."""
    own = [row[label].text for n, row in enumerate(dataset.rows) if dataset.type_of(n) == kind and label in row]
    return list(dict.fromkeys([*(normalize.normal(text) for text in own if text), *usual]))


def _field_lines(spec: Field, is_label: bool, prior_of: str) -> Iterator[str]:
    yield "[[datasets.fields]]"
    yield f"name = {_quoted(spec.name)}"
    yield f"type = {_quoted(_PROFILE_TYPES.get(spec.type, spec.type) if spec.unit != '%' else 'percent')}"
    yield f"title = {_quoted(spec.title)}"
    heading = read_heading((spec.title,), Words(), None)
    words = dict.fromkeys((spec.title, "".join(heading.parts) or spec.title))
    if re.fullmatch(r"\d+列目", spec.title):
        words = {}  # the column has no heading, and is known by that
    yield f"prior_of = {_quoted(prior_of)}" if prior_of else f"headings = {_quoted(list(words))}"
    if is_label:
        yield "required = true"


def _rules(kinds: Sequence[_Kind]) -> Iterator[tuple[str, str]]:
    for kind in kinds:
        fields = kind.dataset.fields
        if any(f.type == "row_type" for f in fields):
            yield f"{kind.name}.column_total", f"{kind.name}: sum(*) = *[total]"
        for relation in infer.find(kind.tables[0]):
            if relation.axis != "column" or max((relation.total, *(p for p, _ in relation.parts))) >= len(fields):
                continue
            terms = sorted(relation.parts, key=lambda part: (-part[1], part[0]))
            parts = " ".join(f"{'+' if c > 0 else '-'} {fields[p].name}" for p, c in terms).removeprefix("+ ")
            if all(abs(c) == 1 for _, c in terms) and terms[0][1] > 0:
                yield f"{kind.name}.row_sum", f"{kind.name}: {parts} = {fields[relation.total].name}"


def _title(extraction: Extraction) -> str:
    return next((normalize.normal(line.text).lstrip("# ") for line in extraction.lines), extraction.document)


def _title_words(extraction: Extraction) -> list[str]:
    """The longest part of the title without its year: what other years' reports are called too."""
    title = _title(extraction)
    years = parse.years(title)
    edges = [0, *(edge for y in years for edge in (y.start, y.end)), len(title)]
    between = [title[a:b].removeprefix("年度") for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return [max((re.sub(r"[(\[].*?[)\]]", "", part) for part in between), key=len).strip() or title]


def _quoted(value: object) -> str:
    # A JSON string or list of strings is a TOML one.
    return json.dumps(value, ensure_ascii=False)
