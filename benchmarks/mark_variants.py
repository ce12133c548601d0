"""Small tables with one kind of mark on each, in many variants: what a reader must not take for text of a cell.

Every variant is a PDF of a few kilobytes, written here without any PDF library, and the table that stands on it as
a person reads it. Fonts, sizes, places, colours and the producer's habits (one string a cell, one a letter,
drawings in a form XObject, marks before or after the text) are drawn by a seeded generator.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from pdfminer.fontmetrics import FONT_METRICS

FONTS = {"F1": "Helvetica", "F4": "Times-Roman", "F5": "Courier", "F6": "Helvetica-Bold"}
_LABELS = (
    "Roads",
    "Water",
    "Parks",
    "Schools",
    "Libraries",
    "Harbour",
    "Housing",
    "Museums",
    "Tax office",
    "Fire brigade",
)
_HEADS = ("Section", "Budget", "Actual", "Share", "Count", "Total")


@dataclass
class Case:
    """A variant: the PDF, its table as rows of texts (None: not compared), and texts that must stand in no cell."""

    name: str
    pdf: bytes
    rows: list[list[str | None]]
    never: tuple[str, ...] = ()


@dataclass
class Sheet:
    """A table being written: where its cells are, and the operators so far."""

    rng: random.Random
    rows: list[list[str]]
    font: str = "F1"
    size: float = 9.0
    left: float = 60.0
    top: float = 760.0
    widths: list[float] = field(default_factory=list)
    height: float = 18.0
    ruled: bool = True
    right_aligned: bool = True
    by_letter: bool = False
    under: list[str] = field(default_factory=list)
    over: list[str] = field(default_factory=list)
    skip: set[tuple[int, int]] = field(default_factory=set)
    states: str = ""
    objects: list[str | bytes] = field(default_factory=list)
    annotations: list[int] = field(default_factory=list)
    xobjects: str = ""
    catalog: str = ""
    fonts: str = ""

    def box(self, row: int, col: int) -> tuple[float, float, float, float]:
        """A cell's left, bottom, right and top."""
        left = self.left + sum(self.widths[:col])
        top = self.top - self.height * row
        return left, top - self.height, left + self.widths[col], top

    def at(self, row: int, col: int, text: str | None = None) -> tuple[float, float]:
        """Where a cell's text begins: x, baseline."""
        text = self.rows[row][col] if text is None else text
        left, bottom, right, _ = self.box(row, col)
        x = left + 3
        if self.right_aligned and col:
            x = right - 3 - self.width(text)
        return x, bottom + (self.height - self.size) / 2 + 0.15 * self.size

    def width(self, text: str, size: float | None = None, font: str | None = None) -> float:
        return width(text, size or self.size, FONTS.get(font or self.font, "Helvetica"))

    def add(self, *cells: object) -> int:
        """One more object; its number."""
        self.objects.extend(cells)  # type: ignore[arg-type]
        return 2 + len(self.objects)

    def pdf(self) -> bytes:
        text = []
        for r, row in enumerate(self.rows):
            for c, said in enumerate(row):
                if said and (r, c) not in self.skip:
                    text.append(show(said, *self.at(r, c), self.font, self.size, self.by_letter))
        lines = []
        if self.ruled:
            right = self.left + sum(self.widths)
            bottom = self.top - self.height * len(self.rows)
            for r in range(len(self.rows) + 1):
                y = self.top - self.height * r
                lines.append(f"{self.left:.2f} {y:.2f} m {right:.2f} {y:.2f} l S")
            for c in range(len(self.widths) + 1):
                x = self.left + sum(self.widths[:c])
                lines.append(f"{x:.2f} {self.top:.2f} m {x:.2f} {bottom:.2f} l S")
        content = "\n".join(["0.6 w", *self.under, *lines, "0 g", *text, *self.over])
        return document(content, self)


