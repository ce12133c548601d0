"""report-extract panel: the years of a package side by side."""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path
from typing import Any

_EPILOG = """examples:
  report-extract run r4.pdf r5.pdf r6.pdf --out out/ && report-extract panel out/
  report-extract panel out/ --out panel.csv

Departments that look renamed, merged or split are proposed on standard error, never joined.
"""


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "panel",
        help="the years of a package side by side",
        description="One line a municipality, row and measure, one column a fiscal year.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("directory", type=Path, metavar="DIR", help="folder that `run` wrote")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the CSV there instead of printing it")
    parser.set_defaults(run=run, prints_data=True)


def run(arguments: argparse.Namespace) -> int:
    """Put the years together, print or write."""
    from ..checks.across_years import all_proposals, panel, reports, twice
    from ..core.messages import say
    from ..package.inert import spreadsheet
    from ..package.read import load_package

    known = reports(load_package(arguments.directory))
    header, lines = panel(known)
    rows = [header, *([spreadsheet(value) for value in line] for line in lines)]
    if arguments.out:
        with arguments.out.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    else:
        csv.writer(sys.stdout, lineterminator="\n").writerows(rows)
    for finding in (*twice(known), *all_proposals(known)):
        print(f"report-extract: {say(finding, arguments.lang)}", file=sys.stderr)
    return 0
