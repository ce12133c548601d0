"""Apply what people typed: the last word on a cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..core.geometry import BBox
from ..core.model import Cell, Dataset, Field, Finding, Identity
from .store import Correction
from .values import accepted

IDENTITY = "documents"  # the dataset of whose report it is, and of which year
_PARTS = ("municipality_code", "municipality", "fiscal_year")


def correct_identity(identity: Identity, corrections: Sequence[Correction]) -> Identity:
    """The identity with the corrections of whose report it is; a part that was not known may be given."""
    cells = {}
    for name in _PARTS:
        cell = getattr(identity, name)
        place = cell or Cell(0, BBox(0, 0, 0, 0))
        for correction in corrections:
            if correction.fits(IDENTITY, name, place) and not _why_not(correction, Field(name)):
                said = accepted(IDENTITY, Field(name), correction.new)
                cell = place.read(said, "review", note=correction.time)
        cells[name] = cell
    return Identity(**cells)


def correct(
    datasets: Sequence[Dataset], corrections: Sequence[Correction], identity: Identity | None = None
) -> tuple[tuple[Dataset, ...], tuple[Finding, ...]]:
    """The datasets with the corrections as readings, and a finding for each that cannot be applied.

    Args:
        datasets: as matched.
        corrections: of this input.
        identity: as it was before ``correct_identity``, to tell the corrections of it that fit no more.
    """
    if not corrections:
        return tuple(datasets), ()
    used: set[Correction] = set()
    unfit: dict[Correction, str] = {}

    def corrected(dataset: Dataset, field: Field, cell: Cell) -> Cell:
        for correction in corrections:
            if not correction.fits(dataset.name, field.name, cell):
                continue
            used.add(correction)
            why = _why_not(correction, field)
            if why:
                unfit[correction] = why
                continue
            cell = cell.read(accepted(dataset.name, field, correction.new), "review", note=correction.time)
        return cell

    result = []
    for dataset in datasets:
        fields = {f.name: f for f in dataset.fields}
        rows = tuple(
            {name: corrected(dataset, fields.get(name, Field(name)), cell) for name, cell in row.items()}
            for row in dataset.rows
        )
        result.append(replace(dataset, rows=rows))
    for name in _PARTS:
        known = (getattr(identity, name) if identity else None) or Cell(0, BBox(0, 0, 0, 0))
        corrected(Dataset(IDENTITY, (), ()), Field(name), known)
    told = [
        Finding("unfit-correction", (f"{c.dataset} {c.field}", why), c.page, c.bbox) for c, why in unfit.items()
    ]
    told += [
        Finding("stale-correction", (c.new, c.dataset, c.field), c.page, c.bbox) for c in corrections if c not in used
    ]
    return tuple(result), tuple(told)


def _why_not(correction: Correction, field: Field) -> str:
    """Why a correction is no value of its field; "" where it is one."""
    try:
        accepted(correction.dataset, field, correction.new)
    except ValueError as error:
        return str(error)
    return ""
