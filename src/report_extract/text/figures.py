"""The one grammar of figures: is this text a figure, which, of what unit, and in how strict a sense?

Three forms, each wider than the one before:

- ``strict``: digits with a sign, separators of thousands and decimals; a dash for none. ``1,234``, ``△3.5``, ``-``.
- ``printed``: with what is printed around a figure: a unit (``3か所``, ``12.3%``, ``1億2,000万円``), brackets
  (``(3)``), a mark of a note (``39 a)``), a word before it (``約3``); and the words and marks that stand where a
  figure is withheld or makes no sense (``…``, ``X``, ``皆増``).
- ``recognised``: with what a recogniser makes of a figure: blanks between digits, letters like digits (``l2``, ``3O``),
  specks around it. Such a figure says what was probably meant, and is never a value without more.

Dates, ranges, codes and numbers of order (``令和6年``, ``9110-00``, ``第3``) are no figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from .normalize import normal

Form = Literal["strict", "printed", "recognised"]
_FORMS: tuple[Form, ...] = ("strict", "printed", "recognised")

# What is counted, as it stands behind a figure.
COUNTERS = (
    "件|人|名|回|枚|世帯|戸|部|冊|台|校|園|者|社|棟|日|機関|団体|施設|事業|点|通|例|筆|本|個|組|口|頭|羽|[かカヶケヵヵ箇個]所|"
    "室|床|匹|食|着|隻|機|基|館|店|店舗|軒|路線|系統|便|面|学級|クラス|講座|科目|議席|席|票|曲|種|種類|品目|箱|袋|株|案|項目|"
    "頁|ページ|コマ|泊|単位|区画|地区|箇年|[かカヶケヵ箇]国|[かカヶケヵ箇]月|[かカヶケヵ箇]年|議案|区間|工区|駅|橋|河川|水系|車両|両|巻|筋|式|"
    "人日|人月|人回|延べ人|人泊|セット|ケース|グループ|チーム|サークル|自治会|法人|企業|事業所|病院|診療所|住戸|区|市|町|村|票"
)
# What is measured.
MEASURES = (
    "円|ドル|ユーロ|元|%|‰|パーセント|ポイント|pt|倍|割|ppm|ppb|mm|cm|m|km|m2|km2|mm2|cm2|m3|km3|cm3|ha|a|アール|ヘクタール|"
    "メートル|キロメートル|平方メートル|平方キロメートル|立方メートル|平米|坪|L|l|dl|dL|ml|mL|kl|kL|Ml|リットル|キロリットル|"
    "g|kg|mg|μg|ng|pg|t|トン|kt|グラム|キログラム|W|kW|MW|kWh|MWh|Wh|V|A|Hz|dB|°C|℃|度|J|kJ|MJ|GJ|TJ|cal|kcal|Bq|Gy|μSv|"
    "時間|分|秒|日間|週間|週|年間|pg-TEQ|t-CO2|kg-CO2|g-CO2|tCO2|kgCO2|CO2|CFU|MPN|NTU|mS|pH|hPa|Pa|kPa|MPa|mol"
)
# Behind these a figure names a place in an order, not a quantity: 令和6年, 4月, 3歳, 第2位.
_ORDERS = (
    "年|年度|月|日|歳|才|時|号|番|番地|丁目|位|期|級|類|学年|年生|年目|年次|月分|年分|週目|日目|回目|歳児|"
    "年中|月中|月期|条|項"
)
_POWERS = {
    "十": 1, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "億": 8, "十億": 9, "百億": 10, "千億": 11,
    "兆": 12,
}  # fmt: skip
_POWER = "|".join(sorted(_POWERS, key=len, reverse=True))


def _longest(words: str) -> str:
    return "|".join(sorted(dict.fromkeys(words.split("|")), key=len, reverse=True))


_QUANTITY = rf"(?:{_longest(COUNTERS + '|' + MEASURES)})"
_UNIT = rf"(?:(?:{_POWER})?{_QUANTITY}(?:/(?:\d{{1,6}})?(?:{_POWER})?(?:{_QUANTITY}|日|年|月|h|s|時))?)"
_ORDER = rf"(?:{_longest(_ORDERS)})"

_DASHES = "-‐‑‒–—―−─━ー"  # after NFKC; ー is what typists use for a dash
_MINUS = "△▲\\-−–‐"
_DIGITS = r"\d{1,3}(?:,\d{3}){1,4}|\d{1,15}"
_NUMBER = rf"(?P<sign>[{_MINUS}+]?)\s?(?P<digits>{_DIGITS})(?P<fraction>\.\d{{1,15}})?"
_STRICT = re.compile(_NUMBER, re.ASCII)
_NONE = re.compile(rf"[{_DASHES}]{{1,3}}")
_SAID_NONE = re.compile(rf"(?:[{_DASHES}]{{1,3}}|なし|無し|該当なし|該当無し|皆無)\s?(?P<unit>{_UNIT})?")

# Why there is no figure, by what is printed in its place (総務省統計局「統計表で用いる記号」 and common usage).
_WHY = {
    "不詳": "… ・・・ ... ‥ ・・ .. 不詳 未詳 :", "不明": "不明", "調査中": "調査中 集計中", "未定": "未定",
    "未調査": "未調査", "欠測": "欠測 欠", "秘匿": "X x χ Χ 秘匿 非公表 非公開", "検出されない": "ND N.D. n.d.",
    "なし": "nil",
    "該当なし": "・ △ ▲ -%", "皆増": "皆増 全増", "皆減": "皆減 全減",
    "該当しない": "*** ** * × / \\ 斜線 # † N/A n/a NA na n.a. N.A.",
}  # fmt: skip
MISSING = {mark: why for why, marks in _WHY.items() for mark in marks.split()}

_BEFORE = r"(?:(?P<about>約|およそ|ほぼ)|延べ?|のべ|計|各|[¥\\$€£](?!$)|[rpRP](?=\s?\d))?\s?"
_MARK = r"(?:[(]?(?:注|※)\s?\d{0,2}[)]?|\*{1,3}\d{0,2}|[†‡§]|[a-z][)](?:[a-z][)])*)"
_PRINTED = re.compile(
    rf"(?:{_MARK}\s?)?{_BEFORE}(?P<bound>[<>≤≥≦≧])?±?\s?"
    rf"(?P<sign>[{_MINUS}+]?)\s?(?P<digits>{_DIGITS}|(?=\.\d))(?P<fraction>\.\d{{1,15}})?"
    rf"\s?(?:(?P<order>{_ORDER})(?!\w)|(?P<unit>{_UNIT})|(?P<power>{_POWER}))?(?P<limit>以上|未満|以下|超|余|強|弱|程度)?(?:\s?{_MARK})?",
    re.ASCII,
)
_CIRCLED = re.compile("[\u2460-\u24ff\u2776-\u2793\u3220-\u3247\u3251-\u325f\u3280-\u32bf]")
_NOTED = re.compile(
    "(.*[0-9０-９%％件人])\\s?[\u00b9\u00b2\u00b3\u2070\u2074-\u2079\u2080-\u2089\u2460-\u24ff\u2776-\u2793\u207d\u207e]{1,4}"
)
_BRACKETED = re.compile(r"[(\[<【〔《](?P<inside>[^()\[\]<>【】〔〕《》]*)[)\]>】〕》](?P<after>.{0,4})")
# 1億2,345万6千円: every part with its power of ten.
_PARTS = re.compile(
    rf"(?P<sign>[{_MINUS}]?)\s?(?P<parts>(?:(?:{_DIGITS})(?:\.\d{{1,4}})?(?:{_POWER})){{1,4}}(?:{_DIGITS})?)(?P<unit>{_QUANTITY})?",
    re.ASCII,
)
_PART = re.compile(rf"(?P<digits>{_DIGITS})(?P<fraction>\.\d{{1,4}})?(?P<power>{_POWER})?", re.ASCII)

_LAST_UNIT = re.compile(rf"(?<=[\dOolI|])\s?{_UNIT}$")

# What recognisers take for digits.
_LIKE_DIGITS = str.maketrans({
    "O": "0", "o": "0", "○": "0", "〇": "0", "D": "0", "l": "1", "I": "1", "|": "1", "i": "1", "!": "1", "Z": "2",
    "S": "5", "s": "5", "B": "8", "q": "9", "，": ",", "．": ".", "、": ",", "。": ".", "'": "",
})  # fmt: skip
_SPECKS = " .,:;'`\"_|~^*・°。、"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as read from a text.

    Attributes:
        value: the number, 0 for a dash; None where the page says why there is none.
        form: the strictest form that the text has.
        kind: "number"; "none" for a dash or a word for nothing; "missing" for a mark in the place of a figure;
            "limit" where only a bound or an estimate is given (``<0.01``, ``約3``, ``5以上``): ``value`` is that bound.
        unit: as printed, "" where none is.
        decimals: how many are printed.
        bracketed: does it stand in brackets?
        order: does its unit make it a place in an order (``4月``), not a quantity?
        marked: does anything but sign and unit stand beside it: a note's mark, a word before it?
        why: for a missing one, what its mark means (a value of ``MISSING``).
    """

    value: Decimal | None
    form: Form = "strict"
    kind: Literal["number", "none", "missing", "limit"] = "number"
    unit: str = ""
    decimals: int = 0
    bracketed: bool = False
    order: bool = False
    marked: bool = False
    why: str = ""


