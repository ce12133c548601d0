"""Paths, pictures and shadings of a page, by pdfium, as flat arrays of straight segments and boxes.

The objects of the page and of its form XObjects are listed first; then each property is fetched for all of
them in one sweep, so that a page of 10^5 segments takes a fraction of a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, repeat

import numpy as np

from ..core.model import Array
from . import pdfium_raw as raw
from .bounds import MAX_FORM_DEPTH, MAX_FORMS, MAX_OBJECTS, MAX_SEGMENTS, check_count
from .paths import EVERYWHERE, LINE_TO, MOVE_TO, Paths

MAX_CLIP_POINTS = 10_000  # of one path; the box around a longer one hardly changes


@dataclass(frozen=True, slots=True)
class Objects:
    """Objects of one kind.

    Attributes:
        handles: one each.
        to_display: from the space of each one's container to the page as displayed, shape (n, 6).
        clip: what of each can be seen at most, as displayed, shape (n, 4).
        order: grows from what is drawn first to what is drawn last, over all kinds.
    """

    handles: Array
    to_display: Array
    clip: Array
    order: Array


def read_objects(page: int, number: int, to_display: Array, texts: Array) -> dict[int, Objects]:
    """The objects of a page and of the form XObjects in it, by type.

    Args:
        page: pdfium's handle.
        number: of the page, for messages.
        to_display: affine map from PDF user space to the page as displayed, shape (6,).
        texts: handles known to be text objects, which most of a page are.
    """
    found: dict[int, list[tuple[Array, Array, Array, Array]]] = {}
    total = nests = 0

    def walk(container: int, form: bool, space: Array, outer: Array, depth: int, since: float, until: float) -> None:
        nonlocal total, nests
        count = (raw.form_count_objects if form else raw.page_count_objects)(container)
        total += max(count, 0)
        check_count(number, total, MAX_OBJECTS, "drawn objects")
        if count <= 0:
            return
        handles = raw.children(container, form, count)
        types = np.full(count, raw.TEXT, "i4")
        others = np.flatnonzero(~np.isin(handles, texts))
        types[others] = raw.each(raw.object_type, handles[others].tolist(), dtype="i4", count=len(others))
        clips = clip_boxes(handles, space, outer)
        order = np.linspace(since, until, count + 2)
        for kind in set(types.tolist()):
            mine = np.flatnonzero(types == kind)
            spaces = np.broadcast_to(space, (len(mine), 6))
            found.setdefault(kind, []).append((handles[mine], spaces, clips[mine], order[mine + 1]))
        forms = np.flatnonzero(types == raw.FORM)
        nests += len(forms)
        check_count(number, nests, MAX_FORMS, "drawings inside drawings")
        if len(forms) and depth < MAX_FORM_DEPTH:
            inner = product(object_matrices(handles[forms]), np.broadcast_to(space, (len(forms), 6)))
            for k, index in enumerate(forms.tolist()):
                walk(
                    int(handles[index]), True, inner[k], clips[index], depth + 1, order[index + 1], order[index + 2]
                )

    walk(page, False, to_display, np.array(EVERYWHERE), 0, 0.0, 1.0)
    return {
        kind: Objects(*(np.concatenate(column) for column in zip(*parts, strict=True))) for kind, parts in found.items()
    }


def object_matrices(handles: Array) -> Array:
    """Each object's own matrix, shape (n, 6)."""
    return raw.into(raw.object_matrix, handles.tolist(), count=len(handles), width=6).astype("f8")


def product(first: Array, then: Array) -> Array:
    """Affine maps one after the other, shape (n, 6) each."""
    a, b, c, d, e, f = first.T
    p, q, r, s, t, u = then.T
    return np.stack(
        [a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u],
        axis=1,
    )


def mapped(points: Array, maps: Array) -> Array:
    """``points`` (n, 2), each by its own affine map (n, 6)."""
    x, y = points[:, 0], points[:, 1]
    a, b, c, d, e, f = maps.T
    return np.stack([a * x + c * y + e, b * x + d * y + f], axis=1)


def segment_points(handles: list[int]) -> Array:
    """The points of segment handles, shape (n, 2)."""
    return raw.into(raw.segment_point, handles, count=len(handles), width=2).astype("f8")


