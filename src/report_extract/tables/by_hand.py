"""A table on a grid that a person drew: the lines are theirs, the letters the page's."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ..core.geometry import BBox, turned, union
from ..core.model import Array, Cell, Page, Reading, Table
from ..page.words import readers
from .cell_text import texts, visible
from .faces import Grid
from .placing import around
from .ruled import upright_chars

BY_HAND = "by_hand"  # who found such a table
Span = tuple[int, int, int, int]  # first row, first column, row after the last, column after the last


def grid_by_hand(
    page: Page, rotation: int, xs: Sequence[float], ys: Sequence[float], merges: Sequence[Span] = ()
) -> Table:
    """The table that a person's lines make of a page.

    A letter belongs to the cell that its middle lies in, whatever it hangs together with: the lines decide.

    Args:
        page: with legible letters.
        rotation: how the table lies on the page: its upright stands so many degrees clockwise from the page's.
        xs, ys: column and row edges, ascending, in points of the page turned so that the table is upright.
        merges: cells of several places.

    Raises:
        ValueError: merged cells overlap or leave the grid.
    """
    spans = _spans(len(ys) - 1, len(xs) - 1, merges)
    grid = Grid(np.array(xs, dtype=float), np.array(ys, dtype=float), np.array(spans), np.ones(len(spans), dtype=bool))
    chars = upright_chars(visible(page.chars), rotation, page.width, page.height)
    cell = around(grid, (chars["x0"] + chars["x1"]) / 2, (chars["top"] + chars["bottom"]) / 2)
    side = (page.height, page.width) if rotation % 180 else (page.width, page.height)
    boxes = [turned(BBox(xs[c0], ys[r0], xs[c1], ys[r1]), rotation, *side) for r0, c0, r1, c1 in spans]
    said = zip(spans, boxes, texts(chars, cell, len(spans)), readers(page, boxes), strict=True)
    cells = tuple(
        Cell(page.number, box, r0, c0, r1 - r0, c1 - c0, (Reading(text, by),))
        for (r0, c0, r1, c1), box, text, by in said
    )
    return Table(page.number, union(boxes), rotation, cells, BY_HAND)


def _spans(n_rows: int, n_cols: int, merges: Sequence[Span]) -> list[Span]:
    """The cells of a grid in reading order, every place covered once."""
    owner = np.full((n_rows, n_cols), -1, dtype=int)
    for number, (r0, c0, r1, c1) in enumerate(merges):
        inside = 0 <= r0 < r1 <= n_rows and 0 <= c0 < c1 <= n_cols
        if not inside or (owner[r0:r1, c0:c1] >= 0).any():
            raise ValueError(f"merged cell {r0}, {c0}, {r1}, {c1} leaves the grid or overlaps another")
        owner[r0:r1, c0:c1] = number
    single = [(int(r), int(c), int(r) + 1, int(c) + 1) for r, c in np.argwhere(owner < 0)]
    return sorted([*single, *merges])


def suggested_lines(
    chars: Array, horizontal: Array, vertical: Array, area: BBox
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Column and row edges to begin with in an area that a person has drawn.

    They are the rules that run through most of it; where there are none, the white space between letters. A strip
    between the area's edge and the outermost rule is left out where no letter stands in it.

    Args:
        chars: CHAR records, upright.
        horizontal, vertical: lines of the same view, shape (n, 3): position, start, end.
        area: upright.

    Returns:
        xs, ys: ascending; the area's own edges among them where letters stand beside them.
    """
    middle_x, middle_y = (chars["x0"] + chars["x1"]) / 2, (chars["top"] + chars["bottom"]) / 2
    own = (middle_x >= area.x0) & (middle_x <= area.x1) & (middle_y >= area.top) & (middle_y <= area.bottom)
    inside = chars[own]
    xs = _rules(vertical, area.x0, area.x1, area.top, area.bottom) or _gaps(
        inside["x0"], inside["x1"], 0.8 * _em(inside), area.x0, area.x1
    )
    ys = _rules(horizontal, area.top, area.bottom, area.x0, area.x1) or _gaps(
        inside["top"], inside["bottom"], 0.0, area.top, area.bottom
    )
    return (
        _with_ends(xs, area.x0, area.x1, middle_x[own]),
        _with_ends(ys, area.top, area.bottom, middle_y[own]),
    )


_THROUGH = 0.5  # of the area: so far a rule runs that parts it
_NEAR = 4.0  # points: lines nearer than this are one


def _em(chars: Array) -> float:
    return float(np.median(chars["size"])) if len(chars) else 10.0


