"""Numerals as they stand in years, dates and references (``元``, ``十二``), and the error of text that is no value."""

from __future__ import annotations

import re
import unicodedata

_KANJI = "〇一二三四五六七八九"


class CastError(ValueError):
    """The text is not certainly a value of the type asked for; ``text`` is the text, ``type`` the type."""

    def __init__(self, text: str, type: str) -> None:
        super().__init__(f"{text!r} is no {type}")
        self.text, self.type = text, type

    def __reduce__(self) -> tuple[type[CastError], tuple[str, str]]:
        return type(self), (self.text, self.type)


def numeral(text: str) -> int:
    """A small number in digits, kanji (十二), Roman (Ⅳ by NFKC: IV) or circled figures (②); 元 is 1."""
    printed = unicodedata.normalize("NFKC", text).strip()
    if printed == "元":
        return 1
    if re.fullmatch(r"\d{1,4}", printed, re.ASCII):
        return int(printed)
    if tens := re.fullmatch(r"([一二三四五六七八九]?)(十)([一二三四五六七八九]?)", printed):
        return 10 * (_KANJI.index(tens[1]) if tens[1] else 1) + (_KANJI.index(tens[3]) if tens[3] else 0)
    if 0 < len(printed) <= 4 and all(c in _KANJI for c in printed):
        return int("".join(str(_KANJI.index(c)) for c in printed))
    raise CastError(text, "numeral")
