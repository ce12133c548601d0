"""report-extract explain: follow one number back to its place on the page."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from ..core.errors import UsageError

_EPILOG = """examples:
  report-extract explain out/ department_counts 16 subtotal
  report-extract explain out/ consultations 0 holding_division --json
"""
_WORDS = {
    "ja": ("値", "原文", "出所", "確信度", "状態", "場所", "読み", "検査", "なし", "ページ"),
    "en": (
        "value",
        "raw",
        "source",
        "confidence",
        "status",
        "place",
        "readings",
        "checks",
        "none",
        "page",
    ),
}


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "explain",
        help="follow one number back to its place on the page",
        description="Say where a value came from: page, box, each reading, each check it takes part in.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("directory", type=Path, metavar="DIR", help="folder that `run` wrote")
    parser.add_argument("dataset", metavar="DATASET", help="for example department_counts")
    parser.add_argument("row", type=int, metavar="ROW", help="row in that file, from 0")
    parser.add_argument("field", metavar="FIELD", help="column in that file")
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Look it up, print it."""
    story = explain(arguments.directory, arguments.dataset, arguments.row, arguments.field)
    if arguments.json:
        print(json.dumps(story, ensure_ascii=False, indent=1))
    else:
        _print(story, arguments.lang)
    return 0


def explain(directory: Path, dataset: str, row: int, field: str) -> dict[str, Any]:
    """All that a package knows of one value: its line of cells.csv, its readings, its checks, its input.

    Raises:
        UsageError: there is no such value.
        ExportError: there is no package.
    """
    from ..package.read import load_package
    from ..package.stored import reading, records

    load_package(directory)  # whatever is wrong with the package is said before anything is looked up
    wanted = {"dataset": dataset, "row": str(row), "field": field}

    def here(record: dict[str, str]) -> bool:
        return all(record[name] == value for name, value in wanted.items())

    place = f"{dataset}:{row}:{field}"
    with reading(directory):
        cell = next((dict(r) for r in records(directory, "cells") if here(r)), None)
        if cell is None:
            raise UsageError(
                f"{directory}: no value at {dataset} row {row} field {field}",
                "look into cells.csv for what there is",
            )
        paths = {r["document"]: r["path"] for r in records(directory, "documents")}
        return {
            **cell,
            "path": paths.get(cell["document"], ""),
            "readings": [dict(r) for r in records(directory, "readings") if here(r)],
            "checks": [dict(r) for r in records(directory, "checks") if place in r["cells"].split()],
        }


def _print(story: dict[str, Any], lang: str) -> None:
    value, raw, source, confidence, status, where, readings, checks, none, page = _WORDS[lang]
    print(f"{story['dataset']}[{story['row']}].{story['field']}")
    box = f"({story['x0']}, {story['top']}) – ({story['x1']}, {story['bottom']}) pt"
    for label, text in (
        (value, story["value"]),
        (raw, story["raw"]),
        (where, f"{story['path']} {page} {story['page']} {box}" if story["page"] else none),
        (source, f"{story['source']} ({confidence} {story['confidence']})"),
        (status, " ".join(filter(None, (story["status"], story["reason"])))),
    ):
        print(f"  {label}: {text}")
    print(f"  {readings}:")
    for reading in story["readings"] or [{"by": story["source"], "text": story["raw"], "note": ""}]:
        print(f"    {reading['by']}: {reading['text']}  {reading['note']}".rstrip())
    print(f"  {checks}:" + ("" if story["checks"] else f" {none}"))
    for check in story["checks"]:
        numbers = f"{check['expected']} / {check['actual']}" if check["expected"] else ""
        print(f"    {check['status']}  {check['check']}  {check['scope']}  {numbers}  {check['note']}".rstrip())
