"""Names that are known: municipalities with their codes, offices, national bodies; and names as reports print them.

``municipalities.csv`` is the register of 全国地方公共団体コード. ``names/<code>.csv`` holds the departments and
divisions of one municipality, ``names/bodies.csv`` bodies outside it, ``names/common.csv`` what offices are
called all over the country and the words that such names are made of. A municipality without a file of its own
is the rule, not the exception: what its own text layer prints is right as printed.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from ..core.errors import UsageError
from ..core.model import Cell, Extraction
from .normalize import confusable_key, key, normal, similarity

OFFICE = re.compile(
    r"(?:[部課室局係班館院署所園校]|センター|本部|委員会?|協議会|審議会|議会|組合|機構|公社|連合会?|[省庁])(?:等|長)?$"
)

DOUBTS = ("unknown-name", "unsure-name")  # kinds of doubt about a name
_DISTRICT = r"(?:[^\W\d_]{1,4}郡)?"


class Municipality(NamedTuple):
    """One entry of the register; a ward of a designated city is ``札幌市 中央区``, a prefecture its own name."""

    code: str
    prefecture: str
    name: str

    @property
    def is_prefecture(self) -> bool:
        return self.name == self.prefecture


class Mention(NamedTuple):
    """A municipality's name in a text: where, all entries it may mean, and whether it was put right."""

    entries: tuple[Municipality, ...]
    start: int
    end: int
    misread: bool = False


def _rows(name: str) -> list[dict[str, str]]:
    source = files("report_extract").joinpath("text", "data", *name.split("/"))
    return list(csv.DictReader(io.StringIO(source.read_text(encoding="utf-8")))) if source.is_file() else []


def check_digit(code: str) -> bool:
    """Is the last of a code's six digits right? (総務省: 11 less the weighted sum of the first five, modulo 11.)"""
    if not re.fullmatch(r"\d{6}", code, re.ASCII):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(code, (6, 5, 4, 3, 2), strict=False))
    return int(code[5]) == (11 - total % 11) % 10


@cache
def municipalities() -> tuple[Municipality, ...]:
    """All entries of the register, prefectures among them."""
    return tuple(
        Municipality(row["code"], row["prefecture"], row["name"] or row["prefecture"])
        for row in _rows("municipalities.csv")
    )


def municipality(told: str) -> Municipality:
    """The municipality that a person names by code or name.

    Raises:
        UsageError: there is none, or several of that name; the message lists their codes.
    """
    found = [m for m in municipalities() if told in (m.code, m.name, m.prefecture + m.name)]
    if len(found) != 1:
        codes = ", ".join(f"{m.code} {m.prefecture}{m.name}" for m in found)
        raise UsageError(f"{told}: {'several are called so' if found else 'no such municipality'}", codes)
    return found[0]


@cache
def by_code() -> Mapping[str, Municipality]:
    """The register by code."""
    return {entry.code: entry for entry in municipalities()}


@cache
def _spellings() -> Mapping[str, tuple[Municipality, ...]]:
    """Every key under which an entry may be named: its name, and a ward's also without its city."""
    named: defaultdict[str, list[Municipality]] = defaultdict(list)
    for entry in municipalities():
        named[key(entry.name)].append(entry)
        if " " in entry.name:
            named[key(entry.name.split()[-1])].append(entry)
    return {name: tuple(entries) for name, entries in named.items()}


def mentions(text: str) -> list[Mention]:
    """The municipalities named in ``text``, of names at one place the longest; places are those of its ``key``."""
    text, spellings = key(text), _spellings()
    longest = max(map(len, spellings))
    found: list[Mention] = []
    start = 0
    while start < len(text):
        for end in range(min(len(text), start + longest), start + 1, -1):
            if entries := spellings.get(text[start:end]):
                inside = tuple(e for e in entries if _follows(e, text[:start]))
                if found and inside and re.fullmatch(_DISTRICT, text[found[-1].end : start]):
                    found.pop()  # 福島県 of 福島県いわき市 names no second municipality
                found.append(Mention(inside or entries, start, end))
                start = end - 1
                break
        start += 1
    return found


def _follows(entry: Municipality, before: str) -> bool:
    """Does the entry's prefecture end the text before it, a 郡 between them or not?"""
    return not entry.is_prefecture and bool(re.search(f"{key(entry.prefecture)}{_DISTRICT}$", before))


@cache
def known(lists: tuple[str, ...], code: str = "") -> tuple[str, ...]:
    """The names in ``lists`` ("departments", "divisions", "bodies") that are known for a municipality.

    Without a file of its own only "bodies" has any.
    """
    rows = _rows(f"names/{code}.csv") if code else []
    rows += _rows("names/bodies.csv") if "bodies" in lists else []
    named = [row["name"] for wanted in lists for row in rows if row["list"] == wanted]
    if "bodies" in lists:
        named += [entry.name for entry in municipalities() if " " not in entry.name]
    return tuple(dict.fromkeys(named))


def has_own(code: str) -> bool:
    """Is there a list of names of this municipality's own?"""
    return bool(code) and bool(_rows(f"names/{code}.csv"))


