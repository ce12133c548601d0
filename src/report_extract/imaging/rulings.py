"""Rules in a picture: solid, faint, broken, dotted, a little bent, with letters touching them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.model import RULING, RULING_RASTER, Array
from .components import BRIEF, CROSSED, DOTS, SURE, Pieces, blocks, pieces, small_pieces
from .gaps import whole
from .holes import mended, painted, white_holes
from .strokes import of_letters

# All in points.
_LONG = 60.0  # a run of this length is a rule wherever it stands
_SHORT = 9.0  # a run of this length is one where both its ends meet rules
_THICK = 4.5  # what is thicker is a filled area
_CLEAR = 1.2  # how far beside a rule the paper is looked at
_ATTACHED = 0.3  # the share of a run's length with ink on it beyond which it is a row of strokes
_FRAMED = 90.0  # a run of this length is hardly ever one
_GAP = 1.6  # a break that is bridged
_DOT = 1.8  # a dot is at most so high
_DOT_GAP = 4.5  # and so far from the next
_DOTTED = 25.0  # the shortest dotted rule
_FINE = 1.2  # dots so close are no row of dots in print: a long run of them is a rule wherever it stands
_CLOSE_DOTS = 1.5  # the same where nothing but dots is bridged; those of a leader stand farther apart
_MEETS = 3.0  # how far from a rule an end may stop and still meet it
_MARGIN = 12.0  # no printer prints so near the edges of the paper
_SPANNED = 0.85  # the share of the way from rule to rule that a short run covers; a stroke of a letter less
_TOUCHES = 1.5  # how far from a rule the end of a run may stop that strokes cross, as those of a letter do
_LETTER = 20.0  # what has gaps and is shorter may be a letter's stroke
_NEXT = 0.6  # so near a rule is the ink of strokes that cross it
_BESIDE = 0.4  # the ink beside a run, along it, from which strokes cross it
_STROKES = 0.025  # the share of a run that strokes cross, as those of letters cross each other,
_SHORT_OF = 0.7  # and the share of the rules across of which it stops short, from which it is of letters
_CROWDED, _PATCHY = 0.2, 0.1  # the share that strokes cross, and that has no ink, from which it is of stacked letters
_ROW = 0.12  # the share of a row of dots and dashes that strokes cross, from which it is of letters
_BROKEN = 0.2  # of a rule's ink: what has more and wider gaps than this is dotted
_STROKE = 11.0  # what runs on so far to a side is no stroke but a rule

Run = tuple[float, ...]  # x0, x1, y, thickness, label, kind


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """The rules of a picture, in pixels.

    Attributes:
        horizontal: x0, x1, y, thickness a rule, shape (n, 4).
        vertical: y0, y1, x, thickness a rule, shape (m, 4).
        mask: which pixels are rule, bool, the picture's shape.
    """

    horizontal: Array
    vertical: Array
    mask: Array

    def records(self, scale: float) -> Array:
        """As RULING records in points; ``scale`` is pixels a point."""
        records = np.zeros(len(self.horizontal) + len(self.vertical), RULING)
        flat, upright = records[: len(self.horizontal)], records[len(self.horizontal) :]
        flat["x0"], flat["x1"], flat["top"], flat["width"] = self.horizontal.T / scale
        flat["bottom"] = flat["top"]
        upright["top"], upright["bottom"], upright["x0"], upright["width"] = self.vertical.T / scale
        upright["x1"] = upright["x0"]
        records["kind"] = RULING_RASTER
        return records

    def turned_back(self, by: int) -> Rules:
        """The rules of the same picture turned counterclockwise by 0, 90, 180 or 270 degrees."""
        if not by:
            return self
        width = self.mask.shape[1]
        x0, x1, y, thick = self.horizontal.T
        upright = np.column_stack([width - x1, width - x0, y, thick])
        top, bottom, x, thick = self.vertical.T
        flat = np.column_stack([top, bottom, width - x, thick])
        return Rules(flat, upright, np.ascontiguousarray(np.rot90(self.mask))).turned_back(by - 90)


def find_rules(ink: Array, scale: float, faint: tuple[Array, Array] | None = None) -> Rules:
    """The rules of a picture.

    Args:
        ink: which pixels are dark, bool, shape (height, width).
        scale: pixels a point.
        faint: which pixels are of light lines, horizontal and vertical ones, uint8 (see ``faint``).
    """
    import cv2

    picture: Array = ink.astype(np.uint8)
    filled, dark, edges_flat, edges_upright = blocks(picture, scale)
    if filled is not None:
        picture = picture & ~filled & 1
    across, down = faint or (np.zeros_like(picture), np.zeros_like(picture))
    dots = small_pieces(picture, scale)
    flat, lying = _along(picture, across, dots[0], scale)
    turned = [np.asarray(cv2.transpose(pixels)) for pixels in (picture, down, dots[1])]
    upright, standing = _along(turned[0], turned[1], turned[2], scale)
    labels = (lying.labels, standing.labels)
    flat, upright = mended(flat, upright, labels, dark, scale, _LONG * scale)
    white = _white_holes(picture, turned[0], flat, upright, scale)
    flat, upright = mended(flat, upright, labels, white, scale, _LONG * scale)
    flat, upright = whole(flat, upright, labels, (picture, turned[0]), scale)
    folds, streaks = (
        _streaks(runs, rules, lines, scale)
        for runs, rules, lines in (
            (flat, upright, picture | across),
            (upright, flat, turned[0] | turned[1]),
        )
    )
    scratches = flat[folds], upright[streaks]
    flat, upright = np.vstack([flat[~folds], edges_flat]), np.vstack([upright[~streaks], edges_upright])
    flat, upright = _that_meet(flat, upright, scale)
    flat, upright = flat[~of_letters(flat, picture, scale)], upright[~of_letters(upright, turned[0], scale)]
    flat, upright = _cut_back(picture, flat, upright, scale), _cut_back(turned[0], upright, flat, scale)
    mask = _painted(np.vstack([flat, scratches[0]]), lying, dots[0], scale)
    mask |= cv2.transpose(_painted(np.vstack([upright, scratches[1]]), standing, turned[2], scale))
    # The blur at their edges goes with the rules.
    mask = cv2.dilate(mask, np.ones((3, 3), np.uint8)).astype(bool)
    return Rules(flat[:, :4], upright[:, :4], mask | painted(dark, scale, mask.shape) if len(dark) else mask)


def _streaks(runs: Array, across: Array, lines: Array, scale: float) -> Array:
    """Which runs are no rules: what leads from edge to edge of the page is dust on the scanner's glass, or a fold.

    No printer prints so far. Of a picture that is cut out of a table, rules across end at such a run, or run along
    the edges too.
    """
    reach, margin, length = _MEETS * scale, _MARGIN * scale, lines.shape[1]
    streaks = (runs[:, 0] < margin) & (runs[:, 1] > length - margin)
    for i, y in enumerate(runs[:, 2].round().astype(int).tolist()):  # a pale one may be found in parts
        inked = np.asarray(lines[max(0, y - 1) : y + 2].any(axis=0))
        ends = inked[: int(margin)], inked[-int(margin) :]
        streaks[i] |= bool(inked.mean() > 0.5 and min(end.mean() for end in ends) > 0.5)
    rules = _promoted(across, runs, scale)  # those of a small picture are short
    rules = rules[rules[:, 5] == SURE]
    for i in np.flatnonzero(streaks).tolist():
        meets = (rules[:, 0] - reach <= runs[i, 2]) & (runs[i, 2] <= rules[:, 1] + reach)
        ends = (np.abs(rules[:, :2] - runs[i, 2]) < 2 * reach).any(axis=1)
        along_edge = (rules[:, 2] < margin) | (rules[:, 2] > length - margin)
        streaks[i] = not (meets & (ends | along_edge)).any()
    return np.asarray(streaks)


def _white_holes(picture: Array, turned: Array, flat: Array, upright: Array, scale: float) -> Array:
    across, down = (runs[(runs[:, 5] == SURE) | (runs[:, 5] == DOTS)] for runs in (flat, upright))
    lying, standing = white_holes(picture, flat, down, scale), white_holes(turned, upright, across, scale)
    return np.vstack([lying, standing[:, [1, 0, 2]]])


def _along(picture: Array, faint: Array, dots: Array, scale: float) -> tuple[Array, Pieces]:
    """Runs of ink along x, and the pieces that they are."""
    import cv2

    def bridged(pixels: Array, gap: float, least: float) -> Array:
        near, long = (np.ones((1, max(3, round(points * scale))), np.uint8) for points in (gap, least))
        return np.asarray(cv2.morphologyEx(cv2.morphologyEx(pixels, cv2.MORPH_CLOSE, near), cv2.MORPH_OPEN, long))

    # A line about as dark as ink is that in parts, however short they are.
    solid = bridged(picture | faint, _GAP, _SHORT) & ~(faint & ~picture)
    thick = cv2.morphologyEx(picture, cv2.MORPH_OPEN, np.ones((round(_DOT * scale) + 1, 1), np.uint8))
    dotted = bridged(dots | (solid & ~thick & 1) | faint, _DOT_GAP, _DOTTED)
    # A bent or slanting rule comes in steps: pieces that touch after a little growth are one.
    joined = cv2.dilate(solid | dotted, np.ones((3, max(3, round(_GAP * scale))), np.uint8))
    found = pieces(np.asarray(joined))
    found.labels[(solid | dotted)[found.rows] == 0] = 0
    runs = []
    for label, (x, y, width, height, _) in enumerate(found.stats[1:].tolist(), 1):
        place = np.s_[y : y + height, x : x + width]
        own = found.own(label)
        gappy = (own & (solid[place] == 0)).any(axis=0).sum() > _BROKEN * (own & (solid[place] > 0)).any(axis=0).sum()
        gappy |= width > _DOTTED * scale and _of_pieces(picture[place] & own, dots[place])
        if gappy:
            rows = slice(y, y + height)
            fine = bridged(picture[rows], _FINE, _LONG) | bridged(dots[rows], _CLOSE_DOTS, _LONG)
            gappy = not (fine[:, x : x + width] & own).any()
        run = _run(own, x, y, label, scale, bool(gappy))
        if run and (run := _not_of_letters(picture, run, scale)):
            runs.append(run)
    return np.array(runs, np.float64).reshape(-1, 6), found


def _of_pieces(ink: Array, dots: Array) -> bool:
    """Is the ink of a run that of dots and dashes, however close they are?"""
    inked = ink.any(axis=0)
    return bool((~inked).sum() > _BROKEN * inked.sum() and (ink & dots).sum() > 0.5 * ink.sum())


def _not_of_letters(picture: Array, run: Run, scale: float) -> Run | None:
    """The run, or None where it is made of letters' strokes that fill their rows, gaps to the rules bridged.

    Strokes cross it, as they cross the upright of 計 or 件, and it stops short of the rules that it seems to cross.
    """
    ruled, bare = _ruled(picture, run, scale), _bare(picture, run, scale)
    if _attached(picture, run, ruled, scale):
        # A row of strokes, or a rule that letters touch: that has no gaps, and has to lead from rule to rule.
        return (*run[:5], BRIEF) if run[5] == SURE and bare.mean() <= _PATCHY else None
    end = round(_CLEAR * scale)
    crossed = int(_strokes(picture, run, ruled, _NEXT * scale)[:, end:-end].sum(axis=1).max(initial=0))
    share = crossed / (run[1] - run[0])
    if run[5] == BRIEF and bare[end:-end].any() and (crossed > _BESIDE * scale or len(bare) < _LETTER * scale):
        return None
    if run[5] == BRIEF and crossed > _BESIDE * scale:
        return (*run[:5], CROSSED)
    least = 2 * _STROKES if run[5] == DOTS else _STROKES
    if share > least and _stops(bare, ruled, scale) > _SHORT_OF:
        return None
    if run[5] == DOTS:  # its own gaps say nothing
        return None if share > _ROW else run
    return None if share > _CROWDED and bare.mean() > _PATCHY else run


def _ruled(picture: Array, run: Run, scale: float) -> Array:
    """Where rules cross the run, or end at it: bool along it."""
    reach = round((_STROKE + _NEXT) * scale)
    x0, x1, y, half = int(run[0]), int(run[1]), round(run[2]), round(run[3] / 2)
    sides = (picture[max(0, y - half - reach) : y - half, x0:x1], picture[y + half + 1 : y + half + 1 + reach, x0:x1])
    return np.asarray(np.any([side.sum(axis=0) > 0.9 * reach for side in sides], axis=0))


def _strokes(picture: Array, run: Run, ruled: Array, distance: float) -> Array:
    """Where along the run there is ink, ``distance`` pixels above and below, that is of no rule: bool, (2, length)."""
    import cv2

    x0, x1, away = int(run[0]), int(run[1]), run[3] / 2 + distance
    rows = [round(run[2] - away), round(run[2] + away)]
    blur = np.ones((1, 2 * round(1.5 * distance) + 1), np.uint8)
    free = cv2.dilate(ruled.astype(np.uint8)[None], blur)[0] == 0
    return np.array([picture[r, x0:x1].astype(bool) & free if 0 <= r < len(picture) else free & False for r in rows])


def _bare(picture: Array, run: Run, scale: float) -> Array:
    """Where along the run there is no ink, for half a point or more: bool."""
    import cv2

    half = run[3] / 2 + 1
    inked = picture[max(0, round(run[2] - half)) : round(run[2] + half) + 1, int(run[0]) : int(run[1])].max(axis=0)
    gap = np.ones((1, max(2, round(0.5 * scale))), np.uint8)
    bare = np.pad(1 - inked[None], ((0, 0), (gap.size, gap.size)))
    return np.asarray(cv2.morphologyEx(bare, cv2.MORPH_OPEN, gap)[0, gap.size : -gap.size] > 0)


def _stops(bare: Array, ruled: Array, scale: float) -> float:
    """At how many of the sides of the rules that cross a run it has a gap, as a share."""
    step, near = np.diff(ruled.astype(np.int8)), round(_GAP * scale)
    sides = [bare[max(0, at + 1 - near) : at + 1] for at in np.flatnonzero(step == 1).tolist()]
    sides += [bare[at + 1 : at + 1 + near] for at in np.flatnonzero(step == -1).tolist()]
    return float(np.mean([side.any() for side in sides])) if sides else 0.0


def _run(own: Array, x: int, y: int, label: int, scale: float, dotted: bool) -> Run | None:
    """The run, if any, that one connected piece of horizontal ink is."""
    filled = np.flatnonzero(own.any(axis=0))
    if not filled.size:
        return None
    x0, x1 = x + int(filled[0]), x + int(filled[-1]) + 1
    thickness = own.sum() / filled.size
    if thickness > _THICK * scale or x1 - x0 < _SHORT * scale:
        return None
    weights = own.sum(axis=1)
    middle = y + float(np.average(np.arange(len(weights)) + 0.5, weights=weights))
    return x0, x1, middle, thickness, label, DOTS if dotted else SURE if x1 - x0 >= _LONG * scale else BRIEF


def _attached(picture: Array, run: Run, ruled: Array, scale: float) -> bool:
    """Is it a row of strokes: has much of it ink on it, above and below?"""
    if run[1] - run[0] > _FRAMED * scale:
        return False
    return bool(_strokes(picture, run, ruled, _CLEAR * scale).mean(axis=1).sum() > _ATTACHED)


def _that_meet(flat: Array, upright: Array, scale: float) -> tuple[Array, Array]:
    """Without the short and dotted runs that are strokes of letters or rows of dots.

    A long solid run is a rule wherever it stands, unless it is alone on the page's very margin; others count
    where both their ends meet rules across; dotted ones also where they meet dotted ones that do the same.
    """
    flat, upright = _framing(flat, upright, scale)
    for _ in range(3):
        sure_flat, sure_upright = flat[flat[:, 5] == SURE], upright[upright[:, 5] == SURE]
        grown_flat = _promoted(flat, sure_upright, scale)
        grown_upright = _promoted(upright, sure_flat, scale)
        if (grown_flat[:, 5] == flat[:, 5]).all() and (grown_upright[:, 5] == upright[:, 5]).all():
            break
        flat, upright = grown_flat, grown_upright
    return flat[flat[:, 5] == SURE], upright[upright[:, 5] == SURE]


def _framing(flat: Array, upright: Array, scale: float) -> tuple[Array, Array]:
    """The runs, those of them sure that frame a table of dotted rules only: both ends of each meet another.

    All dotted runs are taken for rules first; those that then meet none are left out until all do.
    """
    pair = [flat, upright]
    supposed = [runs[:, 5] == DOTS for runs in pair]
    while True:
        rules = [runs[(runs[:, 5] == SURE) | s] for runs, s in zip(pair, supposed, strict=True)]
        left = [
            s & (_promoted(runs, across, scale)[:, 5] == SURE)
            for runs, s, across in zip(pair, supposed, reversed(rules), strict=True)
        ]
        if sum(map(np.sum, left)) == sum(map(np.sum, supposed)):
            break
        supposed = left
    for runs, s in zip(pair, supposed, strict=True):
        runs[s, 5] = SURE
    return flat, upright


def _promoted(runs: Array, across: Array, scale: float) -> Array:
    """The runs, those of them sure whose both ends meet a sure rule across."""
    runs = runs.copy()
    reach = _MEETS * scale
    for run in runs:
        if run[5] == SURE or not len(across):
            continue
        x0, x1, y = run[:3]
        spans = (across[:, 0] - reach <= y) & (y <= across[:, 1] + reach)
        places = across[spans, 2]
        slack = {DOTS: reach + _DOT_GAP * scale, CROSSED: _TOUCHES * scale}.get(int(run[5]), reach)
        if not places.size:
            continue
        start, end = (float(places[np.abs(places - edge).argmin()]) for edge in (x0, x1))
        spanned = run[5] == DOTS or x1 - x0 >= _SPANNED * (end - start)
        inner = places[(x0 - slack <= places) & (places <= x1 + slack)]
        if run[5] == DOTS and inner.size > 1 and x1 - x0 - np.ptp(inner) < min(_LETTER * scale, np.ptp(inner)):
            # It may have run together with letters above the table, or below it.
            start, end = inner.min(), inner.max()
            x0, x1 = max(x0, start), min(x1, end)
        over = max(slack, reach)
        if -over <= x0 - start <= slack and -over <= end - x1 <= slack and spanned:
            run[5] = SURE
    return runs


def _cut_back(picture: Array, runs: Array, across: Array, scale: float) -> Array:
    """The runs without strokes of letters that stand where they end: cut at the last rule that they meet."""
    runs = runs.copy()
    reach = _MEETS * scale
    for run in runs:
        meets = across[(across[:, 0] - reach <= run[2]) & (run[2] <= across[:, 1] + reach), 2]
        meets = meets[(run[0] - reach <= meets) & (meets <= run[1] + reach)]
        for end in (0, 1) if meets.size else ():
            last = round(meets.max() if end else meets.min())
            part = run.copy()
            part[1 - end] = last + (2 * end - 1) * scale
            if not (_MEETS - 1) * scale < part[1] - part[0] < _LETTER * scale:
                continue
            crossed = _strokes(picture, part, _ruled(picture, part, scale), _NEXT * scale).any(axis=0).mean()
            if crossed > _ROW or _bare(picture, part, scale).any():
                run[end] = last
    return runs


def _painted(runs: Array, found: Pieces, dots: Array, scale: float) -> Array:
    """Which pixels belong to the runs: their pieces and dots, uint8."""
    keep = np.zeros(len(found.stats), np.uint8)
    keep[runs[:, 4].astype(int)] = 1
    keep[0] = 0
    own = keep[found.labels]
    reach = _DOT / 2 * scale
    past = round(_LETTER * scale)
    spans = [(max(0, round(y - reach)), round(y + reach) + 1) for y in runs[:, 2].tolist()]
    for (x0, x1, _, _, label, _), (top, bottom) in zip(runs.tolist(), spans, strict=True):
        rows = found.within(top, bottom)
        for beyond in (np.s_[rows, max(0, int(x0) - past) : int(x0)], np.s_[rows, int(x1) + 1 : int(x1) + past]):
            own[beyond][found.labels[beyond] == label] = 0  # a stroke in which it ended
    painted = np.zeros_like(dots)
    painted[found.rows] = own
    for (x0, x1, *_), (top, bottom) in zip(runs.tolist(), spans, strict=True):
        painted[top:bottom, int(x0) : int(x1)] |= dots[top:bottom, int(x0) : int(x1)]
    return painted
