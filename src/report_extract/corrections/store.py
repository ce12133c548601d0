"""What people typed: corrections.jsonl, one JSON object a line, only ever appended to.

A correction is known by its input's hash and its cell's place on the page, so that it fits again after
another run, and is told as stale where the place no longer holds such a cell. Nobody is named.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core.geometry import BBox, intersection
from ..core.model import Cell, Finding

_TEXTS = ("time", "sha256", "dataset", "field", "old", "new")
_OPTIONAL = ("id", "step", "by", "verdict", "note")
LONGEST = 10_000  # characters of what is typed for one value


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
        id, step: names of the entry, and of what was done at once and is undone at once.
        by: initials, if the person gave any.
        verdict: "report-error" where the value is right as printed and the report itself is wrong.
        note: what the person said of it.
    """

    time: str
    sha256: str
    dataset: str
    field: str
    page: int
    bbox: BBox
    old: str
    new: str
    id: str = ""
    step: str = ""
    by: str = ""
    verdict: str = ""
    note: str = ""

    def fits(self, dataset: str, field: str, cell: Cell) -> bool:
        """Does it speak of this cell? Boxes may move a little between versions."""
        if (dataset, field, cell.page) != (self.dataset, self.field, self.page):
            return False
        shared = intersection(cell.bbox.grown(0.5), self.bbox.grown(0.5))
        together = cell.bbox.grown(0.5).area + self.bbox.grown(0.5).area - (shared.area if shared else 0)
        return shared is not None and shared.area > 0.7 * together


def load(path: Path, sha256: str, rest: bool = False) -> tuple[list[Correction], list[Finding]]:
    """The corrections of one input, in the order in which they were typed; of one place the last one holds.

    A line that says nothing that can be applied (cut off by a crash, edited by hand) costs no other line anything.

    Args:
        path: corrections.jsonl; it need not be there.
        sha256: of the input.
        rest: tell of the lines, too, that name no input at all.

    Returns:
        The corrections, and a finding for each line of this input that is none.
    """
    latest: dict[tuple[str, str, int, BBox], Correction] = {}
    unfit: list[Finding] = []
    for number, entry in in_force(path):
        if isinstance(entry, dict) and entry.get("kind", "value") != "value":
            continue
        whose = entry.get("sha256") if isinstance(entry, dict) else None
        if whose != sha256 and (not rest or (isinstance(whose, str) and whose)):
            continue
        try:
            correction = correction_of(entry)
        except ValueError as error:
            unfit.append(Finding("unfit-correction", (f"{path.name}:{number}", str(error))))
            continue
        place = (correction.dataset, correction.field, correction.page, correction.bbox)
        latest.pop(place, None)
        latest[place] = correction
    return list(latest.values()), unfit


def correction_of(entry: Any) -> Correction:
    """The correction that a JSON object says.

    Args:
        entry: with the fields of ``Correction``; a whole number is taken as its digits where text is asked for, fields
            of other names are passed over.

    Raises:
        ValueError: it says none; the message says why.
    """
    if not isinstance(entry, dict):
        raise ValueError("no correction")
    texts = {}
    for name in (*_TEXTS, *_OPTIONAL):
        text = entry.get(name, None if name in _TEXTS else "")
        text = str(text) if isinstance(text, int) and not isinstance(text, bool) else text
        if not isinstance(text, str):
            raise ValueError(f"{name} is missing" if text is None else f"{name} is no text")
        if len(text) > LONGEST:
            raise ValueError(f"{name} is longer than {LONGEST:,} characters")
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            raise ValueError(f"{name} holds what is no character") from None
        texts[name] = text
    page, box = entry.get("page"), entry.get("bbox")
    if not isinstance(page, int) or isinstance(page, bool) or page < 0:
        raise ValueError("page is no page number")
    if not isinstance(box, list | tuple) or len(box) != 4 or not all(_is_finite(edge) for edge in box):
        raise ValueError("bbox is no box of four numbers")
    return Correction(**texts, page=page, bbox=BBox(*(float(edge) for edge in box)))


def _is_finite(edge: Any) -> bool:
    return isinstance(edge, int | float) and not isinstance(edge, bool) and abs(edge) < 1e6  # not so for NaN, too


def digests(path: Path) -> dict[str, str]:
    """The hash of every input that has corrections -> a hash of these, in one pass over the file."""
    found: dict[str, Any] = {}
    for _, entry in in_force(path):
        if isinstance(entry, dict) and isinstance(entry.get("sha256"), str):
            known = found.setdefault(entry["sha256"], hashlib.sha256())
            known.update(json.dumps(entry, sort_keys=True).encode("utf-8", "replace"))
    return {sha256: known.hexdigest() for sha256, known in found.items()}


def in_force(path: Path) -> Iterator[tuple[int, Any]]:
    """The lines that hold: without those of a step that was taken back, and without the taking back."""
    every = list(entries(path))
    back: set[str] = set()
    for _, entry in every:
        if isinstance(entry, dict) and entry.get("kind") == "undo":
            back.add(str(entry.get("of", "")))
        elif isinstance(entry, dict) and entry.get("kind") == "redo":
            back.discard(str(entry.get("of", "")))
    for number, entry in every:
        told = entry if isinstance(entry, dict) else {}
        if told.get("kind") not in ("undo", "redo") and (not told.get("step") or str(told["step"]) not in back):
            yield number, entry


def entries(path: Path) -> Iterator[tuple[int, Any]]:
    """Each line's number and what it says, None where that is no JSON."""
    try:
        content = path.read_bytes().decode("utf-8-sig", "replace")
    except FileNotFoundError:
        return
    # Not ``splitlines``: a text that was typed may hold what Unicode takes for the end of a line.
    for number, line in enumerate(content.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line)
        except (ValueError, RecursionError):
            yield number, None


def append(path: Path, corrections: Iterable[Correction]) -> None:
    """Add corrections, on disk when this returns: whatever happens next, nothing typed is lost.

    Raises:
        OSError: they could not be kept, and none of them is there.
    """
    told = ({name: getattr(c, name) for name in Correction.__slots__} for c in corrections)
    kept = ({name: value for name, value in one.items() if value or name not in _OPTIONAL} for one in told)
    append_entries(path, ({**one, "bbox": list(one["bbox"])} for one in kept))


def append_entries(path: Path, told: Iterable[Mapping[str, Any]]) -> None:
    """Add entries of any kind, on disk when this returns.

    Raises:
        OSError: they could not be kept, and none of them is there.
    """
    lines = [json.dumps(entry, ensure_ascii=False) for entry in told]
    with path.open("ab+") as file:
        size = file.seek(0, os.SEEK_END)
        if size:
            file.seek(size - 1)
            lines = lines if file.read(1) == b"\n" else ["", *lines]  # the line before was torn by a crash
        try:
            file.write("".join(line + "\n" for line in lines).encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(file.fileno(), size)
            raise
    if not size:
        _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    """A new file is on the disk when its folder is."""
    with contextlib.suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
