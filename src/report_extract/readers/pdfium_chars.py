"""Characters of a page, by pdfium.

A box spans the glyph's advance along its line, and from .12 em below the baseline to .88 em above it across
the line, whatever the font says of itself: rows of a table then have one height whichever fonts they mix.
Blanks carry no ink and are left out; layout finds them again as gaps.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from itertools import repeat
from typing import NamedTuple

import numpy as np

from ..model import CHAR, Array, Flag
from . import pdfium_raw as raw
from .bounds import MAX_CHARS, check_count
from .chars import ABOVE, BELOW, BLANKS, HYPHENS, REPLACEMENT, drawn_twice

_BLANKS = np.array(BLANKS)


@dataclass(frozen=True, slots=True)
class Runs:
    """What the characters of one text object share; one entry a run.

    Attributes:
        of: for each character, its run.
        matrix: of the glyphs, shape (runs, 6), text space to page.
        size: font size as the file gives it.
        mode: text rendering mode.
        font: index into ``names``.
        grey: fill colour, 0 black to 1 white.
    """

    of: Array
    handles: Array
    matrix: Array
    size: Array
    mode: Array
    font: Array
    grey: Array
    names: tuple[str, ...]


def read_chars(textpage: int, number: int, to_display: Array) -> tuple[Array, tuple[str, ...], Array]:
    """The characters of a page.

    Args:
        textpage: pdfium's handle.
        number: of the page, for messages.
        to_display: affine map from PDF user space to the page as displayed, shape (6,).

    Returns:
        CHAR records in reading order as pdfium gives it, font names, and for each character how white it is
        (0..1, its fill colour).
    """
    total = raw.count_chars(textpage)
    check_count(number, total, MAX_CHARS, "characters")
    if total <= 0:
        return np.zeros(0, CHAR), (), np.zeros(0)
    objects = raw.each(raw.char_object, repeat(textpage), range(total), dtype="u8", count=total)
    errors = raw.each(raw.char_error, repeat(textpage), range(total), dtype="i1", count=total) == 1
    codes = _codes(textpage, total)
    keep = np.flatnonzero((objects != 0) & (errors | ~np.isin(codes, _BLANKS)))
    if not len(keep):
        return np.zeros(0, CHAR), (), np.zeros(0)
    objects, errors, codes = objects[keep], errors[keep], codes[keep]
    boxes = raw.into(raw.char_loose_box, repeat(textpage), keep.tolist(), count=len(keep), width=4)
    runs = _runs(textpage, objects, keep)
    return _records(textpage, keep, codes, errors, boxes, runs, to_display)


def _codes(textpage: int, total: int) -> Array:
    """The code point of each character; in one call where pdfium's text has exactly one unit for each."""
    units = np.zeros(total + 1, "u2")
    if raw.get_text(textpage, 0, total, units.ctypes.data) == total + 1:
        return units[:total].astype("u4")
    return raw.each(raw.char_unicode, repeat(textpage), range(total), dtype="u4", count=total)


def _runs(textpage: int, objects: Array, indices: Array) -> Runs:
    starts = np.flatnonzero(np.r_[True, objects[1:] != objects[:-1]])
    count = len(starts)
    handles, first = objects[starts].tolist(), indices[starts].tolist()
    fonts = raw.each(raw.text_font, handles, dtype="u8", count=count)
    distinct, font = np.unique(fonts, return_inverse=True)
    colour = raw.into(raw.object_fill, handles, count=count, width=4, dtype="u4")
    of = np.zeros(len(objects), "i8")
    of[starts[1:]] = 1
    return Runs(
        of=np.cumsum(of),
        handles=objects[starts],
        matrix=raw.into(raw.char_matrix, repeat(textpage), first, count=count, width=6).astype("f8"),
        size=raw.each(raw.char_size, repeat(textpage), first, dtype="f8", count=count),
        mode=raw.each(raw.text_mode, handles, dtype="i4", count=count),
        font=font,
        grey=colour[:, :3].mean(axis=1) / 255,
        names=tuple(_font_name(int(handle)) for handle in distinct),
    )


def _font_name(handle: int) -> str:
    name = ctypes.create_string_buffer(256)
    if handle:
        raw.font_name(handle, ctypes.addressof(name), 256)
    return name.value.decode("utf-8", "replace")


def _records(
    textpage: int, keep: Array, codes: Array, errors: Array, boxes: Array, runs: Runs, to_display: Array
) -> tuple[Array, tuple[str, ...], Array]:
    of = runs.of
    chars = np.zeros(len(codes), CHAR)
    stance = _stance(runs, to_display)
    chars["rotation"], chars["size"], chars["font"] = stance.rotation[of], stance.size[of], runs.font[of]
    chars["code"] = np.where(errors, codes, -1)
    invisible = np.isin(runs.mode, (3, 7))[of]
    chars["flags"] = invisible * Flag.INVISIBLE + errors * Flag.UNICODE_ERROR
    corners = _display(boxes[:, [0, 1, 2, 3]], to_display)
    _mend_flat(textpage, keep, corners, stance.size[of], to_display)
    _even_out(textpage, keep, corners, runs, stance, to_display)
    chars["x0"], chars["top"], chars["x1"], chars["bottom"] = corners.T
    codes = np.where(np.isin(codes, HYPHENS) & ~errors, ord("-"), codes)
    # A code without Unicode passes as a character only where it is plainly ASCII (Type 3 fonts often are).
    odd = (errors & ~((codes > 0x20) & (codes < 0x7F))) | (codes < 0x20) | (codes > 0x10FFFF)
    chars["text"] = np.where(odd, REPLACEMENT, codes).astype("<u4").view("<U1")
    chars, whiteness = _joined(chars, corners, of), runs.grey[of]
    kept = np.flatnonzero((chars["text"] != "") & ~drawn_twice(chars))
    return chars[kept], runs.names, whiteness[kept]


