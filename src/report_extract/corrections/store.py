"""What people typed: corrections.jsonl, one JSON object a line, only ever appended to.

A correction is known by its input's hash and its cell's place on the page, so that it fits again after
another run, and is told as stale where the place no longer holds such a cell. Nobody is named.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core.geometry import BBox, intersection
from ..core.model import Cell


@dataclass(frozen=True, slots=True)
class Correction:
    """One value that a person settled.

    Attributes:
        time: when, ISO 8601 in UTC.
        sha256: of the input.
        dataset, field: where the value is emitted.
        page, bbox: where it stands.
        old: the value before, as emitted.
        new: the value that the person typed or accepted.
    """

    time: str
    sha256: str
    dataset: str
    field: str
    page: int
    bbox: BBox
    old: str
    new: str

    def fits(self, dataset: str, field: str, cell: Cell) -> bool:
        """Does it speak of this cell? Boxes may move a little between versions."""
        if (dataset, field, cell.page) != (self.dataset, self.field, self.page):
            return False
        shared = intersection(cell.bbox.grown(0.5), self.bbox.grown(0.5))
        together = cell.bbox.grown(0.5).area + self.bbox.grown(0.5).area - (shared.area if shared else 0)
        return shared is not None and shared.area > 0.7 * together


def load(path: Path, sha256: str) -> list[Correction]:
    """The corrections of one input, in the order in which they were typed; of one place the last one holds.

    A line that was cut off by a crash is passed over: every whole line counts.
    """
    latest: dict[tuple[str, str, int, BBox], Correction] = {}
    for entry in _entries(path):
        try:
            correction = Correction(**{**entry, "bbox": BBox(*entry["bbox"])})
        except (TypeError, KeyError):
            continue
        if correction.sha256 == sha256:
            latest[correction.dataset, correction.field, correction.page, correction.bbox] = correction
    return list(latest.values())


def digests(path: Path) -> dict[str, str]:
    """The hash of every input that has corrections -> a hash of these, in one pass over the file."""
    found: dict[str, Any] = {}
    for entry in _entries(path):
        known = found.setdefault(str(entry.get("sha256", "")), hashlib.sha256())
        known.update(json.dumps(entry, sort_keys=True).encode("utf-8", "replace"))
    return {sha256: known.hexdigest() for sha256, known in found.items()}


def _entries(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            yield entry


def append(path: Path, corrections: Iterable[Correction]) -> None:
    """Add corrections, on disk when this returns: whatever happens next, nothing typed is lost."""
    lines = [
        json.dumps(
            {**{name: getattr(c, name) for name in Correction.__slots__}, "bbox": list(c.bbox)}, ensure_ascii=False
        )
        for c in corrections
    ]
    torn = path.is_file() and path.stat().st_size > 0 and not path.read_bytes().endswith(b"\n")
    with path.open("a", encoding="utf-8") as file:
        file.write(("\n" if torn else "") + "".join(line + "\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