@lru_cache(maxsize=65536)
def figure(text: str, form: Form = "printed") -> Figure | None:
    """The figure that ``text`` as a whole is, in ``form`` or a stricter one; None where it is none.

    ``text`` is a cell's whole text, in any normal form. Two figures (``76 (26)``) are none: see ``figures``.
    """
    if noted := _NOTED.fullmatch(text.strip()):  # 22① and 5¹: the figure, and the mark of a note
        found = figure(noted[1], form)
        return replace(found, form="printed", marked=True) if found and form != "strict" else None
    said = normal(text)
    if not said:
        return None
    found = _strict(said)
    if found is not None and _CIRCLED.search(text):  # ① is a label, whatever NFKC makes of it
        found = replace(found, form="printed", order=True)
        return found if form != "strict" else None
    if found is None and form != "strict":
        found = _printed(said) or _bracketed(said)
    if found is None and form == "recognised":
        found = _recognised(said)
    return found


def is_figure(text: str, form: Form = "printed") -> bool:
    """``text`` is a figure, or stands where one would; a place in an order (``4月``) is not."""
    found = figure(text, form)
    return found is not None and not found.order


def is_number(text: str, form: Form = "printed") -> bool:
    """``text`` is a figure with digits: no dash, no mark for a missing one, no place in an order."""
    found = figure(text, form)
    return found is not None and found.kind == "number" and not found.order


