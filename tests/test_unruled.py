"""The benchmark of layouts without rules: what it calls right, flagged and silent; and its plainest kinds are read."""

from __future__ import annotations

from pathlib import Path

import pytest

import report_extract as rx

pytest.importorskip("reportlab")

from benchmarks.layout_variants import KINDS, Case, variants
from benchmarks.layouts import verdict


@pytest.mark.parametrize("kind", ["bare", "booktabs", "beside", "contents"])
def test_its_plain_kinds_are_read(kind: str, tmp_path: Path) -> None:
    for case in variants(kind, 2, 3):
        path = tmp_path / f"{case.name}.pdf"
        path.write_bytes(case.pdf)
        assert verdict(case, rx.extract_tables(path)) == ("right", "")


def test_a_table_that_differs_or_is_lost_or_invented_is_told(tmp_path: Path) -> None:
    (case,) = variants("bare", 1, 3)
    path = tmp_path / "one.pdf"
    path.write_bytes(case.pdf)
    (table,) = rx.extract_tables(path)
    (rows,) = case.readings[0]
    changed = [[*rows[0]], *[[*row] for row in rows[1:]]]
    changed[-1][-1] += "1"
    silent = Case(case.name, case.pdf, [[changed]])
    assert verdict(silent, [table])[0] == "silent"
    assert verdict(silent, [table.doubted("unsure-structure", "1%")])[0] == "flagged"
    assert verdict(case, []) == ("silent", "no table")
    assert verdict(Case(case.name, case.pdf, [[]]), [table])[0] == "silent"


def test_the_same_seed_gives_the_same_pages() -> None:
    for kind in KINDS:
        one, two = (variants(kind, 2, 5) for _ in range(2))
        assert [(c.pdf, c.readings) for c in one] == [(c.pdf, c.readings) for c in two]
