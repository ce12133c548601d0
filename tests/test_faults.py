"""A whole run with a fault at each of its writes: the old or the new package is there, and what was typed."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from report_extract.cli import main
from report_extract.package.place import locked

from .faults import KILL, MEMORY, Faults, in_this_process, tried
from .test_batch import OCR_TEXT, package

SHARE = 9  # of the steps of a run, one in so many is tried with each fault


@pytest.mark.skipif(not hasattr(os, "fork"), reason="faults are simulated in forked processes")
@pytest.mark.parametrize("how", [KILL, MEMORY, errno.EIO, errno.ENOSPC])
def test_at_a_share_of_its_steps_a_run_leaves_a_whole_package(
    tmp_path: Path, how: int, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("report_extract.run.batch._processes", in_this_process)
    monkeypatch.setattr("report_extract.cli.run.prepare", lambda several: None)
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    small = tmp_path / "small.txt"
    small.write_text("部等名\t件数\n総務部\t1\n", encoding="utf-8")

    def run(out: Path, *given: Path) -> int:
        return main(["run", *map(str, given), "--out", str(out), "--format", "xlsx,sqlite", "--quiet"])

    before, after = tmp_path / "before", tmp_path / "after"
    assert run(before, OCR_TEXT) == 0
    (before / "corrections.jsonl").write_text('{"typed": "by a person"}\n', encoding="utf-8")
    shutil.copytree(before, after)
    steps, said = tried(lambda: run(after, small), Faults(after))
    assert steps > 100 and not said
    old, new = package(before), package(after)
    first = {KILL: 1, MEMORY: 3, errno.EIO: 5, errno.ENOSPC: 7}[how]
    for at in range(first, steps + 1, SHARE):
        out = shutil.copytree(before, tmp_path / f"{at}")
        capfd.readouterr()
        _, said = tried(lambda out=out: run(out, small), Faults(out, at, how, forever=how == errno.ENOSPC))  # type: ignore[misc]
        told = capfd.readouterr().err
        assert not said and "Traceback" not in told, said or told
        with locked(out):  # whoever comes next
            pass
        found = package(out)
        assert found in (old, new), at
        assert (out / "corrections.jsonl").read_text(encoding="utf-8") == '{"typed": "by a person"}\n'
        assert run(out, small) == 0 and package(out) == new
        shutil.rmtree(out)
