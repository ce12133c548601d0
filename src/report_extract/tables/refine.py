"""Grids brought nearer to what a reader sees: slivers closed, and rows and columns told that no rule parts."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from ..core.model import Array
from ..text.parse import is_figure, is_number
from .cell_text import wide
from .faces import Grid
from .rulings import clustered

SLIVER = 0.8  # of the letters' size: a track narrower than this holds no text
SAME_LINE = 0.45  # of the size
SPECK = 0.25  # of the size: a mark whose middle is farther than this from that of any letter is of no line
CLEAR = 0.08  # of the size: the least white on either side of a column edge that no rule marks,
CLEAR_WIDE = 0.3  # and the same beside an ideograph, which may be spaced out
PHRASE_GAP = 1.2  # of the size: a wider gap parts two phrases of a heading

_FIGURES = list("0123456789,.%()△▲+-−ー―–*＊…･・０１２３４５６７８９，．％（）")
_SPECKS = list("._-―ー—–−…・,:;'`|~")


def squeezed(grid: Grid, chars: Array, cell: Array) -> Grid:
    """The grid without tracks too narrow for text, such as the white between two fills.

    Args:
        grid: as the rules bound it.
        chars: CHAR records, upright.
        cell: the cell of each of them, -1 for none.
    """
    size = float(np.median(chars["size"]))
    spoken = np.zeros(len(grid.spans), dtype=bool)
    spoken[cell[cell >= 0]] = True
    ys, rows = _without_slivers(grid.ys, grid.spans[:, [0, 2]], spoken, SLIVER * size)
    xs, cols = _without_slivers(grid.xs, grid.spans[:, [1, 3]], spoken, SLIVER * size)
    if len(ys) == len(grid.ys) and len(xs) == len(grid.xs):
        return grid
    spans = np.column_stack((rows[:, 0], cols[:, 0], rows[:, 1], cols[:, 1]))
    kept = (spans[:, 2] > spans[:, 0]) & (spans[:, 3] > spans[:, 1])
    return Grid(xs, ys, *_in_order(spans[kept], grid.bounded[kept]))


def _without_slivers(edges: Array, ends: Array, spoken: Array, least: float) -> tuple[Array, Array]:
    """Edges with those of narrow silent tracks made one, and the cells' ends by their new numbers."""
    narrow = np.diff(edges) < least
    narrow[ends[spoken & (ends[:, 1] - ends[:, 0] == 1), 0]] = False
    if not narrow.any() or narrow.all():
        return edges, ends
    number = np.concatenate(([0], np.cumsum(~narrow)))
    return np.bincount(number, edges) / np.bincount(number), number[ends]


def _in_order(spans: Array, bounded: Array) -> tuple[Array, Array]:
    order = np.lexsort((spans[:, 1], spans[:, 0]))
    return spans[order], bounded[order]


def columns_parted(grid: Grid, chars: Array, cell: Array) -> Grid:
    """The grid with cells parted at column edges that three or more lines of their text leave clear.

    Where no rules enclose a cell (an unshaded row between shaded ones), one line will do. A single line of
    three or more phrases with wide gaps at column edges (the years above groups of columns) is parted there.

    Args:
        grid: as the rules bound it.
        chars: CHAR records, upright.
        cell: the cell of each of them, -1 for none.
    """
    cuts: dict[int, list[int]] = {}
    for number in np.flatnonzero(grid.spans[:, 3] - grid.spans[:, 1] > 1).tolist():
        mine = chars[cell == number]
        inner = range(int(grid.spans[number, 1]) + 1, int(grid.spans[number, 3]))
        lines = 3 if grid.bounded[number] else 1
        clear = [k for k in inner if _is_clear(mine, float(grid.xs[k]), lines)]
        if found := clear or _between_phrases(mine, grid.xs, inner):
            cuts[number] = found
    if not cuts:
        return grid
    whole = np.delete(np.arange(len(grid.spans)), list(cuts))
    spans, bounded = grid.spans[whole].tolist(), grid.bounded[whole].tolist()
    for number, edges in cuts.items():
        r0, c0, r1, c1 = grid.spans[number].tolist()
        pieces = [(r0, a, r1, b) for a, b in pairwise((c0, *edges, c1))]
        spans += pieces
        bounded += [grid.bounded[number]] * len(pieces)
    return Grid(grid.xs, grid.ys, *_in_order(np.array(spans), np.array(bounded)))


