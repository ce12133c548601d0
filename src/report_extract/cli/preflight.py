"""report-extract preflight: is the package what a portal wants?"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

_EPILOG = """examples:
  report-extract preflight out/
  report-extract preflight out/ --json

exits with 1 where a rule fails
"""


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "preflight",
        help="hold a package against the rules for machine-readable tables",
        description="Hold a package against 総務省's 統一ルール for machine-readable tables and portals' own rules.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("directory", type=Path, metavar="DIR", help="folder that `run` wrote")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Check every rule, print each with its places."""
    from dataclasses import asdict

    from ..package.preflight import preflight

    results = preflight(arguments.directory, arguments.lang)
    if arguments.json:
        print(json.dumps([asdict(result) for result in results], ensure_ascii=False, indent=1))
    else:
        for result in results:
            print(f"{'✓' if result.passed else '✗'} {result.rule}")
            for place in result.places:
                print(f"    {place}")
    return int(not all(result.passed for result in results))
