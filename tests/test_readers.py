"""What a page is, whoever wrote it: everything as displayed, each glyph once, and odd ones marked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report_extract.core.errors import InputError, UsageError
from report_extract.core.geometry import BBox
from report_extract.core.model import Array, Flag, Page
from report_extract.readers import open_document

from .tiny_pdf import HELVETICA, pdf, stream, utf16

READERS = ("pdfium", "pdfplumber")


def read(tmp_path: Path, content: bytes, reader: str = "pdfium") -> Page:
    path = tmp_path / "page.pdf"
    path.write_bytes(content)
    with open_document(path, reader) as document:
        (page,) = document.pages()
    return page


def text(page: Page, without: int = 0) -> str:
    return "".join(page.chars["text"][page.chars["flags"] & without == 0].tolist())


def lines(page: Page) -> list[tuple[float, ...]]:
    return sorted(tuple(round(float(r[n]), 1) for n in ("x0", "top", "x1", "bottom")) for r in page.rulings)


@pytest.mark.parametrize("reader", READERS)
def test_a_glyph_stands_where_it_is_seen(tmp_path: Path, reader: str) -> None:
    page = read(tmp_path, pdf("BT /F1 10 Tf 20 200 Td (Hi) Tj ET"), reader)
    assert (page.number, page.width, page.height, page.rotate) == (1, 200, 300, 0)
    h = page.chars[0]
    assert (h["text"], h["rotation"], h["flags"]) == ("H", 0, 0)
    assert h["size"] == pytest.approx(10)
    # From the baseline .88 em up and .12 em down, along the line the advance.
    assert [h["x0"], h["top"], h["x1"], h["bottom"]] == pytest.approx([20, 91.2, 27.22, 101.2], abs=0.02)
    assert page.fonts[h["font"]] == "Helvetica"


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("unit", [1, 2])
@pytest.mark.parametrize(("matrix", "angle"), [("1 0 0 1", 0), ("0 1 -1 0", 270), ("-1 0 0 -1", 180), ("0 -1 1 0", 90)])
def test_boxes_hold_the_ink_however_page_and_text_are_turned(
    tmp_path: Path, reader: str, rotate: int, unit: int, matrix: str, angle: int
) -> None:
    path = tmp_path / "turned.pdf"
    turns = f"/Rotate {rotate}/CropBox[10 20 190 280]/UserUnit {unit}"
    path.write_bytes(pdf(f"BT /F1 12 Tf {matrix} 100 150 Tm (HE) Tj ET", page=turns))
    with open_document(path, reader) as document:
        (page,) = document.pages()
        picture = document.render(1, 72)
    assert (page.width, page.height) == ((180 * unit, 260 * unit) if rotate % 180 == 0 else (260 * unit, 180 * unit))
    assert picture.shape == (page.height, page.width)
    assert page.chars["rotation"].tolist() == [(angle + rotate) % 360] * 2
    assert page.chars["size"].tolist() == pytest.approx([12 * unit] * 2)
    ink = np.argwhere(picture < 128) + 0.5
    c = page.chars
    assert len(ink)
    assert ink[:, 1].min() >= c["x0"].min() - 1 and ink[:, 1].max() <= c["x1"].max() + 1
    assert ink[:, 0].min() >= c["top"].min() - 1 and ink[:, 0].max() <= c["bottom"].max() + 1


@settings(max_examples=25)
@given(x=st.floats(5, 150), y=st.floats(5, 270), size=st.floats(4, 40), rotate=st.sampled_from([0, 90, 180, 270]))
def test_two_readers_place_a_glyph_alike(
    tmp_path_factory: pytest.TempPathFactory, x: float, y: float, size: float, rotate: int
) -> None:
    content = pdf(f"BT /F1 {size:.3f} Tf {x:.3f} {y:.3f} Td (5) Tj ET", page=f"/Rotate {rotate}")
    one, two = (read(tmp_path_factory.mktemp("p"), content, reader).chars for reader in READERS)
    for name in ("x0", "top", "x1", "bottom"):
        assert one[name] == pytest.approx(two[name], abs=0.02)


TABLE = [(20, 100), (20, 150), (120, 100), (120, 150)]
WAYS = {
    "lines": "1 w 20 100 m 120 100 l S 20 150 m 120 150 l S 20 100 m 20 150 l S 120 100 m 120 150 l S",
    "path": "1 w 20 100 m 120 100 l 120 150 l 20 150 l h S",
    "rectangle": "1 w 20 100 100 50 re S",
    "thin rectangles": "20 99.5 100 1 re f 20 149.5 100 1 re f 19.5 100 1 50 re f 119.5 100 1 50 re f",
    "filled area": ".8 g 20 100 100 50 re f",
    "scaled": "q 100 0 0 50 20 100 cm .01 w 0 0 1 1 re S Q",
    "pictures": "".join(
        f"q {m} cm BI /W 1 /H 1 /BPC 8 /CS /G ID \0 EI Q "
        for m in ("100 0 0 1 20 99.5", "100 0 0 1 20 149.5", "1 0 0 50 19.5 100", "1 0 0 50 119.5 100")
    ),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("way", WAYS)
def test_a_rule_is_a_rule_however_it_is_drawn(tmp_path: Path, reader: str, way: str) -> None:
    page = read(tmp_path, pdf(WAYS[way]), reader)
    box = [(20, 150, 20, 200), (20, 150, 120, 150), (20, 200, 120, 200), (120, 150, 120, 200)]
    found = lines(page)
    assert sorted({tuple(float(round(v)) for v in line) for line in found}) == sorted(tuple(map(float, b)) for b in box)


def test_what_is_no_rule_is_none(tmp_path: Path) -> None:
    drawn = "10 10 m 150 120 l S 1 1 1 RG 10 50 m 100 50 l S 0 g 40 200 m 60 220 80 180 90 200 c f"
    assert lines(read(tmp_path, pdf(drawn))) == []


def test_white_rules_over_shading_separate(tmp_path: Path) -> None:
    page = read(tmp_path, pdf(".5 g 20 100 100 50 re f 1 G 60 100 m 60 150 l S"))
    assert (60.0, 150.0, 60.0, 200.0) in lines(page)
    assert page.fills["grey"].tolist() == pytest.approx([0.5], abs=0.01)


def test_rules_are_cut_by_their_clip_and_the_page(tmp_path: Path) -> None:
    page = read(tmp_path, pdf("q 50 50 60 100 re W n 0 100 m 200 100 l S 0 200 m 200 200 l S Q -50 20 m 400 20 l S"))
    assert lines(page) == [(0.0, 280.0, 200.0, 280.0), (50.0, 200.0, 110.0, 200.0)]


@pytest.mark.parametrize("reader", READERS)
def test_drawings_inside_drawings(tmp_path: Path, reader: str) -> None:
    def form(content: str, more: str = "") -> bytes:
        fonts = f"/Resources<</Font<</F1 {HELVETICA}>>{more}>>"
        return stream(content, f"/Type/XObject/Subtype/Form/BBox[0 0 100 100]/Matrix[1 0 0 1 10 10]{fonts}")

    inner = form("BT /F1 20 Tf 0 0 Td (in) Tj ET 0 50 m 90 50 l S")
    outer = form("q .5 0 0 .5 0 0 cm /X2 Do Q", "/XObject<</X2 3 0 R>>")
    page = read(
        tmp_path, pdf("q 1 0 0 1 50 50 cm /X1 Do Q", resources="/XObject<</X1 4 0 R>>", objects=(inner, outer)), reader
    )
    assert text(page) == "in"
    assert page.chars["size"].tolist() == pytest.approx([10, 10])
    assert page.chars["x0"][0] == pytest.approx(65, abs=0.1)
    assert lines(page) == [(65.0, 210.0, 110.0, 210.0)]


@pytest.mark.parametrize("reader", READERS)
def test_vertical_type_stands_upright_below_one_another(tmp_path: Path, reader: str) -> None:
    page = read(tmp_path, pdf(f"BT /F3 12 Tf 100 200 Td {utf16('縦書き')} Tj ET"), reader)
    assert text(page) == "縦書き"
    assert page.chars["rotation"].tolist() == [0, 0, 0]
    assert page.chars["x0"].tolist() == pytest.approx([94] * 3, abs=0.05)
    assert page.chars["top"].tolist() == pytest.approx([100, 112, 124], abs=0.05)


@pytest.mark.parametrize("reader", READERS)
def test_bold_by_drawing_twice_is_read_once(tmp_path: Path, reader: str) -> None:
    twice = (
        "BT /F1 12 Tf 20 200 Td (1100) Tj ET BT /F1 12 Tf 20.3 200 Td (1100) Tj ET BT /F1 12 Tf 20 180 Td (1100) Tj ET"
    )
    assert text(read(tmp_path, pdf(twice), reader)) == "11001100"


@pytest.mark.parametrize("turn", ["1 0 0 1", "0 1 -1 0"])
def test_bold_by_drawing_a_part_of_a_line_twice_keeps_the_line(tmp_path: Path, turn: str) -> None:
    def line(x: float, y: float, said: str) -> str:
        place = f"{x} {y}" if turn[0] == "1" else f"{150 - y} {x}"
        return f"BT /F1 10 Tf {turn} {place} Tm [{said}] TJ ET "

    drawn = line(20, 100, "(1653) -3000 (121)") + line(20.2, 100, "(1653)") + line(72.2, 99.8, "(121)")
    page = read(tmp_path, pdf(drawn + line(72.4, 100, "(121) -3000 (007)")))
    across = "top" if turn[0] == "1" else "x0"
    assert sorted(text(page)) == sorted("1653121007")
    assert np.ptp(page.chars[across]) < 0.5 and len(set(page.chars["rotation"])) == 1


@pytest.mark.parametrize("reader", READERS)
def test_blanks_are_gaps(tmp_path: Path, reader: str) -> None:
    page = read(tmp_path, pdf(f"BT /F2 12 Tf 20 200 Td {utf16('合　計 1')} Tj ET"), reader)
    assert text(page) == "合計1"
    assert page.chars["x0"][1] - page.chars["x1"][0] == pytest.approx(12, abs=0.1)


UNSEEN = {
    "invisible": ("BT 3 Tr /F1 12 Tf 20 200 Td (gone) Tj ET", Flag.INVISIBLE),
    "outside the page": ("BT /F1 12 Tf 220 200 Td (gone) Tj ET", Flag.INVISIBLE),
    "clipped": ("q 100 200 10 10 re W n BT /F1 12 Tf 20 200 Td (gone) Tj ET Q", Flag.INVISIBLE),
    "white on white": ("1 g BT /F1 12 Tf 20 200 Td (gone) Tj ET", Flag.HIDDEN),
    "on a layer that is off": ("/OC /L BDC BT /F1 12 Tf 20 200 Td (gone) Tj ET EMC", Flag.HIDDEN),
}


@pytest.mark.parametrize("case", UNSEEN)
def test_what_cannot_be_seen_is_marked(tmp_path: Path, case: str) -> None:
    drawn, flag = UNSEEN[case]
    layers = "/OCProperties<</OCGs[3 0 R]/D<</OFF[3 0 R]>>>>"
    page = read(
        tmp_path,
        pdf(
            drawn + " BT /F1 12 Tf 20 100 Td (here) Tj ET" if "g BT" not in drawn else drawn,
            resources="/Properties<</L 3 0 R>>",
            objects=("<</Type/OCG/Name(draft)>>",),
            catalog=layers if "layer" in case else "",
        ),
    )
    gone = page.chars[: len("gone")] if page.chars["text"][0] == "g" else page.chars[-4:]
    assert "".join(gone["text"]) == "gone"
    assert (gone["flags"] & flag == flag).all()
    assert text(page, without=flag) in ("here", "")


def test_white_text_on_black_is_seen(tmp_path: Path) -> None:
    page = read(tmp_path, pdf("0 g 10 190 100 30 re f 1 g BT /F1 12 Tf 20 200 Td (head) Tj ET"))
    assert text(page, without=Flag.HIDDEN) == "head"


def mapped(*pairs: tuple[int, str]) -> str:
    """A ToUnicode map's stream."""
    rows = "".join(f"<{code:02x}> <{to.encode('utf-16-be').hex()}>\n" for code, to in pairs)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /m def /CMapType 2 def\n"
        f"1 begincodespacerange <00> <ff> endcodespacerange {len(pairs)} beginbfchar\n{rows}endbfchar endcmap end end"
    )


