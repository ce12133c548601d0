"""datapackage.json: the Frictionless Data Package v2 descriptor (https://datapackage.org/standard)."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from .. import __version__
from ..model import Field
from .schema import FILES, KEYS

_TYPES = {"count": "integer", "integer": "integer", "number": "number", "percent": "number"}
_CHOICES = {
    "status": ["ok", "repaired", "review"],
    "row_type": ["detail", "subtotal", "breakdown", "total"],
    "use_type": ["internal_use", "external_provision"],
    "source": ["text", "ocr", "inferred", "correction"],
}
_FILE_CHOICES = {
    ("documents", "status"): ["ok", "review", "unsupported", "failed"],
    ("checks", "status"): ["pass", "fail", "explained", "repaired"],
}


def descriptor(
    directory: Path, paths: dict[str, Path], columns: dict[str, tuple[Field, ...]], lang: str
) -> dict[str, Any]:
    """The descriptor of a package whose CSV files are written.

    Args:
        directory: the package's folder.
        paths: resource name -> its CSV file.
        columns: resource name -> its columns.
        lang: "ja" or "en": the language of titles.
    """
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "report-extract",
        "title": "自治体報告書データ" if lang == "ja" else "Datasets from municipal reports",
        "description": (
            "PDF の報告書から取り出し、整合性を検査したデータ。検査の結果は checks.csv、各値の出所は cells.csv にある。"
            if lang == "ja"
            else "Datasets recovered from PDF reports and checked; see checks.csv and cells.csv."
        ),
        "version": __version__,
        "resources": [_resource(directory, name, paths[name], fields, lang) for name, fields in columns.items()],
    }


def _resource(directory: Path, name: str, path: Path, fields: tuple[Field, ...], lang: str) -> dict[str, Any]:
    content = path.read_bytes()
    return {
        "name": name,
        "title": FILES[name][0] if name in FILES else name,
        "path": path.relative_to(directory).as_posix(),
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": "sha256:" + hashlib.sha256(content).hexdigest(),
        "dialect": {"delimiter": ",", "lineTerminator": "\n"},
        "schema": _schema(name, fields, lang),
    }


def _schema(name: str, fields: tuple[Field, ...], lang: str) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": [_field(name, field, lang) for field in fields],
        "missingValues": [""],
    }
    if name in KEYS:
        schema["primaryKey"] = list(KEYS[name])
    if name != "documents":
        schema["foreignKeys"] = [
            {"fields": ["document"], "reference": {"resource": "documents", "fields": ["document"]}}
        ]
    return schema


def _field(resource: str, field: Field, lang: str) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "name": field.name,
        "type": _TYPES.get(field.type, "string"),
        "title": (field.title if lang == "ja" else field.title_en) or field.name,
    }
    if field.title_en:
        entry["description"] = field.title_en
    constraints: dict[str, Any] = {}
    choices = _FILE_CHOICES.get((resource, field.name)) or _CHOICES.get(field.name)
    if choices:
        constraints["enum"] = choices
    if field.name == "document":
        constraints["required"] = True
    if field.name == "municipality_code":
        constraints["pattern"] = "[0-9]{6}"
    if field.unit:
        entry["unit"] = field.unit
    return {**entry, "constraints": constraints} if constraints else entry
