"""Is a package what a portal wants?

Rules after 総務省「統計表における機械判読可能なデータの表記方法の統一ルール」(2020) and CKAN's DataStore: one
datum a cell, numbers without units or separators, no merged or line-broken cells, header names that are ASCII
and at most 63 bytes, a Western year beside the era, the municipality's code, a licence, a BOM for Excel.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .exporters.workbook import resources

_LIMIT = 20  # places named for one rule
_HEADER_BYTES = 63  # PostgreSQL's limit on a column's name, and so the DataStore's
Place = str
Rows = list[tuple[dict[str, Any], list[str], list[list[str]]]]


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
    tables: Rows = []
    for resource, path in resources(directory):
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = list(csv.reader(file)) or [[]]
        tables.append((resource, header, rows))
    results = []
    for (japanese, english), broken in _rules(directory):
        places = [place for _, place in zip(range(_LIMIT), broken(tables), strict=False)]
        results.append(Result(japanese if lang == "ja" else english, not places, tuple(places)))
    return results


def _rules(directory: Path) -> list[tuple[tuple[str, str], Callable[[Rows], Iterator[Place]]]]:
    return [
        (("1セルに1データ(セル内に改行や列挙がない)", "One datum a cell"), _several_data),
        (("数値に単位・桁区切り・全角文字を含まない", "Numbers without units or separators"), _dressed_numbers),
        (("見出しは1行で、列数がそろっている(結合セルがない)", "One header row, no ragged rows"), _ragged),
        (("見出し名は重複せず、63バイト以内の半角英数字", "Header names unique, ASCII, within 63 bytes"), _bad_headers),
        (("空白行・空白列がない", "No empty rows or columns"), _empty_rows),
        (("和暦に西暦を併記している(年度列)", "A Western year column beside eras"), _no_year),
        (("全国地方公共団体コード(6桁・検査数字)がある", "Municipality code with check digit"), _bad_codes),
        (("文字コードはUTF-8", "Encoded as UTF-8"), lambda tables: _not_utf8(directory)),
        (
            ("Excel用にBOM付きCSVがある(run --excel-csv)", "BOM for Excel (run --excel-csv)"),
            lambda t: _no_bom(directory),
        ),
        (
            ("ライセンスが示されている(datapackage.json の licenses)", "A licence is named"),
            lambda t: _no_licence(directory),
        ),
        (("要確認の値が残っていない", "Nothing is left to review"), _flagged),
    ]


def _cells(tables: Rows) -> Iterator[tuple[str, dict[str, Any], int, str]]:
    """Resource, field, line of the file, value."""
    for resource, _, rows in tables:
        fields = resource["schema"]["fields"]
        for line, row in enumerate(rows, 2):
            for field, value in zip(fields, row, strict=False):
                yield resource["path"], field, line, value


def _several_data(tables: Rows) -> Iterator[Place]:
    for path, field, line, value in _cells(tables):
        if "\n" in value or "\r" in value:
            yield f"{path}:{line} {field['name']}"


def _dressed_numbers(tables: Rows) -> Iterator[Place]:
    for path, field, line, value in _cells(tables):
        if field["type"] in ("integer", "number") and value and not re.fullmatch(r"-?\d+(\.\d+)?", value, re.ASCII):
            yield f"{path}:{line} {field['name']}: {value}"


def _ragged(tables: Rows) -> Iterator[Place]:
    for resource, header, rows in tables:
        yield from (f"{resource['path']}:{n}" for n, row in enumerate(rows, 2) if len(row) != len(header))


def _bad_headers(tables: Rows) -> Iterator[Place]:
    for resource, header, _ in tables:
        for name in header:
            if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or len(name) > _HEADER_BYTES or header.count(name) > 1:
                yield f"{resource['path']}: {name}"


def _empty_rows(tables: Rows) -> Iterator[Place]:
    for resource, _, rows in tables:
        yield from (f"{resource['path']}:{n}" for n, row in enumerate(rows, 2) if not any(row))


def _no_year(tables: Rows) -> Iterator[Place]:
    for resource, header, rows in tables:
        if resource["name"] == "documents":
            year = header.index("fiscal_year")
            yield from (f"{resource['path']}:{n}" for n, row in enumerate(rows, 2) if not row[year])


def _bad_codes(tables: Rows) -> Iterator[Place]:
    from .names import check_digit

    for resource, header, rows in tables:
        if resource["name"] == "documents":
            code = header.index("municipality_code")
            yield from (f"{resource['path']}:{n}" for n, row in enumerate(rows, 2) if not check_digit(row[code]))


def _not_utf8(directory: Path) -> Iterator[Place]:
    for path in sorted(directory.rglob("*.csv")):
        try:
            path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            yield path.relative_to(directory).as_posix()


def _no_bom(directory: Path) -> Iterator[Place]:
    for _, path in resources(directory):
        with path.open("rb") as file:
            if file.read(3) != b"\xef\xbb\xbf":
                yield path.relative_to(directory).as_posix()


def _no_licence(directory: Path) -> Iterator[Place]:
    package = json.loads((directory / "datapackage.json").read_text(encoding="utf-8"))
    if not package.get("licenses"):
        yield "datapackage.json"


def _flagged(tables: Rows) -> Iterator[Place]:
    for resource, header, rows in tables:
        if resource["name"] == "cells":
            status, place = header.index("status"), [header.index(n) for n in ("dataset", "row", "field")]
            yield from (":".join(row[i] for i in place) for row in rows if row[status] == "review")
