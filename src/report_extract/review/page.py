"""One document's review page: a self-contained HTML file with page pictures, tables and what is flagged."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from importlib import resources
from typing import Any

import numpy as np

from ..core.geometry import BBox, overlap
from ..core.messages import say
from ..core.model import Array, Cell, Dataset, Extraction, Field
from ..core.protocols import Document
from ..package import rows
from ..package.inert import printable
from ..package.schema import DOCUMENTS
from ..readers import open_document
from ..text import parse

_DPI = 110
DOCUMENTS_TITLE = {"ja": "報告書", "en": "Report"}
_SLOT, _BEGIN, _END = "/*CONTENT*/null", "/*CONTENT*/", "/*END*/"
_MOST_CANDIDATES = 9  # one a figure key
_NUMBERS = frozenset({"count", "integer", "number", "percent"})
_MAX_PAGES = 300  # pictures; what lies beyond is listed without one


def review_html(extraction: Extraction, document: Document | None, lang: str = "ja") -> str:
    """The page of one extraction.

    Args:
        extraction: what was found.
        document: the opened input, for its page pictures; None where there are none to show.
        lang: "ja" or "en".
    """
    pages, pictures = [], []
    for page, picture in _pages(extraction, document):
        pages.append(page)
        pictures.append(f'<script type="text/plain" id="picture-{page["number"]}">{picture}</script>')
    filled = {
        "LANG": lang,
        "/*STYLE*/": _part("page.css"),
        "/*SCRIPT*/": _part("page.js"),
        "<!--PICTURES-->": "\n".join(pictures),
        _SLOT: _BEGIN + _script({**content_of(extraction, lang), "pages": pages}) + _END,
    }
    html = _part("page.html")
    for slot, text in filled.items():
        html = html.replace(slot, text, 1)
    return html


def _part(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def with_content(html: str, content: dict[str, Any]) -> str:
    """A review page that was made before, with ``content`` in place of its own; its pictures stay."""
    start, end = html.index(_BEGIN) + len(_BEGIN), html.index(_END)
    pages = json.loads(html[start:end])["pages"]
    return html[:start] + _script({**content, "pages": pages}) + html[end:]


def _script(content: dict[str, Any]) -> str:
    # "<" is escaped, or a cell that says "</script>" would end the element that the content stands in; so is "*",
    # or one could end the slot.
    return printable(rows.as_json(content)).replace("<", "\\u003c").replace("*", "\\u002a")


def content_of(extraction: Extraction, lang: str) -> dict[str, Any]:
    """What a review page shows but its pictures: datasets with their cells, checks, findings."""
    return {
        "lang": lang,
        "document": extraction.document,
        "sha256": extraction.sha256,
        "status": extraction.status,
        "error": extraction.error,
        "findings": [{"text": say(f, lang), "page": f.page, "box": f.bbox} for f in extraction.findings],
        "datasets": [_identity(extraction, lang), *(_dataset(extraction, d, lang) for d in extraction.datasets)],
        "checks": list(rows.check_rows(extraction, lambda name: 0)),
    }


def _identity(extraction: Extraction, lang: str) -> dict[str, Any]:
    """Whose report it is, as a table of one row; what is not known is there to be filled in."""
    unknown = Cell(0, BBox(0, 0, 0, 0)).doubted("unknown-year")
    fields = [f for f in DOCUMENTS if f.name in ("municipality_code", "municipality", "fiscal_year")]
    cells = {f.name: getattr(extraction.identity, f.name) or unknown for f in fields}
    known = Dataset("documents", tuple(fields), (cells,), DOCUMENTS_TITLE[lang])
    return _dataset(extraction, known, lang)


def _dataset(extraction: Extraction, dataset: Dataset, lang: str) -> dict[str, Any]:
    def cell_of(cell: Cell, field: Field) -> dict[str, Any]:
        return {**_cell(cell, field, lang), "rotation": _rotation(extraction, cell)}

    return {
        "name": dataset.name,
        "title": dataset.title or dataset.name,
        "fields": [
            {"name": f.name, "title": (f.title if lang == "ja" else f.title_en) or f.name} for f in dataset.fields
        ],
        "rows": [{f.name: cell_of(row[f.name], f) for f in dataset.fields if f.name in row} for row in dataset.rows],
    }


def _rotation(extraction: Extraction, cell: Cell) -> int:
    """How the table that a cell stands in lies on the page."""
    for table in extraction.tables:
        for page, box in table.parts or ((table.page, table.bbox),):
            if page == cell.page and overlap(box, cell.bbox) > 0.5:
                return table.rotation
    return 0


def _cell(cell: Cell, field: Field, lang: str) -> dict[str, Any]:
    value, status = rows.emitted(cell, field)
    return {
        "value": value,
        "raw": cell.raw,
        "page": cell.page,
        "box": [round(float(edge), 1) for edge in cell.bbox],
        "status": status,
        "source": cell.source,
        "reason": rows.reason(cell, status, lang),
        "kinds": [doubt.kind for doubt in cell.doubts],
        "candidates": _candidates(cell, field, value),
    }


def _candidates(cell: Cell, field: Field, value: str) -> list[dict[str, str]]:
    """What the cell may say, as it would be emitted: the value, then every reading and what it might have been."""
    found = {value: ""} if value else {}
    for reading in reversed(cell.readings):
        for text in (reading.text, *(text for text, _ in reading.alternatives)):
            found.setdefault(_emitted(text, field), reading.by)
    for doubt in cell.doubts:
        for text in doubt.values:
            if field.type in _NUMBERS or doubt.kind in ("readings-differ", "unsure-reading"):
                found.setdefault(_emitted(text, field), "")
    return [{"text": text, "by": by} for text, by in found.items() if text][:_MOST_CANDIDATES]


def _emitted(text: str, field: Field) -> str:
    """The text as a value of the field; empty where it is none."""
    try:
        return parse.emit(parse.value(text, field.type))
    except parse.CastError:
        return ""


def _pages(extraction: Extraction, document: Document | None) -> Iterator[tuple[dict[str, Any], str]]:
    """The pages that something stands on, each with its picture."""
    shown = {c.page for d in extraction.datasets for row in d.rows for c in row.values()}
    shown |= {part[0] for t in extraction.tables for part in t.parts or ((t.page, t.bbox),)}
    if document is None:
        return
    for number in sorted(shown - {0})[:_MAX_PAGES]:
        picture = document.render(number, _DPI)
        height, width = picture.shape[:2]
        yield {"number": number, "scale": _DPI / 72, "width": width, "height": height}, _png(picture)


def _png(picture: Array) -> str:
    from PIL import Image

    # Sixteen greys are enough to read by and make a page of print some 60 KB.
    nearest = ((picture.astype(np.uint16) * 15 + 127) // 255).astype(np.uint8)
    image = Image.frombytes("P", picture.shape[::-1], nearest.tobytes())
    image.putpalette([value for grey in range(16) for value in (17 * grey,) * 3])
    buffer = io.BytesIO()
    image.save(buffer, "PNG", bits=4)
    return base64.b64encode(buffer.getvalue()).decode()


def review_of(extraction: Extraction, path: Any, lang: str = "ja") -> str:
    """The page of one extraction, its pictures rendered from the input at ``path``."""
    if extraction.error:
        return review_html(extraction, None, lang)
    with open_document(path) as document:
        return review_html(extraction, document, lang)