def _is_clear(chars: Array, x: float, lines: int) -> bool:
    """Do so many lines of text or more stand on either side of ``x``, and none across it?"""
    white = np.where(wide(chars), CLEAR_WIDE, CLEAR) * chars["size"]
    left = chars["x1"] <= x
    if left.all() or not left.any() or ((chars["x0"] < x + white) & (chars["x1"] > x - white)).any():
        return False
    if lines == 1:
        return True
    line = _lines(chars)
    return len(np.unique(line[left])) >= lines and len(np.unique(line[~left])) >= lines


def _between_phrases(chars: Array, xs: Array, inner: range) -> list[int]:
    """The column edges in the gaps of a single line of three phrases or more; none where a gap has no edge."""
    if len(inner) < 2 or len(chars) < 3 * 2 or _lines(chars).any():
        return []
    chars = chars[np.argsort(chars["x0"])]
    gap = np.flatnonzero(chars["x0"][1:] - chars["x1"][:-1] > PHRASE_GAP * chars["size"][1:])
    letters = np.diff(np.concatenate(([-1], gap, [len(chars) - 1])))
    if len(gap) < 2 or letters.min() < 2:
        return []
    edges = []
    for left, right in zip(chars["x1"][gap].tolist(), chars["x0"][gap + 1].tolist(), strict=True):
        within = [k for k in inner if left <= xs[k] <= right]
        if not within:
            return []
        edges.append(min(within, key=lambda k: abs(float(xs[k]) - (left + right) / 2)))
    return edges


def _lines(chars: Array) -> Array:
    """The line of text that each character stands on, whichever cell it is in, from the top."""
    middle = (chars["top"] + chars["bottom"]) / 2
    return clustered(middle, SAME_LINE * max(1.0, float(np.median(chars["size"]))))


def rows_parted(grid: Grid, chars: Array, cell: Array) -> Grid:
    """The grid with rows parted into their lines where labels and numbers stand line by line.

    Numbers seldom wrap, so that several below each other are several rows, if labels go with them; not in a
    table whose figures wrap in other rows, beside labels of one line.
    """
    stacked = _rows_of_stacked_numbers(grid, chars, cell)
    if not stacked:
        return grid
    spans, ys = [], [float(grid.ys[0])]
    bounded: list[bool] = []
    first = [0]  # the new number of each old row
    pieces: dict[int, tuple[int, set[int]]] = {}
    for row in range(len(grid.ys) - 1):
        mine = np.flatnonzero((grid.spans[:, 0] == row) & (grid.spans[:, 2] == row + 1))
        edges, whole = _line_edges(mine, chars, cell) if row in stacked else ([], set())
        pieces[row] = (len(edges) + 1, whole)
        ys += [*edges, float(grid.ys[row + 1])]
        first.append(first[-1] + len(edges) + 1)
    parted = sum(pieces[row][0] > 1 for row in stacked)
    if not parted or parted <= len(stacked) - parted:
        return grid
    for number, (r0, c0, r1, c1) in enumerate(grid.spans.tolist()):
        count, whole = pieces[r0]
        if r1 - r0 > 1 or number in whole:
            parts = [(first[r0], c0, first[r1], c1)]
        else:
            parts = [(first[r0] + k, c0, first[r0] + k + 1, c1) for k in range(count)]
        spans += parts
        bounded += [bool(grid.bounded[number])] * len(parts)
    return Grid(grid.xs, np.array(ys), *_in_order(np.array(spans), np.array(bounded)))


def spans_parted(grid: Grid, chars: Array, cell: Array) -> Grid:
    """The grid with cells over several rows parted where each of their rows holds one line of theirs, a figure.

    Rules that stop short of a column leave its figures in one face, though the rows beside it are ruled.
    """
    tall = np.flatnonzero(grid.spans[:, 2] - grid.spans[:, 0] > 1)
    parted = [number for number in tall.tolist() if _holds_a_figure_a_row(grid, number, chars[cell == number])]
    if not parted:
        return grid
    whole = np.delete(np.arange(len(grid.spans)), parted)
    spans, bounded = grid.spans[whole].tolist(), grid.bounded[whole].tolist()
    for number in parted:
        r0, c0, r1, c1 = grid.spans[number].tolist()
        spans += [(row, c0, row + 1, c1) for row in range(r0, r1)]
        bounded += [bool(grid.bounded[number])] * (r1 - r0)
    return Grid(grid.xs, grid.ys, *_in_order(np.array(spans), np.array(bounded)))


