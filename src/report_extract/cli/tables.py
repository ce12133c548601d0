"""report-extract tables: every table of any PDF, no profile needed."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
import warnings
from pathlib import Path
from typing import Any

from ..core.errors import UsageError
from .streams import for_data

_EPILOG = """examples:
  report-extract tables any.pdf                       print them
  report-extract tables any.pdf --pages 3,7-9 --format csv --out tables/
  report-extract tables any.pdf --tidy | head         one value a line with its headings
"""
FORMATS = ("text", "csv", "json")


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
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Find, print or write."""
    from ..result import extract_tables

    if arguments.tidy or arguments.format != "text":
        for_data()

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", UserWarning)
        tables = extract_tables(arguments.input, page_numbers(arguments.pages), arguments.ocr)
    for warning in told:
        print(f"{arguments.input.name}: {warning.message}", file=sys.stderr)
    suffix = {"text": "txt", "csv": "csv", "json": "json"}["csv" if arguments.tidy else arguments.format]
    for number, table in enumerate(tables, 1):
        text = _as_text(table, number, arguments)
        if arguments.out:
            arguments.out.mkdir(parents=True, exist_ok=True)
            (arguments.out / f"table-{number:03d}.{suffix}").write_text(text, encoding="utf-8")
        else:
            sys.stdout.write(text)
    if not tables:
        none = "表が見つかりません" if arguments.lang == "ja" else "no tables found"
        print(f"{arguments.input.name}: {none}", file=sys.stderr)
    return 0


def page_numbers(text: str) -> list[int] | None:
    """``1,3-5`` as numbers; None for an empty text.

    Raises:
        UsageError: it is no list of pages.
    """
    if not text:
        return None
    numbers: list[int] = []
    try:
        for part in text.split(","):
            first, _, last = part.partition("-")
            numbers += range(int(first), int(last or first) + 1)
    except ValueError:
        raise UsageError(f"--pages {text}: not a list of pages", "write 1,3-5") from None
    return numbers


def _as_text(table: Any, number: int, arguments: argparse.Namespace) -> str:
    from ..package.inert import spreadsheet
    from ..package.rows import table_object
    from ..tables.captions import tidy

    if arguments.tidy:
        return _csv([[spreadsheet(str(v)) for v in row] for row in tidy(table)])
    if arguments.format == "json":
        return json.dumps(table_object("", table), ensure_ascii=False) + "\n"
    texts = [[cell.text if cell else "" for cell in row] for row in table.grid()]
    if arguments.format == "csv":
        return _csv([[spreadsheet(text) for text in row] for row in texts])
    return _printed(table, number, texts)


def _csv(rows: list[list[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def _printed(table: Any, number: int, texts: list[list[str]]) -> str:
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table as RichTable

    title = f"{number}. p. {table.page} · {table.n_rows} × {table.n_cols}"
    title += f" · {table.rotation}°" if table.rotation else ""
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
