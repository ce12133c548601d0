"""A page being drawn: tables laid out without rules, or with few, and what else stands on pages.

``Sheet`` knows a font, a size and a producer's habits (one string a cell, a word, a letter or a line; in which order);
``Grid`` lays rows out as an office suite does: columns as wide as given, texts that wrap, cells over several columns.
Needs reportlab, as the fixtures do.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from . import layout_words as words

Rows = list[list[str]]
LATIN = ("Helvetica", "Times-Roman", "DejaVuSans", "DejaVuSerif")
JAPANESE = ("IPAGothic", "IPAMincho", "IPAPGothic", "IPAPMincho")
_FILES = {
    "DejaVuSans": "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "DejaVuSerif": "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf",
    "IPAGothic": "/usr/share/fonts/opentype/ipafont-gothic/ipag.ttf",
    "IPAPGothic": "/usr/share/fonts/opentype/ipafont-gothic/ipagp.ttf",
    "IPAMincho": "/usr/share/fonts/opentype/ipafont-mincho/ipam.ttf",
    "IPAPMincho": "/usr/share/fonts/opentype/ipafont-mincho/ipamp.ttf",
}


def font(name: str) -> str:
    """The font under its name, or one that is always there where its file is not."""
    if name in _FILES and name not in pdfmetrics.getRegisteredFontNames():
        try:
            pdfmetrics.registerFont(TTFont(name, _FILES[name]))
        except (TTFError, OSError):
            fallback = "HeiseiKakuGo-W5" if name in JAPANESE else "Helvetica"
            if fallback not in LATIN:
                pdfmetrics.registerFont(UnicodeCIDFont(fallback))
            return fallback
    return name


@dataclass
class Sheet:
    """A PDF being written, from the top left of its first page; lengths in points."""

    rng: random.Random
    japanese: bool
    face: str = ""
    size: float = 10.0
    habit: str = "cell"
    y: float = 70.0
    left: float = 60.0
    stream: io.BytesIO = field(default_factory=io.BytesIO)

    def __post_init__(self) -> None:
        self.face = font(self.rng.choice(JAPANESE if self.japanese else LATIN))
        self.size = self.rng.choice((8, 9, 9.5, 10, 10.5, 11))
        self.habit = self.rng.choice(("cell", "cell", "cell", "word", "letter"))
        self.y = self.rng.uniform(60, 130)
        self.left = self.rng.uniform(50, 90)
        self.canvas = Canvas(self.stream, pagesize=A4, invariant=1)

    @property
    def height(self) -> float:
        return float(A4[1])

    def pdf(self) -> bytes:
        self.canvas.save()
        return self.stream.getvalue()

    def width(self, text: str, size: float = 0.0) -> float:
        return float(pdfmetrics.stringWidth(text, self.face, size or self.size))

    def text(self, x: float, y: float, text: str, size: float = 0.0) -> None:
        """A text whose baseline begins at x, y (from the top), as the producer writes it."""
        size = size or self.size
        self.canvas.setFont(self.face, size)
        pieces = [text]
        if self.habit == "word":
            pieces = [p for w in text.split(" ") for p in (w, " ")][:-1]
        elif self.habit == "letter":
            pieces = list(text)
        for piece in pieces:
            if piece.strip():
                self.canvas.drawString(x, self.height - y, piece)
            x += self.width(piece, size)

    def line(self, x0: float, y0: float, x1: float, y1: float, width: float = 0.6) -> None:
        self.canvas.setLineWidth(width)
        self.canvas.line(x0, self.height - y0, x1, self.height - y1)

    def shade(self, x0: float, y0: float, x1: float, y1: float, grey: float = 0.9) -> None:
        self.canvas.saveState()
        self.canvas.setFillGray(grey)
        self.canvas.rect(x0, self.height - y1, x1 - x0, y1 - y0, stroke=0, fill=1)
        self.canvas.restoreState()

    def wrapped(self, text: str, width: float, size: float = 0.0) -> list[str]:
        """The lines that a text makes in a width: Japanese breaks anywhere, other text at blanks."""
        lines = []
        for part in text.split("\n"):
            line = ""
            for unit in list(part) if self.japanese else [w + " " for w in part.split(" ")]:
                if line and self.width((line + unit).rstrip(), size) > width:
                    lines.append(line.rstrip())
                    line = unit
                else:
                    line += unit
            lines.append(line.rstrip())
        return lines

    def paragraph(self, text: str, width: float, x: float = 0.0, lead: float = 1.4) -> None:
        """Prose from the left edge, or ``x``; goes on below."""
        for line in self.wrapped(text, width):
            self.text(x or self.left, self.y + self.size, line)
            self.y += lead * self.size
        self.y += 0.3 * self.size

    def title(self, text: str) -> None:
        """A line above a table, as near as the producer likes."""
        self.text(self.left, self.y + self.size, text)
        self.y += self.size * self.rng.uniform(1.5, 2.2)

    def page(self) -> None:
        self.canvas.showPage()
        self.y = 60.0


@dataclass
class Grid:
    """How rows are laid out.

    Attributes:
        widths: of the columns.
        aligns: of the columns, "l", "r" or "c"; ``head_aligns`` those of the heading rows.
        head: how many rows are headings.
        pad: white left and right in a cell; ``gap`` white between rows, ``lead`` between lines, as shares of the size.
        spans: (row, first column, last column) of texts set in the middle of several columns.
        middle: are cells of fewer lines set in the middle of their row, rather than at its top? "bottom" in headings.
    """

    rows: Rows
    widths: list[float]
    aligns: str
    head: int = 1
    head_aligns: str = ""
    pad: float = 4.0
    gap: float = 0.7
    lead: float = 1.15
    spans: Sequence[tuple[int, int, int]] = ()
    middle: bool = False
    rule: Callable[[Sheet, Grid, list[float]], None] | None = None
    back: Callable[[Sheet, Grid, list[float]], None] | None = None
    by_column: bool = False
    xs: list[float] = field(default_factory=list)

    def draw(self, sheet: Sheet, x: float = 0.0) -> list[float]:
        """Draws it at the sheet's height, from ``x`` or its left edge; the y of its rows' edges."""
        x = x or sheet.left
        self.xs = [x + sum(self.widths[:c]) for c in range(len(self.widths) + 1)]
        ys, todo = [sheet.y], []
        for r, row in enumerate(self.rows):
            cells = self._cells(sheet, r, row)
            tall = max((len(lines) for _, lines, *_ in cells), default=1)
            top = ys[-1] + 0.5 * self.gap * sheet.size
            for c, lines, x0, x1, align in cells:
                drop = (tall - len(lines)) * (1.0 if r < self.head else 0.5 if self.middle else 0.0)
                todo.append((c, top + drop * self.lead * sheet.size, lines, x0, x1, align))
            ys.append(ys[-1] + (tall * self.lead + self.gap) * sheet.size)
        if self.back:
            self.back(sheet, self, ys)
        for _, y, lines, x0, x1, align in sorted(todo, key=lambda t: t[0]) if self.by_column else todo:
            for i, line in enumerate(lines):
                wide = sheet.width(line)
                at = {"l": x0 + self.pad, "r": x1 - self.pad - wide, "c": (x0 + x1 - wide) / 2}[align]
                sheet.text(at, y + (i * self.lead + 0.9) * sheet.size, line)
        if self.rule:
            self.rule(sheet, self, ys)
        sheet.y = ys[-1] + 0.5 * sheet.size
        return ys

    def _cells(self, sheet: Sheet, r: int, row: Sequence[str]) -> list[tuple[int, list[str], float, float, str]]:
        cells = []
        for c, text in enumerate(row):
            if not text:
                continue
            last = next((b for at, a, b in self.spans if (at, a) == (r, c)), c)
            align = "c" if last > c else (self.head_aligns or self.aligns)[c] if r < self.head else self.aligns[c]
            x0, x1 = self.xs[c], self.xs[last + 1]
            cells.append((c, sheet.wrapped(text, x1 - x0 - 2 * self.pad), x0, x1, align))
        return cells


def usual(sheet: Sheet, rows: Rows, **more: object) -> Grid:
    """The usual layout of a label and figures."""
    rng, n = sheet.rng, len(rows[0])
    label = max(sheet.width(row[0]) for row in rows) + 8
    cell = max(max((sheet.width(t) for t in row[1:]), default=0) for row in rows) + 8
    figures = rng.choice("rrrc")
    grid = Grid(
        rows,
        [label * rng.uniform(1.0, 1.4), *[min(cell * rng.uniform(1.05, 1.6), 400 / n)] * (n - 1)],
        "l" + figures * (n - 1),
        head_aligns=rng.choice(("l", "c")) + (figures if rng.random() < 0.5 else "c") * (n - 1),
        gap=rng.choice((0.2, 0.4, 0.6, 0.9)),
    )
    for name, value in more.items():
        setattr(grid, name, value)
    return grid


def plain(sheet: Sheet, n_rows: int = 0, n_cols: int = 0, total: bool = False) -> Rows:
    """A heading, and rows of a label and figures."""
    rng, jp = sheet.rng, sheet.japanese
    n_rows, n_cols = n_rows or rng.randint(3, 8), n_cols or rng.randint(2, 5)
    rows = [[rng.choice(words.STUBS[jp]), *words.heads(rng, jp, n_cols)]]
    rows += [[label, *(words.figure(rng) for _ in range(n_cols))] for label in words.labels(rng, jp, n_rows)]
    return [*rows, [words.TOTAL[jp], *(words.figure(rng) for _ in range(n_cols))]] if total else rows


def around(sheet: Sheet) -> None:
    """Sometimes prose, a caption or a unit above."""
    rng, jp = sheet.rng, sheet.japanese
    if rng.random() < 0.3:
        sheet.paragraph(words.PROSE[jp], 450)
    if rng.random() < 0.4:
        sheet.title(rng.choice(words.CAPTIONS[jp]).format(n=rng.randint(1, 9)))


def below(sheet: Sheet) -> None:
    if sheet.rng.random() < 0.3:
        sheet.y += 0.3 * sheet.size
        sheet.title(sheet.rng.choice(words.NOTES[sheet.japanese]))


def booktabs(sheet: Sheet, grid: Grid, ys: list[float]) -> None:
    """Rules above, below the headings, and below."""
    for y, width in ((ys[0], 0.9), (ys[grid.head], 0.5), (ys[-1], 0.9)):
        sheet.line(grid.xs[0], y, grid.xs[-1], y, width)


def across(sheet: Sheet, grid: Grid, ys: list[float]) -> None:
    """A rule between all rows."""
    for y in ys:
        sheet.line(grid.xs[0], y, grid.xs[-1], y)


def frame(sheet: Sheet, grid: Grid, ys: list[float]) -> None:
    """A frame around all."""
    sheet.canvas.setLineWidth(0.8)
    sheet.canvas.rect(grid.xs[0], sheet.height - ys[-1], grid.xs[-1] - grid.xs[0], ys[-1] - ys[0])


def below_head(sheet: Sheet, grid: Grid, ys: list[float]) -> None:
    """One rule, below the headings."""
    sheet.line(grid.xs[0], ys[grid.head], grid.xs[-1], ys[grid.head], 0.7)


def zebra(sheet: Sheet, grid: Grid, ys: list[float]) -> None:
    """Every other row shaded."""
    for r in range(grid.head, len(grid.rows), 2):
        sheet.shade(grid.xs[0], ys[r], grid.xs[-1], ys[r + 1])
