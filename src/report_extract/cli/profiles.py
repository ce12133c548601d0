"""report-extract profiles: the kinds of report that are known."""

from __future__ import annotations

import argparse
from typing import Any


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "profiles",
        help="list the kinds of report that are known",
        description="List the built-in profiles with the datasets that each gives.",
        epilog="examples:\n  report-extract profiles\n  report-extract profile new report.pdf > mine.toml\n",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print them."""
    from ..profile.load import builtin

    for profile in builtin():
        print(f"{profile.name}  {profile.title if arguments.lang == 'ja' else profile.title_en or profile.title}")
        for dataset in profile.datasets:
            title = dataset.title if arguments.lang == "ja" else dataset.title_en or dataset.title
            print(f"  {dataset.name}  {title}: {', '.join(f.name for f in dataset.fields)}")
    return 0
