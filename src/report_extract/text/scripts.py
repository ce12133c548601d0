"""Letters of other scripts than Japanese: whose they are, and the order in which right-to-left ones are read."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

# The first word of a letter's name in Unicode says its script.
_SCRIPTS = frozenset(
    ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN", "HEBREW", "ARABIC", "HANGUL", "THAI", "LAO", "KHMER")
)
_ONE = 0.9  # the share of foreign letters that are of one script, where they are a language's
_ACCENTED = 0.45  # the share of Latin letters with accents that a language has at most
_RIGHT_TO_LEFT = ("R", "AL")
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")


@lru_cache(maxsize=20_000)
def script(letter: str) -> str:
    """The script of a letter, "" of what is none: "LATIN", "HEBREW", "THAI", ..."""
    if not letter or not (letter[0].isalpha() or unicodedata.category(letter[0]).startswith("M")):
        return ""
    name = unicodedata.name(letter[0], "").split(" ", 1)[0]
    return name if name in _SCRIPTS else ""


@lru_cache(maxsize=20_000)
def is_foreign(letter: str) -> bool:
    """Is it a letter that no Japanese report has, and no recogniser of Japanese can spell: é, Ж, ש, ก?"""
    if letter.isascii() or not script(letter):
        return False
    try:
        letter.encode("cp932")
    except UnicodeEncodeError:
        return True
    return script(letter) == "CYRILLIC"


def is_language(times: Mapping[str, int]) -> bool:
    """Do foreign letters, each with how often it occurs among a font's letters, look like those of a language?

    A font's wrong map scatters its letters over symbols and scripts; print in a language keeps to one script, and sets
    its accents sparingly among plain letters.
    """
    scripts: Counter[str] = Counter()
    for letter, count in times.items():
        if is_foreign(letter):
            scripts[script(letter)] += count
    if not scripts:
        return False
    name, most = scripts.most_common(1)[0]
    if most < _ONE * sum(scripts.values()):
        return False
    if name != "LATIN":
        return True
    return most <= _ACCENTED * sum(count for letter, count in times.items() if script(letter) == "LATIN")


def is_right_to_left(letter: str) -> bool:
    """Is it a letter of Hebrew, Arabic or their like?"""
    return bool(letter) and unicodedata.bidirectional(letter[0]) in _RIGHT_TO_LEFT


def logical(seen: str) -> str:
    """A line as it is read, of letters in the order in which they stand from the left.

    Only lines with right-to-left letters change. Figures and Latin words in them run to the right and keep their order;
    this undoes the reordering of Unicode's bidirectional algorithm (UAX #9, rule L2) for lines without embeddings.
    """
    if not any(map(is_right_to_left, seen)):
        return seen
    parts: list[list[str]] = []
    kinds: list[bool] = []
    for letter in seen:
        forward = unicodedata.bidirectional(letter) in ("L", "EN", "AN")
        joins = unicodedata.bidirectional(letter) in ("CS", "ES", "ET", "NSM")
        if kinds and kinds[-1] and (forward or joins):
            parts[-1].append(letter)
        else:
            parts.append([letter])
            kinds.append(forward)
    read = []
    for part, forward in zip(reversed(parts), reversed(kinds), strict=True):
        read.append("".join(part) if forward else part[0].translate(_MIRRORED))
    return "".join(read)
