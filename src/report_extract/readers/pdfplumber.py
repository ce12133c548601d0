"""The second reader: pdfplumber's parser (pdfminer.six), independent of pdfium down to the fonts.

It is slow and lenient; it is asked where a first reading is in doubt, and held against pdfium in tests. It knows
neither clip paths nor transparency. Its device stands in for pdfplumber's own so that glyph codes,
rendering modes and layers are not lost.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pdfplumber
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import resolve1
from pdfminer.utils import apply_matrix_rect

from ..core.errors import InputError
from ..core.geometry import BBox
from ..core.model import CHAR, Array, Flag, Page
from . import rulings as common
from .bounds import MAX_PAGES, check_page_size
from .chars import drawn_twice
from .files import sha256, shown
from .paths import EVERYWHERE, rulings_and_fills
from .pdfium import PdfiumDocument
from .pdfplumber_device import Collector

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of every oddity it copes with


class PdfplumberDocument:
    """A PDF opened with pdfplumber. Pictures of its pages come from pdfium."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sha256 = sha256(path)
        self._pictures: PdfiumDocument | None = None
        try:
            self._pdf = pdfplumber.open(path)
            self.page_count = len(self._pdf.pages)
        except Exception as error:  # the parser lets AssertionError, KeyError and their like through
            encrypted = "Password" in repr(error)
            what, remedy = (
                ("it is encrypted", "give the right password (--password), or remove it and try again")
                if encrypted
                else ("its structure is broken", "open it in a viewer and save it again")
            )
            raise InputError(f"{shown(path)}: {what}", remedy) from error
        if not 0 < self.page_count <= MAX_PAGES:
            self._pdf.close()
            raise InputError(f"{shown(path)}: it has {self.page_count:,} pages", "split it or save it again")

    def pages(self, numbers: Iterable[int] | None = None) -> Iterator[Page]:
        """The pages asked for, all without ``numbers``."""
        for number in numbers if numbers is not None else range(1, self.page_count + 1):
            if not 1 <= number <= self.page_count:
                raise InputError(f"{shown(self.path)} has no page {number}", f"it has {self.page_count}")
            try:
                yield self._read(self._pdf.pages[number - 1].page_obj, number)
            except InputError:
                raise
            except Exception as error:
                raise InputError(
                    f"{shown(self.path)}: page {number} defeats the second reader", "use the first one"
                ) from error

    def _read(self, page: Any, number: int) -> Page:
        collector = Collector(self._pdf.rsrcmgr, number, layers_off(self._pdf.doc.catalog))
        PDFPageInterpreter(self._pdf.rsrcmgr, collector).process_page(page)
        left, bottom, right, top = crop(page, collector.page_matrix)
        unit = float(resolve1(page.attrs.get("UserUnit")) or 1.0)
        width, height = (right - left) * unit, (top - bottom) * unit
        check_page_size(number, width, height)
        to_display = np.array([unit, 0.0, 0.0, -unit, -left * unit, top * unit])
        chars = collector.chars(to_display)
        outside = (chars["x1"] <= 0) | (chars["x0"] >= width) | (chars["bottom"] <= 0) | (chars["top"] >= height)
        chars["flags"] |= np.where(outside, Flag.INVISIBLE, 0).astype("u2")
        chars = chars[~drawn_twice(chars)] if len(chars) else np.zeros(0, CHAR)
        rulings, fills = rulings_and_fills(collector.paths(to_display), (width, height))
        boxes = collector.images(to_display)
        images, lines = common.pictures(boxes, np.tile(EVERYWHERE, (len(boxes), 1)), (width, height))
        return Page(
            number,
            width,
            height,
            chars,
            np.concatenate([rulings, lines]),
            fills,
            images,
            collector.fonts,
            int(page.rotate) % 360,
            "pdfplumber",
        )

    def render(self, number: int, dpi: float, bbox: BBox | None = None, colour: bool = False) -> Array:
        """The page, or the part in ``bbox``, as displayed: uint8 grey, shape (height, width), or RGB."""
        if self._pictures is None:
            self._pictures = PdfiumDocument(self.path)
        return self._pictures.render(number, dpi, bbox, colour)

    def __enter__(self) -> PdfplumberDocument:
        return self

    def __exit__(self, *exc: object) -> None:
        self._pdf.close()
        if self._pictures is not None:
            self._pictures.close()


def crop(page: Any, matrix: tuple[float, ...]) -> tuple[float, float, float, float]:
    """What of the page is displayed: its crop box within its media box, turned as the page is; y upward."""
    media, box = page.mediabox, page.cropbox or page.mediabox
    inner = (max(media[0], box[0]), max(media[1], box[1]), min(media[2], box[2]), min(media[3], box[3]))
    shown = inner if inner[0] < inner[2] and inner[1] < inner[3] else media
    return tuple(apply_matrix_rect(matrix, shown))


def layers_off(catalog: dict[str, Any]) -> frozenset[int]:
    """The object numbers of the optional content groups that are switched off."""
    default = resolve1((resolve1(catalog.get("OCProperties")) or {}).get("D")) or {}
    return frozenset(getattr(group, "objid", 0) for group in resolve1(default.get("OFF")) or ())