class Stance(NamedTuple):
    """For each run, how its upright is turned on the displayed page, in degrees clockwise, and its size."""

    rotation: Array
    size: Array


def _stance(runs: Runs, to_display: Array) -> Stance:
    a, b, c, d = runs.matrix[:, :4].T
    ta, tb, tc, td = to_display[:4]
    along_x, along_y = a * ta + b * tc, a * tb + b * td
    up_x, up_y = c * ta + d * tc, c * tb + d * td
    angle = np.degrees(np.arctan2(along_y, along_x))
    return Stance((np.round(angle / 90).astype(int) * 90) % 360, runs.size * np.hypot(up_x, up_y))


def _display(boxes: Array, to_display: Array) -> Array:
    """FS_RECTF rows (left, top, right, bottom; y upward) as displayed, shape (n, 4)."""
    a, b, c, d, e, f = to_display
    left, top, right, bottom = boxes.T.astype("f8")
    x = np.stack([left * a + top * c, right * a + bottom * c]) + e
    y = np.stack([left * b + top * d, right * b + bottom * d]) + f
    return np.stack([x.min(0), y.min(0), x.max(0), y.max(0)], axis=1)


def _mend_flat(textpage: int, keep: Array, corners: Array, size: Array, to_display: Array) -> None:
    """Where a font gives no widths, the box of the ink stands in for the advance."""
    sides = np.minimum(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    flat = np.flatnonzero(sides < 0.02 * size)
    if len(flat):
        ink = raw.into(
            raw.char_tight_box, repeat(textpage), keep[flat].tolist(), count=len(flat), width=4, dtype="f8"
        )  # left, right, bottom, top
        corners[flat] = _display(ink[:, [0, 3, 1, 2]], to_display)


def _even_out(textpage: int, keep: Array, corners: Array, runs: Runs, stance: Stance, to_display: Array) -> None:
    """Give all boxes the same height over their baseline, in place.

    pdfium's loose box is what the font says of itself joined with the ink, so its height says little. The
    origins of a run's first and last character give the baseline; in vertical fonts each has its own.
    """
    of, (a, b, c, d, e, f) = runs.of, to_display
    ends = np.flatnonzero(np.r_[of[1:] != of[:-1], True])
    starts = np.r_[0, ends[:-1] + 1]
    turn, size = stance.rotation[of], stance.size[of]
    upright = turn % 180 == 0

    def cross(at: Array) -> Array:
        """How far across its line the origin of each character lies."""
        x, y = raw.into(raw.char_origin, repeat(textpage), keep[at].tolist(), count=len(at), width=2, dtype="f8").T
        across: Array = np.where(upright[at], x * b + y * d + f, x * a + y * c + e)
        return across

    first, last = cross(starts), cross(ends)
    baseline = first[of]
    wandering = np.flatnonzero((np.abs(first - last) > 0.01)[of])
    if len(wandering):
        baseline[wandering] = cross(wandering)
    for degrees, low, high, sign in ((0, 3, 1, -1), (90, 0, 2, 1), (180, 1, 3, 1), (270, 2, 0, -1)):
        mine = np.flatnonzero(turn == degrees)
        corners[mine, low] = baseline[mine] - sign * BELOW * size[mine]
        corners[mine, high] = baseline[mine] + sign * ABOVE * size[mine]


def _joined(chars: Array, corners: Array, of: Array) -> Array:
    """Code points that share one glyph become one record; the text of the others becomes empty.

    pdfium gives a ligature as its letters, a character beyond the basic plane as two surrogates and a
    replacement text (ActualText) as its letters, all with one and the same box. More than four
    code points are spread over the box instead.
    """
    same = np.r_[False, (of[1:] == of[:-1]) & (corners[1:] == corners[:-1]).all(axis=1)]
    if same.any():
        starts = np.flatnonzero(~same & np.r_[same[1:], False])
        for start in starts.tolist():
            end = start + 1
            while end < len(same) and same[end]:
                end += 1
            _share_out(chars, start, end)
    return chars


def _share_out(chars: Array, start: int, end: int) -> None:
    text = "".join(chars["text"][start:end].tolist())
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if len(text) <= 4:
        chars["text"][start], chars["text"][start + 1 : end] = text, ""
        return
    low, high = ("x0", "x1") if chars["rotation"][start] % 180 == 0 else ("top", "bottom")
    edges = np.linspace(chars[low][start], chars[high][start], len(text) + 1)
    if chars["rotation"][start] in (180, 270):
        edges = edges[::-1]
    for k, letter in enumerate(text):
        chars["text"][start + k] = letter
        chars[low][start + k], chars[high][start + k] = sorted((edges[k], edges[k + 1]))
    chars["text"][start + len(text) : end] = ""
