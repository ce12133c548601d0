"""Many reports with hostile files among them: is every one accounted for, how fast, in how much memory?

    python -m benchmarks.scale --documents 500 --jobs 2

One-page reports of the fixtures are copied into a folder, 20 of them replaced by files that cannot be read. A
smaller folder of the same kind is run with one process, with several, and by a run that is killed at random
moments and started again; these packages have to be the same bytes. Scanned pages cost far more and are timed apart.
"""

from __future__ import annotations

import argparse
import csv
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from report_extract.pipeline import extract_one

from .hostile import write_hostile

FIXTURES = Path(__file__).parent.parent / "fixtures"
HOSTILE = 20
FEW = 60
KILLS = 20


@dataclass
class Watched:
    """A run: how long it took, and the largest resident memory in MB of the parent and of any of its workers.

    Attributes:
        early: the parent's, while the first quarter of the documents was done.
    """

    seconds: float = 0.0
    early: float = 0.0
    parent: float = 0.0
    worker: float = 0.0
    output: str = ""


def main() -> int:
    """Print the measurements as Markdown; 1 if a document is lost or a byte differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--compared", type=int, default=FEW, help="documents of the smaller folder")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="scale-") as name:
        here = Path(name)
        bad = fill(here / "in", told.documents)
        calm = here / "calm"
        first = watch(command(here / "in", calm, told.jobs), calm, told.documents)
        again = watch(command(here / "in", calm, told.jobs), calm, told.documents)
        fine = accounted(calm, told.documents, bad)
        pages = sum(int(row["pages"]) for row in documents(calm))
        rate = pages / first.seconds / told.jobs * 3600
        print(f"{told.documents} documents, {len(bad)} of them hostile, {pages} pages, {told.jobs} processes", end="")
        print(f" on {psutil.cpu_count()} cores, load average now {psutil.getloadavg()[0]:.1f}\n")
        print("| measured | value |\n|---|---|")
        print(f"| first run | {first.seconds:.0f} s |")
        print(f"| pages an hour and core, native pages | {rate:,.0f} |")
        print(f"| memory of the parent, first quarter / whole run | {first.early:.0f} / {first.parent:.0f} MB |")
        print(f"| largest worker | {first.worker:.0f} MB |")
        print(f"| second run, nothing to do | {again.seconds:.1f} s |")
        print(f"| every document with its line, none but hostile ones failed | {fine} |", flush=True)
        fine &= compare(here, told.jobs, told.compared)
    for line in page_costs():
        print(line)
    return int(not fine)


def fill(folder: Path, count: int) -> list[str]:
    """Copies of one-page reports, and the hostile ones among them; gives the names of these."""
    folder.mkdir()
    sources = sorted([*(FIXTURES / "cities").glob("*.pdf"), *(FIXTURES / "disclosure").glob("*.pdf")])
    for number in range(count - HOSTILE):
        shutil.copyfile(sources[number % len(sources)], folder / f"{number:05d}-{sources[number % len(sources)].name}")
    return write_hostile(folder, sources[0].read_bytes(), HOSTILE)


def command(given: Path, out: Path, jobs: int) -> list[str]:
    """A run in a process of its own."""
    told = ["run", str(given), "--out", str(out), "--jobs", str(jobs), "--format", "xlsx", "--quiet"]
    return [sys.executable, "-m", "report_extract", *told]


def watch(told: list[str], out: Path, count: int) -> Watched:
    """Run to the end, looking at the memory all the while."""
    watched, start = Watched(), time.monotonic()
    process = subprocess.Popen(told, stderr=subprocess.PIPE, text=True)
    reader = threading.Thread(target=lambda: setattr(watched, "output", process.stderr.read()))  # type: ignore[union-attr]
    reader.start()
    parent = psutil.Process(process.pid)
    while process.poll() is None:
        try:
            watched.parent = max(watched.parent, parent.memory_info().rss / 2**20)
            for child in parent.children(recursive=True):
                watched.worker = max(watched.worker, child.memory_info().rss / 2**20)
        except psutil.Error:
            pass
        if done(out) < count // 4:
            watched.early = watched.parent
        time.sleep(0.5)
    reader.join()
    watched.seconds = time.monotonic() - start
    return watched


def run_killed(told: list[str], out: Path, count: int) -> int:
    """Kill the run at random moments, start it again each time, let the last one end; how often it was killed."""
    chosen, kills = random.Random(7), 0
    for moment in sorted(chosen.uniform(0, count) for _ in range(KILLS)):
        process = subprocess.Popen(told, stderr=subprocess.DEVNULL)
        while process.poll() is None and done(out) < moment:
            time.sleep(chosen.uniform(0.01, 0.2))
        if process.poll() is None:
            process.kill()
            kills += 1
        process.wait()
    subprocess.run(told, check=False, stderr=subprocess.DEVNULL)
    return kills


def done(out: Path) -> int:
    """How many documents have their part."""
    return sum(path.suffix == ".json" for path in (out / ".parts").iterdir()) if (out / ".parts").is_dir() else 0


def documents(out: Path) -> list[dict[str, str]]:
    """The rows of documents.csv."""
    with (out / "documents.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def accounted(out: Path, count: int, bad: list[str]) -> bool:
    """Has every input its line, and is what failed among the hostile alone?"""
    rows = documents(out)
    failed = {Path(row["path"]).name: row["message"] for row in rows if row["status"] == "failed"}
    for name, message in sorted(failed.items())[: len(bad) // 2]:
        print(f"    {name}: {message}", file=sys.stderr)
    read = [Path(row["path"]).name for row in rows if Path(row["path"]).name in bad and row["status"] != "failed"]
    print(f"    hostile, and read all the same as holding nothing: {read}", file=sys.stderr)
    return len(rows) == count and set(failed) <= set(bad) and all(failed.values())


def package(out: Path) -> dict[str, bytes]:
    """Every file of a package but its parts."""
    files = (path for path in sorted(out.rglob("*")) if path.is_file() and ".parts" not in path.parts)
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in files}


def compare(here: Path, jobs: int, few: int = FEW) -> bool:
    """The smaller folder with one process, with several, and killed: how long, and are the bytes the same?"""
    fill(here / "few", few)
    took = {}
    for number in (1, jobs):
        took[number] = watch(command(here / "few", here / f"few-{number}", number), here / f"few-{number}", few).seconds
    kills = run_killed(command(here / "few", here / "killed", jobs), here / "killed", few)
    same = package(here / "few-1") == package(here / f"few-{jobs}") == package(here / "killed")
    print(f"| {few} documents with 1 / {jobs} processes | {took[1]:.0f} s / {took[jobs]:.0f} s |")
    print(f"| the same bytes by 1 process, by {jobs}, and killed {kills} times and started again | {same} |")
    return same


def page_costs() -> list[str]:
    """CPU seconds of single reports of several kinds, without process and package."""
    lines = []
    extract_one(FIXTURES / "ocr_text" / "iwaki-r6.txt")  # imports and profiles are read once a run, not a page
    for name in ("cities/naha.pdf", "iwaki/iwaki-r6.pdf", "scans/scan-300.pdf", "scans/scan-200-noisy.pdf"):
        start, clock = time.process_time(), time.monotonic()
        pages = extract_one(FIXTURES / name).pages
        cpu, wall = time.process_time() - start, time.monotonic() - clock
        lines.append(f"| {name}, {pages} pages | {cpu / pages:.1f} s CPU, {wall / pages:.1f} s wall a page |")
    return lines


if __name__ == "__main__":
    sys.exit(main())
