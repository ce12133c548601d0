"""What is shown of an extraction: the list's line, flagged cells with all that settles them, datasets, checks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from ..core.geometry import BBox, overlap
from ..core.messages import say
from ..core.model import Cell, Dataset, Extraction, Field, Finding
from ..corrections.store import Correction
from ..package import rows
from ..package.schema import DOCUMENTS
from ..profile.load import used
from ..text import parse

DOCUMENTS_TITLE = {"ja": "報告書", "en": "Report"}
_UNKNOWN_TITLE = {"ja": "表{}", "en": "Table {}"}
_TABLE_NUMBER = re.compile(r"(?:^|_)table_(\d+)$")
_MOST_CANDIDATES = 9  # one a figure key
_SHOWN = ("check", "scope", "expected", "actual", "status", "note")  # of a check
_NUMBERS = frozenset({"count", "integer", "number", "percent"})
_NAMES_NO_ROW = _NUMBERS | {"choice", "row_type", "boolean", "date", "time", "year"}
STATUS = ("ok", "repaired", "review", "correction")  # by their number in a dataset's rows
# Where the answer can be typed right here, no option of the command line is named.
_ASKED = {"unknown-municipality": "ask-municipality", "unknown-year": "ask-year"}
# What a kind of doubt is about; what is not listed is about the structure of the table.
_ABOUT = {
    **dict.fromkeys(
        ("unbalanced", "report-error", "unproved-blank", "unchecked", "unconfirmed", "uncastable", "repaired"), "sums"
    ),
    **dict.fromkeys(
        ("illegible", "unsure-reading", "readings-differ", "slip", "stray-marks", "disordered-table"), "letters"
    ),
    **dict.fromkeys(("unknown-name", "unsure-name", "missing-name"), "names"),
    **dict.fromkeys(
        ("unknown-municipality", "unknown-year", "unsure-municipality", "unsure-year"), "identity"
    ),
}  # fmt: skip


class Content:
    """One extraction as it is shown in one language.

    Args:
        extraction: with all corrections.
        lang: "ja" or "en".
        typed: the corrections, for what was noted with them.
    """

    def __init__(self, extraction: Extraction, lang: str, typed: Iterable[Correction] = ()) -> None:
        self.extraction, self.lang = extraction, lang
        self._typed: dict[tuple[str, str, int], list[Correction]] = defaultdict(list)
        for correction in typed:
            self._typed[correction.dataset, correction.field, correction.page].append(correction)
        self.datasets = [identity_dataset(extraction, lang), *extraction.datasets]
        self._by_name = {d.name: d for d in self.datasets}
        profile = used(extraction.profile, extraction.profile_toml) if extraction.profile and lang == "en" else None
        self._english = {d.name: d.title_en for d in profile.datasets} if profile else {}
        titles = {f.name: field_title(f, lang) for d in self.datasets for f in d.fields}
        self._checks = [
            {**check, "scope": " ".join(titles.get(word, word) for word in check["scope"].split(" "))}
            for check in rows.check_rows(extraction, lambda name: 0)
        ]
        self._checks_of: dict[str, list[int]] = defaultdict(list)
        for number, check in enumerate(self._checks):
            for key in check["cells"].split():
                self._checks_of[key].append(number)
        self._lying: dict[int, list[tuple[BBox, int]]] = defaultdict(list)
        for table in extraction.tables:
            for page, box in table.parts or ((table.page, table.bbox),):
                self._lying[page].append((box, table.rotation))

    def summary(self) -> dict[str, Any]:
        """The document's line in the list."""
        who = rows.identity_values(self.extraction)
        status = [rows.emitted(cell, field)[1] for *_, field, cell in self.cells()]
        checks = [check.status for check in self.extraction.checks]
        return {
            "municipality": who["municipality"],
            "year": who["fiscal_year"],
            "pages": self.extraction.pages,
            "status": self.extraction.status,
            "error": self.extraction.error,
            "profile": self.extraction.profile,
            "tables": len(self.extraction.tables),
            "cells": len(status),
            "left": status.count("review"),
            "fails": checks.count("fail"),
            "passes": len(checks) - checks.count("fail"),
            "findings": len(self.extraction.findings),
        }

    def cells(self) -> Iterator[tuple[Dataset, int, Field, Cell]]:
        """Every cell that a person may settle; a document that could not be read has none."""
        for dataset in () if self.extraction.error else self.datasets:
            for number, row in enumerate(dataset.rows):
                for field in dataset.fields:
                    if field.name in row:
                        yield dataset, number, field, row[field.name]

    def flags(self) -> dict[str, Any]:
        """The cards of all cells that are flagged or were settled, by their keys."""
        return {
            key_of(dataset, row, field): self.card(dataset, row, field, cell)
            for dataset, row, field, cell in self.cells()
            if cell.source == "correction" or rows.emitted(cell, field)[1] == "review"
        }

    def found(self, key: str) -> tuple[Dataset, int, Field, Cell]:
        """The cell of a key.

        Raises:
            KeyError: there is none.
        """
        name, _, place = key.partition(":")
        row, _, field_name = place.partition(":")
        dataset = self._by_name[name]
        if not row.isdecimal() or int(row) >= len(dataset.rows):
            raise KeyError(key)
        field = next((f for f in dataset.fields if f.name == field_name), None)
        cell = dataset.rows[int(row)].get(field_name)
        if field is None or cell is None:
            raise KeyError(key)
        return dataset, int(row), field, cell

    def card(self, dataset: Dataset, row: int, field: Field, cell: Cell) -> dict[str, Any]:
        """All that is shown of one cell."""
        value, status = rows.emitted(cell, field)
        key = key_of(dataset, row, field)
        kinds = [doubt.kind for doubt in cell.doubts] or (["uncastable"] if status == "review" else [])
        sums = [self._checks[n] for n in self._checks_of.get(key, ())]
        return {
            "key": key,
            "dataset": dataset.name,
            "dataset_title": self.title(dataset),
            "row": row,
            "field": field.name,
            "field_title": field_title(field, self.lang),
            "type": field.type,
            "label": self._label(dataset, row, field),
            "value": value,
            "text": cell.text,
            "raw": cell.raw,
            "page": cell.page,
            "box": [round(float(edge), 1) for edge in cell.bbox],
            "rotation": self.rotation(cell),
            "status": status,
            "source": cell.source,
            "reason": reason(cell, status, field, self.lang),
            "kinds": kinds,
            "about": "sums" if any(c["status"] == "fail" for c in sums) else about(kinds),
            "candidates": candidates(cell, field, value),
            "sums": [{name: check[name] for name in _SHOWN} for check in sums],
            **self._said(dataset, field, cell),
        }

    def _said(self, dataset: Dataset, field: Field, cell: Cell) -> dict[str, str]:
        """What the person who settled a cell said besides its value."""
        if cell.source != "correction":
            return {}
        told = self._typed[dataset.name, field.name, cell.page]
        last = next((c for c in reversed(told) if c.fits(dataset.name, field.name, cell)), None)
        said = {name: getattr(last, name, "") for name in ("by", "note", "verdict")}
        return {name: text for name, text in said.items() if text}

    def title(self, dataset: Dataset) -> str:
        """What people call a dataset; a table of no known kind that has no caption goes by its number."""
        number = _TABLE_NUMBER.search(dataset.name)
        title = self._english.get(dataset.name) or dataset.title
        return title or (_UNKNOWN_TITLE[self.lang].format(number[1]) if number else dataset.name)

    def _label(self, dataset: Dataset, row: int, field: Field) -> str:
        """What names a row to a person: the first text in it that is not the cell itself."""
        for other in dataset.fields:
            cell = dataset.rows[row].get(other.name)
            if other.name != field.name and cell is not None and cell.text and other.type not in _NAMES_NO_ROW:
                return cell.text[:40]
        return ""

    def rotation(self, cell: Cell) -> int:
        """How the table that a cell stands in lies on the page."""
        return next((turn for box, turn in self._lying[cell.page] if overlap(box, cell.bbox) > 0.5), 0)

    def checks(self) -> list[dict[str, str]]:
        """The consistency checks, as in checks.csv."""
        return self._checks

    def findings(self) -> list[dict[str, Any]]:
        """What a person should know of the document as a whole."""
        return [
            {"text": say(f, self.lang), "kind": f.kind, "page": f.page, "box": f.bbox and list(f.bbox)}
            for f in self.extraction.findings
        ]

    def overview(self) -> list[dict[str, Any]]:
        """The datasets, without their rows."""
        return [
            {
                "name": d.name,
                "title": self.title(d),
                "rows": len(d.rows),
                "fields": [
                    {"name": f.name, "title": field_title(f, self.lang), "type": f.type, "unit": f.unit}
                    for f in d.fields
                ],
                "left": sum(
                    rows.emitted(row[f.name], f)[1] == "review" for row in d.rows for f in d.fields if f.name in row
                ),
            }
            for d in self.datasets
        ]

    def rows_of(self, name: str) -> list[list[Any]]:
        """The rows of one dataset: of each the page, then value and status number of each field, or nothing.

        Raises:
            KeyError: there is no such dataset.
        """
        dataset = self._by_name[name]
        return [
            [
                min((c.page for c in row.values() if c.page), default=0),
                *(_short(row.get(f.name), f) for f in dataset.fields),
            ]
            for row in dataset.rows
        ]

    def on_page(self, number: int) -> list[dict[str, Any]]:
        """The cells that stand on a page: key, box, status."""
        return [
            {
                "key": key_of(dataset, row, field),
                "box": [round(float(edge), 1) for edge in cell.bbox],
                "status": STATUS[_short(cell, field)[1]],
            }
            for dataset, row, field, cell in self.cells()
            if cell.page == number
        ]


