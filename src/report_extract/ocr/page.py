"""A page that is only a picture, as a Page: its rules, and its print as characters with boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from ..core.geometry import BBox, turned
from ..core.model import CHAR, FILL, IMAGE, Array, Flag, Page, Reading
from ..core.protocols import Document, Recogniser
from ..imaging import Raster, raster
from ..imaging.lines import cleaned, framed, is_vertical, laid_flat, letter_size, line_spans, on_white, spans
from .detection import text_boxes
from .ditto import MARK, is_ditto
from .orientation import believed, classified, on_a_side, upright, voted
from .rapidocr import RapidOcr, Spelled

_TALL = 1.7  # height over width of a line that may be vertical print, or lie on its side
_TWICE = 0.6  # the share of a box in another from which both are of one line
_KANJI = 0.92  # ems: the height of a line of kanji
_NARROW = 0.75  # of the usual height of a line: what is narrower and no higher than a line is one figure
_DASH = 0.35  # of the usual height of a line: what is lower is a dash
_ABREAST = 1.5  # ems: a column of single letters is narrower
_INK = 160
_DIRT = 0.085  # ems: what is smaller both ways is dirt
_APART = 0.4  # of a line's height: a wider gap is one between phrases
_FIGURES_APART = 0.9  # and between two figures: full-width ones stand apart
_NARROW_APART = 0.65  # and beside one, or a mark, in a full-width place
_NARROW_AT_RIGHT, _NARROW_AT_LEFT = "0123456789、。,.・:)」", "0123456789・:(「"
_STROKES, _COUNTED = (("一",), ("ー",)), (("二",), ("三",))
_DITTO = Spelled(Reading(MARK, "rapidocr"), (MARK,), (0.5,), (1.0,))
_POINT_FROM, _POINT_TO = 0.6, 2.0  # ems from a figure to a full-width point, at least, and from there to the next
CERTAIN = 0.98  # a line, and each letter of it, that is believed so much is not read a second time
_LEGIBLE = 0.05  # a line read with less belief than this is no print


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of print: where it lies on the page, how it stands, what it says.

    ``phrases``: where its ink begins and ends between wide gaps, as shares of its length.
    """

    box: BBox
    rotation: int
    vertical: bool
    spelled: Spelled
    phrases: tuple[tuple[float, float], ...] = ((0.0, 1.0),)


def read_raster(document: Document, number: int, recogniser: Recogniser, page: Page | None = None) -> Page:
    """The page ``number`` (from 1) read from its picture.

    Rulings and characters are in points of the straightened page as displayed; a page whose content lies on a
    side stays so, its characters carrying the rotation.

    Args:
        page: the same page as its reader gave it, for its size.
    """
    picture = raster(document, number)
    height, width = (side / picture.scale for side in picture.grey.shape)
    if page is not None:
        width, height = page.width, page.height
    return Page(
        number=number,
        width=width,
        height=height,
        chars=printed(picture, recogniser, width, height) if isinstance(recogniser, RapidOcr) else np.zeros(0, CHAR),
        rulings=picture.rulings(),
        fills=np.zeros(0, FILL),
        images=np.zeros(0, IMAGE),
        fonts=("",),
        rotate=page.rotate if page else 0,
        reader="rapidocr",
    )


def printed(picture: Raster, recogniser: RapidOcr, width: float, height: float) -> Array:
    """The letters of a picture of ``width`` x ``height`` points, as CHAR records."""
    lines = _lines(picture, recogniser)
    records = [_records(line, size, width, height) for line, size in zip(lines, _sizes(lines), strict=True)]
    return np.concatenate([np.zeros(0, CHAR), *records])


def _lines(picture: Raster, recogniser: RapidOcr) -> list[_Line]:
    """Every line of print on the page, whichever way the page lies."""
    rotation, standing, boxes = _standing(picture, recogniser)
    lines = _upright_lines(boxes, standing, recogniser)
    if not rotation:
        return lines
    height, width = (side / standing.scale for side in standing.grey.shape)
    return [
        replace(line, box=turned(line.box, rotation, width, height), rotation=(line.rotation + rotation) % 360)
        for line in lines
    ]


