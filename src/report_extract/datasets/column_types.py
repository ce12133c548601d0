"""What a column of a table of no known kind holds: its type, its unit, and each value as it is emitted.

A type is that of nine of ten values; the others are flagged where they cannot be read so. Marks for missing values
(a dash, …, X, 皆増) make no column text. Units are only those that the page names: in 単位, in a bracket of the
heading, or behind the figures themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..core.model import Cell
from ..text import normalize, parse
from ..text.parse import CastError, Figure

_MOST = 0.9  # share of the values that are of the column's type
NUMBERS = frozenset({"count", "integer", "number", "percent"})
_RATIO = re.compile(r"比率?$|割合|率$|指数|伸び?率?$|パーセント|構成比|前年比|対前年|%|％|‰")
_BRACKET = re.compile(r"[(\[（［〔]([^()\[\]（）［］〔〕]{1,14})[)\]）］〕]")
_RATIO_UNITS = ("%", "‰", "パーセント", "ポイント", "倍")
_LABEL = re.compile("[A-Za-z]")  # 標準財政規模(A) is a letter for a sum, seldom ampere
_LEADING_ZERO = re.compile(r"0\d+")
_YEARLY = re.compile(r"年度?$|年次$|^年")


@dataclass(frozen=True, slots=True)
class ColumnType:
    """What a column holds.

    Attributes:
        type: as of ``core.model.Field``.
        unit: "" where the page names none.
        missing: the marks that stand for a missing value in it, each with what it means.
    """

    type: str = "text"
    unit: str = ""
    missing: tuple[tuple[str, str], ...] = ()


def column_type(texts: Sequence[str], levels: Sequence[str], table_unit: str) -> ColumnType:
    """The type of a column.

    Args:
        texts: its values.
        levels: its heading, from the top.
        table_unit: what 単位 says for the table as a whole; it may name several units (千円,%).
    """
    said = [t for t in texts if normalize.key(t)]
    ratio = any(_RATIO.search(normalize.normal(_BRACKET.sub("", level)).strip()) for level in levels)
    found = [parse.figure(t) for t in said]
    if said and _are_figures(said, found):
        return _of_figures([f for f in found if f is not None], said, levels, table_unit, ratio)
    return ColumnType(_other_type(said, levels))


def is_ratio(levels: Sequence[str], type: ColumnType) -> bool:
    """The column holds shares or rates, which do not add up."""
    return type.unit in _RATIO_UNITS or any(_RATIO.search(normalize.normal(level)) for level in levels)


def _are_figures(said: Sequence[str], found: Sequence[Figure | None]) -> bool:
    plain = [f is not None and not f.order and f.kind != "limit" for f in found]
    numbers = [f for f in found if f is not None and f.kind == "number" and not f.order]
    if not numbers or sum(plain) < _MOST * len(said):
        return False
    if any(_LEADING_ZERO.fullmatch(normalize.normal(t)) for t in said):
        return False  # codes
    return parse.common_unit(numbers) is not None


def _of_figures(
    found: Sequence[Figure], said: Sequence[str], levels: Sequence[str], table_unit: str, ratio: bool
) -> ColumnType:
    numbers = [f for f in found if f.kind == "number" and not f.order]
    whole = all(f.decimals == 0 and (f.value or 0) == int(f.value or 0) for f in numbers)
    # 2019, 2020, 2021 under 年度 are years.
    years = all(1868 <= (f.value or 0) <= 2100 for f in numbers) and not any("," in text for text in said)
    if whole and years and not ratio and any(_YEARLY.search(normalize.key(level)) for level in levels[-1:]):
        return ColumnType("year")
    own = _own_unit(numbers)
    told = _bracketed_unit(levels)
    unit = ("" if ratio and told not in _RATIO_UNITS else told) or own or _table_unit(table_unit, ratio)
    read = [(text.strip(), f) for text in said if (f := parse.figure(text)) is not None]
    marks = dict.fromkeys((text, f.why) for text, f in read if f.kind == "missing")
    if ratio or not whole:  # nothing of a share or a measure is not 0 of it
        marks |= dict.fromkeys((text, "該当なし") for text, f in read if f.kind == "none")
    return ColumnType("integer" if whole else "number", unit, tuple(marks))


def _own_unit(numbers: Sequence[Figure]) -> str:
    """The unit behind the figures themselves; where shares stand between counts, row by row, it is not the column's."""
    unit = parse.common_unit(numbers) or ""
    having = [f.unit == unit for f in numbers]
    first_only = having[:1] == [True] and sum(having) == 1
    return unit if unit not in _RATIO_UNITS or first_only or sum(having) >= _MOST * len(having) else ""


