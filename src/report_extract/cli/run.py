"""report-extract run: inputs -> one data package."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Container, Iterable
from pathlib import Path
from typing import Any

from ..core.errors import UsageError, translated
from ..core.extras import require
from ..run.start import prepare
from .given import PASSWORDS, at_hand
from .progress import Progress

_EPILOG = """examples:
  report-extract run report.pdf --out out/
  report-extract run 2023.pdf 2024.pdf scans/ --out out/ --jobs 2 --format xlsx,parquet
  report-extract run report.pdf --out out/ --json | jq .checks
"""
FORMATS = ("xlsx", "parquet", "sqlite")


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "run",
        help="extract reports into one data package",
        description="Extract PDFs, images of pages, OCR text, folders or ZIP archives of these into one data package.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    kinds = "PDF, PNG, JPEG, TIFF, text, ZIP or folder; - for standard input"
    parser.add_argument("inputs", nargs="+", type=Path, metavar="INPUT", help=kinds)
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder of the data package")
    parser.add_argument("--add", action="store_true", help="keep the documents that the package in DIR holds already")
    parser.add_argument("--no-overwrite", action="store_true", help="refuse to replace a package that is there")
    parser.add_argument("--profile", default="", metavar="NAME|FILE", help="kind of report (default: whichever fits)")
    parser.add_argument("--password", action="append", default=[], metavar="PASSWORD", help=PASSWORDS)
    parser.add_argument("--municipality", default="", metavar="CODE|NAME", help="whose reports, where they do not say")
    parser.add_argument(
        "--fiscal-year", type=fiscal_year, default=0, metavar="YEAR", help="their year (2024, 令和6年度 or R6)"
    )
    parser.add_argument(
        "--ocr",
        choices=("auto", "never", "always"),
        default="auto",
        help="when to recognise page images (default: %(default)s)",
    )
    parser.add_argument(
        "--layouts", type=Path, metavar="DIR", help="mended tables to use where a page is laid out alike"
    )
    parser.add_argument(
        "--jobs", type=int, default=1, metavar="N", help="processes side by side (default: %(default)s)"
    )
    parser.add_argument(
        "--timeout",
        type=float,
        default=900,
        metavar="SECONDS",
        help="bound on one input (default: %(default)g)",
    )
    parser.add_argument(
        "--memory", type=int, default=3000, metavar="MB", help="bound on one input (default: %(default)s)"
    )
    parser.add_argument(
        "--dask", default="", metavar="ADDRESS", help="run on a Dask cluster instead of on this machine"
    )
    parser.add_argument("--format", default="", metavar="LIST", help="also write: xlsx, parquet, sqlite")
    parser.add_argument(
        "--excel-csv", action="store_true", help="begin every CSV with a byte order mark, as Excel wants it"
    )
    parser.add_argument("--licence", default="", metavar="ID|URL", help="licence of the package, such as CC-BY-4.0")
    parser.add_argument("--source-url", default="", metavar="URL", help="where the reports were published")
    parser.add_argument("--issued", type=_date, metavar="DATE", help="when they came out (2025-06-01)")
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")
    parser.set_defaults(run=run)


def fiscal_year(told: str) -> int:
    """The fiscal year that a person gives: ``2024``, ``令和6年度``, ``R6``."""
    from ..text import parse

    try:
        return parse.fiscal_year(told.strip().upper())
    except parse.CastError:
        raise argparse.ArgumentTypeError(f"{told}: give a year as 2024, 令和6年度 or R6") from None


def _date(told: str) -> str:
    """The date that a person gives, as ISO 8601: ``2025-06-01``, ``令和7年6月1日``."""
    from ..text import parse

    try:
        if len(date := parse.iso_date(told)) == 10:
            return date
    except parse.CastError:
        pass
    raise argparse.ArgumentTypeError(f"{told}: give a date as 2025-06-01 or 令和7年6月1日")


def run(arguments: argparse.Namespace) -> int:
    """Extract, write, say what was found."""
    formats = [name for name in arguments.format.split(",") if name]
    if unknown := set(formats) - set(FORMATS):
        raise UsageError(f"--format: unknown {', '.join(sorted(unknown))}", f"choose from {', '.join(FORMATS)}")
    if "parquet" in formats:
        require("pyarrow", "parquet", "--format parquet")
    if arguments.jobs < 1:
        raise UsageError("--jobs: at least 1")
    if arguments.no_overwrite and (arguments.out / "datapackage.json").exists():
        remedy = "choose another --out, or leave --no-overwrite away"
        raise UsageError(f"{arguments.out}: there is a data package already", remedy)
    progress = Progress(arguments.quiet or arguments.json)
    if not arguments.dask:
        prepare(several=len(arguments.inputs) > 1 or os.path.isdir(arguments.inputs[0]))  # noqa: PTH112 - never raises
    from ..corrections.layouts import load_folder
    from ..package.datapackage import Terms
    from ..pipeline import Options
    from ..profile import load
    from ..run.batch import Limits
    from ..run.inputs import SUFFIXES
    from ..run.into import Writing, run_into
    from ..text.gazetteer import municipality

    # What is wrong with the call fails here, before any input is read.
    if arguments.profile:
        load.load(arguments.profile)
    if arguments.municipality:
        municipality(arguments.municipality)
    options = Options(
        profile=arguments.profile,
        ocr=arguments.ocr,
        municipality=arguments.municipality,
        fiscal_year=arguments.fiscal_year,
        layouts=load_folder(arguments.layouts) if arguments.layouts else (),
    )
    limits = Limits(arguments.timeout, arguments.memory)
    told = Terms(arguments.licence, arguments.source_url, arguments.issued or "")
    writing = Writing(
        lang=arguments.data_lang,
        formats=tuple(formats),
        bom=arguments.excel_csv,
        terms=told if told != Terms() else None,
        add=arguments.add,
    )
    with at_hand(arguments.inputs, arguments.out, SUFFIXES, arguments.password) as inputs, progress as bar:
        outcome = run_into(
            inputs,
            arguments.out,
            options,
            writing,
            workers=arguments.jobs,
            limits=limits,
            cluster=_cluster(arguments.dask, limits),
            planned=bar.begin,
            done=bar.advance,
        )
    summary = summarise(outcome.extractions)
    _say(summary, arguments, outcome)
    return exit_code(summary, outcome.given) or int(bool(outcome.refused))


def summarise(extractions: Iterable[Any]) -> dict[str, Any]:
    """What a run found, in numbers: documents, rows, checks, cells.

    A document's ``review`` is the number of its flagged values, as in cells.csv, and of the findings on it.
    """
    from ..package.rows import flagged as to_review
    from ..package.rows import status_of

    documents = []
    rows, checks, cells = Counter[str](), Counter[str](), Counter[str]()
    for one in extractions:
        flagged = Counter(c.status for d in one.datasets for row in d.rows for c in row.values())
        rows.update({d.name: len(d.rows) for d in one.datasets})
        checks.update(c.status for c in one.checks)
        cells.update(flagged)
        documents.append(
            {
                "document": one.document,
                "status": status_of(one),
                "municipality": one.identity.municipality.text if one.identity.municipality else "",
                "fiscal_year": one.identity.fiscal_year.text if one.identity.fiscal_year else "",
                "rows": sum(len(d.rows) for d in one.datasets),
                "tables": len(one.tables),
                "checks": dict(sorted(Counter(c.status for c in one.checks).items())),
                "review": sum(to_review(one)),
                "error": one.error,
            }
        )
    return {"documents": documents, "rows": dict(rows), "checks": dict(checks), "cells": dict(cells)}


def exit_code(summary: dict[str, Any], given: Container[str]) -> int:
    """0 all inputs that were given are done, 1 some failed, 3 none could be read."""
    statuses = [d["status"] for d in summary["documents"] if d["document"] in given]
    if all(status == "failed" for status in statuses):
        return 3
    return int("failed" in statuses)


def _cluster(address: str, limits: Any) -> Any:
    if not address:
        return None
    from ..run.cluster import dask_cluster

    return dask_cluster(address, limits)


def _say(summary: dict[str, Any], arguments: argparse.Namespace, outcome: Any) -> None:
    for error in outcome.refused:
        print(f"report-extract: {translated(str(error), arguments.lang)}", file=sys.stderr)
    for document in summary["documents"]:
        if document["error"] and document["document"] in outcome.given:
            print(f"report-extract: {translated(document['error'], arguments.lang)}", file=sys.stderr)
    if arguments.json:
        print(json.dumps(summary, ensure_ascii=False, indent=1))
    elif outcome.written and not arguments.quiet:
        _table(summary, arguments.out, arguments.lang)


_HEADINGS = {
    "ja": ("文書", "自治体", "年度", "状態", "行", "検査 合/否/説明/修復", "要確認"),
    "en": (
        "document",
        "municipality",
        "year",
        "status",
        "rows",
        "checks pass/fail/expl./repaired",
        "to review",
    ),
}
_STATUS_STYLE = {"ok": "green", "review": "yellow", "failed": "red", "unsupported": "cyan"}


def _table(summary: dict[str, Any], out: Path, lang: str) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else 120)
    table = Table(*_HEADINGS[lang], header_style="bold")
    for d in summary["documents"]:
        checks = "/".join(str(d["checks"].get(s, 0)) for s in ("pass", "fail", "explained", "repaired"))
        status = f"[{_STATUS_STYLE[d['status']]}]{d['status']}[/]"
        cells = (
            escape(d["document"]),
            escape(d["municipality"]),
            escape(d["fiscal_year"]),
            status,
            str(d["rows"]),
            checks,
            str(d["review"]),
        )
        table.add_row(*cells)
    console.print(table)
    page, out_name = escape(str(out / "review.html")), escape(str(out))
    data, review = ("データ", "確認ページ") if lang == "ja" else ("data", "review page")
    console.print(f"{data}: {out_name}/   {review}: {page}", soft_wrap=True)