def _rules(lines: Array, low: float, high: float, start: float, end: float) -> list[float]:
    """Where rules part the area: those that together run through half of it at one position."""
    tracks: list[list[float]] = []  # position, length in the area
    for position, begin, finish in lines[np.argsort(lines[:, 0])].tolist():
        shared = min(finish, end) - max(begin, start)
        if shared <= 0 or not low - _NEAR <= position <= high + _NEAR:
            continue
        if tracks and position - tracks[-1][0] < _NEAR:
            tracks[-1][1] += shared
        else:
            tracks.append([position, shared])
    found = [position for position, length in tracks if length >= _THROUGH * (end - start)]
    return found if len(found) >= 2 else []


def _gaps(starts: Array, ends: Array, least: float, low: float, high: float) -> list[float]:
    """The middles of the stretches of at least ``least`` points that no letter covers."""
    order = np.argsort(starts)
    reach, found = low, []
    for start, end in zip(starts[order].tolist(), ends[order].tolist(), strict=True):
        if start - reach > max(least, 0.3) and reach > low:
            found.append((reach + start) / 2)
        reach = max(reach, end)
    return [edge for edge in found if low < edge < high]


def _with_ends(edges: Sequence[float], low: float, high: float, letters: Array) -> tuple[float, ...]:
    """The edges with the area's own, these left out where no letter stands between: it is drawn a little too large."""
    inner = [edge for edge in edges if low + _NEAR < edge < high - _NEAR]
    begins = not inner or min(edges) <= low + _NEAR or bool((letters < inner[0]).any())
    ends = not inner or max(edges) >= high - _NEAR or bool((letters > inner[-1]).any())
    found = [*([low] if begins else []), *inner, *([high] if ends else [])]
    return tuple(round(edge, 2) for edge in (found if len(found) > 1 else [low, *inner, high]))


_FAR = 2.6  # times the usual distance of rows: what stands farther below belongs to no table above


def row_edges(
    chars: Array, horizontal: Array, xs: Sequence[float], known: Sequence[float], head: int, ruled: bool
) -> tuple[float, ...]:
    """The rows of a table whose columns and headings are known from another one that is laid out alike.

    The headings keep their edges. Below them the rules go on, as far as they do, where rules part the rows; else the
    rows are as they were where no letter is cut and nothing follows; else there is one row a line of text.

    Args:
        chars, horizontal: letters and rules of the page, upright.
        xs: column edges.
        known: the row edges of the other table, moved to this page.
        head: how many of its rows are headings.
        ruled: rules part its rows.
    """
    start = known[head]
    pitch = float(np.median(np.diff(known[head:])))
    y = (chars["top"] + chars["bottom"]) / 2
    own = chars[(chars["x1"] > xs[0]) & (chars["x0"] < xs[-1]) & (y > start) & (chars["text"] != " ")]
    if ruled:
        tracks = _rules(horizontal, start, float("inf"), xs[0], xs[-1])
        return (*known[: head + 1], *_unbroken(tracks, start, pitch))
    lines = _lines(own)
    middles = [(a[1] + b[0]) / 2 for a, b in pairwise(lines)]
    last = start
    kept: list[float] = []
    for top, bottom in lines:
        if top - last > _FAR * pitch:
            break
        kept.append(bottom)
        last = bottom
    if not kept:
        return tuple(known)
    uncut = not any(bool(((own["top"] + 1 < edge) & (own["bottom"] - 1 > edge)).any()) for edge in known[head + 1 : -1])
    if uncut and abs(known[-1] - kept[-1]) < pitch and max(kept) <= known[-1] + 1:
        return tuple(known)
    inner = [m for m in middles if m < kept[-1]]
    return (*known[: head + 1], *(round(m, 2) for m in inner), round(kept[-1] + 2.0, 2))


def _unbroken(tracks: Sequence[float], start: float, pitch: float) -> list[float]:
    """The rules below ``start`` as far as none is missing."""
    found: list[float] = []
    last = start
    for track in tracks:
        if track <= start + _NEAR:
            continue
        if track - last > _FAR * pitch:
            break
        found.append(round(track, 2))
        last = track
    return found


def _lines(chars: Array) -> list[tuple[float, float]]:
    """Top and bottom of each line of letters, from the top."""
    found: list[tuple[float, float]] = []
    for top, bottom in sorted(zip(chars["top"].tolist(), chars["bottom"].tolist(), strict=True)):
        if found and top < found[-1][1] - 0.3 * (bottom - top):
            found[-1] = found[-1][0], max(found[-1][1], bottom)
        else:
            found.append((top, bottom))
    return found
