"""Does a glyph on the page look like the character that the text layer says it is?

A font's map to Unicode may be wrong in any way and still give perfect Japanese characters; only what is drawn
shows it. Looking costs little: each glyph's ink, on a grid of 8 x 8, is correlated with that of the character
it is said to be, which ``glyph_shapes.npz`` holds for JIS X 0208 (built by ``fixtures/shapes/build.py``).
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from ..core.model import Array
from ..text.confusables import SAME_KANA

GRID = 8
DATA = Path(__file__).with_name("glyph_shapes.npz")
_FEWEST_PIXELS = 5  # a glyph smaller than this on the picture shows nothing
_FAINTEST = 60  # greys between ink and paper, below which there is nothing
_OTHER_LOOKS = ("<circle>", "<square>", "<super>", "<sub>", "<fraction>")  # Unicode's tags of what looks unlike
_INK = 0.3  # what is darker than this belongs to a glyph
_TOGETHER = 256  # glyphs that are looked at together
_FINEST = 15  # points either way in a place of the grid: of so many glyphs no picture may have 32768 rows


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """The table.

    Attributes:
        index: a character's row; letters: the character of each row, in the order of Unicode.
        japanese: the rows of kana and kanji.
        grids: ink of each character over its box, mean 0 and length 1 a row, shape (n, 64).
        sizes: width and height of that box in ems, shape (n, 2).
    """

    index: dict[str, int]
    letters: tuple[str, ...]
    japanese: slice
    grids: Array
    sizes: Array


@cache
def shapes() -> Shapes:
    """The table, loaded once."""
    with np.load(DATA) as data:
        letters, grids, sizes = tuple(data["letters"].tolist()), data["grids"], data["sizes"]
    return Shapes(
        {letter: i for i, letter in enumerate(letters)},
        letters,
        slice(bisect_left(letters, "\u3040"), bisect_left(letters, "\uff00")),
        centred(grids.astype(np.float32)),
        sizes.astype(np.float32) / 100,
    )


def centred(grids: Array) -> Array:
    """Rows with mean 0 and length 1, so that a product of two is their correlation."""
    grids = grids - grids.mean(axis=-1, keepdims=True)
    return np.asarray(grids / np.maximum(np.linalg.norm(grids, axis=-1, keepdims=True), 1e-6))


def described(ink: Array, em: float) -> Array | None:
    """The grid of a glyph's ink, and its box's width and height in ems: shape (66,); None without ink.

    Args:
        ink: 0..1, shape (height, width), nothing but the glyph.
        em: size of the font in pixels.
    """
    rows, columns = np.flatnonzero(ink.max(axis=1) > _INK), np.flatnonzero(ink.max(axis=0) > _INK)
    if not rows.size or not columns.size:
        return None
    glyph = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = glyph.shape
    return np.concatenate([_pooled(glyph).ravel(), [width / em, height / em]])


def _pooled(glyph: Array) -> Array:
    """Mean ink in each place of the grid, by areas."""
    import cv2

    # Where the glyph has fewer pixels than the grid has places, each pixel is spread over several first.
    times = -(-GRID * 2 // min(glyph.shape))
    if times > 1:
        glyph = cv2.resize(glyph, None, fx=times, fy=times, interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.resize(glyph.astype(np.float32), (GRID, GRID), interpolation=cv2.INTER_AREA))


def named(text: str) -> str:
    """The table's name of a character: itself, or its normal form where that looks the same (Ⓐ is no A)."""
    known = shapes().index
    if text in known or any(unicodedata.decomposition(c).startswith(_OTHER_LOOKS) for c in text):
        return text
    return unicodedata.normalize("NFKC", text)