def figures(text: str, form: Form = "printed") -> tuple[Figure, ...]:
    """The figures of a text that holds nothing else: ``76 (26)`` and ``12 34`` have two; () for any other text."""
    whole = figure(text, form)
    if whole is not None:
        return (whole,)
    said = normal(text)
    parts = re.findall(r"[(\[][^()\[\]]*[)\]]|[^\s()\[\]]+", said)
    found = [figure(part, form) for part in parts]
    if len(parts) < 2 or any(f is None for f in found):
        return ()
    return tuple(f for f in found if f is not None)


def unit_of(text: str) -> str:
    """The known unit that ``text`` as a whole is, as printed (``千円``, ``人/km2``, ``か所``); "" for other words."""
    said = re.sub(r"\s", "", normal(text))
    said = re.sub(r"^単位(?:[:;・は]|$)?", "", said)
    if re.fullmatch(rf"(?:1(?:,?0{{1,3}}){{1,2}})?{_UNIT}", said) or re.fullmatch(rf"(?:{_POWER})", said):
        return said
    several = re.split(r"[・,、]|及び|と", said)
    return said if len(several) > 1 and all(re.fullmatch(_UNIT, s) for s in several) else ""


_VALUE = re.compile(r"[\[(<>=≤≥~±△▲+\-–—−‒$€£¥\\]*\d[\d,.:/%\-–~'’*†‡§\])，．]*(?:[a-zA-Z%‰*†‡％]|[一-龠]{1,2})?\)?")


