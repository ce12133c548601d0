"""Sums that names of rows and columns spell out: ``差引(A-B)``, ``C=A+B``, ``4. 小計(1+2+3)``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_SYMBOL = r"(?:[A-Za-z]|\d{1,2}|[ア-ン])"
_FORMULA = re.compile(rf"(?:[(\[=]|^)(?P<terms>{_SYMBOL}(?:[+\-−―ー]{_SYMBOL})+)(?:[)\]]|$)")
_TERM = re.compile(rf"(?P<sign>[+\-−―ー]?)(?P<symbol>{_SYMBOL})")
# Where a name says which symbol it has: 収入(A), A 収入, C=A+B, 1. 産業, ①収入.
_LEADING = re.compile(rf"^[(\[]?(?P<symbol>{_SYMBOL})(?:[.)\]:]|=| (?=\S))")
_TRAILING = re.compile(r"[(\[](?P<symbol>[A-Za-z]|\d{1,2})[)\]]$|(?<![A-Za-z])(?P<bare>[A-Za-z])$")
_CIRCLED = re.compile("[①-⑳]")


def formulas(names: Sequence[str], levels: Sequence[int] = ()) -> list[tuple[int, tuple[tuple[int, int], ...]]]:
    """The lines whose name spells out a sum of others, each with these and their signs.

    Args:
        names: what the lines are called, levels parted by blanks.
        levels: how deep each line stands; symbols are those of lines as deep. None: all alike.
    """
    plain = [_plain(name) for name in names]
    depth = levels or [0] * len(names)
    symbols: dict[tuple[str, int], int] = {}
    for line, name in enumerate(plain):
        for symbol in _symbols(name):
            symbols.setdefault((symbol, depth[line]), line)
    found = []
    for line, name in enumerate(plain):
        for formula in _FORMULA.finditer(name):
            terms = [((t["symbol"].upper(), depth[line]), -1 if t["sign"] not in ("", "+") else 1)
                     for t in _TERM.finditer(formula["terms"])]  # fmt: skip
            parts = tuple((symbols[s], sign) for s, sign in terms if s in symbols and symbols[s] != line)
            if len(parts) == len(terms) and parts[0][1] > 0 and len(set(parts)) == len(parts):
                found.append((line, parts))
                break
    return found


def _plain(name: str) -> str:
    circled = _CIRCLED.sub(lambda found: f"({unicodedata.normalize('NFKC', found[0])})", name)
    return unicodedata.normalize("NFKC", circled)


def _symbols(name: str) -> list[str]:
    """The symbols that a name or its lowest level carries."""
    last = name.rsplit(" ", 1)[-1]
    found = [_LEADING.match(text) for text in (name, last)] + [_TRAILING.search(text) for text in (name, last)]
    said = [m["symbol"] or m.groupdict().get("bare") or "" for m in found if m]
    if re.fullmatch(_SYMBOL, last):
        said.append(last)
    return [s.upper() for s in dict.fromkeys(said) if s]
