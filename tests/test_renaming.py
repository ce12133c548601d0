"""The profile alone says what a report's data are called: renamed altogether, nothing but the names changes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from report_extract.core.model import Cell, Extraction, Line, Table
from report_extract.package.read import load_package
from report_extract.package.rows import observation_rows
from report_extract.package.write import write_package
from report_extract.pipeline import Options, extract_one, understood
from report_extract.profile.load import read

from .renaming import Renamed, names_in, toml_of
from .truth import FIXTURES

REPORTS = {
    "iwaki/iwaki-r6.pdf": "personal-data-use",
    "iwaki/iwaki-r6-wrong-total.pdf": "personal-data-use",
    "cities/kawagoe.pdf": "personal-data-use",
    "cities/naha.pdf": "personal-data-use",
    "disclosure/morioka-disclosure.pdf": "information-disclosure",
}
# What the code might know by name, wherever it stands: names of other datasets, fields, choices and files.
TEMPTING = (
    "row_type", "prior_x", "prior_count", "last_year", "extra_1", "extra_9", "subtotal", "total", "count", "paragraph",
    "item", "internal_use", "number", "detail", "department", "x", "table_1", "cells_", "use_type", "source", "sum",
)  # fmt: skip
NAMES = st.one_of(st.sampled_from(TEMPTING), st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True))
RESERVED = {
    "document", "municipality_code", "municipality", "fiscal_year", "status", "page",
    "documents", "observations", "checks", "cells", "readings", "names", "by", "counts",
}  # fmt: skip
# Every example is a whole report understood anew: a smaller one is not worth the minutes that it takes to find.
UNSHRUNK: dict[str, Any] = {
    "suppress_health_check": list(HealthCheck), "phases": (Phase.explicit, Phase.reuse, Phase.generate),
}  # fmt: skip
# Printed words, and others in their place.
WORDS = {
    "合計": "総体", "小計": "分計", "目的外利用": "別途使用", "外部提供": "庁外譲渡", "全部開示": "完全提示",
    "実施機関": "担当主体",
}  # fmt: skip


@cache
def as_read(path: str) -> Extraction:
    """A fixture's tables and lines, read once."""
    return extract_one(FIXTURES / path, options=Options(profile=REPORTS[path]))


def reworded(read_: Extraction, words: dict[str, str]) -> Extraction:
    """The report with other words printed."""

    def text(said: str) -> str:
        for old, new in words.items():
            said = said.replace(old, new)
        return said

    def cell(one: Cell) -> Cell:
        return replace(one, readings=tuple(replace(r, text=text(r.text)) for r in one.readings))

    def table(one: Table) -> Table:
        notes = tuple(map(text, one.notes))
        return replace(one, cells=tuple(map(cell, one.cells)), caption=text(one.caption), notes=notes)

    def line(one: Line) -> Line:
        return replace(one, text=text(one.text))

    return replace(read_, tables=tuple(map(table, read_.tables)), lines=tuple(map(line, read_.lines)))


@st.composite
def renamings(draw: st.DrawFn, raw: dict[str, Any]) -> Renamed:
    old = names_in(raw)
    checks = list(dict.fromkeys(rule["check"] for rule in raw["rules"]))
    plain = [n for n in old if n not in checks]
    new = draw(
        st.lists(NAMES.filter(lambda n: n not in RESERVED), min_size=len(plain), max_size=len(plain), unique=True)
    )
    return Renamed(
        dict(zip(plain, new, strict=True)),
        {c: f"rule.{i}" for i, c in enumerate(checks)},
        draw(st.sampled_from(["合計", "総計", "Total"])),
        draw(st.sampled_from([{}, WORDS])),
    )


def run(path: str, renamed: Renamed) -> Extraction:
    """A fixture understood under a renamed profile."""
    toml = renamed.profile(toml_of(REPORTS[path]))
    profile = replace(read(toml, "renamed.toml"), toml=toml)
    return understood(reworded(as_read(path), dict(renamed.words)), profile, [])


