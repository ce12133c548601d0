"""The reader we trust: pdfium, through its raw interface."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as api

from ..core.errors import InputError
from ..core.geometry import BBox
from ..core.model import FILL, IMAGE, RULING, Array, Flag, Page
from . import pdfium_raw as raw
from . import rulings as common
from .annotations import Overlay, Typed, annotated, laid_over, under_marks, with_typed
from .bounds import MAX_PAGES, MAX_RENDER_PIXELS, check_page_size
from .clipping import in_strips, rests
from .files import sha256, shown, unusual, user_units
from .forms import endless
from .hidden import MAX_PROOF_PIXELS, PROOF_DPI, blank, covered, inked, on_dark
from .overprint import overlaid
from .paths import covers, rulings_and_fills
from .pdfium_chars import Characters, read_chars, text_objects
from .pdfium_paths import Objects, mapped, object_matrices, product, read_objects, read_paths
from .raised import raised
from .struck import DARK, REDACTED, cut_off, is_line, parted, struck, under

_REASONS = {
    api.FPDF_ERR_PASSWORD: ("it is encrypted", "give the right password (--password), or remove it and try again"),
    api.FPDF_ERR_SECURITY: ("its kind of encryption is not supported", "remove the encryption and try again"),
}


class PdfiumDocument:
    """A PDF opened with pdfium. Not for use by several threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sha256 = sha256(path)
        if endless(path):
            raise InputError(f"{shown(path)}: its drawings draw one another without end", "print it to a new PDF")
        try:
            self._pdf = pdfium.PdfDocument(path)
        except pdfium.PdfiumError as error:
            code = getattr(error, "err_code", None)
            what, remedy = _REASONS.get(code, ("its structure is broken", "open it in a viewer and save it again"))
            raise InputError(f"{shown(path)}: {what}", remedy) from error
        self.page_count = len(self._pdf)
        self._opened: tuple[int, Any] | None = None
        self._overlay: Overlay | None = None
        traits = unusual(path)
        self._units = user_units(path) if "UserUnit" in traits else {}
        self._layers = bool(traits & {"OFF", "BaseState"})
        try:
            self._check_count()
        except InputError:
            self.close()
            raise

    def _check_count(self) -> None:
        if not self.page_count:
            raise InputError(f"{shown(self.path)}: it has no pages", "open it in a viewer and save it again")
        if self.page_count > MAX_PAGES:
            raise InputError(
                f"{shown(self.path)}: it has {self.page_count:,} pages, more than {MAX_PAGES:,}", "split it"
            )

    def pages(self, numbers: Iterable[int] | None = None) -> Iterator[Page]:
        """The pages asked for (all, without ``numbers``), each closed before the next is opened."""
        for number in numbers if numbers is not None else range(1, self.page_count + 1):
            page = self._page(number)
            yield self._with_typed(page, number) if annotated(page) else self._read(page, page, number)

    def _with_typed(self, page: Any, number: int) -> Page:
        """A page with what is typed into its form and over it."""
        if self._overlay is None:
            self._overlay = Overlay(self.path)
        try:
            flat, typed = self._overlay.flattened(number)
        except pdfium.PdfiumError:
            return self._read(page, page, number)
        try:
            return self._read(flat, page, number, typed)
        finally:
            flat.close()

    def _page(self, number: int) -> Any:
        """pdfium's page, kept until another one is asked for: who reads a page mostly wants a picture of it next."""
        if self._opened is None or self._opened[0] != number:
            self._close_page()
            self._opened = number, self._open(number)
        return self._opened[1]

    def _open(self, number: int) -> Any:
        if not 1 <= number <= self.page_count:
            raise InputError(f"{shown(self.path)} has no page {number}", f"it has {self.page_count}")
        try:
            return self._pdf[number - 1]
        except pdfium.PdfiumError as error:
            raise InputError(
                f"{shown(self.path)}: page {number} is broken", "open it in a viewer and save it again"
            ) from error

    def _read(self, page: Any, pictured: Any, number: int, typed: Sequence[Typed] = ()) -> Page:
        """What ``page`` holds; ``pictured`` is the same page, of which pictures are made."""
        to_display, width, height, rotate = display(page, self._units.get(number, 1.0))
        check_page_size(number, width, height)
        textpage = page.get_textpage()
        try:
            drawn = text_objects(raw.address(textpage), number)
            objects = read_objects(raw.address(page), number, to_display, np.unique(drawn))
            text = read_chars(raw.address(textpage), drawn, to_display, objects.get(raw.TEXT))
        finally:
            textpage.close()
        chars = text.chars
        outside = (chars["x1"] <= 0) | (chars["x0"] >= width) | (chars["bottom"] <= 0) | (chars["top"] >= height)
        chars["flags"] |= np.where(outside, Flag.INVISIBLE, 0).astype("u2")
        rulings, fills, images, over = drawings(objects, number, (width, height), text.order)
        whole = Page(number, width, height, chars, rulings, fills, images, text.fonts, rotate, "pdfium")
        read = self._marked(pictured, self._proofed(pictured, whole, text, over), text)
        over_text = laid_over(pictured, to_display)
        if len(over_text):
            read.chars["flags"] |= np.where(under_marks(read.chars, over_text), Flag.OVERPRINTED, 0).astype("u2")
        if not typed:
            return read
        chars, fonts = with_typed(read.chars, text.fonts, typed, to_display, rotate)
        return replace(read, chars=chars, fonts=fonts)

    def _proofed(self, handle: Any, page: Page, text: Characters, over: Array) -> Page:
        """The page with what a viewer would not show flagged (characters) or left out (rulings)."""
        unseen = page.chars["flags"] & Flag.INVISIBLE != 0
        cover, since = under(page.chars, text.order[text.run], over)
        white = text.white & ~on_dark(page.chars, page.fills) if text.white.any() else text.white
        suspects = np.flatnonzero((white | self._layers | (cover >= 0)) & ~unseen)
        # pdfium's clips are boxes here and may be too small; what stands where nothing else is shown may be seen.
        alone = np.flatnonzero(text.clipped & ~text.fringe)
        alone = alone[~covered(page.chars[alone], page.chars[~text.clipped])]
        lines = page.rulings if self._layers else page.rulings[:0]
        cut = np.flatnonzero(~np.isnan(text.rest[:, 0]))
        if not len(suspects) and not len(lines) and not len(alone) and not len(cut):
            return page
        dpi = min(PROOF_DPI, 72 * (MAX_PROOF_PIXELS / (page.width * page.height)) ** 0.5)
        paper = self._picture(handle, page.number, dpi, None)
        if in_strips(~blank(rests(text.rest[cut]), paper, dpi, 0.0)):
            page.chars["flags"][cut] &= np.uint16(0xFFFF ^ Flag.INVISIBLE)
            text.clipped[cut] = text.cut[cut] = False
        hidden = blank(page.chars[suspects], paper, dpi, 0.0)
        hidden |= self._printed_over(page.chars, text, suspects, since)
        _hide(page.chars, suspects[hidden], cover, over)
        shown = _with_fringe(alone[inked(page.chars[alone], paper, dpi)], text.fringe)
        page.chars["flags"][shown] &= np.uint16(0xFFFF ^ Flag.INVISIBLE)
        text.clipped[shown] = False
        return replace(page, rulings=lines[~blank(lines, paper, dpi, lines["width"] / 2 + 1)]) if len(lines) else page

    @staticmethod
    def _printed_over(chars: Array, text: Characters, suspects: Array, since: Array) -> Array:
        """Under which covers among ``suspects`` the ink that is seen is that of characters drawn later."""
        over = np.zeros(len(suspects), bool)
        order = text.order[text.run]
        for k in np.flatnonzero(since[suspects] >= 0).tolist():
            place = suspects[k]
            later = chars[(order > since[place]) & (chars["flags"] & Flag.INVISIBLE == 0)]
            over[k] = bool(covered(chars[place : place + 1], later)[0])
        return over

    def _marked(self, handle: Any, page: Page, text: Characters) -> Page:
        """The page, its characters marked that are stamps, struck out, cut or printed over."""
        chars = page.chars
        gone = chars["flags"] & (Flag.INVISIBLE | Flag.HIDDEN) != 0
        lost = (text.clipped & gone) | ((chars["flags"] & Flag.HIDDEN != 0) & ~text.white)
        replaced = np.flatnonzero(lost & ~text.clipped)
        lost[replaced[covered(chars[replaced], chars[~gone])]] = False
        cut = (text.cut & ~gone) | cut_off(chars, lost)
        slanted = (chars["rotation"] % 90 != 0) & ~gone
        chars["flags"] |= np.where(slanted, Flag.ASIDE, 0).astype("u2") | np.where(cut, Flag.CUT, 0).astype("u2")
        aside, over = overlaid(chars, text.run, text.colour)
        chars["flags"] |= np.where(aside, Flag.ASIDE, 0).astype("u2") | np.where(over, Flag.OVERPRINTED, 0).astype("u2")

        def drawn(box: BBox) -> bool:
            return is_line(self._picture(handle, page.number, PROOF_DPI, box))

        out, lines = struck(chars, page.rulings, drawn)
        chars["flags"] |= np.where(out, Flag.STRUCK, 0).astype("u2")
        return replace(page, chars=parted(raised(chars)), rulings=page.rulings[~lines])

    def render(self, number: int, dpi: float, bbox: BBox | None = None, colour: bool = False) -> Array:
        """The page, or the part in ``bbox``, as displayed: uint8 grey, shape (height, width), or RGB."""
        return self._picture(self._page(number), number, dpi, bbox, colour)

    def _picture(self, page: Any, number: int, dpi: float, bbox: BBox | None, colour: bool = False) -> Array:
        unit = self._units.get(number, 1.0)
        _, width, height, _ = display(page, unit)
        check_page_size(number, width, height)
        box, scale = bbox or BBox(0.0, 0.0, width, height), dpi / 72
        columns, rows = max(1, round(box.width * scale)), max(1, round(box.height * scale))
        if columns * rows > MAX_RENDER_PIXELS:
            raise InputError(
                f"page {number} of {shown(self.path)} at {dpi:.0f} dpi would take {columns} x {rows} pixels",
                "ask for fewer dots per inch",
            )
        image = np.full((rows, columns, 3) if colour else (rows, columns), 255, np.uint8)
        layout, flags = (api.FPDFBitmap_BGR, 0) if colour else (api.FPDFBitmap_Gray, api.FPDF_GRAYSCALE)
        bitmap = api.FPDFBitmap_CreateEx(columns, rows, layout, image.ctypes.data, image.strides[0])
        try:
            api.FPDF_RenderPageBitmap(
                bitmap, page, -round(box.x0 * scale), -round(box.top * scale),
                round(width * scale), round(height * scale), 0, api.FPDF_ANNOT | flags,
            )  # fmt: skip
        finally:
            api.FPDFBitmap_Destroy(bitmap)
        return image[..., ::-1] if colour else image

    def _close_page(self) -> None:
        if self._opened is not None:
            self._opened[1].close()
            self._opened = None

    def close(self) -> None:
        """Give everything back; a second time does nothing."""
        self._close_page()
        if self._overlay is not None:
            self._overlay.close()
        self._pdf.close()

    def __enter__(self) -> PdfiumDocument:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def display(page: Any, unit: float = 1.0) -> tuple[Array, float, float, int]:
    """The affine map (6,) from PDF user space to the page as displayed, its width and height, /Rotate.

    ``unit`` is the page's user unit, which pdfium leaves to its callers.
    """
    left, bottom, right, top = page.get_bbox()
    rotate = page.get_rotation()
    w, h = right - left, top - bottom
    maps = {
        0: ((1, 0, 0, -1, -left, top), w, h),
        90: ((0, 1, 1, 0, -bottom, -left), h, w),
        180: ((-1, 0, 0, 1, right, -bottom), w, h),
        270: ((0, -1, -1, 0, top, right), h, w),
    }
    matrix, width, height = maps[rotate]
    return np.array(matrix, "f8") * unit, float(width) * unit, float(height) * unit, int(rotate)


