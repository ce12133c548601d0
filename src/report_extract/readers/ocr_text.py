"""OCR output as text: tab- or pipe-separated tables among headings and prose.

The text becomes a page as if typed with one width for all: every line has its place, every block of tabbed or
piped lines is a ruled grid with one cell a field, so that the ordinary steps recover its tables.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..core.errors import InputError
from ..core.geometry import BBox
from ..core.model import CHAR, FILL, IMAGE, RULING, RULING_STROKE, Array, Flag, Page
from .bounds import MAX_CHARS, MAX_TEXT_BYTES
from .files import shown

EM = 10.0  # points: the size of the type
LEADING = 14.0  # points from line to line
MARGIN = 36.0
NARROWEST = 40  # ems: the least width of a page between its margins
PADDING = 3.0  # points between a cell's text and its rulings
LONGEST = 4000.0  # ems: only what no page ever held is broken; a field stays on one line, so nothing is rejoined
_HEADING = re.compile(r"^\s*#{1,6}\s+")
_RULE = r"\s*(?::-+:?|-+:|-{2,})\s*"  # one dash alone is a zero in a count column
_SEPARATOR = re.compile(rf"^\s*\|?{_RULE}(?:\|{_RULE})*\|?\s*$")
_ENCODINGS = ("utf-8-sig", "utf-16", "cp932", "euc_jp")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together: rows of fields where ``table``, else lines of one field each."""

    rows: tuple[tuple[str, ...], ...]
    table: bool


