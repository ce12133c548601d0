"""An old recogniser's text under a scan: agreement settles doubts, anything else means nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from report_extract.core.geometry import BBox
from report_extract.core.model import CHAR, Array, Cell, Table
from report_extract.ocr.layer import confirmed
from report_extract.pipeline import extract_one
from report_extract.readers import open_document
from report_extract.tables.find import find_tables
from report_extract.text.normalize import key

from .pages import text_chars
from .test_pictures import image
from .tiny_pdf import pdf, utf16

FIXTURES = Path(__file__).parent.parent / "fixtures"
NATIVE = FIXTURES / "iwaki" / "iwaki-r6.pdf"
NOISY = FIXTURES / "scans" / "scan-150-noisy.pdf"
BOX = BBox(50, 50, 150, 70)


def cell(text: str, kind: str, *values: str, sure: float = 0.8) -> Table:
    read = Cell(1, BOX).read(text, "rapidocr", sure)
    return Table(1, BOX, 0, (read.doubted(kind, *values) if kind else read,))


def status(table: Table, layer: Array) -> str:
    return confirmed([table], layer)[0].cells[0].status


def test_agreement_settles_a_doubt_of_the_reading() -> None:
    layer = text_chars("総務部 1,234", 55, 55)
    assert status(cell("総務部1,234", "readings-differ", "総務部1,234", "総務都1,234"), layer) == "ok"
    assert status(cell("総務部1,234", "unsure-reading", "総務部1,234", ""), layer) == "ok"


def test_nothing_else_is_settled_or_doubted() -> None:
    layer = text_chars("1,234", 55, 55)
    assert status(cell("1,284", "readings-differ", "1,284", "1,234"), layer) == "review"
    assert status(cell("1,234", "unbalanced", "1 + 1 = 3", "2"), layer) == "review"
    assert status(cell("123", "unsure-reading", "123", "", sure=0.3), text_chars("123", 55, 55)) == "review"
    assert status(cell("1,284", "", sure=0.9), layer) == "ok"
    assert status(cell("7", "unsure-reading", "7", "1"), text_chars("7", 55, 55)) == "review"
    assert status(cell("電力", "readings-differ", "電力", "電カ"), text_chars("電力", 55, 55)) == "review"
    assert status(cell("12", "unsure-reading", "12", "17"), text_chars("12", 200, 55)) == "review"
    assert status(cell("12", "unsure-reading", "12", "17"), np.zeros(0, CHAR)) == "review"


def with_layer(path: Path) -> Path:
    """The first page of a noisy scan over an old recogniser's text: every figure 3 is misread."""
    with open_document(NOISY) as scan:
        page = next(iter(scan.pages([1])))
        picture, size = scan.render(1, 150), (page.width, page.height)
    with open_document(NATIVE) as native:
        chars = next(iter(native.pages([1]))).chars
    words = [
        f"BT 3 Tr /F2 {c['size']:.1f} Tf {c['x0']:.2f} {size[1] - c['bottom'] + 1:.2f} Td "
        f"{utf16(str(c['text']).replace('3', '8'))} Tj ET"
        for c in chars
        if str(c["text"]).strip()
    ]
    draw = f"q {size[0]} 0 0 {size[1]} 0 0 cm /X Do Q "
    media = f"0 0 {size[0]} {size[1]}"
    path.write_bytes(
        pdf(draw + "\n".join(words), media=media, resources="/XObject<</X 3 0 R>>", objects=(image(picture),))
    )
    return path


def test_of_a_scan_with_an_old_layer_no_reading_is_doubted_that_both_agree_on(tmp_path: Path) -> None:
    path = with_layer(tmp_path / "layer.pdf")
    read = extract_one(path)
    with open_document(NATIVE) as native:
        meant = {key(c.text) for t in find_tables(next(iter(native.pages([1])))) for c in t.cells}
    cells = [c for t in read.tables for c in t.cells]
    assert len(cells) == 90 and all(c.source == "ocr" for c in cells)
    assert sum(key(c.text) in meant for c in cells) >= 87
    doubted = {key(c.text) for c in cells if {d.kind for d in c.doubts} & {"readings-differ", "unsure-reading"}}
    assert not {text for text in doubted & meant if "3" not in text and len(text) > 1}
    assert "8件" not in {key(c.text) for c in cells}  # the layer's own misreading
