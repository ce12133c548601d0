"""PP-OCRv6 small, the recogniser that the rapidocr wheel ships, called straight through onnxruntime."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import numpy as np

from ..errors import MissingEngineError
from ..model import Array, Reading
from ..twins import told_apart
from .alphabet import Alphabet, alphabet
from .ctc import Spelling, spell

HEIGHT = 48  # the height of a line that the network was trained on, pixels
STEP = 8  # pixels of such a line a step of the output
_BATCH = 8
_BUCKET = 80  # widths are rounded up to multiples of this, so that lines of like length share a batch
_NARROWEST = {"text": 160, "number": 320}  # padding a short number keeps its digits (measured)
_WIDEST = 3200
_ALTERNATIVES = 4


@dataclass(frozen=True, slots=True)
class Spelled:
    """A reading, and where in the crop its letters stand.

    Attributes:
        reading: the text with its alternatives.
        letters: the letters, as many as ``centres``; joined they are the reading's text.
        centres: the middle of each letter as a share of the crop's width, 0..1.
        sures: how sure each letter is, 0..1.
    """

    reading: Reading
    letters: tuple[str, ...] = ()
    centres: tuple[float, ...] = ()
    sures: tuple[float, ...] = ()


def threads() -> int:
    """How many threads a session may use: two, or one where there is only one processor."""
    return max(1, min(2, os.cpu_count() or 1))


@cache
def session(package: str, name: str) -> Any:
    """The model ``name`` that a wheel brings along, loaded once a process."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads()
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # waiting must not cost
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False  # batches of many widths would each keep their arena
    try:
        model = (files(package) / "models" / name).read_bytes()
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise MissingEngineError(
            f"the model {name} is not there", f"pip install --force-reinstall {package}"
        ) from error
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


class RapidOcr:
    """Reads crops of single upright lines. Method: CTC over PP-OCRv6 small, see ``alphabet`` and ``ctc``."""

    name = "rapidocr"

    @cached_property
    def _session(self) -> Any:
        return session("rapidocr", "PP-OCRv6_rec_small.onnx")

    @cached_property
    def _alphabets(self) -> dict[str, Alphabet]:
        meta = self._session.get_modelmeta().custom_metadata_map
        dictionary = ["", *meta["character"].split("\n"), " "]
        return {name: alphabet(dictionary, name) for name in _NARROWEST}

    def read(self, crops: Sequence[Array], alphabet: str = "text") -> list[Reading]:
        """One reading a crop (uint8 grey, any size), in order."""
        return [spelled.reading for spelled in self.spell(crops, alphabet)]

    def spell(self, crops: Sequence[Array], alphabet: str = "text") -> list[Spelled]:
        """One reading a crop, with the place of its letters."""
        if not crops:
            return []  # without loading the model
        result = [Spelled(Reading("", self.name, 0.0))] * len(crops)
        symbols = self._alphabets[alphabet]
        for width, batch in _batches(crops, _NARROWEST[alphabet]):
            images = np.stack([_network_input(crops[i], width) for i in batch])
            (output,) = self._session.run(None, {self._session.get_inputs()[0].name: images})
            for i, steps in zip(batch, output, strict=True):
                result[i] = self._spelled(symbols, steps, crops[i], plain=alphabet == "number")
        return result

    def _spelled(self, symbols: Alphabet, steps: Array, crop: Array, plain: bool) -> Spelled:
        folded, covered = symbols.fold(steps)
        texts = spell(folded, symbols.symbols)
        best = texts[0] if plain else _with_blanks(texts[0], steps[:, -1])
        letters = best.symbols if plain else tuple(told_apart("".join(best.symbols)))
        if len(letters) != len(best.symbols):  # a symbol of several letters, or a blank: keep it whole
            letters = best.symbols
        others = {t.text if plain else told_apart(t.text): t.share for t in texts[1:]}
        text = "".join(letters)
        others.pop(text, None)
        alternatives = tuple((t, p) for t, p in others.items() if p > 0.001)[:_ALTERNATIVES]
        width = _scaled_width(crop)
        return Spelled(
            Reading(text.strip(), self.name, min(1.0, best.share * covered), alternatives),
            letters,
            tuple(min(1.0, (onset + 0.5) * STEP / width) for onset in best.onsets),
            tuple(
                float(folded[onset : onset + 3, column].max())
                for onset, column in zip(best.onsets, best.columns, strict=True)
            ),
        )


def _with_blanks(spelling: Spelling, blanks: Array) -> Spelling:
    """The spelling with a blank before each Latin letter that one was seen before.

    Args:
        spelling: without blanks.
        blanks: how likely each step is a blank between words, shape (steps,).
    """
    symbols, before = [], ""
    for i, symbol in enumerate(spelling.symbols):
        apart = before.isascii() and symbol.isascii() and (before.isalpha() or symbol.isalpha())
        if apart and before and blanks[spelling.onsets[i - 1] : spelling.onsets[i]].max(initial=0.0) > 0.5:
            symbol = f" {symbol}"
        symbols.append(symbol)
        before = symbol[-1:]
    return replace(spelling, text="".join(symbols), symbols=tuple(symbols))


def _scaled_width(crop: Array) -> int:
    height, width = crop.shape[:2]
    return int(max(STEP, min(_WIDEST, round(HEIGHT * width / max(1, height)))))


def _batches(crops: Sequence[Array], narrowest: int) -> Iterator[tuple[int, list[int]]]:
    """Indices of crops that share a padded width, a few at a time."""
    buckets: dict[int, list[int]] = {}
    for i, crop in enumerate(crops):
        if crop.size:
            width = max(narrowest, -(-_scaled_width(crop) // _BUCKET) * _BUCKET)
            buckets.setdefault(width, []).append(i)
    for width, members in sorted(buckets.items()):
        size = max(1, min(_BATCH, 5120 // width))
        for start in range(0, len(members), size):
            yield width, members[start : start + size]


def _network_input(crop: Array, width: int) -> Array:
    """A crop scaled to the network's height, -1..1, padded with its middle grey: (3, HEIGHT, width)."""
    import cv2

    own = _scaled_width(crop)
    method = cv2.INTER_AREA if crop.shape[0] > HEIGHT else cv2.INTER_CUBIC
    line = cv2.resize(crop, (own, HEIGHT), interpolation=method)
    padded = np.zeros((HEIGHT, width), np.float32)
    padded[:, :own] = line.astype(np.float32) / 127.5 - 1.0
    return np.broadcast_to(padded, (3, HEIGHT, width))
