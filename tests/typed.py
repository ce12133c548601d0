"""Pages typed out line by line, for tests of what goes by white space: ``typed`` sets text in a grid of blanks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from report_extract.core.model import FILL, IMAGE, Array, Page

from .pages import advance, rules, text_chars

SIZE = 10.0
LEADING = 14.0


def typed(
    lines: Sequence[str],
    *,
    at: tuple[float, float] = (60.0, 80.0),
    leading: float = LEADING,
    rules_at: Iterable[tuple[float, float, float, float]] = (),
    page_size: tuple[float, float] = (595.0, 842.0),
) -> Page:
    """A page with ``lines`` as a typewriter sets them: narrow letters half an em wide, blanks too."""
    chars = [text_chars(line, at[0], at[1] + i * leading, SIZE) for i, line in enumerate(lines)]
    return page_with(chars, rules_at, page_size)


def columns(
    rows: Sequence[Sequence[str]],
    xs: Sequence[float],
    *,
    right: Iterable[int] = (),
    top: float = 80.0,
    leading: float = LEADING,
    rules_at: Iterable[tuple[float, float, float, float]] = (),
) -> Page:
    """A page with ``rows`` set at ``xs``: the left edges of the columns, of those in ``right`` the right ones."""
    flush_right = set(right)
    chars = []
    for i, row in enumerate(rows):
        for c, text in enumerate(row):
            width = sum(advance(char, SIZE) for char in text)
            x = xs[c] - width if c in flush_right else xs[c]
            chars.append(text_chars(text, x, top + i * leading, SIZE))
    return page_with(chars, rules_at)


def page_with(
    chars: Sequence[Array],
    rules_at: Iterable[tuple[float, float, float, float]] = (),
    page_size: tuple[float, float] = (595.0, 842.0),
) -> Page:
    """A page that holds these characters and rules and nothing else."""
    width, height = page_size
    return Page(1, width, height, np.concatenate(chars), rules(rules_at), np.zeros(0, FILL), np.zeros(0, IMAGE))
