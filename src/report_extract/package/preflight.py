"""Is a package what a portal wants?

Rules after 総務省「統計表における機械判読可能なデータの表記方法の統一ルール」(2020), whose numbers stand before
them, as far as they concern CSV; of CKAN's DataStore (names of columns); and of open data (licence, source).
The rules for drawings, formulas and several tables a sheet (1-7, 1-8) a CSV cannot break.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..text.gazetteer import check_digit
from .schema import FILES
from .stored import descriptor_of, reading, resources

_LIMIT = 20  # places named for one rule
_HEADER_BYTES = 63  # PostgreSQL's limit on a column's name, and so the DataStore's
_AS_PRINTED = frozenset({"raw", "text", "alternatives", "printed", "note", "scope", "message", "findings", "reason"})
# Signs that are not the same on every machine: those in circles and squares, Roman numerals as one letter,
# private letters (外字), and what stands for a letter that could not be read.
_DEPENDENT = re.compile("[\u2160-\u217f\u2460-\u24ff\u2776-\u2793\u3200-\u33ff\ue000-\uf8ff\ufffd]")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?", re.ASCII)
Place = str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One CSV of the package: what it is called and described as, its header, its rows."""

    name: str
    path: str
    fields: list[dict[str, Any]]
    header: list[str]
    rows: list[list[str]]

    def column(self, name: str) -> list[str]:
        """The values of a column, "" where a row is too short."""
        at = self.header.index(name)
        return [row[at] if at < len(row) else "" for row in self.rows]

    def cells(self) -> Iterator[tuple[dict[str, Any], str, str]]:
        """Every value with its field and place."""
        for line, row in enumerate(self.rows, 2):
            for field, value in zip(self.fields, row, strict=False):
                yield field, value, f"{self.path}:{line} {field['name']}"


@dataclass(frozen=True, slots=True)
class Result:
    """How one rule came out, and where it is broken."""

    rule: str
    passed: bool
    places: tuple[Place, ...] = ()


def preflight(directory: Path, lang: str = "ja") -> list[Result]:
    """Every rule with its result, in the order of the 統一ルール.

    Raises:
        ExportError: there is no package in ``directory``.
    """
    with reading(directory):
        return _results(directory, lang)


def _results(directory: Path, lang: str) -> list[Result]:
    broken_code, sheets = [], []
    for resource, path in resources(directory):
        content = path.read_bytes()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            broken_code.append(f"{resource['path']}: {error.start}")
            text = content.decode("utf-8-sig", "replace")
        header, *rows = list(csv.reader(io.StringIO(text, newline=""))) or [[]]
        sheets.append(Sheet(resource["name"], resource["path"], resource["schema"]["fields"], header, rows))
    package = descriptor_of(directory)
    results = []
    for japanese, english, broken in _RULES:
        places = tuple(place for _, place in zip(range(_LIMIT), broken(sheets), strict=False))
        results.append(Result(japanese if lang == "ja" else english, not places, places))
    for japanese, english, found in (
        ("文字コードがUTF-8", "Encoded as UTF-8", broken_code),
        ("Excel用のBOMがある(run --excel-csv)", "BOM for Excel (run --excel-csv)", _no_bom(directory)),
        ("ライセンスの表示(run --licence)", "A licence is named (run --licence)", _missing(package, "licenses")),
        ("出典の表示(run --source-url)", "The source is named (run --source-url)", _missing(package, "sources")),
    ):
        results.append(Result(japanese if lang == "ja" else english, not found, tuple(found)))
    return results


def _no_bom(directory: Path) -> list[Place]:
    found = []
    for resource, path in resources(directory):
        with path.open("rb") as file:
            if file.read(3) != b"\xef\xbb\xbf":
                found.append(resource["path"])
    return found


def _missing(package: dict[str, Any], entry: str) -> list[Place]:
    return [] if package.get(entry) else [f"datapackage.json: {entry}"]


def _several_data(sheets: list[Sheet]) -> Iterator[Place]:
    for sheet in sheets:
        yield from (place for _, value, place in sheet.cells() if re.search(r"[\r\n\x0b\x0c\u2028\u2029]", value))


def _no_numbers(sheets: list[Sheet]) -> Iterator[Place]:
    for sheet in sheets:
        for field, value, place in sheet.cells():
            if field["type"] in ("integer", "number") and value and not _NUMBER.fullmatch(value):
                yield f"{place}: {value}"


def _merged(sheets: list[Sheet]) -> Iterator[Place]:
    for sheet in sheets:
        for line, row in enumerate(sheet.rows, 2):
            if len(row) != len(sheet.header) or row == sheet.header:
                yield f"{sheet.path}:{line}"


def _padded(sheets: list[Sheet]) -> Iterator[Place]:
    for sheet in sheets:
        for field, value, place in sheet.cells():
            if field["name"] not in _AS_PRINTED and (value != value.strip() or re.search(r"\s\s|\t", value)):
                yield place


