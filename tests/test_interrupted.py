"""Whoever meets a package that a killed run left between two moves sees the old or the new one, whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from report_extract.app.workspace import Workspace
from report_extract.cli import main
from report_extract.package.place import PlaceError, settle
from report_extract.package.schema import contract_datasets
from report_extract.package.write import write_package

from .faults import KILL, Faults, tried
from .samples import extraction
from .test_place import is_whole

JOURNAL = Path(".parts", "commit.json")
OTHER = (("消防本部", "1件", "1件", "2件", "-", "detail"), ("合計", "1件", "1件", "2件", "-", "total"))
READERS: dict[str, list[str]] = {
    "check": [],
    "panel": [],
    "preflight": [],
    "explain": ["department_counts", "0", "subtotal"],
    "publish": ["--ckan", "http://127.0.0.1:1", "--organization", "x", "--dry-run"],
}
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="faults are simulated in forked processes")


def change(out: Path) -> None:
    write_package([extraction("new", *OTHER), extraction("more")], out, contract_datasets(), bom=True)


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("old") / "out"
    write_package([extraction("a")], out, contract_datasets())
    return out


@pytest.fixture(scope="module")
def left_between(old: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Packages as a change leaves them that is killed at each of its moves."""
    place, steps_of = tmp_path_factory.mktemp("left"), shutil.copytree(old, tmp_path_factory.mktemp("calm") / "out")
    steps, said = tried(lambda: change(steps_of), Faults(steps_of))
    assert steps > 50 and not said
    left = []
    for at in range(1, steps + 1):
        out = shutil.copytree(old, place / f"{at}" / "out")
        tried(lambda out=out: change(out), Faults(out, at, KILL))  # type: ignore[misc]
        if (out / JOURNAL).exists():
            left.append(out)
        else:
            shutil.rmtree(out)
    assert len(left) > 15
    return left


@pytest.mark.parametrize("command", READERS)
def test_commands_that_read_see_one_package(
    command: str, old: Path, left_between: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def seen(out: Path) -> str:
        capsys.readouterr()
        assert main([command, str(out), *READERS[command]]) in (0, 1)
        return capsys.readouterr().out.replace(str(out), "")

    new = shutil.copytree(old, tmp_path / "new")
    change(new)
    before, after = seen(old), seen(new)
    assert before != after
    for number, left in enumerate(left_between):
        out = shutil.copytree(left, tmp_path / f"{number}")
        assert seen(out) in (before, after)
        assert is_whole(out) and not (out / JOURNAL).exists()


def test_the_app_and_its_packages_are_whole(left_between: list[Path], tmp_path: Path) -> None:
    opens: list[Callable[[Path], object]] = [Workspace, settle]
    for number, left in enumerate(left_between):
        out = shutil.copytree(left, tmp_path / f"{number}")
        opens[number % 2](out)
        assert is_whole(out) and not (out / JOURNAL).exists()


def test_a_package_that_cannot_be_finished_is_told_in_one_line(
    left_between: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = shutil.copytree(left_between[0], tmp_path / "out")

    def refused(*args: object) -> None:
        raise PermissionError(13, "Permission denied", str(out / "a.csv"))

    monkeypatch.setattr(Path, "replace", refused)
    assert main(["check", str(out)]) == 2
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1 and str(out) in said and "Traceback" not in said


def test_a_journal_that_says_nothing_stops_nobody(old: Path, tmp_path: Path) -> None:
    for content in (b"", b"{", b"3", b"[" * 100_000, b"\xff", b'{"move": 3, "remove": null}'):
        out = shutil.copytree(old, tmp_path / "out")
        (out / JOURNAL).parent.mkdir()
        (out / JOURNAL).write_bytes(content)
        (out / ".parts" / "next").mkdir()
        settle(out)
        assert is_whole(out)
        change(out)
        assert is_whole(out)
        shutil.rmtree(out)


@pytest.mark.parametrize("name", [".parts", ".parts/next", ".parts/old", ".parts/next/tables"])
def test_folders_that_lead_elsewhere_are_refused(old: Path, tmp_path: Path, name: str) -> None:
    """A package from a stranger, whose journal would have a run move somebody's files into it, or theirs out of it."""
    out, theirs = shutil.copytree(old, tmp_path / "out"), tmp_path / "theirs"
    for folder in (theirs, theirs / "next", theirs / "tables"):
        folder.mkdir()
    for place in ("cells.csv", "next/cells.csv", "tables/cells.csv", "tables/x.csv"):
        (theirs / place).write_text("theirs", encoding="utf-8")
    (out / name).parent.mkdir(exist_ok=True, parents=True)
    (out / name).symlink_to(theirs / "tables" if name.endswith("tables") else theirs, target_is_directory=True)
    if name == ".parts":
        (theirs / "commit.json").write_text('{"move": ["cells.csv"], "remove": ["checks.csv"]}')
    else:
        (out / JOURNAL).write_text('{"move": ["cells.csv", "tables/x.csv"], "remove": []}')
    kept = {path: path.read_bytes() for path in sorted(theirs.rglob("*")) if path.is_file()}
    try:
        settle(out)
        change(out)
    except PlaceError as error:
        assert "in the way" in str(error)
    assert {path: path.read_bytes() for path in sorted(theirs.rglob("*")) if path.is_file()} == kept