def _bracketed_unit(levels: Sequence[str]) -> str:
    """The known unit in a bracket of a heading, the lowest level first: ``金額(千円)``."""
    for level in reversed(levels):
        for inside in reversed(_BRACKET.findall(normalize.normal(level))):
            if (unit := parse.unit_of(inside)) and not _LABEL.fullmatch(inside):
                return unit
    return ""


def _table_unit(said: str, ratio: bool) -> str:
    """Which of the units of 単位 is a column's own: a ratio's is that for ratios, another's the one other."""
    units = [u for part in re.split(r"[,、・/／]|及び|と", normalize.normal(said)) if (u := parse.unit_of(part))]
    if whole := parse.unit_of(said):
        units = units if len(units) > 1 else [whole]
    if len(units) == 1 and not ratio:
        return units[0]
    percent = [u for u in units if u in _RATIO_UNITS]
    others = [u for u in units if u not in percent]
    mine = percent if ratio else others
    return mine[0] if len(mine) == 1 else ""


def _other_type(said: Sequence[str], levels: Sequence[str]) -> str:
    """date, time, year, boolean or text: all of the values must be of it, blanks and dashes aside."""
    filled = [t for t in said if (f := parse.figure(t)) is None or f.kind not in ("none", "missing")]
    if not filled:
        return "text"
    if _all(filled, parse.iso_date) and all(len(parse.iso_date(t)) == 10 for t in filled):
        return "date"
    if _all(filled, parse.iso_time):
        return "time"
    if _all(filled, parse.one_year) and not all(t.strip().isdigit() for t in filled):
        return "year"
    marks = {normalize.normal(t) for t in filled}
    if _all(filled, parse.boolean) and not any(m.isdigit() for m in marks):
        return "boolean"
    return "text"


def _all(texts: Sequence[str], cast: Callable[[str], object]) -> bool:
    for text in texts:
        try:
            cast(text)
        except CastError:
            return False
    return True


def value_cell(cell: Cell, held: ColumnType, above: Cell | None) -> Cell:
    """The cell with its text as the column's type reads it; what cannot be read so keeps its text, and is flagged.

    Args:
        cell: as found.
        held: what its column holds.
        above: the value above it, which a ditto mark stands for.
    """
    said = normalize.normal(cell.text)
    if said in ("〃", "同上", "々", "″", '"') and above is not None and above.text:
        return cell.read(above.text, "ditto", cell.confidence)
    read = cell.read(said, "normal", cell.confidence) if said != cell.text else cell
    if held.type in NUMBERS:
        return _number_cell(read, held)
    none = parse.figure(said)
    if held.type in ("date", "time", "year", "boolean") and none is not None and none.kind in ("none", "missing"):
        return read if held.type == "boolean" and said in ("×",) else read.read("", "normal", cell.confidence)
    return read


def _number_cell(cell: Cell, held: ColumnType) -> Cell:
    found = parse.figure(cell.text)
    if found is None or found.order or found.kind == "limit":
        return cell
    if found.kind == "missing" or (found.kind == "none" and (held.type != "integer" or dict(held.missing))):
        printed = "" if found.kind == "missing" or cell.raw.strip() in dict(held.missing) else "0"
    else:
        printed = f"{found.value:f}" if found.value is not None else ""
    return cell.read(printed, "normal", cell.confidence) if printed != cell.text else cell
