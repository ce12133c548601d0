"""Letters that a page shows and its text layer leaves out: a font's map calls them blanks."""

from __future__ import annotations

import numpy as np

from ..core.model import Array, Flag, Page
from ..imaging import Raster
from ..text.normalize import UNKNOWN

_SMALLEST = 0.16  # ems: a hyphen whose strokes have grown by .12
_PALE = 0.8  # what is filled more lightly does not pass for ink
_OVER, _BELOW = 0.03, 0.15  # ems by which ink may reach beyond its letter along its line, and across it
_FULL = 0.3  # the share of its box that a letter fills when its strokes are joined; dotted rules that meet do not


def with_lost(page: Page, picture: Raster) -> Array:
    """The characters of a page with the lost letters, each where it stands in its line."""
    chars = page.chars
    if not len(chars):
        return chars
    lost = lost_letters(page, picture)
    x, y = (chars["x0"] + chars["x1"]) / 2, (chars["top"] + chars["bottom"]) / 2
    upright = chars["rotation"] % 180 == 0
    order: list[float] = [*range(len(chars))]
    kept = []
    for k, letter in enumerate(lost):
        dx, dy = (letter["x0"] + letter["x1"]) / 2 - x, (letter["top"] + letter["bottom"]) / 2 - y
        in_line = np.abs(np.where(upright, dy, dx)) < 0.5 * letter["size"]
        if not in_line.any():
            continue
        kept.append(k)
        near = int(np.where(in_line, np.abs(np.where(upright, dx, dy)), np.inf).argmin())
        beside, turn = chars[near], int(chars["rotation"][near])
        ahead = {0: dx, 90: dy, 180: -dx, 270: -dy}[turn % 360][near] > 0
        order.append(near + (0.5 if ahead else -0.5))
        across = ("top", "bottom") if upright[near] else ("x0", "x1")
        for edge in (*across, "font", "rotation"):  # as tall as the letter beside it, and of its font
            letter[edge] = beside[edge]
    return np.asarray(np.concatenate([chars, lost[kept]])[np.argsort(order, kind="stable")])


def lost_letters(page: Page, picture: Raster) -> Array:
    """Records of unknown letters for ink level with a page's characters that belongs to none of them.

    A map that calls a letter a blank makes readers leave it out: only its ink is left, which is neither that of
    a rule, nor of a filled area or a picture.
    """
    import cv2

    chars, rulings = page.chars, page.rulings.copy()
    reach = rulings["width"] / 2
    for low, high in (("x0", "x1"), ("top", "bottom")):
        rulings[low] -= reach
        rulings[high] += reach
    em, dark = float(np.median(chars["size"])), page.fills[page.fills["grey"] < _PALE]
    upright = chars["rotation"] % 180 == 0
    ahead, beside = _OVER * chars["size"], _BELOW * chars["size"]
    left = np.ascontiguousarray(picture.plain < 160).astype(np.uint8)
    covered = (
        _corners(chars, np.where(upright, ahead, beside), np.where(upright, beside, ahead), picture.scale),
        *(_corners(records, 0.08 * em, 0.08 * em, picture.scale) for records in (rulings, dark)),
        _corners(page.images, 0.0, 0.0, picture.scale),
    )
    for x0, top, x1, bottom in np.vstack(covered):
        left[max(0, top) : bottom, max(0, x0) : x1] = 0
    joined = cv2.dilate(left, np.ones((max(1, round(0.12 * em * picture.scale)),) * 2, np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    x, y = (chars["x0"] + chars["x1"]) / 2, (chars["top"] + chars["bottom"]) / 2
    lost: list[tuple[float, ...]] = []
    full = stats[:, 4] >= _FULL * stats[:, 2] * stats[:, 3]
    for left_edge, top, width, height, _ in stats[1:][full[1:]] / picture.scale:
        dx, dy = np.abs(x - (left_edge + width / 2)), np.abs(y - (top + height / 2))
        across = np.maximum(0.5 * chars["size"], np.where(upright, height, width) / 2)
        along = np.where(np.where(upright, dy, dx) < across, np.where(upright, dx, dy), np.inf)
        size = float(chars["size"][along.argmin()])
        if np.isfinite(along.min()) and _SMALLEST * size < min(width, height) < 1.4 * size:
            lost += _letters(left_edge, top, width, height, size)
    records = np.zeros(len(lost), chars.dtype)
    if lost:
        records["x0"], records["top"], records["x1"], records["bottom"], records["size"] = np.array(lost).T
        records["text"], records["code"], records["flags"] = UNKNOWN, -1, Flag.UNICODE_ERROR
    return records


def _letters(x: float, y: float, width: float, height: float, em: float) -> list[tuple[float, ...]]:
    """The boxes of letters that hang together, as many as there is room for, and their size."""
    across, down = (max(1, round(side / em)) if side > 1.4 * em else 1 for side in (width, height))
    w, h = width / across, height / down
    return [(x + i * w, y + j * h, x + (i + 1) * w, y + (j + 1) * h, em) for j in range(down) for i in range(across)]


def _corners(records: Array, wider: Array | float, higher: Array | float, scale: float) -> Array:
    """Left, top, right and bottom of each record in pixels, grown by some points to each side."""
    low, high = (records["x0"] - wider, records["top"] - higher), (records["x1"] + wider, records["bottom"] + higher)
    return np.asarray(np.round(np.stack([*low, *high]).T * scale), np.int64)
