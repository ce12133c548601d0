"""report-extract profile: draft a profile from one report, or try one on many."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ..core.errors import ReportExtractError, UsageError

_EPILOG = """examples:
  report-extract profile new report.pdf > mine.toml       a draft to edit
  report-extract profile test reports/ --profile mine.toml    what did not fit?
"""


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "profile",
        help="draft a profile from a report, or try one on a folder",
        description="A profile is a TOML file that describes a kind of report. Draft one from a report; try it.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.commands(dest="action", metavar="ACTION", required=True)
    new = actions.add_parser("new", help="draft a profile from one report, on standard output")
    new.add_argument("input", type=Path, metavar="FILE", help="a report")
    new.set_defaults(run=_new, prints_data=True)
    test = actions.add_parser("test", help="say what in each report did not fit; exits with 1 if anything did not")
    test.add_argument("inputs", nargs="+", type=Path, metavar="INPUT", help="reports, or folders of them")
    test.add_argument("--profile", required=True, metavar="NAME|FILE", help="the profile to try")
    test.set_defaults(run=_test)


def _new(arguments: argparse.Namespace) -> int:
    from ..datasets.draft import draft
    from ..pipeline import Options
    from ..run.bounded import extract_within

    sys.stdout.write(draft(extract_within(arguments.input, Options())))
    return 0


def _test(arguments: argparse.Namespace) -> int:
    from ..core.messages import say
    from ..datasets.draft import misfits
    from ..pipeline import Options
    from ..profile.load import load
    from ..run.bounded import extract_within
    from ..run.inputs import expand

    profile = load(arguments.profile)
    inputs = expand(arguments.inputs)
    if not inputs:
        raise UsageError("no reports among the inputs", "name a file, or a folder that holds some")
    unfit = 0
    for given in inputs:
        try:
            extraction = extract_within(given, Options(profile=arguments.profile))
        except ReportExtractError as error:
            print(f"✗ {given.document}: {error}")
            unfit += 1
            continue
        found = [*misfits(extraction, profile), *extraction.findings]
        failed = [c for c in extraction.checks if c.status == "fail"]
        print(f"{'✗' if found or failed else '✓'} {given.document}: {sum(len(d.rows) for d in extraction.datasets)}")
        for finding in dict.fromkeys(say(f, arguments.lang) for f in found):
            print(f"    {finding}")
        for check in failed:
            print(f"    {check.check} {check.scope}: {check.expected} ≠ {check.actual}")
        unfit += bool(found or failed)
    return int(unfit > 0)