@pytest.mark.parametrize("reader", READERS)
def test_a_glyph_is_one_record_whatever_it_stands_for(tmp_path: Path, reader: str) -> None:
    cmap = stream(mapped((0x41, "ffi"), (0x42, "𠮷"), (0x43, "C"), (0x44, "葛\U000e0100")))
    font = HELVETICA.replace(">>", "/ToUnicode 3 0 R>>")
    page = read(tmp_path, pdf("BT /F9 12 Tf 20 200 Td (ABCD) Tj ET", fonts=f"/F9 {font}", objects=(cmap,)), reader)
    assert page.chars["text"].tolist() == ["ffi", "𠮷", "C", "葛\U000e0100"]


def test_a_glyph_without_unicode_says_so_and_gives_its_code(tmp_path: Path) -> None:
    font = (
        "<</Type/Font/Subtype/Type0/BaseFont/None/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2"
        "/BaseFont/None/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000"
        "/FontDescriptor<</Type/FontDescriptor/FontName/None/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 800"
        "/Descent -200/CapHeight 700/StemV 80>>>>]>>"
    )
    page = read(tmp_path, pdf("BT /F9 12 Tf 20 200 Td <012301240020> Tj ET", fonts=f"/F9 {font}"))
    assert (page.chars["flags"] & Flag.UNICODE_ERROR != 0).all()
    assert page.chars["code"].tolist()[:2] == [0x123, 0x124]
    assert page.chars["text"].tolist()[:2] == ["\ufffd"] * 2


def test_a_part_of_a_page_is_rendered_as_in_the_whole(tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    path.write_bytes(pdf("20 100 100 50 re f BT /F1 30 Tf 30 200 Td (Part) Tj ET", page="/Rotate 90"))
    with open_document(path) as document:
        whole: Array = document.render(1, 144)
        part = document.render(1, 144, BBox(60, 20, 160, 130))
        with pytest.raises(InputError, match="pixels"):
            document.render(1, 100_000)
    assert whole.dtype == np.uint8 and part.shape == (220, 200)
    assert np.array_equal(part, whole[40:260, 120:320])


def test_pages_are_counted_from_one_and_must_exist(tmp_path: Path) -> None:
    path = tmp_path / "two.pdf"
    path.write_bytes(pdf("BT /F1 9 Tf 9 9 Td (a) Tj ET", "BT /F1 9 Tf 9 9 Td (b) Tj ET"))
    with open_document(path) as document:
        assert [text(page) for page in document.pages([2, 1])] == ["b", "a"]
        assert document.page_count == 2 and len(document.sha256) == 64
        with pytest.raises(InputError, match="no page 3"):
            list(document.pages([3]))
    with pytest.raises(UsageError, match="no reader"):
        open_document(path, "guess")
