"""report-extract review: settle flagged cells in the browser."""

from __future__ import annotations

import argparse
import sys
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
        description="Serve the review page on this machine; corrections renew sums and statuses at once.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("directory", type=Path, metavar="DIR", help="folder that `run` wrote")
    parser.add_argument("--port", type=int, default=0, help="default: any free one")
    parser.add_argument("--open", action="store_true", help="open the page in the browser")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    from ..app.server import serve

    def ready(address: str) -> None:
        print(address, flush=True)
        print("Ctrl-C ends it", file=sys.stderr)
        if arguments.open:
            import webbrowser

            webbrowser.open(address)

    serve(arguments.directory, arguments.lang, arguments.port, ready)
    return 0
