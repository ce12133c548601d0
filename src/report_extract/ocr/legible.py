"""Pages whose text can be read: as they are, with their letters put right, or read from their picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from ..legibility import judge
from ..model import Document, Page, Recogniser
from .glyphs import UNKNOWN, decoded
from .page import read_raster
from .rapidocr import RapidOcr

_TOO_MANY = 0.3  # the share of unknown letters from which the whole page is read from its picture


def legible(pages: Iterable[Page], document: Document, recogniser: Recogniser, always: bool = False) -> Iterator[Page]:
    """The pages of a document, one at a time, each with text that can be believed or is marked as recognised.

    Args:
        pages: as their reader gave them.
        recogniser: without one that reads ("blank"), pages are passed on as they are.
        always: read every page from its picture.
    """
    known: set[tuple[str, str]] = set()
    learnt: dict[tuple[str, str, int], str] = {}
    for page in pages:
        if not isinstance(recogniser, RapidOcr) or page.reader == "ocr_text":
            yield page
        elif always:
            yield read_raster(document, page.number, recogniser, page)
        else:
            yield _legible(page, document, recogniser, known, learnt)


def _legible(
    page: Page,
    document: Document,
    recogniser: RapidOcr,
    known: set[tuple[str, str]],
    learnt: dict[tuple[str, str, int], str],
) -> Page:
    legibility = judge(page, document, known)
    if legibility.believed:
        return page
    if legibility.verdict == "distrusted":
        page_decoded = decoded(page, document, recogniser, legibility.fonts, learnt)
        if page_decoded is page:  # an unusual font, no lying one: its letters need no second look
            mine = page.chars[np.isin(page.chars["font"], list(legibility.fonts))]
            known.update({(page.fonts[font], text) for font, text in zip(mine["font"], mine["text"], strict=True)})
            return page
        if (page_decoded.chars["text"] == UNKNOWN).mean() <= _TOO_MANY:
            return page_decoded
    return read_raster(document, page.number, recogniser, page)
