"""How a page is known to be laid out as another one: the words of a table's headings, its rules, what stands beside.

All places are points of the page turned so that the table is upright. Figures in words are not told apart: next
year's heading says another year at the same place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.geometry import BBox
from ..core.model import Array, Page
from ..page.words import Word, inside, visible, words
from ..tables.rulings import merged, split
from ..text.normalize import key

FITS = 0.7  # of the headings' words: so many stand where they should on a page that is laid out alike
NEAR = 4.0  # points by which a word may stand off
FEWEST, LETTERS = 3, 8  # different words that a fingerprint needs; two are enough where they are long together
_BAND = 10.0  # points by which headings may have grown where they are looked for at other places
_THROUGH, _HARDLY = 0.6, 0.2  # of the table's height: a rule that parts columns, and one that is not there
_RULE_NEAR = 3.0  # points by which a rule may stand off
_CUT = 0.03  # of the table's letters: so many may be cut by its column edges
_FIGURES = re.compile(r"[0-9]+|元(?=年)")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a table's layout is known by.

    Attributes:
        words: of its headings: text, and middle.
        rules: vertical rules: place, and over which share of the table's height they run; None: not remembered.
        beside: whether anything stands left and right of the headings; None: not remembered.
        filled: of each column, whether anything stands in its body; () where rules part the rows, or not remembered.
    """

    words: tuple[tuple[str, float, float], ...]
    rules: tuple[tuple[float, float], ...] | None = None
    beside: tuple[bool, bool] | None = None
    filled: tuple[bool, ...] = ()

    @property
    def texts(self) -> set[str]:
        """The different words."""
        return {text for text, _, _ in self.words}


def as_entry(mark: Fingerprint) -> dict[str, Any]:
    """The fingerprint as it stands in a layout's file."""
    told: dict[str, Any] = {"words": [list(word) for word in mark.words]}
    if mark.rules is not None:
        told["rules"] = [list(rule) for rule in mark.rules]
    if mark.beside is not None:
        told["beside"] = list(mark.beside)
    return {**told, "filled": list(mark.filled)} if mark.filled else told


def parsed(told: Mapping[str, Any], most: int) -> Fingerprint:
    """The fingerprint of a layout's file.

    Args:
        told: the file's object.
        most: so many words and rules at most.

    Raises:
        KeyError, TypeError, ValueError: it is none.
    """
    rules, beside = told.get("rules"), told.get("beside")
    mark = Fingerprint(
        tuple((folded(str(w)), float(x), float(y)) for w, x, y in told["words"]),
        None if rules is None else tuple((float(x), float(share)) for x, share in rules),
        None if beside is None else (bool(beside[0]), bool(beside[1])),
        tuple(bool(one) for one in told.get("filled", ())),
    )
    places = [(x, y) for _, x, y in mark.words] + list(mark.rules or ())
    if not 0 < len(mark.words) <= most or len(places) > 2 * most or not np.isfinite(places).all():
        raise ValueError("a layout has words at finite places")
    return mark


def taken(
    seen: Page, heads: Iterable[BBox], xs: Sequence[float], ys: Sequence[float], head: int, ruled: bool
) -> Fingerprint | None:
    """The fingerprint of a table; None where its headings have too few words to know it by.

    Args:
        seen: the page, upright.
        heads: the boxes of its headings.
        xs, ys: its edges; () where they are left as they are found.
        head: how many of its rows are headings.
        ruled: whether rules part its rows.
    """
    every = words(seen)
    found = tuple(spot(word) for box in heads for word in inside(every, box) if key(word.text))
    mark = Fingerprint(found)
    if len(mark.texts) < FEWEST and (len(mark.texts) < 2 or sum(map(len, mark.texts)) < LETTERS):
        return None
    if not xs:
        return mark
    body = () if ruled else _filled(seen, xs, ys, head)
    return Fingerprint(found, _rules(seen, xs, ys), _beside(every, xs, ys, head), body)


def spot(word: Word) -> tuple[str, float, float]:
    """A word's text as it is compared, and its middle."""
    return folded(word.text), round((word.x0 + word.x1) / 2, 1), round((word.top + word.bottom) / 2, 1)


def folded(text: str) -> str:
    """A word without its figures."""
    return _FIGURES.sub("0", key(text))


def found_at(mark: Fingerprint, every: Sequence[Word]) -> tuple[float, tuple[float, float]]:
    """Which share of the words stand on a page as they should, and how far they are moved there."""
    places: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for word in every:
        text, x, y = spot(word)
        places[text].append((x, y))
    shifts = np.array([(x - at_x, y - at_y) for text, at_x, at_y in mark.words for x, y in places.get(text, ())])
    if not len(shifts):
        return 0.0, (0.0, 0.0)
    near = (np.abs(shifts[:, None] - shifts[None]) <= NEAR).all(axis=2)
    agreed = shifts[near[int(near.sum(axis=1).argmax())]]
    dx, dy = (float(v) for v in np.median(agreed, axis=0))
    there = sum(
        any(abs(x - at_x - dx) <= NEAR and abs(y - at_y - dy) <= NEAR for x, y in places.get(text, ()))
        for text, at_x, at_y in mark.words
    )
    return there / len(mark.words), (dx, dy)


