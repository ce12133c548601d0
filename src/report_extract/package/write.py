"""Extractions -> one data package: every file of the output contract, written as a stream.

The extractions are gone through twice, once for the columns and once for the rows, and only one is held
at a time: memory does not grow with the number of inputs. All files are written beside the package that is there
and take its place together (``place.replacing``), so that an interrupted run leaves the old or the new one whole.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, NamedTuple, TextIO

from ..core.model import Dataset, Extraction, Field
from ..profile.load import used
from ..text.gazetteer import names_table
from . import place, readme, rows
from .about import about
from .datapackage import TYPE_TITLES, Terms, descriptor, field_entry, terms_of
from .formats import formats_of, write_formats
from .inert import name_stem, printable, profile_path, spreadsheet
from .schema import FILES, dataset_columns, merged_fields
from .stored import records

# Types whose values are written by us and cannot hold a formula.
_SAFE = frozenset({"count", "integer", "number", "percent"})


def write_package(
    extractions: Iterable[Extraction],
    directory: Path,
    contract: Iterable[Dataset] = (),
    *,
    lang: str = "ja",
    bom: bool = False,
    terms: Terms | None = None,
) -> None:
    """Write the data package of ``extractions`` into ``directory``: ``replace_package`` behind the folder's lock."""
    with place.locked(directory):
        replace_package(extractions, directory, contract, lang=lang, bom=bom, terms=terms)


def replace_package(
    extractions: Iterable[Extraction],
    directory: Path,
    contract: Iterable[Dataset] = (),
    *,
    lang: str = "ja",
    bom: bool = False,
    terms: Terms | None = None,
    formats: Iterable[str] = (),
    beside: Callable[[Path], None] = lambda folder: None,
) -> None:
    """Have the data package of ``extractions`` take the place of the one in ``directory``, whose lock is held.

    Files of an earlier package there that this one does not have are removed: they would say what no longer holds.
    Nothing else in the folder is touched.

    Args:
        extractions: gone through twice, so an iterable that can be.
        contract: datasets of one kind of report, all of which are written where the package has any of them.
        bom: begin every CSV with a byte order mark, as Excel wants it.
        terms: licence and source of the package; those that it had before, where none are told.
        formats: other formats to write; those that the package had before are renewed.
        beside: puts more files into the folder that it is given.

    Raises:
        PlaceError: the folder cannot be written, or a file that is not ours is in the way; nothing has changed then.
    """
    before = place.files_of(directory)
    terms = terms or terms_of(_described(directory) if before else {})
    with place.replacing(directory) as folder:
        beside(folder)
        _fill(folder, extractions, contract, lang, bom, terms)
        write_formats(folder, {*formats, *formats_of(before)}, lang)
        if os.path.lexists(directory / readme.NAME) and readme.NAME not in before:
            (folder / readme.NAME).unlink()  # a person's own stays, and is no reason to refuse the run


def _fill(
    folder: Path, extractions: Iterable[Extraction], contract: Iterable[Dataset], lang: str, bom: bool, terms: Terms
) -> None:
    """Write CSV files, tables, profiles and their descriptor into an empty folder."""
    columns, folders, profiles, titles = _columns(extractions, contract)
    paths = {name: _path(folder, folders, name) for name in columns}
    with ExitStack() as stack:
        files = {
            name: _CsvFile(stack.enter_context(_text_file(paths[name], bom)), fields)
            for name, fields in columns.items()
        }
        tables = stack.enter_context(_text_file(folder / "tables.json"))
        for row in _dictionary(folder, paths, columns, lang):
            files["dictionary"].write(row)
        _write_rows(extractions, files, tables, lang)
    kinds = {row["profile"]: "" for row in records(folder, "documents") if row["profile"]}
    kinds = {name: used(name, profiles.get(name, "")).title for name in kinds}
    told = about(list(records(folder, "documents")), kinds, lang)
    described = descriptor(folder, paths, columns, titles if lang == "ja" else {}, told, lang, terms)
    with _text_file(folder / place.DESCRIPTOR) as file:
        file.write(rows.as_json(described) + "\n")
    for name, toml in profiles.items():
        profile_path(folder, name).parent.mkdir(exist_ok=True)
        with _text_file(profile_path(folder, name)) as file:
            file.write(toml)


def _dictionary(
    folder: Path, paths: dict[str, Path], columns: dict[str, tuple[Field, ...]], lang: str
) -> Iterator[rows.Record]:
    """What every column of every file means: the package's 項目定義書."""
    for name, fields in columns.items():
        for number, field in enumerate(fields, 1):
            entry = field_entry(field, lang)
            yield {
                "file": paths[name].relative_to(folder).as_posix(),
                "number": str(number),
                "name": field.name,
                "title": entry["title"],
                "type": TYPE_TITLES[entry["type"]] if lang == "ja" else entry["type"],
                "unit": field.unit,
                "title_en": field.title_en,
                "values": "|".join(field.choices),
                "missing": " ".join(f"{mark}={why}" for mark, why in field.missing),
                "ascii_name": field.ascii if field.ascii != field.name else "",
            }


