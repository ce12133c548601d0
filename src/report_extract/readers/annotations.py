"""What people typed into a PDF: values of form fields, ticks, and text laid over its pages.

Such marks stand in no content stream. pdfium draws their appearances into the page's content (it *flattens* the
page), in a second copy of the file, so that they are read as any other text, each where it stands. Three things are
not left to appearances: a tick, whose appearance may be any drawing, is one character ``CHOSEN``; a field whose
value shows nowhere is written out from its value, and doubted; so is one that shows something other than its value
(ISO 32000-1, 12.5.5, 12.7.4).
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as api

from ..core.model import CHAR, Array, Flag
from .chars import ABOVE, BELOW

CHOSEN = "☑"
MARKS_FONT = "ZapfDingbats"  # the font that ticks are written in
FIELD_FONT = "Helvetica"  # the one that fields are, where they name none
MAX_ANNOTATIONS = 20_000  # a page; what stands beyond them is not read
_OVER = (api.FPDF_ANNOT_STAMP, api.FPDF_ANNOT_INK)
_STEP = 2.0  # points between two places of a stroke that are looked at
MAX_STROKES = 2_000  # of an ink annotation, points of each
MAX_VALUE = 4_000  # letters of one field
_HIDDEN = 0x02 | 0x20  # annotation flags: Hidden, NoView
_COMB = 1 << 24  # field flag: letters are spread over even places
_PASSWORD = 1 << 13
_LARGEST, _OF_HEIGHT = 12.0, 0.7  # points, and share of its place's height: the size of a letter that is written out
_NARROW, _WIDE = 0.55, 1.0  # ems that such letters take
_BUTTONS = (api.FPDF_FORMFIELD_CHECKBOX, api.FPDF_FORMFIELD_RADIOBUTTON)
_TYPED = (api.FPDF_FORMFIELD_TEXTFIELD, api.FPDF_FORMFIELD_COMBOBOX, api.FPDF_FORMFIELD_LISTBOX)
# What is no text of the page: links, notes that open, marker pens, attachments, stamps and watermarks.
_DRAWN = (
    api.FPDF_ANNOT_FREETEXT, api.FPDF_ANNOT_LINE, api.FPDF_ANNOT_SQUARE, api.FPDF_ANNOT_STRIKEOUT, api.FPDF_ANNOT_WIDGET
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed or ticked.

    Attributes:
        box: where, in PDF user space: left, bottom, right, top.
        text: what; ``CHOSEN`` of a ticked box.
        kind: "tick", "field" or "note" (text laid over the page).
        comb: are its letters spread over even places?
        shown: must what is displayed be this text? An option of a list shows under a name of its own.
    """

    box: tuple[float, float, float, float]
    text: str
    kind: str
    comb: bool = False
    shown: bool = True


class Overlay:
    """A second copy of a file, its annotations drawn into its pages one by one."""

    def __init__(self, path: Any) -> None:
        self._pdf = pdfium.PdfDocument(path)
        self._pdf.init_forms()

    def flattened(self, number: int) -> tuple[Any, list[Typed]]:
        """The page with what is typed on it in its content, and what that is; the caller closes the page.

        Raises:
            pdfium.PdfiumError: the page is broken.
        """
        page = self._pdf[number - 1]
        typed = self._typed(page)
        api.FPDFPage_Flatten(page, api.FLAT_NORMALDISPLAY)
        page.close()
        return self._pdf[number - 1], typed

    def _typed(self, page: Any) -> list[Typed]:
        """What is typed on a page; annotations that are no text of it are taken out."""
        typed: list[Typed] = []
        for index in reversed(range(min(api.FPDFPage_GetAnnotCount(page), MAX_ANNOTATIONS))):
            annotation = api.FPDFPage_GetAnnot(page, index)
            if not annotation:
                continue
            try:
                found, keep = self._read(annotation)
            finally:
                api.FPDFPage_CloseAnnot(annotation)
            if found:
                typed.append(found)
            if not keep:
                api.FPDFPage_RemoveAnnot(page, index)
        return typed[::-1]

    def _read(self, annotation: Any) -> tuple[Typed | None, bool]:
        """What an annotation says, and whether its appearance is text of the page."""
        kind = api.FPDFAnnot_GetSubtype(annotation)
        if kind not in _DRAWN or api.FPDFAnnot_GetFlags(annotation) & _HIDDEN:
            return None, False
        box = _box(annotation)
        if kind != api.FPDF_ANNOT_WIDGET:
            text = _string(annotation, b"Contents") if kind == api.FPDF_ANNOT_FREETEXT else ""
            return (Typed(box, text, "note") if text.strip() else None), True
        form = self._pdf.formenv
        if form is None:
            return None, True
        sort = api.FPDFAnnot_GetFormFieldType(form, annotation)
        if sort in _BUTTONS:
            return (Typed(box, CHOSEN, "tick") if api.FPDFAnnot_IsChecked(form, annotation) else None), False
        if sort not in _TYPED:
            return None, sort != api.FPDF_FORMFIELD_PUSHBUTTON
        flags = api.FPDFAnnot_GetFormFieldFlags(form, annotation)
        value = _called(api.FPDFAnnot_GetFormFieldValue, form, annotation)
        if not value.strip() or flags & _PASSWORD:
            return None, True
        is_text = sort == api.FPDF_FORMFIELD_TEXTFIELD
        return Typed(box, value, "field", comb=is_text and bool(flags & _COMB), shown=is_text), True

    def close(self) -> None:
        self._pdf.close()


