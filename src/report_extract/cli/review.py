"""report-extract review: settle the flagged cells of a package in the browser."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

_EPILOG = """examples:
  report-extract review out/              prints the address to open; Ctrl-C ends it
  report-extract review out/ --open       opens it in the browser

What is typed is appended to out/corrections.jsonl at once, and `run` applies it again.
"""


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "review",
        help="settle flagged cells in the browser",
        description="Open a package in the app on this machine; corrections renew sums and statuses at once.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("directory", type=Path, metavar="DIR", help="folder that `run` wrote")
    parser.add_argument("--port", type=int, default=0, help="default: any free one")
    parser.add_argument("--open", action="store_true", help="open the page in the browser")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    from ..core.errors import ExportError
    from ..package import place
    from .app import serve_here

    place.settle(arguments.directory)
    if not (arguments.directory / "documents.csv").is_file():
        raise ExportError(f"{arguments.directory}: no data package", "give the folder that `report-extract run` wrote")
    serve_here(arguments.directory, arguments.lang, arguments.port, arguments.open)
    return 0
