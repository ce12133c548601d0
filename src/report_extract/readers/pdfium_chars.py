"""Characters of a page, by pdfium.

A box spans the glyph's advance along its line, and from .12 em below the baseline to .88 em above it across
the line, whatever the font says of itself: rows of a table then have one height whichever fonts they mix.
Blanks carry no ink and are left out; layout finds them again as gaps.
"""

from __future__ import annotations

import ctypes
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np

from ..core.model import CHAR, Array, Flag
from . import clipping
from . import pdfium_raw as raw
from .bounds import MAX_CHARS, check_count
from .chars import ABOVE, BELOW, BLANKS, HYPHENS, REPLACEMENT, drawn_twice, joined, upright_angles
from .paths import EVERYWHERE
from .pdfium_paths import Objects, product

_BLANK = np.zeros(0x10000, bool)
_BLANK[list(BLANKS)] = True
_NEVER_FLAT = _BLANK.copy()  # what is never drawn as a dash: figures, letters, brackets, blanks
_NEVER_FLAT[[c for c in range(0x21, 0x7F) if chr(c).isalnum() or chr(c) in "()[]{}<>/%&#$@!?"]] = True
_NEVER_FLAT[0xAD] = True
_FLAT, _DASH_WIDTH = 0.15, 0.22  # ems: how high a dash is at most, and how wide at least
_DASH_HEIGHT = (0.12, 0.5)  # ems of its middle above the baseline
_LEANS, _CAPITAL = 0.05, 0.7  # slant from which letters lean; ems that they rise above the baseline
_RIGHT_TO_LEFT = ((0x590, 0x8FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFC))
WHITE = 0.9  # no darker than this, text may be meant not to be seen


class Runs(NamedTuple):
    """What the characters of one text object share; one entry a run.

    Attributes:
        handles: of the text objects.
        first, last: index of its first and its last character.
        rotation: how its upright is turned on the displayed page, in degrees clockwise.
        size: in displayed points.
        baseline: how far across its line its first character's origin lies, as displayed.
        slant: how far its letters lean to the right as they rise, 0 upright: how programs make italics.
        mode: text rendering mode.
        font: index into the page's fonts.
        white: is it drawn in white?
        colour: red, green, blue and alpha, 0..255, shape (n, 4).
        order: when it is drawn, as ``Objects.order``.
    """

    handles: Array
    first: Array
    last: Array
    rotation: Array
    size: Array
    baseline: Array
    slant: Array
    mode: Array
    font: Array
    white: Array
    colour: Array
    order: Array


class Characters(NamedTuple):
    """The characters of a page.

    Attributes:
        chars: CHAR records in reading order as pdfium gives it.
        fonts: their names.
        white: which of them are drawn in white.
        clipped: which of them lie outside the box of their clip, and so are probably not seen.
        cut: which of the others reach out of it.
        fringe: which of the clipped ones reach into it.
        rest: where the rest of those is that a strip cuts (``clipping.strips``), NaN for others; shape (n, 4).
        run: which text object each belongs to, an index into the next two.
        colour: of each text object: red, green, blue and alpha, 0..255, shape (n, 4).
        order: when each text object is drawn, as ``Objects.order``.
    """

    chars: Array
    fonts: tuple[str, ...]
    white: Array
    clipped: Array
    cut: Array
    fringe: Array
    rest: Array
    run: Array
    colour: Array
    order: Array


_NONE = np.zeros(0, bool)
_NOTHING = Characters(
    *(np.zeros(0, CHAR), (), _NONE, _NONE, _NONE, _NONE, np.zeros((0, 4))),
    *(np.zeros(0, int), np.zeros((0, 4), "u4"), np.zeros(0)),
)


def text_objects(textpage: int, number: int) -> Array:
    """The text object of each character of a page, 0 for a blank or a line end that pdfium made up.

    Args:
        textpage: pdfium's handle.
        number: of the page, for messages.
    """
    total = raw.count_chars(textpage)
    check_count(number, total, MAX_CHARS, "characters")
    return _objects(textpage, total) if total > 0 else np.zeros(0, "u8")


