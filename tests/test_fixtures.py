"""Every fixture report gives exactly its truth: each cell, each check, each status."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache

import pytest

import report_extract as rx
from report_extract.readers import open_document
from report_extract.result import Result

from .truth import DATASETS, FIXTURES, Truth, comparable, differences, printed, truths

TRUTHS = {truth.name: truth for truth in truths() if "native" in truth.meta["tags"]}


@cache
def run(name: str) -> Result:
    """One run a fixture, whatever number of tests looks at it."""
    return rx.extract(TRUTHS[name].pdf)


@pytest.mark.parametrize("name", TRUTHS)
def test_a_report_gives_its_truth(name: str) -> None:
    found = list(differences(TRUTHS[name], run(name)))
    assert not found, "\n".join(found)


def letters(truth: Truth) -> Counter[str]:
    """Every character on the pages of a fixture."""
    with open_document(truth.pdf) as document:
        return Counter(comparable("".join(str(text) for page in document.pages() for text in page.chars["text"])))


@pytest.mark.parametrize("name", TRUTHS)
def test_a_fixture_prints_what_its_truth_says(name: str) -> None:
    truth = TRUTHS[name]
    names = ("department", "basis", "project", "personal_data", "holding_division", "receiving_division")
    texts = {
        (name, field, row[field]) for name in DATASETS for row in truth.rows(name) for field in names if row.get(field)
    }
    wanted = Counter(letter for _, field, text in texts for letter in comparable(text, field))
    missing = wanted.keys() - letters(truth).keys()
    assert not missing


def test_a_planted_wrong_total_fails_with_its_digits_kept() -> None:
    result = run("iwaki-r6-wrong-total")
    total = result.datasets["department_counts"].iloc[-1]
    assert (total["department"], total["subtotal"]) == ("合計", 402)
    assert total["status"] == "review"
    assert (result.datasets["department_counts"].iloc[:-1]["status"] == "ok").all()


def test_the_note_that_explains_a_mismatch_is_quoted() -> None:
    checks = run("iwaki-r6").checks
    (explained,) = checks[checks["status"] == "explained"]["note"]
    assert "複数区分に該当する案件がある" in comparable(explained)


def test_three_reports_give_their_years() -> None:
    result = rx.extract(*(TRUTHS[f"iwaki-r{year}"].pdf for year in (4, 5, 6)))
    observations = result.datasets["observations"]
    totals = observations[(observations["dataset"] == "department_counts") & (observations["key"] == "合計")]
    subtotals = totals[totals["measure"] == "subtotal"]
    assert dict(zip(subtotals["fiscal_year"], subtotals["value"], strict=False)) == {
        2021: 235, 2022: 258, 2023: 272, 2024: 401,
    }  # fmt: skip
    years = result.checks[result.checks["check"] == "years.prior_matches"]
    assert len(years)
    assert set(years["status"]) == {"pass"}


@pytest.mark.parametrize("name", ["takamatsu", "morioka"])
def test_another_kind_of_report_gives_its_truth(name: str) -> None:
    folder = FIXTURES / "disclosure"
    result = rx.extract(folder / f"{name}-disclosure.pdf")
    found = result.datasets["disclosure_requests"]
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        want = list(csv.DictReader(file))
    assert [{field: printed(row[field]) for field in want[0]} for _, row in found.iterrows()] == want
    assert set(found["status"]) == {"ok"}
    with (folder / "documents.csv").open(encoding="utf-8", newline="") as file:
        (about,) = (row for row in csv.DictReader(file) if row["document"] == f"{name}-disclosure")
    document = result.documents.iloc[0]
    for field in ("municipality_code", "municipality", "fiscal_year"):
        assert printed(document[field]) == about[field]
    assert document["status"] == "ok"


def test_the_fixtures_stay_small() -> None:
    assert sum(truth.pdf.stat().st_size for truth in TRUTHS.values()) < 5_000_000