def _described(directory: Path) -> dict[str, Any]:
    """The descriptor of the package that ``directory`` holds already, {} if it cannot be read."""
    try:
        before = json.loads((directory / place.DESCRIPTOR).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return before if isinstance(before, dict) else {}


class _Plan(NamedTuple):
    """What is to be written.

    Attributes:
        columns: of every CSV, by its name.
        folders: of those that do not lie at the top.
        profiles: TOML of those that are not built in, by name.
        titles: Japanese ones of the CSVs.
    """

    columns: dict[str, tuple[Field, ...]]
    folders: dict[str, str]
    profiles: dict[str, str]
    titles: dict[str, str]


def _columns(extractions: Iterable[Extraction], contract: Iterable[Dataset]) -> _Plan:
    """What is to be written, from a first look at every extraction."""
    found: dict[str, list[Dataset]] = {}
    folders: dict[str, str] = {}
    profiles: dict[str, str] = {}
    for extraction in extractions:
        if extraction.profile_toml:
            profiles[extraction.profile] = extraction.profile_toml
        for dataset in extraction.datasets:
            seen = found.setdefault(dataset.name, [])
            if not any(s.fields == dataset.fields for s in seen):
                seen.append(Dataset(dataset.name, dataset.fields, (), dataset.title))
            if not extraction.profile:
                folders[dataset.name] = "tables"
    own = {d.name: d for d in contract}
    if any(name in own for name in found):  # a report of the kind that the contract's files are of
        found = {**{n: [d, *found.get(n, ())] for n, d in own.items()}, **{n: found[n] for n in found if n not in own}}
    columns = {name: dataset_columns(merged_fields(same)) for name, same in found.items()}
    titles = {name: same[0].title for name, same in found.items() if same[0].title}
    titles |= {name: title for name, (title, _) in FILES.items()}
    return _Plan({**columns, **{name: fields for name, (_, fields) in FILES.items()}}, folders, profiles, titles)


def _path(directory: Path, folders: dict[str, str], name: str) -> Path:
    folder = directory / folders[name] if name in folders else directory
    folder.mkdir(exist_ok=True)
    return folder / f"{name_stem(name)}.csv"


def _write_rows(extractions: Iterable[Extraction], files: dict[str, _CsvFile], tables: TextIO, lang: str) -> None:
    with ExitStack() as stack:
        beside = {
            name: stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", newline=""))
            for name in ("unplaced", "lines")
        }
        tables.write('{"tables":[')
        _write_each(extractions, files, tables, beside, lang)
        for name, file in beside.items():
            tables.write(f'],\n"{name}":[')
            file.seek(0)
            shutil.copyfileobj(file, tables)
        tables.write("]}\n")


def _write_each(
    extractions: Iterable[Extraction],
    files: dict[str, _CsvFile],
    tables: TextIO,
    beside: Mapping[str, IO[str]],
    lang: str,
) -> None:
    separators = dict.fromkeys(("tables", *beside), "")
    for extraction in extractions:
        before = Counter({name: file.count for name, file in files.items()})

        def offset(name: str, before: Counter[str] = before) -> int:
            return before[name]

        for name, record in _records(extraction, lang, offset):
            files[name].write(record)
        entries = (
            ("tables", tables, rows.table_objects(extraction, lang)),
            ("unplaced", beside["unplaced"], rows.unplaced_objects(extraction)),
            ("lines", beside["lines"], rows.line_objects(extraction)),
        )
        for name, file, found in entries:
            for entry in found:
                file.write(separators[name] + printable(rows.as_json(entry)))
                separators[name] = ",\n"


def _records(extraction: Extraction, lang: str, offset: Callable[[str], int]) -> Iterator[tuple[str, rows.Record]]:
    """Every row of one extraction with the name of the file it belongs to."""
    yield "documents", rows.document_row(extraction, lang)
    for dataset in extraction.datasets:
        yield from ((dataset.name, row) for row in rows.dataset_rows(extraction, dataset))
    yield from (("observations", row) for row in rows.observation_rows(extraction))
    yield from (("checks", row) for row in rows.check_rows(extraction, offset))
    yield from (("cells", row) for row in rows.cell_rows(extraction, lang, offset))
    yield from (("readings", row) for row in rows.reading_rows(extraction, offset))
    yield from (("names", row) for row in names_table([extraction]))


class _CsvFile:
    """One CSV being written, and how many rows it has."""

    def __init__(self, file: TextIO, fields: tuple[Field, ...]) -> None:
        self.count = 0
        self._columns = [(f.name, f.type in _SAFE) for f in fields]
        self._writer = csv.writer(file, lineterminator="\n")
        self._writer.writerow([f.name for f in fields])

    def write(self, record: rows.Record) -> None:
        values = ((record.get(name, ""), safe) for name, safe in self._columns)
        self._writer.writerow([value if safe else spreadsheet(value) for value, safe in values])
        self.count += 1


def _text_file(path: Path, bom: bool = False) -> TextIO:
    return path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="")
