"""What stands on a page and in none of its lines: slanted print and stamps are set aside, and told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from ..core.geometry import BBox
from ..core.model import Array, Finding, Flag, Page

_LARGE = 1.5  # times the page's usual size: slanted print that is larger is a watermark, no heading

_NEXT = 3.0  # ems between the letters of one text
_LONGEST = 60  # letters of it that are quoted


def set_aside(page: Page) -> tuple[Page, Array, list[Finding]]:
    """A page without what stands aside.

    Returns:
        The page; the CHAR records taken out of it; a finding for each kind of text that they make.
    """
    aside = page.chars["flags"] & Flag.ASIDE != 0
    if not aside.any():
        return page, page.chars[:0], []
    taken, kept = page.chars[aside], page.chars[~aside]
    usual = float(np.median(kept["size"])) if len(kept) else 0.0
    texts: dict[str, list[Array]] = {}
    for text in _texts(taken):
        texts.setdefault(_kind(text, usual), []).append(text)
    findings = [_told(kind, mine, page.number) for kind, mine in texts.items()]
    return replace(page, chars=kept), taken, findings


def is_heading_like(chars: Array, usual: float) -> Array:
    """Which slanted characters are of the size of the page's print, and may be a table's headings."""
    slanted = chars["rotation"] % 90 != 0
    return np.asarray(slanted & (chars["size"] < _LARGE * usual) if usual else np.zeros(len(chars), bool))


def _kind(text: Array, usual: float) -> str:
    return "slanted-text" if is_heading_like(text, usual).any() else "stamp"


def _told(kind: str, texts: Sequence[Array], number: int) -> Finding:
    words = " ".join("".join(text["text"].tolist()) for text in texts)
    quoted = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
    chars = np.concatenate(texts)
    edges = (np.min, np.min, np.max, np.max)
    box = BBox(*(float(f(chars[edge])) for f, edge in zip(edges, BBox._fields, strict=True)))
    return Finding(kind, (quoted,), number, box)


def _texts(chars: Array) -> Iterator[Array]:
    """Characters in texts: those that follow one another in one style and direction, close by."""
    if not len(chars):
        return
    x, y = (chars["x0"] + chars["x1"]) / 2, (chars["top"] + chars["bottom"]) / 2
    reach = _NEXT * np.maximum(chars["size"][1:], chars["size"][:-1])
    new = (np.hypot(np.diff(x), np.diff(y)) > reach) | (np.diff(chars["rotation"]) != 0) | (np.diff(chars["font"]) != 0)
    yield from np.split(chars, np.flatnonzero(new) + 1)


def once(findings: Sequence[Finding], known: set[tuple[str, tuple[str, ...]]]) -> list[Finding]:
    """Those of ``findings`` that say something new: a watermark stands on every page."""
    new = []
    for finding in findings:
        if (finding.kind, finding.values) not in known:
            known.add((finding.kind, finding.values))
            new.append(finding)
    return new
