"""report-extract check: do the numbers of a package still add up?"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

_EPILOG = """examples:
  report-extract check out/          after a value was edited by hand
  report-extract check out/ --json

exits with 1 where a check fails
"""
_MARKS = {"pass": "✓", "fail": "✗", "explained": "※", "repaired": "~"}


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "check",
        help="check a package again",
        description="Check the values of a data package again, as its CSV files stand now.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("directory", type=Path, metavar="DIR", help="folder that `run` wrote")
    parser.add_argument("-q", "--quiet", action="store_true", help="print nothing; the exit code tells")
    parser.add_argument("--json", action="store_true", help="print the checks as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Check, print, exit with 1 on a fail."""
    from ..package.read import load_package

    results = [(one.document, check) for one in load_package(arguments.directory) for check in rechecked(one)]
    if arguments.json:
        print(json.dumps([{"document": d, **asdict(c)} for d, c in results], ensure_ascii=False, indent=1))
    elif not arguments.quiet:
        for document, check in results:
            numbers = f"{check.expected} ≠ {check.actual}" if check.expected != check.actual else check.actual
            print(f"{_MARKS[check.status]} {document}  {check.check}  {check.scope}  {numbers}  {check.note}".rstrip())
    return int(any(check.status == "fail" for _, check in results))


def rechecked(extraction: Any) -> list[Any]:
    """The checks of one extraction's values as they stand, nothing repaired."""
    from ..checks.balance import balance
    from ..core.model import Reading
    from ..profile.identity import likeliest_year
    from ..profile.load import used

    def settled(cell: Any) -> Any:
        # What stands in the file is what is checked: it counts as a person's word, so none of it is repaired.
        return replace(cell, readings=(*cell.readings[:1], Reading(cell.text, "review")), doubts=())

    datasets = tuple(
        replace(d, rows=tuple({name: settled(c) for name, c in row.items()} for row in d.rows))
        for d in extraction.datasets
    )
    profile = used(extraction.profile, extraction.profile_toml) if extraction.profile else None
    year = likeliest_year(extraction.identity)
    return list(balance(datasets, (), extraction.lines, profile, year)[1])
