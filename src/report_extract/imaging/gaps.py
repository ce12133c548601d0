"""Rules of which parts are worn away: their pieces made one, their ends as long as they were.

In a table a rule ends at a rule across. One that stops in mid-air and goes on in line behind, or stops shortly before
the next rule across, was broken; where both pieces end at rules across, a cell reaches over several rows.
"""

from __future__ import annotations

import numpy as np

from ..core.model import Array
from .components import DOTS, SURE

# All in points.
_MEETS = 3.0  # how far from a rule an end may stop and still meet it
_LETTER = 20.0  # and how far past one it may lead, in the stroke of a letter
_SHORT_OF = 12.0  # how far from one it may stop where its end is worn away
_NO_CELL = 8.0  # no cell is so narrow
_GAP = 40.0  # the widest part that is missing
# The shares of what is missing that are there yet: of a rule beyond one across, and of a wide gap.
_CRUMBS, _FEW = 0.3, 0.15
_CLEAR = 1.0  # beside a rule: ink there is of letters
_WHOLE = 0.97  # of a rule's length: what has more ink is not worn, and what is beyond it is of something else
_SEVERAL, _MOSTLY = 3, 0.6  # so many rules across, and so much ink, tell a worn rule from a row of print
_LEVEL, _SAME = 1.2, 0.7  # how far two pieces of one rule may lie askew, one behind the other, and one on the other
_LONG = 60.0  # what is shorter may be anything


def whole(
    flat: Array, upright: Array, labels: tuple[Array, Array], inks: tuple[Array, Array], scale: float
) -> tuple[Array, Array]:
    """The runs, those in one piece of which parts are worn away.

    Args:
        flat: x0, x1, y, thickness, label, kind a run, shape (n, 6).
        upright: y0, y1, x, ... the same, shape (m, 6).
        labels: the labels of the runs' pixels, and those of the upright ones; changed with the runs.
        inks: the picture, uint8, 1 for ink, and turned for the upright ones.
        scale: pixels a point.
    """
    flat, upright = _reached(flat, upright, inks[0], scale), _reached(upright, flat, inks[1], scale)
    flat, upright = _joined(flat, upright, labels[0], inks[0], scale), _joined(upright, flat, labels[1], inks[1], scale)
    flat, upright = _reached(flat, upright, inks[0], scale), _reached(upright, flat, inks[1], scale)
    return _that_cross(flat, upright, inks[0], scale), _that_cross(upright, flat, inks[1], scale)


def _certain(runs: Array, scale: float) -> Array:
    """Which runs are rules beyond doubt: bool."""
    return np.asarray(np.isin(runs[:, 5], (SURE, DOTS)) & (runs[:, 1] - runs[:, 0] >= _LONG * scale))


def _across(across: Array, y: float, scale: float, slack: float) -> Array:
    """Where rules across run past ``y``, or end no farther than ``slack`` points from it."""
    reach = slack * scale
    return np.asarray(across[(across[:, 0] - reach <= y) & (y <= across[:, 1] + reach), 2])


def _reached(runs: Array, across: Array, ink: Array, scale: float) -> Array:
    """The runs, their ends on the rule across that they all but reach, if they meet another one.

    From farther, and beyond such a rule, those of worn rules do where crumbs of them lie on the way.
    """
    runs, across = runs.copy(), across[_certain(across, scale)]
    for run in runs[_certain(runs, scale)]:
        places = _across(across, run[2], scale, _MEETS)
        if not ((run[0] - _MEETS * scale <= places) & (places <= run[1] + _MEETS * scale)).any():
            continue
        at = int(np.flatnonzero(runs[:, 4] == run[4])[0])
        for end, away in ((0, run[0] - places), (1, places - run[1])):
            ends = _ends(away, scale)
            worn = _inked(ink, run) <= _WHOLE
            for place in places[np.argsort(away)][np.sort(away) > _MEETS * scale].tolist():
                near = not ends and abs(place - runs[at, end]) <= _SHORT_OF * scale
                left = _crumbs(ink, run, float(runs[at, end]), place, scale) if worn else 0.0
                if not near and left < (_MOSTLY if ends else _CRUMBS):
                    break
                runs[at, end], ends = place, True
    return runs


def _ends(away: Array, scale: float) -> bool:
    """Does a run end at a rule across, or a letter's length past it, in a letter's stroke?

    Args:
        away: how far ahead of its end the rules across are, pixels.
        scale: pixels a point.
    """
    return bool(((-_LETTER * scale <= away) & (away <= _MEETS * scale)).any())