def _short(cell: Cell | None, field: Field) -> Any:
    if cell is None:
        return None
    value, status = rows.emitted(cell, field)
    return [value or cell.text, 3 if cell.source == "correction" else STATUS.index(status)]


def key_of(dataset: Dataset, row: int, field: Field) -> str:
    """Dataset, row and field name a cell."""
    return f"{dataset.name}:{row}:{field.name}"


def about(kinds: list[str]) -> str:
    """What doubts are about: "sums", "letters", "names", "identity" or "structure"; "" without any."""
    return next((_ABOUT.get(kind, "structure") for kind in kinds), "")


def field_title(field: Field, lang: str) -> str:
    """What people call a column."""
    return (field.title if lang == "ja" else field.title_en or field.title) or field.name


def identity_dataset(extraction: Extraction, lang: str) -> Dataset:
    """Whose report it is, as a table of one row; what is not known is there to be filled in."""
    unknown = {"municipality_code": "unknown-municipality", "municipality": "unknown-municipality"}
    english = {"municipality_code": "Municipality code", "municipality": "Municipality", "fiscal_year": "Fiscal year"}
    fields = [replace(f, title_en=english[f.name]) for f in DOCUMENTS if f.name in english]
    nowhere = Cell(0, BBox(0, 0, 0, 0))
    cells = {
        f.name: getattr(extraction.identity, f.name) or nowhere.doubted(unknown.get(f.name, "unknown-year"))
        for f in fields
    }
    return Dataset("documents", tuple(fields), (cells,), DOCUMENTS_TITLE[lang])


