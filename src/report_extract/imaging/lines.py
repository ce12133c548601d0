"""Single lines out of pictures: of a cell, of a column of vertical print."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ..core.model import Array

_INK = 160
_BLUR = 1.0  # pixels
_FAINT = 205  # what is darker than this through a blur is a stroke, however thin
_WIDER = 2  # pixels by which the blur makes a speck larger
_SPECK = 0.45  # points: what is smaller both ways is dirt
_MARGIN = 0.14  # of a line's height, left white around its ink
_WIDER_MARGIN = 0.26
_WIDEST_GAP = 1.2  # of a line's height: wider gaps between words are narrowed to this


def on_white(picture: Array) -> Array:
    """The picture as dark print on light ground: turned over where it is mostly dark, half-tone smoothed."""
    import cv2

    if (picture < _INK).mean() < 0.45:
        return picture
    smooth = cv2.GaussianBlur(picture, (5, 5), 0)
    low, high = np.percentile(smooth, (5, 99))
    spread = np.clip((smooth - low) * (255.0 / max(1.0, high - low)), 0, 255)
    return np.asarray(255 - spread, np.uint8)


def strokes(picture: Array) -> Array:
    """Where there is print, its thin and worn strokes too, bool: a row of faint dots is one piece of it."""
    import cv2

    return np.asarray(cv2.GaussianBlur(picture, (0, 0), _BLUR) < _FAINT) if picture.size else picture < _INK


def cleaned(picture: Array, scale: float, speck: float = _SPECK, edges: bool = True) -> Array:
    """The picture without specks and without what is left of rules at its edges, uint8.

    Args:
        picture: grey, shape (height, width).
        scale: pixels a point.
        speck: points; what is smaller both ways goes.
        edges: whether there can be rules at its edges; where it ends at its print, a dash would be taken for one.
    """
    import cv2

    ink = (strokes(picture) | (picture < _INK)).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    x, y = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    small = (width < speck * scale + _WIDER) & (height < speck * scale + _WIDER)
    thin, rim = 0.9 * scale + _WIDER, 1.0 * scale
    beside = ((x <= rim) | (x + width >= picture.shape[1] - rim)) & (width <= thin)
    above = ((y <= rim) | (y + height >= picture.shape[0] - rim)) & (height <= thin)
    left_over = (beside & (height > 2 * thin)) | (above & (width > 2 * thin)) | (beside & above)
    dirt = small | left_over if edges else small
    if edges and (dirt | beside | above)[1:].all():  # nothing else is there: shorter pieces are no letters either
        dirt[:] = True
    dirt[0] = False
    if not dirt.any():
        return picture
    # The blur around a speck goes with it.
    mask = cv2.dilate(dirt.astype(np.uint8)[labels], np.ones((3, 3), np.uint8)).astype(bool)
    result = picture.copy()
    result[mask & ~(ink.astype(bool) & ~dirt[labels])] = 255
    return result


def spans(filled: Array) -> list[tuple[int, int]]:
    """Where runs of True begin and end (exclusive) in a vector."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], filled, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def line_spans(ink: Array, em: float) -> list[tuple[int, int]]:
    """Top and bottom of each line of letters in ``ink``, from above.

    Bands of ink that are too low for a line (dots, the strokes of 二, an umlaut of が) go to the nearest
    band; a band that is too high for one is cut where it holds least ink.

    Args:
        ink: bool, shape (height, width).
        em: the size of a letter, pixels.
    """
    bands = [list(band) for band in spans(np.asarray(ink.any(axis=1)))]
    while len(bands) > 1:
        gaps = [(b[0] - a[1], i) for i, (a, b) in enumerate(pairwise(bands))]
        joinable = [
            (gap, i)
            for gap, i in gaps
            if bands[i + 1][1] - bands[i][0] <= 1.25 * em
            and min(bands[i][1] - bands[i][0], bands[i + 1][1] - bands[i + 1][0]) < 0.6 * em
            and gap < 0.45 * em
        ]
        if not joinable:
            break
        _, i = min(joinable)
        bands[i][1] = bands[i + 1][1]
        del bands[i + 1]
    highest = max((bottom - top for top, bottom in bands), default=0)
    if highest > 0.6 * em:  # what is far lower than a line beside it is what is left of a dotted rule
        bands = [band for band in bands if band[1] - band[0] > 0.22 * em]
    return [part for top, bottom in bands for part in _cut(ink, top, bottom, em)]


def _cut(ink: Array, top: int, bottom: int, em: float) -> list[tuple[int, int]]:
    """A band of ink as one line or, where it is too high, as several."""
    count = round((bottom - top) / (1.35 * em))
    if bottom - top < 1.75 * em or count < 2:
        return [(top, bottom)]
    weight = ink[top:bottom].sum(axis=1)
    pitch = (bottom - top) / count
    cuts = [top]
    for i in range(1, count):
        low, high = round(i * pitch - 0.3 * pitch), round(i * pitch + 0.3 * pitch)
        cuts.append(top + low + int(np.argmin(weight[low:high])))
    return list(zip(cuts, [*cuts[1:], bottom], strict=True))


