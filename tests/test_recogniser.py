"""The recogniser: a line reads the same whatever it is read with, and no line twice."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from report_extract.core.model import Array
from report_extract.ocr.rapidocr import RapidOcr


def _line(text: str) -> Array:
    picture = np.full((60, 30 + 27 * len(text)), 255, np.uint8)
    cv2.putText(picture, text, (10, 45), cv2.FONT_HERSHEY_SIMPLEX, 1.3, 0, 3)
    return picture


TEXTS = ("2024", "13,578", "R6", "-", "ABC 12")
LINES = [_line(text) for text in TEXTS]


def test_a_line_reads_the_same_alone_and_among_others() -> None:
    together = RapidOcr().read([*LINES, *LINES[::-1]])
    assert together[: len(LINES)] == together[: len(LINES) - 1 : -1]
    for line, reading in zip(LINES, together, strict=False):
        (alone,) = RapidOcr().read([line])
        assert alone.text == reading.text
        assert alone.confidence == pytest.approx(reading.confidence, abs=1e-4)
    assert [reading.text for reading in together[:2]] == ["2024", "13,578"]


def test_each_picture_is_read_once_for_each_alphabet(monkeypatch: pytest.MonkeyPatch) -> None:
    recogniser, widths = RapidOcr(), []
    original = RapidOcr._read

    def counted(self: RapidOcr, crop: Array, *rest: Any) -> Any:
        widths.append(crop.shape[1])
        return original(self, crop, *rest)

    monkeypatch.setattr(RapidOcr, "_read", counted)
    for _ in range(2):
        recogniser.read(LINES)
        recogniser.read(LINES[:2], "number")
    assert sorted(widths) == sorted(line.shape[1] for line in [*LINES, *LINES[:2]])


def test_nothing_reads_as_nothing() -> None:
    empty, thin = np.zeros((0, 40), np.uint8), np.zeros((40, 0), np.uint8)
    assert [(r.text, r.confidence) for r in RapidOcr().read([empty, LINES[0], thin])][::2] == [("", 0.0)] * 2
