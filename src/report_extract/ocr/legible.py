"""Pages whose text can be read: as they are, with their letters put right, or read from their pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from ..legibility import Legibility, judge
from ..model import SOURCES, Document, Finding, Page, Recogniser
from .glyphs import UNKNOWN, decoded
from .page import read_raster
from .pictures import Pictures
from .rapidocr import RapidOcr

_NAMED = 3  # fonts that a finding names
_TOO_MANY = 0.3  # the share of unknown letters from which the whole page is read from its picture


def legible(
    pages: Iterable[Page],
    document: Document,
    recogniser: Recogniser,
    always: bool = False,
    findings: list[Finding] | None = None,
) -> Iterator[Page]:
    """The pages of a document, one at a time, each with text that can be believed or is marked as recognised.

    Args:
        pages: as their reader gave them.
        recogniser: without one that reads ("blank"), pages are passed on as they are.
        always: read every page from its picture.
        findings: gains what a person should know of the pages: a layer that lies, a picture that was not read.
    """
    findings = [] if findings is None else findings
    known: set[tuple[str, str]] = set()
    learnt: dict[tuple[str, str, int], str] = {}
    pictures = Pictures()
    for page in pages:
        if page.reader == "ocr_text":
            yield page
            continue
        if always and isinstance(recogniser, RapidOcr):
            yield read_raster(document, page.number, recogniser, page)
            continue
        legibility = judge(page, document, known)
        readable = page
        if isinstance(recogniser, RapidOcr):
            readable = _legible(page, document, recogniser, legibility, known, learnt)
        kind = _kind(legibility, readable is page, isinstance(recogniser, RapidOcr))
        if kind and all(finding.kind != kind for finding in findings):
            fonts = sorted({page.fonts[font] for font in legibility.fonts if page.fonts[font]})[:_NAMED]
            findings.append(Finding(kind, ("、".join(fonts) or "Type 3",) if legibility.fonts else (), page.number))
        yield _with_pictures(readable, document, recogniser, pictures, findings)


def _with_pictures(
    page: Page, document: Document, recogniser: Recogniser, pictures: Pictures, findings: list[Finding]
) -> Page:
    """A page of text with what the pictures on it say; a finding, once a document, where nobody can read them."""
    if SOURCES[page.reader] != "text" or not len(page.chars):
        return page
    places = pictures.that_speak(page, document)
    if places and isinstance(recogniser, RapidOcr):
        return pictures.read(page, document, places, recogniser)
    if places and all(finding.kind != "unread-picture" for finding in findings):
        findings.append(Finding("unread-picture", (), page.number, places[0]))
    return page


def _kind(legibility: Legibility, as_it_was: bool, recognised: bool) -> str:
    """What is to be said of a page, if anything, once a document.

    Of letters that turned out to be what they say nothing is said: their font is unusual, no lying one.
    """
    if legibility.believed or (as_it_was and recognised):
        return ""
    if legibility.verdict == "distrusted":
        return "distrusted-text" if recognised else "distrusted-unread"
    return "" if recognised else "unread"


def _legible(
    page: Page,
    document: Document,
    recogniser: RapidOcr,
    legibility: Legibility,
    known: set[tuple[str, str]],
    learnt: dict[tuple[str, str, int], str],
) -> Page:
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
