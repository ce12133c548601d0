"""What a report's text says for each year that it may be of: kinds of evidence, not yet weighed.

A kind is ``place.role``: where a year stands (as in ``said``, or ``file``) and as what:

- ``fiscal``: 令和6年度; ``worded``: with what it counts (令和6年度実績, 当初予算); ``first``, ``last`` of a range;
- ``calendar``: 平成25年中; ``bare``: R6, 2024;
- ``as_of``: 平成21年10月31日現在; ``month``: 令和2年11月分; ``issued``: a date by which it was published;
  ``before_issue``: the fiscal year before such a date; ``dated``: any other date;
- ``prior``, ``plan``: the year is compared with, is planned or met in.

The year of a law, of a cited notice, of a change (施行, 改正), or up to which something was (令和4年度までは) is no
evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from ..text.dates import Year, years
from ..text.normalize import normal
from .said import Said
from .weigh import Evidence

_PERIOD = re.compile(r"4月1日.{0,4}?(?:から|~|-|より|至).{0,12}?3月31日")
_MEETING = re.compile(
    r"^(?:度?の?)?.{0,2}(?:第\d+回|審議会|会議|定例会|議会|資料|計画|目標|版|予定|施行|改正|廃止|策定|国勢調査|制定|発行)"
)
_PRIOR = re.compile(r"前年|昨年|参考|過去|比較対象")
_UNTIL = re.compile(r"^(?:末|分|中)?(?:まで|以前|以降|以後|から|より|~|に廃止|をもって|時点から)")
_WORDED = re.compile(
    r"^(?:の|分|末|版|における|中の)?[^\s、。]{0,14}?(?:実績|決算|予算|状況|件数|結果|報告|概要|実施|統計|調査|一覧|集計|分$|年報|事業)"
)
_LAW = re.compile(r"(?:法律|条例|規則|政令|省令|府令|告示|訓令|要綱|達|議決|通知)")
_ISSUED = re.compile(r"記者|発表|提供資料|公表|作成|発行|更新|報道|プレス|印刷|提出|付け|発出|刊")
_CITED = re.compile(
    r"^[)]?(?:末日?|をもって)?(?:付け|付|に?(?:施行|改正|改定|適用|告示|制定|公布|策定|廃止|移譲|議決|通知|開設|設立|開始|以降|以後|から|まで|~))"
)
_CITED_BEFORE = re.compile(r"(?:施行|改正|改定|適用|告示|制定|公布|震災|災害|豪雨|地震)[^。]{0,6}$")
_PAST = re.compile("状況|実績|報告|結果")
_DAY = re.compile(r"^\s?(?:月\s?)?(\d{1,2})\s?日?")
_AS_OF = re.compile(r"^[)）]?\s?(?:末|末日)?(?:現在|時点|末現在|の?推計|末$)")


def year_evidence(said: Sequence[Said], name: str) -> list[Evidence]:
    """All evidence for years in ``said`` and in the file's ``name``; candidates are years as text."""
    reports = any(one.place == "title" and _PAST.search(normal(one.line.text)) for one in said)
    found = [piece for one in said for piece in _of_line(one, reports)]
    nowhere = said[0].line if said else None
    found += [Evidence(str(y.year), "file.year", nowhere) for y in years(_stem(name))]
    return [*found, *_latest(found)]


def _stem(name: str) -> str:
    """A file's name without what only looks like an era (``s36fa``: a hash, not 昭和36年)."""
    stem = re.sub(r"[_\-.]", " ", normal(PurePath(name).stem))
    stem = re.sub(r"(?<![A-Za-z0-9])([rhs])(?=\d{1,2}(?![0-9A-Za-z]))", lambda m: m[1].upper(), stem)
    return re.sub(r"(?<![A-Za-z])[RHS](?=\d{1,2}[0-9A-Za-z])|(?<=[A-Za-z0-9])[RHSrhs](?=\d)", "_", stem)


def _latest(found: Sequence[Evidence]) -> Iterator[Evidence]:
    """The latest year among table headings, and among first columns: the years before it stand beside it."""
    for place in ("head", "stub"):
        named = [
            e for e in found if e.kind in (f"{place}.fiscal", f"{place}.worded", f"{place}.calendar", f"{place}.bare")
        ]
        if len({e.candidate for e in named}) > 1:
            latest = max(named, key=lambda e: int(e.candidate))
            yield Evidence(latest.candidate, f"{place}.latest", latest.line)
            yield from (
                Evidence(e.candidate, f"{place}.earlier", e.line)
                for e in {e.candidate: e for e in named if e.candidate != latest.candidate}.values()
            )
        prior = [e for e in found if e.kind == f"{place}.prior"]
        if prior and not named:  # 前年度 令和5年度: the report is of the year after
            latest = max(prior, key=lambda e: int(e.candidate))
            yield Evidence(str(int(latest.candidate) + 1), f"{place}.after_prior", latest.line)


