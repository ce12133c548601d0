"""A package as it lies on the disk: it may have been edited, damaged, or come from a stranger.

Nothing outside its folder is read, whatever it names, and whatever its files hold gives rows or one line.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..core.errors import ExportError
from . import place
from .inert import plain

Record = dict[str, str]

_MOST_DESCRIPTOR = 64 << 20  # bytes; a package of ten thousand reports describes itself in 20 MB
_MOST_CELL = 1 << 28  # characters; csv's own bound of 131,072 is less than a cell of a report may hold
_CASTS = {"integer": int, "number": float}

csv.field_size_limit(_MOST_CELL)


@contextmanager
def reading(directory: Path) -> Iterator[None]:
    """The package whole, an interrupted run finished first; whatever goes wrong with its files is one line.

    Raises:
        ExportError: the files are not as a run writes them.
    """
    place.settle(directory)
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, csv.Error) as error:
        why = " ".join(str(error).split())[:200]
        raise ExportError(
            f"{directory}: not as `run` writes it: {type(error).__name__}: {why}", "run the extraction again"
        ) from error


def descriptor_of(directory: Path) -> dict[str, Any]:
    """What datapackage.json says, its shape checked: a list of resources with a name, a path and typed fields.

    Raises:
        ExportError: there is no package there, or its descriptor is none.
    """
    path = directory / place.DESCRIPTOR
    try:
        if path.stat().st_size > _MOST_DESCRIPTOR or not path.is_file():
            raise ValueError("too large")
        package = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ExportError(f"{directory}: no data package", "give the folder that `run` wrote") from error
    if not isinstance(package, dict) or not isinstance(package.get("resources"), list):
        raise ExportError(f"{path}: it lists no resources", "run the extraction again")
    for number, resource in enumerate(package["resources"], 1):
        if not _is_resource(resource):
            raise ExportError(
                f"{path}: resource {number} has no name, path or typed fields", "run the extraction again"
            )
    return package


def _is_resource(resource: Any) -> bool:
    if not isinstance(resource, dict) or not isinstance(resource.get("schema"), dict):
        return False
    fields = resource["schema"].get("fields")
    texts = [resource.get(key) for key in ("name", "path")]
    if not isinstance(fields, list) or not all(isinstance(field, dict) for field in fields):
        return False
    texts += [field.get(key) for field in fields for key in ("name", "type")]
    texts += [text for entry in (resource, *fields) for key in ("title", "description") if (text := entry.get(key))]
    return all(isinstance(text, str) for text in texts)


def resources(directory: Path) -> Iterator[tuple[dict[str, Any], Path]]:
    """The resources of the package in ``directory`` with the path of each, which lies inside it.

    Raises:
        ExportError: there is no package there, or a resource names a file that is not inside it.
    """
    for resource in descriptor_of(directory)["resources"]:
        path = place.inside(directory, resource["path"])
        if path is None or not path.is_file():
            raise ExportError(
                f"{directory}: {resource['path'][:200]!r} is no file of this package", "run the extraction again"
            )
        fields = [{"title": field["name"], **field} for field in resource["schema"]["fields"]]
        schema = {**resource["schema"], "fields": fields}
        yield {"title": resource["name"], **resource, "schema": schema}, path


def records(directory: Path, name: str) -> Iterator[Record]:
    """The rows of one of the package's CSV files, as meant; none where the file is missing.

    Raises:
        ExportError: the file lies elsewhere, by a link.
    """
    path = place.inside(directory, f"{name}.csv")
    if path is None:
        raise ExportError(f"{directory}: {name}.csv leads out of the package", "run the extraction again")
    if path.is_file():
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                yield {key: plain(value or "") for key, value in row.items() if key is not None}


def typed_rows(resource: dict[str, Any], path: Path) -> Iterator[list[Any]]:
    """The rows of one CSV with integers and numbers as such, without its header, and text as meant.

    Raises:
        ExportError: a row does not hold what the descriptor says; the message names it.
    """
    casts: list[Any] = [_CASTS.get(field["type"], plain) for field in resource["schema"]["fields"]]
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        next(reader, None)
        try:
            for row in reader:
                yield [None if value == "" else to(value) for value, to in zip(row, casts, strict=True)]
        except (ValueError, csv.Error) as error:
            raise ExportError(
                f"{path}, line {reader.line_num}: {' '.join(str(error).split())[:200]}", "correct it, or run again"
            ) from error