def _standing(picture: Raster, recogniser: RapidOcr) -> tuple[int, Raster, list[BBox]]:
    """How many degrees clockwise the page's content lies, the picture turned back, and its lines' boxes.

    The page is turned first and its lines are looked for then: on their side, columns of figures look like lines.
    """
    beliefs = classified(picture.grey)
    rotation, sure = believed(beliefs)
    standing = _turned_upright(picture, rotation)
    boxes = text_boxes(standing)
    if sure and not on_a_side(boxes):
        return rotation, standing, boxes
    more = voted(_crops(boxes, standing), recogniser, np.roll(beliefs.sum(axis=0), -rotation // 90))
    if not more:
        return rotation, standing, boxes
    standing = _turned_upright(standing, more)
    return (rotation + more) % 360, standing, text_boxes(standing)


def _turned_upright(picture: Raster, rotation: int) -> Raster:
    """The picture of a page whose content lies ``rotation`` degrees clockwise, turned back."""
    if not rotation:
        return picture
    grey, plain = (np.ascontiguousarray(upright(side, rotation)) for side in (picture.grey, picture.plain))
    return replace(picture, grey=grey, plain=plain, rules=picture.rules.turned_back(rotation))


def _crops(boxes: Sequence[BBox], picture: Raster) -> list[Array]:
    """The pictures of lines, without dirt."""
    em = float(np.median([min(box.width, box.height) for box in boxes])) if boxes else 0.0
    speck = float(np.clip(_DIRT * em, 0.4, 0.8))
    return [cleaned(on_white(picture.crop(box)), picture.scale, speck, edges=False) for box in boxes]


def _upright_lines(boxes: list[BBox], picture: Raster, recogniser: RapidOcr) -> list[_Line]:
    """The lines of print in ``boxes`` of a page that stands upright, for the most part."""
    boxes = _once(_single(boxes, picture))
    crops = _crops(boxes, picture)
    em = float(np.median([min(crop.shape) for crop in crops])) if crops else 0.0
    tall = [i for i, c in enumerate(crops) if c.shape[0] > _TALL * max(c.shape[1], _NARROW * em)]
    flat = [i for i in range(len(boxes)) if i not in set(tall)]
    pictures = [_framed(crops[i], em) for i in flat]
    lines = []
    for i, picture_of, spelled in zip(flat, pictures, recogniser.spell(pictures), strict=True):
        said = _DITTO if is_ditto(crops[i], picture.scale) else _within(spelled, picture_of, crops[i])
        lines.append(_Line(_heightened(boxes[i], em / picture.scale), 0, False, said, _phrases(crops[i])))
    lines += _tall_lines([boxes[i] for i in tall], [crops[i] for i in tall], recogniser)
    return _dashed([line for line in lines if line.spelled.reading.confidence >= _LEGIBLE and line.spelled.letters])


def _dashed(lines: list[_Line]) -> list[_Line]:
    """The lines, a lone 一 or ー a dash, as for no value: but on a page that counts 一, 二, 三."""
    if any(line.spelled.letters in _COUNTED for line in lines):
        return lines
    return [
        replace(line, spelled=replace(line.spelled, letters=("―",))) if line.spelled.letters in _STROKES else line
        for line in lines
    ]


def _single(boxes: list[BBox], picture: Raster) -> list[BBox]:
    """The boxes, those around several lines of print cut between them."""
    typical = [box.height for box in boxes if box.width > 1.3 * box.height]
    em = float(np.median(typical)) if typical else 0.0
    single: list[BBox] = []
    for box in boxes:
        if not typical or box.height <= 1.2 * em:
            single.append(box)
            continue
        ink = picture.crop(box) < _INK
        own = min(em * picture.scale, letter_size(ink, em * picture.scale))  # small print among larger
        several = box.height * picture.scale > 1.5 * own
        if not several or (box.width < box.height and (box.width < _ABREAST * em or is_vertical(ink, own))):
            single.append(box)
            continue
        single += _parts(ink, own, box, [other for other in boxes if other.height < 1.2 * em], picture.scale)
    return single


def _parts(ink: Array, em: float, box: BBox, others: Sequence[BBox], scale: float) -> list[BBox]:
    """The lines in the ink of a box that holds several, by the pieces that are each one's own.

    Lines set close reach into each other: a piece belongs to the line that has its middle, or to a box of its own.

    Args:
        ink: bool, shape (height, width).
        em: the size of its letters, pixels.
        box: where it is, points.
        others: boxes of single lines.
        scale: pixels a point.
    """
    import cv2

    _, _, stats, middles = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    x0, top, width, height = stats[1:, :4].T
    free = np.array([not any(o.contains(*at) for o in others) for at in middles[1:] / scale + box[:2]], bool)
    letters = free & (height < 1.5 * em) & (np.maximum(width, height) > 0.1 * em)
    joined = free & (height >= 1.5 * em)  # letters of two lines that touch
    lines = line_spans(ink, em)
    if len(lines) < 2:
        return [box]
    parts = []
    for upper, lower in lines:
        own = letters & (middles[1:, 1] >= upper) & (middles[1:, 1] < lower)
        if own.any() and np.maximum(width, height)[own].max() > 0.5 * em:
            wide = own | (joined & (top < lower) & (top + height > upper))
            edges = (x0[wide].min(), top[own].min(), (x0 + width)[wide].max(), (top + height)[own].max())
            parts.append(BBox(*(at + float(v) / scale for at, v in zip((box.x0, box.top) * 2, edges, strict=True))))
    return parts


def _once(boxes: list[BBox]) -> list[BBox]:
    """The boxes without those that lie for the most part in a larger one: a line is read once."""
    ordered = sorted(boxes, key=lambda b: -b.area)
    corners = np.array(ordered).reshape(-1, 4)
    areas = (corners[:, 2:] - corners[:, :2]).prod(axis=1)
    kept: list[int] = []
    for i, (low, high) in enumerate(zip(corners[:, :2], corners[:, 2:], strict=True)):
        shared = np.minimum(corners[kept, 2:], high) - np.maximum(corners[kept, :2], low)
        if not (shared.clip(0).prod(axis=1) > _TWICE * areas[i]).any():
            kept.append(i)
    return [ordered[i] for i in kept]


def _sizes(lines: list[_Line]) -> list[float]:
    """The size of each line's letters in points: by its kanji or, where it has none, by those nearest to it.

    The height of other ink says little: a line of kana or of figures is lower than its letters are large.
    """
    heights = np.array([_across(line) for line in lines]) / _KANJI
    centres = np.array([line.box.center for line in lines]).reshape(-1, 2)
    full = [i for i, line in enumerate(lines) if any("一" < c <= "鿿" for c in line.spelled.letters)]
    sizes: list[float] = heights.tolist()
    for i, height in enumerate(sizes):
        if i not in full and full:
            nearest = full[int(np.abs(centres[full] - centres[i]).max(axis=1).argmin())]
            if 0.5 * heights[nearest] < height < 1.2 * heights[nearest]:
                sizes[i] = float(heights[nearest])
    return sizes


def _across(line: _Line) -> float:
    """How high a line of print is, points; of vertical print, how wide."""
    upright = line.rotation % 180 == 0
    return line.box.height if upright != line.vertical else line.box.width


def _heightened(box: BBox, em: float) -> BBox:
    """The box of a line (points), that of a lone dash as high as other lines are (``em``)."""
    more = (em - box.height) / 2
    return box if more < (1 - _DASH) * em / 2 else box._replace(top=box.top - more, bottom=box.bottom + more)


def _framed(line: Array, em: float = 0.0) -> Array:
    """A line with a white margin; a lone dash in the middle of a line as high as others are (``em`` pixels)."""
    low = line.shape[0] < _DASH * em
    return framed(line, round(em) if low else line.shape[0]) if line.size else line


def _within(spelled: Spelled, framed_line: Array, line: Array) -> Spelled:
    """The reading of a line in its frame, its letters' middles as shares of the line's own width."""
    whole, own = framed_line.shape[1], max(1, line.shape[1])
    middles = (np.array(spelled.centres) * whole - (whole - own) / 2) / own
    return replace(spelled, centres=tuple(np.clip(middles, 0, 1).tolist()))


def _phrases(line: Array) -> tuple[tuple[float, float], ...]:
    """Start and end of each stretch of ink in a line between wide gaps, as shares of its width."""
    import cv2

    height, width = line.shape
    if not line.size:
        return ((0.0, 1.0),)
    inked = np.asarray((line < _INK).any(axis=0), np.uint8)[None]
    bridge = np.ones((1, round(_APART * height) + 1), np.uint8)
    joined = np.asarray(cv2.morphologyEx(inked, cv2.MORPH_CLOSE, bridge))
    return tuple((a / width, b / width) for a, b in spans(joined[0] > 0)) or ((0.0, 1.0),)


def _tall_lines(boxes: Sequence[BBox], crops: Sequence[Array], recogniser: RapidOcr) -> list[_Line]:
    """Lines that run down the page: vertical print, or print that lies on a side, whichever reads best.

    Vertical print turned on its side reads well too, so its letters laid side by side are tried first.
    """
    ways = [
        [_best(laid_flat(crop, min(crop.shape)), crop) for crop in crops],
        [_framed(np.rot90(crop)) for crop in crops],
        [_framed(np.rot90(crop, -1)) for crop in crops],
    ]
    flat, left, right = (recogniser.spell(way) for way in ways)
    lines = []
    for box, column, onward, back in zip(boxes, flat, left, right, strict=True):
        beliefs = [s.reading.confidence for s in (column, onward, back)]
        if beliefs[0] >= max(beliefs) - 0.3 or len(column.letters) == 1:
            best = column if beliefs[0] > beliefs[1] - 0.1 else onward
            lines.append(_Line(box, 0, True, best))
        elif beliefs[1] >= beliefs[2]:
            lines.append(_Line(box, 90, False, onward))
        else:
            lines.append(_Line(box, 270, False, back))
    return lines


def _best(columns: list[Array], crop: Array) -> Array:
    """The one column there should be; the crop itself where there is none or several."""
    return columns[0] if len(columns) == 1 else crop


def _records(line: _Line, size: float, width: float, height: float) -> Array:
    """The letters of a line as CHAR records of a size, on a page of ``width`` x ``height`` points."""
    sures = line.spelled.sures or (0.0,) * len(line.spelled.letters)
    every = zip(line.spelled.letters, line.spelled.centres, sures, strict=True)
    letters = [(c, x, sure) for c, x, sure in every if c.strip()]
    records = np.zeros(len(letters), CHAR)
    swapped = line.rotation % 180 == 90
    own = (height, width) if swapped else (width, height)
    box = turned(line.box, -line.rotation % 360, width, height)
    along = (box.top, box.bottom) if line.vertical else (box.x0, box.x1)
    em = box.width if line.vertical else box.height
    box = _as_high(box, size, line.vertical)
    edges = _edges([c for c, _, _ in letters], [x for _, x, _ in letters], along, em, line.phrases)
    certain = line.spelled.reading.confidence >= CERTAIN
    for record, (letter, _, sure), (start, end) in zip(records, letters, edges, strict=True):
        part = (box.x0, start, box.x1, end) if line.vertical else (start, box.top, end, box.bottom)
        record["text"] = letter
        record["x0"], record["top"], record["x1"], record["bottom"] = turned(BBox(*part), line.rotation, *own)
        record["size"] = size
        record["rotation"] = line.rotation
        record["code"] = -1
        record["flags"] = Flag.RECOGNISED | (Flag.SURE if certain and sure >= CERTAIN else 0)
    return records


def _as_high(box: BBox, size: float, vertical: bool) -> BBox:
    """The box of a line as high as its letters are large, as a text layer has it, not as its ink is."""
    if vertical:
        more = max(0.0, size - box.width) / 2
        return box._replace(x0=box.x0 - more, x1=box.x1 + more)
    more = max(0.0, size - box.height) / 2
    return box._replace(top=box.top - more, bottom=box.bottom + more)


def _around(phrases: Sequence[tuple[float, float]], share: float) -> tuple[float, float]:
    """The phrase in which, or next to which, a place of the line lies."""
    return min(phrases, key=lambda phrase: max(phrase[0] - share, share - phrase[1]))


def _joined(
    phrases: Sequence[tuple[float, float]], letters: Sequence[str], centres: Sequence[float], em: float
) -> list[tuple[float, float]]:
    """The phrases, those made one again that only the white beside full-width figures and marks parts.

    All in shares of the line.
    """
    joined = list(phrases[:1])
    for after in phrases[1:]:
        before = joined[-1]
        left = [c for c, at in zip(letters, centres, strict=True) if _around(phrases, at)[1] == before[1]]
        right = [c for c, at in zip(letters, centres, strict=True) if _around(phrases, at) == after]
        figures = bool(left and right) and left[-1].isdigit() and right[0].isdigit()
        figures |= len(left) > 1 and left[-1] in ".," and left[-2].isdigit() and bool(right) and right[0].isdigit()
        narrow = bool(left and right) and (left[-1] in _NARROW_AT_RIGHT or right[0] in _NARROW_AT_LEFT)
        if after[0] - before[1] < em * (_FIGURES_APART if figures else _NARROW_APART if narrow else 0.0):
            joined[-1] = (before[0], after[1])
        else:
            joined.append(after)
    return joined


def _edges(
    letters: Sequence[str],
    centres: Sequence[float],
    along: tuple[float, float],
    em: float,
    phrases: Sequence[tuple[float, float]],
) -> list[tuple[float, float]]:
    """Start and end of each letter, from their middles as shares of the line.

    The recogniser tells a letter's middle only roughly: none reaches beyond the ink of the phrase it stands in.
    """
    start, end = along
    places = [start + share * (end - start) for share in centres]
    middles = [(a + b) / 2 for a, b in pairwise(places)]
    half = 0.55 * em
    edges = []
    joined = _joined(phrases, letters, centres, em / max(end - start, 0.1))
    for share, place, low, high in zip(centres, places, [start, *middles], [*middles, end], strict=True):
        first, last = _around(joined, share)
        low, high = max(low, start + first * (end - start)), min(high, start + last * (end - start))
        place = min(max(place, low), high)
        edges.append((max(low, place - half), min(high, place + half)) if high > low else (place, place + 0.1))
    for i in range(1, len(edges) - 1):
        if letters[i] in ".," and letters[i - 1].isdigit() and letters[i + 1].isdigit():
            # A full-width point stands at the left of its place: what is right of it is no blank.
            broad = places[i] - places[i - 1] > _POINT_FROM * em and places[i + 1] - places[i] < _POINT_TO * em
            edges[i] = (edges[i][0], max(edges[i][1], edges[i + 1][0])) if broad else edges[i]
    return edges
