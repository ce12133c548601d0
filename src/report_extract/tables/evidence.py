"""A found table and its page → the numbers that tell how sure its grid is.

Nothing here decides anything: ``doubt`` puts the numbers to a fitted model. All lengths are in ems (the median size
of the table's letters), all shares run from 0 to 1, so that a table scaled or turned gives the same numbers. Separators
are the edges of the grid, the outer ones too; a wall is a side of a cell, ruled where a drawn line covers most of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ..core.geometry import BBox, overlap
from ..core.model import Array, Table
from ..sums.infer import support
from .laid import NEAR_RULE, Laid, laid
from .order_statistics import median, quantiles
from .view import Frame

SEVERAL = re.compile(r"(?<![\d.,])\d[\d,.]*[%)]?\s+[△▲\-+(]?\d[\d,.]*(?![^\s%)])")
FIGURE = re.compile(r"^[△▲▼\-−+±(¥$]*\s*\d[\d,]*(?:\.\d+)?\s*[%)]?$")
DASH = re.compile(r"^[-―—–‐ー－・…\s]+$")
BAD_GROUPS = re.compile(r"\d,\d{1,2}(?!\d)|\d,\d{4,}|\d{5,},\d")
OPENS, CLOSES = "(（「『【[〔", ")）」』】]〕"


def numbers(table: Table, views: Sequence[Frame], others: Sequence[Table]) -> dict[str, float] | None:
    """What tells how sure a table's grid is; None where nothing can be told.

    Args:
        table: as found on one page.
        views: that page, once for each rotation of its text.
        others: the other tables of the page.
    """
    at = laid(table, views)
    if at is None or not at.words:
        return None
    return {
        **_kind(at, others),
        **_rules(at),
        **_walls(at),
        **_cuts(at),
        **_outside(at, others),
        **_gaps(at),
        **_stacks(at),
        **_columns(at),
        **_rows(at),
        **_texts(at),
        **_sums(table),
    }


def _sums(table: Table) -> dict[str, float]:
    """How many sums hold in it: figures in wrong rows or columns add up by chance alone."""
    held, failed = support(table)
    return {
        "sums_held": float(min(held, 200)),
        "sums_failed": float(min(failed, 50)),
        "sums_share": held / (table.n_rows + table.n_cols),
    }


def _kind(at: Laid, others: Sequence[Table]) -> dict[str, float]:
    """Who found it, and its size."""
    spans, table = at.spans, at.table
    wide = (spans[:, 2] - spans[:, 0]) * (spans[:, 3] - spans[:, 1]) > 1
    page = at.frame.page
    images = [BBox(*(float(i[e]) for e in BBox._fields)) for i in page.images[:200]]
    return {
        "ruled": float(table.kind == "ruled"),
        "aligned": float(table.kind == "aligned"),
        "n_rows": table.n_rows,
        "n_cols": table.n_cols,
        "places": table.n_rows * table.n_cols,
        "em": at.em,
        "of_page": at.box.area / max(1.0, page.width * page.height),
        "spanning": float(wide.mean()),
        "spanning_void": float(np.mean([w and not t for w, t in zip(wide, at.texts, strict=True)])),
        "others": len(others),
        "pictured": max((overlap(at.box, i) for i in images), default=0.0),
        "fills": float(min(50, len(page.fills))),
    }


def _rules(at: Laid) -> dict[str, float]:
    """How much of its separators is ruled, and how much of the rules inside it is no separator."""
    ys, xs = at.edges
    across, upright = at.walls
    widths, heights = np.maximum(np.diff(xs), 0.1), np.maximum(np.diff(ys), 0.1)
    found: dict[str, float] = {}
    reach = NEAR_RULE * at.em
    sides = (
        ("h", at.frame.horizontal, ys, across @ widths / widths.sum(), (at.box.x0, at.box.x1)),
        ("v", at.frame.vertical, xs, heights @ upright / heights.sum(), (at.box.top, at.box.bottom)),
    )
    for name, lines, edges, ruled, (low, high) in sides:
        inner = ruled[1:-1]
        found[f"{name}_first"], found[f"{name}_last"] = float(ruled[0]), float(ruled[-1])
        found[f"{name}_mean"] = float(inner.mean()) if len(inner) else 1.0
        found[f"{name}_least"] = float(inner.min()) if len(inner) else 1.0
        found[f"{name}_ruled"] = float((inner > 0.6).mean()) if len(inner) else 1.0
        found[f"{name}_some"] = float(((inner > 0.02) & (inner < 0.6)).mean()) if len(inner) else 0.0
        mine = lines[(lines[:, 0] > edges[0] - reach) & (lines[:, 0] < edges[-1] + reach)]
        mine = mine[(mine[:, 2] > low) & (mine[:, 1] < high)]
        length = np.minimum(mine[:, 2], high) - np.maximum(mine[:, 1], low)
        aside = np.abs(mine[:, 0][:, None] - edges[None, :]).min(axis=1) > reach
        found[f"{name}_unused"] = float(length[aside].sum() / max(1.0, high - low))
        found[f"{name}_lines"] = len(mine) / max(1, len(edges))
        found[f"{name}_beyond"] = float((np.maximum(low - mine[:, 1], mine[:, 2] - high) > at.em).sum())
    return found


def _walls(at: Laid) -> dict[str, float]:
    """How many sides of its cells are ruled."""
    across, upright = at.walls
    r0, c0, r1, c1 = at.spans.T
    flat = np.pad(np.cumsum(across, axis=1), ((0, 0), (1, 0)))
    tall = np.pad(np.cumsum(upright, axis=0), ((1, 0), (0, 0)))
    wide, high = c1 - c0, r1 - r0
    closed = np.zeros(len(at.spans), dtype=int)
    for row in (r0, r1):
        closed += (flat[row, c1] - flat[row, c0]) / wide > 0.6
    for col in (c0, c1):
        closed += (tall[r1, col] - tall[r0, col]) / high > 0.6
    filled = np.array([bool(t) for t in at.texts])
    stacked = [len(lines) for lines, n in zip(at.lines, closed, strict=True) if n < 4]
    return {
        "closed": float((closed == 4).mean()),
        "closed_filled": float((closed[filled] == 4).mean()) if filled.any() else 0.0,
        "open": float((closed == 0).mean()),
        "half": float(((closed > 0) & (closed < 4)).mean()),
        "open_stacked": float(max(stacked, default=0)),
    }


def _cuts(at: Laid) -> dict[str, float]:
    """Words that separators cut or touch."""
    words, cell = at.word_boxes, at.cell_of
    held = cell >= 0
    if not held.any():
        return {"unheld": 1.0, "cut": 0.0, "cut_most": 0.0, "touch": 0.0, "close": 0.0, "cut_any": 0.0}
    box = at.boxes[cell[held]]
    mine = words[held]
    width = np.maximum(mine[:, 2] - mine[:, 0], 0.1)
    out = np.maximum(box[:, 0] - mine[:, 0], 0) + np.maximum(mine[:, 2] - box[:, 2], 0)
    aside = np.minimum(mine[:, 0] - box[:, 0], box[:, 2] - mine[:, 2]) / at.em
    # Of the cells that border on another one only: the outer sides of a table without rules hug its words.
    inner = np.minimum(
        np.where(at.spans[cell[held], 1] > 0, mine[:, 0] - box[:, 0], np.inf),
        np.where(at.spans[cell[held], 3] < at.table.n_cols, box[:, 2] - mine[:, 2], np.inf),
    )
    return {
        "unheld": float(1 - held.mean()),
        "cut": float((out > 0.15 * width).mean()),
        "cut_any": float((out > 0.15 * width).sum()),
        "cut_most": float((out / at.em).max()),
        "touch": float((aside < 0.02).mean()),
        "close": float((inner < 0.2 * at.em).mean()),
    }


def _outside(at: Laid, others: Sequence[Table]) -> dict[str, float]:
    """Words near the table that stand in none."""
    taken = [at.frame.from_page(t.bbox) for t in others]
    box, em = at.box, at.em
    free = [
        w
        for w in at.frame.words
        if not (box.x0 <= (w.x0 + w.x1) / 2 <= box.x1 and box.top <= w.middle <= box.bottom)
        and not any(b.contains((w.x0 + w.x1) / 2, w.middle) for b in taken)
    ]
    touching = [w for w in free if w.x1 > box.x0 and w.x0 < box.x1 and w.bottom > box.top and w.top < box.bottom]
    level = [w for w in free if box.top < w.middle < box.bottom]
    left = [w for w in level if box.x0 - 6 * em < w.x1 <= box.x0 + em]
    right = [w for w in level if box.x1 - em <= w.x0 < box.x1 + 6 * em]
    found = {
        "touching": float(len(touching)),
        "left": len(left) / at.table.n_rows,
        "right": len(right) / at.table.n_rows,
    }
    over = [w for w in free if w.x1 > box.x0 and w.x0 < box.x1]
    xs = at.edges[1]
    for name, near in (
        ("above", [(box.top - w.bottom, w) for w in over if w.middle < box.top]),
        ("below", [(w.top - box.bottom, w) for w in over if w.middle > box.bottom]),
    ):
        gap = min((g for g, _ in near), default=99 * em)
        line = [w for g, w in near if g < gap + 0.6 * em]
        columns = {int(np.searchsorted(xs, (w.x0 + w.x1) / 2)) for w in line}
        figures = sum(bool(FIGURE.match(w.text)) for w in line)
        found[f"{name}_gap"] = float(np.clip(gap / em, -2, 20))
        found[f"{name}_columns"] = len(columns) / at.table.n_cols
        found[f"{name}_words"] = float(min(20, len(line)))
        found[f"{name}_figures"] = float(min(20, figures))
    near_tables = [max(b.top - box.bottom, box.top - b.bottom) / em for b in taken if b.x0 < box.x1 and b.x1 > box.x0]
    beside = [max(b.x0 - box.x1, box.x0 - b.x1) / em for b in taken if b.top < box.bottom and b.bottom > box.top]
    found["table_near"] = float(np.clip(min(near_tables, default=50.0), -5, 50))
    found["table_beside"] = float(np.clip(min(beside, default=50.0), -5, 50))
    found["free"] = len(free) / max(1, len(at.frame.words))
    return found


def _gaps(at: Laid) -> dict[str, float]:
    """White inside cells that may part columns, and separators where there is none."""
    gaps: list[tuple[float, float, int]] = []
    for span, lines in zip(at.spans.tolist(), at.lines, strict=True):
        for line in lines:
            for a, b in pairwise(line):
                if b.x0 - a.x1 > 0.3 * at.em:
                    gaps.append(((b.x0 - a.x1) / at.em, (a.x1 + b.x0) / 2, span[1]))
    wide = np.array([g for g, _, _ in gaps]) if gaps else np.zeros(1)
    # The same gap at the same place in many rows of one column is a column that was missed.
    again = 0
    for col in {c for g, _, c in gaps if g > 0.7}:
        places = np.sort([x for g, x, c in gaps if c == col and g > 0.7])
        again = max(again, int((np.searchsorted(places, places + at.em) - np.arange(len(places))).max()))
    crossing, white = _crossed(at)
    return {
        "gap_most": float(wide.max()),
        "gap_90": float(quantiles(wide[:, None], (0.9,))[0, 0]),
        "gap_wide": float((wide > 1.5).sum()),
        "gap_wide_share": float((wide > 1.5).sum() / max(1, len(at.cells))),
        "gap_again": again / at.table.n_rows,
        "cross_mean": float(crossing.mean()) if len(crossing) else 0.0,
        "cross_most": float(crossing.max()) if len(crossing) else 0.0,
        "white_least": float(white.min()) if len(white) else 5.0,
        "white_mean": float(white.mean()) if len(white) else 5.0,
    }


def _crossed(at: Laid) -> tuple[Array, Array]:
    """For each inner column edge: the share of lines whose words it crosses, and the white beside it (ems)."""
    xs, boxes = at.edges[1][1:-1], at.word_boxes
    n_lines = int(at.line_of.max()) + 1
    aside = np.maximum(boxes[:, 0:1] - xs[None, :], xs[None, :] - boxes[:, 2:3]) / at.em
    nearest = np.full((n_lines, len(xs)), 20.0)
    np.minimum.at(nearest, at.line_of, aside)
    return (nearest < -0.05).mean(axis=0), quantiles(nearest, (0.1,))[0]


def _stacks(at: Laid) -> dict[str, float]:
    """Lines in cells, row by row: rows that may be several, and rows that may be one."""
    spans = at.spans.tolist()
    rows: list[list[int]] = [[] for _ in range(at.table.n_rows)]
    figures = 0
    inner: list[float] = []
    for span, lines in zip(spans, at.lines, strict=True):
        if lines and span[2] - span[0] == 1:
            rows[span[0]].append(len(lines))
        if len(lines) > 1:
            figures += sum(bool(FIGURE.match(w.text)) for line in lines for w in line) > 1
            tops = [(min(w.top for w in line), max(w.bottom for w in line)) for line in lines]
            inner += [(b[0] - a[1]) / at.em for a, b in pairwise(tops)]
    agree = [sum(n == max(r) for n in r) for r in rows if r and max(r) > 1]
    torn = [r for r in rows if len(r) > 1 and max(r) > 1 and min(r) == max(r)]
    between = _between_rows(at)
    return {
        "lines_most": float(max((max(r) for r in rows if r), default=1)),
        "lines_mean": float(np.mean([n for r in rows for n in r])) if any(rows) else 1.0,
        "lines_agree": float(max(agree, default=0)),
        "rows_stacked": len(torn) / at.table.n_rows,
        "rows_several": sum(bool(r) and max(r) > 1 for r in rows) / at.table.n_rows,
        "figures_stacked": float(figures),
        "inner_gap_most": float(max(inner, default=-1.0)),
        "row_gap_least": float(min(between, default=5.0)),
        "row_gap_median": float(np.median(between)) if between else 5.0,
        "row_gap_most": float(max(between, default=5.0)),
        "lines_per_row": (int(at.line_of.max()) + 1) / at.table.n_rows,
        "inner_less": float(max(inner, default=-1.0) - min(between, default=5.0)),
    }


def _between_rows(at: Laid) -> list[float]:
    """The white between the text of each two rows, in ems."""
    tops, bottoms = np.full(at.table.n_rows, np.inf), np.full(at.table.n_rows, -np.inf)
    for (first, _, after, _), lines in zip(at.spans.tolist(), at.lines, strict=True):
        if lines and after - first == 1:
            tops[first] = min(tops[first], *(w.top for w in lines[0]))
            bottoms[first] = max(bottoms[first], *(w.bottom for w in lines[-1]))
    known = np.isfinite(tops)
    white: list[float] = ((tops[known][1:] - bottoms[known][:-1]) / at.em).tolist()
    return white


def _columns(at: Laid) -> dict[str, float]:
    """Do the columns hold one kind of thing each, set flush?"""
    pure, flush, void, headless = [], [], 0, 0
    outliers, numeric = 0, 0
    for col in range(at.table.n_cols):
        mine = [
            (t, [w for line in lines for w in line], s[0])
            for t, lines, s in zip(at.texts, at.lines, at.spans.tolist(), strict=True)
            if s[1] == col and s[3] == col + 1 and t
        ]
        if not mine:
            void += 1
            continue
        headless += min(r for _, _, r in mine) > 0 and not any(
            s[1] <= col < s[3] and s[0] == 0 and t for s, t in zip(at.spans.tolist(), at.texts, strict=True)
        )
        kinds = [bool(FIGURE.match(t) or DASH.match(t)) for t, _, _ in mine]
        share = sum(kinds) / len(kinds)
        pure.append(max(share, 1 - share))
        body = kinds[len(kinds) // 3 :]
        numeric += bool(body) and sum(body) / len(body) > 0.6
        outliers += min(sum(body), len(body) - sum(body))
        ends = np.array([(min(w.x0 for w in ws), max(w.x1 for w in ws)) for _, ws, _ in mine if ws])
        if len(ends) > 2:
            centers = ends.mean(axis=1)
            spread = [median(np.abs(v - median(v))) for v in (ends[:, 0], ends[:, 1], centers)]
            flush.append(float(min(spread)) / at.em)
    return {
        "pure_least": min(pure, default=1.0),
        "pure_mean": float(np.mean(pure)) if pure else 1.0,
        "flush_most": max(flush, default=0.0),
        "flush_mean": float(np.mean(flush)) if flush else 0.0,
        "outliers": outliers / max(1, len(at.cells)),
        "outliers_n": float(outliers),
        "numeric": numeric / at.table.n_cols,
        "void_cols": float(void),
        "headless": headless / at.table.n_cols,
    }


def _rows(at: Laid) -> dict[str, float]:
    """How full the rows are."""
    filled = np.zeros((at.table.n_rows, at.table.n_cols), dtype=bool)
    starts = np.zeros((at.table.n_rows, at.table.n_cols), dtype=bool)
    for (r0, c0, r1, c1), text in zip(at.spans.tolist(), at.texts, strict=True):
        filled[r0:r1, c0:c1] = bool(text)
        starts[r0, c0] = bool(text)
    per_row = starts.sum(axis=1)
    heights = np.diff(at.edges[0]) / at.em
    widths = np.diff(at.edges[1]) / at.em
    rest = filled[1:] if len(filled) > 1 else filled
    return {
        "filled": float(filled.mean()),
        "void_rows": float((~filled.any(axis=1)).sum()),
        "single": float((per_row == 1).mean()),
        "headed": float(filled[0].mean()),
        "stubless": float((~filled[:, 0] & filled[:, 1:].any(axis=1)).mean()) if at.table.n_cols > 1 else 0.0,
        "usual": float((per_row == np.bincount(per_row).argmax()).mean()),
        "last_filled": float(filled[-1].mean()),
        "ragged": float(np.abs(np.diff(rest.astype(int), axis=0)).mean()) if len(rest) > 1 else 0.0,
        "height_least": float(heights.min()),
        "height_most": float(heights.max()),
        "height_spread": float(heights.std() / max(0.1, heights.mean())),
        "width_least": float(widths.min()),
        "width_spread": float(widths.std() / max(0.1, widths.mean())),
    }


def _texts(at: Laid) -> dict[str, float]:
    """What the cells say that no right cell says."""
    said = [t for t in at.texts if t]
    n = max(1, len(said))
    unbalanced = sum(sum(c in OPENS for c in t) != sum(c in CLOSES for c in t) for t in said)
    chars = at.frame.page.chars
    return {
        "several": float(sum(bool(SEVERAL.search(t)) for t in said)),
        "several_share": sum(bool(SEVERAL.search(t)) for t in said) / n,
        "bad_groups": float(sum(bool(BAD_GROUPS.search(t)) for t in said)),
        "unbalanced": unbalanced / n,
        "unbalanced_n": float(unbalanced),
        "hashes": float(sum("##" in t for t in said)),
        "goes_on": sum(t[0].islower() or t[0] in "、。,)）」ー" for t in said) / n,
        "longest": float(max((len(t) for t in said), default=0)),
        "mean_length": float(np.mean([len(t) for t in said])) if said else 0.0,
        "alone": sum(len(t) == 1 and not t.isdigit() and not DASH.match(t) for t in said) / n,
        "figures": sum(bool(FIGURE.match(t)) for t in said) / n,
        "blank_inside": sum(" " in t for t in said) / n,
        "flagged_chars": float((chars["flags"] != 0).mean()) if len(chars) else 0.0,
        "overlapping": _overlapping(at),
        "read": float(at.frame.page.reader != "pdfium"),
    }


def _overlapping(at: Laid) -> float:
    """The share of words over which another one is written."""
    b = at.word_boxes[:600]
    x = np.minimum(b[:, None, 2], b[None, :, 2]) - np.maximum(b[:, None, 0], b[None, :, 0])
    y = np.minimum(b[:, None, 3], b[None, :, 3]) - np.maximum(b[:, None, 1], b[None, :, 1])
    over = (x > 0.2 * at.em) & (y > 0.4 * at.em)
    np.fill_diagonal(over, False)
    return float(over.any(axis=1).mean())
