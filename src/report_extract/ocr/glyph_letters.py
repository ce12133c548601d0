"""A glyph, the letter it turned out to be, and whether the map of its font is to be believed after all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..core.model import Array
from ..text.confusables import LARGE, SAME_SHAPE
from ..text.normalize import UNKNOWN, normal

_LATIN = str.maketrans("lI|Oo–—−", "11100---")
_AGREES = 0.6  # share of glyphs read as the map says, from which the rest of it is believed
TRUE = 0.9  # the same, from which a Latin letter is what the map says


@dataclass(frozen=True, slots=True, eq=False)
class Letter:
    """What a glyph turned out to be.

    Attributes:
        text: the letter.
        sure: is it beyond doubt?
        looks: the glyph, seen a few times, shape (k, 66).
    """

    text: str
    sure: bool
    looks: Array


Learnt = dict[tuple[str, str, int], list[Letter]]  # letters of glyphs by font's name, text and code


@dataclass(slots=True)
class Glyph:
    """A glyph of a page.

    Attributes:
        font, said, code: its font, what the map says, its code.
        members: indices of the characters that show it.
        looks: a few of them, shape (k, 66).
    """

    font: int
    said: str
    code: int
    looks: Array
    members: list[int] = field(default_factory=list)


def kind(text: str) -> str:
    """The letter that stands for all that are told apart by their size or their neighbours only."""
    text = normal(text)
    return LARGE.get(text, text).translate(SAME_SHAPE)


def same(text: str, said: str) -> bool:
    """May one text be what was meant by the other, seen by its shape alone?"""
    return kind(text).translate(_LATIN) == kind(said).translate(_LATIN)


def agrees(letters: dict[int, Letter], glyphs: Sequence[Glyph], font: Sequence[int]) -> float:
    """The share of a font's glyphs that were read as its map says; 0 where it lies, and is hardly ever right."""
    if any(glyphs[g].code >= 0 or glyphs[g].said == UNKNOWN for g in font):
        return 0.0
    right = [kind(letters[g].text) == kind(glyphs[g].said) for g in font if g in letters and letters[g].sure]
    share = sum(right) / max(1, len(right))
    return share if len(right) >= min(8, 0.5 * len(font)) and share >= _AGREES else 0.0


def right(letters: dict[int, Letter], glyphs: Sequence[Glyph], font: Sequence[int]) -> bool:
    """Is a font what its map says after all: most of it, and nothing in it for sure another letter?"""
    read = [(letters[g].text, glyphs[g].said) for g in font if g in letters and letters[g].sure]
    differ = any(not same(text, said) for text, said in read)
    return agrees(letters, glyphs, font) >= TRUE and not differ


def is_open(letter: Letter | None, glyph: Glyph, trusted: bool) -> bool:
    """Has the map the last word: where nothing was read for sure or, in a font that is right, what looks the same?"""
    if letter is None or not letter.sure:
        return True
    return trusted and letter.text.translate(_LATIN) == glyph.said.translate(_LATIN)
