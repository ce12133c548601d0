"""The ditto mark in scans: no alphabet has it, its shape tells it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from report_extract.core.model import Array
from report_extract.ocr.ditto import is_ditto

SCALE = 300 / 72  # pages are looked at with so many pixels a point, however finely they were scanned
FONTS = ("ipam.ttf", "ipag.ttf", "NotoSerifCJK-Regular.ttc", "NotoSansCJK-Regular.ttc", "DroidSansFallbackFull.ttf")


def strokes(lean: float, height: float, thick: float, taper: float, dpi: int) -> Array:
    """Two strokes as a font of a kind draws them: sizes in points, thinner below by ``taper``."""
    fine, scale = 8, dpi / 72
    picture = np.full((round(30 * scale) * fine, round(40 * scale) * fine), 255, np.uint8)
    for x in (14.0, 14.0 + 0.75 * height):
        top, bottom = (x + lean * height, 12.0), (x, 12.0 + height)
        outline = [top, (top[0] + thick, top[1]), (bottom[0] + thick * taper, bottom[1]), bottom]
        cv2.fillPoly(picture, [(np.array(outline) * scale * fine).astype(np.int32)], 0)
    small = cv2.resize(picture, None, fx=1 / fine, fy=1 / fine, interpolation=cv2.INTER_AREA)
    return scanned(small, dpi)


def scanned(picture: Array, dpi: int) -> Array:
    """A picture of ``dpi`` as a page of that resolution is looked at."""
    factor = 300 / dpi
    return np.asarray(cv2.GaussianBlur(cv2.resize(picture, None, fx=factor, fy=factor), (0, 0), 0.8))


@pytest.mark.parametrize("dpi", [200, 300])
@pytest.mark.parametrize("height", [3.5, 5.0, 7.0])
@pytest.mark.parametrize(("lean", "thick", "taper"), [(0.35, 0.9, 1.0), (0.5, 0.9, 0.4), (0.6, 1.3, 0.8)])
def test_two_leaning_strokes_are_a_ditto_mark(dpi: int, height: float, lean: float, thick: float, taper: float) -> None:
    picture = strokes(lean, height, thick, taper, dpi)
    assert is_ditto(picture, SCALE)
    assert is_ditto(np.where(picture < 150, 0, 255).astype(np.uint8), SCALE)  # of a fax


@pytest.mark.parametrize("lean", [0.0, 0.1, 0.2, -0.4])
def test_strokes_that_stand_or_lean_the_other_way_are_none(lean: float) -> None:
    assert not is_ditto(strokes(lean, 5.0, 0.9, 1.0, 300), SCALE)


def test_one_stroke_or_three_are_none() -> None:
    two = strokes(0.5, 5.0, 0.9, 1.0, 300)
    assert not is_ditto(np.hstack([two, two]), SCALE)
    assert not is_ditto(two[:, : round(18.3 * SCALE)], SCALE)
    assert not is_ditto(np.full((60, 80), 255, np.uint8), SCALE)


@pytest.mark.parametrize("dpi", [200, 300])
@pytest.mark.parametrize("name", FONTS)
def test_fonts_ditto_marks_are_told_from_all_that_is_like_them(name: str, dpi: int) -> None:
    found = next(Path("/usr/share/fonts").rglob(name), None)
    if found is None:
        pytest.skip(f"{name} is not installed")
    for points in (9.0, 12.0):
        font = ImageFont.truetype(str(found), round(points * dpi / 72))

        def shown(text: str, font: ImageFont.FreeTypeFont = font) -> Array:
            image = Image.new("L", (5 * round(font.size), 3 * round(font.size)), 255)
            ImageDraw.Draw(image).text((font.size, font.size), text, font=font, fill=0)
            return scanned(np.asarray(image), dpi)

        assert is_ditto(shown("〃"), SCALE)
        for other in (
            "11",
            "1",
            "ll",
            '"',
            "い",
            "り",
            "リ",
            "ソ",
            "ハ",
            "八",
            "小",
            "17",
            "71",
            "ii",
            "、、",
            "々",
            "=",
            "二",
        ):
            assert not is_ditto(shown(other), SCALE), other
