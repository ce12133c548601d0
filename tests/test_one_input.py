"""One input costs itself: whatever lies in a folder or is named, the others are done, and nothing waits for it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from report_extract.cli import main
from report_extract.run.batch import Limits
from report_extract.run.inputs import expand, sha256

from .test_run_into import documents

PROFILE = "personal-data-use"
GOOD = "部等名\t件数\n総務部\t1\n"


@pytest.mark.skipif(sys.platform == "win32", reason="no such files there")
def test_what_is_no_file_costs_no_other_its_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = tmp_path / "in"
    given.mkdir()
    (given / "good.txt").write_text(GOOD, encoding="utf-8")
    (given / "[bold red]x\x1b[31m.txt").write_text(GOOD, encoding="utf-8")
    (given / "wide.txt").write_text("部等名\t件数\n" + "総" * 200_000 + "\t1\n", encoding="utf-8")
    (given / "loop.pdf").symlink_to(given / "loop.pdf")
    (given / "around").symlink_to(given, target_is_directory=True)
    (given / "nowhere.pdf").symlink_to(given / "gone.pdf")
    os.mkfifo(given / "unnamed.pdf")
    os.mkfifo(tmp_path / "pipe.pdf")
    with (given / "sparse.pdf").open("wb") as file:
        file.truncate(40 << 30)
    named = [tmp_path / "pipe.pdf", Path("/dev/zero"), tmp_path / ("x" * 300 + ".pdf")]
    started = time.monotonic()
    assert main(["run", str(given), *map(str, named), "--out", str(tmp_path / "out")]) == 1
    assert time.monotonic() - started < 300  # a pipe would be waited for without end, 40 GB hashed for minutes
    said = capsys.readouterr()
    found = documents(tmp_path / "out")
    assert found["good"]["status"] == "unsupported" and "wide" in found
    refused = [row for row in found.values() if row["status"] == "failed"]
    assert len(refused) == 6 == len(said.err.splitlines()), said.err
    assert "Traceback" not in said.err and "\x1b[31m" not in said.out + said.err
    assert "[bold red]" in said.out.replace("\n", "") or "bold" in said.out


def test_a_folder_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "a.txt").write_text(GOOD, encoding="utf-8")
    scandir = os.scandir

    def refusing(path: str | os.PathLike[str]) -> object:  # root may read everything
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert [i.path.name for i in expand([tmp_path])] == ["a.txt", "closed"]


def test_a_file_beyond_the_bound_is_not_hashed(tmp_path: Path) -> None:
    with (tmp_path / "sparse.pdf").open("wb") as file:
        file.truncate(40 << 30)
    assert sha256(tmp_path / "sparse.pdf") == ""


STUCK = """
import os, sys
from pathlib import Path
from report_extract.pipeline import Options
from report_extract.run import batch
from report_extract.run.inputs import expand
from report_extract.run.parts import plan


def stuck(job):
    Path(sys.argv[1]).joinpath("worker").write_text(str(os.getpid()))
    import re
    re.match("(a+)+$", "a" * 60 + "b")  # holds the interpreter for years


batch.work = stuck
if __name__ == "__main__":
    here = Path(sys.argv[1])
    jobs = plan(expand([Path(sys.argv[2])]), here, Options())
    print([e.error for e in batch.run(jobs, 1, batch.Limits(seconds=float(sys.argv[3])))])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such signal")
@pytest.mark.parametrize("end", ["limit", "kill"])
def test_a_worker_inside_a_call_that_never_yields_ends_with_its_run(tmp_path: Path, end: str) -> None:
    script, given = tmp_path / "stuck.py", tmp_path / "a.txt"
    script.write_text(STUCK, encoding="utf-8")
    given.write_text(GOOD, encoding="utf-8")
    limit = "2" if end == "limit" else "600"
    process = subprocess.Popen([sys.executable, script, tmp_path, given, limit], stdout=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not (tmp_path / "worker").is_file():
        time.sleep(0.05)
    time.sleep(0.5)
    worker = int((tmp_path / "worker").read_text())
    if end == "kill":
        process.send_signal(signal.SIGKILL)
    said, _ = process.communicate(timeout=120)
    while time.monotonic() < deadline and psutil.pid_exists(worker):
        if psutil.Process(worker).status() == psutil.STATUS_ZOMBIE:
            break
        time.sleep(0.1)
    else:
        assert not psutil.pid_exists(worker)
    assert end == "kill" or "longer than 2 s" in said


def test_other_commands_keep_the_same_bounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = tmp_path / "a.txt"
    given.write_text(GOOD, encoding="utf-8")
    monkeypatch.setattr("report_extract.run.bounded.BOUNDS", Limits(seconds=0.0))
    for told in (["tables", given], ["profile", "new", given], ["profile", "test", given, "--profile", PROFILE]):
        code = main([str(one) for one in told])
        said = capsys.readouterr()
        heard = said.out + said.err
        assert code != 0 and ("0 s" in heard or "0 秒" in heard) and "Traceback" not in heard


def test_tables_overwrites_no_file_of_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given, out = tmp_path / "a.txt", tmp_path / "out"
    given.write_text(GOOD, encoding="utf-8")
    told = ["tables", str(given), "--format", "csv", "--out", str(out)]
    assert main(told) == 0 == main(told)
    (out / "table-001.csv").write_text("mine")
    capsys.readouterr()
    assert main(told) == 2
    assert "table-001.csv: " in capsys.readouterr().err
    assert (out / "table-001.csv").read_text() == "mine"
