"""Text to typed values, strictly: what is not certainly a value raises CastError, and nothing is guessed.

A cell's typed value is never stored; a field casts the cell's text when asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from .normalize import normal

Value = int | float | str | None

_UNITS = (
    "件|人|名|回|枚|世帯|戸|部|冊|台|校|園|者|社|棟|日|機関|団体|施設|事業|点|通|例|筆|本|個|組|口|頭|羽|"
    "[かカヶケヵ箇個]所"
)
_DASH = r"[-‐‑‒–—―−─━ー]{1,3}"  # after NFKC; ー is what typists use for a dash
_NOTHING = re.compile(rf"(?:{_DASH}|なし|無し|該当なし|該当無し|皆無)\s?(?:{_UNITS})?")
_SIGN = r"(?P<sign>[△▲\-−+]?)\s?"
_DIGITS = r"(?P<digits>\d{1,3}(?:,\d{3}){1,4}|\d{1,15})"
_COUNT = re.compile(rf"{_SIGN}{_DIGITS}\s?(?:{_UNITS})?", re.ASCII)
_NUMBER = re.compile(rf"{_SIGN}{_DIGITS}(?P<fraction>\.\d{{1,15}})?", re.ASCII)
_INTEGER = re.compile(rf"(?:No\.?|#)?\s?(?P<open>\()?{_SIGN}{_DIGITS}(?(open)\))", re.ASCII | re.IGNORECASE)

_ERAS = {"明治": (1868, 45), "大正": (1912, 15), "昭和": (1926, 64), "平成": (1989, 31), "令和": (2019, 99)}
_ERA_LETTERS = {"S": "昭和", "H": "平成", "R": "令和"}
_KANJI = "〇一二三四五六七八九"
_YEAR = re.compile(
    r"(?P<era>明治|大正|昭和|平成|令和|(?<![A-Za-z])[SHR])\s?\.?(?P<year>元|\d{1,2}|[〇一二三四五六七八九十]+)"
    r"(?P<more>\s?[・,、~\-]\s?(?:元|\d{1,2}))?(?!\s?\d)(?P<date>\s?(?:年(?!度)|[./])\s?\d{1,2}\s?[月./])?"
    r"|(?<!\d)(?P<western>(?:18|19|20)\d\d)(?!\d)(?P<western_date>\s?[年./-]\s?\d{1,2}\s?[月./-])?"
)


class CastError(ValueError):
    """The text is not certainly a value of the type asked for; ``text`` is the text, ``type`` the type."""

    def __init__(self, text: str, type: str) -> None:
        super().__init__(f"{text!r} is no {type}")
        self.text, self.type = text, type

    def __reduce__(self) -> tuple[type[CastError], tuple[str, str]]:
        return type(self), (self.text, self.type)


def count(text: str) -> int | None:
    """A number of things: ``22 件``, ``２２``, ``1,234``, ``△3``; a dash is 0, an empty text None."""
    printed = normal(text)
    if not printed:
        return None
    if _NOTHING.fullmatch(printed):
        return 0
    return int(_matched(_COUNT, printed, "count", _signed))


def integer(text: str) -> int | None:
    """A plain number, also as a label: ``3``, ``No.3``, ``(3)``. A dash says that there is none: None."""
    printed = normal(text)
    if re.fullmatch(_DASH, printed):
        return None
    return int(_matched(_INTEGER, printed, "integer", _signed)) if printed else None


def number(text: str) -> float | None:
    """A decimal number; a dash is 0."""
    printed = normal(text)
    if not printed:
        return None
    if re.fullmatch(_DASH, printed):
        return 0.0
    return float(_matched(_NUMBER, printed, "number", _signed))


def percent(text: str) -> float | None:
    """A percentage in percent, its sign printed or not: ``12.3%`` is 12.3."""
    printed = normal(text)
    bare = re.sub(r"\s?(?:%|パーセント|ポイント)$", "", printed)
    try:
        return number(bare)
    except CastError:
        raise CastError(printed, "percent") from None


def _matched(pattern: re.Pattern[str], printed: str, type: str, read: Callable[[re.Match[str]], str]) -> str:
    found = pattern.fullmatch(printed)
    if not found:
        raise CastError(printed, type)
    return read(found)


def _signed(found: re.Match[str]) -> str:
    sign = "-" if found["sign"] in tuple("△▲-−") else ""
    fraction = found.groupdict().get("fraction") or ""
    return sign + found["digits"].replace(",", "") + fraction


def numeral(text: str) -> int:
    """A small number in digits, kanji (十二), Roman (Ⅳ by NFKC: IV) or circled figures (②); 元 is 1."""
    printed = unicodedata.normalize("NFKC", text).strip()
    if printed == "元":
        return 1
    if re.fullmatch(r"\d{1,4}", printed, re.ASCII):
        return int(printed)
    if tens := re.fullmatch(r"([一二三四五六七八九]?)(十)([一二三四五六七八九]?)", printed):
        return 10 * (_KANJI.index(tens[1]) if tens[1] else 1) + (_KANJI.index(tens[3]) if tens[3] else 0)
    if 0 < len(printed) <= 4 and all(c in _KANJI for c in printed):
        return int("".join(str(_KANJI.index(c)) for c in printed))
    raise CastError(text, "numeral")


class Year(NamedTuple):
    """A year found in a text: its number, where it stands, and whether it is the year of a date."""

    year: int
    start: int
    end: int
    dated: bool


def years(text: str) -> list[Year]:
    """Every year named in ``text`` (as it stands, not normalised), era years converted; impossible ones left out."""
    found = []
    for match in _YEAR.finditer(text):
        if match["western"]:
            found.append(Year(int(match["western"]), *match.span(), bool(match["western_date"])))
            continue
        first, last = _ERAS[_ERA_LETTERS.get(match["era"], match["era"])]
        try:
            within = numeral(match["year"])
        except CastError:
            continue
        if not 1 <= within <= last:
            continue
        dated = bool(match["date"])
        found.append(Year(first + within - 1, *match.span(), dated))
        if match["more"] and not dated:  # 令和5・6年度
            found.append(Year(first + numeral(re.sub(r"[^元\d]", "", match["more"])) - 1, *match.span(), False))
    return found


def fiscal_year(text: str) -> int:
    """The one year named: ``令和6年度``, ``R6``, ``令和元年度``, ``Ｒ５実績``, ``2024年度``.

    A date (令和7年6月1日), two different years, or none raise CastError.
    """
    printed = normal(text)
    named = years(printed)
    if not named or any(y.dated for y in named) or len({y.year for y in named}) > 1:
        raise CastError(printed, "fiscal year")
    return named[0].year


# A reference to a law's paragraph (項) and item (号). Circled figures stand as <1> so that NFKC keeps them apart.
_N = r"(?:(?<!\d)\d{1,3}|[〇一二三四五六七八九十]{1,4}|<\d{1,2}>)"
_ARTICLE = rf"(?:(?:個人情報(?:の)?保護(?:に関する)?)?(?:法律?|条例)\s?)?(?:第?\s?{_N}\s?条(?:の{_N})?\s?(?:の\s?)?)?"
_REFERENCE = re.compile(
    rf"{_ARTICLE}第?\s?(?P<paragraph>{_N})\s?項\s?(?:の\s?)?(?:第?\s?(?P<item>{_N})\s?号|(?P<circled>[<(]\d{{1,2}}[>)])|各号)?"
    rf"|{_ARTICLE}第\s?(?P<item_only>{_N})\s?号"
    r"|(?:法|第)?\s?(?<!\d)(?P<article>\d{2,3})(?!\d)条?(?:<(?P<short>\d{1,2})>第?(?P<short_item>[一二三四五六七八九十]{1,4}|<\d{1,2}>|\d{1,2}(?=号))?号?"
    r"|-(?P<dashed>\d)-(?P<dashed_item>\d{1,2})(?!\d))"
)
_BETWEEN = r"\s?(?:・|、|,|及び|又は|並びに|または|および|から|~|-)\s?"
_MORE = re.compile(rf"{_BETWEEN}(?:第?\s?{_N}\s?[項号]|<\d+>)")
_LEAD = " ・:、,-~"


class Reference(NamedTuple):
    """A legal basis: 項 and 号 as printed, None where not named, and the wording without them."""

    paragraph: int | None
    item: int | None
    rest: str


def legal_reference(text: str) -> Reference:
    """Paragraph, item and wording: ``第2項第1号 本人同意``, ``法69条2項1号``, ``本人同意(法69②一)``.

    A text without a reference is all wording. One that names several (第2項第1号・第2号) raises CastError.
    """
    circled = re.sub("[①-⑳]", lambda c: f"<{unicodedata.numeric(c[0]):.0f}>", text)
    printed = normal(circled)
    found = list(_REFERENCE.finditer(printed))
    if not found:
        return Reference(None, None, _uncircled(printed))
    leading = not printed[: found[0].start()].strip("(（[【<" + _LEAD)
    chosen = found[0]
    several = {_numbers(m) for m in found}
    if _MORE.match(printed, chosen.end()) or (len(several) > 1 and not leading):
        raise CastError(text, "legal reference")
    return Reference(*_numbers(chosen), _uncircled(_without(printed, *chosen.span())))


def _numbers(found: re.Match[str]) -> tuple[int | None, int | None]:
    paragraph = found["paragraph"] or found["short"] or found["dashed"]
    item = found["item"] or found["circled"] or found["item_only"] or found["short_item"] or found["dashed_item"]
    first, second = (numeral(n.strip("<>()")) if n else None for n in (paragraph, item))
    return first, second


def _without(printed: str, start: int, end: int) -> str:
    """The wording without its reference; a reference amid a sentence stays, as the sentence needs it."""
    head, tail = printed[:start], printed[end:]
    closing = re.match(r"\s?(?:に?該当|関係|による(?:もの)?)?[)\]】]", tail)
    if head[-1:] in tuple("([【") and closing:
        head, tail = head[:-1], tail[closing.end() :]
    elif head.strip(_LEAD) and tail.strip():
        return printed
    return (head.rstrip(_LEAD) + " " * bool(head.strip() and tail.strip()) + tail.lstrip(_LEAD)).strip()


def _uncircled(printed: str) -> str:
    return re.sub(r"<(\d+)>", r"\1", printed)


_CASTS: dict[str, Callable[[str], Value]] = {
    "count": count,
    "integer": integer,
    "number": number,
    "percent": percent,
}


def value(text: str, type: str) -> Value:
    """The typed value of a cell's text; ``type`` as in ``model.Field``. None where there is no value."""
    cast = _CASTS.get(type)
    return cast(text) if cast else normal(text) or None


def emit(value: Value) -> str:
    """A typed value as a CSV field; None is the empty field, a whole decimal number loses its ``.0``."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)