def _with_fringe(shown: Array, fringe: Array) -> Array:
    """Indices of characters that are shown outside their clip, and of those beside them on its edge."""
    beside = np.concatenate([shown - 1, shown + 1])
    beside = beside[(beside >= 0) & (beside < len(fringe))]
    return np.union1d(shown, beside[fringe[beside]])


def _hide(chars: Array, hidden: Array, cover: Array, over: Array) -> None:
    """Flag characters as hidden; those that a dark rectangle blackens show that something stands there."""
    dark = (cover[hidden] >= 0) & (over[cover[hidden], 4] < DARK) if len(over) else np.zeros(len(hidden), bool)
    chars["text"][hidden[dark]] = REDACTED
    chars["flags"][hidden[dark]] |= np.uint16(Flag.UNSURE)
    chars["flags"][hidden[~dark]] |= np.uint16(Flag.HIDDEN)


def drawings(
    objects: dict[int, Objects], number: int, view: tuple[float, float], drawn: Array
) -> tuple[Array, Array, Array, Array]:
    """RULING, FILL and IMAGE records of a page, and what may cover text: as ``struck.under`` takes it.

    ``drawn``: when each of the page's text objects is drawn; what is drawn before all of them covers none.
    """
    rulings, fills, images, over = np.zeros(0, RULING), np.zeros(0, FILL), np.zeros(0, IMAGE), np.zeros((0, 6))
    if raw.PATH in objects:
        paths = read_paths(objects[raw.PATH], number)
        rulings, fills = rulings_and_fills(paths, view)
        if len(drawn) and objects[raw.PATH].order.max() > drawn.min():
            over = _opaque(covers(paths, objects[raw.PATH].order), objects[raw.PATH], float(drawn.min()))
    if raw.IMAGE in objects:
        images, lines = common.pictures(_image_boxes(objects[raw.IMAGE]), objects[raw.IMAGE].clip, view)
        rulings = np.concatenate([rulings, lines])
    return rulings, fills, images, over


def _opaque(over: Array, paths: Objects, since: float) -> Array:
    """The covers drawn after ``since`` that nothing shines through."""
    over = over[over[:, 5] > since]
    handles = paths.handles[over[:, 6].astype(int)].tolist()
    clear = raw.each(raw.object_transparent, handles, dtype="i4", count=len(handles)) != 0
    solid: Array = over[~clear, :6]
    return solid


def _image_boxes(objects: Objects) -> Array:
    """Where pictures stand, shape (n, 4)."""
    maps = product(object_matrices(objects.handles), objects.to_display)
    corners = np.stack(
        [mapped(np.tile((x, y), (len(maps), 1)), maps) for x, y in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0))]
    )
    return np.concatenate([corners.min(axis=0), corners.max(axis=0)], axis=1)
