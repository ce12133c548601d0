"""Marks that dirt on a scan leaves in a reading: brackets without their other half, full stops amid kanji."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

# Specks read as marks between or after Japanese letters and their brackets; ア.住所 is set so.
_STRAY = re.compile(
    r"(?<=[^!-(*-~])(?<!^[ア-ンあ-ん一-十])(?<![、。・,\s)][ア-ンあ-ん一-十])[.'\"`]+(?=[^!-')-~])|(?<=[^!-(*-~])['\"`.]$"
)
_ENUMERATED = re.compile(r"(?:^|(?<=[\s、。・,]))[0-9A-Za-zア-ンあ-ん一-十]{1,2}\)")
_BRACKETS = (("(", ")"), ("[", "]"), ("「", "」"), ("『", "』"), ("【", "】"), ("〔", "〕"), ("《", "》"), ("〈", "〉"))
_MISGROUPED = re.compile(r"\d,\d{1,2}\.\d|\d\.\d+,\d|\d[;:]\d{3}(?!\d)")  # 2,6.00 and 1;300
# …する。1, and …提 共 whose blank is half a letter.
_STRAY_END = re.compile(r"。[0-9A-Za-z|]{1,2}$|[ぁ-ん一-鿿]{4} [ぁ-ん一-鿿]$")
_SENTENCE = re.compile(r"[ぁ-ん一-鿿、]{6,}[るたすいんうく]$")
_USUAL = 0.75  # the share of a column's sentences that end with 。, where all do
_SEVERAL = 2  # more of them are the writer's own way: 、 and 。 set as , and .


def without_noise(text: str) -> str:
    """The text without marks that only specks can be."""
    return _STRAY.sub("", text)


def with_brackets_closed(text: str) -> str:
    """The text without the half bracket that the second stroke of り may look like."""
    return text.replace("り)", "り", 1) if text.count(")") == text.count("(") + 1 else text


def unsound(text: str) -> bool:
    """Does it hold a mark that no writer set: half a bracket, a stray full stop or quote, 2,6.00?"""
    plain = _ENUMERATED.sub("", unicodedata.normalize("NFKC", text))
    if 0 < len(_STRAY.findall(text)) <= _SEVERAL or _MISGROUPED.search(plain):
        return True
    if _STRAY_END.search(plain):
        return True
    return any(plain.count(opening) != plain.count(closing) for opening, closing in _BRACKETS)


def without_stop(texts: Sequence[str]) -> list[int]:
    """Which of the texts of a column are sentences without 。 where nearly all others have one: it may be worn away."""
    stopped = sum(text.endswith("。") for text in texts)
    open_ended = [i for i, text in enumerate(texts) if _SENTENCE.search(text)]
    return open_ended if stopped > 1 and stopped >= _USUAL * (stopped + len(open_ended)) else []
