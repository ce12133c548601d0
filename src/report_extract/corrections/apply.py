"""Apply what people typed: the last word on a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..core.geometry import BBox
from ..core.model import Cell, Check, Dataset, Field, Finding, Identity
from .store import Correction
from .values import accepted

IDENTITY = "documents"  # the dataset of whose report it is, and of which year
REPORT_ERROR = "report-error"  # a verdict: right as printed, the report itself is wrong
SAID = "報告書の誤り(人が確認)"
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


def excused(
    datasets: Sequence[Dataset], checks: Sequence[Check], corrections: Sequence[Correction]
) -> tuple[tuple[Dataset, ...], tuple[Check, ...]]:
    """The checks that fail by the report's own error, as a person said, explained; their cells no longer doubted."""
    said = [c for c in corrections if c.verdict == REPORT_ERROR]
    if not said:
        return tuple(datasets), tuple(checks)
    by_name = {d.name: d for d in datasets}
    told = [_explained(check, by_name, said) for check in checks]
    still = {place for check in told if check.status == "fail" for place in check.places}
    settled = {place for check in told if check.status == "explained" for place in check.places} - still

    def quiet(name: str, row: int, field: str, cell: Cell) -> Cell:
        return cell.settled("unbalanced", "report-error") if (name, row, field) in settled else cell

    kept = tuple(
        replace(
            d,
            rows=tuple({f: quiet(d.name, n, f, cell) for f, cell in row.items()} for n, row in enumerate(d.rows)),
        )
        for d in datasets
    )
    return kept, tuple(told)


def _explained(check: Check, datasets: Mapping[str, Dataset], said: Sequence[Correction]) -> Check:
    if check.status != "fail":
        return check
    for name, row, field in check.places:
        dataset = datasets.get(name)
        cell = dataset.rows[row].get(field) if dataset and row < len(dataset.rows) else None
        spoken = next((c for c in said if cell and c.fits(name, field, cell)), None)
        if spoken:
            return replace(check, status="explained", note=spoken.note or SAID)
    return check
