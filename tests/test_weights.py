"""Weights too small to be normal numbers are left out of a network, and nothing else is changed."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_extract.ocr.weights import without_denormals


def _field(number: int, content: bytes | int) -> bytes:
    """A field of a message: an integer as a varint, bytes with their count before them."""
    if isinstance(content, int):
        return _varint(number << 3) + _varint(content)
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    low, rest = value & 0x7F, value >> 7
    return bytes([low | 0x80]) + _varint(rest) if rest else bytes([low])


def _model(weights: bytes, kind: int = 1) -> bytes:
    tensor = _field(1, 3) + _field(2, kind) + _field(8, b"w") + _field(9, weights)
    graph = _field(1, b"\x0a\x01x") + _field(5, tensor) + _field(2, b"graph")
    return _field(1, 7) + _field(7, graph) + _field(14, b"note")


@given(st.lists(st.floats(width=32), max_size=60))
def test_only_denormals_become_nothing(values: list[float]) -> None:
    weights = np.array(values, "<f4")
    with np.errstate(invalid="ignore"):
        wanted = np.where(np.abs(weights) < np.finfo(np.float32).tiny, np.float32(0), weights)
    assert without_denormals(_model(weights.tobytes())) == _model(wanted.astype("<f4").tobytes())


def test_other_numbers_than_floats_are_let_be() -> None:
    numbers = np.arange(40, dtype="<i8").tobytes()  # each of them a denormal, were it a float
    assert without_denormals(_model(numbers, kind=7)) == _model(numbers, kind=7)


@pytest.mark.parametrize("name", ["PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"])
def test_the_models_that_come_along_are_understood(name: str) -> None:
    model = (files("report_extract.ocr.models") / name).read_bytes()
    flushed = without_denormals(model)
    assert len(flushed) == len(model)
    assert flushed != model
    assert without_denormals(flushed) == flushed
