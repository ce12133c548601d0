"""What a package says of itself as a whole: title, description, publisher, period, area, keywords.

All of it comes from its documents.csv, so it cannot say anything else than the data do. An unsure year or city is
blank there, and is not spoken of here.
Sources: Frictionless Data Package v2; e-Stat 標準地域コード (the municipality's code without its check digit).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..text.dates import era_year
from .stored import Record

_NAMED = 5  # municipalities, years or titles that are named one by one


def about(documents: Sequence[Record], kinds: Mapping[str, str], lang: str) -> dict[str, Any]:
    """The descriptor's entries on the package as a whole.

    Args:
        documents: the rows of documents.csv.
        kinds: profile -> what such reports are called.
        lang: "ja" or "en".
    """
    read = [row for row in documents if row["status"] != "failed"]
    cities = {row["municipality_code"] or row["municipality"]: row for row in read if row["municipality"]}
    names = [row["municipality"] for row in cities.values()]
    years = sorted({int(row["fiscal_year"]) for row in read if row["fiscal_year"].isdigit()})
    known = list(dict.fromkeys(title for row in read if (title := kinds.get(row["profile"], ""))))
    subjects = known or list(dict.fromkeys(row["title"] for row in read if row["title"]))
    told: dict[str, Any] = {
        "title": _title(names, years, subjects, len(read), lang),
        "description": _description(documents, names, years, lang),
    }
    if names and len(names) <= _NAMED:
        told["contributors"] = [{"title": name, "roles": ["publisher"]} for name in names]
    told["keywords"] = list(dict.fromkeys([*names[:_NAMED], *subjects[:_NAMED], *map(_year, years[:_NAMED])]))
    if years:
        # A known kind counts by 年度, from April to March; of another only the year is known.
        by_term = all(row["profile"] for row in read)
        start, end = (f"{years[0]}-04-01", f"{years[-1] + 1}-03-31") if by_term else (str(years[0]), str(years[-1]))
        told["temporal"] = {"start": start, "end": end}
    if cities:
        told["spatial"] = [
            {"name": row["municipality"], "code": code, "estat": code[:5]}
            if (code := row["municipality_code"])
            else {"name": row["municipality"]}
            for row in cities.values()
        ]
    return told


def _year(year: int) -> str:
    return era_year(year) or str(year)


def _title(names: Sequence[str], years: Sequence[int], subjects: Sequence[str], count: int, lang: str) -> str:
    """``いわき市 令和6年度 目的外利用の実施状況``; of many, how many there are."""
    if lang == "en":
        who = names[0] if len(names) == 1 else f"{len(names)} municipalities" if names else ""
        when = _span([str(y) for y in years], "-")
        return f"Datasets from municipal reports: {', '.join(filter(None, (who, when)))}".removesuffix(": ")
    who = names[0] if len(names) == 1 else f"{names[0]}ほか{len(names)}自治体" if names else ""
    what = (
        subjects[0] if len(subjects) == 1 else f"自治体報告書データ({count}件)" if count > 1 else "自治体報告書データ"
    )
    when = _span([_year(y) for y in years], "〜")
    parts = [part for part in (who, when) if part and part not in what]
    return " ".join([*parts, what])


def _span(years: Sequence[str], between: str) -> str:
    return between.join(dict.fromkeys((years[0], years[-1]))) if years else ""


def _description(documents: Sequence[Record], names: Sequence[str], years: Sequence[int], lang: str) -> str:
    if lang == "en":
        return (
            f"Data recovered from {len(documents)} report(s) and checked; see checks.csv for the checks, cells.csv for"
            " where each value came from, and dictionary.csv for what each column means."
        )
    shown = "、".join(names[:_NAMED]) + (f"ほか{len(names)}自治体" if len(names) > _NAMED else "")
    span = _span([f"{_year(y)}({y}年度)" if era_year(y) else str(y) for y in years], "〜")
    of = f"{shown}が公表した" if shown else ""
    return (
        f"{of}報告書{len(documents)}件{f'({span})' if span else ''}から取り出し、整合性を検査したデータ。"
        "検査の結果は checks.csv、各値の出所は cells.csv、各列の意味は dictionary.csv(項目定義書)にある。"
    )