def read_chars(textpage: int, objects: Array, to_display: Array, texts: Objects | None) -> Characters:
    """The characters of a page.

    Args:
        textpage: pdfium's handle.
        objects: as ``text_objects`` gives them.
        to_display: affine map from PDF user space to the page as displayed, shape (6,).
        texts: the page's text objects.
    """
    total = len(objects)
    drawn = np.flatnonzero(objects)  # a character that pdfium made up belongs to no object
    if not len(drawn):
        return _NOTHING
    codes = _codes(textpage, total)[drawn]
    new = np.r_[True, np.diff(objects[drawn]) != 0]
    ends = np.r_[new[1:], True]
    begins, ends_at = drawn[new], drawn[ends]
    # What is drawn twice is left out by pdfium, and then a blank that it made up, which has no matrix, may come first.
    begins = begins + (_BLANK[np.minimum(codes[new], 0xFFFF)] & (begins < ends_at))
    runs, fonts = _runs(textpage, objects[drawn[new]], begins, ends_at, to_display, texts)
    of = np.cumsum(new) - 1
    errors = _errors(textpage, drawn, codes, runs.font[of])
    signs = _signs(textpage, drawn, codes, of, runs, to_display)
    codes[signs], errors[signs] = ord("-"), False
    errors[_inked_blanks(textpage, drawn, codes, of, runs)] = True
    keep = np.flatnonzero(errors | ~_BLANK[np.minimum(codes, 0xFFFF)])
    index, codes, errors, of = drawn[keep], codes[keep], errors[keep], of[keep]
    corners = _corners(textpage, index, of, runs, to_display)
    chars = _records(corners, codes, errors, of, runs)
    drawn_at_all = chars["flags"] & Flag.INVISIBLE == 0
    clip = _of_objects(runs.handles, texts, "clip", EVERYWHERE)[of]
    rest = clipping.strips(corners, clip, runs.rotation[of], runs.size[of])
    clipped, cut, fringe = (some & drawn_at_all for some in clipping.clipped(corners, clip, runs.rotation[of]))
    for edge, name, within in ((0, "x0", np.maximum), (2, "x1", np.minimum)):
        chars[name][cut] = within(corners[:, edge], clip[:, edge])[cut]
    chars["flags"] |= np.where(clipped, Flag.INVISIBLE, 0).astype("u2")
    again = drawn_twice(chars)
    cut &= ~clipping.drawn_again(chars, again, cut)
    kept = np.flatnonzero((chars["text"] != "") & ~again)
    of = of[kept]
    rest = np.where((clipped | cut)[kept, None], rest[kept], np.nan)
    return Characters(
        chars[kept], fonts, runs.white[of], clipped[kept], cut[kept], fringe[kept], rest, of, runs.colour, runs.order
    )


def _objects(textpage: int, total: int) -> Array:
    """The text object of each character, 0 for a blank or a line end that pdfium made up.

    Every fourth character is asked for; where two in turn belong to the same object, so do those between.
    A blank made up inside an object then counts as its own, which does no harm: blanks are left out.
    """
    asked = np.unique(np.r_[np.arange(0, total, 4), total - 1])
    known = raw.each(raw.char_object, repeat(textpage), asked.tolist(), dtype="u8", count=len(asked))
    objects = np.repeat(known, np.diff(np.r_[asked, total]))
    open_blocks = np.flatnonzero((known[1:] != known[:-1]) | (known[1:] == 0))
    between = (asked[open_blocks, None] + np.arange(1, 4)).ravel()
    between = between[between < total]
    objects[between] = raw.each(raw.char_object, repeat(textpage), between.tolist(), dtype="u8", count=len(between))
    return objects


def _codes(textpage: int, total: int) -> Array:
    """The code point of each character; in one call where pdfium's text has exactly one unit for each."""
    units = np.zeros(total + 1, "u2")
    if raw.get_text(textpage, 0, total, units.ctypes.data) == total + 1:
        return units[:total].astype("u4")
    return raw.each(raw.char_unicode, repeat(textpage), range(total), dtype="u4", count=total)


