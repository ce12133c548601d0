"""More of ``layout_variants``: what users of table extractors report of close columns, records, blocks and lists."""

from __future__ import annotations

from collections.abc import Callable

from . import layout_words as words
from .layout_sheet import JAPANESE, Grid, Rows, Sheet, across, around, below_head, booktabs, font, frame, plain, usual


def close(sheet: Sheet) -> list[list[Rows]]:
    """Columns set close: little more than half a letter between the widest cells."""
    rng, rows = sheet.rng, plain(sheet, 6, 4)
    pad = rng.uniform(0.3, 0.5) * sheet.size
    wide = [max(sheet.width(r[c]) for r in rows) + 2 * pad + 0.2 for c in range(5)]
    Grid(rows, wide, "l" + "r" * 4, pad=pad, gap=rng.choice((0.3, 0.6)), rule=rng.choice((None, booktabs))).draw(sheet)
    return [[rows]]


def bare_corner(sheet: Sheet) -> list[list[Rows]]:
    """No heading over the labels."""
    rows = plain(sheet, 5, 3)
    rows[0][0] = ""
    usual(sheet, rows, rule=sheet.rng.choice((None, booktabs, below_head))).draw(sheet)
    return [[rows]]


def left_heads(sheet: Sheet) -> list[list[Rows]]:
    """Headings set left over figures set right, in wide columns."""
    rows = plain(sheet, 5, 3)
    grid = usual(sheet, rows, rule=sheet.rng.choice((None, below_head)))
    grid.widths = [grid.widths[0], *[sheet.rng.uniform(90, 115)] * 3]
    grid.head_aligns, grid.aligns = "llll", "lrrr"
    grid.draw(sheet)
    return [[rows]]


def records(sheet: Sheet) -> list[list[Rows]]:
    """Records of two lines: an address below the name, a mobile below the telephone."""
    rng, jp = sheet.rng, sheet.japanese
    rows: Rows = [[("Facility", "施設名")[jp], ("Telephone", "電話")[jp], ("Seats", "定員")[jp]]]
    split: Rows = [rows[0]]
    for name in words.labels(rng, jp, 5):
        place = f"中央町{rng.randint(1, 9)}-{rng.randint(1, 30)}" if jp else f"{rng.randint(1, 99)} High Street"
        one, two = f"0123-{rng.randint(10, 99)}-{rng.randint(1000, 9999)}", f"090-{rng.randint(1000, 9999)}-1234"
        seats = words.figure(rng, 300)
        rows.append([f"{name}\n{place}", f"{one}\n{two}", seats])
        split += [[name, one, seats], [place, two, ""]]
    wide = [max(sheet.width(line) for r in split for line in [r[c]]) + 25 for c in range(3)]
    Grid(rows, wide, "llr", gap=rng.choice((0.6, 0.9)), rule=rng.choice((None, None, across))).draw(sheet)
    return [[[[t.replace("\n", " ") for t in r] for r in rows]], [split]]


def invoice(sheet: Sheet) -> list[list[Rows]]:
    """A block of labels and values above the table of items, its sums below the last columns."""
    rng, jp = sheet.rng, sheet.japanese
    sheet.title("請求書" if jp else "Invoice")
    said = (
        (("請求番号", "2024-0012"), ("発行日", "2024年4月1日"))
        if jp
        else (("Number", "2024-0012"), ("Date", "1 April 2024"))
    )
    for a, b in said:
        sheet.text(sheet.left + 280, sheet.y + sheet.size, a)
        sheet.text(sheet.left + 350, sheet.y + sheet.size, b)
        sheet.y += 1.5 * sheet.size
    sheet.y += 3 * sheet.size
    rows: Rows = [["品名", "数量", "単価", "金額"] if jp else ["Item", "Quantity", "Price", "Amount"]]
    for name in words.labels(rng, jp, 4):
        n, price = rng.randint(1, 20), rng.randint(10, 900)
        rows.append([name, str(n), f"{price:,}", f"{n * price:,}"])
    rows += [["", "", a, words.figure(rng)] for a in (("小計", "消費税", "合計") if jp else ("Net", "Tax", "Total"))]
    Grid(rows, [180, 70, 80, 90], "lrrr", gap=0.6, rule=rng.choice((None, below_head))).draw(sheet)
    heads = [[list(p) for p in said]]
    return [[rows], [*heads, rows], [rows[:5], [r[2:] for r in rows[5:]]]]