def annotated(page: Any) -> bool:
    """Has a page annotations that may be text of it?"""
    for index in range(min(api.FPDFPage_GetAnnotCount(page), MAX_ANNOTATIONS)):
        annotation = api.FPDFPage_GetAnnot(page, index)
        if annotation:
            kind = api.FPDFAnnot_GetSubtype(annotation)
            api.FPDFPage_CloseAnnot(annotation)
            if kind in _DRAWN:
                return True
    return False


def laid_over(page: Any, to_display: Array) -> Array:
    """Where stamps are put and ink is drawn by hand over a page, as displayed: boxes, shape (n, 4).

    What they say is no text of the page, but text below one may be meant to be gone.
    """
    boxes: list[tuple[float, float, float, float]] = []
    for index in range(min(api.FPDFPage_GetAnnotCount(page), MAX_ANNOTATIONS)):
        annotation = api.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        kind = api.FPDFAnnot_GetSubtype(annotation)
        if kind in _OVER and not api.FPDFAnnot_GetFlags(annotation) & _HIDDEN:
            boxes += _strokes(annotation) if kind == api.FPDF_ANNOT_INK else [_box(annotation)]
        api.FPDFPage_CloseAnnot(annotation)
    return np.array([_displayed(box, to_display) for box in boxes]).reshape(-1, 4)


def _strokes(annotation: Any) -> list[tuple[float, float, float, float]]:
    """Small boxes along the strokes of an ink annotation, in PDF user space."""
    found: list[tuple[float, float, float, float]] = []
    for index in range(min(api.FPDFAnnot_GetInkListCount(annotation), MAX_STROKES)):
        count = min(api.FPDFAnnot_GetInkListPath(annotation, index, None, 0), MAX_STROKES)
        points = (api.FS_POINTF * max(1, count))()
        api.FPDFAnnot_GetInkListPath(annotation, index, points, count)
        places = [(point.x, point.y) for point in points[:count]]
        for (x, y), (x_, y_) in pairwise(places):
            steps = int(min(MAX_STROKES, max(abs(x_ - x), abs(y_ - y)) / _STEP)) + 1
            found += [
                (x + (x_ - x) * k / steps, y + (y_ - y) * k / steps) * 2 for k in range(steps + 1)
            ]  # fmt: skip
    return found[: MAX_STROKES * 10]


def under_marks(chars: Array, boxes: Array) -> Array:
    """Which visible characters have a box of ``laid_over`` over their middle, or a stroke within them."""
    hit = np.zeros(len(chars), bool)
    x, y = (chars["x0"] + chars["x1"]) / 2, (chars["top"] + chars["bottom"]) / 2
    for x0, top, x1, bottom in boxes:
        hit |= (x0 <= x) & (x <= x1) & (top <= y) & (y <= bottom)
        hit |= (chars["x0"] <= x0) & (x1 <= chars["x1"]) & (chars["top"] <= top) & (bottom <= chars["bottom"])
    return np.asarray(hit & ((chars["flags"] & (Flag.INVISIBLE | Flag.HIDDEN)) == 0))


