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
from . import pdfium_raw as raw
from .bounds import MAX_CHARS, check_count
from .chars import ABOVE, BELOW, BLANKS, HYPHENS, REPLACEMENT, drawn_twice, upright_angles
from .paths import EVERYWHERE
from .pdfium_paths import Objects, product

_BLANK = np.zeros(0x10000, bool)
_BLANK[list(BLANKS)] = True
_NEVER_FLAT = _BLANK.copy()  # what is never drawn as a dash: figures, letters, brackets, blanks
_NEVER_FLAT[[c for c in range(0x21, 0x7F) if chr(c).isalnum() or chr(c) in "()[]{}<>/%&#$@!?"]] = True
_NEVER_FLAT[0xAD] = True
_FLAT, _DASH_WIDTH = 0.15, 0.22  # ems: how high a dash is at most, and how wide at least
_DASH_HEIGHT = (0.12, 0.5)  # ems of its middle above the baseline
_RIGHT_TO_LEFT = ((0x590, 0x8FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFC))
HALF_ALONG, HALF_ACROSS = 0.3, 0.38  # the share of a letter, along and across its line, that a clip must cut to hurt it
WHITE = 0.9  # no darker than this, text may be meant not to be seen


class Runs(NamedTuple):
    """What the characters of one text object share; one entry a run.

    Attributes:
        handles: of the text objects.
        first, last: index of its first and its last character.
        rotation: how its upright is turned on the displayed page, in degrees clockwise.
        size: in displayed points.
        baseline: how far across its line its first character's origin lies, as displayed.
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
    run: Array
    colour: Array
    order: Array


_NONE = np.zeros(0, bool)
_NOTHING = Characters(
    np.zeros(0, CHAR), (), _NONE, _NONE, _NONE, _NONE, np.zeros(0, int), np.zeros((0, 4), "u4"), np.zeros(0)
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
    runs, fonts = _runs(textpage, objects[drawn[new]], drawn[new], drawn[ends], to_display, texts)
    of = np.cumsum(new) - 1
    errors = _errors(textpage, drawn, codes, runs.font[of])
    signs = _signs(textpage, drawn, codes, of, runs, to_display)
    codes[signs], errors[signs] = ord("-"), False
    keep = np.flatnonzero(errors | ~_BLANK[np.minimum(codes, 0xFFFF)])
    index, codes, errors, of = drawn[keep], codes[keep], errors[keep], of[keep]
    corners = _corners(textpage, index, of, runs, to_display)
    chars = _records(corners, codes, errors, of, runs)
    drawn_at_all = chars["flags"] & Flag.INVISIBLE == 0
    clip = _of_objects(runs.handles, texts, "clip", EVERYWHERE)[of]
    clipped, cut, fringe = (some & drawn_at_all for some in _clipped(corners, clip, runs.rotation[of]))
    for edge, name, within in ((0, "x0", np.maximum), (2, "x1", np.minimum)):
        chars[name][cut] = within(corners[:, edge], clip[:, edge])[cut]
    chars["flags"] |= np.where(clipped, Flag.INVISIBLE, 0).astype("u2")
    again = drawn_twice(chars)
    cut &= ~_in_strips(chars, again, cut)
    kept = np.flatnonzero((chars["text"] != "") & ~again)
    of = of[kept]
    return Characters(
        chars[kept], fonts, runs.white[of], clipped[kept], cut[kept], fringe[kept], of, runs.colour, runs.order
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
    a, b, c, d, x, y = product(matrix, np.broadcast_to(to_display, (count, 6))).T
    rotation = upright_angles(np.degrees(np.arctan2(b, a)), last - first + 1)
    runs = Runs(
        handles=objects,
        first=first,
        last=last,
        rotation=rotation,
        size=size * np.hypot(c, d),
        baseline=np.where(rotation % 180 == 0, y, x),  # a line begins where its matrix puts the origin
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
    return _joined(chars, corners, of)


def _corners(textpage: int, index: Array, of: Array, runs: Runs, to_display: Array) -> Array:
    """The boxes of the characters as displayed, shape (n, 4): x0, top, x1, bottom.

    Along the line they are pdfium's loose boxes, which span the advance. Across it these are what the font
    says of itself joined with the ink, which says little: there the baseline and the em decide.
    """
    loose = raw.into(raw.char_loose_box, repeat(textpage), index.tolist(), count=len(index), width=4)
    corners = _display(loose, to_display)
    turn, size = runs.rotation[of], runs.size[of]
    _mend_flat(textpage, index, corners, size, to_display)
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


def _clipped(corners: Array, clip: Array, rotation: Array) -> tuple[Array, Array, Array]:
    """Which characters have their middle outside their clip, which others reach out, which of the first in."""
    left, top, right, bottom = clip.T
    x, y = (corners[:, 0] + corners[:, 2]) / 2, (corners[:, 1] + corners[:, 3]) / 2
    away: Array = (x < left) | (x > right) | (y < top) | (y > bottom)
    wide, high = corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1]
    upright = rotation % 180 == 0
    along, across = np.where(upright, HALF_ALONG, HALF_ACROSS), np.where(upright, HALF_ACROSS, HALF_ALONG)
    out = np.maximum(left - corners[:, 0], corners[:, 2] - right) > along * wide
    out |= np.maximum(top - corners[:, 1], corners[:, 3] - bottom) > across * high
    within = (corners[:, 0] < right) & (corners[:, 2] > left) & (corners[:, 1] < bottom) & (corners[:, 3] > top)
    return away, out & ~away, away & within


def _in_strips(chars: Array, again: Array, cut: Array) -> Array:
    """Which of the characters that a clip cuts are drawn again at the same place, where another clip shows the rest."""
    whole = np.zeros(len(chars), bool)
    others = chars[again]
    for k in np.flatnonzero(cut & ~again).tolist() if len(others) else ():
        near = (others["text"] == chars["text"][k]) & (np.abs(others["x0"] - chars["x0"][k]) < chars["size"][k] / 2)
        whole[k] = bool((near & (np.abs(others["top"] - chars["top"][k]) < chars["size"][k] / 4)).any())
    return whole


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
