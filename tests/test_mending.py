"""Tables mended by hand: read again on a person's lines, replayed by a run, remembered as a layout."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from report_extract.app import mending, remembering
from report_extract.app.desk import Desk
from report_extract.app.workspace import Workspace
from report_extract.cli import main
from report_extract.corrections import layouts
from report_extract.corrections.structure import load_tables, mended, parsed
from report_extract.package.read import load_package
from report_extract.package.stored import records
from report_extract.readers import open_document
from report_extract.tables.by_hand import grid_by_hand

from .truth import FIXTURES

R5, R6 = FIXTURES / "iwaki" / "iwaki-r5.pdf", FIXTURES / "iwaki" / "iwaki-r6.pdf"


def put(desk: Desk, source: Path) -> str:
    """Drop a file and wait until it was read; its id."""
    target = desk.workspace.directory / "inputs" / source.name
    shutil.copyfile(source, target)
    entry, _ = desk.add(target)
    end = time.monotonic() + 300
    while not desk.workspace.entry(entry.id).summary:
        assert time.monotonic() < end
        time.sleep(0.05)
    return entry.id


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(Workspace(tmp_path))
    desk.queue.start()
    yield desk
    desk.close()


def first(desk: Desk, id: str) -> dict[str, Any]:
    """The first table of the first page as it is mended."""
    table = mending.tables(desk, id, 1)["tables"][0]
    assert isinstance(table, dict)
    return table


def said(table: dict[str, Any], **changes: Any) -> dict[str, Any]:
    kept = {name: table[name] for name in ("area", "rotation", "xs", "ys", "merges", "header_rows")}
    return {"page": 1, **kept, **changes}


def test_a_moved_line_reads_its_table_anew_and_a_run_says_the_same(desk: Desk) -> None:
    id = put(desk, R6)
    before = first(desk, id)
    xs = [*before["xs"][:2], *before["xs"][3:]]  # two columns become one
    after = mending.mend(desk, id, said(before, xs=xs))["tables"][0]
    texts = {(r, c): text for r, c, _, _, text in before["cells"]}
    joined = {(r, c): text for r, c, _, _, text in after["cells"]}
    assert len(after["xs"]) == len(before["xs"]) - 1
    assert joined[1, 1].replace(" ", "") == (texts[1, 1] + texts[1, 2]).replace(" ", "")
    shown = desk.opener.open(id).extraction.tables[0]
    out = desk.workspace.directory
    assert main(["run", str(out / "inputs" / R6.name), "--out", str(out), "--quiet"]) == 0
    (extraction,) = load_package(out)
    (table,) = [t for t in desk.workspace.extraction(desk.workspace.entry(id)).tables if t.page == 1]
    assert table.kind == "by_hand" and table.cells == shown.cells
    assert extraction.sha256 == desk.workspace.entry(id).sha256
    cells = [c for c in records(out, "cells") if c["dataset"] == "department_counts" and c["page"] == "1"]
    assert {c["raw"] for c in cells} & {text for text in joined.values() if text}


def test_undone_it_is_as_it_was_found(desk: Desk) -> None:
    id = put(desk, R6)
    before, sums = first(desk, id), desk.opener.open(id).content.summary()
    mending.mend(desk, id, said(before, xs=[*before["xs"][:2], *before["xs"][3:]]))
    assert desk.opener.open(id).content.summary() != sums
    assert mending.undo(desk)
    assert first(desk, id) == before and desk.opener.open(id).content.summary() == sums


def test_what_is_no_table_is_none(desk: Desk) -> None:
    id = put(desk, R6)
    before = first(desk, id)
    after = mending.mend(desk, id, {"page": 1, "area": before["area"], "found": False})
    assert after["tables"] == [] and len(after["empty"]) == 1


def test_what_people_typed_stays_when_a_line_moves(desk: Desk) -> None:
    id = put(desk, R6)
    before = first(desk, id)
    desk.settle([{"document": id, "key": "department_counts:0:department", "new": "企画部"}])
    desk.renew()
    xs = [*before["xs"][:-1], before["xs"][-1] + 3]
    mending.mend(desk, id, said(before, xs=xs))
    card = desk.opener.open(id).content
    assert card.card(*card.found("department_counts:0:department"))["value"] == "企画部"


def test_a_layout_makes_the_next_report_come_out_right(desk: Desk, tmp_path: Path) -> None:
    id = put(desk, R6)
    before = first(desk, id)
    mending.mend(desk, id, said(before, caption="部等別実施件数(手直し)"))
    told = remembering.remember(desk, id, {"page": 1, "area": before["area"], "name": "部等別"})
    assert told["places"] == 0
    other = put(desk, R5)
    table = desk.opener.open(other).extraction.tables[0]
    assert (table.kind, table.caption) == ("by_hand", "部等別実施件数(手直し)")
    found = desk.opener.open(other).content.summary()
    assert found["fails"] == 0 and found["left"] == 0
    out = tmp_path / "by-run"
    assert main(["run", str(R5), "--layouts", str(tmp_path / "layouts"), "--out", str(out), "--quiet"]) == 0
    (extraction,) = load_package(out)
    assert all(check.status != "fail" for check in extraction.checks)
    assert "by_hand" in (out / "tables.json").read_text(encoding="utf-8")


def test_a_layout_that_fits_no_more_says_so(desk: Desk) -> None:
    id = put(desk, R6)
    before = first(desk, id)
    mending.mend(desk, id, said(before))
    remembering.remember(desk, id, {"page": 1, "area": before["area"], "name": "部等別"})
    (text,) = desk.workspace.layouts()
    layout = layouts.loads(text)
    with open_document(R5) as source:
        page = next(iter(source.pages([1])))
    page.chars["x0"][len(page.chars) // 2 :] += 25  # next year the body stands elsewhere
    page.chars["x1"][len(page.chars) // 2 :] += 25
    fitting, misfits = layouts.applied([layout], page, [], "", lambda: layout.municipality)
    assert not fitting and [f.kind for f in misfits] == ["layout-misfit"]
    assert layouts.loads(layouts.dumps(layout)) == layout


def test_every_letter_of_the_area_stands_in_one_cell() -> None:
    with open_document(R6) as source:
        page = next(iter(source.pages([1])))
    table = grid_by_hand(page, 0, (0.0, 200.0, page.width), (0.0, 300.0, page.height), ((0, 0, 1, 2),))
    seen = "".join(sorted("".join(page.chars["text"].tolist()).replace(" ", "")))
    assert "".join(sorted("".join(c.text for c in table.cells).replace(" ", ""))) == seen.strip()
    assert [(c.row, c.col, c.col_span) for c in table.cells] == [(0, 0, 2), (1, 0, 1), (1, 1, 1)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"xs": [1, 2, 2]},
        {"xs": [1.0, float("nan")]},
        {"xs": [], "ys": [1, 2]},
        {"xs": [1, float("inf")]},
        {"area": [5, 5, 5, 9]},
        {"area": "here"},
        {"rotation": 45},
        {"page": 0},
        {"page": True},
        {"merges": [[0, 0, 5, 5]]},
        {"merges": [[0, 0, 1]]},
        {"merges": [[0, 0, 1, 2], [0, 1, 1, 2]]},
        {"header_rows": -1},
        {"caption": "x" * 2000},
        {"columns": [["a", "b"]]},
    ],
)
def test_what_is_no_table_entry_is_refused_and_costs_no_report(wrong: dict[str, Any], tmp_path: Path) -> None:
    good = {"kind": "table", "sha256": "a", "page": 1, "area": [0, 0, 9, 9], "xs": [0, 5, 9], "ys": [0, 9]}
    with pytest.raises(ValueError):
        parsed({**good, **wrong})
    path = tmp_path / "corrections.jsonl"
    path.write_text("".join(f"{_json({**good, **w})}\n" for w in ({}, wrong)), encoding="utf-8")
    (one,) = load_tables(mended(path)["a"])
    assert one.xs == (0.0, 5.0, 9.0)


def _json(entry: dict[str, Any]) -> str:
    import json

    return json.dumps(entry)


def test_lines_are_suggested_where_rules_run() -> None:
    from report_extract.core.geometry import BBox
    from report_extract.tables.by_hand import suggested_lines

    horizontal = np.array([(10.0, 0.0, 100.0), (20.0, 0.0, 100.0), (30.0, 0.0, 100.0), (25.0, 0.0, 12.0)])
    vertical = np.array([(0.0, 10.0, 30.0), (50.0, 10.0, 30.0), (100.0, 10.0, 30.0)])
    with open_document(R6) as source:
        none = next(iter(source.pages([1]))).chars[:0]
    assert suggested_lines(none, horizontal, vertical, BBox(0, 10, 100, 30)) == ((0, 50, 100), (10, 20, 30))
    # drawn a little too large, it begins and ends at its rules; what stands outside of them is kept
    assert suggested_lines(none, horizontal, vertical, BBox(-9, 2, 110, 40)) == ((0, 50, 100), (10, 20, 30))
    beside = none.copy()
    beside.resize(1)
    beside["x0"], beside["x1"], beside["top"], beside["bottom"], beside["text"] = -8, -4, 12, 18, "A"
    assert suggested_lines(beside, horizontal, vertical, BBox(-9, 2, 110, 40))[0] == (-9, 0, 50, 100)
