"""Text as it is emitted and as it is compared: normal forms, variants, the closest of several names.

Two forms, never mixed up: ``normal`` is what is written out and keeps the printed letters; ``key`` only
decides whether two texts say the same, and folds what printers, fonts and habits vary.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import Indel, Levenshtein

from .confusables import OLD_FORMS, PRINT_ALIKE, pairs

UNKNOWN = "\ufffd"  # stands for a letter that nobody could tell
# Unicode's EquivalentUnifiedIdeograph for CJK Radicals Supplement, where NFKC does nothing (Unicode 14).
# Fonts whose ToUnicode map took a glyph's first code point give these instead of plain kanji. The last line
# is for Kangxi radicals whose NFKC is a form that no Japanese font means by the glyph (⼾: 戸, not 戶).
_RADICALS = pairs(
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇𠘨⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑𡯂⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵"
    "⺛旡⺜日⺝月⺞歺⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪𤴔⺫目⺬示⺭礻⺮𥫗⺯糹⺰纟⺱罓⺲罒⺳㓁⺴冗"
    "⺵𦉫⺶羊⺷𦍌⺸𦍋⺹耂⺺肀⺻聿⺼肉⺽𦥑⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇𧢲⻈讠⻉贝⻊𧾷⻋车⻌辶⻍辶"
    "⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻕𨸏⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞𩙿⻟飠⻠饣⻡𩠐⻢马⻣骨⻤鬼⻥鱼⻦鸟"
    "⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀"
    "⼾戸⾭青⿈黄⿊黒"
)

# Zero-width and direction marks carry nothing here, and a hostile file hides text with them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_BREAK = re.compile(r"[^\S\n\v\f\r\x85\u2028\u2029]*[\n\v\f\r\x85\u2028\u2029]+\s*")
_VARIATION = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# A footnote mark after a figure: NFKC alone would make 51 of 5¹ and 5①.
_NOTE_MARK = re.compile(r"(?<=[\d%件人])(?=[²³¹⁰⁴-⁹₀-₉①-⓿❶-➓㉈-㉏㉑-㉟㊱-㊿])")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_CJK = "\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SPREAD = re.compile(rf"(?<![^()\[\]<>:,、。・])[{_CJK}](?: [{_CJK}])+(?![^()\[\]<>:,、。・])")

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−─━﹣", "-"))
_WAVES = str.maketrans(dict.fromkeys("〜∼～〰", "~"))
_MIDDLE_DOTS = str.maketrans(dict.fromkeys("·•･∙⋅‧", "・"))
_MARKS = str.maketrans("、。∶“”‘’「」『』〔〕【】", ',.:""\'\'""""()[]')
_SMALL_KE = str.maketrans("ヶヵ", "ケカ")


@lru_cache(maxsize=65536)
def normal(text: str) -> str:
    """The form in which text is emitted: NFKC, line breaks closed, blanks folded, spread letters closed up.

    A line break vanishes, as Japanese wraps anywhere, but stands for a blank between two Latin letters.
    ``合 計`` becomes 合計. The letters stay as printed: 髙 is not made 高.
    """
    text = unicodedata.normalize("NFKC", _NOTE_MARK.sub(" ", _UNSEEN.sub("", text)).translate(_RADICALS))
    text = re.sub(r"[^\S\n]+", " ", _BREAK.sub(_joined, text.strip()))
    text = unicodedata.normalize("NFKC", text)
    return _SPREAD.sub(lambda spread: spread[0].replace(" ", ""), text)


def _joined(gap: re.Match[str]) -> str:
    """What stands for a line break: a blank between Latin letters, else nothing."""
    before, after = gap.string[: gap.start()][-1:], gap.string[gap.end() :][:1]
    return " " if _LATIN.match(before) and _LATIN.match(after) else ""


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """The form in which text is compared.

    ``normal`` without any blank; dashes, wave dashes, middle dots, brackets and quotation marks unified;
    旧字体, 異体字 and variation selectors folded. Equal keys mean the same text to a reader.
    """
    text = unicodedata.normalize("NFKC", _VARIATION.sub("", re.sub(r"\s+", "", normal(text))))
    for table in (_DASHES, _WAVES, _MIDDLE_DOTS, _MARKS, _SMALL_KE, OLD_FORMS):
        text = text.translate(table)
    return text


def confusable_key(text: str) -> str:
    """``key`` with letters that print alike folded too (力 and カ): for comparing recognised text only."""
    return key(text).translate(PRINT_ALIKE)


def similarity(a: str, b: str) -> float:
    """How alike two texts are by their keys, 0..1 (1 less the normalised indel distance)."""
    return Indel.normalized_similarity(key(a), key(b))


def highest_similarity(text: str, keys: Sequence[str], at_least: float) -> float:
    """How alike a text is to the likest of ``keys``, 0..1; 0 where none comes up to ``at_least``."""
    found = process.extractOne(key(text), keys, scorer=Indel.normalized_similarity, score_cutoff=at_least)
    return found[1] if found else 0.0


class Match(NamedTuple):
    """The closest of several candidates.

    Attributes:
        candidate: as given; "" where there were none.
        score: its similarity, 0..1.
        margin: by how much it is ahead of the next candidate with another key, 0..1.
    """

    candidate: str
    score: float
    margin: float


def ranked(text: str, candidates: Iterable[str], *, recognised: bool = False) -> list[tuple[str, float]]:
    """Candidates with their similarity to ``text``, the most similar first, one a key; of equals the first.

    Printed variants leave out and put in letters, so that they are compared by indel distance. ``recognised``
    text has letters misread: compared by Levenshtein distance, letters that print alike (力 and カ) forgiven.
    """
    fold = confusable_key if recognised else key
    alike = Levenshtein.normalized_similarity if recognised else Indel.normalized_similarity
    wanted = fold(text)
    named: dict[str, str] = {}
    for candidate in candidates:
        named.setdefault(fold(candidate), candidate)
    scored = [(candidate, alike(wanted, form)) for form, candidate in named.items()]
    return sorted(scored, key=lambda pair: -pair[1])


def closest(text: str, candidates: Iterable[str], *, recognised: bool = False) -> Match:
    """The candidate most like ``text``, and how far it is ahead; see ``ranked``."""
    order = ranked(text, candidates, recognised=recognised)
    if not order:
        return Match("", 0.0, 0.0)
    (best, score), *others = order
    return Match(best, score, score - (others[0][1] if others else 0.0))
