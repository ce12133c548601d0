"""ASCII names for columns, made from their headings; the headings themselves stay as titles."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..text import normalize

# What headings of municipal tables say, longest first where one is part of another.
_WORDS = {
    "前年度": "prior_year", "年度": "fiscal_year", "年月日": "date", "合計": "total", "総数": "total", "総計": "total",
    "小計": "subtotal", "計": "total", "件数": "count", "人数": "people", "回数": "times", "世帯数": "households",
    "世帯": "households", "人口": "population", "男": "male", "女": "female", "区分": "category", "種別": "kind",
    "名称": "name", "氏名": "name", "名前": "name", "施設名": "facility", "番号": "number", "所在地": "address",
    "住所": "address", "電話番号": "phone", "電話": "phone", "備考": "note", "摘要": "note", "金額": "amount",
    "予算額": "budget", "予算": "budget", "決算額": "settlement", "決算": "settlement", "歳入": "revenue",
    "歳出": "expenditure",
    "構成比": "share", "割合": "share", "比率": "ratio", "率": "rate", "増減": "change", "平均": "average",
    "最大": "maximum",
    "最小": "minimum", "単位": "unit", "部": "department", "課": "division", "所属": "department", "実施機関": "agency",
    "内容": "content", "概要": "summary", "目的": "purpose", "結果": "result", "項目": "item", "地区": "district",
    "区": "ward", "市": "city", "県": "prefecture", "学校": "school", "面積": "area", "年": "year", "月": "month",
    "日": "day", "外国人": "foreigners", "日本人": "japanese", "本年度": "this_year", "請求": "requests",
    "開示": "disclosed",
    "不開示": "withheld", "目的外利用": "internal_use", "外部提供": "external_provision",
}  # fmt: skip
_BY_LENGTH = sorted(_WORDS, key=len, reverse=True)
_UNKNOWN = re.compile(r"[^a-z0-9]+")


def ascii_name(heading: str) -> str:
    """The words of a heading that are known, in English, with its Latin letters and digits; "" if none is."""
    rest, found = normalize.key(heading).lower(), []
    pattern = "|".join(map(re.escape, _BY_LENGTH)) + r"|[a-z][a-z0-9]*|\d+"
    for word in re.findall(pattern, rest):
        name = _UNKNOWN.sub("_", _WORDS.get(word, word)).strip("_")
        if name and name not in found:
            found.append(name)
    name = "_".join(found)[:48].strip("_")
    return name if re.match(r"[a-z]", name) else f"c_{name}" if name else ""


def ascii_names(headings: Iterable[str], besides: Iterable[str] = ()) -> list[str]:
    """One name for each heading, all different: by its words, else by its place (``column_3``)."""
    taken, names = set(besides), []
    for number, heading in enumerate(headings, 1):
        name = base = ascii_name(heading) or f"column_{number}"
        again = 2
        while name in taken:
            name, again = f"{base}_{again}", again + 1
        taken.add(name)
        names.append(name)
    return names
