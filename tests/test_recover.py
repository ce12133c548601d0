"""Doubtful cells: two readings that agree settle one, two that differ are both kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from report_extract.core.geometry import BBox
from report_extract.core.model import Array, Cell, Reading, Table
from report_extract.core.protocols import Document
from report_extract.ocr.recover import outvoted, recover
from report_extract.text.noise import unsound, without_stop


class Picture:
    """A document of one page, with print in its left and lower cells."""

    path = Path("picture.png")
    page_count = 1

    def __init__(self, sha256: str, printed: bool = True) -> None:
        self.sha256 = sha256
        self.printed = printed

    def render(self, number: int, dpi: float, bbox: BBox | None = None, colour: bool = False) -> Array:
        scale = dpi / 72
        picture = np.full((round(200 * scale), round(300 * scale)), 255, np.uint8)
        if self.printed:
            for x in (20, 120):
                at = (round((x + 4) * scale), round(38 * scale))
                cv2.putText(picture, "27", at, cv2.FONT_HERSHEY_SIMPLEX, 0.35 * scale, 0, 5)
        return picture


class Says:
    """A recogniser that says what it is told to, in order; the last again and again."""

    name = "rapidocr"

    def __init__(self, *readings: Reading) -> None:
        self.readings = list(readings)

    def read(self, crops: Sequence[Array], alphabet: str = "text") -> list[Reading]:
        return [self.readings.pop(0) if len(self.readings) > 1 else self.readings[0] for _ in crops]


def cell_of(text: str, by: str = "rapidocr", col: int = 0) -> Cell:
    box = BBox(20 + 100 * col, 20, 110 + 100 * col, 50)
    return Cell(1, box, 0, col, readings=(Reading(text, by),))


def recovered(cell: Cell, recogniser: Says, request: pytest.FixtureRequest, printed: bool = True) -> Cell:
    document: Document = Picture(request.node.nodeid, printed)  # type: ignore[assignment]
    table = Table(1, cell.bbox, 0, (cell,))
    return recover([table], document, recogniser)[0].cells[0]


def test_two_readings_that_agree_are_ok(request: pytest.FixtureRequest) -> None:
    cell = recovered(cell_of("27"), Says(Reading("27", "rapidocr", 0.99)), request)
    assert (cell.text, cell.status, cell.source) == ("27", "ok", "ocr")


def test_agreement_looks_through_widths_blanks_and_misread_figures(request: pytest.FixtureRequest) -> None:
    cell = recovered(cell_of("２ l"), Says(Reading("21", "rapidocr", 0.99)), request)
    assert (cell.text, cell.status) == ("21", "ok")


def test_readings_that_differ_are_both_kept(request: pytest.FixtureRequest) -> None:
    cell = recovered(cell_of("21"), Says(Reading("27", "rapidocr", 0.8)), request)
    assert cell.status == "review"
    assert [d.kind for d in cell.doubts] == ["readings-differ"]
    assert cell.text == "27" and "21" in dict(cell.readings[-1].alternatives)
    assert cell.raw == "21"


def test_an_unsure_reading_is_doubted_although_it_agrees(request: pytest.FixtureRequest) -> None:
    cell = recovered(cell_of("27"), Says(Reading("27", "rapidocr", 0.3, (("21", 0.2),))), request)
    assert [d.kind for d in cell.doubts] == ["unsure-reading"]


def test_what_nobody_reads_is_illegible(request: pytest.FixtureRequest) -> None:
    cell = recovered(cell_of("27"), Says(Reading("", "rapidocr", 0.0)), request)
    assert [d.kind for d in cell.doubts] == ["illegible"]


def test_a_number_that_the_page_missed_is_read_from_its_cell(request: pytest.FixtureRequest) -> None:
    document: Document = Picture(request.node.nodeid)  # type: ignore[assignment]
    cells = (cell_of("27"), Cell(1, BBox(120, 20, 210, 50), 0, 1, readings=(Reading("", "rapidocr"),)))
    table = Table(1, BBox(20, 20, 210, 50), 0, cells)
    recogniser = Says(Reading("27", "rapidocr", 1.0))
    assert [c.text for c in recover([table], document, recogniser)[0].cells] == ["27", "27"]


def test_an_empty_cell_stays_empty(request: pytest.FixtureRequest) -> None:
    cell = recovered(cell_of(""), Says(Reading("x", "rapidocr", 1.0)), request, printed=False)
    assert (cell.text, cell.status) == ("", "ok")


def test_text_without_ink_is_doubted(request: pytest.FixtureRequest) -> None:
    cell = recovered(cell_of("27"), Says(Reading("x", "rapidocr", 1.0)), request, printed=False)
    assert cell.status == "review"


def test_text_from_a_believed_layer_is_not_touched(request: pytest.FixtureRequest) -> None:
    cell = cell_of("27", by="pdfium")
    assert recovered(cell, Says(Reading("x", "rapidocr", 1.0)), request) == cell


def test_an_unknown_letter_is_read_from_its_picture(request: pytest.FixtureRequest) -> None:
    cell = recovered(cell_of("2\ufffd", by="glyphs"), Says(Reading("27", "rapidocr", 0.99)), request)
    assert (cell.text, cell.status) == ("27", "ok")


def test_two_of_three_readings_decide_letter_by_letter() -> None:
    assert outvoted("追加暗償の請求書.", "追加賠償の申請書", "追加賠償の請求書") == "追加賠償の請求書"
    assert outvoted("第一・第二原子力", "第・第二原子力", "第・第二原子カ") == "第・第二原子力"
    assert outvoted("合計", "小計", "会計") == "合計"


class Marked(Picture):
    """A document whose left cell holds a ditto mark."""

    def render(self, number: int, dpi: float, bbox: BBox | None = None, colour: bool = False) -> Array:
        scale = dpi / 72
        picture = np.full((round(200 * scale), round(300 * scale)), 255, np.uint8)
        for x in (60, 64):
            start, end = ((round((x + dx) * scale), round(y * scale)) for dx, y in ((2.4, 32), (0, 37)))
            cv2.line(picture, start, end, 0, 4)
        return picture


@pytest.mark.parametrize(("page", "sure"), [("〃", True), ("11", False)])
def test_a_ditto_mark_is_known_by_its_shape(page: str, sure: bool, request: pytest.FixtureRequest) -> None:
    document: Document = Marked(request.node.nodeid)  # type: ignore[assignment]
    cell = cell_of(page)
    (table,) = recover([Table(1, cell.bbox, 0, (cell,))], document, Says(Reading("11", "rapidocr", 0.99)))
    assert table.cells[0].text == "〃"
    assert (table.cells[0].status == "ok") == sure


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("見守り)支援(安否確認)", True),
        ("(東京事務所所管内).特定医療機関", True),
        ("理由があると認められる.", True),
        ("各地区1;300世帯", True),
        ("1)氏名、2)住所", False),
        ("(1)氏名(漢字)、(2)住所", False),
        ("主なもの:口座登録法等", False),
        ("ア.住所", False),
        ("12.5%", False),
        ("R6.4.1", False),
        ("計画策定の基礎資料とする。1", True),
        ("他の行政機関等への提 共", True),
        ("第2項第2号 所掌事務の遂行", False),
        ("件 数", False),
    ],
)
def test_marks_that_no_writer_sets_are_noticed(text: str, odd: bool) -> None:
    assert unsound(text) == odd


def test_a_sentence_that_alone_in_its_column_lacks_its_stop_is_noticed() -> None:
    """On a worn page a 。 goes without a trace, and both readings agree."""
    stopped = ["名簿を作成する。", "調査を実施する。", "資料を送付する。"]
    assert without_stop([*stopped, "計画策定の基礎資料とする"]) == [3]
    assert without_stop([*stopped, "総務部", "適当と認めるもの(法第69条)"]) == []
    assert without_stop(["事業名の見直しをする", "調査を実施する。", "通知の発送に用いる", "資料の送付をする"]) == []


@pytest.mark.parametrize(
    ("kind", "wrapped", "sure"), [("ruled", True, True), ("aligned", True, False), ("aligned", False, True)]
)
def test_words_that_go_on_over_lines_are_doubted_where_no_rules_part_the_cells(
    kind: str, wrapped: bool, sure: bool, request: pytest.FixtureRequest
) -> None:
    """What is a row of its own and what the rest of the one above is a guess there."""

    class Lines(Picture):
        def render(self, number: int, dpi: float, bbox: BBox | None = None, colour: bool = False) -> Array:
            scale = dpi / 72
            picture = np.full((round(200 * scale), round(300 * scale)), 255, np.uint8)
            for y in (32, 46) if wrapped else (38,):
                cv2.putText(picture, "abcdefg", (round(24 * scale), round(y * scale)), 0, 0.3 * scale, 0, 4)
            return picture

    document: Document = Lines(request.node.nodeid)  # type: ignore[assignment]
    cell = cell_of("税務課")
    table = Table(1, cell.bbox, 0, (cell,), kind=kind)
    read = recover([table], document, Says(Reading("税務課", "rapidocr", 0.99)))[0].cells[0]
    text = "税務課税務課" if wrapped else "税務課"
    assert any(doubt.kind == "guessed-rows" and doubt.values == (read.text,) for doubt in read.doubts) != sure
    assert read.text in (text, "税務課")


def test_two_figures_side_by_side_are_not_fused(request: pytest.FixtureRequest) -> None:
    """51 | 116 whose rule is worn away: no reader's agreement makes it 51116."""
    cell = recovered(cell_of("51 116"), Says(Reading("51116", "rapidocr", 0.99)), request)
    assert cell.status == "review"


