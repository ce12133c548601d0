"""Names of columns: the report's own headings in Japanese, and ASCII names for portals that want them.

An ASCII name is that of a whole heading in a curated list, else the column's place (``c03``): never put together from
parts of a heading, which may mean anything (年代 is no year, 議員団 no city, 日章 no day).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..text import normalize, parse

_LONGEST = 63  # bytes of a column's name in PostgreSQL, and so in CKAN's DataStore
# Whole headings and their names.
_KNOWN = {
    "合計": "total", "総数": "total", "総計": "total", "計": "total", "小計": "subtotal", "件数": "count",
    "人数": "people", "回数": "times", "世帯数": "households", "人口": "population", "男": "male", "女": "female",
    "男性": "male", "女性": "female", "区分": "category", "種別": "kind", "種類": "kind", "名称": "name",
    "氏名": "name", "名前": "name", "施設名": "facility", "施設名称": "facility", "番号": "number", "No": "number",
    "No.": "number", "所在地": "address", "住所": "address", "電話番号": "phone", "電話": "phone", "FAX": "fax",
    "備考": "note", "摘要": "remarks", "金額": "amount", "予算額": "budget", "決算額": "settlement",
    "歳入": "revenue", "歳出": "expenditure", "収入": "income", "支出": "outlay", "構成比": "share",
    "割合": "share", "増減": "change", "増減率": "change_rate", "前年比": "year_on_year", "平均": "average",
    "最大": "maximum", "最小": "minimum", "最高": "maximum", "最低": "minimum", "部": "department",
    "課": "division", "所属": "department", "部局": "department", "担当課": "division", "実施機関": "agency",
    "内容": "content", "概要": "summary", "目的": "purpose", "結果": "result", "項目": "item", "地区": "district",
    "区": "ward", "市町村": "municipality", "都道府県": "prefecture", "学校名": "school", "面積": "area",
    "年度": "fiscal_year", "年": "year", "月": "month", "年月日": "date", "日付": "date", "期間": "period",
    "年齢": "age", "単位": "unit", "定員": "capacity", "開所時間": "opening_hours", "郵便番号": "postal_code",
    "本年度": "this_year", "前年度": "prior_year", "予算現額": "current_budget", "収入済額": "received",
    "支出済額": "paid", "款": "kan", "項": "kou", "目": "moku", "節": "setsu", "世帯": "households",
}  # fmt: skip


_RUN = re.compile(r"^[=+\-@\s]+")  # a spreadsheet runs what begins so; in a header row nothing guards it


def japanese_names(headings: Sequence[Sequence[str]], besides: Iterable[str] = ()) -> list[str]:
    """One name for each column: its headings from the top, joined by ``_``, all different by ``_2``.

    Args:
        headings: the levels of each column's heading as printed, none where a column has no heading.
        besides: names that are taken.
    """
    taken, names = {name.lower() for name in besides}, []
    for number, levels in enumerate(headings, 1):
        said = (re.sub(r"\s+", _gap, normalize.normal(level)) for level in levels)
        base = "_".join(re.sub(r"[:,;|]", "_", level).strip("_") for level in said if level)
        base = _RUN.sub("", base) or f"{number}列目"
        name, again = base, 2
        while name.lower() in taken:
            name, again = f"{base}_{again}", again + 1
        taken.add(name.lower())
        names.append(name)
    return names


def _gap(blank: re.Match[str]) -> str:
    """A blank between Latin words is ``_``; between Japanese letters there is none."""
    before, after = blank.string[: blank.start()][-1:], blank.string[blank.end() :][:1]
    return "_" if before.isascii() and after.isascii() else ""


def ascii_names(headings: Sequence[Sequence[str]], besides: Iterable[str] = ()) -> list[str]:
    """One ASCII name for each column: of its whole heading where that is a known one, else of its place (``c03``)."""
    taken, names = set(besides), []
    digits = max(2, len(str(len(headings))))
    for number, levels in enumerate(headings, 1):
        parts = [_whole(level) for level in levels if normalize.key(level)]
        name = "_".join(parts) if parts and all(parts) else ""
        if not name or len(name) > _LONGEST or name in taken:
            name = f"c{number:0{digits}}"
        taken.add(name)
        names.append(name)
    return names


def _whole(level: str) -> str:
    """The ASCII name of one level of a heading, its unit left out; "" where it is none of the known ones."""
    said = normalize.key(level)
    bare = re.sub(r"\(([^()]*)\)$", lambda m: "" if parse.unit_of(m[1]) else m[0], said)
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9 _-]{0,30}", normalize.normal(level)):
        return re.sub(r"[^a-z0-9]+", "_", normalize.normal(level).lower()).strip("_")
    return _BY_KEY.get(bare, "")


_BY_KEY = {normalize.key(word): name for word, name in _KNOWN.items()}
