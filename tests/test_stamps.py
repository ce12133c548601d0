"""Seals on scans in colour: print below them reads as without, and coloured print is print."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from report_extract import ocr
from report_extract.core.geometry import union
from report_extract.core.model import Array, Table
from report_extract.imaging import raster
from report_extract.imaging.seals import LOOK_DPI, stamps
from report_extract.ocr.legible import legible
from report_extract.ocr.recover import recover
from report_extract.readers import open_document
from report_extract.tables.find import find_tables

NATIVE = Path(__file__).parent.parent / "fixtures" / "iwaki" / "iwaki-r6.pdf"
DPI = 200
RED, BLUE, BLACK = (215, 40, 45), (40, 60, 190), (25, 25, 25)


def page(rows: int = 6) -> Array:
    """The first rows of a report's table as a picture in colours, on paper that is not quite white."""
    with open_document(NATIVE) as document:
        table = find_tables(next(iter(document.pages([1]))))[-1]
        box = union(c.bbox for c in table.cells if c.row < rows)
        grey = document.render(1, DPI, box.grown(12)._replace(bottom=box.bottom + 2))
    return np.asarray(np.stack([grey * share for share in (0.97, 0.96, 0.92)], axis=2), np.uint8)


def sealed(picture: Array, ink: tuple[int, int, int], at: tuple[int, int]) -> Array:
    """The picture with a round seal of 20 mm around ``at`` (pixels), its ink as a filter over what is there."""
    layer = np.full(picture.shape, 255, np.uint8)
    cv2.circle(layer, at, 78, ink, 7)
    cv2.line(layer, (at[0] - 75, at[1] - 22), (at[0] + 75, at[1] - 22), ink, 4)
    cv2.line(layer, (at[0] - 75, at[1] + 22), (at[0] + 75, at[1] + 22), ink, 4)
    cv2.putText(layer, "6.4.15", (at[0] - 52, at[1] + 12), cv2.FONT_HERSHEY_SIMPLEX, 1.0, ink, 3)
    cv2.putText(layer, "IN", (at[0] - 20, at[1] - 34), cv2.FONT_HERSHEY_SIMPLEX, 1.0, ink, 3)
    return np.asarray(picture.astype(int) * layer // 255, np.uint8)


def typed_in(picture: Array, ink: tuple[int, int, int]) -> Array:
    """The picture with its print, but not its paper, in another colour."""
    share = picture.astype(float) / picture.max(axis=(0, 1))
    return np.asarray(share * picture.max(axis=(0, 1)) + (1 - share) * ink, np.uint8)


def read(path: Path) -> Table:
    recogniser = ocr.get_recogniser("rapidocr")
    with open_document(path) as document:
        (found,) = legible(document.pages(), document, recogniser)
        (table,) = recover(find_tables(found, document), document, recogniser)
    return table


@pytest.mark.parametrize(("ink", "suffix"), [(RED, "jpg"), (BLUE, "png"), (RED, "tiff"), (RED, "pdf")])
def test_print_below_a_seal_reads_as_without(tmp_path: Path, ink: tuple[int, int, int], suffix: str) -> None:
    plain, path = tmp_path / "plain.png", tmp_path / f"sealed.{suffix}"
    Image.fromarray(page()).save(plain, dpi=(DPI, DPI))
    options = {"dpi": (DPI, DPI), "resolution": DPI, "quality": 80} if suffix != "tiff" else {"dpi": (DPI, DPI)}
    Image.fromarray(sealed(page(), ink, (560, 190))).save(path, **options)
    assert [(c.text, c.status) for c in read(path).cells] == [(c.text, c.status) for c in read(plain).cells]


def test_the_seal_would_have_spoilt_it(tmp_path: Path) -> None:
    path = tmp_path / "grey.png"
    Image.fromarray(sealed(page(), RED, (560, 190))).convert("L").save(path, dpi=(DPI, DPI))
    with open_document(path) as document:
        assert not stamps(document.render(1, LOOK_DPI, colour=True))
        assert (raster(document, 1).grey < 160).mean() > 1.1 * (flat() < 160).mean()


def flat() -> Array:
    return np.asarray(page().mean(axis=2), np.uint8)


@pytest.mark.parametrize("ink", [RED, BLUE])
def test_coloured_print_is_kept(tmp_path: Path, ink: tuple[int, int, int]) -> None:
    path = tmp_path / "coloured.png"
    picture = page()
    figures = np.s_[60:, 400:640]  # a column of figures in colour
    picture[figures] = typed_in(picture[figures], ink)
    Image.fromarray(picture).save(path, dpi=(DPI, DPI))
    texts = [c.text for c in read(path).cells if c.col == 1]
    assert texts == [c.text for c in read_plain(tmp_path).cells if c.col == 1]
    assert sum(any(letter.isdigit() for letter in text) for text in texts) == 5


def read_plain(folder: Path) -> Table:
    Image.fromarray(page()).save(folder / "plain.png", dpi=(DPI, DPI))
    return read(folder / "plain.png")


def look(draw: object = None) -> Array:
    """A small page of black lines of print."""
    picture = np.full((400, 300, 3), 245, np.uint8)
    for y in range(20, 400, 12):
        cv2.putText(picture, "0123456789 0123456789", (10, y), cv2.FONT_HERSHEY_SIMPLEX, 0.4, BLACK, 1)
    return picture


def test_only_a_hollow_piece_of_a_seals_size_over_print_is_a_seal() -> None:
    seal, fill, rules, letters, mark = (look() for _ in range(5))
    cv2.circle(seal, (150, 200), 30, RED, 2)
    fill[100:140, 50:110] = RED
    for x in range(10, 291, 40):
        cv2.line(rules, (x, 10), (x, 390), RED, 1)
        cv2.line(rules, (10, 10), (290, 10), RED, 1)
    letters[204:220, 10:280] = 245
    cv2.putText(letters, "123,456", (10, 217), cv2.FONT_HERSHEY_SIMPLEX, 0.4, RED, 1)
    cv2.line(mark, (20, 100), (120, 100), RED, 2)  # a line that strikes out what stands there
    (box,) = stamps(seal)
    assert box.contains(150, 200) and 60 < box.width < 75
    for other in (fill, rules, letters, mark, look()):
        assert stamps(other) == []
