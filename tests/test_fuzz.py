"""Damaged reports through the whole batch: the run ends, every file has its line, none of it is a crash's silence."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.fuzz import fuzz
from benchmarks.hostile import hostile, write_hostile
from report_extract.package.schema import contract_datasets
from report_extract.package.write import write_package
from report_extract.pipeline import Options
from report_extract.review.page import review_html
from report_extract.run.batch import Limits, run
from report_extract.run.inputs import expand
from report_extract.run.parts import plan

from .samples import extraction
from .test_batch import FIXTURE
from .tiny_pdf import pdf


def test_every_damaged_file_has_its_line(tmp_path: Path) -> None:
    errors = fuzz(tmp_path, 24, 2, 2, Limits(60, 2000))
    assert len(errors) == 24
    assert all("\n" not in error and error.endswith(")") for error in errors.values() if error)


def test_every_hostile_file_has_its_line_and_its_remedy(tmp_path: Path) -> None:
    sound = FIXTURE.read_bytes()
    names = write_hostile(tmp_path, sound, len(hostile(sound)))
    found = {e.document: e for e in run(plan(expand([tmp_path]), tmp_path / "out", Options()), 2, Limits(60, 2000))}
    assert len(found) == len(names)
    read = [name for name, one in found.items() if one.status != "failed"]
    assert all("bomb" in name or "loop" in name for name in read)  # a page of blanks is a page
    assert all(one.error.endswith(")") for name, one in found.items() if name not in read)


def test_ten_thousand_pages_and_a_hundred_thousand_objects_end_within_bounds(tmp_path: Path) -> None:
    page = "BT /F1 9 Tf 9 9 Td (x) Tj ET"
    (tmp_path / "pages.pdf").write_bytes(pdf(*[page] * 10_000))
    lines = "\n".join(f"{k % 500} {k / 400:.2f} m {k % 500 + 30} {k / 400:.2f} l S" for k in range(100_000))
    (tmp_path / "lines.pdf").write_bytes(pdf(lines))
    (tmp_path / "good.pdf").write_bytes(pdf("BT /F1 12 Tf 20 200 Td (sound) Tj ET"))
    found = {e.document: e for e in run(plan(expand([tmp_path]), tmp_path / "out", Options()), 3, Limits(6, 2000))}
    assert found["good"].status == "unsupported"
    for name in ("pages", "lines"):
        assert found[name].status == "unsupported" or re.search("took longer|needs more|holds", found[name].error)


HARMFUL = ("=cmd|' /C calc'!A0", "</script><script>alert(1)</script>", "a\0b\ud800c", "-3", "'; DROP TABLE x; --")


@pytest.mark.parametrize("text", HARMFUL)
def test_harmful_text_is_inert_in_the_review_page(text: str) -> None:
    """The page's content is JSON in an element that no cell can end, and its script is none of the cell's."""
    sample = extraction("a", (text, "1", "2", "3", "4", "detail"))
    plain = review_html(extraction("a", ("x", "1", "2", "3", "4", "detail")), None)
    page = review_html(sample, None)
    assert page.count("<script") == plain.count("<script") and page.count("</script") == plain.count("</script")
    page.encode("utf-8", "replace")


def test_a_negative_number_is_harmed_nowhere(tmp_path: Path) -> None:
    sample = extraction("a", ("総務部", "△3", "-4", "-1,234", "1", "detail"))
    write_package([replace(sample)], tmp_path, contract_datasets())
    line = (tmp_path / "department_counts.csv").read_text(encoding="utf-8").splitlines()[1]
    assert ",総務部,-3,-4,-1234,1," in line
    cells = (tmp_path / "cells.csv").read_text(encoding="utf-8")
    assert ",-3,△3," in cells and "'-" not in cells
    assert json.loads((tmp_path / "tables.json").read_text(encoding="utf-8"))["tables"]
