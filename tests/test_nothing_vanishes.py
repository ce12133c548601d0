"""Every visible word of a page ends in a cell, in a line outside the tables, or is pointed out by its table."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report_extract.core.errors import ReportExtractError
from report_extract.core.geometry import BBox
from report_extract.core.model import Extraction, Page, Table
from report_extract.package.write import write_package
from report_extract.page import words
from report_extract.readers import open_document
from report_extract.tables.account import accounted
from report_extract.tables.continuation import stitch
from report_extract.tables.find import find_tables
from report_extract.tables.ruled import find_ruled

from .pages import joined, page_of, text_chars, turned_page
from .typed import page_with

HERE = Path(__file__).parent.parent
CORPUS = Path(os.environ.get("REPORT_EXTRACT_CORPUS", HERE.parent / "shared" / "corpus"))
EVERY = 9  # one file in so many of the corpora: a minute, not an hour
PAGES = 2
ROWS = [["部名", "件数", "備考"], ["総務部", "12", "なし"], ["市民部", "7", ""], ["合計", "19", ""]]


def letters(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


def lost(page: Page, tables: list[Table]) -> Counter[str]:
    """The letters of the page's words that stand nowhere, reading aids and leaders apart."""
    views = [words.upright(page, rotation) for rotation in words.rotations(page)]
    want = letters("".join(w.text for view in views for w in words.words(view) if not is_aside(w.text)))
    told = [doubt.values[0] for table in tables for doubt in table.doubts if doubt.kind == "unplaced"]
    have = [cell.text for table in tables for cell in table.cells] + told
    return want - letters("".join([*have, *(line.text for line in words.lines(page, tables))]))


def is_aside(text: str) -> bool:
    return all(letter in ".․‥…・·_" or "ぁ" <= letter <= "ヿ" for letter in text)


def pdfs() -> list[Path]:
    folders = (CORPUS / name for name in ("cases", "sheets", "ja_gov", "icdar2013", "peers"))
    own = sorted((HERE / "fixtures").rglob("*.pdf"))[::3]
    return [*own, *(path for folder in folders for path in sorted(folder.rglob("*.pdf"))[::EVERY])]


@pytest.mark.parametrize("path", pdfs(), ids=lambda path: path.name)
def test_no_word_of_a_file_vanishes(path: Path) -> None:
    try:
        with open_document(path) as document:
            for page in document.pages(range(1, min(PAGES, document.page_count) + 1)):
                tables = accounted(find_tables(page), page)
                assert not lost(page, tables)
    except ReportExtractError:
        pytest.skip("not to be read")


def test_a_word_that_no_cell_says_is_quoted_and_the_table_is_for_review() -> None:
    page = page_of(ROWS)
    (table,) = find_tables(page)
    maimed = replace(table, cells=tuple(replace(c, readings=()) if c.text == "市民部" else c for c in table.cells))
    (told,) = accounted([maimed], page)
    assert told.status == "review"
    assert [d.values for d in told.doubts] == [("市民部",)]
    assert told.doubts[0].bbox and told.doubts[0].bbox.x0 >= 60
    assert "市民部" in told.reasons[0]
    assert accounted([table], page) == [table]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 3), st.integers(0, 3), st.sampled_from([0, 90, 180, 270]))
def test_it_is_quoted_whichever_way_the_table_lies(row: int, col: int, by: int) -> None:
    rows = [[f"欄{r}{c}" for c in range(4)] for r in range(4)]
    page = turned_page(page_of(rows), by)
    (table,) = find_ruled(page)
    text = rows[row][col]
    maimed = replace(table, cells=tuple(replace(c, readings=()) if c.text == text else c for c in table.cells))
    (told,) = accounted([maimed], page)
    assert [d.values for d in told.doubts] == [(text,)]
    around = next(c.bbox for c in table.cells if c.text == text)
    box = told.doubts[0].bbox
    assert box
    assert around.x0 - 1 <= box.x0 <= box.x1 <= around.x1 + 1
    assert around.top - 1 <= box.top <= box.bottom <= around.bottom + 1


def test_a_word_beside_the_table_is_a_line() -> None:
    page = joined(page_of(ROWS), page_with([text_chars("枠の外の注記", 60, 300)]))
    tables = accounted(find_tables(page), page)
    assert not lost(page, tables)
    assert all(table.status == "ok" for table in tables)


def test_page_sums_that_are_no_rows_of_the_whole_are_notes_of_it() -> None:
    head, records = ROWS[0], [[f"部{n}", f"{n}", ""] for n in range(1, 5)]
    first = [head, *records[:2], ["頁計", "3", ""]]
    pages = [page_of(first, at=(60, 640)), page_of([head, *records[2:]], at=(60, 60), number=2)]
    tables = [table for page in pages for table in find_ruled(page)]
    (whole,) = stitch(tables, {page.number: (page.width, page.height) for page in pages})
    assert whole.n_rows == 5
    assert whole.notes == ("頁計 3",)


def test_tables_json_names_what_ended_nowhere(tmp_path: Path) -> None:
    (table,) = find_tables(page_of(ROWS))
    told = replace(table.doubted("unplaced", "市民部"), page=1, bbox=BBox(60, 80, 330, 176))
    write_package([Extraction("a", "a.pdf", "0" * 64, 1, tables=(told,))], tmp_path / "out")
    written = json.loads((tmp_path / "out" / "tables.json").read_text(encoding="utf-8"))
    assert [(u["document"], u["page"], u["text"]) for u in written["unplaced"]] == [("a", 1, "市民部")]
    assert written["tables"][0]["status"] == "review"
