"""Pages of ``layout_variants`` that hold no table, though some of it is set in columns."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

from . import layout_words as words
from .layout_sheet import Rows, Sheet

Readings = list[list[Rows]]


def prose(sheet: Sheet) -> Readings:
    """Prose in one or two columns."""
    n = sheet.rng.choice((1, 2, 2))
    top, wide = sheet.y, 480 / n - 12
    for k in range(n):
        sheet.y = top
        for _ in range(sheet.rng.randint(1, 4)):
            sheet.paragraph(words.PROSE[sheet.japanese] * sheet.rng.randint(1, 2), wide, 55 + k * (wide + 24))
    return [[]]


def chart(sheet: Sheet) -> Readings:
    """A chart of bars or a line, with its scale and labels."""
    rng, jp = sheet.rng, sheet.japanese
    x0, y0, w, h = sheet.left + 40, sheet.y + 20, rng.uniform(260, 380), rng.uniform(150, 220)
    top, n = rng.choice((100, 500, 1000)), rng.randint(4, 8)
    sheet.line(x0, y0, x0, y0 + h)
    sheet.line(x0, y0 + h, x0 + w, y0 + h)
    for k in range(6):
        said, y = f"{top * k // 5:,}", y0 + h - k * h / 5
        sheet.text(x0 - 6 - sheet.width(said), y + 0.35 * sheet.size, said)
        if rng.random() < 0.8:
            sheet.line(x0, y, x0 + w, y, 0.3)
    for i in range(n):
        x, value = x0 + (i + 0.5) * w / n, rng.randint(10, top)
        said = f"R{i + 1}" if jp else str(2015 + i)
        sheet.text(x - sheet.width(said) / 2, y0 + h + 1.3 * sheet.size, said)
        sheet.shade(x - w / n / 4, y0 + h - value / top * h, x + w / n / 4, y0 + h, 0.6)
        if rng.random() < 0.5:
            sheet.text(x - sheet.width(str(value)) / 2, y0 + h - value / top * h - 3, str(value))
    return [[]]


def formula(sheet: Sheet) -> Readings:
    """Equations numbered at the right."""
    for k in range(sheet.rng.randint(2, 4)):
        sheet.paragraph(words.PROSE[sheet.japanese][:90], 440)
        base = sheet.y + sheet.size
        sheet.text(sheet.left + 120, base, sheet.rng.choice(("a + b = c + 2 d", "y = 3x + 5", "S = (n + 1) / 2")))
        sheet.text(sheet.left + 420, base, f"({k + 1})")
        sheet.y += 2 * sheet.size
    return [[]]


def contents(sheet: Sheet) -> Readings:
    """A table of contents, which is none."""
    rng, jp, page = sheet.rng, sheet.japanese, 1
    sheet.title("目次" if jp else "Contents")
    for n, name in enumerate(words.labels(rng, jp, rng.randint(6, 12)), 1):
        sub = rng.random() < 0.4
        said = (f"{n}.1 " if sub else f"第{n}章 " if jp else f"{n}. ") + name
        x, base, number = sheet.left + (15 if sub else 0), sheet.y + sheet.size, str(page)
        sheet.text(x, base, said)
        at = sheet.left + 400 - sheet.width(number)
        sheet.text(at, base, number)
        begin = x + sheet.width(said) + 4
        dot = rng.choice((".", ". ")) if not jp else "・"
        sheet.text(begin, base, (dot * int((at - begin - 4) / sheet.width(dot))).rstrip())
        sheet.y += 1.7 * sheet.size
        page += rng.randint(1, 7)
    return [[]]


def letter(sheet: Sheet) -> Readings:
    """A letter: number and date at the right, an address, who signs, a text and its numbered points."""
    rng, jp = sheet.rng, sheet.japanese
    right = ("総財第123号", "令和6年4月1日") if jp else ("Ref. 12/345", "1 April 2024")
    for said in right:
        sheet.text(sheet.left + 440 - sheet.width(said), sheet.y + sheet.size, said)
        sheet.y += 1.6 * sheet.size
    for said in ("各課長 様", "") if jp else ("To all heads of section", "Town Hall, 12 Main Street"):
        sheet.title(said)
    sheet.title("予算編成方針について（通知）" if jp else "Guidance on next year's budget")
    sheet.paragraph(words.PROSE[jp], 440)
    for n, text in enumerate(rng.sample(words.TEXTS[jp], 4), 1):
        sheet.text(sheet.left, sheet.y + sheet.size, f"{n}." if not jp else f"（{n}）")
        sheet.paragraph(text, 400, sheet.left + 30)
    return [[]]


def listing(sheet: Sheet) -> Readings:
    """Facts said one after another, each with its name in brackets or before a colon: a text, no table."""
    rng, jp = sheet.rng, sheet.japanese
    open_, close = rng.choice((("【", "】"), ("■", "："), ("○", "："))) if jp else ("", ":")
    names = (
        ("日時", "会場", "対象", "定員", "費用", "申込") if jp else ("When", "Where", "Who", "Seats", "Fee", "Apply")
    )
    said = (
        (
            "6月15日(土)10時～12時",
            "中央公民館2階会議室",
            "市内在住の小学生",
            "30人(先着順)",
            "500円(材料費)",
            "電話 0123-45-6789",
        )
        if jp
        else (
            "15 June, 10 to 12",
            "Town hall, room 2",
            "Children aged 6 to 12",
            "30, first come first served",
            "5.00 for material",
            "by telephone, 0123 456789",
        )
    )
    for _ in range(rng.randint(1, 3)):
        sheet.title(rng.choice(words.TEXTS[jp]))
        for a, b in zip(names, said, strict=True):
            if rng.random() < 0.85:
                sheet.paragraph(f"{open_}{a}{close}{'' if jp else ' '}{b}", 400)
        sheet.y += sheet.size
    return [[]]


def addresses(sheet: Sheet) -> Readings:
    """Labels for envelopes: addresses in columns."""
    rng, jp = sheet.rng, sheet.japanese
    for _ in range(rng.randint(3, 5)):
        top = sheet.y
        for k in range(3):
            sheet.y = top
            lines = (
                (
                    "〒123-4567",
                    f"中央町{rng.randint(1, 9)}丁目{rng.randint(1, 20)}番",
                    rng.choice(words.PEOPLE[True]) + " 御中",
                )
                if jp
                else (rng.choice(words.PEOPLE[False]), f"{rng.randint(1, 99)} High Street", "AB1 2CD Newtown")
            )
            for said in lines:
                sheet.text(sheet.left + 165 * k, sheet.y + sheet.size, said)
                sheet.y += 1.3 * sheet.size
        sheet.y += 2.5 * sheet.size
    return [[]]


def labelled_map(sheet: Sheet) -> Readings:
    """A map: names and numbers here and there among lines."""
    rng = sheet.rng
    points = [(sheet.left + rng.uniform(0, 420), sheet.y + rng.uniform(10, 320)) for _ in range(28)]
    for (xa, ya), (xb, yb) in pairwise(points):
        if rng.random() < 0.5:
            sheet.line(xa, ya, xb, yb, 0.4)
    names = [*words.LABELS[sheet.japanese], *map(str, range(1, 11))]
    for (x, y), said in zip(points, names, strict=True):
        sheet.text(x, y, said)
    sheet.canvas.circle(sheet.left + 200, sheet.height - sheet.y - 150, 20 + 30 * abs(math.sin(rng.random())))
    return [[]]


def index(sheet: Sheet) -> Readings:
    """An index in three columns."""
    rng, top = sheet.rng, sheet.y
    for k in range(3):
        sheet.y = top
        for name in sorted(words.labels(rng, sheet.japanese, rng.randint(10, 15))):
            pages = ", ".join(str(n) for n in sorted(rng.sample(range(1, 200), rng.randint(1, 3))))
            sheet.text(
                sheet.left + 160 * k,
                sheet.y + sheet.size * 0.9,
                f"{name}  {pages}" if sheet.japanese else f"{name}, {pages}",
            )
            sheet.y += 1.35 * sheet.size
    return [[]]


def bullets(sheet: Sheet) -> Readings:
    """Points in one or two columns."""
    rng, top = sheet.rng, sheet.y
    mark, n = rng.choice(("・", "○", "■") if sheet.japanese else ("•", "-", "*")), rng.choice((1, 2))
    for k in range(n):
        sheet.y = top
        for text in rng.sample(words.TEXTS[sheet.japanese], 6):
            x = sheet.left + 250 * k
            sheet.text(x, sheet.y + sheet.size, mark)
            sheet.paragraph(text, 460 / n - 30, x + 14)
    return [[]]


def minutes(sheet: Sheet) -> Readings:
    """Who said what."""
    rng, jp = sheet.rng, sheet.japanese
    for _ in range(5):
        sheet.text(
            sheet.left,
            sheet.y + sheet.size,
            rng.choice(("○議長", "○市長", "○委員") if jp else ("Chair:", "Mayor:", "Clerk:")),
        )
        sheet.paragraph(words.PROSE[jp][: rng.randint(60, 160)], 380, sheet.left + 65)
    return [[]]


def running_heads(sheet: Sheet) -> Readings:
    """Pages of prose with fields at the left and right of their heads and feet."""
    for n in (1, 2):
        sheet.y = 50
        sheet.text(60, 45, "令和6年度" if sheet.japanese else "Annual report")
        sheet.text(430, 45, "決算審査意見書" if sheet.japanese else "Town of Newtown")
        sheet.y = 80
        for _ in range(4):
            sheet.paragraph(words.PROSE[sheet.japanese], 450)
        sheet.text(60, 800, "2024-04-01")
        sheet.text(500, 800, f"{n} / 2")
        if n == 1:
            sheet.page()
    return [[]]


def signatures(sheet: Sheet) -> Readings:
    """Who signs, side by side below a text."""
    jp = sheet.japanese
    sheet.paragraph(words.PROSE[jp], 450)
    sheet.y += 40
    for line in (
        (("甲", "乙"), ("中央市長", "株式会社 山川建設"), ("山田 太郎", "代表取締役 川上 次郎"))
        if jp
        else (("For the town", "For the contractor"), ("Ann Miller", "R. Bianchi"), ("Mayor", "Director"))
    ):
        for k, said in enumerate(line):
            sheet.text(sheet.left + 240 * k, sheet.y + sheet.size, said)
        sheet.y += 1.6 * sheet.size
    return [[]]


NONE: tuple[Callable[[Sheet], Readings], ...] = (
    *(prose, chart, formula, contents, letter, listing, addresses, labelled_map),
    *(index, bullets, minutes, running_heads, signatures),
)
