"""The second opinion: camelot's grids, in a process of its own that is given so much time and no more.

Camelot reads the file itself, with its own reader, and needs seconds where the other finders need
milliseconds; it is asked only about a place that nothing else could make sense of. Only its grid is taken: the
text in it is that of our own reader.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import MutableMapping, Sequence
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from ..core.geometry import BBox, union
from ..core.model import SOURCES, Array, Cell, Page, Reading, Table
from ..core.protocols import Document
from .cell_text import texts, visible

_log = logging.getLogger(__name__)

FLAVORS = ("lattice", "hybrid", "stream")
TIME_LIMIT = 20.0  # seconds for all flavors together; what camelot has not found by then it does not find
MOST_PAGES = 3  # of one document: where more make no sense, it is a book of drawings
TOLERANCE = 2.0  # points: by so much its page may differ from ours in size


_asked: MutableMapping[Document, int] = WeakKeyDictionary()  # on how many pages of an opened document it was asked


def find_camelot(page: Page, document: Document) -> list[Table]:
    """What camelot's flavors make of a page, all candidates together; none where it fails or takes too long.

    Only upright pages are asked about, since camelot's coordinates are those of the unturned page, and only such
    as have a text layer.
    """
    asked = _asked.get(document, 0)
    if page.rotate or not len(page.chars) or SOURCES.get(page.reader) != "text" or asked >= MOST_PAGES:
        return []
    _asked[document] = asked + 1
    ask = [sys.executable, "-m", __name__, str(document.path), str(page.number)]
    try:
        answer = subprocess.run(ask, capture_output=True, timeout=TIME_LIMIT, check=True).stdout
        said = json.loads(answer)
    except (subprocess.SubprocessError, ValueError, OSError) as error:
        _log.info("page %d: no second opinion on its tables (%s)", page.number, type(error).__name__)
        return []
    return _tables(page, said)


def _tables(page: Page, said: dict[str, Any]) -> list[Table]:
    """The tables of our own text in the grids that were answered."""
    chars = visible(page.chars)
    chars = chars[chars["rotation"] == 0]
    grids = [(np.array(xs), np.array(ys)) for xs, ys in said["grids"]]
    width, height = said["size"]
    if abs(width - page.width) > TOLERANCE or abs(height - page.height) > TOLERANCE:
        return []
    return [_table(page, chars, xs, ys) for xs, ys in grids if len(xs) > 2 and len(ys) > 2]


def _table(page: Page, chars: Array, xs: Array, ys: Array) -> Table:
    """The table with columns between ``xs`` and rows between ``ys`` (points from the top)."""
    n_rows, n_cols = len(ys) - 1, len(xs) - 1
    col = np.searchsorted(xs, (chars["x0"] + chars["x1"]) / 2) - 1
    row = np.searchsorted(ys, (chars["top"] + chars["bottom"]) / 2) - 1
    inside = (col >= 0) & (col < n_cols) & (row >= 0) & (row < n_rows)
    said = texts(chars, np.where(inside, row * n_cols + col, -1), n_rows * n_cols)
    cells = tuple(
        Cell(
            page.number,
            BBox(float(xs[c]), float(ys[r]), float(xs[c + 1]), float(ys[r + 1])),
            r,
            c,
            readings=(Reading(said[r * n_cols + c], page.reader),),
        )
        for r in range(n_rows)
        for c in range(n_cols)
    )
    return Table(page.number, union(c.bbox for c in cells), 0, cells, kind="camelot")


def _grids(path: Path, number: int) -> dict[str, Any]:
    """The column and row edges of every table that a flavor finds, in points from the top left."""
    import camelot
    from pypdfium2 import PdfDocument

    width, height = PdfDocument(path)[number - 1].get_size()
    grids = []
    for flavor in FLAVORS:
        for table in camelot.read_pdf(str(path), pages=str(number), flavor=flavor):
            xs = [table.cols[0][0], *(right for _, right in table.cols)]
            ys = [height - table.rows[0][0], *(height - bottom for _, bottom in table.rows)]
            grids.append([[float(x) for x in xs], [float(y) for y in ys]])
    return {"grids": grids, "size": [width, height]}


def main(arguments: Sequence[str]) -> None:
    """Answer on standard output, as JSON, what camelot finds on a page (path, number) of a file."""
    sys.stdout.write(json.dumps(_grids(Path(arguments[0]), int(arguments[1]))))


if __name__ == "__main__":
    main(sys.argv[1:])
