"""report-extract publish: a package onto a CKAN portal."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ..core.errors import ExportError

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
    parser.add_argument(
        "--source-url",
        "--source",
        dest="source",
        default="",
        metavar="URL",
        help="where the reports were published",
    )
    parser.add_argument("--anyway", action="store_true", help="publish although cells are flagged or preflight fails")
    parser.add_argument("--dry-run", action="store_true", help="print every call and make none")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Publish, print the address."""
    from ..package.portal import Portal
    from ..package.publish import publish, token_from_environment

    if not arguments.anyway and not arguments.dry_run:
        _refuse_unfinished(arguments.directory)
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


def _refuse_unfinished(directory: Path) -> None:
    """Refuse a package that a person has not been through.

    Raises:
        ExportError: values are flagged, or rules for machine-readable tables are broken.
    """
    from ..package.preflight import preflight
    from ..package.stored import reading, records

    with reading(directory):
        flagged = sum(record["status"] == "review" for record in records(directory, "cells"))
    if flagged:
        raise ExportError(
            f"{directory}: {flagged} values wait for a person", "settle them with `review`, or say --anyway"
        )
    broken = [result.rule for result in preflight(directory, "en") if not result.passed]
    if broken:
        raise ExportError(f"{directory}: preflight fails: {'; '.join(broken)}", "see `preflight`, or say --anyway")
