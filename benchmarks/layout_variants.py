"""Tables that no rules, or few, bound, and pages that hold no table: what an extractor must tell from white space.

The kinds are those of which users of table extractors report bugs. Every variant is a PDF and the tables on it as
a person reads them; where a person may read them in two ways, both are given. Fonts, sizes, leading, texts and the
producer's habits are drawn by a seeded generator.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from . import layout_words as words
from .layout_more import MORE
from .layout_none import NONE
from .layout_sheet import (
    JAPANESE,
    Grid,
    Rows,
    Sheet,
    across,
    around,
    below,
    below_head,
    booktabs,
    font,
    frame,
    plain,
    usual,
    zebra,
)

Readings = list[list[Rows]]  # each a list of all tables of the file


@dataclass
class Case:
    """A variant: the PDF, and the tables on it in each legitimate reading."""

    name: str
    pdf: bytes
    readings: Readings


def _framed(*rules: Callable[[Sheet, Grid, list[float]], None] | None) -> Callable[[Sheet], Readings]:
    def kind(sheet: Sheet) -> Readings:
        around(sheet)
        rows = plain(sheet, total=sheet.rng.random() < 0.5)
        rule = sheet.rng.choice(rules)
        grid = usual(sheet, rows)
        grid.back, grid.rule = (zebra, None) if rule is zebra else (None, rule)
        grid.draw(sheet)
        below(sheet)
        return [[rows]]

    return kind


def beside(sheet: Sheet) -> Readings:
    """Two tables side by side, of unequal length."""
    around(sheet)
    sheet.size = min(sheet.size, 9.5)
    top, one, two = sheet.y, plain(sheet, n_cols=2), plain(sheet, n_cols=2)
    first = usual(sheet, one, gap=0.4)
    first.draw(sheet)
    low, sheet.y = sheet.y, top
    usual(sheet, two, gap=0.4).draw(sheet, first.xs[-1] + sheet.rng.uniform(25, 50))
    sheet.y = max(low, sheet.y)
    return [[one, two]]


def stacked(sheet: Sheet) -> Readings:
    """Two tables one below the other, of other columns, with a title or white between."""
    rng, tables = sheet.rng, []
    titled = rng.random() < 0.7
    for n in (1, 2):
        if titled:
            sheet.title(rng.choice(words.CAPTIONS[sheet.japanese]).format(n=n))
        tables.append(plain(sheet, n_rows=rng.randint(3, 5), n_cols=rng.choice((2, 3)) + n - 1))
        usual(sheet, tables[-1]).draw(sheet)
        sheet.y += sheet.size * (rng.uniform(1, 2.5) if titled else rng.uniform(2.5, 4))
    return [tables]


def stub_two(sheet: Sheet) -> Readings:
    """A stub over two columns: the first says its group once."""
    rng, jp = sheet.rng, sheet.japanese
    around(sheet)
    names, groups = words.labels(rng, jp, 7), rng.sample(words.PEOPLE[jp], 3)
    rows = [[("Group", "部門")[jp], rng.choice(words.STUBS[jp]), *words.heads(rng, jp, 3)]]
    for i, name in enumerate(names):
        group = groups[(0, 0, 1, 1, 1, 2, 2)[i]] if i in (0, 2, 5) else ""
        rows.append([group, name, *(words.figure(rng) for _ in range(3))])
    wide = [max(sheet.width(r[c]) for r in rows) + 14 for c in range(5)]
    Grid(rows, wide, "llrrr", gap=0.5, rule=rng.choice((None, booktabs, below_head))).draw(sheet)
    below(sheet)
    return [[rows]]


def _wordy(sheet: Sheet, last: int) -> tuple[Rows, Grid]:
    """Rows with a text that wraps; ``last``: must the last one?"""
    rng, jp = sheet.rng, sheet.japanese
    texts = rng.sample(words.TEXTS[jp], 5)
    if last:
        texts[-1] = words.TEXTS[jp][rng.choice((3, 6))]
    rows = [[rng.choice(words.STUBS[jp]), ("Goal", "事業内容")[jp], ("Contact", "担当")[jp], ("Cost", "事業費")[jp]]]
    for name, text in zip(words.labels(rng, jp, 5), texts, strict=True):
        rows.append([name, text, rng.choice(words.PEOPLE[jp]), words.figure(rng)])
    if rng.random() < 0.3:
        rows = [[r[0], r[1], r[3]] for r in rows]
    wide = [max(sheet.width(r[c]) for r in rows) + 12 for c in range(len(rows[0]))]
    wide[1] = rng.uniform(110, 190)
    return rows, Grid(rows, wide, "ll" + "lr"[-(len(wide) - 2) :], gap=rng.choice((0.45, 0.7, 1.0)))


def wrapped(sheet: Sheet) -> Readings:
    """Cells that wrap, others beside them of one line, at the top or in the middle."""
    around(sheet)
    rows, grid = _wordy(sheet, last=0)
    grid.middle, grid.rule = sheet.rng.random() < 0.25, sheet.rng.choice((None, None, below_head, booktabs))
    grid.draw(sheet)
    return [[rows]]


def wrapped_last(sheet: Sheet) -> Readings:
    """The last row wraps."""
    rows, grid = _wordy(sheet, last=1)
    grid.rule = sheet.rng.choice((None, below_head))
    grid.draw(sheet)
    sheet.y += sheet.size
    below(sheet)
    return [[rows]]


def wrapped_label(sheet: Sheet) -> Readings:
    """Labels of the first column that wrap, figures beside them at the top, the middle or the foot."""
    around(sheet)
    rng, jp = sheet.rng, sheet.japanese
    rows = plain(sheet, n_rows=5, n_cols=3)
    for r in rng.sample(range(1, 6), 2):
        rows[r][0] = ("Support for young parents and their children", "子ども・子育て支援センター運営事業")[jp]
        rows[r][0] += str(r)
    grid = usual(sheet, rows, gap=0.8)
    grid.widths = [rng.uniform(80, 110), *grid.widths[1:]]
    grid.middle = rng.random() < 0.4
    grid.draw(sheet)
    return [[rows]]


def no_heading(sheet: Sheet) -> Readings:
    """A list without headings."""
    rows = plain(sheet, n_rows=6)[1:]
    usual(sheet, rows, head=0).draw(sheet)
    return [[rows]]


def bilingual(sheet: Sheet) -> Readings:
    """Headings and labels in two languages, one below the other."""
    sheet.japanese, sheet.face = True, font(sheet.rng.choice(JAPANESE))
    around(sheet)
    pairs = [("総数", "Total"), ("男", "Males"), ("女", "Females"), ("世帯数", "Households"), ("面積", "Area")]
    rng = sheet.rng
    n = rng.randint(3, 5)
    heads = [("年月", "Year"), *pairs[:n]]
    body = [[f"{y}年", *(words.figure(rng) for _ in range(n))] for y in range(2015, 2021)]
    two = [[a for a, _ in heads], [b for _, b in heads], *body]
    one = [[f"{a} {b}" for a, b in heads], *body]
    grid = usual(sheet, two, head=2, gap=0.25, rule=rng.choice((None, booktabs, below_head)))
    grid.head_aligns = "c" * (n + 1)
    grid.draw(sheet)
    return [[one], [two]]


def years_over(sheet: Sheet) -> Readings:
    """Years over pairs of columns, with or without rules below them."""
    around(sheet)
    rng, jp = sheet.rng, sheet.japanese
    n = rng.choice((2, 3))
    pair = words.heads(rng, jp, 2)
    form = rng.choice(("{}年度", "令和{}年", "R{}")) if jp else "{}"
    years = [form.format(k + (2 if jp else 2021)) for k in range(n)]
    rows = [["", *(t for y in years for t in (y, ""))], [rng.choice(words.STUBS[jp]), *pair * n]]
    rows += [[name, *(words.figure(rng, 9999) for _ in range(2 * n))] for name in words.labels(rng, jp, 5)]
    spans = [(0, 1 + 2 * k, 2 + 2 * k) for k in range(n)]
    lined = rng.random() < 0.6

    def rule(sheet: Sheet, grid: Grid, ys: list[float]) -> None:
        if lined:
            booktabs(sheet, grid, ys)
            for _, a, b in spans:
                sheet.line(grid.xs[a] + 4, ys[1], grid.xs[b + 1] - 4, ys[1], 0.4)

    usual(sheet, rows, head=2, spans=spans, rule=rule, gap=0.4).draw(sheet)
    return [[rows]]


def accounting(sheet: Sheet) -> Readings:
    """Signs at the left edge of their cells, away from their figures."""
    rng, jp = sheet.rng, sheet.japanese
    around(sheet)
    sign = rng.choice(("¥", "△", "▲") if jp else ("$", "€", "£"))
    rows = plain(sheet, n_rows=5, n_cols=rng.choice((2, 3)))
    width, x = rng.uniform(75, 95), sheet.left
    signed = {(r, c) for r in range(1, 6) for c in range(1, len(rows[0])) if rng.random() < (0.5 if r > 1 else 1)}
    grid = usual(sheet, rows, gap=0.5)
    grid.widths = [grid.widths[0], *[width] * (len(rows[0]) - 1)]
    grid.aligns = grid.head_aligns = "l" + "r" * (len(rows[0]) - 1)
    ys = grid.draw(sheet, x)
    for r, c in signed:
        sheet.text(grid.xs[c] + 10, ys[r] + (0.5 * grid.gap + 0.9) * sheet.size, sign)
    return [[[[sign + t if (r, c) in signed else t for c, t in enumerate(row)] for r, row in enumerate(rows)]]]


def percent_below(sheet: Sheet) -> Readings:
    """Shares in brackets right below the counts they belong to."""
    rng, rows = sheet.rng, plain(sheet, n_rows=5, n_cols=3)
    apart: Rows = [rows[0]]
    whole: Rows = [rows[0]]
    for row in rows[1:]:
        shares = [f"({rng.uniform(1, 99):.1f}%)" for _ in row[1:]]
        apart += [row, ["", *shares]]
        whole.append([row[0], *(f"{a} {b}" for a, b in zip(row[1:], shares, strict=True))])
    grid = usual(sheet, whole, gap=rng.choice((0.5, 0.8)))
    grid.rows = [rows[0], *([row[0], *(t.replace(" (", "\n(") for t in row[1:])] for row in whole[1:])]
    grid.rule = rng.choice((None, across, booktabs))
    grid.draw(sheet)
    return [[whole], [apart]]


def leaders(sheet: Sheet) -> Readings:
    """Dots lead from labels to figures."""
    rng, rows = sheet.rng, plain(sheet, n_rows=6, n_cols=1, total=True)
    around(sheet)
    dot, right, pitch = rng.choice((".", ". ", "…", "・") if sheet.japanese else (".", ". ")), sheet.left + 330, 1.6
    skip = rng.random() < 0.4
    for r, (label, value) in enumerate(rows):
        base = sheet.y + sheet.size
        sheet.text(sheet.left, base, label)
        at = right - sheet.width(value)
        sheet.text(at, base, value)
        begin = sheet.left + sheet.width(label) + 4
        if r or not skip:
            n = int((at - 4 - begin) / sheet.width(dot))
            sheet.text(begin, base, (dot * max(0, n)).rstrip())
        sheet.y += pitch * sheet.size
    return [[rows]]


def label_figure(sheet: Sheet) -> Readings:
    """Labels and figures or dates set as a list of two columns."""
    rng, jp = sheet.rng, sheet.japanese
    names = (
        ("人口", "世帯数", "面積", "市役所所在地", "市制施行", "市長")
        if jp
        else ("Population", "Households", "Area", "Address", "Founded", "Mayor")
    )
    values = (
        ("98,765人", "41,234世帯", "123.45km2", "中央町1丁目2番3号", "昭和29年4月1日", "山田 太郎")
        if jp
        else ("98,765", "41,234", "123.45 km2", "12 Main Street", "1 April 1954", "Ann Miller")
    )
    n = rng.randint(5, 6)
    rows = [list(t) for t in zip(names, values, strict=True)][:n]
    wide = [max(sheet.width(a) for a, _ in rows) + rng.uniform(20, 60), 200]
    Grid(rows, wide, "ll", head=0, gap=0.5, rule=rng.choice((None, across))).draw(sheet)
    return [[rows]]


def typewriter(sheet: Sheet) -> Readings:
    """A report of a line printer: one font width, blanks between columns, typed rules."""
    sheet.japanese, rng = False, sheet.rng
    sheet.face, sheet.size = "Courier", rng.choice((8, 9, 10))
    sheet.habit = rng.choice(("cell", "cell", "word"))
    rows = plain(sheet, total=True, n_cols=rng.randint(2, 4))
    wide = [max(len(r[c]) for r in rows) + rng.randint(2, 4) for c in range(len(rows[0]))]
    rule = rng.choice(("-", "=")) * sum(wide)
    lines = [rows[0], None, *rows[1:-1], None, rows[-1]] if rng.random() < 0.7 else rows
    for row in lines:
        said = (
            "".join(t.ljust(w) if c == 0 else t.rjust(w) for c, (t, w) in enumerate(zip(row, wide, strict=True)))
            if row
            else rule
        )
        sheet.text(sheet.left, sheet.y + sheet.size, said.rstrip())
        sheet.y += 1.25 * sheet.size
    return [[rows]]


def spread(sheet: Sheet) -> Readings:
    """Letter-spaced labels and headings: 総 務 費, T O T A L."""
    around(sheet)
    rng, rows = sheet.rng, plain(sheet, n_rows=5, n_cols=3, total=True)
    short = (
        ("総務費", "民生費", "衛生費", "土木費", "教育費", "公債費")
        if sheet.japanese
        else ("ROADS", "PARKS", "WATER", "TAXES", "PORTS", "TOTAL")
    )
    for r, name in enumerate(short, 1):
        rows[r][0] = name
    drawn = [
        [
            (" " if rng.random() < 0.9 or not sheet.japanese else "\u3000").join(t) if c == 0 and r else t
            for c, t in enumerate(row)
        ]
        for r, row in enumerate(rows)
    ]
    grid = usual(sheet, drawn, rule=rng.choice((None, booktabs, below_head)))
    grid.draw(sheet)
    return [[rows]]


def total_below(sheet: Sheet) -> Readings:
    """A total of one row, apart below the table."""
    rows = plain(sheet, n_rows=4, total=True)
    grid = usual(sheet, rows[:-1], rule=sheet.rng.choice((None, booktabs, frame)))
    grid.draw(sheet)
    sheet.y += sheet.size * sheet.rng.uniform(0.4, 1.3)
    Grid(rows[-1:], grid.widths, grid.aligns, head=0, rule=grid.rule and frame).draw(sheet)
    return [[rows], [rows[:-1], rows[-1:]]]


def over_pages(sheet: Sheet) -> Readings:
    """The table goes on on the next page, its heading said again or not, trailing columns empty there or not."""
    rng = sheet.rng
    rows = plain(sheet, n_rows=16, n_cols=4)
    if rng.random() < 0.5:
        for row in rows[10:]:
            row[-1] = ""
    again = rng.random() < 0.5
    grid = usual(sheet, rows)
    rest = Grid(
        [*(rows[:1] if again else []), *rows[10:]], grid.widths, grid.aligns, int(again), grid.head_aligns, gap=grid.gap
    )
    rule = rng.choice((None, None, across))
    grid.rows, grid.rule, rest.rule = rows[:10], rule, rule
    sheet.y = sheet.height - 60 - 10 * (1.15 + grid.gap) * sheet.size
    grid.draw(sheet)
    sheet.page()
    rest.draw(sheet)
    return [[rows], [rows[:10], rest.rows]]


def sparse(sheet: Sheet) -> Readings:
    """A statement of account: a date, a text that wraps, and figures now in one column, now in the other."""
    rng, jp = sheet.rng, sheet.japanese
    rows = [
        ["Date", "Narration", "Ref", "Out", "In", "Balance"]
        if not jp
        else ["日付", "摘要", "番号", "支出", "収入", "残高"]
    ]
    for i in range(6):
        left = rng.random() < 0.5
        text = rng.choice(words.TEXTS[jp]) if rng.random() < 0.4 else rng.choice(words.LABELS[jp])
        rows.append(
            [
                f"{i + 2:02}/06/24",
                text,
                f"{rng.randint(1, 9999):05}",
                words.figure(rng) + ".00" if left else "",
                "" if left else words.figure(rng) + ".00",
                f"{rng.randint(1000, 99999):,}.00",
            ]
        )
    grid = Grid(
        rows, [52, 135, 42, 65, 65, 70], "lllrrr", gap=rng.choice((0.5, 0.9)), rule=rng.choice((None, None, below_head))
    )
    sheet.left, sheet.size = 50, min(sheet.size, 9)
    grid.draw(sheet)
    return [[rows]]


KINDS: dict[str, Callable[[Sheet], Readings]] = {
    "bare": _framed(None),
    "booktabs": _framed(booktabs),
    "across": _framed(across),
    "below_head": _framed(below_head),
    "frame": _framed(frame),
    "zebra": _framed(zebra),
    **{
        f.__name__: f
        for f in (
            *(beside, stacked, stub_two, wrapped, wrapped_last, wrapped_label, no_heading, bilingual, years_over),
            *(accounting, percent_below, leaders, label_figure, typewriter, spread, total_below, over_pages, sparse),
            *MORE,
            *NONE,
        )
    },
}


def variants(kind: str, number: int, seed: int) -> Sequence[Case]:
    """So many variants of a kind, in both languages by turns; the same seed gives the same."""
    made = []
    for i in range(number):
        sheet = Sheet(random.Random(f"{kind} {seed} {i}"), japanese=bool(i % 2))
        readings = KINDS[kind](sheet)
        made.append(Case(f"{kind}-{seed}-{i}", sheet.pdf(), readings))
    return made