def blocks(sheet: Sheet) -> list[list[Rows]]:
    """Wide white after every few rows."""
    rows = plain(sheet, 9, 3)
    grid = usual(sheet, rows[:4], gap=0.4)
    grid.widths = usual(sheet, rows).widths
    grid.draw(sheet)
    for k in (4, 7):
        sheet.y += sheet.size * 0.6
        Grid(rows[k : k + 3], grid.widths, grid.aligns, head=0, gap=0.4).draw(sheet)
    return [[rows]]


def timetable(sheet: Sheet) -> list[list[Rows]]:
    """Times of buses, dashes where none stops."""
    rng, jp = sheet.rng, sheet.japanese
    n = rng.randint(4, 7)
    rows: Rows = [[("Stop", "停留所")[jp], *(f"{k}便" if jp else f"Bus {k}" for k in range(1, n + 1))]]
    for i, name in enumerate(words.labels(rng, jp, 5)):
        rows.append(
            [name, *(f"{7 + k}:{10 * i + rng.randint(0, 9):02}" if rng.random() < 0.85 else "-" for k in range(n))]
        )
    usual(sheet, rows, rule=rng.choice((None, booktabs))).draw(sheet)
    return [[rows]]


def upright_rules(sheet: Sheet) -> list[list[Rows]]:
    """Vertical rules alone."""

    def rule(sheet: Sheet, grid: Grid, ys: list[float]) -> None:
        for x in grid.xs[1:-1]:
            sheet.line(x, ys[0], x, ys[-1])

    rows = plain(sheet, 5, 4)
    usual(sheet, rows, rule=rule).draw(sheet)
    return [[rows]]


def wordy_twice(sheet: Sheet) -> list[list[Rows]]:
    """Two columns of texts that wrap."""
    rng, jp = sheet.rng, sheet.japanese
    texts = rng.sample(words.TEXTS[jp], 8)
    rows: Rows = [[rng.choice(words.STUBS[jp]), ("Aim", "目的")[jp], ("Action", "取組")[jp]]]
    rows += [[n, texts[i], texts[4 + i]] for i, n in enumerate(words.labels(rng, jp, 4))]
    wide = [max(sheet.width(r[0]) for r in rows) + 12, rng.uniform(120, 160), rng.uniform(120, 160)]
    Grid(rows, wide, "lll", gap=rng.choice((0.6, 0.9)), rule=rng.choice((None, below_head, across))).draw(sheet)
    return [[rows]]


def numbered(sheet: Sheet) -> list[list[Rows]]:
    """A first column of numbers, then names, dates and figures."""
    rng, jp = sheet.rng, sheet.japanese
    rows: Rows = [["No.", ("Name", "名称")[jp], ("Date", "年月日")[jp], ("Count", "件数")[jp]]]
    for k, name in enumerate(words.labels(rng, jp, 6), 1):
        date = f"令和6年{rng.randint(1, 12)}月{rng.randint(1, 28)}日" if jp else f"{rng.randint(1, 28)} May 2024"
        rows.append([str(k), name, date, words.figure(rng)])
    wide = [max(sheet.width(r[c]) for r in rows) + rng.uniform(9, 30) for c in range(4)]
    Grid(rows, wide, "rlrr" if rng.random() < 0.5 else "lllr", gap=0.5, rule=rng.choice((None, below_head))).draw(sheet)
    return [[rows]]


