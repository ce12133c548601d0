"""What a person typed is the last word, and is never lost."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report_extract.checks.balance import balance
from report_extract.core.geometry import BBox
from report_extract.core.model import Cell, Check, Field
from report_extract.corrections.apply import correct
from report_extract.corrections.store import Correction, append, correction_of, load
from report_extract.corrections.values import accepted
from report_extract.pipeline import again, extract_one
from report_extract.profile.load import builtin

from .faults import KILL, MEMORY, Faults, tried
from .samples import cell, extraction, many
from .test_batch import OCR_TEXT

SHA = "a" * 64


def typed(new: str, field: str = "subtotal", at: Cell | None = None, sha256: str = SHA, **more: Any) -> Correction:
    at = at or cell("x")
    told = {"time": "2026-01-01", "sha256": sha256, "dataset": "department_counts", "field": field, "new": new}
    return correction_of({**told, "old": "", "page": at.page, "bbox": list(at.bbox), **more})


PERSONAL_DATA_USE = next(p for p in builtin() if p.name == "personal-data-use")


def balanced_with(
    rows: Sequence[Sequence[str]], *said: tuple[int, str, str]
) -> tuple[tuple[Mapping[str, Cell], ...], tuple[Check, ...]]:
    """Recognised rows of department_counts and their checks after a person typed values: (row, field, value)."""
    sample = extraction("x", *map(tuple, rows))
    dataset = sample.datasets[0]
    recognised = tuple(
        {name: cell(c.text, c.row, c.col, by="rapidocr") for name, c in row.items()} for row in dataset.rows
    )
    told = [typed(value, name, recognised[row][name]) for row, name, value in said]
    datasets, _ = correct([replace(dataset, rows=recognised)], told)
    balanced, checks, _ = balance(datasets, sample.tables, sample.lines, PERSONAL_DATA_USE)
    return balanced[0].rows, checks


def test_arithmetic_does_not_overrule_a_person_and_the_failing_sum_is_told() -> None:
    """Typed 5 where all sums say 1: what was typed stands, nothing else follows it, and what fails is told."""
    rows, checks = balanced_with(
        [
            ("総務部", "l", "2", "3", "0", "detail"),
            ("消防", "0", "13", "13", "0", "detail"),
            ("合計", "1", "15", "16", "0", "total"),
        ],
        (0, "internal_use", "5"),
    )
    kept = rows[0]["internal_use"]
    assert (kept.text, kept.status, kept.source) == ("5", "ok", "correction")
    assert kept.read("1", "equation") is kept and kept.read("6", "review").text == "6"
    assert (rows[0]["subtotal"].text, rows[2]["internal_use"].text, rows[2]["subtotal"].text) == ("3", "1", "16")
    told = {(c.check, c.scope, c.expected, c.actual) for c in checks if c.status == "fail"}
    assert told == {
        ("department.row_sum", "総務部", "3", "7"),
        ("department.column_total", "internal_use", "1", "5"),
    }
    assert rows[0]["subtotal"].status == rows[2]["internal_use"].status == "review"


COUNTS = ("internal_use", "external_provision", "subtotal", "prior_subtotal")


@settings(max_examples=many(150), deadline=None)
@given(st.data())
def test_no_slip_of_a_person_changes_a_figure_that_was_read(data: st.DataObject) -> None:
    """Whatever is typed over one figure of a table that adds up: it stands, the others stay, failing sums are told."""
    figures = st.tuples(*[st.integers(0, 999)] * 3)
    parts = data.draw(st.lists(figures, min_size=1, max_size=6))
    whole = [(a, b, a + b, c) for a, b, c in parts]
    whole.append(tuple(map(sum, zip(*whole, strict=True))))  # type: ignore[arg-type]
    names = [*(f"第{n}部" for n in range(1, len(whole))), "合計"]
    kinds = [*["detail"] * (len(whole) - 1), "total"]
    rows = [(name, *map(str, row), kind) for name, row, kind in zip(names, whole, kinds, strict=True)]
    at, name = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.sampled_from(COUNTS))
    read = whole[at][COUNTS.index(name)]
    value = data.draw(st.integers(0, 99_999).filter(lambda n: n != read))
    balanced, checks = balanced_with(rows, (at, name, str(value)))
    assert balanced[at][name].text == str(value) and balanced[at][name].status == "ok"
    for r, row in enumerate(balanced):
        for field, figure in zip(COUNTS, whole[r], strict=True):
            assert (r, field) == (at, name) or row[field].text == str(figure)
    failing = {place for check in checks if check.status == "fail" for place in check.places}
    assert ("department_counts", at, name) in failing and not any(c.status == "repaired" for c in checks)
    # The others of a failing sum may be at fault, for all that can be told.
    assert any(balanced[r][field].status == "review" for _, r, field in failing if (r, field) != (at, name))


def test_what_a_person_typed_right_still_proves_what_was_misread() -> None:
    rows, checks = balanced_with(
        [
            ("総務部", "l7", "25", "12", "0", "detail"),
            ("消防", "30", "13", "48", "0", "detail"),
            ("合計", "47", "38", "85", "0", "total"),
        ],
        (0, "internal_use", "17"),
        (0, "subtotal", "42"),
    )
    assert (rows[1]["subtotal"].text, rows[1]["subtotal"].status) == ("43", "repaired")
    assert not any(check.status == "fail" for check in checks)


def test_a_correction_changes_no_other_cell(tmp_path: Path) -> None:
    before = extract_one(OCR_TEXT)
    at = next(row["project"] for d in before.datasets if d.name == "consultations" for row in d.rows)
    path = tmp_path / "corrections.jsonl"
    append(path, [typed("別の事業", "project", at, before.sha256, dataset="consultations")])
    after = again(before, path)
    assert after == extract_one(OCR_TEXT, typed=path)
    for old, new in zip(before.datasets, after.datasets, strict=True):
        for row, renewed in zip(old.rows, new.rows, strict=True):
            for name, value in row.items():
                if (old.name, name, value.bbox) != ("consultations", "project", at.bbox):
                    assert renewed[name] == value
    assert any(row["project"].text == "別の事業" for d in after.datasets if d.name == "consultations" for row in d.rows)


MEANT = {
    ("documents", "fiscal_year", "integer", "令和6年度"): "2024",
    ("documents", "fiscal_year", "integer", "２０２４"): "2024",
    ("documents", "municipality_code", "text", "いわき市"): "072044",
    ("x", "n", "count", "１２"): "12",
    ("x", "n", "count", "1,234件"): "1,234件",
    ("x", "n", "text", "総務\u2028部\ufeff"): "総務部",
    ("x", "n", "count", ""): "",
}
REFUSED = [
    ("documents", "fiscal_year", "integer", "abc"),
    ("documents", "fiscal_year", "integer", "99999"),
    ("documents", "municipality_code", "text", "999999"),
    ("x", "n", "count", "abc"),
    ("x", "n", "count", "9" * 30),
    ("x", "n", "number", "NaN"),
]


@pytest.mark.parametrize("told", MEANT)
def test_values_are_taken_as_they_are_meant(told: tuple[str, str, str, str]) -> None:
    dataset, name, kind, text = told
    assert accepted(dataset, Field(name, kind), text) == MEANT[told]


@pytest.mark.parametrize("told", REFUSED)
def test_values_that_are_none_are_refused_with_a_reason(told: tuple[str, str, str, str]) -> None:
    dataset, name, kind, text = told
    with pytest.raises(ValueError, match="is no"):
        accepted(dataset, Field(name, kind), text)


LINES = [b"{", b"[]", b"3", b"null", b"\xff\xfe", b"[" * 50_000, b'{"sha256": "%s"}' % SHA.encode()]
CHANGES: list[dict[str, Any]] = [
    {"bbox": [float("nan")] * 4}, {"bbox": "x"}, {"bbox": [1, 2, 3]}, {"page": "1"}, {"page": True}, {"page": -1},
    {"new": None}, {"new": ["a"]}, {"new": 1.5}, {"new": "x" * 20_000}, {"dataset": 3.0},
]  # fmt: skip


def test_a_line_that_cannot_be_applied_is_a_finding_and_costs_no_other(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    good = {"time": "t", "sha256": SHA, "dataset": "d", "field": "f", "page": 1, "bbox": [0, 0, 9, 9]}
    good |= {"old": "", "new": "1"}
    lines = [*LINES, *(json.dumps({**good, **change}).encode() for change in CHANGES)]
    path.write_bytes(b"\xef\xbb\xbf" + b"\n".join([*lines, json.dumps({**good, "extra": 1}).encode()]))
    corrections, unfit = load(path, SHA, rest=True)
    assert [c.new for c in corrections] == ["1"]
    assert len(unfit) == len(lines) and all(f.kind == "unfit-correction" for f in unfit)


@settings(max_examples=many(100), deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_whatever_was_typed_comes_back(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = tmp_path_factory.mktemp("c") / "corrections.jsonl"
    kept = []
    for number, text in enumerate(texts):
        try:
            one = typed(text, f"f{number}")
        except ValueError:  # half of a character
            continue
        append(path, [one])
        kept.append(one)
    assert load(path, SHA)[0] == kept and not load(path, SHA)[1]


def test_of_one_place_the_last_word_counts(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    moved = Cell(1, BBox(0.2, 0, 60.2, 20))
    append(path, [typed("1"), typed("2", at=moved), typed("3")])
    datasets, told = correct(extraction("x", ("総務部", "1", "2", "3", "4", "detail")).datasets, load(path, SHA)[0])
    assert not [f for f in told if f.kind == "unfit-correction"]
    assert [c.new for c in load(path, SHA)[0]] == ["2", "3"]
    assert datasets


@pytest.mark.skipif(not hasattr(os, "fork"), reason="faults are simulated in forked processes")
@pytest.mark.parametrize("how", [KILL, MEMORY, errno.EIO, errno.ENOSPC, errno.EACCES])
@pytest.mark.parametrize("torn", [False, True])
def test_at_every_step_of_keeping_what_was_typed_nothing_is_lost(tmp_path: Path, how: int, torn: bool) -> None:
    def begun(name: str) -> Path:
        path = tmp_path / name / "corrections.jsonl"
        path.parent.mkdir()
        append(path, [typed("first", "a")])
        if torn:
            with path.open("ab") as file:
                file.write(b'{"time": "2026')
        return path

    def act(path: Path) -> Callable[[], None]:
        return lambda: append(path, [typed("second", "b")])

    calm = begun("calm")
    steps, _ = tried(act(calm), Faults(calm.parent))
    assert steps >= 3
    for at in range(1, steps + 1):
        path = begun(str(at))
        _, said = tried(act(path), Faults(path.parent, at, how))
        kept = [c.new for c in load(path, SHA)[0]]
        # What was answered with success is there; what was not may be, or not.
        assert kept in (["first"], ["first", "second"]) and (said or how == KILL or "second" in kept)
        append(path, [typed("third", "c")])
        assert [c.new for c in load(path, SHA)[0]] == [*kept, "third"]
