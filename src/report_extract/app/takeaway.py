"""What a person takes home: the package as a ZIP or a workbook, of all documents or of one."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..checks.across_years import CrossYearChecks
from ..core.errors import ReportExtractError
from ..package.formats import write_formats
from ..package.schema import contract_datasets
from ..package.write import write_package
from ..pipeline import again
from .desk import Desk
from .workspace import INPUTS, LAYOUTS, OWN

_OURS = frozenset({INPUTS, OWN, LAYOUTS, ".parts"})


def made(desk: Desk, kind: str, id: str) -> tuple[Path, str]:
    """A file to send, and what it is called.

    Args:
        kind: "zip" or "xlsx".
        id: of one document; "" for the whole package.

    Raises:
        KeyError: there is no such kind or document.
        ExportError: the package cannot be written.
    """
    if kind not in ("zip", "xlsx"):
        raise KeyError(kind)
    folder = Path(tempfile.mkdtemp(prefix="report-extract-"))
    try:
        if id:
            name = desk.workspace.entry(id).name
            package = folder / "package"
            _write_one(desk, id, package)
        else:
            desk.writer.fresh()
            name, package = "report-extract", desk.workspace.directory
        target = folder / f"{name}.{kind}"
        if kind == "zip":
            _zip(package, target)
        else:
            _workbook(package, target, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return target, target.name


def forget(path: Path) -> None:
    """Remove a file that was sent."""
    shutil.rmtree(path.parent, ignore_errors=True)


def _write_one(desk: Desk, id: str, package: Path) -> None:
    entry = desk.workspace.entry(id)
    read = again(desk.workspace.extraction(entry), desk.workspace.corrections)
    lang = desk.workspace.lang
    write_package(CrossYearChecks((read,)), package, contract_datasets(), lang=lang)
    write_formats(package, lang=lang)
    if desk.workspace.corrections.is_file():
        lines = desk.workspace.corrections.read_text(encoding="utf-8", errors="replace").splitlines()
        own = [line for line in lines if f'"{entry.sha256}"' in line]
        (package / "corrections.jsonl").write_text("".join(line + "\n" for line in own), encoding="utf-8")


def _files(package: Path) -> Iterator[Path]:
    """The files of the package, without what is the app's own."""
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package)
        if path.is_file() and not path.is_symlink() and inside.parts[0] not in _OURS and not path.name.startswith("."):
            yield path


def _zip(package: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in _files(package):
            archive.write(path, path.relative_to(package).as_posix())


def _workbook(package: Path, target: Path, folder: Path) -> None:
    from ..package.workbook import write_workbook

    copy = folder / "copy"
    shutil.copytree(package, copy, dirs_exist_ok=True, ignore=lambda _, names: {*_OURS & {*names}, "review", "parquet"})
    write_workbook(copy)
    (copy / "report.xlsx").replace(target)


def publish_check(desk: Desk, told: dict[str, Any]) -> dict[str, Any]:
    """What publishing on a portal would do, call by call, and what speaks against it; nothing is sent."""
    from ..package.portal import Portal
    from ..package.preflight import preflight
    from ..package.publish import publish

    desk.writer.fresh()
    directory = desk.workspace.directory
    rules = preflight(directory, desk.workspace.spoken)
    calls: list[str] = []
    error = ""
    url, organization = str(told.get("url", "")).strip(), str(told.get("organization", "")).strip()
    if url:
        try:
            portal = Portal(url, organization, "")
            publish(directory, portal, licence=str(told.get("licence", "")), dry_run=calls.append)
        except ReportExtractError as refused:
            error = str(refused)
    return {
        "rules": [{"rule": r.rule, "passed": r.passed, "places": list(r.places)[:20]} for r in rules],
        "calls": calls,
        "error": error,
    }
