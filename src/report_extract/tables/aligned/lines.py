"""A page's text as rows of phrases, and the stretches of rows that may hold a table.

A phrase is what stands together on a line: words without a wide white between them. Rows of several phrases
are the raw material of tables; rows of one long phrase are prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ...core.model import Array
from ...page.words import Word, is_cjk, spoken, text_lines

COLUMN_GAP = 0.95  # of the letters' size: a wider white parts two phrases
JAPANESE_GAP = 1.3  # the same between two Japanese words, a blank between which is as wide as a letter
NUMBER_GAP = 0.3  # the same between two numbers, which no sentence puts side by side
SPREAD_PAIR = 2.2  # of the letters' size: how far the two letters of a spread word stand apart
SPREAD = 5.0  # the same of three letters or more
SIGN_GAP = 4.0  # how far a triangle, which says minus, stands before its number at most
BLOCK_GAP = 1.5  # a wider white between two rows parts two blocks of text
THOUSANDS_GAP = 0.45  # up to which 1 234 567 is one number

_NUMBER = re.compile(
    r"^[\[(<>=≤≥~±△▲+\-–—−‒$€£¥\\]*\d[\d,.:/%\-–~'’*†‡§\])，．⁰¹²³⁴-⁹⁽⁾ᵃ-ᶻ]*(?:[a-zA-Z%‰*†‡％]|[一-龠]{1,2})?\)?$"
)
_BLANK_VALUE = re.compile(r"^(?:[-－–—―−‐.…・*†‡:#]{1,3}|n\.?a\.?|n/a|N/?A|x|X|NA|nil)$")
_NO_FIGURE = 3  # dots, at most, that stand in the place of a figure
LEADER = re.compile(r"[.．…‥・·_]{3,}$|(?:[.．…‥・·] ?){4,}$")
_TYPED_RULE = re.compile(r"^[-–—―─━=_]{5,}$")
_BULLET = re.compile(
    r"^(?:[•●○◦▪■□◆◇►▶·‧∙⦁–\-*※]|\(?[0-9ivxa-zA-Z]{1,4}[.)]|[0-9.]{1,6}|[①-⑳]|[(（][^)）]{1,3}[)）]"
    r"|(?:注|備考|資料|出典)[0-9０-９]?[:：)）]?)$"
)


class Phrase(NamedTuple):
    """Words that stand together, and the box around them (points, upright frame)."""

    words: tuple[Word, ...]
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def text(self) -> str:
        return spoken(self.words)

    @property
    def size(self) -> float:
        return self.words[0].size

    @property
    def center(self) -> float:
        return (self.x0 + self.x1) / 2


class Row(NamedTuple):
    """The phrases on one baseline, from the left."""

    phrases: tuple[Phrase, ...]
    top: float
    bottom: float

    @property
    def x0(self) -> float:
        return self.phrases[0].x0

    @property
    def x1(self) -> float:
        return self.phrases[-1].x1

    @property
    def size(self) -> float:
        return max(p.size for p in self.phrases)


def phrase(words: Sequence[Word]) -> Phrase:
    """The phrase that ``words`` make."""
    _, x0s, tops, x1s, bottoms, *_ = zip(*words, strict=True)
    return Phrase(tuple(words), min(x0s), min(tops), max(x1s), max(bottoms))


def row(phrases: Sequence[Phrase]) -> Row:
    """The row that ``phrases`` make."""
    ordered = tuple(sorted(phrases, key=lambda p: p.x0))
    return Row(ordered, min(p.top for p in ordered), max(p.bottom for p in ordered))


@lru_cache(maxsize=65536)
def is_number(text: str) -> bool:
    """Does it look like a value of a table: a number, with its signs and marks, or a dash for none?"""
    return bool(_NUMBER.match(text) or _BLANK_VALUE.match(text))


def is_title(r: Row) -> bool:
    """Does a row say one thing, with or without a number or a mark before it?"""
    return len(r.phrases) == 1 or (len(r.phrases) == 2 and bool(_BULLET.match(r.phrases[0].text)))


def is_prose(part: Phrase) -> bool:
    """Does it read like a piece of a sentence: many words, few of them numbers?"""
    text = part.text
    if len(text) >= 18 and sum(map(is_cjk, text)) >= 18:
        return True
    plain = sum(w.text[:1].isalpha() or w.text[:1] in "“\"'(" for w in part.words)
    return plain >= 6 and plain > 0.55 * len(part.words)


def unfilled(lines: Sequence[Phrase], blank: float) -> int:
    """How many lines of a column of text end although what the next one begins with would have fitted beside them.

    Args:
        lines: from the top.
        blank: of the letters' size: what a full line may leave white besides that.
    """
    edge = max(p.x1 for p in lines)
    return sum(a.x1 + _first_width(b) < edge - blank * a.size for a, b in pairwise(lines))


def _first_width(line: Phrase) -> float:
    """The width of what cannot be parted at the beginning of a line: a word, in Japanese a letter."""
    first = line.words[0]
    return line.size if is_cjk(first.text[0]) else first.x1 - first.x0


def rows_of(words: Sequence[Word], vertical: Array) -> list[Row]:
    """The rows of phrases that ``words`` make, from the top.

    Args:
        words: upright ones. Leaders (dots up to a number) and lines typed out in dashes are left out.
        vertical: rules as (x, top, bottom); a rule between two words parts them.
    """
    rows = []
    for line in text_lines(words):
        line = [w for w in map(_without_leader, line) if w]
        if line:
            middle = (line[0].top + line[0].bottom) / 2
            beside = vertical[(vertical[:, 1] < middle) & (vertical[:, 2] > middle), 0].tolist()
            rows.append(row([phrase(part) for part in _cut(line, beside)]))
    return sorted(rows, key=lambda r: (r.top + r.bottom) / 2)


def typed_rules(words: Sequence[Word]) -> Array:
    """The horizontal rules that are typed out in dashes: (y, x0, x1), shape (n, 3)."""
    typed = [w for w in words if _TYPED_RULE.match(w.text)]
    lines = [((w.top + w.bottom) / 2, w.x0, w.x1) for w in typed]
    return np.array(lines, float).reshape(-1, 3)


def leads(word: Word) -> bool:
    """The word is, or ends with, dots that lead to a figure: ``Roads....``, ``.....``; not the ``...`` of none."""
    found = LEADER.search(word.text)
    return found is not None and (found.start() > 0 or len(found[0]) > _NO_FIGURE)


def _without_leader(word: Word) -> Word | None:
    if _TYPED_RULE.match(word.text):
        return None
    match = LEADER.search(word.text)
    if not match:
        return word
    kept = word.text[: match.start()]
    if not kept:
        return None
    width = (word.x1 - word.x0) * len(kept) / len(word.text)
    return word._replace(text=kept, x1=word.x0 + width)


def _cut(line: Sequence[Word], rules: Sequence[float]) -> Iterable[list[Word]]:
    parts: list[list[Word]] = []
    for word in line:
        if parts and not _parted(parts[-1][-1], word) and not _ruled_off(parts[-1][-1], word, rules):
            parts[-1].append(word)
        else:
            parts.append([word])
    parts = _joined_letters(parts, rules)
    if len(parts) > 1 and _BULLET.match(parts[0][-1].text) and len(parts[0]) == 1:
        rest = phrase([w for part in parts[1:] for w in part])
        if len(parts) == 2 and is_prose(rest):
            return [[*parts[0], *rest.words]]
    return parts


def _ruled_off(a: Word, b: Word, rules: Sequence[float]) -> bool:
    """Does one of the vertical ``rules`` (their x) run between two words?"""
    low, high = a.x1 - 0.2 * a.size, b.x0 + 0.2 * b.size
    return any(low < x < high for x in rules)


def is_spread(words: Sequence[Word]) -> bool:
    """Are they the single letters of one Japanese word that is spread over a width, as in 合 計 or 総 務 部?"""
    if len(words) < 2 or any(len(w.text) > 1 or not is_cjk(w.text) for w in words):
        return False
    gaps = [b.x0 - a.x1 for a, b in pairwise(words)]
    most = SPREAD_PAIR if len(words) == 2 else SPREAD
    return max(gaps) < most * words[0].size and max(gaps) - min(gaps) < 0.5 * words[0].size


def _joined_letters(parts: list[list[Word]], rules: Sequence[float]) -> list[list[Word]]:
    """Phrases with the letters of spread words put together again."""
    joined: list[list[Word]] = []
    for part in parts:
        if joined and is_spread([*joined[-1], *part]) and not _ruled_off(joined[-1][-1], part[0], rules):
            joined[-1] = [*joined[-1], *part]
        else:
            joined.append(part)
    return joined


def _parted(a: Word, b: Word) -> bool:
    """Does the white between two words part two phrases?"""
    white = (b.x0 - a.x1) / max(a.size, b.size, 0.1)
    if a.text in ("△", "▲") and b.text[0].isdigit() and white < SIGN_GAP:
        return False
    if white > (JAPANESE_GAP if is_cjk(a.text[-1]) and is_cjk(b.text[0]) else COLUMN_GAP):
        return True
    if not (is_number(a.text) and is_number(b.text)) or _BLANK_VALUE.match(a.text) or _BLANK_VALUE.match(b.text):
        return False
    thousands = white < THOUSANDS_GAP and a.text.lstrip("-−").isdigit() and re.match(r"^\d{3}(?:[.,]\d+)?$", b.text)
    return white > NUMBER_GAP and not (thousands and len(a.text) <= 4)


def without_gutters(rows: list[Row]) -> list[list[Row]]:
    """Rows of a page set in columns of text, parted at the gutter: lists of rows, each to be read on its own.

    A gutter is a white that runs down between pieces of prose for five rows at least. Only the stretches of
    rows that leave it white are parted; rows that cross it, as a wide table's do, stay whole.
    """
    gaps = [
        (a.x1, b.x0)
        for r in rows
        for a, b in zip(r.phrases, r.phrases[1:], strict=False)
        if is_prose(a) and is_prose(b)
    ]
    if len(gaps) < 5:
        return [rows]
    left, right = np.median(np.array(gaps), axis=0)
    at = float(left + right) / 2
    parts: list[list[Row]] = [[]]
    for stretch in _blocks(rows, at):
        if not _in_columns(stretch, at):
            parts[-1].extend(stretch)
            continue
        for side in (True, False):
            halves = ([p for p in r.phrases if (p.center < at) == side] for r in stretch)
            parts.append([row(half) for half in halves if half])
        parts.append([])
    return [part for part in parts if part]


def _blocks(rows: Sequence[Row], at: float) -> list[list[Row]]:
    """Rows in blocks: a wide white between two rows, or a change in whether ``at`` is crossed, parts them."""
    blocks: list[list[Row]] = []
    for r in rows:
        last = blocks[-1][-1] if blocks else None
        if last and r.top - last.bottom < BLOCK_GAP * r.size and _crosses(r, at) == _crosses(last, at):
            blocks[-1].append(r)
        else:
            blocks.append([r])
    return blocks


def _crosses(r: Row, at: float) -> bool:
    return any(p.x0 < at < p.x1 for p in r.phrases)


def _in_columns(rows: Sequence[Row], at: float) -> bool:
    """Does prose stand on both sides of ``at``, or on one side all the way down?

    The labels of a table may read like prose too; where the other side holds several phrases a row, there has
    to be more of it.
    """
    if _crosses(rows[0], at):
        return False
    left = sum(any(is_prose(p) for p in r.phrases if p.x1 <= at) for r in rows)
    right = sum(any(is_prose(p) for p in r.phrases if p.x0 >= at) for r in rows)
    if min(left, right) >= 2:
        return left + right >= 4
    many = sum(len(r.phrases) > 2 for r in rows) > 0.3 * len(rows)
    return max(left, right) >= (8 if many else 4) and max(left, right) > 0.6 * len(rows)
