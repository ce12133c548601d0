"""Random tables printed by several producers, with what they hold: a browser, an office suite.

A producer that is not installed is left out, which is said. The same seed gives the same tables.
"""

from __future__ import annotations

import html
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from .bands import banded
from .content import Sketch, sketch
from .truth import Source, Span, Truth
from .yearbook import statistical

LOOKS = (
    "full",
    "full",
    "full",
    "across",
    "across",
    "upright",
    "frame",
    "booktabs",
    "none",
    "none",
    "mixed",
    "headed",
)
A_FILE = 24  # pages a file
Made = tuple[Sketch, str]  # a table and its look
FONTS = (
    "Noto Sans CJK JP",
    "Noto Serif CJK JP",
    "IPAMincho",
    "IPAGothic",
    "IPAPGothic",
    "IPAPMincho",
)


def _plain(rng: Random) -> list[Made]:
    return [(sketch(rng), rng.choice(LOOKS))]


def _banded(rng: Random) -> list[Made]:
    return [(banded(rng), "bands")]


def _yearbook(rng: Random) -> list[Made]:
    return [statistical(rng)]


def _report(rng: Random) -> list[Made]:
    """Some small tables, most of them ruled, with text between them."""
    return [(sketch(rng, small=True), rng.choice((*LOOKS, *["full"] * len(LOOKS)))) for _ in range(rng.randint(2, 4))]


KINDS = {"": _plain, "bands-": _banded, "yearbook-": _yearbook, "report-": _report}