def read_paths(objects: Objects, number: int) -> Paths:
    """All that is to know of the paths of a page; nothing is asked that a plain line or rectangle answers."""
    handles, count = objects.handles, len(objects.handles)
    lengths = np.maximum(raw.each(raw.path_count, handles.tolist(), dtype="i8", count=count), 0)
    total = int(lengths.sum())
    check_count(number, total, MAX_SEGMENTS, "path segments")
    path = np.repeat(np.arange(count), lengths)
    within = chain.from_iterable(map(range, lengths.tolist()))
    segments = raw.each(raw.path_segment, handles[path].tolist(), within, dtype="u8", count=total)
    maps = product(object_matrices(handles), objects.to_display)
    points = mapped(segment_points(segments.tolist()), maps[path])
    kind = _kinds(segments, lengths)
    mode = raw.into(raw.path_mode, handles.tolist(), count=count, width=2, dtype="i4") != 0
    fill, stroke = np.flatnonzero(mode[:, 0]), np.flatnonzero(mode[:, 1])
    width, fill_grey, stroke_grey = np.zeros(count), np.zeros(count), np.zeros(count)
    scale = np.sqrt(np.abs(maps[:, 0] * maps[:, 3] - maps[:, 1] * maps[:, 2]))
    lines = handles[stroke].tolist()
    width[stroke] = raw.into(raw.stroke_width, lines, count=len(stroke), width=1)[:, 0] * scale[stroke]
    stroke_grey[stroke] = _grey(raw.into(raw.object_stroke, lines, count=len(stroke), width=4, dtype="u4"))
    areas = handles[fill].tolist()
    fill_grey[fill] = _grey(raw.into(raw.object_fill, areas, count=len(fill), width=4, dtype="u4"))
    return Paths(
        points=points,
        kind=kind,
        close=_closes(segments, points, kind, path),
        path=path,
        fill=mode[:, 0],
        stroke=mode[:, 1],
        width=width,
        fill_grey=fill_grey,
        stroke_grey=stroke_grey,
        clip=objects.clip,
    )


def _kinds(segments: Array, lengths: Array) -> Array:
    """How each point is reached; a path of two points can only be a line."""
    kind = np.full(len(segments), LINE_TO)
    kind[np.cumsum(lengths) - lengths] = MOVE_TO
    asked = np.flatnonzero(np.repeat(lengths != 2, lengths))
    kind[asked] = raw.each(raw.segment_type, segments[asked].tolist(), dtype="i4", count=len(asked))
    return kind


def _closes(segments: Array, points: Array, kind: Array, path: Array) -> Array:
    """After which points a subpath closes; asked only where its last point is not its first already."""
    new = np.r_[True, (kind[1:] == MOVE_TO) | (np.diff(path) != 0)] if len(path) else np.zeros(0, bool)
    first = np.flatnonzero(new)
    last = np.r_[first[1:], len(path)] - 1
    asked = last[(points[first] != points[last]).any(axis=1)]
    close = np.zeros(len(segments), bool)
    close[asked] = raw.each(raw.segment_close, segments[asked].tolist(), dtype="i1", count=len(asked)) == 1
    return close


def _grey(colour: Array) -> Array:
    """Luma of red, green, blue, alpha (0..255), 0 to 1; NaN where alpha is 0."""
    luma = colour[:, :3] @ np.array([0.299, 0.587, 0.114]) / 255
    return np.where(colour[:, 3] == 0, np.nan, luma)


def clip_boxes(handles: Array, space: Array, outer: Array) -> Array:
    """What can be seen of each object of one container at most, as displayed, shape (n, 4).

    A clip that is no rectangle counts as the box around it. Objects drawn under one clip share its points in
    pdfium's memory, so a clip is read once however many objects it holds.

    Args:
        handles: of the objects.
        space: from the container to display, shape (6,).
        outer: what can be seen of the container, shape (4,).
    """
    boxes = np.tile(outer, (len(handles), 1))
    clips = raw.each(raw.object_clip, handles.tolist(), dtype="u8", count=len(handles))
    counts = raw.each(raw.clip_count, clips.tolist(), dtype="i4", count=len(handles))
    clipped = np.flatnonzero(counts > 0)
    if not len(clipped):
        return boxes
    last = raw.each(
        raw.clip_segment,
        clips[clipped].tolist(),
        (counts[clipped] - 1).tolist(),
        repeat(0),
        dtype="u8",
        count=len(clipped),
    )
    _, first, of = np.unique(last, return_index=True, return_inverse=True)
    distinct = [_clip_box(int(clips[k]), int(counts[k]), space) for k in clipped[first]]
    inner = np.array(distinct)[of]
    boxes[clipped, :2] = np.maximum(outer[:2], inner[:, :2])
    boxes[clipped, 2:] = np.minimum(outer[2:], inner[:, 2:])
    return boxes


def _clip_box(clip: int, count: int, space: Array) -> tuple[float, float, float, float]:
    """The box in which all ``count`` paths of a clip let something through."""
    left, top, right, bottom = EVERYWHERE
    for index in range(count):
        length = min(raw.clip_count_segments(clip, index), MAX_CLIP_POINTS)
        if length <= 0:
            continue
        points = segment_points([raw.clip_segment(clip, index, k) for k in range(length)])
        shown = mapped(points, np.broadcast_to(space, (length, 6)))
        (x0, y0), (x1, y1) = shown.min(0).tolist(), shown.max(0).tolist()
        left, top, right, bottom = max(left, x0), max(top, y0), min(right, x1), min(bottom, y1)
    return left, top, right, bottom
