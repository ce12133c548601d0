"""PP-OCRv6 small, the recogniser that RapidOCR distributes, called straight through onnxruntime."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, cached_property
from hashlib import sha256
from importlib.resources import files
from typing import Any

import numpy as np

from ..core.errors import MissingEngineError
from ..core.model import Array, Reading
from ..text.confusables import disambiguated
from .alphabet import Alphabet, alphabet
from .ctc import Spelling, spell
from .weights import without_denormals

HEIGHT = 48  # the height of a line that the network was trained on, pixels
STEP = 8  # pixels of such a line a step of the output
_BUCKET = 80  # widths are rounded up to multiples of this
_NARROWEST = {"text": 160, "number": 320}  # padding a short number keeps its digits (measured)
_WIDEST = 3200
_ALTERNATIVES = 4
_LIKELY = 1e-3  # what is less likely is no alternative
_KEPT = 4096  # readings that are remembered: the lines of some dozen pages


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
def session(name: str, parallel: int = 0) -> Any:
    """The network ``name`` of the folder ``models``, loaded once a process.

    Args:
        name: a file's name there.
        parallel: how many threads one run may use; 0 for as many as ``threads`` says.

    Raises:
        MissingEngineError: the file was left out of the installation.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = parallel or threads()
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # waiting must not cost
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False  # what the largest picture once needed would be kept
    options.enable_mem_pattern = False  # so would a plan for every width of a line
    try:
        model = (files(f"{__package__}.models") / name).read_bytes()
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise MissingEngineError(
            f"the model {name} is not there", "pip install --force-reinstall report-extract"
        ) from error
    return onnxruntime.InferenceSession(without_denormals(model), options, providers=["CPUExecutionProvider"])


@cache
def _pool() -> ThreadPoolExecutor:
    """The threads that read lines. They stay, as each new one would keep memory of its own."""
    return ThreadPoolExecutor(threads(), "recogniser")


if hasattr(os, "register_at_fork"):  # threads do not live on in a forked process
    os.register_at_fork(after_in_child=_pool.cache_clear)


class RapidOcr:
    """Reads crops of single upright lines. Method: CTC over PP-OCRv6 small, see ``alphabet`` and ``ctc``.

    A line is a run of the network by itself, one thread a line, several lines at a time: what a batch gains
    by its size it loses by outgrowing the processor's cache, and threads that share one line wait for each
    other. A picture that comes a second time (of the page's line, of its cell) is not read again.
    """

    name = "rapidocr"

    def __init__(self) -> None:
        self._known: dict[tuple[str, tuple[int, ...], bytes], Spelled] = {}

    @cached_property
    def _session(self) -> Any:
        return session("PP-OCRv6_rec_small.onnx", parallel=1)

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
        known = self._known
        keys = [(alphabet, crop.shape, sha256(crop.tobytes()).digest()) for crop in crops]
        new = {key: crop for key, crop in zip(keys, crops, strict=True) if key not in known}
        if len(known) + len(new) > _KEPT:
            self._known = known = {}
            new = dict(zip(keys, crops, strict=True))
        if new:
            symbols = self._alphabets[alphabet]
            widest_first = sorted(new, key=lambda key: -_scaled_width(new[key]))  # so that no thread ends late
            read = _pool().map(lambda key: self._read(new[key], symbols, alphabet), widest_first)
            known.update(zip(widest_first, read, strict=True))
        return [known[key] for key in keys]

    def _read(self, crop: Array, symbols: Alphabet, name: str) -> Spelled:
        """One crop read over the alphabet ``name``."""
        if not crop.size:
            return Spelled(Reading("", self.name, 0.0))
        width = max(_NARROWEST[name], -(-_scaled_width(crop) // _BUCKET) * _BUCKET)
        (output,) = self._session.run(None, {"x": _network_input(crop, width)})
        return self._spelled(symbols, output[0], crop, plain=name == "number")

    def _spelled(self, symbols: Alphabet, steps: Array, crop: Array, plain: bool) -> Spelled:
        folded = symbols.fold(steps)
        texts = spell(folded.steps, folded.symbols)
        best = texts[0] if plain else _with_blanks(texts[0], steps[:, -1])
        letters = best.symbols if plain else tuple(disambiguated("".join(best.symbols)))
        if len(letters) != len(best.symbols):  # a symbol of several letters, or a blank: keep it whole
            letters = best.symbols
        likely = [t for t in texts[1:] if t.share > _LIKELY]
        others = {t.text if plain else disambiguated(t.text): t.share for t in likely}
        text = "".join(letters)
        others.pop(text, None)
        width = _scaled_width(crop)
        return Spelled(
            Reading(
                text.strip(),
                self.name,
                min(1.0, best.share * folded.covered),
                tuple(others.items())[:_ALTERNATIVES],
            ),
            letters,
            tuple(min(1.0, (onset + 0.5) * STEP / width) for onset in best.onsets),
            tuple(
                float(folded.steps[onset : onset + 3, column].max())
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


def _network_input(crop: Array, width: int) -> Array:
    """A crop scaled to the network's height, -1..1, padded with its middle grey: (1, 3, HEIGHT, width)."""
    import cv2

    own = _scaled_width(crop)
    method = cv2.INTER_AREA if crop.shape[0] > HEIGHT else cv2.INTER_CUBIC
    line = cv2.resize(crop, (own, HEIGHT), interpolation=method)
    padded = np.zeros((HEIGHT, width), np.float32)
    padded[:, :own] = line.astype(np.float32) / 127.5 - 1.0
    return np.broadcast_to(padded, (1, 3, HEIGHT, width))
