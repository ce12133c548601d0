"""A page that cannot be read is said to be missing, and costs no other page its result."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image, TiffImagePlugin

import report_extract as rx
from report_extract.cli import main
from report_extract.cli.tables import page_numbers
from report_extract.core.errors import InputError, UsageError
from report_extract.core.messages import say
from report_extract.pipeline import Options, extract_one

from .tiny_pdf import pdf

NATIVE = Path(__file__).parent.parent / "fixtures" / "iwaki" / "iwaki-r6.pdf"
TABLE = (
    "".join(f"{x} 100 m {x} 200 l S " for x in (20, 80, 140, 180))
    + "".join(f"20 {y} m 180 {y} l S " for y in (100, 150, 200))
    + "".join(
        f"BT /F1 10 Tf {x} {y} Td ({text}) Tj ET "
        for y, row in ((170, ("office", "use", "sum")), (120, ("north", "3", "3")))
        for x, text in zip((25, 85, 145), row, strict=True)
    )
)


def vast(content: bytes, *pages: int) -> bytes:
    """The file with some of its pages (from 0) larger than any printer's."""
    parts = content.split(b"/MediaBox[0 0 200 300]")
    boxes = [b"/MediaBox[0 0 90000 9000000]" if k in pages else b"/MediaBox[0 0 200 300]" for k in range(len(parts))]
    return b"".join(part + box for part, box in zip(parts[:-1], boxes, strict=False)) + parts[-1]


def test_one_broken_page_costs_its_own_result_only(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(vast(pdf(TABLE, TABLE, TABLE), 1))
    read = extract_one(path)
    assert [table.page for table in read.tables] == [1, 3]
    assert [(f.kind, f.page) for f in read.findings if f.kind == "broken-page"] == [("broken-page", 2)]


def test_a_known_report_with_a_broken_page_is_for_review(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    with pdfium.PdfDocument(NATIVE) as document:
        document.new_page(90_000, 9_000_000)
        document.save(path)
        last = len(document)
    whole, read = extract_one(NATIVE), extract_one(path)
    assert (whole.status, read.status) == ("ok", "review")
    assert read.datasets == whole.datasets
    (finding,) = (f for f in read.findings if f.kind == "broken-page")
    assert finding.page == last
    for lang in ("ja", "en"):
        assert "90000 x 9000000" in say(finding, lang)


def test_a_file_without_a_page_that_can_be_read_fails(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(vast(pdf(TABLE, TABLE), 0, 1))
    with pytest.raises(InputError, match="page 1 measures"):
        extract_one(path)
    with pytest.raises(InputError, match="page 1 measures"):
        extract_one(path, options=Options(pages=(1, 7)))


def test_of_pages_that_are_asked_for_those_that_are_there_are_read(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf(TABLE, TABLE))
    read = extract_one(path, options=Options(pages=(2, 2, 3, 4)))
    assert [table.page for table in read.tables] == [2]
    (told,) = (f for f in read.findings if f.kind == "no-such-page")
    assert told.values == ("3", "2") and told.page == 0
    for pages in ((3,), (3, 9), (0,), ()):
        with pytest.raises(InputError, match="has no page"):
            extract_one(path, options=Options(pages=pages))


@pytest.mark.parametrize(
    ("said", "pages"),
    [("", None), ("2", [2]), ("1,3-5", [1, 3, 4, 5]), ("1,1-2", [1, 2]), ("0", ()), ("3-1", ()), ("-1", ()),
     ("1-", ()), ("a", ()), ("1;2", ()), (",", ())],
)  # fmt: skip
def test_lists_of_pages(said: str, pages: object) -> None:
    if pages == ():
        with pytest.raises(UsageError, match="not a list of pages"):
            page_numbers(said)
    else:
        assert page_numbers(said) == pages


def test_no_list_of_pages_is_endless() -> None:
    numbers = page_numbers("1-99999999999999")
    assert numbers is not None and len(numbers) < 30_000
    assert page_numbers("99999999999999-99999999999999") == [99_999_999_999_999]


def test_tables_of_the_other_pages_come_with_a_warning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(vast(pdf(TABLE, TABLE), 0))
    with pytest.warns(UserWarning, match="1ページ"):
        assert [table.page for table in rx.extract_tables(path)] == [2]
    assert main(["tables", str(path)]) == 0
    assert "report.pdf: 1ページ" in capsys.readouterr().err


def test_a_picture_of_which_one_page_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "scan.tiff"
    pages = [Image.new("L", (600, 400), shade) for shade in (250, 251, 252)]
    whole = io.BytesIO()
    pages[0].save(whole, "TIFF", save_all=True, append_images=pages[1:], dpi=(100, 100), compression="tiff_lzw")
    path.write_bytes(whole.getvalue())
    with TiffImagePlugin.TiffImageFile(path) as file:
        file.seek(1)
        start = file.tag_v2[273][0]
    content = bytearray(whole.getvalue())
    content[start : start + 40] = b"\xff" * 40
    path.write_bytes(bytes(content))
    read = extract_one(path)
    assert [f.page for f in read.findings if f.kind == "broken-page"] == [2]
