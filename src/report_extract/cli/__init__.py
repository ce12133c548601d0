"""The command line: parse, call, print."""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Sequence

from ..core import log
from ..core.errors import ReportExtractError
from ..core.version import __version__
from .parser import EnglishParser, Parser, language
from .streams import for_data, tolerant

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
    "app",
    "check",
    "tables",
    "profiles",
    "explain",
    "panel",
    "profile",
    "review",
    "publish",
    "preflight",
    "completion",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    tolerant()
    given = sys.argv[1:] if argv is None else list(argv)
    lang, asked = language(given)
    parser = make_parser(lang)
    if "_ARGCOMPLETE" in os.environ:  # the shell asks what may come next
        import argcomplete

        argcomplete.autocomplete(parser)
    arguments = parser.parse_args(given)
    # What a package says of its columns is Japanese, whatever the locale of the machine that wrote it.
    arguments.lang, arguments.data_lang = lang, lang if asked else "ja"
    if getattr(arguments, "json", False) or getattr(arguments, "prints_data", False):
        for_data()
    log.set_up(-1 if arguments.quiet else arguments.verbose)
    try:
        return int(arguments.run(arguments))
    except ReportExtractError as error:
        print(f"report-extract: {error.say(lang)}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except (MemoryError, OSError, RecursionError) as error:
        logging.getLogger("report_extract").debug("", exc_info=True)
        said = " ".join(str(error).split())[:300] or type(error).__name__
        print(f"report-extract: {said}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        again = "中断しました。同じコマンドで続きから再開できます" if lang == "ja" else (
            "interrupted; run the same command again to go on"
        )
        print(f"report-extract: {again}", file=sys.stderr)
        return 130


def make_parser(lang: str) -> Parser:
    """The parser of all commands, in "ja" or "en"."""
    parser = (EnglishParser if lang == "en" else Parser)(
        prog="report-extract",
        description="Checked datasets from the PDF reports that Japanese municipalities publish.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.commands(dest="command", metavar="COMMAND", required=True)
    for name in _COMMANDS:
        importlib.import_module(f".{name}", __name__).add_parser(commands)
    for command in parser.leaves():
        command.add_common()
    return parser
