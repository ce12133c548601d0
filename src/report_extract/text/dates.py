"""Years, dates and times as Japanese documents print them: ``令和6年度``, ``H28.10.1``, ``9時30分``."""

from __future__ import annotations

import re
from datetime import date as Date
from typing import NamedTuple

from .normalize import normal
from .numerals import CastError, numeral

# Era -> its first year, its last year within the era, and the day it began.
ERAS = {
    "明治": (1868, 45, Date(1868, 1, 25)),
    "大正": (1912, 15, Date(1912, 7, 30)),
    "昭和": (1926, 64, Date(1926, 12, 25)),
    "平成": (1989, 31, Date(1989, 1, 8)),
    "令和": (2019, 99, Date(2019, 5, 1)),
}
ERA_LETTERS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
_ERA = "(?P<era>明治|大正|昭和|平成|令和|(?<![A-Za-z])[MTSHR])"
_YEAR = re.compile(
    r"(?P<era>明治|大正|昭和|平成|令和|(?<![A-Za-z])[SHR])\s?\.?(?P<year>元|\d{1,2}|[〇一二三四五六七八九十]+)"
    r"(?P<more>\s?[・,、~\-]\s?(?:元|\d{1,2}))?(?!\s?\d)(?P<date>\s?(?:年(?!度)|[./])\s?\d{1,2}\s?[月./])?"
    r"|(?<!\d)(?P<western>(?:18|19|20)\d\d)(?!\d)(?P<western_date>\s?[年./-]\s?\d{1,2}\s?[月./-])?"
)
_DATE = re.compile(
    rf"(?:{_ERA}\s?\.?\s?(?P<year>元|\d{{1,2}})|(?P<western>(?:18|19|20)\d\d))\s?(?:年|[./-])\s?"
    r"(?P<month>\d{1,2})(?:\s?(?:月|[./-])\s?(?P<day>\d{1,2})\s?日?|\s?月)(?:\s?[(][日月火水木金土](?:曜日?)?[)])?"
    r"|(?P<compact>(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))"
)
_ONE_YEAR = re.compile(rf"(?:{_ERA}\s?\.?\s?(?P<year>元|\d{{1,2}})|(?P<western>(?:18|19|20)\d\d))\s?(?P<unit>年度?)?")
_TIME = re.compile(
    r"(?P<half>午前|午後|AM|PM)?\s?(?P<hour>\d{1,2})(?:[:](?P<minute>\d{2})(?:[:](?P<second>\d{2}))?|時(?:(?P<m>\d{1,2})分|(?P<midst>半))?)"
)


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
        first, last, _ = ERAS[ERA_LETTERS.get(match["era"], match["era"])]
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

    Raises:
        CastError: it is a date (令和7年6月1日), or there are two different years, or none.
    """
    printed = normal(text)
    named = years(printed)
    if not named or any(y.dated for y in named) or len({y.year for y in named}) > 1:
        raise CastError(printed, "fiscal year")
    return named[0].year


def era_year(year: int) -> str:
    """A fiscal year in the era that it mostly lies in: 2024 is ``令和6年度``, 2019 ``令和元年度``; "" before 1868.
    """
    for name, (first, _, _) in reversed(ERAS.items()):
        if year >= first:
            return f"{name}{'元' if year == first else year - first + 1}年度"
    return ""


def iso_date(text: str) -> str:
    """A date as ISO 8601: ``H28.10.1`` is ``2016-10-01``, ``令和２年11月`` is ``2020-11``.

    Raises:
        CastError: it is no date, or one that never was (``R6.2.30``, ``昭和70年1月1日``).
    """
    printed = normal(text)
    found = _DATE.fullmatch(printed)
    if not found:
        raise CastError(printed, "date")
    if found["compact"]:
        digits = found["compact"]
        return _iso(printed, int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    return _iso(printed, _year_of(printed, found), int(found["month"]), int(found["day"] or 0))


def one_year(text: str) -> int:
    """The year that a text is, and nothing else: ``平成25年``, ``令和6年度``, ``R5``, ``2024``, ``2024年``.

    Raises:
        CastError: it says more, or names no year.
    """
    printed = normal(text)
    found = _ONE_YEAR.fullmatch(printed)
    if not found:
        raise CastError(printed, "year")
    return _year_of(printed, found)


def iso_time(text: str) -> str:
    """A time of day as ISO 8601: ``9時30分``, ``午後1:05``, ``13:00`` is ``13:00:00``.

    Raises:
        CastError: it is none.
    """
    printed = normal(text)
    found = _TIME.fullmatch(printed)
    if not found:
        raise CastError(printed, "time")
    hour = int(found["hour"]) + 12 * (found["half"] in ("午後", "PM") and int(found["hour"]) < 12)
    minute = 30 if found["midst"] else int(found["minute"] or found["m"] or 0)
    second = int(found["second"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        raise CastError(printed, "time")
    return f"{hour:02}:{minute:02}:{second:02}"


def _year_of(printed: str, found: re.Match[str]) -> int:
    if found["western"]:
        return int(found["western"])
    era = ERA_LETTERS.get(found["era"], found["era"])
    first, last, _ = ERAS[era]
    within = 1 if found["year"] == "元" else int(found["year"])
    if not 1 <= within <= last:
        raise CastError(printed, "year")
    return first + within - 1


def _iso(printed: str, year: int, month: int, day: int) -> str:
    try:
        whole = Date(year, month, day or 1)
    except ValueError:
        raise CastError(printed, "date") from None
    return whole.isoformat() if day else f"{year:04}-{month:02}"
