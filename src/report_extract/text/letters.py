"""How usual letters are side by side in what municipalities print: which of two readings of words is the likelier text.

The prior of a noisy channel (Kernighan, Church, Gale, "A spelling correction program based on a noisy channel
model", COLING 1990) of which a recogniser is the channel: it says by its readings and alternatives what the picture
allows, this says what people write. Pairs of letters, smoothed by how usual the second one is by itself (Jelinek,
Mercer, "Interpolated estimation of Markov source parameters from sparse data", 1980). The counts are made by
``python -m fit.letters``; the words of the built-in profiles and the lists of names are among them.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from .normalize import normal

DATA = "letters.npz"
_SMOOTH = 4.0  # as many pairs the usualness of a letter by itself counts for
_FLOOR = 0.1  # what a letter that was never seen counts for
_UNSEEN = 2000  # letters that there are beside those that were seen
_EDGE = "\n"  # stands before the first letter and after the last
_KNOWN = 2  # a pair that was seen so often is known
_SURE = 3.0  # the logarithm of odds from which one text is preferred; see docs/accuracy.md


@dataclass(frozen=True, slots=True)
class Letters:
    """Counts of pairs of letters, and of letters at the first place of one; every digit counts as 0."""

    single: Mapping[str, int]
    pairs: Mapping[str, int]
    total: int

    def likelihood(self, text: str) -> float:
        """The natural logarithm of how likely a text (``spelled``) is, letter after letter."""
        unseen = self.total + _FLOOR * (len(self.single) + _UNSEEN)
        return sum(
            math.log(
                (self.pairs.get(a + b, 0) + _SMOOTH * (self.single.get(b, 0) + _FLOOR) / unseen)
                / (self.single.get(a, 0) + _SMOOTH)
            )
            for a, b in itertools.pairwise(text)
        )

    def known(self, text: str, at: int) -> bool:
        """Is the letter at a place of a text (``spelled``) known beside the one before it, or after it?"""
        return any(self.pairs.get(text[i : i + 2], 0) >= _KNOWN for i in (at - 1, at))


@cache
def letters() -> Letters:
    """The counts, loaded once a process."""
    with files("report_extract").joinpath("text", "data", DATA).open("rb") as file, np.load(file) as data:
        firsts, seconds, counts = (data[name] for name in ("firsts", "seconds", "counts"))
    pairs = {chr(a) + chr(b): int(n) for a, b, n in zip(firsts, seconds, counts, strict=True)}
    single: dict[str, int] = {}
    for pair, n in pairs.items():
        single[pair[0]] = single.get(pair[0], 0) + n
    return Letters(single, pairs, sum(single.values()))


def spelled(text: str) -> str:
    """A text as its letters are counted: normal forms, no blanks, every digit 0, an edge at both ends."""
    return _EDGE + "".join("0" if c.isdigit() else c for c in normal(text) if not c.isspace()) + _EDGE


def preferred(text: str, other: str) -> bool:
    """Is ``text`` by far the likelier of two readings that differ in a few letters of words?

    Never where digits, marks or the number of letters differ, nor where a letter in question is not known beside
    either of its neighbours: of such the counts say nothing.
    """
    one, two = spelled(text), spelled(other)
    places = [i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b]
    if len(one) != len(two) or not places or not all(one[i].isalpha() for i in places):
        return False
    if _digits(text) != _digits(other):
        return False
    known = letters()
    if not all(known.known(one, i) for i in places):
        return False
    return known.likelihood(one) - known.likelihood(two) > _SURE


def _digits(text: str) -> list[str]:
    return [c for c in normal(text) if c.isdigit()]