def test_a_wide_gap_among_digits_is_doubted_and_figures_set_wide_are_not(request: pytest.FixtureRequest) -> None:
    class Spaced(Picture):
        def render(self, number: int, dpi: float, bbox: BBox | None = None, colour: bool = False) -> Array:
            scale = dpi / 72
            picture = np.full((round(200 * scale), round(300 * scale)), 255, np.uint8)
            for x, said in ((22, "51"), (62, "116"), (122, "5"), (132, "1"), (142, "6")):
                cv2.putText(picture, said, (round(x * scale), round(38 * scale)), 0, 0.35 * scale, 0, 5)
            return picture

    document: Document = Spaced(request.node.nodeid)  # type: ignore[assignment]
    for col, said, status in ((0, "51116", "review"), (1, "516", "ok")):
        cell = cell_of(said, col=col)
        (found,) = recover([Table(1, cell.bbox, 0, (cell,))], document, Says(Reading(said, "rapidocr", 0.99)))
        assert found.cells[0].status == status


def test_a_cell_decoded_from_glyphs_is_settled_by_a_reading_that_says_the_same(request: pytest.FixtureRequest) -> None:
    doubted = cell_of("27", by="glyphs").doubted("unsure-reading", "27", "27")
    assert recovered(doubted, Says(Reading("27", "rapidocr", 0.99)), request).status == "ok"
    assert recovered(doubted, Says(Reading("21", "rapidocr", 0.99)), request).status == "review"
