"""The few functions of pdfium that are called once a character or a path, bound for speed.

pypdfium2's own bindings cast every argument; called a hundred thousand times a document, that is what reading
costs. Here the same library is bound once more with plain integers for handles and addresses, so that a whole
page is one ``map`` in C and the results land in numpy buffers. `PyDLL` does not give up the interpreter lock
around each call: pdfium must not be entered by two threads anyway.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Iterable
from itertools import repeat
from typing import Any

import numpy as np
from pypdfium2_raw import bindings

from ..core.model import Array

_LIBRARY = ctypes.PyDLL(bindings._libs["pdfium"]._name)
_HANDLE, _ADDRESS, _INT, _UINT = ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int, ctypes.c_uint


def _bind(name: str, result: Any, *arguments: Any) -> Any:
    function = getattr(_LIBRARY, name)
    function.restype, function.argtypes = result, arguments
    return function


count_chars = _bind("FPDFText_CountChars", _INT, _HANDLE)
get_text = _bind("FPDFText_GetText", _INT, _HANDLE, _INT, _INT, _ADDRESS)
char_unicode = _bind("FPDFText_GetUnicode", _UINT, _HANDLE, _INT)
char_error = _bind("FPDFText_HasUnicodeMapError", _INT, _HANDLE, _INT)
char_object = _bind("FPDFText_GetTextObject", _HANDLE, _HANDLE, _INT)
char_loose_box = _bind("FPDFText_GetLooseCharBox", _INT, _HANDLE, _INT, _ADDRESS)
char_tight_box = _bind("FPDFText_GetCharBox", _INT, _HANDLE, _INT, _ADDRESS, _ADDRESS, _ADDRESS, _ADDRESS)
char_origin = _bind("FPDFText_GetCharOrigin", _INT, _HANDLE, _INT, _ADDRESS, _ADDRESS)
char_matrix = _bind("FPDFText_GetMatrix", _INT, _HANDLE, _INT, _ADDRESS)
char_size = _bind("FPDFText_GetFontSize", ctypes.c_double, _HANDLE, _INT)
text_font = _bind("FPDFTextObj_GetFont", _HANDLE, _HANDLE)
text_mode = _bind("FPDFTextObj_GetTextRenderMode", _INT, _HANDLE)
font_name = _bind("FPDFFont_GetBaseFontName", ctypes.c_size_t, _HANDLE, _ADDRESS, ctypes.c_size_t)
page_count_objects = _bind("FPDFPage_CountObjects", _INT, _HANDLE)
page_object = _bind("FPDFPage_GetObject", _HANDLE, _HANDLE, _INT)
form_count_objects = _bind("FPDFFormObj_CountObjects", _INT, _HANDLE)
form_object = _bind("FPDFFormObj_GetObject", _HANDLE, _HANDLE, ctypes.c_ulong)
object_type = _bind("FPDFPageObj_GetType", _INT, _HANDLE)
object_matrix = _bind("FPDFPageObj_GetMatrix", _INT, _HANDLE, _ADDRESS)
object_bounds = _bind("FPDFPageObj_GetBounds", _INT, _HANDLE, _ADDRESS, _ADDRESS, _ADDRESS, _ADDRESS)
object_transparent = _bind("FPDFPageObj_HasTransparency", _INT, _HANDLE)
object_clip = _bind("FPDFPageObj_GetClipPath", _HANDLE, _HANDLE)
object_fill = _bind("FPDFPageObj_GetFillColor", _INT, _HANDLE, _ADDRESS, _ADDRESS, _ADDRESS, _ADDRESS)
object_stroke = _bind("FPDFPageObj_GetStrokeColor", _INT, _HANDLE, _ADDRESS, _ADDRESS, _ADDRESS, _ADDRESS)
stroke_width = _bind("FPDFPageObj_GetStrokeWidth", _INT, _HANDLE, _ADDRESS)
path_mode = _bind("FPDFPath_GetDrawMode", _INT, _HANDLE, _ADDRESS, _ADDRESS)
path_count = _bind("FPDFPath_CountSegments", _INT, _HANDLE)
path_segment = _bind("FPDFPath_GetPathSegment", _HANDLE, _HANDLE, _INT)
segment_point = _bind("FPDFPathSegment_GetPoint", _INT, _HANDLE, _ADDRESS, _ADDRESS)
segment_type = _bind("FPDFPathSegment_GetType", _INT, _HANDLE)
segment_close = _bind("FPDFPathSegment_GetClose", _INT, _HANDLE)
clip_count = _bind("FPDFClipPath_CountPaths", _INT, _HANDLE)
clip_count_segments = _bind("FPDFClipPath_CountPathSegments", _INT, _HANDLE, _INT)
clip_segment = _bind("FPDFClipPath_GetPathSegment", _HANDLE, _HANDLE, _INT, _INT)

TEXT, PATH, IMAGE, SHADING, FORM = 1, 2, 3, 4, 5  # FPDF_PAGEOBJ_*


def address(handle: Any) -> int:
    """The plain address behind one of pypdfium2's wrappers or raw pointers."""
    return ctypes.cast(getattr(handle, "raw", handle), ctypes.c_void_p).value or 0


def each(function: Any, *columns: Iterable[Any], dtype: str, count: int) -> Array:
    """``function`` of each row of ``columns``: an array of ``count`` results."""
    return np.fromiter(map(function, *columns), dtype, count)


def into(function: Any, *columns: Iterable[Any], count: int, width: int, dtype: str = "f4") -> Array:
    """Call ``function(*row, address...)`` where it fills ``width`` numbers a row: shape (count, width).

    pdfium takes either one address of a struct or one address a number; the arity of ``function`` tells.
    """
    rows = np.zeros((count, width), dtype)
    if not count:
        return rows
    start, step, size = rows.ctypes.data, rows.strides[0], rows.itemsize
    single = len(function.argtypes) == len(columns) + 1
    places = [range(start + k * size, start + k * size + count * step, step) for k in range(1 if single else width)]
    deque(map(function, *columns, *places), maxlen=0)
    return rows


def children(container: int, form: bool, count: int) -> Array:
    """The handles of the ``count`` objects in a page, or in a form XObject."""
    get = form_object if form else page_object
    return each(get, repeat(container), range(count), dtype="u8", count=count)
