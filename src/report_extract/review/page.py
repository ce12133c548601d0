"""One document's review page: a self-contained HTML file with page pictures, tables and what is flagged."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterable
from importlib import resources
from typing import Any

from ..exporters import rows
from ..exporters.inert import printable
from ..messages import say
from ..model import Array, Cell, Document, Extraction, Field
from ..readers import open_document

_DPI = 96
_SLOT, _BEGIN, _END = "/*CONTENT*/null", "/*CONTENT*/", "/*END*/"
_MAX_PAGES = 300  # pictures; what lies beyond is listed without one


def review_html(extraction: Extraction, document: Document | None, lang: str = "ja") -> str:
    """The page of one extraction.

    Args:
        extraction: what was found.
        document: the opened input, for its page pictures; None where there are none to show.
        lang: "ja" or "en".
    """
    content = {**content_of(extraction, lang), "pages": list(_pages(extraction, document))}
    template = resources.files(__package__).joinpath("page.html").read_text(encoding="utf-8")
    return template.replace(_SLOT, f"{_BEGIN}{_script(content)}{_END}").replace("LANG", lang, 1)


def with_content(html: str, content: dict[str, Any]) -> str:
    """A review page that was made before, with ``content`` in place of its own; its pictures stay."""
    start, end = html.index(_BEGIN) + len(_BEGIN), html.index(_END)
    pages = json.loads(html[start:end])["pages"]
    return html[:start] + _script({**content, "pages": pages, "served": True}) + html[end:]


def _script(content: dict[str, Any]) -> str:
    # "<" is escaped, or a cell that says "</script>" would end the element that the content stands in.
    return printable(rows.as_json(content)).replace("<", "\\u003c")


def content_of(extraction: Extraction, lang: str) -> dict[str, Any]:
    """What a review page shows but its pictures: datasets with their cells, checks, findings."""
    return {
        "lang": lang,
        "document": extraction.document,
        "status": extraction.status,
        "error": extraction.error,
        "findings": [{"text": say(f, lang), "page": f.page, "box": f.bbox} for f in extraction.findings],
        "datasets": [
            {
                "name": d.name,
                "title": d.title or d.name,
                "fields": [
                    {"name": f.name, "title": (f.title if lang == "ja" else f.title_en) or f.name} for f in d.fields
                ],
                "rows": [{f.name: _cell(row[f.name], f, lang) for f in d.fields if f.name in row} for row in d.rows],
            }
            for d in extraction.datasets
        ],
        "checks": list(rows.check_rows(extraction, lambda name: 0)),
    }


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
        "readings": [
            {
                "by": r.by,
                "text": r.text,
                "confidence": round(r.confidence, 3),
                "note": r.note,
                "alternatives": [text for text, _ in r.alternatives],
            }
            for r in cell.readings
        ],
    }


def _pages(extraction: Extraction, document: Document | None) -> Iterable[dict[str, Any]]:
    """The pages that something stands on, with their pictures."""
    shown = {c.page for d in extraction.datasets for row in d.rows for c in row.values()}
    shown |= {part[0] for t in extraction.tables for part in t.parts or ((t.page, t.bbox),)}
    for number in sorted(shown - {0})[:_MAX_PAGES]:
        picture = document.render(number, _DPI) if document else None
        if picture is None:
            continue
        height, width = picture.shape[:2]
        yield {"number": number, "scale": _DPI / 72, "width": width, "height": height, "image": _data_url(picture)}


def _data_url(picture: Array) -> str:
    from PIL import Image

    buffer = io.BytesIO()
    # Sixteen greys are enough to read by and make a page of print some 40 KB.
    Image.fromarray(picture).quantize(16).save(buffer, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def review_of(extraction: Extraction, path: Any, lang: str = "ja") -> str:
    """The page of one extraction, its pictures rendered from the input at ``path``."""
    if extraction.error:
        return review_html(extraction, None, lang)
    with open_document(path) as document:
        return review_html(extraction, document, lang)