def width(text: str, size: float, font: str = "Helvetica") -> float:
    """How wide a text is in points."""
    widths = FONT_METRICS[font][1]
    return float(sum(widths.get(c, 556) for c in text) * size / 1000)


def literal(text: str) -> str:
    return "(" + text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") + ")"


def show(text: str, x: float, y: float, font: str, size: float, by_letter: bool = False, extra: str = "") -> str:
    """Operators that write a text, in one string or letter by letter."""
    if not by_letter:
        return f"BT {extra} /{font} {size:.2f} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm {literal(text)} Tj ET"
    parts, at = [], x
    for letter in text:
        if letter != " ":
            parts.append(f"BT {extra} /{font} {size:.2f} Tf 1 0 0 1 {at:.2f} {y:.2f} Tm {literal(letter)} Tj ET")
        at += width(letter, size, FONTS.get(font, "Helvetica"))
    return "\n".join(parts)


def turned(
    text: str, x: float, y: float, font: str, size: float, degrees: float, by_letter: bool, extra: str = ""
) -> str:
    """Operators that write a text along a slanted line."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    matrix = f"{cos:.4f} {sin:.4f} {-sin:.4f} {cos:.4f}"
    if not by_letter:
        return f"BT {extra} /{font} {size:.2f} Tf {matrix} {x:.2f} {y:.2f} Tm {literal(text)} Tj ET"
    parts, at = [], 0.0
    for letter in text:
        if letter != " ":
            parts.append(
                f"BT {extra} /{font} {size:.2f} Tf {matrix} {x + cos * at:.2f} {y + sin * at:.2f} Tm "
                f"{literal(letter)} Tj ET"
            )
        at += width(letter, size, FONTS.get(font, "Helvetica"))
    return "\n".join(parts)


def document(content: str, sheet: Sheet) -> bytes:
    """A file of one page, A4."""
    fonts = "".join(f"/{k}<</Type/Font/Subtype/Type1/BaseFont/{v}/Encoding/WinAnsiEncoding>>" for k, v in FONTS.items())
    fonts += "/Zd<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>" + sheet.fonts
    kids = " ".join(f"{n} 0 R" for n in sheet.annotations)
    page = 3 + len(sheet.objects)
    objects: list[bytes] = [
        f"<</Type/Catalog/Pages 2 0 R{sheet.catalog}>>".encode(),
        f"<</Type/Pages/Kids[{page} 0 R]/Count 1>>".encode(),
        *(o if isinstance(o, bytes) else o.encode("latin-1") for o in sheet.objects),
        (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {page + 1} 0 R/Annots[{kids}]"
            f"/Resources<</Font<<{fonts}>>/ExtGState<</Gs<</ca .4/CA .4>>>>/XObject<<{sheet.xobjects}>>>>>>"
        ).encode(),
        stream(content),
    ]
    parts, offsets, length = [b"%PDF-1.7\n"], [], 9
    for number, one in enumerate(objects, 1):
        offsets.append(length)
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, one))
        length += len(parts[-1])
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    parts += [b"%010d 00000 n \n" % offset for offset in offsets]
    parts.append(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, length))
    return b"".join(parts)


def stream(content: str | bytes, entries: str = "") -> bytes:
    data = content.encode("cp1252") if isinstance(content, str) else content
    return f"<</Length {len(data)}{entries}>>stream\n".encode() + data + b"\nendstream"


def sheet(rng: random.Random, columns: int | None = None, least_rows: int = 3) -> Sheet:
    """A table of names and figures, of random size, place and font."""
    columns = columns or rng.randint(2, 4)
    labels = rng.sample(_LABELS, rng.randint(least_rows, 7))
    rows = [[_HEADS[0], *rng.sample(_HEADS[1:], columns - 1)]]
    rows += [[label, *(f"{rng.randint(10, 99_999):,}" for _ in range(columns - 1))] for label in labels]
    size = rng.choice((7.5, 8.0, 9.0, 10.0, 10.5, 12.0))
    return Sheet(
        rng, rows, rng.choice(("F1", "F1", "F4", "F5")), size, left=rng.uniform(40, 120), top=rng.uniform(500, 790),
        widths=[12 * size, *(rng.uniform(6.5, 9) * size for _ in range(columns - 1))],
        height=rng.uniform(1.6, 2.4) * size,
        ruled=rng.random() < 0.7, right_aligned=rng.random() < 0.8, by_letter=rng.random() < 0.25,
    )  # fmt: skip


def _said(s: Sheet) -> list[list[str | None]]:
    return [list(row) for row in s.rows]


_COLOURS = ("0.75 g", "0.6 g", "1 0 0 rg", "0.8 0.1 0.1 rg", "0.2 0.3 0.9 rg", "1 0.7 0.7 rg")


def watermark(rng: random.Random, name: str) -> Case:
    """A word at a slant over the table."""
    s = sheet(rng)
    word = rng.choice(("DRAFT", "COPY", "DO NOT SEND THIS PAGE", "Provisional", "SAMPLE 2024"))
    size, degrees = rng.uniform(16, 70), rng.choice((30, 45, 60, -30, -45, 12, 135, rng.uniform(8, 80)))
    left, bottom, _, _ = s.box(len(s.rows) - 1, 0)
    extra = rng.choice((*_COLOURS, "/Gs gs 0 g"))
    x, y = left + rng.uniform(0, 60), (s.top if degrees < 0 else bottom) + rng.uniform(-10, 10)
    if degrees > 90:
        x += 150
    mark = "q " + turned(word, x, y, rng.choice(("F1", "F6", "F4")), size, degrees, rng.random() < 0.3, extra) + " Q"
    if rng.random() < 0.3:
        number = s.add(
            stream(
                mark,
                "/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<<"
                + "".join(f"/{k}<</Type/Font/Subtype/Type1/BaseFont/{v}>>" for k, v in FONTS.items())
                + ">>/ExtGState<</Gs<</ca .4>>>>>>",
            )
        )
        s.xobjects, mark = f"/Wm {number} 0 R", "/Wm Do"
    (s.over if rng.random() < 0.5 else s.under).append(mark)
    return Case(name, s.pdf(), _said(s))


def stamp(rng: random.Random, name: str) -> Case:
    """A word printed level over one or two figures."""
    s = sheet(rng)
    word = rng.choice(("COPY", "PAID", "VOID", "RECEIVED", "A", "2024.4.1"))
    row, col = rng.randrange(1, len(s.rows)), rng.randrange(1, len(s.rows[0]))
    x, y = s.at(row, col)
    size = s.size * rng.choice((1.0, 1.4, 1.8, 2.5, 4.0))
    dx, dy = rng.uniform(-0.6, 0.3) * size, rng.uniform(-0.4, 0.3) * s.size
    colour = rng.choice(_COLOURS)
    mark = "q " + show(word, x + dx, y + dy, rng.choice(("F1", "F6")), size, rng.random() < 0.3, colour) + " Q"
    (s.over if rng.random() < 0.6 else s.under).append(mark)
    return Case(name, s.pdf(), _said(s))


def covered(rng: random.Random, name: str) -> Case:
    """An old figure under a white rectangle, a new one on it, or nothing."""
    s = sheet(rng)
    row, col = rng.randrange(1, len(s.rows)), rng.randrange(1, len(s.rows[0]))
    left, bottom, right, top = s.box(row, col)
    new = rng.choice(("", f"{rng.randint(10, 99_999):,}"))
    s.over.append(f"1 g {left + 1:.2f} {bottom + 1:.2f} {right - left - 2:.2f} {top - bottom - 2:.2f} re f 0 g")
    if new:
        s.over.append(show(new, *s.at(row, col, new), s.font, s.size, s.by_letter))
    said = _said(s)
    said[row][col] = new
    return Case(name, s.pdf(), said)


def struck(rng: random.Random, name: str) -> Case:
    """A figure struck out; sometimes the right one beside it. A person must look: both readings are one too many."""
    s = sheet(rng)
    row, col = rng.randrange(1, len(s.rows)), rng.randrange(1, len(s.rows[0]))
    old, new = s.rows[row][col], f"{rng.randint(10, 999):,}"
    s.right_aligned = False
    s.widths[col] = max(s.widths[col], s.width(old + new) + 3 * s.size)
    x, y = s.at(row, col)
    length, middle = s.width(old), y + rng.uniform(0.22, 0.36) * s.size
    if rng.random() < 0.5:
        for shift in rng.choice(((0,), (0.6, -0.6))):
            s.over.append(f"{x - 0.5:.2f} {middle + shift:.2f} m {x + length + 0.5:.2f} {middle + shift:.2f} l S")
    else:
        s.over.append(f"{x:.2f} {middle - 0.3:.2f} {length:.2f} 0.6 re f")
    said = _said(s)
    beside = rng.random() < 0.6
    if beside:
        s.over.append(show(new, x + length + rng.uniform(0.1, 0.8) * s.size, y, s.font, s.size, s.by_letter))
    said[row][col] = "!"  # whatever is read, a person must look
    return Case(name, s.pdf(), said, (old + new,) if beside else ())


def clipped(rng: random.Random, name: str) -> Case:
    """A text that its cell cuts off. What is left may be read, but a person must look."""
    s = sheet(rng, columns=rng.randint(3, 4))
    row = rng.randrange(1, len(s.rows))
    figure = rng.random() < 0.5
    col = rng.randrange(1, len(s.rows[0]) - 1) if figure else 0
    long = f"{rng.randint(10**9, 10**12):,}" if figure else "Maintenance of public roads and bridges"
    left, bottom, right, top = s.box(row, col)
    s.skip.add((row, col))
    x, y = left + 3, s.at(row, col)[1]
    s.widths[col] = min(s.widths[col], s.width(long) - 1.5 * s.size)
    left, bottom, right, top = s.box(row, col)
    if figure and rng.random() < 0.5:  # right aligned: the head of the figure is cut
        x = right - 3 - s.width(long)
    s.over.append(
        f"q {left:.2f} {bottom:.2f} {right - left:.2f} {top - bottom:.2f} re W n "
        + show(long, x, y, s.font, s.size, s.by_letter) + " Q"
    )  # fmt: skip
    said = _said(s)
    said[row][col] = "!"
    return Case(name, s.pdf(), said)


def raised(rng: random.Random, name: str) -> Case:
    """Footnote marks behind figures and names, exponents behind units."""
    s = sheet(rng)
    said = _said(s)
    for _ in range(rng.randint(1, 3)):
        row, col = rng.randrange(1, len(s.rows)), rng.randrange(1, len(s.rows[0]))
        mark = rng.choice(("1", "2", "9", "12", "a", "1)"))
        if said[row][col] != s.rows[row][col]:
            continue
        small, rise = s.size * rng.uniform(0.5, 0.72), s.size * rng.uniform(0.25, 0.45)
        x, y = s.at(row, col)
        x -= s.width(mark, small) if s.right_aligned else 0
        base = s.rows[row][col]
        s.skip.add((row, col))
        if rng.random() < 0.5:
            s.over.append(show(base, x, y, s.font, s.size, s.by_letter))
            s.over.append(show(mark, x + s.width(base) + rng.uniform(0, 0.5), y + rise, s.font, small))
        else:
            s.over.append(
                f"BT /{s.font} {s.size:.2f} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm {literal(base)} Tj "
                f"{rise:.2f} Ts /{s.font} {small:.2f} Tf {literal(mark)} Tj 0 Ts ET"
            )
        said[row][col] = base + "^" + mark
    return Case(name, s.pdf(), said)


def wrapped(rng: random.Random, name: str) -> Case:
    """A figure broken over two lines of a narrow cell."""
    s = sheet(rng, columns=rng.randint(2, 3))
    s.ruled = True
    s.height = 2.8 * s.size
    row, col = rng.randrange(1, len(s.rows)), rng.randrange(1, len(s.rows[0]))
    whole = rng.choice(
        (
            f"{rng.randint(10**6, 10**10):,}",
            f"{rng.randint(10, 99)}.{rng.randint(10, 99)}%",
            f"{rng.randint(10**4, 10**6):,}",
        )
    )
    cut = rng.randint(max(2, len(whole) - 7), len(whole) - 2)
    s.skip.add((row, col))
    s.widths[col] = (
        max(s.width(whole[:cut]), s.width(whole[cut:]), s.width(s.rows[0][col]), *(s.width(r[col]) for r in s.rows))
        + 6.5
    )
    left, _, right, top = s.box(row, col)
    for k, part in enumerate((whole[:cut], whole[cut:])):
        x = right - 3 - s.width(part) if s.right_aligned else left + 3
        s.over.append(show(part, x, top - (k + 1) * 1.15 * s.size, s.font, s.size, s.by_letter))
    said = _said(s)
    said[row][col] = whole
    return Case(name, s.pdf(), said)


def kerned(rng: random.Random, name: str) -> Case:
    """Figures spread by the producer: 1 , 2 0 4."""
    s = sheet(rng)
    space = s.size * rng.choice((0.1, 0.2, 0.3, 0.4))
    how = rng.choice(("Tc", "TJ", "letters"))
    for row in range(1, len(s.rows)):
        for col in range(1, len(s.rows[0])):
            said = s.rows[row][col]
            s.widths[col] = max(s.widths[col], s.width(said) + len(said) * space + s.size)
    for row in range(1, len(s.rows)):
        for col in range(1, len(s.rows[0])):
            said = s.rows[row][col]
            s.skip.add((row, col))
            x, y = s.at(row, col)
            if s.right_aligned:
                x -= len(said) * space
            if how == "Tc":
                s.over.append(
                    f"BT {space:.2f} Tc /{s.font} {s.size:.2f} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm {literal(said)} Tj 0 Tc ET"
                )
            elif how == "TJ":
                spread = "".join(f"{literal(c)} {-space / s.size * 1000:.0f} " for c in said)
                s.over.append(f"BT /{s.font} {s.size:.2f} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm [{spread}] TJ ET")
            else:
                for c in said:
                    s.over.append(show(c, x, y, s.font, s.size))
                    x += s.width(c) + space
    return Case(name, s.pdf(), _said(s))


def fields(rng: random.Random, name: str) -> Case:
    """Values in the fields of a form: with appearances, without, with stale ones, in combs, as lists."""
    s = sheet(rng)
    s.ruled = True
    said = _said(s)
    kids = []
    stale = None
    need = rng.random() < 0.4
    for row in range(1, len(s.rows)):
        for col in range(1, len(s.rows[0])):
            value = s.rows[row][col] if rng.random() < 0.8 else str(rng.randint(1, 999))
            said[row][col] = value
            s.skip.add((row, col))
            left, bottom, right, top = s.box(row, col)
            rect = f"[{left + 1:.2f} {bottom + 1:.2f} {right - 1:.2f} {top - 1:.2f}]"
            style = rng.choice(("appearance", "appearance", "none", "stale", "comb"))
            shown = value
            if style == "stale" and stale is None and not need:
                shown, stale = f"{rng.randint(10, 999)}", (row, col)
                if shown == value:
                    shown += "7"
            entries = ""
            if style == "comb":
                entries = f"/Ff {1 << 24}/MaxLen {len(value) + 2}"
            if style != "none" and style != "comb":
                foot = 0.3 * (top - bottom - 2)
                body = f"/Tx BMC q BT /Helv {s.size:.2f} Tf 0 g 2 {foot:.2f} Td {literal(shown)} Tj ET Q EMC"
                ap = s.add(
                    stream(
                        body,
                        f"/Type/XObject/Subtype/Form/BBox[0 0 {right - left - 2:.2f} {top - bottom - 2:.2f}]"
                        "/Resources<</Font<</Helv<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>",
                    )
                )
                entries += f"/AP<</N {ap} 0 R>>"
            number = s.add(
                f"<</Type/Annot/Subtype/Widget/FT/Tx/T(f{row}_{col})/V{literal(value)}/Rect{rect}/F 4"
                f"/DA(/Helv {s.size:.2f} Tf 0 g){entries}>>"
            )
            kids.append(number)
            if stale == (row, col) and style == "stale":
                said[row][col] = "!"
    s.annotations = kids
    refs = " ".join(f"{n} 0 R" for n in kids)
    s.catalog = (
        f"/AcroForm<</Fields[{refs}]/DA(/Helv 9 Tf 0 g){'/NeedAppearances true' if need else ''}"
        "/DR<</Font<</Helv<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>>>>>"
    )
    return Case(name, s.pdf(), said)


def checks(rng: random.Random, name: str) -> Case:
    """Boxes and buttons that are ticked or not."""
    s = sheet(rng, columns=rng.randint(2, 4))
    s.ruled = True
    said = _said(s)
    kids = []
    for row in range(1, len(s.rows)):
        for col in range(1, len(s.rows[0])):
            s.skip.add((row, col))
            left, bottom, right, top = s.box(row, col)
            side = min(12.0, s.height - 4)
            x, y = (left + right - side) / 2, (bottom + top - side) / 2
            on = rng.random() < 0.5
            radio = f"/Ff {1 << 15}" if rng.random() < 0.3 else ""
            glyph = "l" if radio else rng.choice("4358")
            size = f"[0 0 {side:.2f} {side:.2f}]"
            frame = f"q 0.8 w 0.5 0.5 {side - 1:.2f} {side - 1:.2f} re S Q"
            yes = s.add(
                stream(
                    f"{frame} q BT /Zd {side * 0.8:.2f} Tf 2 3 Td ({glyph}) Tj ET Q",
                    f"/Type/XObject/Subtype/Form/BBox{size}/Resources<</Font<</Zd<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>>>>>",
                )
            )
            no = s.add(stream(frame, f"/Type/XObject/Subtype/Form/BBox{size}"))
            state = "/Yes" if on else "/Off"
            kids.append(
                s.add(
                    f"<</Type/Annot/Subtype/Widget/FT/Btn/T(c{row}_{col})/V{state}/AS{state}/F 4{radio}"
                    f"/Rect[{x:.2f} {y:.2f} {x + side:.2f} {y + side:.2f}]/AP<</N<</Yes {yes} 0 R/Off {no} 0 R>>>>>>"
                )
            )
            said[row][col] = "☑" if on else ""
    s.annotations = kids
    s.catalog = f"/AcroForm<</Fields[{' '.join(f'{n} 0 R' for n in kids)}]>>"
    return Case(name, s.pdf(), said)


def notes(rng: random.Random, name: str) -> Case:
    """Figures typed over the page as annotations, with an appearance or without."""
    s = sheet(rng)
    s.ruled = True
    said = _said(s)
    for _ in range(rng.randint(1, 3)):
        row, col = rng.randrange(1, len(s.rows)), rng.randrange(1, len(s.rows[0]))
        if (row, col) in s.skip:
            continue
        s.skip.add((row, col))
        left, bottom, right, top = s.box(row, col)
        value = s.rows[row][col]
        entries = ""
        if rng.random() < 0.7:
            body = f"q BT /Helv {s.size:.2f} Tf 0 g 2 {0.3 * (top - bottom - 2):.2f} Td {literal(value)} Tj ET Q"
            ap = s.add(
                stream(
                    body,
                    f"/Type/XObject/Subtype/Form/BBox[0 0 {right - left - 2:.2f} {top - bottom - 2:.2f}]"
                    "/Resources<</Font<</Helv<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>",
                )
            )
            entries = f"/AP<</N {ap} 0 R>>"
        s.annotations.append(
            s.add(
                f"<</Type/Annot/Subtype/FreeText/Contents{literal(value)}/F 4/DA(/Helv {s.size:.2f} Tf 0 g){entries}"
                f"/Rect[{left + 1:.2f} {bottom + 1:.2f} {right - 1:.2f} {top - 1:.2f}]>>"
            )
        )
    return Case(name, s.pdf(), said)


def leaders(rng: random.Random, name: str) -> Case:
    """Dots from a name to its figure."""
    s = sheet(rng, columns=2, least_rows=4)
    s.ruled, s.right_aligned = False, True
    s.widths[1] = rng.uniform(12, 25) * s.size
    dot = rng.choice((".", ".", ". ", "…", "·"))
    for row in range(1, len(s.rows)):
        x, y = s.at(row, 0)
        x += s.width(s.rows[row][0]) + 4
        end = s.at(row, 1)[0] - 3
        step = s.width(dot) if dot != "…" else s.size
        if dot == "·":
            step = 0.28 * s.size if s.font != "F5" else 0.6 * s.size
        if dot == "…" and s.font == "F5":
            step = 0.6 * s.size
        dots = dot * max(0, int((end - x) / step))
        if dots:
            s.over.append(show(dots, x, y, s.font, s.size))
    return Case(name, s.pdf(), _said(s))


def letters(rng: random.Random, name: str) -> Case:
    """A table drawn with the letters of a typewriter."""
    s = sheet(rng)
    wide = [max(len(row[c]) for row in s.rows) + 2 for c in range(len(s.rows[0]))]
    style = rng.choice(("plus", "plus", "plus_all", "bars"))
    rule = ("+" if style != "bars" else "|") + ("+" if style != "bars" else "|").join("-" * w for w in wide)
    rule += "+" if style != "bars" else "|"
    lines = [] if style == "bars" else [rule]
    for r, row in enumerate(s.rows):
        said = (
            "|"
            + "|".join(
                f" {t.ljust(w - 2)} " if c == 0 or not s.right_aligned else f" {t.rjust(w - 2)} "
                for c, (t, w) in enumerate(zip(row, wide, strict=True))
            )
            + "|"
        )
        lines.append(said)
        if r == 0 or style == "plus_all":
            lines.append(rule)
    if style == "plus":
        lines.append(rule)
    step = s.size * rng.uniform(1.0, 1.4)
    content = "\n".join(show(line, s.left, s.top - k * step, "F5", s.size, s.by_letter) for k, line in enumerate(lines))
    return Case(name, document(content, s), _said(s))


def signs(rng: random.Random, name: str) -> Case:
    """A font whose map to Unicode is right in all letters and wrong in the minus."""
    s = sheet(rng)
    s.by_letter = False
    lie = rng.choice(("0032", "0029", "0020", "00A0", "00AD", "0038", "005D", "0033"))
    width_of = {"Courier": 600}.get(FONTS[s.font], 584)
    lines = "".join(f"<{c:02X}><{c:04X}>" for c in range(32, 127))
    number = s.add(stream(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def 1 begincodespacerange <00><FF> "
        f"endcodespacerange 96 beginbfchar {lines}<01><{lie}> endbfchar endcmap end end"
    ))  # fmt: skip
    widths = " ".join(str(FONT_METRICS[FONTS[s.font]][1].get(chr(c), 0)) for c in range(32, 127))
    s.fonts = (
        f"/Fx<</Type/Font/Subtype/Type1/BaseFont/{FONTS[s.font]}/FirstChar 1/LastChar 126"
        f"/Widths[{width_of} {'0 ' * 30}{widths}]/Encoding<</Type/Encoding/BaseEncoding/WinAnsiEncoding"
        f"/Differences[1/{rng.choice(('minus', 'endash'))}]>>/ToUnicode {number} 0 R>>"
    )
    said = _said(s)
    for row in range(1, len(s.rows)):
        for col in range(1, len(s.rows[0])):
            minus = rng.random() < 0.3
            shown = ("\x01" if minus else "") + s.rows[row][col]
            s.skip.add((row, col))
            x, y = s.at(row, col, s.rows[row][col])
            if minus and s.right_aligned:
                x -= width_of * s.size / 1000
            s.over.append(show(shown, x, y, "Fx", s.size))
            said[row][col] = ("-" if minus else "") + s.rows[row][col]
    return Case(name, s.pdf(), said)


def figures(rng: random.Random, name: str) -> Case:
    """A font whose map is wrong in a figure or two, always or in a second glyph of it, or calls it a blank."""
    s = sheet(rng, least_rows=5)
    s.by_letter = False
    drawn, said = rng.sample("0123456789", 2)
    kind = rng.choice(("always", "second", "exchanged", "blank"))
    to = {c: c for c in range(32, 127)}
    if kind in ("always", "exchanged"):
        to[ord(drawn)] = ord(said)
    if kind == "exchanged":
        to[ord(said)] = ord(drawn)
    to[1] = ord(" " if kind == "blank" else said)
    lines = "".join(f"<{c:02X}><{u:04X}>" for c, u in to.items())
    number = s.add(stream(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def 1 begincodespacerange <00><FF> "
        f"endcodespacerange {len(to)} beginbfchar {lines} endbfchar endcmap end end"
    ))  # fmt: skip
    metrics = FONT_METRICS[FONTS[s.font]][1]
    widths = " ".join(str(metrics.get(chr(c), 0)) for c in range(32, 127))
    named = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")[int(drawn)]
    s.fonts = (
        f"/Fx<</Type/Font/Subtype/Type1/BaseFont/{FONTS[s.font]}/FirstChar 1/LastChar 126"
        f"/Widths[{metrics.get(drawn, 556)} {'0 ' * 30}{widths}]/Encoding<</Type/Encoding/BaseEncoding/WinAnsiEncoding"
        f"/Differences[1/{named}]>>/ToUnicode {number} 0 R>>"
    )
    for row in range(1, len(s.rows)):
        for col in range(1, len(s.rows[0])):
            shown = s.rows[row][col]
            if kind in ("second", "blank"):
                shown = "".join("\x01" if c == drawn and rng.random() < 0.6 else c for c in shown)
            s.skip.add((row, col))
            x, y = s.at(row, col, s.rows[row][col])
            s.over.append(show(shown, x, y, "Fx", s.size))
    return Case(name, s.pdf(), _said(s))


def plain(rng: random.Random, name: str) -> Case:
    """No mark at all: what the tables themselves cost."""
    s = sheet(rng)
    return Case(name, s.pdf(), _said(s))


KINDS: dict[str, Callable[[random.Random, str], Case]] = {
    "watermark": watermark, "stamp": stamp, "covered": covered, "struck": struck, "clipped": clipped, "raised": raised,
    "wrapped": wrapped, "kerned": kerned, "fields": fields, "checks": checks, "notes": notes, "leaders": leaders,
    "letters": letters, "signs": signs, "figures": figures, "plain": plain,
}  # fmt: skip


def variants(kind: str, number: int, seed: int = 0) -> list[Case]:
    """``number`` variants of a kind, the same every time."""
    return [KINDS[kind](random.Random(f"{kind} {seed} {k}"), f"{kind}_{k:03}") for k in range(number)]
