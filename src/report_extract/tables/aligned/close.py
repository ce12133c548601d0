"""Columns set so close that their words look like one phrase, told apart by the rows around them.

Tables without rules often have headings side by side with less white between them than a sentence has around
its brackets. Where the columns of the rows below are known, the words show to which of them they belong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from ...page.words import Word, is_cjk
from .columns import column_spans
from .lines import Phrase, Row, is_number, phrase, row

CLOSE = 0.4  # of the letters' size: the least white between two headings or between a number and its text
FIRM = 3  # so many rows show where the text after a number begins
ALIKE = 2  # so many labels as wide show the width over which letters are spread
WIDTH = 0.5  # of the letters' size: by so much may their ends differ
NEAR = 1.5  # of the letters' size: how far above the rows their headings stand at most

_LEAD = re.compile(r"^\d{1,2}$")


def with_leads_cut(rows: Sequence[Row]) -> list[Row]:
    """The rows with numbers cut off that stand in a column of their own before a label (項, 号, No.).

    The texts after them begin at one x, at which texts without a number begin, too; or the numbers count the rows,
    and what heads them (No.) is cut off with them.
    """
    led = [p for r in rows for p in r.phrases if _leads(p)]
    bare = [p.x0 for r in rows for p in r.phrases if not _LEAD.match(p.words[0].text)]
    size = max((p.size for p in led), default=0.0)
    japanese = [p for p in led if is_cjk(p.words[1].text)]
    starts = [p.words[1].x0 for p in japanese]
    firm = [x for x in starts if _near(x, starts, size) >= FIRM and _near(x, bare, size)]
    counted = _counted(led, size)
    firm += counted
    return (
        [row([q for p in r.phrases for q in _lead_cut(p, firm, counted, size)]) for r in rows] if firm else list(rows)
    )


def _counted(led: Sequence[Phrase], size: float) -> list[float]:
    """Where texts begin whose numbers count the rows one by one."""
    found = []
    for x in {round(p.words[1].x0) for p in led}:
        numbers = [int(p.words[0].text) for p in led if abs(p.words[1].x0 - x) < 0.3 * size]
        if len(numbers) >= FIRM and all(b - a == 1 for a, b in pairwise(numbers)):
            found.append(float(x))
    return found


def _leads(part: Phrase) -> bool:
    """Does a phrase begin with a small number and a white, a word after them?"""
    if len(part.words) < 2 or not _LEAD.match(part.words[0].text) or is_number(part.words[1].text):
        return False
    return part.words[1].x0 - part.words[0].x1 > CLOSE * part.size


def _near(x: float, others: Sequence[float], size: float) -> int:
    return sum(abs(x - other) < 0.3 * size for other in others)


def _lead_cut(part: Phrase, firm: Sequence[float], counted: Sequence[float], size: float) -> list[Phrase]:
    at = part.words[1].x0 if len(part.words) > 1 else -1.0
    if at > 0 and ((_leads(part) and _near(at, firm, size)) or _near(at, counted, size)):
        return [phrase(part.words[:1]), phrase(part.words[1:])]
    return [part]


def with_spread_joined(rows: Sequence[Row]) -> list[Row]:
    """The rows with the letters of labels joined that are spread over the width of their column (均等割付).

    ``灘　　区`` stands as wide as ``東 灘 区`` and ``西神中央`` above and below it: single letters, the first of them
    where other labels begin and the last where these end.
    """
    labels = label_widths(p for r in rows for p in r.phrases)
    return [row(list(spread_joined(r.phrases, labels))) for r in rows]


def label_widths(phrases: Iterable[Phrase]) -> list[tuple[float, float]]:
    """Where Japanese texts of three letters or more begin and end."""
    return [(p.x0, p.x1) for p in phrases if sum(map(is_cjk, p.text)) > 2]


def spread_joined(phrases: Sequence[Phrase], labels: Sequence[tuple[float, float]]) -> Iterator[Phrase]:
    """The phrases of one line, letters that are spread as wide as several ``labels`` joined."""
    i = 0
    while i < len(phrases):
        last = i
        while last + 1 < len(phrases) and all(_is_letters(p) for p in phrases[i : last + 2]):
            last += 1
        if last > i and _as_wide(phrases[i].x0, phrases[last].x1, labels, phrases[i].size) >= ALIKE:
            yield phrase([w for p in phrases[i : last + 1] for w in p.words])
            i = last
        else:
            yield phrases[i]
        i += 1


def _is_letters(part: Phrase) -> bool:
    return all(len(w.text) == 1 and is_cjk(w.text) for w in part.words)


def _as_wide(x0: float, x1: float, labels: Sequence[tuple[float, float]], size: float) -> int:
    """How many labels begin and end where something does."""
    return sum(abs(x0 - a) < WIDTH * size and abs(x1 - b) < WIDTH * size for a, b in labels)


def close_headings(r: Row, run: Sequence[Row]) -> Row | None:
    """The row right above a run of rows as their headings, its words told apart; None where it is none."""
    words = [w for p in r.phrases for w in p.words]
    spans = column_spans(run)
    if len(words) < 2 or len(spans) < 3 or run[0].top - r.bottom > NEAR * r.size:
        return None
    if any(is_number(w.text) or "。" in w.text for w in words):
        return None
    parts = _by_white(words)
    at = [_column(p, spans) for p in parts]
    every = len(parts) >= 0.8 * len(spans) and all(a < b for a, b in pairwise(at))
    return row(parts) if every else None


def _by_white(words: Sequence[Word]) -> list[Phrase]:
    parts: list[list[Word]] = [[words[0]]]
    for a, b in pairwise(words):
        if b.x0 - a.x1 > CLOSE * max(a.size, b.size):
            parts.append([b])
        else:
            parts[-1].append(b)
    return [phrase(part) for part in parts]


def _column(part: Phrase, spans: Sequence[tuple[float, float]]) -> int:
    """The column over which most of a heading stands: what it covers, else what it is nearest to."""
    covered = [min(part.x1, b) - max(part.x0, a) for a, b in spans]
    return covered.index(max(covered))
