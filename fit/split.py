"""Separators and spans: examples from tables whose edges are known, for the four models that ``regrid`` asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from report_extract.core.geometry import BBox
from report_extract.core.model import Page, Table
from report_extract.tables.merge import NUMBERS, WALL, below, beside, places
from report_extract.tables.model import Trees
from report_extract.tables.region import Region, region
from report_extract.tables.separators import (
    COLUMN_NUMBERS,
    ROW_NUMBERS,
    Candidates,
    column_candidates,
    row_candidates,
)
from report_extract.tables.view import frames

from .forest import Settings, plain
from .place import located
from .truth import Source, Truth

SETTINGS = Settings(depth=6, rounds=150, rate=0.09, leaf=10)
NEAR = {"column": 0.6, "row": 0.5}  # ems by which an edge may stand beside its candidate
NAMES = {"column": COLUMN_NUMBERS, "row": ROW_NUMBERS, "beside": NUMBERS, "below": NUMBERS}
WALL_AT = NUMBERS.index("wall")
Found = tuple[Source, Page, list[Table]]


@dataclass
class Examples:
    """Rows of numbers with their labels and the group that each comes from, for one model."""

    x: np.ndarray
    y: np.ndarray
    groups: np.ndarray

    def fitted(self, name: str, without: set[str]) -> Trees:
        """The trees fitted on all groups but those left out."""
        kept = ~np.isin(self.groups, list(without))
        weight = np.array([0.5 if g.startswith("made") else 1.0 for g in self.groups[kept]])
        return plain(SETTINGS.grown(self.x[kept], self.y[kept], weight), NAMES[name], 1.0, 0.0)


def known_regions(pages: Sequence[Found]) -> Iterator[tuple[Source, Truth, Region]]:
    """The regions of tables whose edges are known."""
    for source, page, _ in pages:
        view = next((v for v in frames(page) if v.rotation == 0), None)
        for truth in source.tables:
            told = truth if truth.col_edges else located(page, truth) if source.group.startswith("made") else None
            if view is None or told is None:
                continue
            at = region(view, BBox(*told.bbox))
            if at is not None:
                yield source, told, at


def labelled(found: Candidates, edges: Sequence[float], near: float) -> tuple[np.ndarray, list[float]]:
    """Which candidates are separators, and where each separator stands (nan: it has no candidate)."""
    y, at = np.zeros(len(found.intervals), dtype=bool), []
    for edge in edges[1:-1]:
        off = np.full(1, np.inf)
        if len(y):
            low, high = found.intervals[:, 0], found.intervals[:, 1]
            off = np.maximum(np.maximum(low - edge, edge - high), 0) + 1e-3 * np.abs(found.places - edge)
            off = np.where(y, np.inf, off)
        best = int(off.argmin())
        if off[best] <= near:
            y[best] = True
            at.append(float(found.places[best]))
        else:
            at.append(float("nan"))
    return y, at


def examples(pages: Sequence[Found]) -> dict[str, Examples]:
    """The examples of every model."""
    kept: dict[str, list[tuple[np.ndarray, np.ndarray, str]]] = {name: [] for name in NAMES}
    for source, truth, at in known_regions(pages):
        edges = []
        for name, found, known in (
            ("column", column_candidates(at), truth.col_edges),
            ("row", row_candidates(at), truth.row_edges),
        ):
            y, stand = labelled(found, known, NEAR[name] * at.em)
            kept[name].append((found.numbers, y, source.group))
            edges.append(
                np.array(
                    [known[0], *(e if np.isnan(s) else s for e, s in zip(known[1:-1], stand, strict=True)), known[-1]]
                )
            )
        xs, ys = edges
        if len(xs) < 3 or len(ys) < 3 or (np.diff(xs) <= 0).any() or (np.diff(ys) <= 0).any():
            continue
        owner = np.arange((len(ys) - 1) * (len(xs) - 1)).reshape(len(ys) - 1, len(xs) - 1)
        for r0, c0, r1, c1 in truth.spans:
            owner[r0 : r1 + 1, c0 : c1 + 1] = owner[r0, c0]
        cut = places(at, xs, ys)
        for name, numbers, y in (
            ("beside", beside(cut), owner[:, :-1] == owner[:, 1:]),
            ("below", below(cut), owner[:-1] == owner[1:]),
        ):
            flat = numbers.reshape(-1, len(NUMBERS))
            open_side = flat[:, WALL_AT] <= WALL  # what a rule parts is never joined, whatever the model says
            kept[name].append((flat[open_side], y.ravel()[open_side], source.group))
    return {
        name: Examples(
            np.vstack([x for x, _, _ in rows]),
            np.concatenate([y for _, y, _ in rows]),
            np.concatenate([np.full(len(y), g) for _, y, g in rows]),
        )
        for name, rows in kept.items()
    }
