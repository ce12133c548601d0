"""Printed tables in whose place no reader can be sure of the grid: a person has to say it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from . import tiny_pdf

SIZE = (595, 842)
PITCH = 24.0


def sheet(
    rows: Sequence[Sequence[str]],
    xs: Sequence[float],
    *,
    top: float = 120.0,
    title: str = "",
    columns: Collection[int] | None = None,
    lines: Collection[int] | None = None,
    extra: Mapping[float, tuple[float, float]] | None = None,
) -> bytes:
    """A page with one table.

    Args:
        rows: what stands in each row, a text for each column; a figure stands at the right of it.
        xs: the columns' edges, in points.
        top: where the table begins.
        title: a line above it.
        columns, lines: the edges that are ruled, by number; None: all of them.
        extra: more horizontal rules: height -> from, to.
    """
    ys = [top + PITCH * n for n in range(len(rows) + 1)]
    drawn = [_text(title, xs[0], top - 30, 14)] if title else []
    for y, row in zip(ys, rows, strict=False):
        for x0, x1, text in zip(xs, xs[1:], row, strict=False):
            figure = text.replace(",", "").isdigit()
            drawn.append(_text(text, x1 - 4 - 5.3 * len(text) if figure else x0 + 4, y + 7, 10))
    drawn += [_rule(x, ys[0], x, ys[-1]) for n, x in enumerate(xs) if columns is None or n in columns]
    drawn += [_rule(xs[0], y, xs[-1], y) for n, y in enumerate(ys) if lines is None or n in lines]
    drawn += [_rule(x0, y, x1, y) for y, (x0, x1) in (extra or {}).items()]
    return tiny_pdf.pdf("\n".join(drawn), media=f"0 0 {SIZE[0]} {SIZE[1]}")


def _text(text: str, x: float, top: float, size: float) -> str:
    font, said = ("F1", f"({text})") if text.isascii() else ("F2", f"<{text.encode('utf-16-be').hex()}>")
    return f"BT /{font} {size} Tf {x:.1f} {SIZE[1] - top - size:.1f} Td {said} Tj ET"


def _rule(x0: float, y0: float, x1: float, y1: float) -> str:
    return f".6 w {x0:.1f} {SIZE[1] - y0:.1f} m {x1:.1f} {SIZE[1] - y1:.1f} l S"


# Names and numbers without a blank between them, and no rule: where one column ends only their meaning says.
GLUED_XS = (60.0, 150.0, 190.0, 320.0)


def glued(rows: Sequence[tuple[str, str, str]]) -> bytes:
    """A list whose second and third column touch; names are of four letters."""
    table = [["地区", "担当者名", "連絡先の番号"], *rows]
    inner = [[a, b + c, ""] for a, b, c in table]
    return sheet(inner, (*GLUED_XS[:2], GLUED_XS[3], GLUED_XS[3] + 1), title="連絡先の一覧", columns=(0, 1, 2))


# Years as a second row of headings look like figures.
TWO_XS = (60.0, 180.0, 260.0, 340.0, 420.0)


def two_headed(rows: Sequence[tuple[str, int, int, int]], year: int = 2023) -> bytes:
    """A table with two rows of headings, the upper one over three columns."""
    body = [[name, *(f"{n:,}" for n in figures)] for name, *figures in rows]
    heads = [["部局名", "相談の件数", "", ""], ["", f"{year - 2}", f"{year - 1}", f"{year}"]]
    return sheet([*heads, *body], TWO_XS, title="市民相談の状況")


# The figures of a report of a known kind under headings that no profile knows.
RENAMED_XS = (60.0, 200.0, 290.0, 380.0, 470.0)


def renamed(rows: Sequence[tuple[str, int, int]], year: int = 5) -> bytes:
    """Counts by department under headings of its own, beside a box for stamps that looks like a table."""
    body = [[name, f"{a}", f"{b}", f"{a + b}"] for name, a, b in rows]
    a, b = sum(a for _, a, _ in rows), sum(b for *_, b in rows)
    heads = ["部局", "庁内で使った件", "庁外に出した件", "あわせて"]
    return sheet([heads, *body, ["合計", f"{a}", f"{b}", f"{a + b}"]], RENAMED_XS, title=f"令和{year}年度の状況")