def _holds_a_figure_a_row(grid: Grid, number: int, chars: Array) -> bool:
    r0, _, r1, _ = grid.spans[number].tolist()
    if len(chars) < r1 - r0:
        return False
    row = np.searchsorted(grid.ys, (chars["top"] + chars["bottom"]) / 2) - 1
    line = _lines(chars)
    said: dict[int, str] = {}
    for at, text in zip(line.tolist(), chars["text"].tolist(), strict=True):
        said[at] = said.get(at, "") + text
    pairs = set(zip(line.tolist(), row.tolist(), strict=True))
    one_each = len(said) == r1 - r0 == len(pairs) == len({r for _, r in pairs})
    return one_each and all(is_number(text) for text in said.values())


def _rows_of_stacked_numbers(grid: Grid, chars: Array, cell: Array) -> set[int]:
    """The rows with a cell, one row high, that holds nothing but numbers, two lines of them or more."""
    inside = cell >= 0
    chars, cell = chars[inside], cell[inside]
    n = len(grid.spans)
    wordy = np.bincount(cell, ~np.isin(chars["text"], _FIGURES), minlength=n) > 0
    top, bottom, size = np.full(n, np.inf), np.full(n, -np.inf), np.zeros(n)
    np.minimum.at(top, cell, chars["top"])
    np.maximum.at(bottom, cell, chars["bottom"])
    np.maximum.at(size, cell, chars["size"])
    single = grid.spans[:, 2] - grid.spans[:, 0] == 1
    return set(grid.spans[~wordy & single & (bottom - top > 1.6 * size) & (size > 0), 0].tolist())


def _line_edges(cells: Array, chars: Array, cell: Array) -> tuple[list[float], set[int]]:
    """Where the row that ``cells`` make is to be parted, and which of them span all its parts."""
    inside = np.isin(cell, cells)
    if inside.sum() < 4:
        return [], set()
    chars, cell = _without_specks(chars[inside], cell[inside])
    line = _lines(chars)
    n_lines = int(line.max()) + 1
    if n_lines < 2:
        return [], set()
    said = _said(chars, cell, line)
    numeric = {c for c, lines in said.items() if all(is_figure(text) for text in lines.values())}
    stacked = [said[c] for c in numeric if len(said[c]) > 1]
    labels = [c for c in said if c not in numeric]
    label = next((c for c in labels if len(said[c]) >= 0.9 * n_lines), None)
    full = sum(len(lines) >= 0.7 * n_lines for lines in stacked)
    if not stacked or 2 * full < len(numeric):
        return [], set()
    if labels and label is None:
        # Nothing but numbers line by line, with a word for all of them on their left (昭和 | 30, 31, 32 ...).
        label = min(numeric)
        if n_lines < 3 or any(c > label or len(said[c]) > 1 for c in labels):
            return [], set()
    if (n_lines == 2 or label in numeric) and any(len(_forms(lines.values())) > 1 for lines in stacked):
        return [], set()  # a number and its percentage below it
    tops, bottoms = np.full(n_lines, np.inf), np.full(n_lines, -np.inf)
    np.minimum.at(tops, line, chars["top"])
    np.maximum.at(bottoms, line, chars["bottom"])
    middle = {(n_lines - 1) // 2, n_lines // 2}
    whole = {c for c in labels if label is not None and c < label and len(said[c]) == 1 and middle & set(said[c])}
    return ((bottoms[:-1] + tops[1:]) / 2).tolist(), whole


def _without_specks(chars: Array, cell: Array) -> tuple[Array, Array]:
    """The characters, and their cells, without marks that stand on no line of letters, as a dotted rule's rest does."""
    mark = np.isin(chars["text"], _SPECKS)
    if mark.all() or not mark.any():
        return chars, cell
    middle = (chars["top"] + chars["bottom"]) / 2
    away = np.abs(middle[mark, None] - middle[None, ~mark]).min(axis=1)
    kept = ~mark
    kept[mark] = away <= SPECK * float(np.median(chars["size"]))
    return chars[kept], cell[kept]


def _said(chars: Array, cell: Array, line: Array) -> dict[int, dict[int, str]]:
    """What each cell says in each line, the cells from the left."""
    said: dict[int, dict[int, str]] = {}
    order = np.lexsort((chars["x0"], line, cell))
    for c, at, text in zip(cell[order].tolist(), line[order].tolist(), chars["text"][order].tolist(), strict=True):
        lines = said.setdefault(c, {})
        lines[at] = lines.get(at, "") + text
    return said


def _forms(numbers: Iterable[str]) -> set[tuple[bool, ...]]:
    """What tells counts from shares in each number: a decimal point, a percent sign, brackets."""
    marks = (".", "%", "(", "．", "％", "（")
    return {tuple(m in number for m in marks) for number in numbers if any(c.isdigit() for c in number)}