def _of_line(said: Said, reports: bool) -> Iterator[Evidence]:
    text = re.sub(r"\s", "", normal(said.line.text))
    if period := _PERIOD.search(text):
        started = [y for y in years(text[: period.start() + 1]) if y.end <= period.start() + 1]
        if started:
            yield Evidence(str(started[-1].year), f"{said.place}.period", said.line)
            return
    named = years(text)
    for at, found in enumerate(named):
        yield from _of_year(text, found, named, at, said, reports)


def _of_year(text: str, found: Year, named: Sequence[Year], at: int, said: Said, reports: bool) -> Iterator[Evidence]:
    """``reports``: the title says that it is a report of what was."""
    before, after = text[: found.start], text[found.end :]

    def says(role: str, year: int = found.year) -> Evidence:
        return Evidence(str(year), f"{said.place}.{role}", said.line)

    if found.dated:
        yield from _of_date(text, found, said, reports)
        return
    follows = re.sub("^年?度?", "", after)
    if _LAW.match(follows[:6]) or (_LAW.search(follows[:10]) and re.search(r"第\d+号", follows[:16])):
        return
    if _UNTIL.match(follows) and not re.match(r"^(?:~|から)", follows):
        return
    if _PRIOR.search(before[-6:]) or re.match(r"(?:との|と)?(?:比較|参考|の数値|比)", follows):
        yield says("prior")
        return
    ends_range = (
        at and named[at - 1].start < found.start and re.search(r"[~\-]$|から$", text[named[at - 1].start : found.start])
    )
    if re.match(r"^(?:~|-|から)", follows) and at + 1 < len(named):
        yield says("first")
        return
    if at + 1 < len(named) and named[at + 1].start == found.start:  # 平成21~25年度: both years are of one place
        yield says("first")
        return
    if (at and ends_range) or (at and named[at - 1].start == found.start):
        yield says("last")
        return
    if _MEETING.match(follows):
        if said.place not in ("prose", "note"):
            yield says("plan")
        return
    fiscal = after.startswith("年度")
    if fiscal:
        yield says("worded" if _WORDED.match(follows) else "fiscal")
    elif after.startswith("年"):
        yield says("calendar" if not _WORDED.match(follows) else "calendar_worded")
    elif not ((text[found.start].isdigit() and re.search(r"[-/.,]$", before)) or re.match(r"[-/.,]\d", after)):
        yield says("bare")


def _of_date(text: str, found: Year, said: Said, reports: bool) -> Iterator[Evidence]:
    """A date: of its own fiscal year, and where the report was published by it, of the year before."""
    month = re.search(r"(\d{1,2})[月./-]?$", text[found.start : found.end])
    if not month or not 1 <= int(month[1]) <= 12:
        return
    number, after = int(month[1]), text[found.end :]
    day = _DAY.match(after)
    rest = after[day.end() :] if day else after
    own = found.year - (number <= 3)
    if _CITED.match(rest) or (day and _CITED_BEFORE.search(text[: found.start])):
        return
    alone = len(text) <= 18 and not re.sub(r"[()日月火水木金土曜現在分]", "", rest)
    if _AS_OF.match(rest) or re.match(r"^(?:時点|現在)", rest):
        yield Evidence(str(own), f"{said.place}.as_of" + ("_early" if number <= 3 else ""), said.line)
    elif _ISSUED.search(text) or (alone and (day or reports)):
        # 利用状況 … 令和7年6月: by then it was published, or it is of that month.
        yield Evidence(str(own), f"{said.place}.issued", said.line)
        if number >= 4:
            yield Evidence(str(found.year - 1), f"{said.place}.before_issue", said.line)
    elif not day:
        kind = "month_alone" if alone else "month"
        yield Evidence(str(own), f"{said.place}.{kind}" + ("_early" if number <= 3 else ""), said.line)
        if alone and number >= 4:
            yield Evidence(str(found.year - 1), f"{said.place}.before_issue", said.line)
    else:
        yield Evidence(str(own), f"{said.place}.dated", said.line)


def counts_by_year(found: Sequence[Evidence]) -> bool:
    """The report itself counts by fiscal year: a 年度 stands in its title, a heading or a table's headings."""
    roles = ("fiscal", "worded", "last", "first", "period", "latest")
    return any(
        e.kind.split(".")[0] in ("title", "heading", "head", "stub") and e.kind.split(".")[1] in roles for e in found
    )
