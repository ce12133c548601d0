"""Pages that are not flat: bent at a book's spine, or photographed from a side. Their rules show how they bend.

Each long rule should be straight and level. How far those of a page stray is fitted by one smooth surface for the
level ones and one for the upright ones (as text lines are in Stamatopoulos et al., "Goal-oriented rectification of
camera-based document images", 2011, here by least squares over polynomials), and the page is drawn anew without it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.model import Array
from .components import pieces

# All in points.
_LONG = 60.0  # a rule of this length shows how the page bends
_SHORT = 9.0  # ink that runs on so far may be of a rule
_GAP = 1.6  # a break that is bridged
_THICK = 4.0  # what is thicker is no rule
_STEP = 6.0  # from one look at a rule to the next
_BENT = 0.8  # so far rules stray on a page that is worth the trouble
_FITTED = 0.5  # the share of their straying that a smooth surface must explain
_STIFF = 2e-3  # against surfaces that swing where no rule says so
_FEWEST = 2  # rules
_POWERS = tuple((i, j) for i in (1, 2, 3, 4) for j in (0, 1, 2) if i + j < 5)
_GRID = 24  # pixels of the picture from one place of a map to the next


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """How far one coordinate is off, over the page.

    Attributes:
        weights: of each of ``_POWERS``, pixels.
        low: the lowest along and across that were seen, pixels; beyond them the surface goes on as it ends.
        high: the highest.
        size: what along and across are measured in, pixels.
    """

    weights: Array
    low: Array
    high: Array
    size: float

    def at(self, along: Array, across: Array) -> Array:
        """How far off the places ``along`` and ``across`` are, pixels."""
        u, v = (
            np.clip(given, low, high) / self.size - 0.5
            for given, low, high in zip((along, across), self.low, self.high, strict=True)
        )
        return np.asarray(sum(w * u**i * v**j for w, (i, j) in zip(self.weights, _POWERS, strict=True)))


@dataclass(frozen=True, slots=True, eq=False)
class Bend:
    """How a page bends: where what belongs at a place of the flat page stands on the bent one."""

    down: Surface | None
    right: Surface | None

    def moved(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Where on the bent picture the places (pixels) of the flat one are."""
        return (
            x + self.right.at(y, x) if self.right else x,
            y + self.down.at(x, y) if self.down else y,
        )

    def maps(self, shape: tuple[int, ...]) -> tuple[Array, Array]:
        """The same for every pixel of a picture: x and y, float32, of ``shape``."""
        import cv2

        height, width = shape
        x, y = np.meshgrid(np.arange(0, width + _GRID, _GRID), np.arange(0, height + _GRID, _GRID))
        coarse = [np.asarray(side, np.float32) for side in self.moved(x.astype(float), y.astype(float))]
        place = np.indices(shape, np.float32)[::-1] / _GRID
        bent = [cv2.remap(side, place[0], place[1], cv2.INTER_LINEAR) for side in coarse]
        return np.asarray(bent[0]), np.asarray(bent[1])


def bend_of(ink: Array, scale: float) -> Bend | None:
    """How a page bends, None where it is flat or its rules do not say.

    Args:
        ink: which pixels are dark, bool, shape (height, width).
        scale: pixels a point.
    """
    import cv2

    half = cv2.resize(ink.astype(np.uint8) * 255, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    half = np.asarray(half > 0, np.uint8)  # however thin a rule is
    level = _surface(_curves(half, scale / 2), scale)
    upright = _surface(_curves(np.asarray(cv2.transpose(half)), scale / 2), scale)
    return Bend(level, upright) if level or upright else None


def _curves(ink: Array, scale: float) -> list[Array]:
    """The long level rules of a picture of half the size: x and y of places on each, pixels of the whole one."""
    import cv2

    def across(points: float) -> Array:
        return np.ones((1, max(3, round(points * scale))), np.uint8)

    runs = cv2.morphologyEx(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, across(_GAP)), cv2.MORPH_OPEN, across(_SHORT))
    found = pieces(np.asarray(cv2.dilate(runs, np.ones((3, max(3, round(_GAP * scale))), np.uint8))))
    curves = []
    for label in (np.flatnonzero(found.stats[1:, 2] >= _LONG * scale) + 1).tolist():
        x, y, width, height, _ = found.stats[label].tolist()
        own = found.own(label) & (runs[y : y + height, x : x + width] > 0)
        thickness = own.sum(axis=0)
        usual = float(np.median(thickness[thickness > 0])) if thickness.any() else 0.0
        if not 0 < usual <= _THICK * scale:
            continue
        sound = np.flatnonzero((thickness > 0) & (thickness <= usual + 1))
        middle = (own * np.arange(height)[:, None]).sum(axis=0)[sound] / thickness[sound]
        bins = (sound / (_STEP * scale)).astype(int)
        counts = np.bincount(bins)
        kept = counts > 0
        places = np.stack([np.bincount(bins, weights=side)[kept] / counts[kept] for side in (sound, middle)])
        if places.shape[1] * _STEP >= _LONG:
            curves.append(2 * (places + np.array([[x], [y]])) + 0.5)
    return curves


def _surface(curves: list[Array], scale: float) -> Surface | None:
    """The smooth surface that makes the curves straight and level; None where they are, or none does."""
    if len(curves) < _FEWEST:
        return None
    size = max(float(curve.max()) for curve in curves)
    terms, strays = [], []
    for along, across in curves:
        u, v = along / size - 0.5, np.full_like(along, across.mean()) / size - 0.5
        own = np.stack([u**i * v**j for i, j in _POWERS], axis=1)
        terms.append(own - own.mean(axis=0))
        strays.append(across - across.mean())
    matrix, stray = np.vstack(terms), np.concatenate(strays)
    if np.percentile(np.abs(stray), 90) < _BENT * scale:
        return None
    weights = np.ones(len(stray))
    for _ in range(3):  # what is no rule, or jumps from one to the next, is not listened to
        weighted = matrix * weights[:, None]
        fit = np.linalg.solve(weighted.T @ matrix + _STIFF * np.eye(len(_POWERS)), weighted.T @ stray)
        rest = np.abs(stray - matrix @ fit)
        weights = 1 / np.maximum(1, rest / (0.5 * scale)) ** 2
    if np.percentile(rest, 90) > _FITTED * np.percentile(np.abs(stray), 90):
        return None
    seen = np.hstack([np.stack([along, np.full_like(along, across.mean())]) for along, across in curves])
    return Surface(fit, seen.min(axis=1), seen.max(axis=1), size)