def reason(cell: Cell, status: str, field: Field, lang: str) -> str:
    """Why a cell is not simply ``ok``, in words that say no more than is true.

    Two readings that come to the same value do not disagree about it.
    """
    told = []
    for doubt in cell.doubts:
        if doubt.kind == "readings-differ" and len({as_value(text, field) for text in doubt.values[:2]}) == 1:
            doubt = Finding("readings-alike", doubt.values, doubt.page, doubt.bbox)
        doubt = replace(doubt, kind=_ASKED.get(doubt.kind, doubt.kind))
        told.append(say(doubt, lang))
    if status == "review" and not told:
        told = [say(Finding("uncastable", (cell.text,)), lang)]
    notes = [r.note for r in cell.readings if r.note and r.by != "review"]
    return " ".join(dict.fromkeys(told or notes)) if status != "ok" else ""


def candidates(cell: Cell, field: Field, value: str) -> list[dict[str, str]]:
    """What the cell may say, as it would be emitted: the value, then every reading and what it might have been."""
    found = {value: cell.readings[-1].by if cell.readings else ""} if value else {}
    for reading in reversed(cell.readings):
        for text in (reading.text, *(text for text, _ in reading.alternatives)):
            found.setdefault(as_value(text, field), reading.by)
    for doubt in cell.doubts:
        for text in doubt.values:
            if field.type in _NUMBERS or doubt.kind == "readings-differ":
                found.setdefault(as_value(text, field), "")
    return [{"text": text, "by": by} for text, by in found.items() if text.strip()][:_MOST_CANDIDATES]


def as_value(text: str, field: Field) -> str:
    """The text as a value of the field; empty where it is none."""
    try:
        return parse.emit(parse.value(text, field.type))
    except parse.CastError:
        return ""
