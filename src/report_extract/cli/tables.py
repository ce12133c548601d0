"""report-extract tables: every table of any PDF, no profile needed."""

from __future__ import annotations

import argparse
import io
import math
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..core.errors import UsageError
from ..core.geometry import BBox
from ..core.messages import say
from ..core.model import Table
from .given import PASSWORDS, readable
from .streams import for_data

_EPILOG = """examples:
  report-extract tables any.pdf                       print them
  report-extract tables any.pdf --pages 3,7-9 --format csv --out tables/
  report-extract tables any.pdf --format xlsx --out tables/
  report-extract tables any.pdf --tidy | head         one value a line with its headings
  report-extract tables any.pdf --picture seen/       what was found, drawn over the pages
"""
FORMATS = ("text", "csv", "xlsx", "md", "html", "json")
SUFFIX = {"text": "txt"}
WHOLE = ("xlsx", "html")  # one file holds all tables
MOST_REASONS = 3  # a summary names


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "tables",
        help="print or write all tables of any PDF",
        description="Find every table of a PDF or page image, turned upright, with spans and headings.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("input", type=Path, metavar="FILE", help="PDF, image or OCR text")
    parser.add_argument("--pages", default="", metavar="LIST", help="page numbers from 1: 1,3-5 (default: all)")
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: %(default)s")
    parser.add_argument("--tidy", action="store_true", help="long form: row headings, column headings, value (CSV)")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write one file a table instead of printing")
    parser.add_argument("--ocr", choices=("auto", "never", "always"), default="auto", help="default: %(default)s")
    parser.add_argument(
        "--area", default="", metavar="X0,TOP,X1,BOTTOM", help="look there only (points from the page's top left)"
    )
    parser.add_argument(
        "--columns", default="", metavar="X,X", help="edges between the columns, given by hand (points)"
    )
    parser.add_argument(
        "--picture", type=Path, metavar="DIR", help="draw rules, cells and doubts over each page, as PNG"
    )
    parser.add_argument("--password", action="append", default=[], metavar="PASSWORD", help=PASSWORDS)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Find, print or write."""
    from ..core.model import INFORMATIVE
    from ..pipeline import Options
    from ..readers.files import shown
    from ..run.bounded import extract_within

    form = "csv" if arguments.tidy else arguments.format
    area, columns = points(arguments.area, "--area", 4), points(arguments.columns, "--columns")
    if form == "xlsx" and not arguments.out:
        raise UsageError("--format xlsx: a workbook cannot be printed", "say where it goes with --out DIR")
    if form != "text":
        for_data()

    pages = page_numbers(arguments.pages)
    options = Options(
        ocr=arguments.ocr,
        pages=None if pages is None else tuple(pages),
        area=None if area is None else BBox(*area),
        columns=None if columns is None else tuple(columns),
    )
    with readable(arguments.input, arguments.password) as arguments.input:
        extraction = extract_within(arguments.input, options)
        tables = extraction.tables
        for finding in extraction.findings[: extraction.read_findings]:
            if finding.kind not in INFORMATIVE:
                print(f"{shown(arguments.input)}: {say(finding, arguments.lang)}", file=sys.stderr)
        if not tables:
            none = "表が見つかりません" if arguments.lang == "ja" else "no tables found"
            print(f"{shown(arguments.input)}: {none}", file=sys.stderr)
        if arguments.picture:
            _draw(arguments, tables)
    if arguments.out:
        _write(tables, arguments, form)
    else:
        sys.stdout.write(_printed_all(tables, arguments, form))
    return 0


def points(text: str, option: str, count: int = 0) -> list[float] | None:
    """``1,2.5`` as numbers; None for an empty text.

    Args:
        text: as typed.
        option: what it was typed for.
        count: how many there have to be; 0 for any number.

    Raises:
        UsageError: they are no such numbers.
    """
    if not text:
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    orderly = not count or (len(numbers) == count and numbers[0] < numbers[2] and numbers[1] < numbers[3])
    if not numbers or not all(map(math.isfinite, numbers)) or not orderly:
        remedy = "write points from the page's top left, such as " + ("60,80,500,700" if count else "200,300,420")
        raise UsageError(f"{option} {text}: no such numbers", remedy)
    return numbers


def _write(tables: Sequence[Table], arguments: argparse.Namespace, form: str) -> None:
    """Write the files, and a line about each table on standard error."""
    from ..package.table_files import as_html, write_workbook

    if form == "xlsx":
        with _free(arguments.out / "tables.xlsx") as path:
            write_workbook(tables, path)
    elif form == "html":
        _write_new(arguments.out / "tables.html", as_html(tables, arguments.input.stem))
    for number, table in enumerate(tables, 1):
        name = f"tables.{form}" if form in WHOLE else f"table-{number:03d}.{SUFFIX.get(form, form)}"
        if form not in WHOLE:
            _write_new(arguments.out / name, _as_text(table, number, arguments, form))
        print(f"{name}: {_summary(table, number, arguments.lang)}", file=sys.stderr)


def _printed_all(tables: Sequence[Table], arguments: argparse.Namespace, form: str) -> str:
    """All tables as one text: between those in CSV or Markdown a blank line, above several in CSV their captions."""
    from ..package.table_files import as_csv, as_html, plain

    if form == "html":
        return as_html(tables, arguments.input.stem)
    texts = [_as_text(table, number, arguments, form) for number, table in enumerate(tables, 1)]
    if form == "csv" and len(tables) > 1 and not arguments.tidy:
        captions = [" ".join(plain(t.caption).split("\n")) or f"{n}. p. {t.page}" for n, t in enumerate(tables, 1)]
        texts = [as_csv([[caption]]) + text for caption, text in zip(captions, texts, strict=True)]
    return ("\n" if form in ("csv", "md") and not arguments.tidy else "").join(texts)


def _summary(table: Table, number: int, lang: str) -> str:
    """One line about a table: where, what kind, how big, how sure, and why not."""
    line = f"{number}. p. {table.page} · {table.kind} · {table.n_rows} × {table.n_cols}"
    line += f" · {table.rotation}°" if table.rotation else ""
    line += f" · {table.confidence:.2f} {table.status}"
    return " · ".join([line, *(say(doubt, lang) for doubt in table.doubts[:MOST_REASONS])])


def _draw(arguments: argparse.Namespace, tables: Sequence[Table]) -> None:
    from ..readers import open_document
    from ..review.overlay import draw

    numbers = page_numbers(arguments.pages)
    with open_document(arguments.input) as document:
        there = range(1, document.page_count + 1)
        for page in document.pages(there if numbers is None else [n for n in numbers if n in there]):
            with _free(arguments.picture / f"page-{page.number:03d}.png") as path:
                draw(document, page, tables, path)


@contextmanager
def _free(path: Path) -> Iterator[Path]:
    """A place for a file that is not there, its folder made.

    Raises:
        PlaceError: a file is in the way, or the folder cannot be written in.
    """
    from ..package.place import PlaceError, unwritable

    if path.exists():
        raise PlaceError(f"{path}: is in the way", "move it away, or choose another --out")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield path
    except OSError as error:
        raise unwritable(path.parent, error) from error


def _write_new(path: Path, text: str) -> None:
    """Write a file that is not there, or that says the same already.

    Raises:
        PlaceError: another file is in the way, or the folder cannot be written in.
    """
    from ..package.place import PlaceError, unwritable

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and path.read_bytes() == text.encode("utf-8", "replace"):
            return
        with path.open("x", encoding="utf-8", errors="replace", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise PlaceError(f"{path}: is in the way", "move it away, or choose another --out") from None
    except OSError as error:
        raise unwritable(path.parent, error) from error


def page_numbers(text: str) -> list[int] | None:
    """``1,3-5`` as numbers, each once; None for an empty text.

    Raises:
        UsageError: it is no list of pages.
    """
    from ..readers.bounds import MAX_PAGES

    if not text:
        return None
    numbers: dict[int, None] = {}
    try:
        for part in text.split(","):
            first, dash, last = part.partition("-")
            begin, end = int(first), int(last if dash else first)
            if not 1 <= begin <= end:
                raise ValueError
            # No file has more pages; the first that is not there stands for all of them.
            numbers.update(dict.fromkeys(range(begin, min(end, max(begin, MAX_PAGES + 1)) + 1)))
    except ValueError:
        raise UsageError(f"--pages {text}: not a list of pages", "write 1,3-5") from None
    return list(numbers)


def _as_text(table: Table, number: int, arguments: argparse.Namespace, form: str) -> str:
    from ..package.rows import as_json, table_object
    from ..package.table_files import as_csv, as_markdown, plain, rows_of
    from ..tables.captions import tidy

    if arguments.tidy:
        return as_csv([[plain(str(value)) for value in row] for row in tidy(table)])
    match form:
        case "json":
            return as_json(table_object("", table, arguments.lang)) + "\n"
        case "csv":
            return as_csv(rows_of(table))
        case "md":
            return as_markdown(table)
    return _printed(table, number, rows_of(table), arguments.lang)


def _printed(table: Table, number: int, texts: list[list[str]], lang: str) -> str:
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table as RichTable

    title = _summary(table, number, lang)
    grid = RichTable(
        box=box.SQUARE,
        show_header=False,
        show_lines=True,
        title=escape(f"{title}  {table.caption}"),
        title_justify="left",
    )
    for _ in range(table.n_cols):
        grid.add_column(overflow="fold")  # Japanese has no blanks to wrap at
    for row in texts:
        grid.add_row(*map(escape, row))
    buffer = io.StringIO()
    Console(file=buffer, width=None if sys.stdout.isatty() else 160, color_system=None).print(grid)
    return buffer.getvalue()
