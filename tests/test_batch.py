"""Many inputs: what goes wrong with one costs no other its result, and nothing is done twice."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from report_extract.batch import Limits, Parts, plan, run
from report_extract.cli import main
from report_extract.inputs import expand
from report_extract.pipeline import Options

FIXTURE = Path(__file__).parent.parent / "fixtures" / "iwaki" / "iwaki-r6.pdf"
HOSTILE = {
    "empty.pdf": b"",
    "page.pdf": b"<!DOCTYPE html><html><body>404 Not Found</body></html>",
    "cut.pdf": FIXTURE.read_bytes()[:3000],
    "noise.pdf": b"%PDF-1.7\n" + bytes(range(256)) * 40,
    "picture.png": b"\x89PNG\r\n\x1a\n" + b"\x00" * 64,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two good reports among five that are not."""
    given = tmp_path / "in"
    given.mkdir()
    for name, content in HOSTILE.items():
        (given / name).write_bytes(content)
    for name in ("a.pdf", "b.pdf"):
        shutil.copyfile(FIXTURE, given / name)
    return given


def package(directory: Path) -> dict[str, bytes]:
    """Every file of a package but the parts it was made from."""
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and ".parts" not in path.parts
    }


def test_bad_inputs_cost_the_good_ones_nothing(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["run", str(folder), "--out", str(out), "--jobs", "2", "--quiet"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == len(HOSTILE)
    for name in HOSTILE:
        (line,) = [line for line in said if name in line]
        assert line.startswith("report-extract: ") and "(" in line  # the remedy
    documents = (out / "documents.csv").read_text(encoding="utf-8").splitlines()
    assert len(documents) == 1 + len(HOSTILE) + 2
    assert sum(",failed," in line for line in documents) == len(HOSTILE)
    one = [line for line in package(out)["department_counts.csv"].decode().splitlines() if line.startswith("a,")]
    other = [line for line in package(out)["department_counts.csv"].decode().splitlines() if line.startswith("b,")]
    assert len(one) == len(other) > 10


def test_nothing_readable_is_exit_code_3(tmp_path: Path) -> None:
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"")
    assert main(["run", str(bad), "--out", str(tmp_path / "out"), "--quiet"]) == 3
    assert main(["run", str(tmp_path / "nowhere.pdf"), "--out", str(tmp_path / "out"), "--quiet"]) == 3


def test_wrong_usage_is_exit_code_2(tmp_path: Path) -> None:
    assert main(["run", str(FIXTURE), "--out", str(tmp_path), "--profile", "no-such"]) == 2
    assert main(["run", str(tmp_path), "--out", str(tmp_path / "out")]) == 2


def test_a_second_run_does_nothing_and_writes_the_same(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    jobs = plan(expand([folder]), out, Options())
    first = [job.input.document for job in jobs]
    run(jobs, 2)
    made = {job.part: job.part.stat().st_mtime_ns for job in jobs}
    again = run(plan(expand([folder]), out, Options()))
    assert [e.document for e in again] == first
    assert {part: part.stat().st_mtime_ns for part in made} == made


def test_killed_at_any_moment_and_started_again_the_output_is_the_same(folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "report_extract", "run", str(folder), "--quiet", "--out"]
    calm, killed = tmp_path / "calm", tmp_path / "killed"
    subprocess.run([*command, str(calm)], check=False, capture_output=True)
    process = subprocess.Popen([*command, str(killed)], start_new_session=True, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline and not list(killed.glob(".parts/*.json")):
        time.sleep(0.01)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    subprocess.run([*command, str(killed)], check=False, capture_output=True)
    assert package(killed) == package(calm)


def test_an_input_beyond_its_time_is_killed_and_reported(tmp_path: Path) -> None:
    jobs = plan(expand([FIXTURE]), tmp_path, Options())
    (extraction,) = run(jobs, 1, Limits(seconds=0.0))
    assert extraction.status == "failed" and "longer than 0 s" in extraction.error


def test_an_input_beyond_its_memory_is_killed_and_reported(tmp_path: Path) -> None:
    jobs = plan(expand([FIXTURE]), tmp_path, Options(ocr="always"))
    (extraction,) = run(jobs, 1, Limits(megabytes=1))
    assert extraction.status == "failed" and "1 MB" in extraction.error


def test_inputs_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for name in ("x/report.pdf", "y/Report.pdf", "z/report.txt", ".hidden/report.pdf", "z/notes.docx"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
    assert [i.document for i in expand([tmp_path])] == ["report", "Report-2", "report-3"]


def test_parts_can_be_gone_through_twice(tmp_path: Path) -> None:
    parts = run(plan(expand([FIXTURE]), tmp_path, Options()))
    assert isinstance(parts, Parts) and len(parts) == 1
    assert [e.document for e in parts] == [e.document for e in parts] == ["iwaki-r6"]
