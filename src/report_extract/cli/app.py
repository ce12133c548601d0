"""report-extract app: drop reports, settle what is doubtful, take the data home, all in the browser."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

_EPILOG = """examples:
  report-extract app                      works in the folder report-extract-data, opens the browser
  report-extract app out/                 goes on with a package that `run` or the app wrote
  report-extract app out/ --no-open       prints the address to open instead

Ctrl-C ends it; what waits is read when it is started again. Nothing leaves this machine.
"""


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "app",
        help="everything in the browser: drop reports, settle doubts, mend tables",
        description="A web app on this machine: drop reports, settle what is doubtful, mend tables, take data home.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "directory",
        type=Path,
        nargs="?",
        default=Path("report-extract-data"),
        metavar="DIR",
        help="folder of the package and the dropped files (default: %(default)s)",
    )
    parser.add_argument("--port", type=int, default=0, help="default: any free one")
    parser.add_argument("--no-open", action="store_true", help="print the address and open no browser")
    parser.add_argument(
        "--jobs", type=int, default=1, metavar="N", help="documents read side by side (default: %(default)s)"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    serve_here(arguments.directory, arguments.lang, arguments.port, not arguments.no_open, arguments.jobs)
    return 0


def serve_here(directory: Path, lang: str, port: int, opens: bool, jobs: int = 1) -> None:
    """Serve the app on a folder, say where, and open the browser if wanted.

    Raises:
        ExportError: the folder cannot be written.
    """
    from ..app.server import serve
    from ..core.errors import ExportError

    wanted = opens

    def ready(link: str) -> None:
        nonlocal wanted
        print(link, flush=True)
        if wanted:
            import webbrowser

            webbrowser.open(link)
            wanted = False  # a new link, for another browser, is printed only

    print("Ctrl-C で終了します" if lang == "ja" else "Ctrl-C ends it", file=sys.stderr)
    try:
        serve(directory, lang, port, ready, jobs)
    except OSError as error:
        raise ExportError(f"{directory}: {error.strerror or error}", "choose another folder or port") from error