def _runs(
    textpage: int, objects: Array, first: Array, last: Array, to_display: Array, texts: Objects | None
) -> tuple[Runs, tuple[str, ...]]:
    count, handles, at = len(objects), objects.tolist(), first.tolist()
    fonts = raw.each(raw.text_font, handles, dtype="u8", count=count)
    distinct, begun, font = np.unique(fonts, return_index=True, return_inverse=True)
    order = np.argsort(begun)  # in the order of the page: handles are addresses, which change from run to run
    distinct, font = distinct[order], np.argsort(order)[font]
    matrix = raw.into(raw.char_matrix, repeat(textpage), at, count=count, width=6).astype("f8")
    size = raw.each(raw.char_size, repeat(textpage), at, dtype="f8", count=count)
    colour = raw.into(raw.object_fill, handles, count=count, width=4, dtype="u4")
    a, b, c, d, _, _ = product(matrix, np.broadcast_to(to_display, (count, 6))).T
    rotation = upright_angles(np.degrees(np.arctan2(b, a)), last - first + 1)
    runs = Runs(
        handles=objects,
        first=first,
        last=last,
        rotation=rotation,
        size=size * np.hypot(c, d),
        baseline=_origins(textpage, first, rotation, to_display),
        slant=np.where(rotation == 0, c / np.maximum(np.abs(d), 1e-6), 0.0),
        mode=raw.each(raw.text_mode, handles, dtype="i4", count=count),
        font=font,
        white=colour[:, :3].min(axis=1) >= WHITE * 255,
        colour=colour,
        order=_of_objects(objects, texts, "order", 0.0),
    )
    return runs, tuple(_font_name(int(handle)) for handle in distinct)


def _errors(textpage: int, drawn: Array, codes: Array, font: Array) -> Array:
    """Which characters have no Unicode in their font.

    Each code of each font is asked for once; only fonts found wanting are looked through, since in them a
    bare glyph code may look like another glyph's true character. pdfium forgets the mark where it takes a
    bare code for a letter of a right-to-left script and turns its line around: in a font that has
    errors such letters are errors too, and where most of a font is, all of it is.
    """
    _, first = np.unique((font.astype("i8") << 32) | codes, return_index=True)
    asked = raw.each(raw.char_error, repeat(textpage), drawn[first].tolist(), dtype="i1", count=len(first)) == 1
    errors = np.zeros(len(drawn), bool)
    blank = _BLANK[np.minimum(codes, 0xFFFF)]
    for wanting in np.unique(font[first[asked]]).tolist():
        mine = np.flatnonzero(font == wanting)
        marked = raw.each(raw.char_error, repeat(textpage), drawn[mine].tolist(), dtype="i1", count=len(mine)) == 1
        lost = ~blank[mine]
        if marked.sum() <= lost.sum() / 2:
            lost &= np.logical_or.reduce([(codes[mine] >= low) & (codes[mine] <= high) for low, high in _RIGHT_TO_LEFT])
        errors[mine] = marked | lost
    return errors


def _signs(textpage: int, drawn: Array, codes: Array, of: Array, runs: Runs, to_display: Array) -> Array:
    """Indices of the characters before a figure that are said to be a figure, a bracket or a blank, and are a dash.

    A font's map to Unicode may be right in all letters and wrong in the minus alone. What a glyph's outline spans says
    it: no figure and no bracket is flat, and no blank has ink.
    """
    figure = (codes >= ord("0")) & (codes <= ord("9"))
    small = np.minimum(codes, 0xFFFF)
    leads = figure[1:] & _NEVER_FLAT[small[:-1]]
    leads[1:] &= ~(figure[1:-1] & figure[:-2] & (of[1:-1] == of[:-2]))
    some = np.flatnonzero(leads)
    if not len(some):
        return some
    ink = raw.into(raw.char_tight_box, repeat(textpage), drawn[some].tolist(), count=len(some), width=4, dtype="f8")
    box = _display(ink[:, [0, 3, 1, 2]], to_display)
    turn, size = runs.rotation[of[some]], np.maximum(runs.size[of[some]], 0.1)
    x0, top, x1, bottom = box.T
    lying = turn % 180 == 90
    wide, high = np.where(lying, bottom - top, x1 - x0) / size, np.where(lying, x1 - x0, bottom - top) / size
    middle = np.where(lying, x0 + x1, top + bottom) / 2
    away = np.where((turn == 0) | (turn == 270), runs.baseline[of[some]] - middle, middle - runs.baseline[of[some]])
    low, most = _DASH_HEIGHT
    dash = (high > 0.01) & (high < _FLAT) & (wide > _DASH_WIDTH) & (wide > 2.5 * high)
    return np.asarray(some[dash & (away / size > low) & (away / size < most) & (turn % 90 == 0)])