def _rows(run: Array) -> tuple[int, int]:
    """The rows that a run takes, its blur with it: the first, and the one after the last."""
    half = run[3] / 2 + 1
    return max(0, round(run[2] - half)), round(run[2] + half) + 1


def _inked(ink: Array, run: Array) -> float:
    """The share of a run's length that has ink."""
    top, bottom = _rows(run)
    return float(ink[top:bottom, int(run[0]) : int(run[1])].any(axis=0).mean())


def _crumbs(ink: Array, run: Array, start: float, end: float, scale: float) -> float:
    """The share of the way from one place in line with a run to another that has ink no thicker than the run.

    0.0 where too long a part of it has none.
    """
    low, high = sorted((int(start), int(end)))
    top, bottom = _rows(run)
    clear = round(_CLEAR * scale)
    inked = ink[top:bottom, low:high].any(axis=0)
    over = ink[max(0, top - clear) : top, low:high].any(axis=0) | ink[bottom : bottom + clear, low:high].any(axis=0)
    left = np.flatnonzero(np.concatenate([[True], np.asarray(inked & ~over), [True]]))
    if high <= low or np.diff(left).max() > _SHORT_OF * scale:
        return 0.0
    return (len(left) - 2) / (high - low)


def _joined(runs: Array, across: Array, labels: Array, ink: Array, scale: float) -> Array:
    """The runs, two in line made one where a rule hangs in mid-air."""
    runs, across = runs.copy(), across[_certain(across, scale)]
    gone, certain = np.zeros(len(runs), bool), _certain(runs, scale)
    for i in np.argsort(runs[:, 0], kind="stable").tolist():
        while not gone[i]:
            gaps, askew = runs[:, 0] - runs[i, 1], np.abs(runs[:, 2] - runs[i, 2]) / scale
            both, either = certain & certain[i], certain | certain[i]
            level = askew < np.where(both, _LEVEL, _SAME)
            on_it = both & (askew < _SAME) & (runs[:, 0] >= runs[i, 0]) & (np.arange(len(runs)) != i)
            widest = np.where(both, _GAP, np.where(either, _SHORT_OF, 0.0)) * scale
            behind = np.flatnonzero(~gone & level & (on_it | (gaps > 0)) & (gaps < widest))
            if not behind.size:
                break
            j = int(behind[gaps[behind].argmin()])
            places = _across(across, runs[i, 2], scale, _SHORT_OF)
            if gaps[j] > 0 and not _is_broken(runs[[i, j]], certain[[i, j]], places, ink, scale):
                break
            labels[labels == runs[j, 4]] = runs[i, 4]
            if not certain[i]:
                runs[i, 2:4], runs[i, 5] = runs[j, 2:4], runs[j, 5]
            elif certain[j]:
                runs[i, 5] = min(runs[i, 5], runs[j, 5])
            runs[i, 1], gone[j], certain[i] = max(runs[i, 1], runs[j, 1]), True, True
    return np.asarray(runs[~gone])


def _is_broken(pair: Array, certain: Array, places: Array, ink: Array, scale: float) -> bool:
    """Is what parts two pieces in line a break, and no cell that reaches over several rows?

    Args:
        pair: the two runs, shape (2, 6), of which one at least is a rule.
        certain: which of them are rules.
        places: where rules across are, pixels.
        ink: the picture.
        scale: pixels a point.
    """
    (start, end, *_), (onward, last, *_) = pair
    gap = onward - end
    lengths = pair[:, 1] - pair[:, 0] > _LETTER * scale
    led_on = (lengths[0] and _ends(start - places, scale)) or (lengths[1] and _ends(places - last, scale))
    if gap < _NO_CELL * scale and led_on:
        return True
    met = [_ends(away, scale) for away, rule in zip((places - end, onward - places), certain, strict=True) if rule]
    least = _CRUMBS if all(met) else _FEW if gap > _SHORT_OF * scale else 0.0
    worn = min(_inked(ink, run) for run in pair) <= _WHOLE
    return not least or (worn and _crumbs(ink, pair[0], end, onward, scale) >= least)


def _that_cross(runs: Array, across: Array, ink: Array, scale: float) -> Array:
    """The runs, those with gaps certain that are inked for the most part and lead through several rules across."""
    runs, sure = runs.copy(), across[across[:, 5] == SURE]
    for run in runs[_certain(runs, scale) & (runs[:, 5] != SURE)]:
        places = _across(sure, run[2], scale, _MEETS)
        crossed = np.unique(places[(run[0] - scale <= places) & (places <= run[1] + scale)] // (_SHORT_OF * scale))
        if len(crossed) >= _SEVERAL and _inked(ink, run) >= _MOSTLY:
            runs[runs[:, 4] == run[4], 5] = SURE
    return runs
