"""A page's picture with what was found drawn over it: the rules seen, the cells, and what is doubted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..core.geometry import BBox
from ..core.model import Page, Table
from ..core.protocols import Document

DPI = 110
RULE, CELL, DOUBTED = (60, 120, 255), (0, 150, 60), (220, 30, 30)


def draw(document: Document, page: Page, tables: Sequence[Table], path: Path) -> None:
    """Write a PNG of one page.

    Rules that the reader saw are blue; cells green, of a table for review red; the places of its doubts, and doubted
    cells, are shaded. Each table is labelled with its number, kind, size and confidence.

    Args:
        document: where the page comes from.
        page: as the reader gave it.
        tables: those of the document; the parts that stand on this page are drawn.
        path: the PNG.
    """
    from PIL import Image, ImageDraw

    picture = Image.fromarray(document.render(page.number, DPI)).convert("RGB")
    pen = ImageDraw.Draw(picture, "RGBA")
    scale = DPI / 72

    def scaled(box: BBox) -> tuple[float, float, float, float]:
        return box.x0 * scale, box.top * scale, box.x1 * scale, box.bottom * scale

    for x0, top, x1, bottom in page.rulings[["x0", "top", "x1", "bottom"]].tolist():
        pen.line((x0 * scale, top * scale, x1 * scale, bottom * scale), fill=(*RULE, 150), width=3)
    for number, table in enumerate(tables, 1):
        colour = DOUBTED if table.status == "review" else CELL
        for cell in (c for c in table.cells if c.page == page.number):
            shade = (*DOUBTED, 60) if cell.status == "review" else None
            pen.rectangle(scaled(cell.bbox), outline=(*colour, 255), fill=shade, width=1)
        for doubt in table.doubts:
            if doubt.bbox and doubt.bbox != table.bbox and doubt.page == page.number:
                pen.rectangle(scaled(doubt.bbox), fill=(*DOUBTED, 70))
        for where, box in table.parts or ((table.page, table.bbox),):
            if where == page.number:
                label = f"{number} {table.kind} {table.n_rows}x{table.n_cols} {table.confidence:.2f} {table.status}"
                pen.text((box.x0 * scale, box.top * scale - 12), label, fill=colour)
    picture.save(path)
