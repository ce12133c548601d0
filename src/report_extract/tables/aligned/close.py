"""Columns set so close that their words look like one phrase, told apart by the rows around them.

Tables without rules often have headings side by side with less white between them than a sentence has around
its brackets. Where the columns of the rows below are known, the words show to which of them they belong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ...page.words import Word, is_cjk
from .columns import column_spans
from .lines import Phrase, Row, is_number, phrase, row

CLOSE = 0.4  # of the letters' size: the least white between two headings or between a number and its text
FIRM = 3  # so many rows show where the text after a number begins
NEAR = 1.5  # of the letters' size: how far above the rows their headings stand at most

_LEAD = re.compile(r"^\d{1,2}$")


def with_leads_cut(rows: Sequence[Row]) -> list[Row]:
    """The rows with numbers cut off that stand in a column of their own before a label (項, 号, No.).

    The texts after them begin at one x, at which texts without a number begin, too.
    """
    led = [p for r in rows for p in r.phrases if _leads(p)]
    bare = [p.x0 for r in rows for p in r.phrases if not _LEAD.match(p.words[0].text)]
    starts = [p.words[1].x0 for p in led]
    size = max((p.size for p in led), default=0.0)
    firm = [x for x in starts if _near(x, starts, size) >= FIRM and _near(x, bare, size)]
    return [row([q for p in r.phrases for q in _lead_cut(p, firm, size)]) for r in rows] if firm else list(rows)


def _leads(part: Phrase) -> bool:
    """Does a phrase begin with a small number and a white, Japanese text after them?"""
    if len(part.words) < 2 or not _LEAD.match(part.words[0].text) or not is_cjk(part.words[1].text):
        return False
    return part.words[1].x0 - part.words[0].x1 > CLOSE * part.size


def _near(x: float, others: Sequence[float], size: float) -> int:
    return sum(abs(x - other) < 0.3 * size for other in others)


def _lead_cut(part: Phrase, firm: Sequence[float], size: float) -> list[Phrase]:
    if _leads(part) and _near(part.words[1].x0, firm, size):
        return [phrase(part.words[:1]), phrase(part.words[1:])]
    return [part]


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