def unit_row(sheet: Sheet) -> list[list[Rows]]:
    """Units in brackets below the headings."""
    rng, jp = sheet.rng, sheet.japanese
    rows = plain(sheet, 5, 3)
    units = rng.sample(("(千円)", "(人)", "(件)", "(%)") if jp else ("(EUR)", "(m2)", "(%)", "(t)"), 3)
    joined = [[rows[0][0], *(f"{a} {u}" for a, u in zip(rows[0][1:], units, strict=True))], *rows[1:]]
    apart = [rows[0], ["", *units], *rows[1:]]
    grid = usual(sheet, apart, head=2, gap=0.35, rule=rng.choice((None, booktabs, below_head)))
    grid.draw(sheet)
    return [[joined], [apart]]


def twice(sheet: Sheet) -> list[list[Rows]]:
    """Two tables with the same headings, titles between."""
    rng, tables = sheet.rng, []
    head = plain(sheet, 1, 3)[0]
    for n in (1, 2):
        sheet.title(rng.choice(words.CAPTIONS[sheet.japanese]).format(n=n))
        tables.append([head, *plain(sheet, 4, 3)[1:]])
        usual(sheet, tables[-1], rule=None).draw(sheet)
        sheet.y += rng.uniform(1, 2) * sheet.size
    return [tables]


def beside_prose(sheet: Sheet) -> list[list[Rows]]:
    """A narrow table with prose beside it."""
    top, rows = sheet.y, plain(sheet, 7, 2)
    sheet.size = min(sheet.size, 9.5)
    grid = usual(sheet, rows, gap=0.5)
    grid.draw(sheet)
    low, sheet.y = sheet.y, top
    sheet.paragraph(words.PROSE[sheet.japanese], 540 - grid.xs[-1] - 30, grid.xs[-1] + 30)
    sheet.y = max(low, sheet.y)
    return [[rows]]


def long_labels(sheet: Sheet) -> list[list[Rows]]:
    """Labels as long as sentences, one figure each."""
    rng, jp = sheet.rng, sheet.japanese
    rows: Rows = [[("Question", "設問")[jp], ("Answers", "回答数")[jp], "%"]]
    rows += [[t, words.figure(rng, 999), f"{rng.uniform(1, 99):.1f}"] for t in rng.sample(words.TEXTS[jp], 6)]
    Grid(rows, [330, 60, 50], "lrr", gap=0.6, rule=rng.choice((None, booktabs, across))).draw(sheet)
    return [[rows]]


def negatives(sheet: Sheet) -> list[list[Rows]]:
    """Minus in all its forms, percents, brackets, blanks."""
    rng, rows = sheet.rng, plain(sheet, 6, 4)
    for row in rows[1:]:
        row[3] = rng.choice(("△ ", "△", "▲") if sheet.japanese else ("-", "−", "–")) + words.figure(rng, 999)
        row[4] = rng.choice(
            (f"({words.figure(rng, 999)})", f"{rng.uniform(-9, 9):.1f}%", "", "―" if sheet.japanese else "-")
        )
    usual(sheet, rows, rule=rng.choice((None, booktabs, below_head))).draw(sheet)
    return [[rows]]


def word_table(sheet: Sheet) -> list[list[Rows]]:
    """Words alone, no figures."""
    around(sheet)
    rng, jp = sheet.rng, sheet.japanese
    rows = [[rng.choice(words.STUBS[jp]), ("Contact", "担当課")[jp], ("Action", "取組")[jp]]]
    texts = [t for t in words.TEXTS[jp] if len(t) < (30 if not jp else 18)]
    rows += [[n, rng.choice(words.PEOPLE[jp]), rng.choice(texts)] for n in words.labels(rng, jp, 5)]
    wide = [max(sheet.width(r[c]) for r in rows) + 16 for c in range(3)]
    Grid(rows, wide, "lll", gap=0.6, rule=rng.choice((None, below_head, booktabs, across, frame))).draw(sheet)
    return [[rows]]


