"""Pictures on pages of text: a pasted table is read like any other, a photo or a logo costs a glance."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from report_extract.model import Array, Document, Extraction, Flag, Table
from report_extract.ocr.pictures import Pictures, speaks
from report_extract.pipeline import Options, extract_one
from report_extract.readers import open_document

from .tiny_pdf import pdf, stream, utf16

FIXTURES = Path(__file__).parent.parent / "fixtures"
NATIVE = FIXTURES / "iwaki" / "iwaki-r6.pdf"
DPI = 200


def printed_table(page: int = 1) -> tuple[Array, Table]:
    """A picture of the last table of a page of a report, and what it says."""
    from report_extract.finders import find_tables

    with open_document(NATIVE) as document:
        table = find_tables(next(iter(document.pages([page]))))[-1]
        return document.render(page, DPI, table.bbox.grown(4)), table


def image(picture: Array) -> bytes:
    """An image XObject, JPEG."""
    data = io.BytesIO()
    Image.fromarray(picture).save(data, "JPEG", quality=85)
    height, width = picture.shape[:2]
    space = "/DeviceRGB" if picture.ndim == 3 else "/DeviceGray"
    entries = f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/BitsPerComponent 8/ColorSpace{space}"
    return stream(data.getvalue(), entries + "/Filter/DCTDecode")


def with_picture(path: Path, picture: Array, at: tuple[float, float] = (60.0, 120.0), dpi: float = DPI) -> Path:
    """A page of native text with a picture whose lower left corner is ``at`` (points from the page's)."""
    lines = "".join(
        f"BT /F2 11 Tf 60 {780 - 18 * k} Td {utf16(text)} Tj ET "
        for k, text in enumerate(("令和6年度 いわき市 個人情報の取扱い", "部署別の件数は次のとおりである。", "以下余白"))
    )
    height, width = (side * 72 / dpi for side in picture.shape[:2])
    draw = f"q {width:.2f} 0 0 {height:.2f} {at[0]} {at[1]} cm /X Do Q"
    objects = (image(picture),)
    path.write_bytes(pdf(lines + draw, media="0 0 595 842", resources="/XObject<</X 3 0 R>>", objects=objects))
    return path
