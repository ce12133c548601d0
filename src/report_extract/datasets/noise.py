"""Marks of a recogniser's slips in text that came from one: stray marks, lines read twice, lines bled in.

What is certainly no part of the text is taken away; all else only gives a reason to look.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable

from ..core.model import Cell
from ..text import normalize

_TAG = re.compile(r"</?[A-Za-z][^<>]{0,20}>")
_LEADING = re.compile(r"^(?:[»«>|_~^`*\\.,;:!?·、。](?:\s+|(?=[^\s])))+")
_TRAILING = re.compile(r"(?:\s+[»«<>|_~^`*\\.,;:·、]+)+$")
_JAPANESE = ("CJK", "HIRAGANA", "KATAKANA", "LATIN", "DIGIT", "IDEOGRAPHIC")
_SHORTEST_REPEAT = 6
_LETTER = "[ぁ-んァ-ヺー一-鿿]"
_STUTTER = re.compile(  # プランの策ランの策定, 個人個人情報, 令和5年令和5年度
    rf"({_LETTER}{{3,40}})\1|({_LETTER}{{4,40}})[、,・]\2|([一-鿿]{{2}})\3|(?=\S{{0,5}}{_LETTER})(\S{{4,40}})\4"
)
# 所在称、所在地
_ITEMS_ALIKE = re.compile(rf"(?:^|[、・,(])(({_LETTER}{{2}}){_LETTER}[、・,]\2{_LETTER})(?![^、・,)])")
# Particles that never follow each other: a letter is lost between them, or one of them is another letter.
_PARTICLES = re.compile("へに|をに|をが|がを|をは|はを|をへ")
_STROKES = re.compile("[二ニ]{2,}|[一二三]{3,}|誤(?=$|[、,・)])")  # what is left of 課, or of a rule
_NO_WORDING = {"内訳", "うち", "うち数", "再掲"}  # of a breakdown's row: the label beside it, not its own wording


def tidied(cell: Cell) -> Cell:
    """The cell without tags and stray marks at its ends; doubted where that took away all or part of a word."""
    if not cell.fallible or not cell.text:
        return cell
    bare = _TAG.sub("", cell.text)
    plain = _TRAILING.sub("", _LEADING.sub("", bare.strip())).strip()
    if plain == cell.text.strip():
        return cell
    return cell.read(plain, "part", cell.confidence).doubted("stray-marks", cell.text)


def slips(said: str) -> list[str]:
    """What in a recognised text looks like a slip, each as a short quotation from it."""
    plain = normalize.normal(said)
    found = [c for c in plain if _foreign(c)]
    found += _unpaired(plain)
    found += _repeats(plain)
    found += _bled(said)
    letters = re.sub(r"(?<=[^!-~])\s+(?=[^!-~])", "", plain)
    for sign in (_STUTTER, _ITEMS_ALIKE, _PARTICLES, _STROKES):
        found += [match[0] for match in sign.finditer(letters) if match[0] not in found]
    found += [plain] if "".join(plain.split()) in _NO_WORDING else []
    return found


def _foreign(letter: str) -> bool:
    """Is this letter of a script that no Japanese report uses?"""
    if not letter.isalpha():
        return False
    name = unicodedata.name(letter, "")
    return not name.startswith(_JAPANESE)


def _unpaired(plain: str) -> list[str]:
    opened = [plain.count(a) - plain.count(b) for a, b in ("()", "「」", "[]", "『』")]
    return [bracket for bracket, off in zip(("( )", "「 」", "[ ]", "『 』"), opened, strict=True) if off]


def _repeats(plain: str) -> list[str]:
    """A phrase said twice in close succession: a line read twice, whole or in part.

    The second line of a pair may start anywhere in the first, so a short tail between blanks counts too.
    """
    found = re.findall(rf"(?=(.{{{_SHORTEST_REPEAT},40}}?)[、,・\s]?\1)", plain)
    pieces = plain.split(" ")
    for before, piece in itertools.pairwise(pieces):
        if len(piece) >= 3 and piece in before:
            found.append(piece)
    half = _SHORTEST_REPEAT + 4
    for at in range(len(plain) - half):
        phrase = plain[at : at + half]
        if phrase in plain[at + half : at + 2 * half + 4]:
            found.append(phrase)
    letters = plain.replace(" ", "")
    tail = pieces[-1] if len(pieces) > 2 else ""
    if 2 <= len(tail) <= 4 and not tail.isascii() and _scrambled(tail, letters[: -len(tail)]):
        found.append(tail)
    return list(dict.fromkeys(found))[:3]


def _scrambled(tail: str, before: str) -> bool:
    """Is a short last line but letters of the line before, out of order (``保険課 康保``)?"""
    return tail not in before and all(letter in before[-len(tail) - 6 :] for letter in tail)


def _bled(said: str) -> list[str]:
    """Short scraps among lines of even length: the neighbouring column's letters between one's own lines."""
    lines = [piece for piece in re.split(r"\s+", said.strip()) if piece]
    if len(lines) < 4:
        return []
    usual = sorted(len(line) for line in lines)[-max(2, len(lines) // 2)]
    scraps = [line for line in lines[:-1] if len(line) <= 3 and len(line) < usual / 2]
    return scraps if len(scraps) >= 2 else []


def doubted(cell: Cell) -> Cell:
    """A recognised text with a doubt for what looks like a slip in it."""
    if not cell.fallible:
        return cell
    found = slips(cell.text)
    return cell.doubted("slip", "・".join(found)) if found else cell


def disordered(cells: Iterable[Cell]) -> bool:
    """Do the cells of a table show so many slips that its other text cannot be taken on trust?

    Only for text that came without any confidence of its own (typed-out OCR).
    """
    typed = [c for c in cells if any(r.by == "ocr_text" for r in c.readings) and normalize.key(c.raw)]
    odd = sum(bool(_TAG.search(c.raw) or slips(c.text)) for c in typed)
    return odd >= 2 and odd >= 0.04 * len(typed)