def with_typed(
    chars: Array, fonts: tuple[str, ...], typed: Sequence[Typed], to_display: Array, rotate: int
) -> tuple[Array, tuple[str, ...]]:
    """The characters of a flattened page and their fonts, with ticks, and values that showed nowhere.

    Args:
        chars: CHAR records as displayed.
        fonts: the names that they index.
        typed: what is typed on the page.
        to_display: affine map from PDF user space to the page as displayed, shape (6,).
        rotate: the page's own /Rotate, which its fields' text turns with.
    """
    extra = []
    for one in typed:
        place = _displayed(one.box, to_display)
        if one.kind == "tick":
            extra.append(_written(CHOSEN, place, 0, len(fonts), 0))
            continue
        mine = _inside(chars, place)
        said, seen = _plain(one.text), _plain("".join(chars["text"][mine].tolist()))
        if not seen:
            extra.append(_written(one.text, place, rotate, len(fonts) + 1, Flag.UNSURE))
        elif said == seen:
            _closed_up(chars, mine, one)
        elif one.shown and _figures(said) != _figures(seen):
            chars["flags"][mine] |= np.uint16(Flag.UNSURE)
    if not extra:
        return chars, fonts
    return np.concatenate([chars, *extra]), (*fonts, MARKS_FONT, FIELD_FONT)


def _closed_up(chars: Array, mine: Array, one: Typed) -> None:
    """Letters spread over a comb's places made to touch, where the value has no blank between them."""
    if not one.comb:
        return
    turned = chars["rotation"][mine] % 180 != 0
    for low, high, some in (("x0", "x1", mine[~turned]), ("top", "bottom", mine[turned])):
        order = some[np.argsort(chars[low][some], kind="stable")]
        if len(order) == len("".join(one.text.split())) and len(one.text.split()) == 1:
            chars[high][order[:-1]] = chars[low][order[1:]]


def _inside(chars: Array, place: tuple[float, float, float, float]) -> Array:
    """Indices of the visible characters whose middle lies in a place."""
    x, y = (chars["x0"] + chars["x1"]) / 2, (chars["top"] + chars["bottom"]) / 2
    seen = (chars["flags"] & (Flag.INVISIBLE | Flag.HIDDEN)) == 0
    return np.flatnonzero(seen & (place[0] - 1 <= x) & (x <= place[2] + 1) & (place[1] - 1 <= y) & (y <= place[3] + 1))


def _written(text: str, place: tuple[float, float, float, float], rotate: int, font: int, flags: int) -> Array:
    """CHAR records of a text in a place, from its left, its lines from the top; upright whichever way the page lies."""
    x0, top, x1, bottom = place
    lines = [line for line in text[:MAX_VALUE].splitlines() if line.strip()] or [text]
    size = max(1.0, min(_LARGEST, _OF_HEIGHT * (bottom - top) / len(lines)))
    widest = max(_width(line) for line in lines)
    size = min(size, max(1.0, (x1 - x0) / max(widest, 0.1)))
    rows: list[tuple[Any, ...]] = []
    for k, line in enumerate(lines):
        baseline = top + (bottom - top) * (k + 0.5) / len(lines) + (ABOVE - BELOW) / 2 * size
        at = x0 if len(line) > 1 else (x0 + x1 - _width(line) * size) / 2
        for letter in line:
            width = _width(letter) * size
            if not letter.isspace():
                rows.append(
                    (letter, at, baseline - ABOVE * size, at + width, baseline + BELOW * size, 0, size, font, -1, flags)
                )
            at += width
    return np.array(rows, CHAR) if rows else np.zeros(0, CHAR)


def _width(text: str) -> float:
    """About how many ems a text takes."""
    return sum(_WIDE if unicodedata.east_asian_width(c) in "WFA" else _NARROW for c in text)


def _displayed(box: tuple[float, float, float, float], to_display: Array) -> tuple[float, float, float, float]:
    a, b, c, d, e, f = to_display.tolist()
    left, bottom, right, top = box
    xs, ys = (a * left + c * bottom + e, a * right + c * top + e), (b * left + d * bottom + f, b * right + d * top + f)
    return min(xs), min(ys), max(xs), max(ys)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _figures(text: str) -> str:
    """What two ways of writing one figure have in common: 1234 and 1,234."""
    return text.replace(",", "").casefold()


def _box(annotation: Any) -> tuple[float, float, float, float]:
    rect = api.FS_RECTF()
    api.FPDFAnnot_GetRect(annotation, rect)
    return (
        min(rect.left, rect.right), min(rect.bottom, rect.top), max(rect.left, rect.right), max(rect.bottom, rect.top)
    )  # fmt: skip


def _string(annotation: Any, key: bytes) -> str:
    return _called(api.FPDFAnnot_GetStringValue, annotation, key)


def _called(function: Any, *arguments: Any) -> str:
    """The text that one of pdfium's functions writes into a buffer: UTF-16, closed by a zero."""
    length = function(*arguments, None, 0)
    if not 2 < length <= 4 * MAX_VALUE:
        return ""
    buffer = ctypes.create_string_buffer(length)
    function(*arguments, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    return buffer.raw[: length - 2].decode("utf-16-le", "replace")
