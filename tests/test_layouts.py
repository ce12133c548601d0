"""A remembered layout: used where it fits, whatever the year; where it was changed it is told, and not used."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from report_extract.core.geometry import BBox
from report_extract.core.model import Finding, Page
from report_extract.corrections import layouts
from report_extract.corrections.layouts import Layout
from report_extract.corrections.structure import TableByHand, drawn_table
from report_extract.readers import open_document

from . import by_hand
from .by_hand import PITCH, RENAMED_XS, TWO_XS

Paged = Callable[[bytes], Page]
ROWS = [("総務課", 12, 15, 18), ("税務課", 230, 198, 205), ("福祉課", 77, 81, 90)]
CASES = [("総務部", 3, 4), ("市民部", 10, 20), ("福祉部", 7, 1)]


@pytest.fixture
def paged(tmp_path: Path) -> Paged:
    def page(content: bytes) -> Page:
        path = tmp_path / "page.pdf"
        path.write_bytes(content)
        with open_document(path) as source:
            return next(iter(source.pages([1])))

    return page


def kept(page: Page, xs: Sequence[float], rows: int, head: int, whose: str = "") -> Layout:
    ys = tuple(120.0 + PITCH * n for n in range(rows + 1))
    told = TableByHand("", 1, BBox(xs[0], ys[0], xs[-1], ys[-1]), xs=tuple(xs), ys=ys, header_rows=head)
    layout = layouts.remembered("件数", page, drawn_table(page, told), told, whose)
    assert layout is not None
    again = layouts.loads(layouts.dumps(layout))
    assert again == layout and again.digest == layout.digest
    return again


def looked(layout: Layout, page: Page, whose: str = "") -> tuple[list[TableByHand], list[Finding]]:
    return layouts.applied([layout], page, [], "", lambda: whose)


def test_next_years_report_with_more_rows_uses_it(paged: Paged) -> None:
    layout = kept(paged(by_hand.two_headed(ROWS)), TWO_XS, 5, 2)
    (said,), misfits = looked(layout, paged(by_hand.two_headed([*ROWS, ("建設課", 1, 2, 3)], 2024)))
    assert not misfits and (said.header_rows, len(said.ys), said.layout) == (2, 7, "件数")


def test_it_is_found_where_the_table_begins_elsewhere(paged: Paged) -> None:
    layout = kept(paged(by_hand.renamed(CASES)), RENAMED_XS, 5, 1)
    rows = [HEADS, ["総務部", "1", "2", "3"], ["合計", "1", "2", "3"]]
    (said,), misfits = looked(layout, paged(by_hand.sheet(rows, [x + 12 for x in RENAMED_XS], top=300)))
    assert not misfits and said.area.top == pytest.approx(300, abs=2) and said.xs[0] == pytest.approx(72, abs=2)


HEADS = ["部局", "庁内で使った件", "庁外に出した件", "あわせて"]
BODY = [["総務部", "3", "4", "7"], ["市民部", "10", "20", "30"], ["合計", "13", "24", "37"]]
CHANGED = {
    "columns wider": by_hand.sheet([HEADS, *BODY], (60, 160, 280, 400, 520)),
    "a column more at the right": by_hand.sheet(
        [[*HEADS, "前年度"], *([*row, "5"] for row in BODY)], (*RENAMED_XS, 550)
    ),
    "a column more between": by_hand.sheet(
        [[*HEADS[:2], "うち新規", *HEADS[2:]], *([*row[:2], "1", *row[2:]] for row in BODY)],
        (60, 150, 240, 310, 400, 490),
    ),
    "columns exchanged": by_hand.sheet([[HEADS[0], HEADS[2], HEADS[1], HEADS[3]], *BODY], RENAMED_XS),
    "a column gone": by_hand.sheet([[HEADS[0], *HEADS[2:]], *([row[0], *row[2:]] for row in BODY)], RENAMED_XS[:4]),
}


@pytest.mark.parametrize("changed", CHANGED)
def test_a_changed_layout_is_told_and_not_used(changed: str, paged: Paged) -> None:
    layout = kept(paged(by_hand.renamed(CASES)), RENAMED_XS, 5, 1, "072044")
    said, misfits = looked(layout, paged(CHANGED[changed]), "072044")
    assert not said and [f.kind for f in misfits] == ["layout-misfit"], changed


def test_without_rules_a_column_that_falls_empty_is_told(paged: Paged) -> None:
    def loose(body: list[list[str]]) -> Page:
        return paged(by_hand.sheet([HEADS, *body], RENAMED_XS, columns=(), lines=()))

    layout = kept(loose(BODY), RENAMED_XS, 4, 1)
    (said,), misfits = looked(layout, loose([*BODY, ["参考", "1", "2", "3"]]))
    assert not misfits and len(said.ys) == 6
    unsaid, misfits = looked(layout, loose([[row[0], "", *row[1:3]] for row in BODY]))
    assert not unsaid and [f.kind for f in misfits] == ["layout-misfit"]


def test_a_rule_that_parts_a_column_anew_is_told(paged: Paged) -> None:
    layout = kept(paged(by_hand.sheet([HEADS, *BODY], RENAMED_XS, columns=(0, 1, 2, 4))), RENAMED_XS, 4, 1)
    said, misfits = looked(layout, paged(by_hand.sheet([HEADS, *BODY], RENAMED_XS)))
    assert not said and [f.kind for f in misfits] == ["layout-misfit"]


def test_another_municipality_that_prints_the_same_words_is_let_be(paged: Paged) -> None:
    layout = kept(paged(by_hand.renamed(CASES)), RENAMED_XS, 5, 1, "072044")
    assert looked(layout, paged(CHANGED["columns wider"]), "472018") == ([], [])


def test_an_earlier_file_of_a_layout_still_serves(paged: Paged) -> None:
    layout = kept(paged(by_hand.renamed(CASES)), RENAMED_XS, 5, 1)
    earlier = {k: v for k, v in json.loads(layouts.dumps(layout)).items() if k not in ("rules", "beside", "filled")}
    (said,), _ = looked(layouts.loads(json.dumps(earlier)), paged(by_hand.renamed([*CASES, ("土木部", 1, 1)], 6)))
    assert len(said.ys) == 7
