"""Apply what people typed: the last word on a cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..core.geometry import BBox
from ..core.model import Cell, Dataset, Finding, Identity
from .store import Correction


def correct_identity(identity: Identity, corrections: Sequence[Correction]) -> Identity:
    """The identity with the corrections of whose report it is; a part that was not known may be given."""
    cells = {}
    for name in ("municipality_code", "municipality", "fiscal_year"):
        cell = getattr(identity, name)
        place = cell or Cell(0, BBox(0, 0, 0, 0))
        for correction in corrections:
            if correction.fits("documents", name, place):
                cell = place.read(correction.new, "review", note=correction.time)
        cells[name] = cell
    return Identity(**cells)


def correct(
    datasets: Sequence[Dataset], corrections: Sequence[Correction]
) -> tuple[tuple[Dataset, ...], tuple[Finding, ...]]:
    """The datasets with the corrections as readings, and a finding for each that no longer fits."""
    used: set[Correction] = set()

    def corrected(dataset: Dataset, field: str, cell: Cell) -> Cell:
        for correction in corrections:
            if correction.fits(dataset.name, field, cell):
                used.add(correction)
                return cell.read(correction.new, "review", note=correction.time)
        return cell

    if not corrections:
        return tuple(datasets), ()
    datasets = tuple(
        replace(d, rows=tuple({name: corrected(d, name, cell) for name, cell in row.items()} for row in d.rows))
        for d in datasets
    )
    stale = tuple(
        Finding("stale-correction", (c.new, c.dataset, c.field), c.page, c.bbox) for c in corrections if c not in used
    )
    return datasets, stale