class TextDocument:
    """A text file as a document. A form feed begins a new page."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.stat().st_size > MAX_TEXT_BYTES:
            raise InputError(f"{shown(path)}: more than {MAX_TEXT_BYTES >> 20} MiB of text", "split it")
        content = path.read_bytes()
        self.sha256 = hashlib.sha256(content).hexdigest()
        self._pages = decoded(content, shown(path)).split("\f")
        self.page_count = len(self._pages)

    def pages(self, numbers: Iterable[int] | None = None) -> Iterator[Page]:
        """The pages asked for, all without ``numbers``."""
        for number in numbers if numbers is not None else range(1, self.page_count + 1):
            if not 1 <= number <= self.page_count:
                raise InputError(f"{shown(self.path)} has no page {number}", f"it has {self.page_count}")
            if len(self._pages[number - 1]) > MAX_CHARS:
                raise InputError(f"{shown(self.path)}: more than {MAX_CHARS:,} characters a page", "split it")
            yield typed(blocks(self._pages[number - 1]), number)

    def render(self, number: int, dpi: float, bbox: BBox | None = None, colour: bool = False) -> Array:
        """There is no picture of a text: white paper of the size asked for."""
        page = next(self.pages([number]))
        box = bbox or BBox(0.0, 0.0, page.width, page.height)
        scale = dpi / 72
        return np.full((max(1, round(box.height * scale)), max(1, round(box.width * scale))), 255, np.uint8)

    def __enter__(self) -> TextDocument:
        return self

    def __exit__(self, *exc: object) -> None:
        return None


def decoded(content: bytes, name: str) -> str:
    """The text, in whichever of the usual encodings it is."""
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in _ENCODINGS:
        if (encoding == "utf-16") != utf16:
            continue
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        odd = sum(unicodedata.category(c) == "Cc" and c not in "\t\r\n\f" for c in text[:10_000])
        if odd <= len(text[:10_000]) / 100:
            return text.replace("\r\n", "\n").replace("\r", "\n")
        break
    raise InputError(f"{name}: it is neither a PDF, a picture nor a text", "give the file that was published")


def blocks(text: str) -> list[Block]:
    """Tables and the lines between them.

    Lines with the same kind of separator follow one another in a table. A single tabbed line is a table
    only if it has three fields: one tab in a line of its own is an indent or a gap.
    """
    found: list[Block] = []
    run: list[tuple[str, ...]] = []
    kind = ""
    for line in [*text.split("\n"), ""]:
        now = _separator(line)
        if run and now != kind:
            found.append(_block(run))
            run = []
        kind = now
        if now == "\t":
            run.append(tuple(field.strip() for field in line.rstrip("\r").split("\t")))
        elif now == "|" and not _SEPARATOR.match(line):
            run.append(tuple(field.strip() for field in _piped(line)))
        elif not now and line.strip():
            found.append(Block(((_HEADING.sub("", line).strip(),),), False))
    return found


def _separator(line: str) -> str:
    if "\t" in line.strip(" \n"):
        return "\t" if line.strip() else ""
    bare = line.strip()
    piped = bare.startswith("|") or bare.count("|") >= 2 or bool(bare and _SEPARATOR.match(bare) and "|" in bare)
    return "|" if piped else ""


def _piped(line: str) -> list[str]:
    bare = re.sub(r"^\||(?<!\\)\|$", "", line.strip())
    return [field.replace("\\|", "|") for field in re.split(r"(?<!\\)\|", bare)]


def _block(rows: list[tuple[str, ...]]) -> Block:
    """A table, or a line by itself where there is too little to call it one."""
    fields = max(sum(1 for field in row if field) for row in rows)
    if fields < 2 or (len(rows) == 1 and len(rows[0]) < 3):
        return Block(tuple((" ".join(field for field in row if field),) for row in rows), False)
    width = max(len(row) for row in rows)
    return Block(tuple(row + ("",) * (width - len(row)) for row in rows), True)


def ems(letter: str) -> float:
    """How wide a letter is, in ems."""
    if unicodedata.combining(letter):
        return 0.0
    return 1.0 if unicodedata.east_asian_width(letter) in "WFA" else 0.5


def wrapped(text: str) -> list[str]:
    """``text`` in lines of at most ``LONGEST`` ems; there is at least one."""
    step = int(LONGEST)
    return [text[k : k + step] for k in range(0, len(text), step)] or [""]


def typed(parts: list[Block], number: int) -> Page:
    """The page on which ``parts`` stand, one below the other."""
    chars: list[tuple[object, ...]] = []
    rulings: list[tuple[float, float, float, float]] = []
    y, right = MARGIN, MARGIN + NARROWEST * EM
    for part in parts:
        if part.table:
            y, edge = _grid(part, y + LEADING / 2, chars, rulings)
            right = max(right, edge)
            y += LEADING / 2
            continue
        for text in (line for row in part.rows for line in wrapped(row[0])):
            _put(text, MARGIN, y, chars)
            right = max(right, MARGIN + EM * sum(map(ems, text)))
            y += LEADING
    lines = np.zeros(len(rulings), RULING)
    for name, column in zip(("x0", "top", "x1", "bottom"), np.array(rulings).reshape(-1, 4).T, strict=True):
        lines[name] = column
    lines["width"], lines["kind"] = 0.5, RULING_STROKE
    return Page(
        number,
        right + MARGIN,
        y + MARGIN,
        np.array(chars, CHAR),
        lines,
        np.zeros(0, FILL),
        np.zeros(0, IMAGE),
        ("",),
        reader="ocr_text",
    )


def _put(text: str, x: float, y: float, chars: list[tuple[object, ...]]) -> None:
    """Type a line whose box begins at ``x`` and ``y``."""
    for letter in text:
        width = EM * ems(letter)
        if not letter.isspace() and width:
            chars.append((letter, x, y, x + width, y + EM, 0, EM, 0, -1, int(Flag.RECOGNISED)))
        elif chars and not width:
            last = chars[-1]
            chars[-1] = (f"{last[0]}{letter}"[:4], *last[1:])
        x += width


def _grid(
    part: Block, y: float, chars: list[tuple[object, ...]], rulings: list[tuple[float, float, float, float]]
) -> tuple[float, float]:
    """Type a table; returns its bottom and its right edge."""
    cells = [[wrapped(field) for field in row] for row in part.rows]
    widths = [
        max(EM, *(EM * sum(map(ems, line)) for row in cells for line in row[k])) + 2 * PADDING
        for k in range(len(cells[0]))
    ]
    xs = [MARGIN, *(MARGIN + sum(widths[: k + 1]) for k in range(len(widths)))]
    ys = [y]
    for row in cells:
        for x, lines in zip(xs, row, strict=False):
            for k, line in enumerate(lines):
                _put(line, x + PADDING, ys[-1] + PADDING + k * LEADING, chars)
        ys.append(ys[-1] + 2 * PADDING + EM + LEADING * (max(map(len, row)) - 1))
    rulings += [(xs[0], level, xs[-1], level) for level in ys]
    rulings += [(x, ys[0], x, ys[-1]) for x in xs]
    return ys[-1], xs[-1]
