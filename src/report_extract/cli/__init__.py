"""The command line: parse, call, print."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from ..core.errors import ReportExtractError
from ..core.version import __version__

_EPILOG = """examples:
  report-extract run report.pdf --out out/             one report
  report-extract run reports/ --out out/ --jobs 2      every report in a folder
  report-extract check out/                            do the numbers still add up?
  report-extract explain out/ department_counts 16 subtotal
  report-extract tables any.pdf                        every table of any PDF

exit codes: 0 done; 1 some input failed, or a check; 2 wrong usage; 3 nothing could be read
"""
# Every module has add_parser(subparsers), and run(arguments) -> exit code.
_COMMANDS = (
    "run",
    "check",
    "tables",
    "profiles",
    "explain",
    "panel",
    "profile",
    "review",
    "publish",
    "preflight",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="report-extract",
        description="Checked datasets from the PDF reports that Japanese municipalities publish.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in _COMMANDS:
        importlib.import_module(f".{name}", __name__).add_parser(commands)
    arguments = parser.parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except ReportExtractError as error:
        print(f"report-extract: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print("report-extract: interrupted; run the same command again to go on", file=sys.stderr)
        return 130
