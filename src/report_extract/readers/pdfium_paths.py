"""Paths, pictures and shadings of a page, by pdfium, as flat arrays of straight segments and boxes.

The objects of the page and of its form XObjects are listed first; then each property is fetched for all of
them in one sweep, so that a page of 10^5 segments takes a fraction of a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np

from ..model import Array
from . import pdfium_raw as raw
from .bounds import MAX_FORM_DEPTH, MAX_OBJECTS, MAX_SEGMENTS, check_count
from .paths import EVERYWHERE, Paths


@dataclass(frozen=True, slots=True)
class Objects:
    """Objects of one kind: their handles, and the map from the space of each one's container to display."""

    handles: Array
    to_display: Array  # (n, 6)
    clip: Array  # (n, 4), of the containers


def read_objects(page: int, number: int, to_display: Array) -> dict[int, Objects]:
    """The objects of a page and of the form XObjects in it, by type; forms themselves are left out."""
    found: dict[int, list[tuple[Array, Array, Array]]] = {}
    total = 0

    def walk(container: int, form: bool, space: Array, clip: tuple[float, ...], depth: int) -> None:
        nonlocal total
        count = (raw.form_count_objects if form else raw.page_count_objects)(container)
        total += max(count, 0)
        check_count(number, total, MAX_OBJECTS, "drawn objects")
        if count <= 0:
            return
        handles = raw.children(container, form, count)
        types = raw.each(raw.object_type, handles.tolist(), dtype="i4", count=count)
        for kind in (raw.PATH, raw.IMAGE, raw.SHADING):
            mine = handles[types == kind]
            if len(mine):
                n = len(mine)
                found.setdefault(kind, []).append((mine, np.tile(space, (n, 1)), np.tile(clip, (n, 1))))
        forms = handles[types == raw.FORM]
        if len(forms) and depth < MAX_FORM_DEPTH:
            matrices = object_matrices(forms)
            clips = clip_boxes(forms, np.tile(space, (len(forms), 1)), np.tile(clip, (len(forms), 1)))
            for handle, matrix, box in zip(forms.tolist(), matrices, clips, strict=True):
                walk(handle, True, product(matrix[None], space[None])[0], tuple(box), depth + 1)

    walk(page, False, to_display, EVERYWHERE, 0)
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
    """All that is to know of the paths of a page."""
    handles = objects.handles.tolist()
    count = len(handles)
    lengths = np.maximum(raw.each(raw.path_count, handles, dtype="i8", count=count), 0)
    total = int(lengths.sum())
    check_count(number, total, MAX_SEGMENTS, "path segments")
    path = np.repeat(np.arange(count), lengths)
    within = chain.from_iterable(map(range, lengths.tolist()))
    segments = list(map(raw.path_segment, objects.handles[path].tolist(), within))
    maps = product(object_matrices(objects.handles), objects.to_display)
    mode = raw.into(raw.path_mode, handles, count=count, width=2, dtype="i4")
    width = raw.into(raw.stroke_width, handles, count=count, width=1)[:, 0].astype("f8")
    scale = np.sqrt(np.abs(maps[:, 0] * maps[:, 3] - maps[:, 1] * maps[:, 2]))
    return Paths(
        points=mapped(segment_points(segments), maps[path]),
        kind=raw.each(raw.segment_type, segments, dtype="i4", count=total),
        close=raw.each(raw.segment_close, segments, dtype="i1", count=total) == 1,
        path=path,
        fill=mode[:, 0] != 0,
        stroke=mode[:, 1] != 0,
        width=width * scale,
        fill_grey=_grey(raw.into(raw.object_fill, handles, count=count, width=4, dtype="u4")),
        stroke_grey=_grey(raw.into(raw.object_stroke, handles, count=count, width=4, dtype="u4")),
        clip=clip_boxes(objects.handles, objects.to_display, objects.clip),
    )


def _grey(colour: Array) -> Array:
    """Luma of red, green, blue, alpha (0..255), 0 to 1; NaN where alpha is 0."""
    luma = colour[:, :3] @ np.array([0.299, 0.587, 0.114]) / 255
    return np.where(colour[:, 3] == 0, np.nan, luma)


def clip_boxes(handles: Array, spaces: Array, outer: Array) -> Array:
    """What can be seen of each object at most: the box around its clip path, within ``outer``, as displayed.

    A clip that is no rectangle counts as the box around it. Neighbours in the file mostly share
    their clip; a clip whose first and third point equal the last one's is not read again.
    """
    boxes = outer.copy()
    known: dict[tuple[float, ...], tuple[float, float, float, float]] = {}
    clips = list(map(raw.object_clip, handles.tolist()))
    for k, clip in enumerate(clips):
        for index in range(max(raw.clip_count(clip), 0) if clip else 0):
            box = _clip_box(clip, index, spaces[k], known)
            boxes[k] = (
                max(boxes[k, 0], box[0]),
                max(boxes[k, 1], box[1]),
                min(boxes[k, 2], box[2]),
                min(boxes[k, 3], box[3]),
            )
    return boxes


def _clip_box(
    clip: int, index: int, space: Array, known: dict[tuple[float, ...], tuple[float, float, float, float]]
) -> tuple[float, float, float, float]:
    count = raw.clip_count_segments(clip, index)
    if count <= 0:
        return EVERYWHERE
    probe = [raw.clip_segment(clip, index, k) for k in (0, min(2, count - 1))]
    key = (count, *segment_points(probe).ravel().tolist(), *space.tolist())
    if key not in known or count > 5:
        points = segment_points([raw.clip_segment(clip, index, k) for k in range(min(count, 10_000))])
        shown = mapped(points, np.broadcast_to(space, (len(points), 6)))
        (left, top), (right, bottom) = shown.min(0).tolist(), shown.max(0).tolist()
        known[key] = left, top, right, bottom
    return known[key]
