"""References to the paragraphs and items of a law as printed: ``第2項第1号 本人同意``, ``本人同意(法69②一)``."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from .normalize import normal
from .numerals import CastError, numeral

# A reference to a law's paragraph (項) and item (号). Circled figures stand as <1> so that NFKC keeps them apart.
_N = r"(?:(?<!\d)\d{1,3}|[〇一二三四五六七八九十]{1,4}|<\d{1,2}>)"
_ARTICLE = rf"(?:(?:個人情報(?:の)?保護(?:に関する)?)?(?:法律?|条例)\s?)?(?:第?\s?{_N}\s?条(?:の{_N})?\s?(?:の\s?)?)?"
_REFERENCE = re.compile(
    rf"{_ARTICLE}第?\s?(?P<paragraph>{_N})\s?項\s?(?:の\s?)?(?:第?\s?(?P<item>{_N})\s?号|(?P<circled>[<(]\d{{1,2}}[>)])|各号)?"
    rf"|{_ARTICLE}第\s?(?P<item_only>{_N})\s?号"
    r"|(?:法|第)?\s?(?<!\d)(?P<article>\d{2,3})(?!\d)条?(?:<(?P<short>\d{1,2})>第?(?P<short_item>[一二三四五六七八九十]{1,4}|<\d{1,2}>|\d{1,2}(?=号))?号?"
    r"|-(?P<dashed>\d)-(?P<dashed_item>\d{1,2})(?!\d))"
)
_BETWEEN = r"\s?(?:・|、|,|及び|又は|並びに|または|および|から|~|-)\s?"
_MORE = re.compile(rf"{_BETWEEN}(?:第?\s?{_N}\s?[項号]|<\d+>)")
_LEAD = " ・:、,-~"


class Reference(NamedTuple):
    """A legal basis: 項 and 号 as printed, None where not named, and the wording without them."""

    paragraph: int | None
    item: int | None
    rest: str


def legal_reference(text: str) -> Reference:
    """Paragraph, item and wording: ``第2項第1号 本人同意``, ``法69条2項1号``, ``本人同意(法69②一)``.

    A text without a reference is all wording. One that names several (第2項第1号・第2号) raises CastError.
    """
    circled = re.sub("[①-⑳]", lambda c: f"<{unicodedata.numeric(c[0]):.0f}>", text)
    printed = normal(circled)
    found = list(_REFERENCE.finditer(printed))
    if not found:
        return Reference(None, None, _uncircled(printed))
    leading = not printed[: found[0].start()].strip("(（[【<" + _LEAD)
    chosen = found[0]
    several = {_numbers(m) for m in found}
    if _MORE.match(printed, chosen.end()) or (len(several) > 1 and not leading):
        raise CastError(text, "legal reference")
    return Reference(*_numbers(chosen), _uncircled(_without(printed, *chosen.span())))


def _numbers(found: re.Match[str]) -> tuple[int | None, int | None]:
    paragraph = found["paragraph"] or found["short"] or found["dashed"]
    item = found["item"] or found["circled"] or found["item_only"] or found["short_item"] or found["dashed_item"]
    first, second = (numeral(n.strip("<>()")) if n else None for n in (paragraph, item))
    return first, second


def _without(printed: str, start: int, end: int) -> str:
    """The wording without its reference; a reference amid a sentence stays, as the sentence needs it."""
    head, tail = printed[:start], printed[end:]
    closing = re.match(r"\s?(?:に?該当|関係|による(?:もの)?)?[)\]】]", tail)
    if head[-1:] in tuple("([【") and closing:
        head, tail = head[:-1], tail[closing.end() :]
    elif head.strip(_LEAD) and tail.strip():
        return printed
    return (head.rstrip(_LEAD) + " " * bool(head.strip() and tail.strip()) + tail.lstrip(_LEAD)).strip()


def _uncircled(printed: str) -> str:
    return re.sub(r"<(\d+)>", r"\1", printed)