def said(extraction: Extraction, back: Renamed) -> Iterator[tuple[object, ...]]:
    """All that an extraction says, under the names of ``back``."""
    for dataset in extraction.datasets:
        for number, row in enumerate(dataset.rows):
            for field in dataset.fields:
                if field.name in row:
                    cell = row[field.name]
                    text = back.new(cell.text) if field.type == "choice" else cell.text
                    text = "(total)" if text in ("合計", "総計", "Total", "総体") else text
                    for old, new in back.words.items():
                        text = text.replace(new, old)
                    name = field.title if field.extra else back.new(field.name)
                    yield "cell", back.new(dataset.name), number, name, text, cell.status
    titles = {(d.name, f.name): f.title for d in extraction.datasets for f in d.fields if f.extra}
    for check in extraction.checks:
        places = tuple((back.new(d), r, titles.get((d, f)) or back.new(f)) for d, r, f in check.places)
        yield "check", back.checks.get(check.check, check.check), check.expected, check.actual, check.status, places
    for seen in observation_rows(extraction):
        figures = tuple(seen[n] for n in ("fiscal_year", "value", "basis_report_year", "status", "row_type"))
        measure = titles.get((seen["dataset"], seen["measure"])) or back.new(seen["measure"])
        yield "observation", back.new(seen["dataset"]), measure, *figures
    yield "findings", tuple(sorted(f.kind for f in extraction.findings))


def backwards(renamed: Renamed) -> Renamed:
    return Renamed(
        {new: old for old, new in renamed.names.items()},
        {new: old for old, new in renamed.checks.items()},
        words=renamed.words,
    )


@pytest.mark.parametrize("path", REPORTS)
@given(st.data())
@settings(max_examples=6, **UNSHRUNK)
def test_nothing_but_the_names_changes(path: str, data: st.DataObject) -> None:
    plain = Renamed({})
    renamed = data.draw(renamings(toml_of(REPORTS[path])))
    expected, found = list(said(run(path, plain), plain)), list(said(run(path, renamed), backwards(renamed)))
    assert len([e for e in expected if e[0] == "check"]) > 1
    assert len([e for e in expected if e[0] == "observation"]) > 10
    assert found == expected


def test_a_column_that_is_no_field_does_not_take_the_name_of_the_kind_of_row() -> None:
    plain, renamed = Renamed({}), Renamed({"row_type": "extra_1"})
    path = "cities/kawagoe.pdf"  # its number column is no field of the profile
    assert list(said(run(path, renamed), backwards(renamed))) == list(said(run(path, plain), plain))


@pytest.mark.parametrize("path", ["iwaki/iwaki-r6.pdf", "disclosure/morioka-disclosure.pdf"])
@given(st.data())
@settings(max_examples=3, **UNSHRUNK)
def test_a_renamed_package_is_valid_and_read_back(path: str, data: st.DataObject) -> None:
    renamed = data.draw(renamings(toml_of(REPORTS[path])))
    extraction = run(path, renamed)
    with tempfile.TemporaryDirectory() as folder:
        write_package([extraction], Path(folder))
        report = Package(str(Path(folder) / "datapackage.json")).validate()
        assert report.valid, report.flatten(["type", "note"])[:5]
        (again,) = load_package(Path(folder))
    kept = {d.name: d for d in again.datasets}
    for dataset in extraction.datasets:
        types = {f.name: f.type for f in dataset.fields if any(f.name in r for r in dataset.rows)}
        if dataset.rows:
            assert {f.name: f.type for f in kept[dataset.name].fields} == types
            assert kept[dataset.name].row_type == (dataset.row_type if dataset.row_type in types else "")


def test_a_dataset_whose_name_is_nearly_that_of_a_file_of_ours_has_its_own_file(tmp_path: Path) -> None:
    renamed = Renamed({"department_counts": "cells_", "legal_basis_counts": "checks_"})
    write_package([run("iwaki/iwaki-r6.pdf", renamed)], tmp_path)
    assert Package(str(tmp_path / "datapackage.json")).validate().valid
    (again,) = load_package(tmp_path)
    assert {"cells_", "checks_"} <= {d.name for d in again.datasets}


def test_a_cover_line_does_not_part_the_two_who_ask_for_the_year() -> None:
    """令和7年度第1回審議会 on a cover: the columns of the year before are found all the same."""
    report = as_read("iwaki/iwaki-r6.pdf")
    first = report.lines[0]
    cover = replace(first, text="令和7年度第1回情報公開・個人情報保護審議会 資料1")
    covered = replace(report, lines=(cover, *report.lines))
    profile = read(Renamed({}).profile(toml_of("personal-data-use")), "x.toml")
    plain, behind = (
        [e for e in said(understood(one, profile, []), Renamed({})) if e[0] != "findings"] for one in (report, covered)
    )
    assert behind == plain


def test_names_that_every_file_has_are_refused() -> None:
    from report_extract.core.errors import ProfileError

    for name in ("status", "page", "document", "fiscal_year"):
        with pytest.raises(ProfileError, match=name):
            read(Renamed({"internal_use": name}).profile(toml_of("personal-data-use")), "x.toml")


