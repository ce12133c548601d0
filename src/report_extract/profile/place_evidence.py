"""What a report's text says for each municipality that it may be of: kinds of evidence, not yet weighed.

A kind is ``place.role``; ``place`` as in ``said``, roles:

- ``report``: 神戸市…の状況, ``office``: 神戸市環境局, ``label``: 発行者 神戸市, ``alone``: nothing else in its line;
- ``own``: 神戸市では, 神戸市における; ``of``: 神戸市の; ``plain``: any other mention;
- ``inside``: 長野県内; ``address``: 神戸市中央区加納町6-5-1; ``receiver``: 神戸市へ提供; ``aside``: 市町村, 市民税;
  ``tail``: the end of another word;
- ``sibling``: one of several wards of one city, or of several municipalities in a list; ``parent``: their city;
- ``prefecture``: a prefecture that only leads up to one of its municipalities; ``misread``: put right by a letter.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from ..core.model import Line
from ..text.gazetteer import Mention, Municipality, by_code, check_digit, mentions, municipalities
from ..text.normalize import key, ranked
from .said import Said
from .weigh import Evidence

_REPORT = re.compile(
    r"報告|状況|実績|公表|一覧|概要|集計|取扱|運用|年報|統計|調査|について|件数|利用|提供|請求|予算|決算|計画|人口|表|結果|推移|白書|事業|監査"
)
_OFFICE = re.compile(
    r"^(?:の?[^\W\d_ぁ-ん]{0,30}?(?:役所|役場|庁|局|部|課|室|係|委員会|議会|審議会|センター|事務所|消防本部|水道|交通|公社|長|知事|市長)){1,4}(?![ぁ-ん])"
)
_IMPRINT = re.compile(
    r"(?:[\w・]{0,30}(?:役所|役場|庁|長|知事|部|課|室|局|係|委員会|議会|審議会|センター|組合|広域連合))?$"
)
_OWN = re.compile(
    r"^(?:の?(?:個人情報|情報公開|保有個人|機密|公文書|行政|条例)|における|では|が(?:保有|法|個人|管理|発行)|に(?:おいて|おける)|\(以下|は[,、]|の各|の場合)"
)
_LABEL = re.compile(
    r"(?:団体|自治体|市町村|市区町村|都道府県|発行|作成|編集|実施機関|問い?合わ?せ先?|担当|資料|出典)(?:名|者|元|課)?[:・]?$"
)
_ASIDE = re.compile(r"^(?:民健康|町村|民税|等|外(?!部)|立|営)")
_ADDRESS = re.compile(r"^[^\W\d_]{1,12}?(?:\d{1,4}(?:丁目|番|-\d|の\d)|[一二三四五六七八九十]丁目|字|町?大字)")
_NAME_LIKE = re.compile(r"[^\W\d_]{1,7}?[市区町村]")
_UNION = re.compile(
    r"[一-龠ぁ-んァ-ヶー]{2,16}?(?:広域連合|一部事務組合|事務組合|衛生組合|消防組合|広域組合|企業団|市町村圏組合|行政組合)"
)
_MOST = 400  # mentions that are looked at; a list of a thousand addresses says no more than its beginning


def place_evidence(said: Sequence[Said], name: str) -> tuple[list[Evidence], frozenset[str]]:
    """All evidence for municipalities in ``said`` and in the file's ``name``, and the codes that only a misreading or a
    choice among namesakes speaks for.

    Candidates are codes; a union of municipalities, which the register does not have, is its own name.
    """
    found: list[Evidence] = []
    open_mentions: list[tuple[Mention, str, Line]] = []
    doubtful: set[str] = set()
    seen = 0
    for one in said:
        unions = _unions(one)
        found += [Evidence(union, f"{one.place}.union", one.line) for union, _, _ in unions]
        for mention in _mentions(one):
            if any(start <= mention.start < end for _, start, end in unions):
                continue
            seen += 1
            role = _role(mention, one)
            if mention.misread:
                doubtful |= {entry.code for entry in mention.entries}
            if len(mention.entries) == 1:
                found.append(Evidence(mention.entries[0].code, f"{one.place}.{role}", one.line))
            else:
                open_mentions.append((mention, f"{one.place}.{role}", one.line))
        if seen > _MOST:
            break
    hints = hinted(name)
    where = said[0].line if said else None
    found += _of_open(open_mentions, found, said, hints, doubtful)
    found = _with_siblings(found)
    found += [Evidence(code, "file.name" if len(hints) == 1 else "file.names", where) for code in hints]
    return found, frozenset(doubtful - {e.candidate for e in found if not _is_doubtful(e, doubtful)})


def _is_doubtful(piece: Evidence, doubtful: set[str]) -> bool:
    return piece.candidate in doubtful


def _unions(one: Said) -> list[tuple[str, int, int]]:
    """The unions of municipalities that a title or heading names, each with its place in the line's ``key``."""
    if one.place not in ("title", "heading"):
        return []
    found = _UNION.finditer(key(one.line.text))
    return [(m[0], *m.span()) for m in found if not re.match(r"^(?:関係|各|全|一部事務組合|広域連合)", m[0])]


