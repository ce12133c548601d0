"""Tables that stand below one another without rules: where the one ends and the next one begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ...core.model import Array
from .lines import Row, is_number, is_title

_NUMBERED = re.compile(
    r"^(?:[■□◆◇●▼▽【〔]|[(（]?(?:[0-9０-９]{1,2}|[一二三四五六七八九十])[)）.．、]?[^0-9０-９,.，．a-zA-Z])"
)


def parted(rows: list[Row], rules: Array) -> list[list[Row]]:
    """Rows cut at the titles of further tables among them, the titles left out, and at headings said again.

    Such a title stands alone in its row, lower than rows usually do (if it has a number or a mark, only not
    closer), after a row with numbers and before one without, or in a band between two rules that is higher than
    the others or belongs to rules of two lengths.
    """
    gaps = [b.top - a.bottom for a, b in pairwise(rows)]
    usual = float(np.median(gaps)) if gaps else 0.0
    parts: list[list[Row]] = [[]]
    for i, r in enumerate(rows):
        if _is_said_again(r, parts[-1]):
            parts.append([r])
            continue
        title = is_title(r) and 0 < i < len(rows) - 1 and bool(parts[-1])
        least = usual if _NUMBERED.match(_said(r)) else 1.7 * usual
        lower = title and gaps[i - 1] > max(0.7 * r.size, least)
        after = next((x for x in rows[i + 1 :] if len(x.phrases) > 1), r)
        if lower and any(map(has_numbers, parts[-1][-2:])) and (not has_numbers(after) or _lengths_differ(r, rules)):
            parts.append([])
        elif len(r.phrases) > 1 or parts[-1]:
            parts[-1].append(r)
    return parts


def _is_said_again(r: Row, part: Sequence[Row]) -> bool:
    """Is a row the heading of the table above once more, so that another table begins with it?"""
    if len(part) < 3 or len(r.phrases) < 2 or has_numbers(r) or not has_numbers(part[-1]):
        return False
    return _said(r) == _said(next((x for x in part if len(x.phrases) > 1), r))


def _said(r: Row) -> str:
    return "".join(w.text for p in r.phrases for w in p.words)


def has_numbers(r: Row) -> bool:
    """Does a number stand in a row, its first phrase not counted?"""
    return any(is_number(w.text) for p in r.phrases[1:] for w in p.words)


def _lengths_differ(r: Row, rules: Array) -> bool:
    """Do the rules above and below a row begin or end at different places?"""
    above = rules[(rules[:, 0] < r.top + 1) & (rules[:, 0] > r.top - 4 * r.size)]
    below = rules[(rules[:, 0] > r.bottom - 1) & (rules[:, 0] < r.bottom + 2 * r.size)]
    if not len(above) or not len(below):
        return False
    off = max(abs(above[:, 1].min() - below[:, 1].min()), abs(above[:, 2].max() - below[:, 2].max()))
    return bool(off > 2 * r.size)
