"""Whose report it is, and of which year.

Every place where a municipality or a year is named is a piece of evidence, weighed by how it is named: a title
or an imprint says more than running text, and running text more than nothing. What a report merely mentions
(the receivers of its data, the year before, the day it was published) must not win. A report that never names
its municipality has none, unless the file's name hints at one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import NamedTuple

from ..core.geometry import BBox, union
from ..core.model import Cell, Identity, Line, Reading, Table
from ..text.gazetteer import Mention, Municipality, by_code, check_digit, mentions, municipalities
from ..text.normalize import key, normal, ranked
from ..text.parse import Year, years

SURE = 4.0  # evidence that settles who or when, unless it has a rival
FLOOR = 1.2  # evidence below which nobody is named at all: a mention or two in passing
LEAD = 1.5  # how many times the evidence of the next candidate settles it
TITLE_LINES = 8  # of a document, in which a title may stand
LONGEST = 400  # letters of a line that are read: no title is longer
IMPRINT_LINES = 6  # at its end, in which an imprint may stand

_TITLE = re.compile(r"報告|状況|実績|公表|一覧|概要|集計|取扱|運用|年報|統計|調査|について|件数|利用|提供|請求")
_IMPRINT = re.compile(r"(?:[\w・]{0,30}(?:役所|役場|庁|長|知事|部|課|室|局|係|委員会|議会|審議会|センター))?$")
_OWN = re.compile(
    r"(?:の?(?:個人情報|情報公開|保有個人|機密|公文書|行政|条例)|における|では|が(?:保有|法|個人|管理)|に(?:おいて|おける)|\(以下|は,)"
)
_MEETING = re.compile(r"第\d+回|審議会|会議|資料|予算|計画|目標|^版|現在|予定|施行|改正|廃止|策定")
_PRIOR = re.compile(r"前年|昨年|参考|比較|過去|増減")
_PROSE = re.compile(
    r"。(?!$)|。$|[しきっれ]た(?!め)|(?:す|い|な|あ|れ|め)る|ます|です|ており|ため、?|については|により|として、?|を[^、]*[がは]|が、"
)
_LABEL = re.compile(
    r"(?:団体|自治体|市町村|市区町村|都道府県|発行|作成|編集|実施機関|問い?合わ?せ先?|担当)(?:名|者|元|課)?:?$"
)
_UNTIL = re.compile(r"^(?:末|分)?(?:まで|以前|以降|以後|から|より|~|に廃止|をもって)")
_PRESENTS = re.compile(
    r"(?:状況|実績|件数)(?:等)?(?:は|を|について).{0,8}?(?:次|以下|下記|別表|報告|公表|お知らせ|取りまとめ|とりまとめ)"
)
_FIGURE = re.compile(r"[\d,]+(?:件|人)?|[-―]")
_BULLET = re.compile(r"[※・◎○●◇◆□■*]|\(?(?:\d+|[ア-ン一二三四五])[.)、 ]|第\d+|表\d")
_NAME_LIKE = re.compile(r"[^\W\d_]{1,7}?[市区町村]")
_PERIOD = re.compile(r"4月1日.{0,4}?(?:から|~|-|より|至).{0,12}?3月31日")


class Evidence(NamedTuple):
    """One place that speaks for a candidate (a code, or a year), and how much it says."""

    candidate: str
    weight: float
    line: Line


def identify(lines: Sequence[Line], tables: Sequence[Table], name: str) -> Identity:
    """The municipality and the fiscal year, each as a cell that leads to the line that names it.

    Args:
        lines: the text outside all tables, in reading order.
        tables: their headings name years, and a heading over a whole table may be the title.
        name: the input's file name, a hint and never more.
    """
    text = _paragraphs(lines)
    title = _title_lines(text, tables)
    everything = [*title, *(line for line in text if line not in title)]
    code, municipality = _municipality(everything, len(title), tables, name)
    return Identity(code, municipality, _fiscal_year(everything, len(title), tables, name))


def _title_lines(lines: Sequence[Line], tables: Sequence[Table]) -> list[Line]:
    """The lines among which the title is: the first ones, tall ones of the first page, and headings in a table."""
    first = min((line.page for line in lines), default=1)
    opening = [line for line in lines if line.page == first]
    heights = sorted(min(line.bbox.width, line.bbox.height) for line in opening)
    usual = heights[len(heights) // 2] if heights else 0.0
    tall = [line for line in opening if min(line.bbox.width, line.bbox.height) > 1.2 * usual > 0]
    within = [_as_line(cell) for table in tables if table.page == first for cell in _above_headings(table)]
    chosen = [line for line in opening if line in opening[:TITLE_LINES] or line in tall]
    return [line for line in chosen if not _is_sentence(line.text)] + within


def _above_headings(table: Table) -> list[Cell]:
    """The cells of leading rows that head no columns: they go all across, or stand among empty ones."""
    leading: list[Cell] = []
    for row in range(2):
        cells = [cell for cell in table.cells if cell.row == row]
        said = [cell for cell in cells if cell.text]
        if not (len(said) <= 2 * len(cells) / 3 or (len(cells) == 1 < table.n_cols)):
            break
        leading += said
    return leading


def _is_sentence(text: str) -> bool:
    """Running text, or a line of it? A title has no verb, no full stop and hardly a comma."""
    printed = normal(text).rstrip()
    return len(key(text)) > 60 or bool(_PROSE.search(printed)) or printed.endswith("、")


def _paragraphs(lines: Iterable[Line]) -> list[Line]:
    """The lines with running text joined where it wraps: a name or a year may be cut in two there."""
    joined: list[Line] = []
    for line in lines:
        last = joined[-1] if joined else None
        if last and len(last.text) < LONGEST and _goes_on(last, line):
            joined[-1] = replace(last, text=last.text + line.text, bbox=union([last.bbox, line.bbox]))
        else:
            joined.append(replace(line, text=line.text[:LONGEST]))
    return joined


def _goes_on(last: Line, line: Line) -> bool:
    """Does running text go on in the next line?"""
    near = last.rotation or 0 < line.bbox.bottom - last.bbox.bottom < 2.5 * line.bbox.height
    open_ended = _is_sentence(last.text) and not normal(last.text).endswith(("。", "。)"))
    return last.page == line.page and bool(near) and open_ended and not _BULLET.match(normal(line.text))


# The municipality


def _municipality(
    lines: Sequence[Line], titles: int, tables: Sequence[Table], name: str
) -> tuple[Cell | None, Cell | None]:
    evidence: list[Evidence] = []
    doubts: set[str] = set()
    unsettled: list[tuple[Mention, float, Line]] = []
    for place, line in enumerate(lines):
        last = place >= len(lines) - IMPRINT_LINES
        for mention in _mentions(line, place < titles):
            weight = _says(mention, line, place < titles, last)
            if mention.misread:
                doubts |= {entry.code for entry in mention.entries}
            if len(mention.entries) == 1:
                evidence.append(Evidence(mention.entries[0].code, weight, line))
            else:
                unsettled.append((mention, weight, line))
    evidence += [
        Evidence(
            mention.entries[0].code, min(_says(mention, line, False), 5.0 if years(normal(line.text)) else 3.0), line
        )
        for line in _leading_lines(tables)
        for mention in mentions(line.text)
        if len(mention.entries) == 1
    ]
    hints = _hinted(name)
    for mention, weight, line in unsettled:
        entry, sure = _settled(mention, lines, tables, evidence, hints)
        if entry and (sure or weight > 1.0):  # 西区 in passing says nothing
            evidence.append(Evidence(entry.code, weight, line))
            doubts |= set() if sure else {entry.code}
    return _cells(evidence, doubts, hints, name)


def _leading_lines(tables: Sequence[Table]) -> list[Line]:
    """What stands in tables above their first figure: a title or an introduction may have got in there."""
    found = []
    for table in tables:
        figures = [cell.row for cell in table.cells if cell.col and _FIGURE.fullmatch(normal(cell.text))]
        first = min(figures, default=table.header_rows)
        found += [_as_line(cell) for cell in table.cells if cell.row < first and cell.text]
    return found


def _as_line(cell: Cell) -> Line:
    return Line(cell.page, cell.bbox, cell.text, reader=cell.readings[0].by)


def _mentions(line: Line, title: bool) -> list[Mention]:
    """The municipalities a line names; in a recognised title also one whose name was misread by a letter."""
    found = mentions(line.text)
    if found or not title or line.reader not in ("rapidocr", "ocr_text"):
        return found
    for part in _NAME_LIKE.finditer(key(line.text)):
        wanted = re.sub(r"^.*(?:年度|[都府県])", "", part[0])
        order = ranked(wanted, [e.name for e in municipalities() if " " not in e.name], recognised=True)
        (best, score), (_, next_score) = order[0], order[1]
        if len(wanted) >= 3 and score >= 0.66 and score - next_score >= 0.1:
            entries = tuple(e for e in municipalities() if e.name == best)
            found.append(Mention(entries, part.end() - len(wanted), part.end(), misread=score < 1))
    return found


def _says(mention: Mention, line: Line, title: bool, last: bool = False) -> float:
    """How much a mention says about whose report it is; ``last``: an imprint may stand there."""
    text = key(line.text)
    before, after = text[: mention.start], text[mention.end :]
    if mention.entries[0].is_prefecture and not (title and _TITLE.search(after)) and not _imprint(before, after):
        return 0.5
    if _LABEL.search(before):
        return 8.0
    if re.search(r"[^\W\d_ぁ-ん]$", before) and not re.search(r"(?:年度|[都道府県郡]|版|元年)$", before):
        return 0.5  # the tail of another word: 会津 + 津市
    if after.startswith(("民健康", "町村", "民税", "内", "外", "等")):
        return 0.5
    if title and _TITLE.search(text) and not re.match(r"[にへ](?:提供|対する)", after):
        return 10.0
    if _imprint(before, after):
        # Elsewhere such a line may be what is left of a table's column of receivers.
        headed = re.search(r"[^\W\d_]", after) if last else re.search(r"\d年度", after)
        return 8.0 if title else 6.0 if headed else 2.0
    if _OWN.match(after):
        return 4.0
    return 3.0 if title else 1.0


def _imprint(before: str, after: str) -> bool:
    """Is the name, with an office at most, all that the line says? (A page number may stand beside it.)"""
    after = re.sub(r"(?:令和|平成)?(?:\d+|元)年度?", "", after)
    lead = re.sub(r"(?:北海道|東京都|(?:京都|大阪)府|[^\W\d_]{2,3}県)?(?:[^\W\d_]{1,4}郡)?$", "", before)
    return not re.sub(r"[\W\d_]+", "", lead) and bool(_IMPRINT.match(re.sub(r"[\W\d]+$", "", after)))


def _settled(
    mention: Mention,
    lines: Sequence[Line],
    tables: Sequence[Table],
    evidence: Sequence[Evidence],
    hints: Sequence[str],
) -> tuple[Municipality | None, bool]:
    """Which of several municipalities of one name is meant, and whether that is certain."""
    codes = {e.candidate for e in evidence}
    certain = [e for e in mention.entries if e.code in codes]
    city = {e.name.split()[0] for e in mention.entries if " " in e.name} & {by_code()[c].name for c in codes}
    certain += [e for e in mention.entries if " " in e.name and e.name.split()[0] in city]
    if len(set(certain)) == 1:
        return certain[0], True
    hinted = [e for e in mention.entries if e.code in hints]
    if len(hinted) == 1:
        return hinted[0], False
    text = key("".join([*(line.text for line in lines), *(c.text for t in tables for c in t.cells)]))
    spoken = {e: text.count(key(e.prefecture)) for e in mention.entries}
    most = max(spoken.values())
    likely = [e for e, n in spoken.items() if n == most > 0]
    if len(likely) == 1:
        return likely[0], False
    # 中央区 alone is Tokyo's: a designated city's ward hardly reports without its city's name.
    whole = [e for e in mention.entries if " " not in e.name]
    return (whole[0] if len(whole) == 1 else mention.entries[0]), False


def _hinted(name: str) -> list[str]:
    """The codes that a file name hints at: a name, or a code with a right check digit."""
    stem = PurePath(name).stem
    codes = [c for c in re.findall(r"(?<!\d)\d{6}(?!\d)", stem) if check_digit(c) and c in by_code()]
    by_five = {c[:5]: c for c in by_code()}
    codes += [by_five[c] for c in re.findall(r"(?<!\d)\d{5}(?!\d)", stem) if c in by_five]
    named = [e.code for mention in mentions(stem) for e in mention.entries if len(mention.entries) == 1]
    return list(dict.fromkeys([*codes, *named]))


def _cells(
    evidence: Sequence[Evidence], doubts: set[str], hints: Sequence[str], name: str
) -> tuple[Cell | None, Cell | None]:
    order = _weighed(evidence, hints)
    if not order or order[0][1] < FLOOR or (order[0][1] < SURE and len(hints) == 1):
        if len(hints) != 1:
            return None, None
        entry = by_code()[hints[0]]
        return _from_name(entry.code, name, "unsure-municipality"), _from_name(
            entry.name.replace(" ", ""), name, "unsure-municipality"
        )
    order = _cities_first(order)
    (code, weight), *others = order
    entry = by_code()[code]
    best = max((e for e in evidence if e.candidate == code), key=lambda e: e.weight)
    rival = others[0][1] if others else 0.0
    sure = weight >= SURE and weight >= LEAD * rival and code not in doubts
    cells = [_cell(best.line, value) for value in (code, entry.name.replace(" ", ""))]
    if not sure:
        also = "、".join(by_code()[c].name for c, _ in order[:3])
        cells = [cell.doubted("unsure-municipality", cell.text, also) for cell in cells]
    return cells[0], cells[1]


def _cities_first(order: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """A prefecture gives way to a city of its own that is named with some weight: cities report to prefectures."""
    first = by_code()[order[0][0]]
    own = [c for c in order if by_code()[c[0]].prefecture == first.prefecture and c[0] != first.code and c[1] >= 3.0]
    return [own[0], *(c for c in order if c != own[0])] if first.is_prefecture and own else order


def _weighed(evidence: Iterable[Evidence], hints: Sequence[str] = ()) -> list[tuple[str, float]]:
    """Candidates by their evidence: the strongest place in full, every further one a tenth of it."""
    weights: defaultdict[str, list[float]] = defaultdict(list)
    for piece in evidence:
        weights[piece.candidate].append(piece.weight)
    totals = {c: max(w) + 0.1 * min(sum(w) - max(w), 20.0) + 2.0 * (c in hints) for c, w in weights.items()}
    return sorted(((c, total) for c, total in totals.items() if total > 0), key=lambda pair: -pair[1])


def _cell(line: Line, value: str) -> Cell:
    printed = Reading(normal(line.text), line.reader)
    return Cell(line.page, line.bbox, readings=(printed, Reading(value, line.reader)))


def _from_name(value: str, name: str, kind: str) -> Cell:
    """A value that only the file's name hints at: it lies nowhere on a page, and a person should look."""
    cell = Cell(1, BBox(0.0, 0.0, 0.0, 0.0), readings=(Reading(value, "heading", 0.5, note=name),))
    return cell.doubted(kind, value, name)


