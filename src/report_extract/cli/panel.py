"""report-extract panel: all years of a package side by side."""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path
from typing import Any

_EPILOG = """examples:
  report-extract panel out/                      print the panel as CSV
  report-extract panel out/ --out panel.csv      write it to a file

Numbers stand in the year they are about; a year without a report of its own is filled from the report of the year
after. Departments are followed by name: what looks renamed, merged or split is said on standard error.
"""


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "panel",
        help="all years of a package side by side",
        description="Put the reports of several years side by side, one line a department and measure.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("directory", type=Path, metavar="DIR", help="folder that `run` wrote")
    parser.add_argument("--out", type=Path, metavar="FILE", help="CSV to write (default: standard output)")
    parser.add_argument("--lang", choices=("ja", "en"), default="ja", help="language of what is said")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the panel; say what may have been renamed, merged or split."""
    from .. import messages, years
    from ..errors import ExportError
    from ..readback import load_package

    known = years.reports(load_package(arguments.directory))
    header, lines = years.panel(known)
    try:
        if arguments.out:
            with arguments.out.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([header, *lines])
        else:
            csv.writer(sys.stdout, lineterminator="\n").writerows([header, *lines])
    except OSError as error:
        raise ExportError(f"{arguments.out}: {error.strerror}", "choose another place with --out") from error
    for finding in years.all_proposals(known):
        print(messages.say(finding, arguments.lang), file=sys.stderr)
    return 0