def _mentions(one: Said) -> list[Mention]:
    """The municipalities a line names; in a recognised title also one whose name was misread by a letter."""
    found = mentions(one.line.text)
    if found or one.place != "title" or one.line.reader not in ("rapidocr", "ocr_text"):
        return found
    for part in _NAME_LIKE.finditer(key(one.line.text)):
        wanted = re.sub(r"^.*(?:年度|[都府県])", "", part[0])
        order = ranked(wanted, [e.name for e in municipalities() if " " not in e.name], recognised=True)
        (best, score), (_, next_score) = order[0], order[1]
        if len(wanted) >= 3 and score >= 0.66 and score - next_score >= 0.1:
            entries = tuple(e for e in municipalities() if e.name == best)
            found.append(Mention(entries, part.end() - len(wanted), part.end(), misread=score < 1))
    return found


def _role(mention: Mention, one: Said) -> str:
    """As what a line names a municipality."""
    text = key(one.line.text)
    before, after = text[: mention.start], text[mention.end :]
    if mention.misread:
        return "misread"
    if re.search(r"[^\W\d_ぁ-ん]$", before) and not re.search(
        r"(?:年度?|[都道府県郡市]|版|元年|月|者|元|名|先|担当)$", before
    ):
        return "tail"  # the tail of another word: 会津 + 津市
    if _LABEL.search(before):
        return "label"
    if re.match(r"^[にへ](?:提供|対する|派遣)", after):
        return "receiver"
    if after.startswith("内"):
        return "inside"
    if _ADDRESS.match(after):
        return "address"
    if _ASIDE.match(after):
        return "aside"
    if _alone(before, after):
        return "alone_last" if one.last else "alone"
    if _OFFICE.match(after):
        return "office_last" if one.last else "office"
    if _OWN.match(after):
        return "own"
    if one.place in ("title", "heading") and _REPORT.search(after):
        return "report"
    return "of" if after.startswith("の") else "plain"


def _alone(before: str, after: str) -> bool:
    """The name, with a year or an office at most, is all that the line says. (A page number may stand beside it.)"""
    after = re.sub(r"(?:令和|平成)?(?:\d+|元)年度?", "", after)
    lead = re.sub(r"(?:北海道|東京都|(?:京都|大阪)府|[^\W\d_]{2,3}県)?(?:[^\W\d_]{1,4}郡)?$", "", before)
    return not re.sub(r"[\W\d_]+", "", lead) and bool(_IMPRINT.match(re.sub(r"[\W\d]+$", "", after)))


def _of_open(
    open_mentions: Sequence[tuple[Mention, str, Line]],
    found: Sequence[Evidence],
    said: Sequence[Said],
    hints: Sequence[str],
    doubtful: set[str],
) -> Iterator[Evidence]:
    """Evidence of names that several municipalities bear: 西区, 府中市."""
    certain = {e.candidate for e in found}
    names = {by_code()[c].name for c in certain if c in by_code()}
    together = _city_of_wards([m for m, _, _ in open_mentions], certain)
    for mention, kind, line in open_mentions:
        entry, sure = _settled(mention, certain, names, together, said, hints)
        if entry is not None:
            yield Evidence(entry.code, kind if sure else f"{kind.partition('.')[0]}.namesake", line)
            if not sure:
                doubtful.add(entry.code)


