"""report-extract publish: a package onto a CKAN portal."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

_EPILOG = """examples:
  report-extract publish out/ --ckan https://data.example.lg.jp --organization iwaki --dry-run
  CKAN_API_TOKEN=… report-extract publish out/ --ckan https://data.example.lg.jp --organization iwaki --licence cc-by

the token is read from the environment: CKAN_API_TOKEN
"""


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "publish",
        help="publish a package on a CKAN portal",
        description="Make or update a dataset on a CKAN portal: metadata, files, typed tables, data dictionary.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("directory", type=Path, metavar="DIR", help="folder that `run` wrote")
    parser.add_argument("--ckan", required=True, metavar="URL", help="the portal's address")
    parser.add_argument("--organization", required=True, metavar="ID", help="owner of the dataset there")
    parser.add_argument("--name", default="", help="the dataset's name there (default: from its contents)")
    parser.add_argument("--licence", default="", metavar="ID", help="licence id of the portal, such as cc-by")
    parser.add_argument("--source", default="", metavar="URL", help="where the reports were published")
    parser.add_argument("--dry-run", action="store_true", help="print every call and make none")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Publish, print the address."""
    from ..package.publish import Portal, publish, token_from_environment

    token = "" if arguments.dry_run else token_from_environment()
    address = publish(
        arguments.directory,
        Portal(arguments.ckan, arguments.organization, token),
        name=arguments.name,
        licence=arguments.licence,
        source=arguments.source,
        dry_run=(lambda line: print(line, file=sys.stdout)) if arguments.dry_run else None,
    )
    print(address)
    return 0