def generated(folder: Path, files: int = 10) -> Iterator[Source]:
    """Pages of random tables; printed once, then kept in ``folder``."""
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for producer, printed, tool in (
        ("browser", _browser, "chromium"),
        ("office", _office, "soffice"),
    ):
        for name, made, number in ((n, m, i) for n, m in KINDS.items() for i in range(files)):
            target = folder / f"{producer}-{name}{number}.pdf"
            if not target.exists():
                if shutil.which(tool) is None:
                    print(f"{tool} is not installed: no tables by the {producer}")
                    break
                rng = Random(f"{producer} {name}{number}")
                pages = [made(rng) for _ in range(A_FILE)]
                printed(target, pages, rng)
                told = [
                    [{"rows": s.rows, "spans": s.spans, "head": s.head, "look": look} for s, look in page]
                    for page in pages
                ]
                target.with_suffix(".json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
            for page, told in enumerate(json.loads(target.with_suffix(".json").read_text(encoding="utf-8")), 1):
                yield Source(
                    target,
                    page,
                    f"made/{producer}-{name}{number % 5}",
                    tuple(map(_truth, told)),
                    complete=True,
                )


def _truth(told: dict[str, object]) -> Truth:
    rows, look = told["rows"], str(told["look"])
    spans: list[Span] = [tuple(s) for s in told["spans"]]  # type: ignore[attr-defined]
    full = look == "full"
    family = "ruled" if full else "none" if look == "none" else "partly"
    # Without rules nobody sees how far down a label's cell reaches.
    short = [s for s in spans if s[0] == s[2] or s[0] < told["head"]]  # type: ignore[operator]
    others = () if full else (Truth(rows, short, exact=False, family=family),)  # type: ignore[arg-type]
    return Truth(rows, spans, exact=False, family=family, variants=others)  # type: ignore[arg-type]


# --- the browser


def _browser(target: Path, pages: list[list[Made]], rng: Random) -> None:
    bodies = [
        "".join(_around(rng, 0.6 if len(page) == 1 else 1.0) + _html(s, look, rng) for s, look in page)
        + _around(rng, 0.3)
        for page in pages
    ]
    body = "".join(f"<section>{part}</section>" for part in bodies)
    size = rng.choice(("210mm 900mm", "297mm 900mm", "420mm 900mm"))  # tall, so that no table goes on over pages
    style = f"@page{{size:{size};margin:12mm}}section+section{{break-before:page}}p{{margin:2px 0}}"
    style += "table{border-collapse:collapse;margin:6px 0}"
    page = target.with_suffix(".html")
    page.write_text(f'<meta charset="utf-8"><style>{style}</style>{body}', encoding="utf-8")
    command = [
        "chromium",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-pdf-header-footer",
    ]
    subprocess.run(
        [*command, f"--print-to-pdf={target}", page.as_uri()],
        check=True,
        capture_output=True,
        timeout=180,
    )
    page.unlink()


def _around(rng: Random, likely: float = 0.6) -> str:
    if rng.random() > likely:
        return ""
    lines = [
        "第1表 各種の状況",
        "（単位：千円）",
        "次の表は、令和5年度における事業の実施状況をまとめたものである。",
        "※ 端数処理のため合計と一致しない場合がある。",
    ]
    return "".join(f"<p>{rng.choice(lines)}</p>" for _ in range(rng.randint(1, 3)))


def _html(made: Sketch, look: str, rng: Random) -> str:
    size = rng.choice((6.5, 7, 8, 9, 10, 10.5, 11))
    width = rng.choice((0.3, 0.5, 0.5, 0.8))
    stroke, ink = (
        rng.choice(("solid", "solid", "solid", "dotted", "dashed")),
        rng.choice(("#000", "#000", "#888")),
    )
    line = f"{width}pt {stroke} {ink}"
    pad = f"{rng.choice((0, 1, 2, 3))}pt {rng.choice((1, 2, 3, 5, 8))}pt"
    merged = {(r, c): (r1 - r + 1, c1 - c + 1) for r, c, r1, c1 in made.spans}
    covered = _covered(made)
    align = rng.choice(("right", "right", "right", "center"))
    sides = [rng.choice(("left", "left", "center")) for _ in made.rows[0]]
    tops = rng.choice(("top", "middle")) if look in ("full", "bands") else "top"
    shaded = rng.random() < 0.25
    out = []
    for r, row in enumerate(made.rows):
        cells = []
        for c, text in enumerate(row):
            if (r, c) in covered:
                continue
            down, along = merged.get((r, c), (1, 1))
            head = r < made.head
            side = sides[c] if rng.random() < 0.9 else "center"
            set_to = "center" if head or along > 1 else align if made.numeric[c] else side
            style = [
                f"padding:{pad}",
                f"text-align:{set_to}",
                f"vertical-align:{'middle' if head else tops}",
            ]
            style += _borders(look, line, r, c, r + down, c + along, made)
            style.append("max-width:11em" if made.wide[c] or along > 1 else "white-space:nowrap")
            if (r, c) in made.spread:
                style.append("text-align-last:justify")
            if head and shaded:
                style.append("background:#ddd")
            said = html.escape(text).replace("\n", "<br>")
            cells.append(f'<td rowspan={down} colspan={along} style="{";".join(style)}">{said}</td>')
        out.append(f"<tr>{''.join(cells)}</tr>")
    font, whole = rng.choice(FONTS), rng.choice(("", "", "width:100%"))
    return f"<table style=\"font:{size}pt '{font}';{whole}\">{''.join(out)}</table>"


def _covered(made: Sketch) -> set[tuple[int, int]]:
    return {
        (r, c)
        for r0, c0, r1, c1 in made.spans
        for r in range(r0, r1 + 1)
        for c in range(c0, c1 + 1)
        if (r, c) != (r0, c0)
    }


def _sides(look: str, r0: int, c0: int, r1: int, c1: int, made: Sketch) -> tuple[bool, bool, bool, bool]:
    """Which sides of a cell are ruled: left, top, right, bottom."""
    n_rows, n_cols = len(made.rows), len(made.rows[0])
    left, top, right, bottom = c0 == 0, r0 == 0, c1 == n_cols, r1 == n_rows
    heads = r1 == made.head, r0 == made.head
    match look:
        case "full":
            return True, True, True, True
        case "across":
            return False, True, False, True
        case "upright":
            return True, top, True, bottom
        case "frame":
            return left, top, right, bottom
        case "booktabs":
            return False, top or heads[1], False, bottom or heads[0]
        case "headed":  # a grid of headings over open rows
            head = r0 < made.head
            return head or left, head or top or heads[1], head or right, head or bottom
        case "bands":
            head, lefts, rights = (
                r1 <= made.head,
                c0 - 1 not in made.open,
                c1 - 1 not in made.open,
            )
            upper, lower = (
                r0 <= made.head or r0 in made.bands,
                bottom or r1 in made.bands,
            )
            bare = (r0, c0) in made.bare
            return (
                not bare and (head or left or lefts),
                not bare and (head or upper),
                head or right or rights,
                head or lower,
            )
        case "yearbook":  # headings in a grid without sides; under them a rule beside the labels alone
            inside = r1 <= made.head
            beside = c0 == made.stub, c1 == made.stub
            return (
                not left and (inside or beside[0]),
                top or inside or heads[1],
                not right and (inside or beside[1]),
                bottom or inside,
            )
        case "sides":  # rules between the columns, none on the outer sides, none between the rows of the body
            return (
                not left,
                top or r0 <= made.head,
                not right,
                bottom or r1 <= made.head or r1 in made.bands[1:],
            )
        case "mixed":  # rules between the columns, and only under the headings
            return True, top or heads[1], True, bottom or heads[0]
    return False, False, False, False


def _borders(look: str, line: str, r0: int, c0: int, r1: int, c1: int, made: Sketch) -> list[str]:
    ruled = _sides(look, r0, c0, r1, c1, made)
    names = ("left", "top", "right", "bottom")
    return [f"border-{name}:{line}" for name, is_ruled in zip(names, ruled, strict=True) if is_ruled]


# --- the office suite


def _office(target: Path, pages: list[list[Made]], rng: Random) -> None:
    book = Workbook()
    book.remove(book.active)
    for number, page in enumerate(pages):
        sheet = book.create_sheet(f"s{number}")
        top = 0
        for made, look in page:
            top = _fill_sheet(sheet, made, look, rng, top)
    path = target.with_suffix(".xlsx")
    book.save(path)
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation=file://{target.parent}/profile",
        "--convert-to",
        "pdf",
    ]
    subprocess.run(
        [*command, "--outdir", str(target.parent), str(path)],
        check=True,
        capture_output=True,
        timeout=240,
    )
    path.unlink()


