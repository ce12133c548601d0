"""Text to typed values, strictly: what is not certainly a value raises CastError, and nothing is guessed.

The front door of the grammars: of figures (``figures``), of years, dates and times (``dates``), of legal references
(``legal``). A cell's typed value is never stored; a field casts the cell's text when asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from .dates import Year, era_year, fiscal_year, iso_date, iso_time, one_year, years
from .figures import COUNTERS, Figure, Form, common_unit, figure, figures, is_figure, is_number, is_value, unit_of
from .legal import Reference, legal_reference
from .normalize import normal
from .numerals import CastError, numeral

__all__ = [
    "CastError", "Figure", "Form", "Reference", "Value", "Year", "boolean", "common_unit", "count", "emit", "era_year",
    "figure", "figures", "fiscal_year", "integer", "is_figure", "is_number", "is_value", "iso_date", "iso_time",
    "legal_reference", "number", "numeral", "one_year", "percent", "printed", "unit_of", "value", "years",
]  # fmt: skip

Value = int | float | str | bool | None

_COUNTER = re.compile(f"(?:{COUNTERS}|日)")
_LABEL = re.compile(r"(?:No\.?|#)\s?", re.IGNORECASE)
_TRUE = frozenset(
    {"○", "〇", "◯", "●", "有", "有り", "あり", "はい", "可", "該当", "レ", "✓", "✔", "☑", "■", "true", "1"}
)
_FALSE = frozenset({"×", "✕", "✗", "無", "無し", "なし", "いいえ", "不可", "非該当", "□", "☐", "-", "false", "0"})


def count(text: str) -> int | None:
    """A number of things: ``22 件``, ``２２``, ``1,234``, ``△3``; a dash is 0, an empty text None."""
    found = _bare(text, "count", lambda f: not f.unit or bool(_COUNTER.fullmatch(f.unit)))
    return None if found is None else int(found)


def integer(text: str) -> int | None:
    """A plain number, also as a label: ``3``, ``No.3``, ``(3)``. A dash says that there is none: None."""
    printed = normal(text)
    bare = _LABEL.sub("", printed, count=1) if _LABEL.match(printed) else printed
    bare = bare[1:-1].strip() if bare[:1] == "(" and bare[-1:] == ")" else bare
    found = figure(bare, "strict")
    if printed and found is None:
        raise CastError(printed, "integer")
    if found is None or found.kind == "none":
        return None
    if found.decimals:
        raise CastError(printed, "integer")
    return int(found.value or 0)


def number(text: str) -> float | None:
    """A decimal number; a dash is 0."""
    found = _bare(text, "number", lambda f: not f.unit, decimals=True)
    return None if found is None else float(found)


def percent(text: str) -> float | None:
    """A percentage in percent, its sign printed or not: ``12.3%`` is 12.3."""
    signs = ("", "%", "パーセント", "ポイント")
    found = _bare(text, "percent", lambda f: f.unit in signs, decimals=True)
    return None if found is None else float(found)


def boolean(text: str) -> bool | None:
    """What a mark says: ``○`` and 有 are true, ``×`` and 無 false; None for no mark.

    Raises:
        CastError: it is another mark or word.
    """
    printed = normal(text)
    if not printed:
        return None
    if printed not in _TRUE | _FALSE:
        raise CastError(printed, "boolean")
    return printed in _TRUE


def _bare(text: str, type: str, fits: Callable[[Figure], bool], decimals: bool = False) -> Decimal | None:
    """The value of a figure with nothing but its sign and a fitting unit beside it; 0 for a dash, None for no text."""
    printed = normal(text)
    if not printed:
        return None
    found = figure(text)
    if found is None or found.kind not in ("number", "none") or found.bracketed or found.marked or not fits(found):
        raise CastError(printed, type)
    if found.decimals and not decimals:
        raise CastError(printed, type)
    return found.value


_CASTS: dict[str, Callable[[str], Value]] = {
    "count": count,
    "integer": integer,
    "number": number,
    "percent": percent,
    "date": lambda text: iso_date(text) if normal(text) else None,
    "time": lambda text: iso_time(text) if normal(text) else None,
    "year": lambda text: one_year(text) if normal(text) else None,
    "boolean": boolean,
}


def value(text: str, type: str) -> Value:
    """The typed value of a cell's text; ``type`` as in ``core.model.Field``. None where there is no value."""
    cast = _CASTS.get(type)
    return cast(text) if cast else normal(text) or None


def printed(text: str, type: str) -> str:
    """A cell's text as a CSV field of its type; a decimal number keeps the decimals that are printed (``112.10``).

    Raises:
        CastError: as ``value``.
    """
    read = value(text, type)
    found = figure(text) if isinstance(read, float) else None
    return f"{found.value:f}" if found is not None and found.value is not None and found.decimals else emit(read)


def emit(value: Value) -> str:
    """A typed value as a CSV field; None is the empty field, a whole decimal number loses its ``.0``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)
