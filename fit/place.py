"""Where the cells of a printed random table stand on their page.

Producers draw cells row by row, so that the table's texts, one after the other, are a stretch of the page's letters in
drawing order; some put off the cells of mixed script until after the others. From the letters follow the places of the
edges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from report_extract.core.model import Page

from .compare import plain
from .truth import Truth


def located(page: Page, truth: Truth) -> Truth | None:
    """The truth with its box and edges; None where its texts are not drawn in order."""
    covered = {
        (r, c)
        for r0, c0, r1, c1 in truth.spans
        for r in range(r0, r1 + 1)
        for c in range(c0, c1 + 1)
        if (r, c) != (r0, c0)
    }
    cells = [
        (r, c, plain(text))
        for r, row in enumerate(truth.rows)
        for c, text in enumerate(row)
        if (r, c) not in covered and plain(text)
    ]
    letters = [(plain(str(t)), i) for i, t in enumerate(page.chars["text"])]
    drawn = "".join(t for t, _ in letters)
    at = np.repeat([i for _, i in letters], [len(t) for t, _ in letters])
    starts = _starts(drawn, [text for _, _, text in cells])
    if starts is None:
        return None
    reach = {(r0, c0): (r1, c1) for r0, c0, r1, c1 in truth.spans}
    boxes = {}
    for (r, c, text), begin in zip(cells, starts, strict=True):
        mine = page.chars[at[begin : begin + len(text)]]
        box = (mine["x0"].min(), mine["top"].min(), mine["x1"].max(), mine["bottom"].max())
        boxes[r, c, *reach.get((r, c), (r, c))] = tuple(float(v) for v in box)
    n_rows, n_cols = len(truth.rows), len(truth.rows[0])
    ys = _edges([(k[0], k[2], b[1], b[3]) for k, b in boxes.items()], n_rows)
    xs = _edges([(k[1], k[3], b[0], b[2]) for k, b in boxes.items()], n_cols)
    if ys is None or xs is None:
        return None
    return replace(truth, bbox=(xs[0], ys[0], xs[-1], ys[-1]), row_edges=tuple(ys), col_edges=tuple(xs))


def _starts(drawn: str, texts: Sequence[str]) -> list[int] | None:
    """Where each text begins among the drawn letters; None where they do not follow one another."""
    for lead in texts[:3]:
        at = drawn.find(lead)
        while at >= 0:
            found, put_off, here = [-1] * len(texts), [], at
            for i, text in enumerate(texts):
                if drawn.startswith(text, here):
                    found[i], here = here, here + len(text)
                else:
                    put_off.append(i)
            for i in put_off:
                if not drawn.startswith(texts[i], here):
                    break
                found[i], here = here, here + len(texts[i])
            if -1 not in found:
                return found
            at = drawn.find(lead, at + 1)
    return None


def _edges(cells: Sequence[tuple[int, int, float, float]], n: int) -> list[float] | None:
    """The edges of n rows (columns) half way between what ends before them and begins after them.

    Args:
        cells: first and last row, and where the letters begin and end.
        n: how many there are.
    """
    begin = [min((a for f, _, a, _ in cells if f == k), default=np.nan) for k in range(n)]
    end = [max((b for _, t, _, b in cells if t == k), default=np.nan) for k in range(n)]
    middle = [(end[k] + begin[k + 1]) / 2 for k in range(n - 1)]
    edges = [begin[0] - 1, *middle, end[-1] + 1]
    if np.isnan(edges).any() or any(b <= a for a, b in pairwise(edges)):
        return None  # a row without a text of its own
    return [float(e) for e in edges]