def _fill_sheet(sheet: object, made: Sketch, look: str, rng: Random, above: int = 0) -> int:
    """Put a table on a sheet, under so many rows of others; how many rows there are then."""
    side = Side(rng.choice(("thin", "thin", "thin", "hair", "dotted", "medium")))
    font = Font(name=rng.choice(FONTS), size=rng.choice((8, 9, 10, 11)))
    merged = {(r, c): (r1 + 1, c1 + 1) for r, c, r1, c1 in made.spans}
    covered, shaded = _covered(made), rng.random() < 0.2
    lead = rng.choice((1, 3))
    top = above + lead + bool(above)
    if lead > 1:
        sheet.cell(top - 2, 1, "令和５年度　事業の状況").font = font  # type: ignore[attr-defined]
    align = rng.choice(("right", "right", "center"))
    middle = rng.choice(("top", "center")) if look == "bands" else "top"
    owner = {}
    for r, row in enumerate(made.rows):
        for c, _ in enumerate(row):
            r1, c1 = merged.get((r, c), (r + 1, c + 1))
            if (r, c) not in covered:
                owner.update({(i, j): (r, c, r1, c1) for i in range(r, r1) for j in range(c, c1)})
    for r, row in enumerate(made.rows):
        for c, text in enumerate(row):
            cell = sheet.cell(r + top, c + 1)  # type: ignore[attr-defined]
            r0, c0, r1, c1 = owner[r, c]
            left, upper, right, lower = _sides(look, r0, c0, r1, c1, made)
            cell.border = Border(
                left=side if left and c == c0 else None,
                top=side if upper and r == r0 else None,
                right=side if right and c == c1 - 1 else None,
                bottom=side if lower and r == r1 - 1 else None,
            )
            if (r, c) in covered:
                continue
            cell.value, cell.font = text or None, font
            head = r < made.head
            across = "center" if head or c1 - c0 > 1 else align if made.numeric[c] else "left"
            across = "distributed" if (r, c) in made.spread else across
            upright = "center" if head or look == "full" else middle
            cell.alignment = Alignment(
                horizontal=across,
                vertical=upright,
                wrap_text=made.wide[c] or head or "\n" in text,
            )
            if head and shaded:
                cell.fill = PatternFill("solid", fgColor="DDDDDD")
            if (r1, c1) != (r + 1, c + 1):
                sheet.merge_cells(  # type: ignore[attr-defined]
                    start_row=r + top,
                    start_column=c + 1,
                    end_row=r1 + top - 1,
                    end_column=c1,
                )
    slack = rng.choice((1.15, 1.3, 1.6))
    for c in range(len(made.rows[0])):
        own = [
            row[c]
            for r, row in enumerate(made.rows)
            if (r, c) not in covered and merged.get((r, c), (0, c + 1))[1] == c + 1
        ]
        need = max((_width(line) for t in own for line in t.split("\n")), default=4)
        letter = get_column_letter(c + 1)
        width = max(4, (min(need, 24) if made.wide[c] else need) * slack)
        before = sheet.column_dimensions[letter].width if above else 0  # type: ignore[attr-defined]
        sheet.column_dimensions[letter].width = max(width, before)  # type: ignore[attr-defined]
    sheet.page_setup.orientation = rng.choice(("portrait", "landscape"))  # type: ignore[attr-defined]
    sheet.page_setup.fitToHeight = sheet.page_setup.fitToWidth = 1  # type: ignore[attr-defined]
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[attr-defined]
    return top + len(made.rows) - 1


def _width(text: str) -> float:
    """How wide a text is, in narrow letters."""
    return sum(2 if ord(c) > 0x2E7F or c in "△▲―…" else 1 for c in text)
