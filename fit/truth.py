"""Tables whose cells are known: printed spreadsheets, small cases, the ICDAR 2013 competition, and our own prints.

Each source has a *group*, the unit that is held out together: a series of forms, a producer, a corpus.
"""

from __future__ import annotations

import json
import os
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

CORPUS = Path(os.environ.get("REPORT_EXTRACT_CORPUS", "../shared/corpus"))
Span = tuple[int, int, int, int]  # first row, first column, last row, last column


@dataclass(frozen=True)
class Truth:
    """One known table.

    Attributes:
        rows: its texts; None where a place is not compared.
        spans: its merged cells; a text stands in their first place.
        exact: are empty rows and columns part of it, and must its shape be met? Where not, only what is filled counts.
        family: ruled, partly, none, or what else it counts under.
        variants: other readings that are right too.
        bbox, row_edges, col_edges: where it stands and is parted, in points from the top left; empty where unknown.
    """

    rows: list[list[str | None]]
    spans: list[Span] = field(default_factory=list)
    exact: bool = True
    family: str = ""
    variants: tuple[Truth, ...] = ()
    bbox: tuple[float, ...] = ()
    row_edges: tuple[float, ...] = ()
    col_edges: tuple[float, ...] = ()


@dataclass(frozen=True)
class Source:
    """A page whose tables are known.

    Attributes:
        path, page: the file and the page in it, from 1.
        group: what is held out together.
        tables: all that is known of it.
        complete: does anything else that is found count as wrong?
    """

    path: Path
    page: int
    group: str
    tables: tuple[Truth, ...]
    complete: bool = False


def sources() -> Iterator[Source]:
    """Every page with known tables of the corpora that are at hand."""
    yield from sheets(CORPUS / "sheets")
    yield from cases(CORPUS / "cases")
    yield from icdar(CORPUS / "icdar2013")


def series(texts: Mapping[str, set[str]]) -> dict[str, str]:
    """The series of forms that each spreadsheet belongs to: all that share most of their words, by the first of them.

    Args:
        texts: the words of each file's tables, without those that hold a figure.
    """
    first = {name: name for name in texts}
    for name, mine in texts.items():
        for other, theirs in texts.items():
            if first[name] != first[other] and 2 * len(mine & theirs) > min(len(mine), len(theirs)):
                old, new = first[name], first[other]
                first = {n: new if f == old else f for n, f in first.items()}
    return first


def sheets(folder: Path) -> Iterator[Source]:
    """Pages printed from spreadsheets, with a JSON record beside each."""
    records = {path: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}
    texts: dict[str, set[str]] = {}
    for record in records.values():
        said = {str(x) for t in record["tables"] for row in t["table"] for x in row if x and len(x) > 1}
        texts.setdefault(record["path"], set()).update(x for x in said if not any(map(str.isdigit, x)))
    of = series(texts)
    for path, record in records.items():
        tables = tuple(_sheet_table(t) for t in record["tables"])
        yield Source(path.with_suffix(".pdf"), 1, f"sheets/{of[record['path']]}", tables)


def _sheet_table(record: dict[str, object]) -> Truth:
    def known(of: dict[str, object]) -> Truth:
        return Truth(
            of["table"],  # type: ignore[arg-type]
            [tuple(s) for s in of["spans"]],  # type: ignore[attr-defined]
            exact=False,
            family=str(record["rules"]),
            bbox=tuple(record["bbox"]),  # type: ignore[arg-type]
            row_edges=tuple(record["row_edges"]),  # type: ignore[arg-type]
            col_edges=tuple(record["col_edges"]),  # type: ignore[arg-type]
        )

    main = known(record)
    others = tuple(known({**record, **v}) for v in record.get("variants", []))  # type: ignore[attr-defined]
    return Truth(**{**main.__dict__, "variants": others})


def cases(folder: Path) -> Iterator[Source]:
    """Small situations; those over several pages or of a file that must not open are left out."""
    for path in sorted(folder.glob("*.expected.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        name = path.name.removesuffix(".expected.json")
        pdf = folder / f"{record.get('file', name)}.pdf"
        if record["tables"] == "ERROR":
            continue
        tables = tuple(Truth(rows, family="case") for rows in record["tables"])
        kind = "cases/municipal" if name.startswith("jp_") else "cases/made"
        yield Source(pdf, record.get("page", 0), kind, tables, complete=not record.get("some"))


def icdar(folder: Path) -> Iterator[Source]:
    """Pages of the competition's documents; a region is a table."""
    for path in sorted(folder.rglob("*-str.xml")):
        pages: dict[int, list[Truth]] = {}
        for region in ET.parse(path).getroot().iter("region"):
            cells = []
            for c in region.iter("cell"):
                row, col = int(c.get("start-row", 0)), int(c.get("start-col", 0))
                end = int(c.get("end-row", row)), int(c.get("end-col", col))
                cells.append((row, col, *end, "".join(c.findtext("content") or "")))
            if not cells:
                continue
            rows: list[list[str | None]] = [
                [""] * (max(c[3] for c in cells) + 1) for _ in range(max(c[2] for c in cells) + 1)
            ]
            for row, col, _, _, text in cells:
                rows[row][col] = text
            spans = [(r, c, re_, ce) for r, c, re_, ce, _ in cells if (re_, ce) != (r, c)]
            pages.setdefault(int(region.get("page", 1)), []).append(Truth(rows, spans, exact=False, family="icdar"))
        pdf = path.with_name(path.name.replace("-str.xml", ".pdf"))
        for number, tables in sorted(pages.items()):
            yield Source(pdf, number, f"icdar/{pdf.stem}", tuple(tables), complete=False)