@lru_cache(maxsize=65536)
def is_value(text: str) -> bool:
    """``text`` may stand in a column of figures: a figure, or a range, ratio, time, code or date in digits (``27~35``).

    The widest question, for finding columns; what it says yes to need not have a value.
    """
    return is_figure(text) or bool(_VALUE.fullmatch(text))


def common_unit(found: Iterable[Figure]) -> str | None:
    """The unit that all figures with a unit share; "" where none has one, None where they differ."""
    units = {f.unit for f in found if f.unit}
    return None if len(units) > 1 else next(iter(units), "")


def _strict(said: str) -> Figure | None:
    if _NONE.fullmatch(said):
        return Figure(Decimal(0), kind="none")
    match = _STRICT.fullmatch(said)
    return _number(match, "strict") if match else None


def _printed(said: str) -> Figure | None:
    if said in MISSING:
        return Figure(None, "printed", "missing", why=MISSING[said])
    if none := _SAID_NONE.fullmatch(said):
        return Figure(Decimal(0), "printed", "none", none["unit"] or "")
    match = _PRINTED.fullmatch(said)
    if match and (match["digits"] or match["fraction"]):
        return _dressed(match, said)
    if match := _PARTS.fullmatch(said):
        return _of_parts(match)
    return None


def _dressed(match: re.Match[str], said: str) -> Figure:
    """A figure with its unit, power of ten, and what else stands beside it."""
    found = _number(match, "printed")
    power = Decimal(10) ** _POWERS.get(match["power"] or "", 0)
    unit = match["order"] or match["unit"] or ""
    bare = said.startswith(match["sign"] or match["digits"] or match["fraction"])
    return replace(
        found,
        value=None if found.value is None else found.value * power,
        kind="limit" if match["bound"] or match["limit"] or match["about"] else "number",
        unit=unit,
        order=bool(match["order"]),
        marked=not bare or not said.endswith(unit or match["power"] or tuple("0123456789")),
    )


def _bracketed(said: str) -> Figure | None:
    """``(3)``, ``[12]``, ``(5)人``."""
    match = _BRACKETED.fullmatch(said)
    if not match:
        return None
    found = _strict(match["inside"].strip()) or _printed(match["inside"].strip())
    after = match["after"].strip()
    if found is None or (after and not unit_of(after)):
        return None
    return replace(found, form="printed", bracketed=True, unit=after or found.unit)


def _recognised(said: str) -> Figure | None:
    """A figure with what a recogniser puts around or into it: half of its signs at least are digits as they stand."""
    bare = said.strip(_SPECKS)
    unit = _LAST_UNIT.search(bare)
    digits, tail = (bare[: unit.start()], unit[0]) if unit else (bare, "")
    if not digits or sum(c.isdigit() for c in digits) * 2 < len(re.sub(r"[\s,.]", "", digits)):
        return None
    closed = re.sub(r"\s*([,.])\s*", r"\1", digits.translate(_LIKE_DIGITS)).strip(_SPECKS)
    closed = re.sub(r"(?<=\d)\s+(?=\d)", "", closed)
    closed = re.sub(r"(?<=\d)\.(?=\d{3}(?:[,.]\d{3})*$)", ",", closed) if "," in closed else closed
    found = _strict(closed) or _printed(closed + tail)
    return replace(found, form="recognised", unit=found.unit or tail) if found and found.kind == "number" else None


def _number(match: re.Match[str], form: Form) -> Figure:
    sign = "-" if match["sign"] and match["sign"] in "△▲-−–‐" else ""
    fraction = match["fraction"] or ""
    value = Decimal(sign + (match["digits"].replace(",", "") or "0") + fraction)
    return Figure(value, form, decimals=max(0, len(fraction) - 1))


def _of_parts(match: re.Match[str]) -> Figure | None:
    """1億2,345万円 as its number of ones; powers must fall from part to part."""
    total, last = Decimal(0), 99
    for part in _PART.finditer(match["parts"]):
        power = _POWERS.get(part["power"] or "", 0)
        if power >= last:
            return None
        total += Decimal(part["digits"].replace(",", "") + (part["fraction"] or "")) * Decimal(10) ** power
        last = power
    return Figure(-total if match["sign"] else total, "printed", unit=match["unit"] or "")