def _unnamed(sheets: list[Sheet]) -> Iterator[Place]:
    for sheet in sheets:
        names = [field["name"] for field in sheet.fields]
        if sheet.header != names:
            yield f"{sheet.path}:1"
        yield from (f"{sheet.path}: {field['name']}" for field in sheet.fields if not field.get("title", "").strip())


def _no_unit(sheets: list[Sheet]) -> Iterator[Place]:
    observed = next((s for s in sheets if s.name == "observations"), None)
    pairs = set(zip(observed.column("dataset"), observed.column("measure"), strict=True)) if observed else set()
    for sheet in sheets:
        for field in sheet.fields:
            counted = (sheet.name, field.get("x-prior-of", field["name"])) in pairs
            if counted and field["type"] in ("integer", "number") and not field.get("unit"):
                yield f"{sheet.path}: {field['name']}"


def _dependent(sheets: list[Sheet]) -> Iterator[Place]:
    for sheet in sheets:
        for field, value, place in sheet.cells():
            found = _DEPENDENT.search(value) if field["name"] not in _AS_PRINTED else None
            if found:
                yield f"{place}: {found[0]} ({unicodedata.name(found[0], f'U+{ord(found[0]):04X}')})"


def _documents(sheets: list[Sheet], column: str, good: Callable[[str], bool]) -> Iterator[Place]:
    """The documents that were read and whose ``column`` is not good."""
    for sheet in sheets:
        if sheet.name == "documents":
            for line, (status, value) in enumerate(zip(sheet.column("status"), sheet.column(column), strict=True), 2):
                if status != "failed" and not good(value):
                    yield f"{sheet.path}:{line} {column}"


def _no_year(sheets: list[Sheet]) -> Iterator[Place]:
    return _documents(sheets, "fiscal_year", lambda value: bool(re.fullmatch(r"(19|20)\d\d", value)))


def _no_code(sheets: list[Sheet]) -> Iterator[Place]:
    return _documents(sheets, "municipality_code", check_digit)


def _split(sheets: list[Sheet]) -> Iterator[Place]:
    for sheet in sheets:
        yield from (f"{sheet.path}:{line}" for line, row in enumerate(sheet.rows, 2) if not any(row))
        yield from (f"{sheet.path}: {at}" for at, name in enumerate(sheet.header, 1) if not name.strip())


def _bad_names(sheets: list[Sheet]) -> Iterator[Place]:
    for sheet in sheets:
        ascii_of = {f["name"]: f.get("x-ascii-name", f["name"]) for f in sheet.fields}
        for name in dict.fromkeys(sheet.header):
            told = ascii_of.get(name, name)
            fits = re.fullmatch(r"[a-z][a-z0-9_]*", told) and len(told) <= _HEADER_BYTES
            if not fits or sheet.header.count(name) > 1:
                yield f"{sheet.path}: {name}"


def _flagged(sheets: list[Sheet]) -> Iterator[Place]:
    for sheet in sheets:
        if sheet.name == "cells":
            columns = (sheet.column(name) for name in ("dataset", "row", "field", "status"))
            for dataset, row, field, status in zip(*columns, strict=True):
                if status == "review":
                    path = "documents.csv" if dataset in FILES else f"{dataset}.csv"
                    yield f"{path}:{int(row) + 2} {field}"


_RULES: tuple[tuple[str, str, Callable[[list[Sheet]], Iterator[Place]]], ...] = (
    ("1-2 1セル1データ(セル内に改行がない)", "1-2 One datum a cell", _several_data),
    ("1-3 数値に単位・桁区切り・全角文字を含まない", "1-3 Numbers are plain numbers", _no_numbers),
    ("1-4 結合セルがない(1行1件、列数がそろう)", "1-4 No merged cells: one record a line", _merged),
    ("1-5 スペースで体裁を整えていない", "1-5 No blanks for looks", _padded),
    ("1-6 項目名を省略していない(日本語の項目名がある)", "1-6 Every column has its title", _unnamed),
    ("1-9 数値の単位を記載している", "1-9 The unit of every count is stated", _no_unit),
    ("1-10 機種依存文字を使っていない", "1-10 No letters that depend on the machine", _dependent),
    ("1-11 西暦の年度がある", "1-11 A Western fiscal year", _no_year),
    ("1-12 全国地方公共団体コードがある(検査数字が合う)", "1-12 The municipality's code, check digit right", _no_code),
    ("データが空白行・空白列で分断されていない", "No empty rows or columns", _split),
    ("列名が重複しない63バイト以内の英数字(CKAN)", "Column names unique, ASCII, within 63 bytes (CKAN)", _bad_names),
    ("要確認の値が残っていない", "Nothing is left to review", _flagged),
)