def resembled(mark: Fingerprint, every: Sequence[Word]) -> bool:
    """Whether a page has the words in one band as high as the headings, though at other places: a layout changed."""
    texts = mark.texts
    wanted = max(2, FITS * len(texts))
    height = max(y for _, _, y in mark.words) - min(y for _, _, y in mark.words) + _BAND
    found = sorted((y, text) for text, _, y in map(spot, every) if text in texts)
    first = 0
    for last, (y, _) in enumerate(found):
        while found[first][0] < y - height:
            first += 1
        if len({text for _, text in found[first : last + 1]}) >= wanted:
            return True
    return False


def strange(
    mark: Fingerprint, seen: Page, shift: tuple[float, float], xs: Sequence[float], ys: Sequence[float], head: int
) -> str:
    """What speaks against a layout on a page that has its headings: a word, "" where nothing does.

    Args:
        mark: what is remembered.
        seen: the page, upright.
        shift: how far the table is moved on it.
        xs, ys, head: the edges as the layout draws them here, and how many rows of headings.
    """
    every = words(seen)
    if _cut(visible(seen.chars), xs, ys) > _CUT:
        return "cut"
    band = inside(every, BBox(xs[0], ys[0], xs[-1], ys[head]))
    known = [(text, x + shift[0], y + shift[1]) for text, x, y in mark.words]
    foreign = [w for w in map(spot, band) if not any(w[0] == text and _close(w[1:], at) for text, *at in known)]
    if len(foreign) > (1 - FITS) * max(1, len(band)):
        return "headings"
    beside = zip(_beside(every, xs, ys, head), mark.beside or (True, True), strict=True)
    if any(now and not then for now, then in beside):
        return "beside"
    if mark.rules is not None and _others(tuple((x + shift[0], s) for x, s in mark.rules), _rules(seen, xs, ys)):
        return "rules"
    if any(then and not now for now, then in zip(_filled(seen, xs, ys, head), mark.filled, strict=False)):
        return "empty"
    return ""


def _close(one: Sequence[float], other: Sequence[float]) -> bool:
    return abs(one[0] - other[0]) <= NEAR and abs(one[1] - other[1]) <= NEAR


def _rules(seen: Page, xs: Sequence[float], ys: Sequence[float]) -> tuple[tuple[float, float], ...]:
    """The vertical rules of a table, each with the share of its height over which it runs."""
    shares: list[list[float]] = []
    for x, top, bottom in merged(split(seen.rulings)[1]).tolist():
        length = min(bottom, ys[-1]) - max(top, ys[0])
        if length <= 0 or not xs[0] - _RULE_NEAR <= x <= xs[-1] + _RULE_NEAR:
            continue
        if shares and x - shares[-1][0] < 1.0:
            shares[-1][1] += length
        else:
            shares.append([x, length])
    return tuple((round(x, 1), round(length / (ys[-1] - ys[0]), 2)) for x, length in shares)


def _others(then: Sequence[tuple[float, float]], now: Sequence[tuple[float, float]]) -> bool:
    """Whether a rule that parts columns is gone, or a new one has come."""

    def lacks(mine: Sequence[tuple[float, float]], yours: Sequence[tuple[float, float]]) -> bool:
        return any(
            share >= _THROUGH and sum(s for at, s in yours if abs(at - x) <= _RULE_NEAR) < _HARDLY for x, share in mine
        )

    return lacks(then, now) or lacks(now, then)


def _beside(every: Sequence[Word], xs: Sequence[float], ys: Sequence[float], head: int) -> tuple[bool, bool]:
    """Whether words stand left and right of a table, as high as its headings: there may be columns more."""
    level = [w for w in every if ys[0] < (w.top + w.bottom) / 2 < ys[max(1, head)]]
    return any(w.x1 <= xs[0] + 1 for w in level), any(w.x0 >= xs[-1] - 1 for w in level)


def _filled(seen: Page, xs: Sequence[float], ys: Sequence[float], head: int) -> tuple[bool, ...]:
    """Of each column, whether anything stands in its body."""
    chars = visible(seen.chars)
    x, y = (chars["x0"] + chars["x1"]) / 2, (chars["top"] + chars["bottom"]) / 2
    column = np.searchsorted(np.array(xs), x[(y > ys[head]) & (y < ys[-1]) & (chars["text"] != " ")]) - 1
    return tuple(bool(np.any(column == n)) for n in range(len(xs) - 1))


def _cut(chars: Array, xs: Sequence[float], ys: Sequence[float]) -> float:
    """The share of the table's letters that a column's edge cuts through."""
    y = (chars["top"] + chars["bottom"]) / 2
    own = chars[(y > ys[0]) & (y < ys[-1]) & (chars["x1"] > xs[0]) & (chars["x0"] < xs[-1]) & (chars["text"] != " ")]
    if not len(own):
        return 1.0
    slack = 0.25 * (own["x1"] - own["x0"])
    cut = np.zeros(len(own), dtype=bool)
    for x in xs:
        cut |= (own["x0"] + slack < x) & (own["x1"] - slack > x)
    return float(cut.mean())
