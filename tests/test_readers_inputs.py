"""Pictures of pages and OCR text as inputs."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from report_extract.core.errors import InputError
from report_extract.core.geometry import BBox
from report_extract.core.model import Flag, Page
from report_extract.readers import open_document
from report_extract.readers.ocr_text import blocks, typed


def picture(width: int = 1654, height: int = 2339) -> Image.Image:
    page = np.full((height, width), 255, np.uint8)
    page[200:300, 400:800] = 0
    return Image.fromarray(page)


@pytest.mark.parametrize(
    ("name", "dpi", "points"),
    [
        ("scan.png", (200, 200), (595.4, 842.0)),
        ("scan.jpg", (200, 200), (595.4, 842.0)),
        ("scan.tif", (200, 200), (595.4, 842.0)),
        ("plain.png", None, (595.4, 842.0)),  # nothing said: an A4 sheet
        ("screen.jpg", (72, 72), (595.4, 842.0)),  # 72 is what programs say when they do not know
    ],
)
def test_a_picture_is_a_page_without_characters(
    tmp_path: Path, name: str, dpi: tuple[int, int] | None, points: tuple[float, float]
) -> None:
    said: dict[str, Any] = {"dpi": dpi} if dpi else {}
    picture().save(tmp_path / name, **said)
    with open_document(tmp_path / name) as document:
        (page,) = document.pages()
        assert (page.width, page.height) == pytest.approx(points, abs=0.6)
        assert len(page.chars) == 0
        assert page.images[["x0", "top"]].tolist() == [(0.0, 0.0)]
        scale = 1654 / page.width
        whole = document.render(1, 72 * scale)
        part = document.render(1, 72 * scale, BBox(390 / scale, 190 / scale, 810 / scale, 310 / scale))
    assert whole.shape == (2339, 1654) and whole.dtype == np.uint8
    assert part.shape == (120, 420)
    assert part[10:110, 10:410].max() < 40 and part[:8].min() > 215


def test_each_frame_of_a_tiff_is_a_page_and_exif_turns_it(tmp_path: Path) -> None:
    first, second = picture(), picture(2339, 1654)
    first.save(tmp_path / "fax.tiff", save_all=True, append_images=[second], dpi=(200, 200), compression="tiff_lzw")
    with open_document(tmp_path / "fax.tiff") as document:
        one, two = document.pages()
        assert document.page_count == 2
        assert (one.width < one.height, two.width > two.height) == (True, True)
        assert document.render(2, 200).shape == (1654, 2339)
    exif = Image.Exif()
    exif[0x0112] = 6  # shown after a quarter turn clockwise
    picture().save(tmp_path / "phone.jpg", exif=exif, dpi=(200, 200))
    with open_document(tmp_path / "phone.jpg") as document:
        (page,) = document.pages()
        assert page.width > page.height
        assert document.render(1, 100).shape == (827, 1170)


def test_transparency_is_paper_and_sixteen_bits_are_grey(tmp_path: Path) -> None:
    Image.new("RGBA", (300, 400), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    Image.fromarray(np.full((400, 300), 40_000, np.uint16)).save(tmp_path / "deep.png")
    for name, level in (("clear.png", 255), ("deep.png", 156)):
        with open_document(tmp_path / name) as document:
            assert int(np.median(document.render(1, 50))) == level


def rows(page: Page) -> list[list[str]]:
    """The cells of a page's only grid, from its rulings and characters."""
    xs = sorted(set(page.rulings["x0"][page.rulings["x0"] == page.rulings["x1"]].tolist()))
    ys = sorted(set(page.rulings["top"][page.rulings["top"] == page.rulings["bottom"]].tolist()))
    c = page.chars
    x, y = (c["x0"] + c["x1"]) / 2, (c["top"] + c["bottom"]) / 2
    return [
        ["".join(c["text"][(x > a) & (x < b) & (y > t) & (y < u)]) for a, b in pairwise(xs)] for t, u in pairwise(ys)
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp"])
def test_tabbed_text_becomes_a_ruled_grid(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes(
        "# 実施状況\r\n\r\n部等名\t件数\t小計\r\n総務部\t2件\r\n合 計\t\t3 件\r\n\r\n(※注)".encode(encoding)
    )
    with open_document(path) as document:
        (page,) = document.pages()
        assert document.render(1, 72).min() == 255
    assert page.reader == "ocr_text"
    assert (page.chars["flags"] == Flag.RECOGNISED).all()
    assert rows(page) == [["部等名", "件数", "小計"], ["総務部", "2件", ""], ["合計", "", "3件"]]
    outside = page.chars["text"][(page.chars["bottom"] < page.rulings["top"].min())]
    assert "".join(outside) == "実施状況"


def test_piped_tables_lose_their_separators_and_marks_stay() -> None:
    (table,) = [b for b in blocks("|No.|名|\n|---|:-:|\n| <del>-</del> | a\\|b |\n| - | - |") if b.table]
    assert table.rows == (("No.", "名"), ("<del>-</del>", "a|b"), ("-", "-"))


def test_a_tab_in_a_line_by_itself_is_a_gap() -> None:
    assert [b.table for b in blocks("見出し\t12\n\n\t字下げ\n\nA\tB\tC\n")] == [False, False, True]


def test_a_line_without_a_tab_ends_a_table() -> None:
    assert [(b.table, len(b.rows)) for b in blocks("a\tb\n1\t2\n注\nc\td\n3\t4")] == [(True, 2), (False, 1), (True, 2)]


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z", "M"], exclude_characters="|\\#"), max_size=12)


@given(st.lists(st.lists(CELL.filter(bool), min_size=3, max_size=3), min_size=2, max_size=6))
def test_every_field_comes_back_from_its_cell(table: list[list[str]]) -> None:
    page = typed(blocks("\n".join("\t".join(row) for row in table)), 1)
    assert rows(page) == table


def test_form_feeds_part_pages_and_binary_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pages.txt"
    path.write_text("一\f二", encoding="utf-8")
    with open_document(path) as document:
        assert ["".join(page.chars["text"]) for page in document.pages()] == ["一", "二"]
        with pytest.raises(InputError, match="no page 3"):
            list(document.pages([3]))
