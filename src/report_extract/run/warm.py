"""What every worker would read again, read once: imported by the process that workers are forked from.

A one-page report costs 0.1 s, modules, profiles, registers and letter shapes 0.5 s. Only reading is done
here: no thread, no recogniser and no file stays open across the fork.
"""

from __future__ import annotations

from ..core.geometry import BBox
from ..core.model import Cell, Reading, Table
from ..datasets.fitting import best_fit
from ..page import glyph_shapes, legibility
from ..profile import load
from ..profile.spec import DatasetSpec
from ..text import gazetteer
from . import lean


def _headed(dataset: DatasetSpec) -> Table:
    """A row below the headings of a dataset: to find that it fits takes all that is known of their words."""
    box = BBox(0, 0, 1, 1)
    rows = zip(*((f.headings[0], "1") for f in dataset.fields if f.headings), strict=True)
    cells = [
        Cell(1, box, r, c, 1, 1, (Reading(said, "pdfium"),)) for r, row in enumerate(rows) for c, said in enumerate(row)
    ]
    return Table(1, box, 0, tuple(cells))


for _profile in load.builtin():
    for _dataset in _profile.datasets:
        best_fit(_headed(_dataset), (), _profile, None)
gazetteer.by_code()
gazetteer.mentions("市")
legibility.odd_share(glyph_shapes.shapes().letters)  # which of them are usual in Japanese

__all__ = ["lean"]
