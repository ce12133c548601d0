"""datapackage.json: the Frictionless Data Package v2 descriptor (https://datapackage.org/standard)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core.model import Field
from ..core.version import __version__
from .schema import KEYS

_TYPES = {
    "count": "integer", "integer": "integer", "number": "number", "percent": "number",
    "date": "date", "time": "time", "year": "year", "boolean": "boolean",
}  # fmt: skip
TYPE_TITLES = {
    "integer": "整数", "number": "数値", "string": "文字列", "date": "日付", "time": "時刻", "year": "年",
    "boolean": "真偽値",
}  # fmt: skip
_READ = {"string": "text", **{t: t for t in ("integer", "number", "date", "time", "year", "boolean")}}

# Open Definition or SPDX id -> title and text. PDL is the terms of Japan's national government (公共データ利用規約).
LICENCES = {
    "CC-BY-4.0": ("クリエイティブ・コモンズ 表示 4.0 国際", "https://creativecommons.org/licenses/by/4.0/"),
    "CC-BY-SA-4.0": ("クリエイティブ・コモンズ 表示-継承 4.0 国際", "https://creativecommons.org/licenses/by-sa/4.0/"),
    "CC0-1.0": ("CC0 1.0 全世界", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "PDL-1.0": (
        "公共データ利用規約(第1.0版)",
        "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0",
    ),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a person says of the package as a whole.

    Attributes:
        licence: an id of ``LICENCES`` or another one, or the URL of a licence's text.
        source: where the reports were published.
        issued: when, as an ISO 8601 date.
    """

    licence: str = ""
    source: str = ""
    issued: str = ""


def terms_of(package: dict[str, Any]) -> Terms:
    """The terms that a descriptor states."""
    licence, source = ((package.get(name) or [{}])[0] for name in ("licenses", "sources"))
    return Terms(licence.get("name") or licence.get("path", ""), source.get("path", ""), package.get("issued", ""))


def _stated(terms: Terms) -> dict[str, Any]:
    stated: dict[str, Any] = {}
    if terms.licence in LICENCES:
        title, path = LICENCES[terms.licence]
        stated["licenses"] = [{"name": terms.licence, "path": path, "title": title}]
    elif terms.licence:
        stated["licenses"] = [{"path" if "://" in terms.licence else "name": terms.licence}]
    if terms.source:
        stated["sources"] = [{"title": "報告書の公表元", "path": terms.source}]
    if terms.issued:
        stated["issued"] = terms.issued
    return stated


def descriptor(
    directory: Path,
    paths: dict[str, Path],
    columns: dict[str, tuple[Field, ...]],
    titles: dict[str, str],
    told: dict[str, Any],
    lang: str,
    terms: Terms,
) -> dict[str, Any]:
    """The descriptor of a package whose CSV files are written.

    Args:
        directory: the package's folder.
        paths: resource name -> its CSV file.
        columns: resource name -> its columns.
        titles: resource name -> what people call it; its name where there is none.
        told: what the package says of itself as a whole (``about.about``).
        lang: "ja" or "en": the language of titles.
        terms: licence, source and date.
    """
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "report-extract",
        **told,
        "version": __version__,
        **_stated(terms),
        "resources": [
            _resource(directory, name, titles.get(name, name), paths[name], fields, lang)
            for name, fields in columns.items()
        ],
    }


def _resource(
    directory: Path, name: str, title: str, path: Path, fields: tuple[Field, ...], lang: str
) -> dict[str, Any]:
    with path.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    return {
        "name": name,
        "title": title,
        "path": path.relative_to(directory).as_posix(),
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": "sha256:" + sha256,
        "dialect": {"delimiter": ",", "lineTerminator": "\n"},
        "schema": _schema(name, fields, lang),
    }


def _schema(name: str, fields: tuple[Field, ...], lang: str) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": [field_entry(field, lang) for field in fields],
        "missingValues": [""],
    }
    if name in KEYS:
        schema["primaryKey"] = list(KEYS[name])
    if name != "documents" and any(field.name == "document" for field in fields):
        schema["foreignKeys"] = [
            {"fields": ["document"], "reference": {"resource": "documents", "fields": ["document"]}}
        ]
    return schema


def field_of(entry: dict[str, Any]) -> Field:
    """The column that an entry of a descriptor's schema describes; ``field_entry`` the other way round."""
    return Field(
        entry["name"],
        entry.get("x-type", _READ.get(entry["type"], "text")),
        entry.get("title", ""),
        entry.get("description", ""),
        entry.get("unit", ""),
        entry.get("x-prior-of", ""),
        choices=tuple(entry.get("constraints", {}).get("enum", ())),
        extra=bool(entry.get("x-extra")),
        ascii=entry.get("x-ascii-name", ""),
        missing=tuple(entry.get("x-missing", {}).items()),
    )


def field_entry(field: Field, lang: str) -> dict[str, Any]:
    """The entry of a column in a Table Schema."""
    entry: dict[str, Any] = {
        "name": field.name,
        "type": _TYPES.get(field.type, "string"),
        "title": (field.title if lang == "ja" else field.title_en) or field.name,
    }
    if field.title_en:
        entry["description"] = field.title_en
    constraints: dict[str, Any] = {}
    if field.choices:
        constraints["enum"] = list(field.choices)
    if field.name == "document":
        constraints["required"] = True
    if field.name == "municipality_code":
        constraints["pattern"] = "[0-9]{6}"
    if field.unit:
        entry["unit"] = field.unit
    if field.type != _READ.get(entry["type"]):
        entry["x-type"] = field.type
    if field.prior_of:
        entry["x-prior-of"] = field.prior_of
    if field.extra:
        entry["x-extra"] = True
    if field.ascii and field.ascii != field.name:
        entry["x-ascii-name"] = field.ascii
    if field.missing:  # the CSV leaves such a value empty; cells.csv keeps the mark
        entry["x-missing"] = dict(field.missing)
    return {**entry, "constraints": constraints} if constraints else entry
