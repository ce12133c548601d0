"""The text that an earlier recogniser left under a scan, as a second opinion.

Such layers are poor and never believed: what they say otherwise means nothing. But where one of them, another
program by other people, says just what was read from the picture, a doubt about the reading is settled.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..core.model import Array, Cell, Table
from ..text.normalize import confusable_key, key

_DOUBTS = ("readings-differ", "unsure-reading")
_FEWEST = 2  # letters; of fewer a poor layer is right by chance
_BELIEVED = 0.5  # how sure a reading must be that is shorter than
_PHRASE = 4  # so many letters, which two programs do not make up alike


def confirmed(tables: Sequence[Table], layer: Array) -> list[Table]:
    """The tables of a scan, doubts settled where the layer agrees with what was read.

    Args:
        tables: as read from the page's picture, their cells where they stand on the page as displayed.
        layer: CHAR records of the page's own text, which was not believed.
    """
    layer = layer[~np.isin(layer["text"], ["", " ", "\u3000"])]
    if not len(layer):
        return list(tables)
    places = np.stack([(layer["x0"] + layer["x1"]) / 2, (layer["top"] + layer["bottom"]) / 2], axis=1)
    return [replace(t, cells=tuple(_settled(cell, layer["text"], places) for cell in t.cells)) for t in tables]


def _settled(cell: Cell, letters: Array, places: Array) -> Cell:
    doubts = [d for d in cell.doubts if d.kind in _DOUBTS]
    read = _squeezed(cell.text)
    least = _FEWEST if cell.confidence >= _BELIEVED else _PHRASE
    if not doubts or len(read) < least:
        return cell
    inside = ((places >= cell.bbox[:2]) & (places <= cell.bbox[2:])).all(axis=1)
    if _squeezed("".join(letters[inside].tolist())) != read:
        return cell
    # Letters that print alike (力 and カ) are the same to every program: there its word is worth nothing.
    said = [value for doubt in doubts for value in doubt.values]
    alike = any(confusable_key(one) == confusable_key(read) and _squeezed(one) != read for one in said)
    return cell if alike else cell.settled(*_DOUBTS)


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", key(text))
