"""The second reader for figures: of another make than the first, and never sure of what it does not know."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from report_extract.core.geometry import BBox
from report_extract.core.model import Array, Cell, Reading, Table
from report_extract.imaging.lines import line_crops
from report_extract.ocr import get_figure_reader
from report_extract.ocr.figures import OTHER, SYMBOLS
from report_extract.ocr.recover import recover

from .test_recover import Picture, Says

MODELS = files("report_extract.ocr.models")


def printed(text: str, size: int = 40) -> Array:
    """A line in the font that Pillow brings along, which the network was never shown."""
    image = Image.new("L", (size * (len(text) + 2), 2 * size), 255)
    ImageDraw.Draw(image).text((size, size // 2), text, font=ImageFont.load_default(size), fill=0)
    (line,) = line_crops(np.asarray(image), float(size))
    return line


@pytest.mark.parametrize("text", ["1", "11", "0", "401", "2024", "1,234", "13,578", "94.57", "9,084,168"])
def test_figures_in_a_font_it_was_never_shown(text: str) -> None:
    (reading,) = get_figure_reader().read([printed(text)])
    assert (reading.text, reading.by) == (text, "figures")


def test_letters_that_it_does_not_know_are_no_figures() -> None:
    for reading in get_figure_reader().read([printed(text) for text in ("Wax", "Kgm")]):
        assert OTHER in reading.text or reading.confidence < 0.9


def test_a_line_reads_the_same_alone_and_among_others() -> None:
    lines = [printed(text) for text in ("7", "1,234,567", "88", "305")]
    together = [reading.text for reading in get_figure_reader().read(lines)]
    assert together == [get_figure_reader().read([line])[0].text for line in lines]
    assert get_figure_reader().read([]) == []
    assert get_figure_reader().read([np.zeros((0, 9), np.uint8)])[0].text == ""


def test_readers_that_differ_leave_a_doubt(request: pytest.FixtureRequest) -> None:
    box = BBox(20, 20, 110, 50)
    table = Table(1, box, 0, (Cell(1, box, readings=(Reading("927", "rapidocr"),)),))
    first = Says(Reading("927", "rapidocr", 0.99))
    document: Picture = Picture(request.node.nodeid)
    for said, status in (("927", "ok"), ("△27", "review")):
        second = Says(Reading(said, "figures", 0.97))
        (cell,) = recover([table], document, first, second)[0].cells  # type: ignore[arg-type]
        assert cell.status == status


def test_the_weights_say_what_they_were_made_from() -> None:
    said = json.loads((MODELS / "figures.json").read_text(encoding="utf-8"))
    assert said["symbols"] == "".join(SYMBOLS)
    assert said["held_out_lines"] >= 500 and said["held_out_lines_right"] > 0.9
    assert Path(str(MODELS / "figures.onnx")).stat().st_size < 2_000_000