def groups(sheet: Sheet) -> list[list[Rows]]:
    """Titles of groups of rows among the rows."""
    rng, jp = sheet.rng, sheet.japanese
    rows = plain(sheet, n_rows=7, n_cols=3)
    titles = ("一般会計", "特別会計") if jp else ("General fund", "Special funds")
    blank = [""] * 3
    rows = [rows[0], [titles[0], *blank], *rows[1:5], [titles[1], *blank], *rows[5:]]
    indent = rng.choice(("", "  ", "   "))
    grid = usual(sheet, [[indent + r[0] if i and r[1] else r[0], *r[1:]] for i, r in enumerate(rows)])
    grid.rule = rng.choice((None, booktabs, below_head))
    grid.draw(sheet)
    return [[rows]]


def tall_heading(sheet: Sheet) -> list[list[Rows]]:
    """Headings of several lines, set at the foot."""
    around(sheet)
    rng, jp = sheet.rng, sheet.japanese
    rows = plain(sheet, n_rows=5, n_cols=4)
    rows[0][1:] = (
        ["令和5年度当初予算額", "令和4年度決算額", "増減率（％）", "構成比"]
        if jp
        else ["Quantity ordered", "Quantity shipped in the year", "Net price (EUR)", "Share"]
    )
    grid = usual(sheet, rows)
    grid.widths = [grid.widths[0], *[rng.uniform(58, 75)] * 4]
    grid.rule = rng.choice((None, booktabs, below_head))
    grid.draw(sheet)
    return [[rows]]


def form_pairs(sheet: Sheet) -> list[list[Rows]]:
    """A year a row and months side by side: many narrow columns."""
    rng, jp = sheet.rng, sheet.japanese
    months = [("{}月" if jp else "{}").format(m) for m in (*range(4, 13), *range(1, 4))]
    if not jp:
        months = ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
    rows = [[rng.choice(words.STUBS[jp]), *months]]
    rows += [[n, *(str(rng.randint(0, 150)) for _ in months)] for n in words.labels(rng, jp, 5)]
    sheet.size = 7.5
    Grid(
        rows, [95, *[rng.uniform(25, 32)] * 12], "l" + "r" * 12, gap=0.6, pad=2, rule=rng.choice((None, booktabs))
    ).draw(sheet)
    return [[rows]]


def justified(sheet: Sheet) -> list[list[Rows]]:
    """Labels of two to five letters, all spread over the same width."""
    sheet.japanese, rng = True, sheet.rng
    sheet.face = font(rng.choice(JAPANESE))
    names = rng.sample(
        ["灘区", "北区", "西区", "東灘区", "中央区", "兵庫区", "長田区", "須磨区", "垂水区", "西神中央"], 7
    )
    rows = plain(sheet, 7, 3)
    for row, name in zip(rows[1:], names, strict=True):
        row[0] = name
    grid = usual(sheet, [[t if r == 0 or c else "" for c, t in enumerate(row)] for r, row in enumerate(rows)])
    wide = rng.uniform(4.5, 6.5) * sheet.size
    grid.widths[0] = wide + 20
    ys = grid.draw(sheet)
    for r, name in enumerate(names, 1):
        step = (wide - sheet.size) / (len(name) - 1)
        for i, letter in enumerate(name):
            sheet.text(grid.xs[0] + 4 + i * step, ys[r] + (0.5 * grid.gap + 0.9) * sheet.size, letter)
    return [[rows]]


MORE: tuple[Callable[[Sheet], list[list[Rows]]], ...] = (
    *(close, bare_corner, left_heads, records, invoice, blocks, timetable, upright_rules, wordy_twice, numbered),
    *(unit_row, twice, beside_prose, long_labels, negatives, word_table, groups, tall_heading, form_pairs),
    justified,
)