def _city_of_wards(open_mentions: Sequence[Mention], certain: set[str]) -> str:
    """The one city whose wards all these are (灘区, 北区, 西区: 神戸市); "" where it is open, or only one is named."""
    wards = [{e.name.split()[0] for e in m.entries if " " in e.name} for m in open_mentions]
    wards += [{by_code()[c].name.split()[0]} for c in certain if c in by_code() and " " in by_code()[c].name]
    named = {tuple(sorted(cities)) for cities in wards if cities}
    if len(named) < 2:
        return ""
    common = set.intersection(*map(set, named))
    return common.pop() if len(common) == 1 else ""


def _settled(
    mention: Mention,
    certain: set[str],
    names: set[str],
    together: str,
    said: Sequence[Said],
    hints: Sequence[str],
) -> tuple[Municipality | None, bool]:
    """Which of several municipalities of one name is meant, and whether that is certain; None where nothing tells."""
    same = [e for e in mention.entries if e.code in certain]
    same += [e for e in mention.entries if " " in e.name and e.name.split()[0] in (names | {together})]
    if len({e.code for e in same}) == 1:
        return same[0], True
    of_hint = [e for e in mention.entries if e.code in hints]
    if len(of_hint) == 1:
        return of_hint[0], False
    text = key("".join(one.line.text for one in said[:200]))
    spoken = {e: text.count(key(e.prefecture)) for e in mention.entries}
    most = max(spoken.values())
    likely = [e for e, n in spoken.items() if n == most > 0]
    if len(likely) == 1:
        return likely[0], False
    # 中央区 alone is Tokyo's: a designated city's ward hardly reports without its city's name.
    whole = [e for e in mention.entries if " " not in e.name]
    return (whole[0] if whole else None), False


def _with_siblings(found: Sequence[Evidence]) -> list[Evidence]:
    """The evidence, wards that are listed beside others of their city speaking for the city and not for themselves."""
    wards: defaultdict[str, set[str]] = defaultdict(set)
    prefectures: defaultdict[str, set[str]] = defaultdict(set)
    for piece in found:
        entry = by_code().get(piece.candidate)
        if entry is None or entry.is_prefecture:
            continue
        prefectures[entry.prefecture].add(entry.code)
        if " " in entry.name:
            wards[entry.name.split()[0]].add(entry.code)
    made: list[Evidence] = []
    for piece in found:
        entry = by_code().get(piece.candidate)
        place, _, role = piece.kind.partition(".")
        listed = entry is not None and " " in entry.name and len(wards[entry.name.split()[0]]) > 1
        among = entry is not None and not entry.is_prefecture and len(prefectures[entry.prefecture]) > 3
        if (
            entry is not None
            and listed
            and (place in ("head", "stub") or role not in ("report", "office", "label", "alone"))
        ):
            made.append(Evidence(piece.candidate, f"{place}.sibling", piece.line))
            city = _city(entry)
            if city:
                made.append(Evidence(city, f"{place}.parent", piece.line))
        elif among and role in ("plain", "of", "tail", "namesake") and place in ("head", "stub", "prose", "note"):
            made.append(Evidence(piece.candidate, f"{place}.sibling", piece.line))
        else:
            made.append(piece)
    return made


def _city(ward: Municipality) -> str:
    """The code of the city of a ward."""
    name = ward.name.split()[0]
    return next((e.code for e in municipalities() if e.name == name and e.prefecture == ward.prefecture), "")


def hinted(name: str) -> list[str]:
    """The codes that a file name hints at: a name, or a code with a right check digit."""
    stem = PurePath(name).stem
    codes = [c for c in re.findall(r"(?<!\d)\d{6}(?!\d)", stem) if check_digit(c) and c in by_code()]
    by_five = {c[:5]: c for c in by_code()}
    codes += [by_five[c] for c in re.findall(r"(?<!\d)\d{5}(?!\d)", stem) if c in by_five]
    named = [e.code for mention in mentions(stem) for e in mention.entries if len(mention.entries) == 1]
    return list(dict.fromkeys([*codes, *named]))