def glyph_shapes(chars: Array, picture: Array, scale: float) -> Array:
    """What each character's place on the picture shows: shape (n, 66), NaN where it shows nothing.

    Args:
        chars: CHAR records.
        picture: the page, uint8 grey.
        scale: pixels a point.
    """
    result = np.full((len(chars), GRID * GRID + 2), np.nan, np.float32)
    if not len(chars):
        return result
    height, width = picture.shape
    x0, x1 = (np.clip(np.round(chars[name] * scale), 0, width).astype(np.intp) for name in ("x0", "x1"))
    top, bottom = (np.clip(np.round(chars[name] * scale), 0, height).astype(np.intp) for name in ("top", "bottom"))
    boxes = np.stack((x0, top, x1, bottom), axis=1)
    some = np.flatnonzero((x1 - x0 >= _FEWEST_PIXELS // 2) & (bottom - top >= _FEWEST_PIXELS))
    sides = np.maximum(x1 - x0, bottom - top)
    some = some[np.argsort(sides[some], kind="stable")]
    for batch in (some[k : k + _TOGETHER] for k in range(0, len(some), _TOGETHER)):
        grids, sizes = _described(picture, boxes[batch])
        turns = (chars["rotation"][batch] // 90) % 4
        for turn in np.unique(turns[turns > 0]):
            grids[turns == turn] = np.rot90(grids[turns == turn], turn, axes=(1, 2))
        sizes[turns % 2 == 1] = sizes[turns % 2 == 1, ::-1]
        ems = chars["size"][batch].astype(float) * scale
        result[batch] = np.column_stack((grids.reshape(len(batch), -1), sizes / ems[:, None]))
    return result


def _described(picture: Array, boxes: Array) -> tuple[Array, Array]:
    """``described`` for many glyphs at once, as they stand on a picture.

    Args:
        picture: uint8 grey.
        boxes: in pixels, nothing but a glyph in each, shape (n, 4).

    Returns:
        Grids of ink, shape (n, 8, 8), NaN without ink; widths and heights in pixels, shape (n, 2).
    """
    x0, top, x1, bottom = boxes.T[:, :, None]
    rows = top + np.arange((bottom - top).max())
    columns = x0 + np.arange((x1 - x0).max())
    inside = (rows < bottom)[:, :, None] & (columns < x1)[:, None, :]
    # Beyond its box each glyph's place repeats the box's last pixels, which changes no extreme.
    begin = (np.minimum(rows, bottom - 1) * picture.shape[1])[:, :, None]
    places = np.take(picture.reshape(-1), begin + np.minimum(columns, x1 - 1)[:, None, :])
    paper, ink = _paper_and_ink(picture, boxes, places, inside)
    contrast = paper - ink
    limit = paper - _INK * contrast
    dark = np.where(contrast > 0, places < limit, places > limit) & inside & (np.abs(contrast) >= _FAINTEST)
    spans = []
    for start, lines in ((boxes[:, 0], dark.any(axis=1)), (boxes[:, 1], dark.any(axis=2))):
        spans.append((start + lines.argmax(axis=1), start + lines.shape[1] - lines[:, ::-1].argmax(axis=1)))
    grids = (paper - _sampled(picture, *spans)) / np.where(contrast == 0, 1, contrast)
    grids[~dark.any(axis=(1, 2))] = np.nan
    return grids, np.stack([last - first for first, last in spans], axis=1).astype(np.float32)


def _paper_and_ink(picture: Array, boxes: Array, places: Array, inside: Array) -> tuple[Array, Array]:
    """The greys of paper and ink in each box, shape (n, 1, 1)."""
    low = places.min(axis=(1, 2), keepdims=True).astype(np.float32)
    high = places.max(axis=(1, 2), keepdims=True).astype(np.float32)
    middle = (low + high) / 2
    # Most of a glyph's place is paper, and most of what is around it: a dense letter, or a rule, may be not.
    light = ((places > middle) & inside).sum(axis=(1, 2)) / inside.sum(axis=(1, 2))
    light = light + np.greater(_around(picture, boxes), middle[:, :, 0]).mean(axis=1)
    is_light = light[:, None, None] >= 1
    return np.where(is_light, high, low), np.where(is_light, low, high)


def _sampled(picture: Array, across: tuple[Array, Array], down: tuple[Array, Array]) -> Array:
    """Mean grey in each place of a grid laid over each glyph, shape (n, 8, 8).

    Args:
        picture: uint8 grey.
        across, down: where each glyph's ink begins and ends, in pixels.
    """
    import cv2

    most = max(1, *(int((last - first).max()) for first, last in (across, down)))
    times = min(_FINEST, max(2, -(-most // (GRID + GRID // 2))))  # points in each place, either way
    share = (np.arange(GRID * times) + 0.5) / (GRID * times)
    x, y = (
        (first[:, None] + (last - first)[:, None] * share - 0.5).astype(np.float32) for first, last in (across, down)
    )
    shape = (len(x), GRID * times, GRID * times)
    at_x, at_y = (np.broadcast_to(each, shape).reshape(-1, shape[2]) for each in (x[:, None, :], y[:, :, None]))
    seen = cv2.remap(picture, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    grids = cv2.resize(seen.astype(np.float32), (GRID, GRID * len(x)), interpolation=cv2.INTER_AREA)
    return np.asarray(grids).reshape(-1, GRID, GRID)


def _around(picture: Array, boxes: Array) -> Array:
    """Some pixels around each box, two from its edges: shape (n, 32)."""
    x0, top, x1, bottom = boxes.T[:, :, None]
    along = np.linspace(0, 1, 8)
    x, y = x0 + (x1 - 1 - x0) * along, top + (bottom - 1 - top) * along
    same = np.zeros_like(along)
    columns = np.concatenate((x, x, x0 - 2 + same, x1 + 1 + same), axis=1).round().astype(np.intp)
    rows = np.concatenate((top - 2 + same, bottom + 1 + same, y, y), axis=1).round().astype(np.intp)
    return picture[np.clip(rows, 0, picture.shape[0] - 1), np.clip(columns, 0, picture.shape[1] - 1)]


_SOLID = 0.4  # ems: a glyph smaller than this in either direction has no shape to speak of
_OTHER_SIZE = 0.3  # ems by which a glyph's box may differ from that of a letter that it is compared with
_TAKEN = (0.05, 0.45)  # the share of a letter that may be cut off for the rest of it to be compared
_LIKELY = 0.6  # what is left of a letter looks so much like it: of 537 cut letters 84 in 100, of 528 others 4 in 1,000


def likenesses(looks: Array) -> Array:
    """How much glyphs look like each letter of the table.

    Args:
        looks: one glyph, seen a few times, shape (k, 66).

    Returns:
        Correlations, -1..1, shape (letters,); -1 for letters of another size, the best of the times seen.
    """
    table = shapes()
    looks = looks[~np.isnan(looks[:, 0])]
    if not len(looks):
        return np.full(len(table.sizes), -1.0)
    alike = (table.grids @ centred(looks[:, : GRID * GRID]).T).max(axis=1)
    size = np.median(looks[:, GRID * GRID :], axis=0)
    return np.where((np.abs(table.sizes - size) < _OTHER_SIZE).all(axis=1), alike, -1.0)


def solid(rows: Array) -> Array:
    """Which letters of the table have a shape by which they can be known: Japanese ones that are not thin."""
    table = shapes()
    japanese = (rows >= table.japanese.start) & (rows < table.japanese.stop)
    return np.asarray((table.sizes[rows].min(axis=1) >= _SOLID) & japanese)


def outdone(looks: Array, row: int) -> float:
    """By how much a glyph looks more like some other Japanese letter than like the one in ``row``.

    Args:
        looks: the glyph, seen a few times, shape (k, 66).
        row: of the letter that it is said to be.

    Returns:
        The difference of two correlations: below 0, the glyph looks most like what it is said to be.
    """
    looks = looks[~np.isnan(looks[:, 0])]
    own = float((centred(looks[:, : GRID * GRID]) @ shapes().grids[row]).max())
    others = likenesses(looks)
    others[_itself(row)] = -1.0
    return float(others[shapes().japanese].max()) - own


def outdone_in_part(look: Array, row: int) -> float:
    """``outdone`` by what is seen of a glyph of which a clip, a cover or a rule took one side.

    Such a glyph is lower, or narrower, than the letter that it is said to be: it is held against that part of every
    letter that is left when as much of each is taken, of the side that suits its own letter best.

    Args:
        look: the glyph, shape (66,).
        row: of the letter that it is said to be.

    Returns:
        The difference of two correlations; 1 where nothing is missing, or what is left does not look like it.
    """
    table = shapes()
    least = 1.0
    for axis, size in enumerate(look[GRID * GRID :]):  # width, height
        whole = float(table.sizes[row, axis])
        if not _TAKEN[0] <= (whole - size) / whole <= _TAKEN[1]:
            continue
        seen = centred(look[: GRID * GRID])
        meant = np.delete(table.sizes, 1 - axis, axis=1)[:, 0]
        alike = np.abs(meant - whole) < _TAKEN[0]  # only of these the same share is left
        alike &= np.abs(table.sizes[:, 1 - axis] - look[GRID * GRID + 1 - axis]) < _OTHER_SIZE
        alike[: table.japanese.start] = alike[table.japanese.stop :] = False
        alike[row] = True
        rows = np.flatnonzero(alike)
        grids = table.grids[rows].reshape(-1, GRID, GRID)
        for last in (False, True):
            kept = _kept(float(size) / whole, last)
            parts = grids @ kept.T if axis == 0 else np.moveaxis(np.tensordot(kept, grids, (1, 1)), 0, 1)
            likeness = centred(parts.reshape(len(rows), -1)) @ seen
            own = float(likeness[rows == row][0])
            others = likeness[~np.isin(rows, _itself(row))]
            if own >= _LIKELY:
                least = min(least, float(others.max(initial=-1.0)) - own)
    return least


def _kept(share: float, last: bool) -> Array:
    """The mean of each place of a grid laid over the first, or the ``last``, ``share`` of another one: (8, 8)."""
    edges = np.linspace(0, share * GRID, GRID + 1) + (1 - share) * GRID * last
    low, high = np.maximum(edges[:-1, None], np.arange(GRID)), np.minimum(edges[1:, None], np.arange(1, GRID + 1))
    shared = np.maximum(high - low, 0)
    return np.asarray(shared / shared.sum(axis=1, keepdims=True), np.float32)


def each_outdone(looks: Array, rows: Array, by: float) -> Array:
    """Which of several glyphs, seen once each, are ``outdone`` by so much: looks of shape (n, 66), bool (n,)."""
    table = shapes()
    grids = centred(looks[:, : GRID * GRID])
    limits = (grids * table.grids[rows]).sum(axis=1) + by
    found = np.zeros(len(rows), bool)
    # One by one: on so small a product the threads of a linear algebra library wait longer than they work.
    for i, (grid, size) in enumerate(zip(grids, looks[:, GRID * GRID :], strict=True)):
        likely = np.flatnonzero(table.grids[table.japanese] @ grid >= limits[i]) + table.japanese.start
        likely = likely[(np.abs(table.sizes[likely] - size) < _OTHER_SIZE).all(axis=1)]
        found[i] = not set(likely.tolist()) <= set(_itself(int(rows[i])))
    return found


@cache
def _itself(row: int) -> list[int]:
    """The rows of a letter and of one that looks the same."""
    table = shapes()
    return [row, *(table.index[c] for c in SAME_KANA.get(table.letters[row], ""))]