# The fiscal year


def _fiscal_year(lines: Sequence[Line], titles: int, tables: Sequence[Table], name: str) -> Cell | None:
    evidence = [piece for place, line in enumerate(lines) for piece in _year_evidence(line, place < titles)]
    evidence += [piece for table in tables for piece in _heading_years(table)]
    hints = [str(y.year) for y in years(normal(PurePath(name).stem).replace("_", " ").replace("r", "R"))]
    order = _weighed(evidence, hints)
    if not order:
        return _from_name(hints[0], name, "unsure-year") if len(set(hints)) == 1 else None
    # Two years with as good a claim: the report is of the later one, and beside it shows the year before.
    (year, weight) = max((c for c in order if c[1] >= 0.9 * order[0][1]), key=lambda c: c[0])
    others = [c for c in order if c[0] != year]
    pieces = sorted((e for e in evidence if e.candidate == year), key=lambda e: -e.weight)
    cell = _cell(pieces[0].line, year)
    rival = others[0][1] if others else 0.0
    alone = len(pieces) == 1 and cell.fallible and year not in hints
    if weight >= SURE and weight >= LEAD * rival and not alone:
        return cell
    return cell.doubted("unsure-year", year, "、".join(y for y, _ in order[:3]))


def _year_evidence(line: Line, title: bool) -> list[Evidence]:
    text = re.sub(r"\s", "", normal(line.text))
    if period := _PERIOD.search(text):
        started = [y for y in years(text[: period.start() + 1]) if y.end <= period.start() + 1]
        if started:
            return [Evidence(str(started[-1].year), 3.0 if _is_sentence(line.text) else 6.0, line)]
    return [
        Evidence(str(found.year - (found.dated and _published(text, found))), weight, line)
        for found in years(text)
        if (weight := _tells(text, found, title))
    ]