def letter_size(ink: Array, fallback: float) -> float:
    """The size of a letter in pixels: the upper quartile of the pieces' larger sides."""
    import cv2

    count, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    if count < 2:
        return fallback
    sizes = np.maximum(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT])
    sizes = sizes[sizes > 0.25 * fallback]
    return float(np.clip(np.percentile(sizes, 75), 0.6 * fallback, 2.2 * fallback)) if sizes.size else fallback


def line_crops(picture: Array, em: float) -> list[Array]:
    """The lines of horizontal print in a picture, from above, each with a white margin."""
    ink = picture < _INK
    crops = (tight(picture[top:bottom], em) for top, bottom in line_spans(ink, em))
    return [crop for crop in crops if crop.size]


def tight(line: Array, em: float) -> Array:
    """One line cut to its ink, wide gaps narrowed, with a white margin; at least as high as a letter is."""
    ink = strokes(line)
    rows, columns = spans(np.asarray(ink.any(axis=1))), spans(np.asarray(ink.any(axis=0)))
    if not rows:
        return line[:0, :0]
    line = line[rows[0][0] : rows[-1][1]]
    height = max(line.shape[0], round(0.8 * em))
    widest = max(2, round(_WIDEST_GAP * height))
    gap = np.full((line.shape[0], widest), 255, np.uint8)
    pieces: list[Array] = []
    start = columns[0][0]
    for (_, end), (onward, _) in pairwise(columns):
        if onward - end > widest:
            pieces += [line[:, start:end], gap]
            start = onward
    # Not as the page's lines are framed: of the very same picture a second reading would be none.
    return framed(np.hstack([*pieces, line[:, start : columns[-1][1]]]), height, _WIDER_MARGIN)


def framed(line: Array, height: int, margin: float = _MARGIN) -> Array:
    """The line in the middle of a white picture of ``height`` and a margin all round, a share of the height."""
    margin = max(2, round(margin * height))
    spare = height - line.shape[0]
    above = spare // 2 + margin
    return np.pad(line, ((above, spare - spare // 2 + margin), (2 * margin, 2 * margin)), constant_values=255)


def is_vertical(ink: Array, em: float) -> bool:
    """Is it vertical print: letters nearer to the one below than to the one beside?"""
    rows, columns = line_spans(ink, em), line_spans(ink.T, em)
    if len(rows) < 2:
        return False
    if len(columns) < 2:
        return True
    between = [float(np.median([b[0] - a[1] for a, b in pairwise(bands)])) for bands in (rows, columns)]
    return between[1] > between[0] + 0.1 * em


def columns_of(picture: Array, em: float) -> list[Array]:
    """The columns of vertical print in a picture, from the right, each turned to be read as a line."""
    return [np.rot90(column) for column in _upright_columns(picture, em)]


def _upright_columns(picture: Array, em: float) -> list[Array]:
    ink = (picture < _INK).T
    found = [picture[:, x0:x1] for x0, x1 in line_spans(ink, em)]
    return [np.rot90(tight(np.rot90(column), em), -1) for column in reversed(found)]


def laid_flat(picture: Array, em: float) -> list[Array]:
    """The columns of vertical print, from the right, their letters laid side by side as horizontal print.

    The letters stay upright so; figures set two abreast (縦中横) stay one.
    """
    flat = []
    for column in _upright_columns(picture, em):
        ink = column < _INK
        letters = [column[top:bottom] for top, bottom in glyph_spans(ink, em)]
        if letters:
            flat.append(_side_by_side(letters, em))
    return flat


def glyph_spans(ink: Array, em: float) -> list[tuple[int, int]]:
    """Top and bottom of each letter of one column of vertical print."""
    return line_spans(ink, em)


def _side_by_side(letters: list[Array], em: float) -> Array:
    height = max(round(em), *(letter.shape[0] for letter in letters))
    gap = np.full((height, max(1, round(0.12 * em))), 255, np.uint8)
    pieces: list[Array] = []
    for letter in letters:
        columns = spans(np.asarray((letter < _INK).any(axis=0)))
        if not columns:
            continue
        letter = letter[:, columns[0][0] : columns[-1][1]]
        above = (height - letter.shape[0]) // 2
        below = height - letter.shape[0] - above
        pieces += [np.pad(letter, ((above, below), (0, 0)), constant_values=255), gap]
    return framed(np.hstack(pieces[:-1]), height) if pieces else letters[0][:0, :0]


def stretched(line: Array) -> Array:
    """The same line in another shape, its contrast hardened: the recogniser sees other places and other greys."""
    import cv2

    height, width = line.shape
    wide = cv2.resize(line, (round(width * 1.12), height), interpolation=cv2.INTER_LINEAR)
    smooth = cv2.GaussianBlur(wide, (3, 3), 0)
    _, even = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    mixed = cv2.addWeighted(smooth, 0.5, np.asarray(even, np.uint8), 0.5, 0)
    return np.pad(mixed, ((height // 12, height // 8), (height // 6, height // 6)), constant_values=255)
