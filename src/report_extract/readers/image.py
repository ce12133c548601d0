"""Pictures of pages: PNG, JPEG, TIFF of several pages.

A page from a picture has no characters, only one image that covers it; the recogniser does the rest.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from ..core.errors import InputError
from ..core.geometry import BBox
from ..core.model import CHAR, FILL, IMAGE, RULING, Array, Page
from .bounds import MAX_IMAGE_PIXELS, MAX_PAGES, MAX_RENDER_PIXELS
from .files import sha256, shown

FORMATS = ("PNG", "JPEG", "TIFF")
A4_LONG_SIDE = 842.0  # points
_COLOURLESS = ("1", "L", "LA", "I", "F", "I;16", "I;16L", "I;16B")
LIKELY_DPI = (90.0, 1250.0)  # outside, the picture's own figure is a default, not a measurement
LIKELY_LONG_SIDE = (280.0, 3400.0)  # points: from A6 to A0


class ImageDocument:
    """A picture file as a document; a page a frame."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sha256 = sha256(path)
        self._picture: tuple[int, bool, Array] | None = None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", Image.DecompressionBombWarning)
                self._file = Image.open(path, formats=FORMATS)
                self.page_count = getattr(self._file, "n_frames", 1)
        except Image.DecompressionBombError as error:
            raise InputError(f"{shown(path)}: the picture is too large", "scan at 300 dpi") from error
        except (OSError, SyntaxError, ValueError) as error:
            raise self._broken() from error
        if self.page_count > MAX_PAGES:
            raise InputError(f"{shown(path)}: it has more than {MAX_PAGES:,} pages", "split it")

    def _broken(self) -> InputError:
        return InputError(f"{shown(self.path)}: the picture is broken", "scan or export it again")

    def pages(self, numbers: Iterable[int] | None = None) -> Iterator[Page]:
        """The pages asked for, all without ``numbers``; only their measures are read here."""
        for number in numbers if numbers is not None else range(1, self.page_count + 1):
            width, height = self._measure(number)
            images = np.array([(0.0, 0.0, width, height)], IMAGE)
            yield Page(
                number, width, height, np.zeros(0, CHAR), np.zeros(0, RULING), np.zeros(0, FILL), images, reader="image"
            )

    def _measure(self, number: int) -> tuple[float, float]:
        """Width and height in points, as a viewer would turn the picture."""
        if not 1 <= number <= self.page_count:
            raise InputError(f"{shown(self.path)} has no page {number}", f"it has {self.page_count}")
        try:
            self._file.seek(number - 1)
            columns, rows = self._file.size
            turned = self._file.getexif().get(0x0112, 1) in (5, 6, 7, 8)
            dpi = self._file.info.get("dpi", (0.0, 0.0))
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            raise self._broken() from error
        if columns * rows > MAX_IMAGE_PIXELS or not columns * rows:
            raise InputError(f"{shown(self.path)}: page {number} has {columns} x {rows} pixels", "scan at 300 dpi")
        across, down = resolution(columns, rows, dpi)
        width, height = columns / across * 72, rows / down * 72
        return (height, width) if turned else (width, height)

    def render(self, number: int, dpi: float, bbox: BBox | None = None, colour: bool = False) -> Array:
        """The page, or the part in ``bbox``: uint8 grey, shape (height, width), or RGB where it is in colour."""
        width, height = self._measure(number)
        box, scale = bbox or BBox(0.0, 0.0, width, height), dpi / 72
        columns, rows = max(1, round(box.width * scale)), max(1, round(box.height * scale))
        if columns * rows > MAX_RENDER_PIXELS:
            raise InputError(
                f"page {number} of {shown(self.path)} at {dpi:.0f} dpi would take {columns} x {rows} pixels",
                "ask for fewer dots per inch",
            )
        picture = self._decoded(number, colour)
        x, y = picture.shape[1] / width, picture.shape[0] / height
        left, top = max(0, int(box.x0 * x) - 2), max(0, int(box.top * y) - 2)
        part = picture[top : max(top + 1, int(box.bottom * y) + 3), left : max(left + 1, int(box.x1 * x) + 3)]
        if not part.size:
            return np.full((rows, columns, *picture.shape[2:]), 255, np.uint8)
        return _resampled(
            part, (columns, rows), (box.x0 * x - left, box.top * y - top, box.x1 * x - left, box.bottom * y - top)
        )

    def _decoded(self, number: int, colour: bool) -> Array:
        """The whole picture on white paper, in grey or as it is; the last one asked for is kept."""
        if self._picture is None or self._picture[:2] != (number, colour):
            self._picture = None
            try:
                self._file.seek(number - 1)
                shown = ImageOps.exif_transpose(self._file)
                self._picture = number, colour, np.asarray(_flat(shown, colour and shown.mode not in _COLOURLESS))
            except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
                raise self._broken() from error
        return self._picture[2]

    def __enter__(self) -> ImageDocument:
        return self

    def __exit__(self, *exc: object) -> None:
        self._file.close()


def resolution(columns: int, rows: int, said: tuple[float, float]) -> tuple[float, float]:
    """Dots per inch across and down: what the file says, or an A4 sheet where that is no scanner's figure."""
    try:
        across, down = float(said[0]), float(said[1])
    except (TypeError, ValueError, ZeroDivisionError, IndexError):
        across = down = 0.0
    low, high = LIKELY_DPI
    if low <= across <= high and low <= down <= high:
        long_side = max(columns / across, rows / down) * 72
        if LIKELY_LONG_SIDE[0] <= long_side <= LIKELY_LONG_SIDE[1]:
            return across, down
    guess = max(columns, rows) / A4_LONG_SIDE * 72
    return guess, guess


def _flat(picture: Image.Image, colour: bool) -> Image.Image:
    """The picture in 8-bit grey or RGB; what is transparent is white, 16 bits keep their upper half."""
    mode = "RGB" if colour else "L"
    if picture.mode.startswith("I;16") or picture.mode == "I":
        wide = np.asarray(picture, "i8")
        return Image.fromarray(((wide >> 8) if wide.max(initial=0) > 255 else wide).clip(0, 255).astype(np.uint8))
    if picture.mode in ("LA", "RGBA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert(mode)
    return picture.convert(mode)


def _resampled(part: Array, size: tuple[int, int], box: tuple[float, float, float, float]) -> Array:
    """``box`` (in pixels of ``part``, fractions allowed, white beyond its edges) at ``size`` pixels."""
    height, width = part.shape[:2]
    left, top = max(0, int(np.ceil(-box[0]))), max(0, int(np.ceil(-box[1])))
    right, bottom = max(0, int(np.ceil(box[2] - width))), max(0, int(np.ceil(box[3] - height)))
    if left or top or right or bottom:
        part = np.pad(part, ((top, bottom), (left, right), (0, 0))[: part.ndim], constant_values=255)
        box = box[0] + left, box[1] + top, box[2] + left, box[3] + top
    shrinks = box[2] - box[0] > size[0] * 1.05
    method = Image.Resampling.BOX if shrinks else Image.Resampling.BICUBIC
    exact = (round(box[2] - box[0]), round(box[3] - box[1])) == size and all(abs(v - round(v)) < 0.02 for v in box)
    method = Image.Resampling.NEAREST if exact else method
    return np.asarray(Image.fromarray(part).resize(size, method, box=box))
