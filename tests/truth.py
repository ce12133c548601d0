"""What a run on a fixture must give, and every way in which a run falls short of it."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from report_extract.result import Result

FIXTURES = Path(__file__).parent.parent / "fixtures"
DATASETS = {
    "department_counts": ("department", "internal_use", "external_provision", "subtotal", "prior_subtotal", "row_type"),
    "legal_basis_counts": ("paragraph", "item", "basis", "row_type", "count", "prior_count"),
    "consultations": (
        "use_type", "paragraph", "item", "number", "holding_division", "receiving_division", "project",
        "project_summary", "purpose", "personal_data", "decision",
    ),
}  # fmt: skip
WORST = ("pass", "repaired", "explained", "fail")
Row = dict[str, str]


def comparable(text: str, field: str = "") -> str:
    """Text without what typesetting alone decides: widths, blanks, kinds of dashes, bullets, joints of nested names."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    text = re.sub(r"[‐‑‒–—―−─]", "-", re.sub("[〜∼]", "~", text))
    if field == "department":
        return re.sub(r"[/・>_|:\-,()]", "", text)
    if field == "basis":
        text = re.sub(r"^[・○●◯\-(]+", "", text)
        return text[:-1] if text.endswith(")") and text.count(")") > text.count("(") else text
    return text


@dataclass(frozen=True)
class Truth:
    """One fixture's truth, read from its folder."""

    folder: Path

    @property
    def name(self) -> str:
        """The document's id."""
        return self.folder.name

    @property
    def pdf(self) -> Path:
        """The fixture itself."""
        return FIXTURES / str(self.meta["file"])

    @cached_property
    def meta(self) -> dict[str, Any]:
        """The file, its tags and what else is accepted."""
        read: dict[str, Any] = json.loads((self.folder / "meta.json").read_text(encoding="utf-8"))
        return read

    @cached_property
    def document(self) -> Row:
        """The row of documents.csv."""
        return self.rows("documents")[0]

    def rows(self, name: str) -> list[Row]:
        """The rows of one file."""
        with (self.folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def values(self, dataset: str, row: int, field: str, value: str) -> list[str]:
        """Every value that is right in a place."""
        accepted = (
            entry["values"]
            for entry in self.meta["accept"]
            if (entry["dataset"], entry["row"], entry["field"]) == (dataset, row, field)
        )
        return next(accepted, [value])


def truths() -> list[Truth]:
    """Every fixture report's truth, by name."""
    return [Truth(folder) for folder in sorted((FIXTURES / "truth").iterdir()) if folder.is_dir()]


def printed(value: object) -> str:
    """A value of a data frame as a CSV would hold it."""
    text = str(value)
    return "" if text in ("<NA>", "nan", "None") else text


def differences(truth: Truth, result: Result) -> Iterator[str]:
    """Every difference between a run and the truth, each in one line; none where the run is right."""
    yield from document_differences(truth, result)
    for name in DATASETS:
        yield from dataset_differences(truth, result, name)
    yield from check_differences(truth, result)


def document_differences(truth: Truth, result: Result) -> Iterator[str]:
    """Municipality, year and status."""
    got = result.documents.iloc[0]
    for field in ("municipality_code", "municipality", "fiscal_year", "status"):
        want = truth.values("documents", 0, field, truth.document[field])
        if printed(got[field]) not in want:
            yield f"documents.{field}: {printed(got[field])!r}, not {want[0]!r}"


def dataset_differences(truth: Truth, result: Result, name: str) -> Iterator[str]:
    """Every cell of a dataset, row by row in the report's order."""
    want, got = truth.rows(name), result.datasets[name]
    if len(want) != len(got):
        yield f"{name}: {len(got)} rows, not {len(want)}"
    for at, (row, (_, found)) in enumerate(zip(want, got.iterrows(), strict=False)):
        for field in DATASETS[name]:
            right = {comparable(value, field) for value in truth.values(name, at, field, row[field])}
            if comparable(printed(found[field]), field) not in right:
                yield f"{name}[{at}].{field}: {printed(found[field])!r}, not {row[field]!r}"
        if truth.document["status"] == "ok" and found["status"] != "ok":
            yield f"{name}[{at}].status: {found['status']}"


def check_differences(truth: Truth, result: Result) -> Iterator[str]:
    """The worst status of each check, and the numbers that are said to disagree."""
    got = result.checks
    known = truth.rows("checks")
    for want in known:
        rows = got[got["check"] == want["check"]]
        worst = max(rows["status"], key=WORST.index, default="missing")
        if worst != want["status"]:
            yield f"checks.{want['check']}: {worst}, not {want['status']}"
        disagreeing = [{printed(row["expected"]), printed(row["actual"])} for _, row in rows.iterrows()]
        for pair in json.loads(want["pairs"]):
            if set(map(str, pair)) not in disagreeing:
                yield f"checks.{want['check']}: nothing says that {pair[0]} and {pair[1]} disagree"
    for _, row in got[(got["status"] == "fail") & ~got["check"].isin([want["check"] for want in known])].iterrows():
        yield f"checks.{row['check']}: fails ({row['expected']}, {row['actual']})"
