"""What reading a native page may cost, counted in calls and pictures, which no busy machine changes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pypdfium2.raw as api
import pytest

from report_extract import extract_tables
from report_extract.core.model import Flag
from report_extract.pipeline import extract_one
from report_extract.readers import open_document
from report_extract.tables import doubt
from report_extract.tables.regrid import regridded
from tests import tiny_pdf

FIXTURES = Path(__file__).parent.parent / "fixtures"
PAGES = 4  # of the bundled report


def counted(monkeypatch: pytest.MonkeyPatch, *names: str) -> Counter[str]:
    """Counts the calls into pdfium of those names from now on."""
    calls: Counter[str] = Counter()

    def watched(name: str, original: Any) -> Any:
        def call(*arguments: Any) -> Any:
            calls[name] += 1
            return original(*arguments)

        return call

    for name in names:
        monkeypatch.setattr(api, name, watched(name, getattr(api, name)))
    return calls


def test_a_native_page_is_opened_once_and_drawn_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(monkeypatch, "FPDF_LoadPage", "FPDFText_LoadPage", "FPDF_RenderPageBitmap")
    extract_one(FIXTURES / "iwaki" / "iwaki-r6.pdf")
    assert calls["FPDF_LoadPage"] == PAGES
    assert calls["FPDFText_LoadPage"] == PAGES
    # Strips that hold each letter of each font once, then one strip a page.
    assert 0 < calls["FPDF_RenderPageBitmap"] <= 3 * PAGES


def test_only_the_page_that_is_asked_for_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(monkeypatch, "FPDF_LoadPage")
    extract_tables(FIXTURES / "iwaki" / "iwaki-r6.pdf", pages=[3])
    assert calls["FPDF_LoadPage"] == 1


def test_the_recogniser_is_not_loaded_for_a_native_report(monkeypatch: pytest.MonkeyPatch) -> None:
    import onnxruntime

    def refused(*arguments: Any, **options: Any) -> Any:
        raise AssertionError("a network was loaded")

    monkeypatch.setattr(onnxruntime, "InferenceSession", refused)
    read = extract_one(FIXTURES / "iwaki" / "iwaki-r6.pdf")
    assert read.profile == "personal-data-use"


def test_white_letters_on_dark_cells_need_no_picture(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    white = "1 g BT /F1 10 Tf 20 205 Td (Budget) Tj ET"
    path = tmp_path / "white.pdf"
    path.write_bytes(tiny_pdf.pdf(f"0.2 g 10 195 120 30 re f {white}", white))
    calls = counted(monkeypatch, "FPDF_RenderPageBitmap")
    with open_document(path) as document:
        on_dark = next(iter(document.pages([1])))
        assert not calls["FPDF_RenderPageBitmap"]
        on_paper = next(iter(document.pages([2])))
    assert not (on_dark.chars["flags"] & Flag.HIDDEN).any()
    assert (on_paper.chars["flags"] & Flag.HIDDEN).all()


def test_a_table_that_is_surely_right_is_judged_by_few_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    made = 0

    def watched(*arguments: Any) -> Any:
        nonlocal made
        made += 1
        return regridded(*arguments)

    monkeypatch.setattr(doubt, "regridded", watched)
    tables = extract_tables(FIXTURES / "disclosure" / "morioka-disclosure.pdf")
    assert min(t.confidence for t in tables) > 0.95
    assert made == len(tables)  # what stands at the table's own place, as evidence; no other one could be likelier
