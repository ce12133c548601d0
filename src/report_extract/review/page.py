"""One document's review page: a self-contained HTML file with page pictures, tables and what is flagged."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from importlib import resources
from typing import Any

import numpy as np

from ..core.model import Array, Extraction
from ..core.protocols import Document
from ..package import rows
from ..package.inert import printable
from ..readers import open_document
from .content import STATUS, Content, key_of

_DPI = 110
_SLOT, _BEGIN, _END = "/*CONTENT*/null", "/*CONTENT*/", "/*END*/"
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
    content = Content(extraction, lang)
    return {
        "lang": lang,
        "document": extraction.document,
        "sha256": extraction.sha256,
        "status": extraction.status,
        "error": extraction.error,
        "findings": content.findings(),
        "datasets": [
            {
                **about,
                "rows": [
                    {f.name: _cell(content, dataset, number, f, row[f.name]) for f in dataset.fields if f.name in row}
                    for number, row in enumerate(dataset.rows)
                ],
            }
            for about, dataset in zip(content.overview(), content.datasets, strict=True)
        ],
        "checks": content.checks(),
    }


def _cell(content: Content, dataset: Any, number: int, field: Any, cell: Any) -> dict[str, Any]:
    """A cell as the page shows it; of one that nobody has to look at no more than it takes."""
    card = content.card(dataset, number, field, cell)
    wanted: tuple[str, ...] = ("value", "raw", "page", "box", "rotation", "status", "source")
    if card["status"] != STATUS[0]:
        wanted += ("reason", "kinds", "about", "candidates", "label")
    return {"key": key_of(dataset, number, field), **{name: card[name] for name in wanted}}


def _pages(extraction: Extraction, document: Document | None) -> Iterator[tuple[dict[str, Any], str]]:
    """The pages that something stands on, each with its picture."""
    shown = {c.page for d in extraction.datasets for row in d.rows for c in row.values()}
    shown |= {part[0] for t in extraction.tables for part in t.parts or ((t.page, t.bbox),)}
    if document is None:
        return
    for number in sorted(shown - {0})[:_MAX_PAGES]:
        picture = document.render(number, _DPI)
        height, width = picture.shape[:2]
        yield {"number": number, "scale": _DPI / 72, "width": width, "height": height}, in_base64(picture)


def in_base64(picture: Array) -> str:
    """A picture as the static page holds it."""
    return base64.b64encode(png(picture)).decode()


def png(picture: Array) -> bytes:
    """A grey picture, shape (height, width), as PNG: sixteen greys are enough to read by, and a page of print is
    some 60 KB."""
    from PIL import Image

    nearest = ((picture.astype(np.uint16) * 15 + 127) // 255).astype(np.uint8)
    image = Image.frombytes("P", picture.shape[::-1], nearest.tobytes())
    image.putpalette([value for grey in range(16) for value in (17 * grey,) * 3])
    buffer = io.BytesIO()
    image.save(buffer, "PNG", bits=4)
    return buffer.getvalue()


def review_of(extraction: Extraction, path: Any, lang: str = "ja") -> str:
    """The page of one extraction, its pictures rendered from the input at ``path``."""
    if extraction.error:
        return review_html(extraction, None, lang)
    with open_document(path) as document:
        return review_html(extraction, document, lang)