def _inked_blanks(textpage: int, drawn: Array, codes: Array, of: Array, runs: Runs) -> Array:
    """Indices of the blanks beside a figure that have ink, so that a map which calls them blanks lies.

    pdfium gives a glyph without ink a box as high as its font is large; no figure is just so high.
    """
    figure = (codes >= ord("0")) & (codes <= ord("9"))
    beside = np.zeros(len(codes), bool)
    beside[1:] |= figure[:-1] & (of[1:] == of[:-1])
    beside[:-1] |= figure[1:] & (of[1:] == of[:-1])
    some = np.flatnonzero(beside & _BLANK[np.minimum(codes, 0xFFFF)])
    left, right, bottom, top = raw.into(
        raw.char_tight_box, repeat(textpage), drawn[some].tolist(), count=len(some), width=4, dtype="f8"
    ).T
    size = np.maximum(raw.each(raw.char_size, repeat(textpage), drawn[some].tolist(), dtype="f8", count=len(some)), 0.1)
    scale = runs.size[of[some]] / size  # from the font's own size to points, as far as display does not turn
    high, wide = np.abs(top - bottom) / (size * scale), np.abs(right - left) / (size * scale)
    return np.asarray(some[(high > 0.1) & (np.abs(high - 1) > 0.02) & (np.abs(wide - 1) > 0.02) & (wide > 0.02)])


def _font_name(handle: int) -> str:
    name = ctypes.create_string_buffer(256)
    if handle:
        raw.font_name(handle, ctypes.addressof(name), 256)
    return name.value.decode("utf-8", "replace")


def _records(corners: Array, codes: Array, errors: Array, of: Array, runs: Runs) -> Array:
    """CHAR records; those whose letter went into the record before have an empty text."""
    chars = np.zeros(len(codes), CHAR)
    chars["rotation"], chars["size"], chars["font"] = runs.rotation[of], runs.size[of], runs.font[of]
    chars["code"] = np.where(errors, codes.astype("i8"), -1)
    invisible = ((runs.mode == 3) | (runs.mode == 7))[of]
    chars["flags"] = invisible * Flag.INVISIBLE + errors * Flag.UNICODE_ERROR
    chars["x0"], chars["top"], chars["x1"], chars["bottom"] = corners.T
    for hyphen in HYPHENS:
        codes = np.where((codes == hyphen) & ~errors, ord("-"), codes)
    # A code without Unicode passes as a character only where it is plainly ASCII (Type 3 fonts often are).
    odd = (errors & ~((codes > 0x20) & (codes < 0x7F))) | (codes < 0x20) | (codes > 0x10FFFF)
    chars["text"] = np.where(odd, REPLACEMENT, codes).astype("<u4").view("<U1")
    return joined(chars, corners, of)


def _corners(textpage: int, index: Array, of: Array, runs: Runs, to_display: Array) -> Array:
    """The boxes of the characters as displayed, shape (n, 4): x0, top, x1, bottom.

    Along the line they are pdfium's loose boxes, which span the advance. Across it these are what the font
    says of itself joined with the ink, which says little: there the baseline and the em decide.
    """
    loose = raw.into(raw.char_loose_box, repeat(textpage), index.tolist(), count=len(index), width=4)
    corners = _display(loose, to_display)
    turn, size = runs.rotation[of], runs.size[of]
    _mend_flat(textpage, index, corners, size, to_display)
    _set_upright(textpage, index, corners, of, runs, to_display)
    baseline = runs.baseline[of]
    vertical = np.isin(runs.font, runs.font[_off_baseline(textpage, runs, to_display)])[of]
    if vertical.any():
        baseline[vertical] = _origins(textpage, index[vertical], turn[vertical], to_display)
    for degrees, low, high, sign in ((0, 3, 1, -1), (90, 0, 2, 1), (180, 1, 3, 1), (270, 2, 0, -1)):
        mine = np.flatnonzero(turn == degrees)
        if len(mine):
            corners[mine, low] = baseline[mine] - sign * BELOW * size[mine]
            corners[mine, high] = baseline[mine] + sign * ABOVE * size[mine]
    return corners


