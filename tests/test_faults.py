"""A whole run, and what follows a correction, with a fault at each write: the old or the new package is there whole.

Every step is tried with a kill and with one of the other faults, in turn; ``python -m benchmarks.faults`` tries every
step with every fault, other formats included.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from report_extract.cli import main
from report_extract.package.place import settle
from report_extract.pipeline import extract_one
from report_extract.run.into import renew

from .faults import KILL, MEMORY, Faults, in_this_process, tried
from .test_batch import package

OTHERS = (errno.EIO, errno.ENOSPC, errno.EACCES, MEMORY)
SMALL = "部等名\t件数\n総務部\t1\n"
LARGER = "部等名\t件数\n総務部\t1\n市民部\t22\n合計\t23\n"


def run(out: Path, *given: Path, formats: str = "") -> int:
    return main(["run", *map(str, given), "--out", str(out), "--format", formats, "--quiet"])


def correction(small: Path) -> bytes:
    """A line of corrections.jsonl: a value of the small report that a person settled."""
    read = extract_one(small)
    ((dataset, row),) = [(d, row) for d in read.datasets for row in d.rows]
    name, cell = next((name, cell) for name, cell in row.items() if cell.text == "1")
    told = {"time": "2026-01-01", "sha256": read.sha256, "dataset": dataset.name, "field": name, "page": cell.page}
    return json.dumps({**told, "bbox": list(cell.bbox), "old": "1", "new": "7"}).encode() + b"\n"


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """No processes beside this one, and no waiting for the disk, whose flushes are counted all the same."""
    monkeypatch.setattr("report_extract.run.batch._processes", in_this_process)
    monkeypatch.setattr("report_extract.cli.run.prepare", lambda several: None)
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


def begun(tmp_path: Path, what: str, formats: str = "") -> tuple[Path, Callable[[Path], object], bytes]:
    """A folder before the act, the act, and what was typed there."""
    small, larger, before = tmp_path / "small.txt", tmp_path / "larger.txt", tmp_path / "before"
    small.write_text(SMALL, encoding="utf-8")
    larger.write_text(LARGER, encoding="utf-8")
    if what == "run":
        typed = b'{"typed": "by a person"}\n'
        assert run(before, larger, formats=formats) == 0
        (before / "corrections.jsonl").write_bytes(typed)
        return before, lambda out: run(out, small), typed
    assert run(before, small, formats=formats) == 0
    typed = correction(small)
    (before / "corrections.jsonl").write_bytes(typed)
    return before, renew, typed


def is_answered(said: str, how: int) -> bool:
    """Is what an act raised an error with a line of its own? Lack of memory is the caller's to tell."""
    return "PlaceError" in said.splitlines()[-1] or (how == MEMORY and said.endswith("MemoryError\n"))


def faults_of(steps: int) -> Iterator[tuple[int, int]]:
    for at in range(1, steps + 1):
        yield at, KILL
        yield at, OTHERS[at % len(OTHERS)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="faults are simulated in forked processes")
@pytest.mark.parametrize("what", ["run", "correction"])
@pytest.mark.usefixtures("still")
def test_at_every_step_a_whole_package_is_left(tmp_path: Path, what: str, capfd: pytest.CaptureFixture[str]) -> None:
    before, act, typed = begun(tmp_path, what)
    after = shutil.copytree(before, tmp_path / "after")
    steps, said = tried(lambda: act(after), Faults(after))
    assert steps > (120 if what == "run" else 60) and not said  # 139 and 104 on Linux
    old, new = package(before), package(after)
    assert old != new
    seen = set()
    for at, how in faults_of(steps):
        out = shutil.copytree(before, tmp_path / "out")
        capfd.readouterr()
        _, said = tried(lambda out=out: act(out), Faults(out, at, how, forever=how == errno.ENOSPC))  # type: ignore[misc]
        told = capfd.readouterr().err
        assert "Traceback" not in told and (not said or is_answered(said, how)), said or told
        settle(out)  # whoever comes next
        found = package(out)
        assert found in (old, new), (at, how)
        assert (out / "corrections.jsonl").read_bytes() == typed
        seen.add(found == new)
        if at % 8 == 0:
            act(out)
            assert package(out) == new
        shutil.rmtree(out)
    assert seen == {False, True}
