"""How much of an input is read before it is refused: hostile files must cost little, honest ones must pass."""

from __future__ import annotations

from ..core.errors import InputError

MAX_FILE_BYTES = 1 << 30
MAX_TEXT_BYTES = 16 << 20
MAX_PAGES = 20_000
MAX_PAGE_POINTS = 30_000.0  # PDF's own bound is 14,400 units; a user unit may double it
MIN_PAGE_POINTS = 1.0
MAX_RENDER_PIXELS = 160_000_000  # an A0 sheet at 300 dpi; a byte each
MAX_IMAGE_PIXELS = 160_000_000
MAX_OBJECTS = 500_000  # a page
MAX_FORMS = 20_000  # form XObjects drawn on a page
MAX_SEGMENTS = 2_000_000  # of the paths of a page
MAX_CHARS = 300_000  # a page
MAX_FORM_DEPTH = 40  # form XObjects inside one another; pdfium goes no deeper


def check_page_size(number: int, width: float, height: float) -> None:
    """Refuse a page that no printer could have made."""
    if not (MIN_PAGE_POINTS <= width <= MAX_PAGE_POINTS and MIN_PAGE_POINTS <= height <= MAX_PAGE_POINTS):
        raise InputError(
            f"page {number} measures {width:.0f} x {height:.0f} points",
            "print the file to a PDF of ordinary page size and try again",
        )


def check_count(number: int, count: int, bound: int, what: str) -> None:
    """Refuse a page that holds more of ``what`` than any printed page does."""
    if count > bound:
        raise InputError(
            f"page {number} holds {count:,} {what}, more than the {bound:,} that are read",
            "print the file to a new PDF, or turn it into page images, and try again",
        )
