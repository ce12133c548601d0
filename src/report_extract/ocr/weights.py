"""Weights of a network that slow it down and say nothing.

Training drives weights that are of no use towards nothing. Those below the smallest normal number (*denormals*,
under 1.2e-38) are worked with in microcode, a hundred times as slow as others: of the detector's weights 256,000
are such, and they make up more than half of its time.

onnxruntime's own option (``session.set_denormal_as_zero``) is as fast, but leaves the processor of the calling thread
flushing all denormals from then on, in whatever the caller computes next (hypothesis refuses to draw floats then).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

# Fields of the ONNX format (onnx.proto): ModelProto.graph, GraphProto.initializer, TensorProto.data_type and
# .raw_data, and what data_type is for 32-bit floats.
_GRAPH, _INITIALIZER, _DATA_TYPE, _RAW_DATA, _FLOAT = 7, 5, 2, 9, 1
_VARINT, _COUNTED = 0, 2  # wire types of protocol buffers
_BYTES = {1: 8, 5: 4}  # the size of values of the other wire types


def without_denormals(model: bytes) -> bytes:
    """An ONNX model whose weights too small to be normal numbers are 0, all else as it was."""
    changed = bytearray(model)
    for field, start, end in _fields(model, 0, len(model)):
        if field != _GRAPH:
            continue
        for part, first, last in _fields(model, start, end):
            if part == _INITIALIZER:
                _flush(changed, {number: place for number, *place in _fields(model, first, last)})
    return bytes(changed)


def _flush(model: bytearray, tensor: dict[int, list[int]]) -> None:
    """Set the denormals of a tensor to 0 where it lies in the model; ``tensor`` has start and end of its fields."""
    if _DATA_TYPE not in tensor or _RAW_DATA not in tensor or model[tensor[_DATA_TYPE][0]] != _FLOAT:
        return
    start, end = tensor[_RAW_DATA]
    weights = np.frombuffer(model, "<f4", (end - start) // 4, start)
    weights[np.abs(weights) < np.finfo(np.float32).tiny] = 0


def _fields(data: bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Number, start and end of each field of the message that lies in ``data`` from ``at`` to ``end``."""
    while at < end:
        tag, at = _varint(data, at)
        if tag & 7 == _VARINT:
            size = _varint(data, at)[1] - at
        elif tag & 7 == _COUNTED:
            size, at = _varint(data, at)
        else:
            size = _BYTES[tag & 7]
        yield tag >> 3, at, at + size
        at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """The number that begins at ``at``, seven bits a byte, lowest first; and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
