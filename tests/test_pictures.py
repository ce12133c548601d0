"""Pictures on pages of text: a pasted table is read like any other, a photo or a logo costs a glance."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from report_extract import ocr
from report_extract.core.geometry import union
from report_extract.core.model import Array, Finding, Line, Table
from report_extract.ocr.legible import legible
from report_extract.ocr.page import printed
from report_extract.ocr.pictures import speaks
from report_extract.ocr.recover import recover
from report_extract.page import words
from report_extract.readers import open_document
from report_extract.tables.find import find_tables
from report_extract.text.normalize import key

from .tiny_pdf import pdf, stream, utf16

FIXTURES = Path(__file__).parent.parent / "fixtures"
NATIVE = FIXTURES / "iwaki" / "iwaki-r6.pdf"
DPI = 200


def printed_table(rows: int = 6) -> tuple[Array, list[str]]:
    """A picture of the first rows of a report's table, and the texts of their cells."""
    with open_document(NATIVE) as document:
        table = find_tables(next(iter(document.pages([1]))))[-1]
        cells = [cell for cell in table.cells if cell.row < rows]
        return document.render(1, DPI, union(c.bbox for c in cells).grown(2)), [key(c.text) for c in cells]


def image(picture: Array) -> bytes:
    """An image XObject, JPEG."""
    data = io.BytesIO()
    Image.fromarray(picture).save(data, "JPEG", quality=85)
    height, width = picture.shape[:2]
    space = "/DeviceRGB" if picture.ndim == 3 else "/DeviceGray"
    entries = f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/BitsPerComponent 8/ColorSpace{space}"
    return stream(data.getvalue(), entries + "/Filter/DCTDecode")


def with_picture(path: Path, picture: Array, more: str = "", strips: int = 1, pages: int = 1) -> Path:
    """Pages of native text, each with the picture below, cut into strips; ``more`` is drawn over it."""
    lines = "".join(
        f"BT /F2 11 Tf 60 {780 - 18 * k} Td {utf16(text)} Tj ET "
        for k, text in enumerate(
            ("令和6年度 いわき市 個人情報の取扱い", "部署別の件数は次のとおりである。", "以下余白")
        )
    )
    parts = np.array_split(picture, strips)
    draw, y = "", 120 + picture.shape[0] * 72 / DPI
    for k, part in enumerate(parts):
        height, width = (side * 72 / DPI for side in part.shape)
        y -= height
        draw += f"q {width:.2f} 0 0 {height:.2f} 60 {y:.2f} cm /X{k} Do Q "
    names = "".join(f"/X{k} {3 + k} 0 R" for k in range(strips))
    contents = [lines + draw + more] * pages
    objects = tuple(image(part) for part in parts)
    path.write_bytes(pdf(*contents, media="0 0 595 842", resources=f"/XObject<<{names}>>", objects=objects))
    return path


def read(path: Path, recogniser: str = "rapidocr") -> tuple[list[Table], list[Line], list[Finding]]:
    """The tables of a file, its lines, and what a person is told."""
    findings: list[Finding] = []
    reader = ocr.get_recogniser(recogniser)
    tables, lines = [], []
    with open_document(path) as document:
        for page in legible(document.pages(), document, reader, findings=findings):
            found = recover(find_tables(page, document), document, reader)
            tables += found
            lines += words.lines(page, found)
    return tables, lines, findings


def askew(picture: Array, degrees: float) -> Array:
    """The picture as a scanner gives one that lies askew on grey paper."""
    height, width = picture.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    return np.asarray(cv2.warpAffine((picture * 0.9).astype(np.uint8), turn, (width, height), borderValue=229))


@pytest.mark.parametrize("degrees", [0.0, 0.8])
def test_a_pasted_table_is_read_and_the_text_around_it_stays_as_it_is(tmp_path: Path, degrees: float) -> None:
    picture, texts = printed_table()
    path = with_picture(tmp_path / "pasted.pdf", askew(picture, degrees) if degrees else picture)
    (table,), lines, findings = read(path)
    assert [key(cell.text) for cell in table.cells] == texts
    assert all(cell.source == "ocr" for cell in table.cells)
    assert [line.reader for line in lines] == ["pdfium"] * 3
    assert "部署別の件数は次のとおりである。" in [line.text for line in lines]
    assert not findings


