"""Pages whose text can be read: as they are, with their letters put right, or read from their pictures."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ..core.geometry import BBox
from ..core.model import SOURCES, Finding, Flag, Page
from ..core.protocols import Document, Recogniser
from ..page.glyph_sample import Known
from ..page.legibility import Legibility, judge
from ..page.words import is_cjk
from ..text.normalize import UNKNOWN
from .glyph_letters import Learnt
from .glyphs import decoded
from .page import read_raster
from .pictures import Pictures
from .rapidocr import RapidOcr

_log = logging.getLogger(__name__)

_NAMED = 3  # fonts that a finding names
_MOST_PICTURES = 150  # different ones a document, at seconds each: more are charts
_JAPANESE = 0.2  # the share of such letters on a page of Japanese print
_TOO_MANY = 0.3  # the share of unknown letters from which the whole page is read from its picture


def legible(
    pages: Iterable[Page],
    document: Document,
    recogniser: Recogniser,
    always: bool = False,
    findings: list[Finding] | None = None,
) -> Iterator[Page]:
    """The pages of a document, one at a time, each as a ``Sight`` of the document gives it."""
    sight = Sight(document, recogniser, always, [] if findings is None else findings)
    return map(sight.legible, pages)


@dataclass(slots=True)
class Sight:
    """Reads a document's pages, remembering what it learnt of its fonts and pictures.

    Attributes:
        document: where the pages' pictures come from.
        recogniser: without one that reads ("blank"), pages are passed on as they are.
        always: read every page from its picture.
        findings: gains what a person should know of the pages: a layer that lies, a picture that was not read.
    """

    document: Document
    recogniser: Recogniser
    always: bool = False
    findings: list[Finding] = field(default_factory=list)
    _known: Known = field(default_factory=dict)
    _learnt: Learnt = field(default_factory=dict)
    _pictures: Pictures = field(default_factory=Pictures)

    def legible(self, page: Page) -> Page:
        """The page, as its reader gave it, with text that can be believed or is marked as recognised."""
        document, recogniser = self.document, self.recogniser
        _begun(document, page)
        if page.reader == "ocr_text":
            return page
        if self.always and isinstance(recogniser, RapidOcr):
            _log.info("p. %d: read from its picture, as asked for", page.number)
            return read_raster(document, page.number, recogniser, page)
        legibility = judge(page, document, self._known)
        readable = page
        if isinstance(recogniser, RapidOcr):
            readable = _legible(page, document, recogniser, legibility, self._known, self._learnt)
        how = "believed" if readable is page else f"read by {readable.reader}"
        doubted = [page.fonts[font] or "Type 3" for font in legibility.fonts]
        _log.info("p. %d: text layer %s, odd fonts %s; %s", page.number, legibility.verdict, doubted or "none", how)
        kind = _kind(legibility, readable is page, isinstance(recogniser, RapidOcr))
        fonts = sorted({page.fonts[font] for font in legibility.fonts if page.fonts[font]})[:_NAMED]
        self._tell(kind, ("、".join(fonts) or "Type 3",) if legibility.fonts else (), page.number)
        return self._with_pictures(readable)

    def _tell(self, kind: str, values: tuple[str, ...], number: int, place: BBox | None = None) -> None:
        """Say something of a page, once a document."""
        if kind and all(finding.kind != kind for finding in self.findings):
            self.findings.append(Finding(kind, values, number, place))

    def _with_pictures(self, page: Page) -> Page:
        """A page of text with what the pictures on it say; a finding where nobody can read them."""
        if SOURCES.get(page.reader) != "text" or not len(page.chars):
            return page
        places = self._pictures.that_speak(page, self.document)
        if not places:
            return page
        if not isinstance(self.recogniser, RapidOcr):
            self._tell("unread-picture", (), page.number, places[0])
            return page
        if len(self._pictures.known) >= _MOST_PICTURES:
            self._tell("many-pictures", (str(page.number),), page.number, places[0])
            return page
        page, left = self._pictures.read(page, self.document, places, self.recogniser)
        if left:
            self._tell("picture-left", (), page.number, left[0])
        return page


def _begun(document: Document, page: Page) -> None:
    """Say which page is read now; ``extra`` is what shows progress."""
    told = {"page": page.number, "pages": document.page_count, "file": document.path.name}
    letters, lines = len(page.chars), len(page.rulings)
    _log.info(
        "%s p. %d of %d: %d letters, %d rules", told["file"], page.number, told["pages"], letters, lines, extra=told
    )


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
    known: Known,
    learnt: Learnt,
) -> Page:
    if legibility.believed:
        return page
    if legibility.verdict == "distrusted":
        page_decoded = decoded(page, document, recogniser, legibility, learnt)
        if page_decoded is page:  # an unusual font, no lying one: its letters need no second look
            known.update(legibility.looked)
            return page
        unknown = page_decoded.chars["text"] == UNKNOWN
        lost = (page_decoded.chars["flags"] & Flag.UNSURE).all()  # where letters are lost, others may be
        if unknown.mean() <= _TOO_MANY and not (lost and _is_japanese(page_decoded)):
            return page_decoded
    return read_raster(document, page.number, recogniser, page)


def _is_japanese(page: Page) -> bool:
    """Is a good part of a page's letters Japanese, which the recogniser reads best?"""
    return sum(map(is_cjk, page.chars["text"].tolist())) > _JAPANESE * len(page.chars)
