"""Many inputs: what goes wrong with one costs no other its result, and nothing is done twice."""

from __future__ import annotations

import csv
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from report_extract.cli import main
from report_extract.core.geometry import BBox
from report_extract.corrections.store import Correction, append
from report_extract.package.place import PARTS
from report_extract.pipeline import Options
from report_extract.run import versions
from report_extract.run.batch import Limits, run
from report_extract.run.inputs import expand, sha256
from report_extract.run.parts import Parts, plan

FIXTURE = Path(__file__).parent.parent / "fixtures" / "iwaki" / "iwaki-r6.pdf"
OCR_TEXT = FIXTURE.parent.parent / "ocr_text" / "iwaki-r6.txt"
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


STUBBORN = """
import subprocess, sys, time
from pathlib import Path
from report_extract.pipeline import Options
from report_extract.run import batch
from report_extract.run.inputs import expand
from report_extract.run.parts import plan


def stuck(job):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    Path(sys.argv[1]).joinpath("child").write_text(str(child.pid))
    time.sleep(600)


batch.work = stuck
if __name__ == "__main__":
    here = Path(sys.argv[1])
    jobs = plan(expand([Path(sys.argv[2])]), here, Options())
    print([e.error for e in batch.run(jobs, 1, batch.Limits(seconds=float(sys.argv[3])))])
"""


def _gone(pid: int) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("end", ["limit", "kill"])
def test_what_a_worker_started_ends_with_it(tmp_path: Path, end: str) -> None:
    script = tmp_path / "stubborn.py"
    script.write_text(STUBBORN, encoding="utf-8")
    limit = "1.5" if end == "limit" else "600"
    process = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path), str(FIXTURE), limit], stdout=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (tmp_path / "child").is_file():
        time.sleep(0.02)
    time.sleep(0.2)
    child = int((tmp_path / "child").read_text())
    if end == "kill":
        process.kill()
    said, _ = process.communicate(timeout=60)
    assert _gone(child)
    assert end == "kill" or "longer than 1.5 s" in said


def test_a_lost_input_is_tried_again_and_others_are_not(tmp_path: Path) -> None:
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"")
    out = tmp_path / "out"
    jobs = plan(expand([OCR_TEXT, bad]), out, Options())
    assert [e.status for e in run(jobs[1:])] == ["failed"]
    refused = jobs[1].part.stat().st_mtime_ns
    assert [e.status for e in run(jobs, 1, Limits(seconds=0.0))] == ["failed", "failed"]
    (good, _) = run(plan(expand([OCR_TEXT, bad]), out, Options()))
    assert good.status != "failed"
    assert jobs[1].part.stat().st_mtime_ns == refused  # an empty file will not get better


def test_parts_of_earlier_runs_do_not_pile_up(tmp_path: Path) -> None:
    killed = tmp_path / PARTS / ("0" * 64 + ".4567.part")
    for year in (2021, 2022, 2023):
        told = ["run", str(OCR_TEXT), "--out", str(tmp_path), "--fiscal-year", str(year), "--quiet"]
        assert main(told) == 0
        killed.write_text("of a killed worker")
        (tmp_path / PARTS / "theirs.txt").write_text("of somebody else")
    assert main(told) == 0
    assert sorted(path.suffix for path in (tmp_path / PARTS).iterdir()) == [".html", *[".json"] * 4, ".txt"]


def test_a_correction_has_no_report_read_again(tmp_path: Path) -> None:
    before = [job.part for job in plan(expand([OCR_TEXT]), tmp_path, Options())]
    typed = Correction("2026-01-01T00:00:00Z", sha256(OCR_TEXT), "d", "f", 1, BBox(0, 0, 1, 1), "1", "2")
    append(tmp_path / "corrections.jsonl", [typed])
    assert [job.part for job in plan(expand([OCR_TEXT]), tmp_path, Options())] == before


@pytest.mark.parametrize("how", ["cut", "a bit", "empty", "of another shape", "no page", "binary"])
def test_a_damaged_part_is_made_again(tmp_path: Path, how: str) -> None:
    jobs = plan(expand([OCR_TEXT]), tmp_path, Options())
    (whole,) = run(jobs)
    part = jobs[0].part
    text = part.read_text(encoding="utf-8")
    match how:
        case "cut":
            part.write_text(text[: len(text) // 2], encoding="utf-8")
        case "a bit":  # good JSON, and a wrong figure
            part.write_text(text.replace('"text":"1', '"text":"3', 1), encoding="utf-8")
        case "empty":
            part.write_bytes(b"")
        case "of another shape":
            part.write_text('{"document": 3, "tables": "x"}', encoding="utf-8")
        case "no page":
            part.with_suffix(".html").unlink()
        case _:
            part.write_bytes(b"\xff\x00\xfe" * 99)
    assert how == "no page" or part.read_bytes() != text.encode()
    assert list(run(jobs)) == [whole]
    assert part.read_text(encoding="utf-8") == text and part.with_suffix(".html").is_file()


def test_parts_are_of_the_versions_that_made_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (before,) = plan(expand([OCR_TEXT]), tmp_path, Options())
    versions.made_by.cache_clear()
    monkeypatch.setattr("importlib.metadata.version", lambda name: "99.0")
    (after,) = plan(expand([OCR_TEXT]), tmp_path, Options())
    versions.made_by.cache_clear()
    assert after.part != before.part


def test_file_names_that_no_file_should_have(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given, out = tmp_path / "in", tmp_path / "out"
    given.mkdir()
    names = ["x\\..\\..\\y.txt", "a\nb\x1b[31m.txt", "=cmd|calc.txt", "報" * 80 + ".txt", "<script>.txt", "-rf.txt"]
    for name in (*(n.encode() for n in names), b"\xff\xfe.txt"):
        Path(os.fsdecode(os.fsencode(given) + b"/" + name)).write_text("部等名\t件数\n総務部\t1\n", encoding="utf-8")
    (given / "bad\nname.pdf").write_bytes(b"")
    assert main(["run", str(given), "--out", str(out)]) == 1
    said = capsys.readouterr()
    assert len(said.err.splitlines()) == 1 and "\x1b[31m" not in said.out
    with (out / "documents.csv").open(encoding="utf-8", newline="") as file:
        documents = list(csv.DictReader(file))
    assert len(documents) == len(names) + 2 == len({d["document"].lower() for d in documents})
    inside = {path.resolve().is_relative_to(out.resolve()) for path in out.rglob("*")}
    assert inside == {True} and sorted(p.name for p in tmp_path.iterdir()) == ["in", "out"]
    assert not any(d["document"][0] in "=+-@'" for d in documents)
    assert "<script>" not in (out / "review.html").read_text(encoding="utf-8").lower().replace("<script>\n", "")


def test_a_profile_that_fits_nothing_is_no_success(tmp_path: Path) -> None:
    jobs = plan(expand([FIXTURE]), tmp_path, Options(profile="information-disclosure"))
    (extraction,) = run(jobs)
    assert extraction.status == "review" and extraction.findings