def _tells(text: str, found: Year, title: bool) -> float:
    """How much a year says about what year the report is of."""
    before, after = text[: found.start], text[found.end :]
    if found.dated:
        alone = len(text) <= 16 and not _is_sentence(text)
        return 0.8 if alone and _published(text, found) else 0.0
    fiscal = after.startswith("年度")
    after = re.sub("^年?度?", "", after)
    if _UNTIL.match(after) or _PRIOR.search(before[-6:]) or re.match(r"(?:との|と)?(?:比較|参考|の数値)", after):
        return 0.0
    if _MEETING.search(after[:8]):
        return 1.0
    if _is_sentence(text) or text.startswith(("※", "注", "(※", "*")):
        said = after[:40]
        if not fiscal or not re.search("状況|実績|件数", said[:24]):
            return 0.3
        return 5.0 if _PRESENTS.search(said) else 2.0
    if not fiscal and not re.match(r"実績|分|の?実施", after):
        return 1.0
    if re.match("に(?!お)|の(?:間|計画|改正|導入)", after):
        return 1.0
    return 10.0 if title and _TITLE.search(text) else 6.0 if len(text) <= 40 else 3.0


def _published(text: str, found: Year) -> bool:
    """Is it a date from April to December? A report of such a date is of the year before."""
    month = re.search(r"\d{1,2}(?=[月./-]?$)", text[found.start : found.end])
    return bool(month) and 4 <= int(month[0] if month else 0) <= 12


def _heading_years(table: Table) -> list[Evidence]:
    """The latest fiscal year among a table's headings: the columns of years before it stand beside it."""
    heads = [c for c in table.cells if c.row < max(table.header_rows, 1) and c.text]
    named = [(y.year, cell) for cell in heads for y in years(normal(cell.text)) if not y.dated]
    prior = [cell for _, cell in named if _PRIOR.search(cell.text)]
    own = [(year, cell) for year, cell in named if cell not in prior and not _MEETING.search(cell.text)]
    if own:
        year, cell = max(own, key=lambda pair: pair[0])
    elif named:
        year, cell = max(named, key=lambda pair: pair[0])
        year += 1
    else:
        return []
    return [Evidence(str(year), 4.0 if own else 2.0, _as_line(cell))]