@cache
def _words() -> frozenset[str]:
    """What names of offices are made of."""
    words = {key(row["name"]) for row in [*_rows("names/common.csv"), *_rows("names/bodies.csv")]}
    for entry in municipalities():
        words |= {key(part) for part in entry.name.split()}
        if entry.is_prefecture:
            words.add(key(entry.name).rstrip("都府県"))
    return frozenset(words)


def is_common(name: str) -> bool:
    """Is it made of nothing but words that offices and bodies all over the country are called by?

    Single letters (市, 税, 課) only join longer words: 市駅 is no name.
    """
    text, words = re.sub(r"[・,()/>:]", "", key(name)), _words()
    longest = [0] + [-1] * len(text)  # of the words that the text up to here is made of; -1: it cannot be
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - 16), end):
            if longest[start] >= 0 and text[start:end] in words:
                longest[end] = max(longest[end], longest[start], end - start)
    return longest[-1] > 1


def named_cells(extractions: Iterable[Extraction]) -> Iterator[tuple[Extraction, str, str, Cell]]:
    """Every cell that holds a name, with its report, dataset and field; the label of a total row is none."""
    for extraction in extractions:
        for dataset in extraction.datasets:
            for field in dataset.fields:
                if field.type == "name":
                    rows = [r for n, r in enumerate(dataset.rows) if dataset.type_of(n) not in ("total", "subtotal")]
                    cells = (row[field.name] for row in rows if field.name in row)
                    yield from ((extraction, dataset.name, field.name, cell) for cell in cells if cell.text)


def learn(extraction: Extraction) -> tuple[str, ...]:
    """The names that a report of a known municipality prints in a text layer to be believed."""
    who = extraction.identity.municipality_code
    if not who or who.status != "ok":
        return ()
    found = (cell for _, _, _, cell in named_cells([extraction]) if cell.status == "ok" and not cell.fallible)
    return tuple(dict.fromkeys(normal(cell.text) for cell in found))


def recall(extraction: Extraction, learnt: Iterable[str]) -> Extraction:
    """The report with its doubtful names settled that other reports of its municipality print (``learn``)."""
    by_form = {confusable_key(name): name for name in learnt}
    if not by_form or not any(cell.doubts for _, _, _, cell in named_cells([extraction])):
        return extraction
    datasets = []
    for dataset in extraction.datasets:
        named = [field.name for field in dataset.fields if field.type == "name"]
        rows = tuple(
            {**row, **{name: _recalled(row[name], by_form) for name in named if name in row}} for row in dataset.rows
        )
        datasets.append(replace(dataset, rows=rows))
    return replace(extraction, datasets=tuple(datasets))


def _recalled(cell: Cell, by_form: Mapping[str, str]) -> Cell:
    if not any(doubt.kind in DOUBTS for doubt in cell.doubts):
        return cell
    found = {by_form.get(confusable_key(reading.text), "") for reading in cell.readings} - {""}
    if len(found) != 1:
        return cell
    (name,) = found
    return cell.read(name, "rapidfuzz", 1.0, note="so named in another report of this municipality").settled(*DOUBTS)


def names_table(extractions: Iterable[Extraction]) -> list[dict[str, str]]:
    """The rows of names.csv: each printed form once a report and field, its canonical form, and why.

    ``score`` and ``margin`` are 0..1; ``why`` is ``printed`` (a believed text layer says so), ``known`` (in a
    list), ``common`` (made of common words, or repeated), ``reread`` (put right by a second reading),
    ``matched`` (brought to a known name) or ``unsure``.
    """
    rows: dict[tuple[str, ...], dict[str, str]] = {}
    for extraction, dataset, field, cell in named_cells(extractions):
        printed, canonical = normal(cell.raw), normal(cell.text)
        place = (extraction.document, dataset, field, printed, canonical)
        who = extraction.identity.municipality_code
        why = _why(cell, who.text if who else "")
        if place not in rows or why == "unsure":
            score, margin = _surety(cell)
            rows[place] = {
                "document": extraction.document,
                "dataset": dataset,
                "field": field,
                "printed": printed,
                "canonical": canonical,
                "score": f"{score:.3f}",
                "margin": f"{margin:.3f}",
                "why": why,
            }
    return list(rows.values())


def _surety(cell: Cell) -> tuple[float, float]:
    """How like the canonical form is to the printed one, and by how much it is ahead of the next."""
    for reading in cell.readings:
        if reading.by == "rapidfuzz":
            return reading.confidence, reading.confidence - max((p for _, p in reading.alternatives), default=0.0)
    return similarity(cell.raw, cell.text), 1.0


def _why(cell: Cell, code: str) -> str:
    if any(doubt.kind in DOUBTS for doubt in cell.doubts):
        return "unsure"
    if any(reading.by == "rapidfuzz" and reading.confidence < 1 for reading in cell.readings):
        return "matched"
    if not cell.fallible:
        return "printed"
    if key(cell.raw) != key(cell.text):
        return "reread"
    return "known" if key(cell.text) in _known_keys(code) else "common"


@cache
def _known_keys(code: str) -> frozenset[str]:
    return frozenset(map(key, known(("departments", "divisions", "bodies"), code)))
