"""The second reader, for figures alone: a small network of this project's own, of another make than the first.

Two readers that were built apart, shown other pictures and cut other ways seldom err alike; two passes of the same
one do. It knows 0-9, the signs of figures and a few units, and calls every other letter "?". It was trained by
``tools/digits`` on rendered and worn lines; ``models/figures.json`` says on what, and how well it reads fonts that it
was never shown.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.model import Array, Reading
from .ctc import spell
from .rapidocr import session

WEIGHTS = "figures.onnx"
HEIGHT = 32  # pixels: the height of a line that the network was trained on
STEP = 2  # pixels of such a line a step of the output
OTHER = "?"  # stands for every letter that it does not know
SYMBOLS = ("", *"0123456789,.△▲-%()件人円千", OTHER)
_NARROWEST, _WIDEST = 24, 640
_BUCKET = 48  # widths are rounded up to multiples of this, so that lines can be read together
_BATCH = 16
_LIKELY = 1e-3  # what is less likely is no alternative
_ALTERNATIVES = 4


def line_input(crop: Array) -> Array:
    """A crop (uint8 grey, dark on light, any size) scaled to the network's height, uint8."""
    import cv2

    height, width = crop.shape[:2]
    own = int(np.clip(round(HEIGHT * width / max(1, height)), _NARROWEST, _WIDEST))
    method = cv2.INTER_AREA if height > HEIGHT else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(crop, (own, HEIGHT), interpolation=method))


def normalised(line: Array) -> Array:
    """Ink as 1, ground as 0, the darkest ink counting as black: float32 of the same shape."""
    ink = 255.0 - line.astype(np.float32)
    return np.asarray(np.clip(ink / max(60.0, float(np.percentile(ink, 99.5))), 0.0, 1.0), np.float32)


class FigureReader:
    """Reads crops of single upright lines that hold a figure."""

    name = "figures"

    def read(self, crops: Sequence[Array], alphabet: str = "number") -> list[Reading]:
        """One reading a crop (uint8 grey), in order; "?" stands for each letter that it does not know."""
        nothing = np.zeros((HEIGHT, _NARROWEST), np.float32)
        lines = [normalised(line_input(crop)) if crop.size else nothing for crop in crops]
        wides = [-(-line.shape[1] // _BUCKET) * _BUCKET for line in lines]
        order = sorted(range(len(lines)), key=lambda i: wides[i])
        found: dict[int, Reading] = {}
        while order:
            some = [i for i in order[:_BATCH] if wides[i] == wides[order[0]]]
            order = order[len(some) :]
            batch = np.zeros((len(some), 1, HEIGHT, wides[some[0]]), np.float32)
            for row, i in zip(batch, some, strict=True):
                row[0, :, : lines[i].shape[1]] = lines[i]
            (steps,) = session(WEIGHTS, parallel=1).run(None, {"x": batch})
            for line, i in zip(np.exp(steps), some, strict=True):
                found[i] = self._reading(line[: lines[i].shape[1] // STEP])
        return [found[i] for i in range(len(lines))]

    def _reading(self, steps: Array) -> Reading:
        best, *others = spell(steps, SYMBOLS)
        likely = tuple((t.text, t.share) for t in others if t.share > _LIKELY)[:_ALTERNATIVES]
        return Reading(best.text, self.name, best.share, likely)
