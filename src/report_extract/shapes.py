"""Does a glyph on the page look like the character that the text layer says it is?

A font's map to Unicode may be wrong in any way and still give perfect Japanese characters; only what is drawn
shows it. Looking costs little: each glyph's ink, on a grid of 8 x 8, is correlated with that of the character
it is said to be, which ``shapes.npz`` holds for JIS X 0208 (built by ``fixtures/shapes/build.py``).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from .model import Array

GRID = 8
DATA = Path(__file__).with_name("shapes.npz")
_FEWEST_PIXELS = 5  # a glyph smaller than this on the picture shows nothing


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """The table.

    Attributes:
        index: a character's row.
        grids: ink of each character over its box, mean 0 and length 1 a row, shape (n, 64).
        sizes: width and height of that box in ems, shape (n, 2).
    """

    index: dict[str, int]
    grids: Array
    sizes: Array


@cache
def shapes() -> Shapes:
    """The table, loaded once."""
    with np.load(DATA) as data:
        letters, grids, sizes = data["letters"], data["grids"], data["sizes"]
    return Shapes(
        {str(letter): i for i, letter in enumerate(letters)},
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
    rows, columns = np.flatnonzero(ink.max(axis=1) > 0.3), np.flatnonzero(ink.max(axis=0) > 0.3)
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
    """The table's name of a character: itself, or its normal form."""
    known = shapes().index
    return text if text in known else unicodedata.normalize("NFKC", text)


def glyph_shapes(chars: Array, picture: Array, scale: float) -> Array:
    """What each character's place on the picture shows: shape (n, 66), NaN where it shows nothing.

    Args:
        chars: CHAR records.
        picture: the page, uint8 grey.
        scale: pixels a point.
    """
    result = np.full((len(chars), GRID * GRID + 2), np.nan, np.float32)
    height, width = picture.shape
    edges = [np.clip(np.round(chars[name] * scale), 0, width).astype(int).tolist() for name in ("x0", "x1")]
    edges += [np.clip(np.round(chars[name] * scale), 0, height).astype(int).tolist() for name in ("top", "bottom")]
    turns, ems = (chars["rotation"] // 90).tolist(), (chars["size"].astype(float) * scale).tolist()
    for i, (x0, x1, top, bottom) in enumerate(zip(*edges, strict=True)):
        if x1 - x0 < _FEWEST_PIXELS // 2 or bottom - top < _FEWEST_PIXELS:
            continue
        place = picture[top:bottom, x0:x1]
        low, high = int(place.min()), int(place.max())
        if high - low < 60:
            continue
        light = _on_light(picture, (x0, top, x1, bottom), (low + high) // 2)
        ink = (place.astype(np.float32) - (high if light else low)) / ((low - high) if light else (high - low))
        shape = described(np.rot90(ink, turns[i]) if turns[i] else ink, ems[i])
        if shape is not None:
            result[i] = shape
    return result


def _on_light(picture: Array, box: tuple[int, int, int, int], middle: int) -> bool:
    """Is it dark on light? Most of a glyph's place is paper, and most around it: a dense letter, or a rule, may be not.

    Args:
        box: x0, top, x1, bottom of the place in pixels.
        middle: the grey between paper and ink.
    """
    x0, top, x1, bottom = box
    place = picture[top:bottom, x0:x1]
    around = picture[max(0, top - 2) : bottom + 2, max(0, x0 - 2) : x1 + 2]
    edges = np.concatenate((around[0], around[-1], around[:, 0], around[:, -1]))
    shares = (np.count_nonzero(part > middle) / part.size for part in (place, edges))
    return bool(sum(shares) >= 1)


_SOLID = 0.4  # ems: a glyph smaller than this in either direction has no shape to speak of
_OTHER_SIZE = 0.3  # ems by which a glyph's box may differ from that of a letter that it is compared with
_ALIKE = dict(zip("りリへヘべベぺペ", "リりヘへベべペぺ", strict=True))


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
    width, height = np.median(looks[:, GRID * GRID :], axis=0)
    wide, high = _sides()
    return np.where((np.abs(wide - width) < _OTHER_SIZE) & (np.abs(high - height) < _OTHER_SIZE), alike, -1.0)


@cache
def _sides() -> tuple[Array, Array]:
    """Width and height of every letter, each in one piece of memory."""
    wide, high = np.ascontiguousarray(shapes().sizes.T)
    return wide, high


def solid(rows: Array) -> Array:
    """Which letters of the table have a shape by which they can be known: Japanese ones that are not thin."""
    table = shapes()
    return np.asarray((table.sizes[rows].min(axis=1) >= _SOLID) & _japanese()[rows])


@cache
def _japanese() -> Array:
    return np.array([c >= "\u3040" and c < "\uff00" for c in shapes().index])


def outdone(looks: Array, row: int) -> float:
    """By how much a glyph looks more like some other Japanese letter than like the one in ``row``.

    Args:
        looks: the glyph, seen a few times, shape (k, 66).
        row: of the letter that it is said to be.

    Returns:
        The difference of two correlations: below 0, the glyph looks most like what it is said to be.
    """
    table = shapes()
    looks = looks[~np.isnan(looks[:, 0])]
    own = float((centred(looks[:, : GRID * GRID]) @ table.grids[row]).max())
    others = likenesses(looks)
    others[[row, *(table.index[c] for c in _ALIKE.get(_letters()[row], ""))]] = -1.0
    return float(others[_japanese()].max()) - own


@cache
def _letters() -> tuple[str, ...]:
    return tuple(shapes().index)