def test_native_rules_around_a_picture_and_native_words_on_it_are_kept(tmp_path: Path) -> None:
    picture, texts = printed_table()
    picture[12:48, 12:250] = 255  # the first heading is typed over the picture
    typed = f"BT /F2 11 Tf 66 {120 + picture.shape[0] * 72 / DPI - 15} Td {utf16('担当部署')} Tj ET"
    (table,), _, _ = read(with_picture(tmp_path / "typed.pdf", picture, more=typed))
    first, *others = table.cells
    assert (first.text, first.source, first.status) == ("担当部署", "text", "ok")
    assert [key(cell.text) for cell in others] == texts[1:]


def test_a_picture_in_strips_is_one(tmp_path: Path) -> None:
    picture, texts = printed_table()
    (table,), _, _ = read(with_picture(tmp_path / "strips.pdf", picture, strips=5))
    assert [key(cell.text) for cell in table.cells] == texts


def test_without_recognition_a_person_is_told_of_the_picture(tmp_path: Path) -> None:
    tables, _, findings = read(with_picture(tmp_path / "pasted.pdf", printed_table()[0]), "blank")
    assert not tables
    assert [(f.kind, f.page) for f in findings] == [("unread-picture", 1)]


def test_of_very_many_pictures_a_person_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("report_extract.ocr.legible._MOST_PICTURES", 0)
    tables, _, findings = read(with_picture(tmp_path / "pasted.pdf", printed_table()[0]))
    assert not tables
    assert [(f.kind, f.page) for f in findings] == [("many-pictures", 1)]


def test_photos_logos_and_seals_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*args: object) -> None:
        raise AssertionError("it was read")

    monkeypatch.setattr("report_extract.ocr.pictures.printed", never)
    for name, picture in {"photo": photo(), "logo": logo(), "blank": np.full((500, 800), 250, np.uint8)}.items():
        tables, lines, findings = read(with_picture(tmp_path / f"{name}.pdf", picture))
        assert (tables, len(lines), findings) == ([], 3, []), name


def test_a_person_is_told_of_a_picture_of_print_that_was_left(tmp_path: Path) -> None:
    picture, _ = printed_table()
    ruled_out = picture.copy()
    with open_document(NATIVE) as document:
        table = find_tables(next(iter(document.pages([1]))))[-1]
        cells = [cell for cell in table.cells if cell.row < 6]
        corner = union(cell.bbox for cell in cells).grown(2)
    for cell in cells:  # the rules of a table are no more, its words are
        x0, top, x1, bottom = (
            round((edge - start) * DPI / 72) for edge, start in zip(cell.bbox, corner[:2] * 2, strict=True)
        )
        for edge in (x0, x1):
            ruled_out[top - 6 : bottom + 6, max(0, edge - 6) : edge + 6] = 255
        for edge in (top, bottom):
            ruled_out[max(0, edge - 6) : edge + 6, x0 - 6 : x1 + 6] = 255
    tables, _, findings = read(with_picture(tmp_path / "plain.pdf", ruled_out))
    assert not tables
    assert [(f.kind, f.page) for f in findings] == [("picture-left", 1)]


def test_a_letterhead_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def counted(*args: Any) -> Array:
        asked.append(1)
        return printed(*args)

    monkeypatch.setattr("report_extract.ocr.pictures.printed", counted)
    tables, _, _ = read(with_picture(tmp_path / "pages.pdf", printed_table(3)[0], pages=3))
    assert len(asked) == 1
    assert len({tuple(cell.text for cell in table.cells) for table in tables}) == 1
    assert [table.page for table in tables] == [1, 2, 3]


def photo() -> Array:
    """A view with a bright sky."""
    random = np.random.default_rng(1)
    view = cv2.GaussianBlur(random.integers(0, 255, (600, 800), dtype=np.uint8), (31, 31), 0).astype(float)
    view = (view - view.min()) / (view.max() - view.min()) * 200
    view[:250] = 240 + random.normal(0, 3, (250, 800))
    return np.asarray(np.clip(view + random.normal(0, 4, view.shape), 0, 255), np.uint8)


def logo() -> Array:
    """A disc and a few large letters."""
    picture = np.full((300, 700), 255, np.uint8)
    cv2.circle(picture, (130, 150), 100, 60, -1)
    cv2.putText(picture, "CITY", (270, 190), cv2.FONT_HERSHEY_SIMPLEX, 4, 30, 12)
    return picture


def test_print_on_dark_paper_and_on_grey_speaks() -> None:
    picture, _ = printed_table()
    for version in (picture, 255 - picture, (picture * 0.7).astype(np.uint8) + 20):
        assert speaks(version, DPI / 72)