def _set_upright(textpage: int, index: Array, corners: Array, of: Array, runs: Runs, to_display: Array) -> None:
    """The boxes of letters that lean to the right, from origin to origin: their ink stands over the next letter."""
    some = np.flatnonzero(runs.slant[of] > _LEANS)
    if not len(some):
        return
    x, y = raw.into(raw.char_origin, repeat(textpage), index[some].tolist(), count=len(some), width=2, dtype="f8").T
    a, _, c, _, e, _ = to_display
    begin, size = x * a + y * c + e, runs.size[of[some]]
    end = corners[some, 2] - runs.slant[of[some]] * _CAPITAL * size
    level = np.abs(np.diff(runs.baseline[of[some]])) < 0.1 * size[1:]
    follows = level & (np.diff(some) == 1) & (np.diff(begin) > 0) & (begin[1:] < corners[some[:-1], 2])
    end[:-1] = np.where(follows, begin[1:], end[:-1])
    wide = end - begin > 0.1 * size
    corners[some[wide], 0], corners[some[wide], 2] = begin[wide], end[wide]


def _off_baseline(textpage: int, runs: Runs, to_display: Array) -> Array:
    """The longest run of each vertical font: its last character does not stand on the first one's baseline."""
    order = np.lexsort((runs.first - runs.last, runs.font))
    sample = order[np.r_[True, np.diff(runs.font[order]) != 0]]
    last = _origins(textpage, runs.last[sample], runs.rotation[sample], to_display)
    off: Array = sample[np.abs(last - runs.baseline[sample]) > 0.02 * runs.size[sample] + 0.01]
    return off


def _origins(textpage: int, index: Array, turn: Array, to_display: Array) -> Array:
    """How far across its line the origin of each character lies, as displayed."""
    x, y = raw.into(raw.char_origin, repeat(textpage), index.tolist(), count=len(index), width=2, dtype="f8").T
    a, b, c, d, e, f = to_display
    across: Array = np.where(turn % 180 == 0, x * b + y * d + f, x * a + y * c + e)
    return across


def _display(boxes: Array, to_display: Array) -> Array:
    """FS_RECTF rows (left, top, right, bottom; y upward) as displayed, shape (n, 4)."""
    a, b, c, d, e, f = to_display
    left, top, right, bottom = boxes.T.astype("f8")
    x, x_ = left * a + top * c + e, right * a + bottom * c + e
    y, y_ = left * b + top * d + f, right * b + bottom * d + f
    return np.stack([np.minimum(x, x_), np.minimum(y, y_), np.maximum(x, x_), np.maximum(y, y_)], axis=1)


def _mend_flat(textpage: int, index: Array, corners: Array, size: Array, to_display: Array) -> None:
    """Where a font gives no widths, the box of the ink stands in for the advance."""
    sides = np.minimum(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    flat = np.flatnonzero(sides < 0.02 * size)
    if len(flat):
        ink = raw.into(
            raw.char_tight_box, repeat(textpage), index[flat].tolist(), count=len(flat), width=4, dtype="f8"
        )  # left, right, bottom, top
        corners[flat] = _display(ink[:, [0, 3, 1, 2]], to_display)


def _of_objects(handles: Array, texts: Objects | None, name: str, default: Any) -> Array:
    """One of the attributes of ``texts`` for each of ``handles``; ``default`` for an unknown one."""
    if texts is None:
        return np.broadcast_to(np.array(default), (len(handles), *np.shape(default)))
    order = np.argsort(texts.handles)
    known = texts.handles[order]
    place = np.minimum(np.searchsorted(known, handles), len(known) - 1)
    values: Array = getattr(texts, name)[order[place]]
    found = (known[place] == handles).reshape(-1, *[1] * (values.ndim - 1))
    return np.where(found, values, np.array(default))
