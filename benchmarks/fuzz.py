"""Mutated reports, many at once: whatever they make the readers do, the run ends and every file has its line.

    python -m benchmarks.fuzz --number 200 --seed 1

Fixtures are damaged in the ways in which files get damaged, and in the ways in which people damage them: bytes
changed, pieces cut out, doubled and moved, numbers made vast, names of one object put in place of another's.
Then what else may come from strangers (profiles, corrections, packages, archives, requests to the app) is tried with
many times the examples of ``make test``.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from report_extract.pipeline import Options
from report_extract.run.batch import Limits, run
from report_extract.run.inputs import expand
from report_extract.run.parts import plan

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"
STRANGERS = ("profile_strangers", "corrections", "strangers", "given", "requests")  # the tests of what they may send
TIMES = 10
SEEDS = ("cities/naha.pdf", "disclosure/morioka-disclosure.pdf", "ocr_text/iwaki-r6.txt", "scans/page.png")
_VAST = (b"0", b"-1", b"65536", b"2147483648", b"99999999999999999999", b"1e38", b"NaN")


def mutated(content: bytes, chosen: random.Random) -> bytes:
    """``content`` with one to three changes, most of them small: what is refused at once tries nothing behind it."""
    data = bytearray(content)
    for _ in range(chosen.randint(1, 3)):
        chosen.choices(*zip(*_CHANGES, strict=True))[0](data, chosen)
    return bytes(data)


def _span(data: bytearray, chosen: random.Random, longest: int) -> tuple[int, int]:
    start = chosen.randrange(max(1, len(data)))
    return start, min(len(data), start + chosen.randint(1, longest))


def _bytes(data: bytearray, chosen: random.Random) -> None:
    for _ in range(chosen.randint(1, 8)):
        if data:
            data[chosen.randrange(len(data))] = chosen.randrange(256)


def _cut(data: bytearray, chosen: random.Random) -> None:
    start, end = _span(data, chosen, 4000)
    del data[start:end]


def _doubled(data: bytearray, chosen: random.Random) -> None:
    start, end = _span(data, chosen, 400)
    data[start:start] = data[start:end] * chosen.randint(1, 50)


def _moved(data: bytearray, chosen: random.Random) -> None:
    start, end = _span(data, chosen, 2000)
    piece = data[start:end]
    del data[start:end]
    place = chosen.randrange(len(data) + 1)
    data[place:place] = piece


def _number(data: bytearray, chosen: random.Random) -> None:
    numbers = list(re.finditer(rb"(?<=[ \[/])\d+(?=[ \]/>])", data))
    if numbers:
        number = chosen.choice(numbers)
        data[number.start() : number.end()] = chosen.choice(_VAST)


def _reference(data: bytearray, chosen: random.Random) -> None:
    references = list(re.finditer(rb"\d+ 0 R", data))
    if references:
        here, there = chosen.choice(references), chosen.choice(references)
        data[here.start() : here.end()] = bytes(data[there.start() : there.end()])


def _end(data: bytearray, chosen: random.Random) -> None:
    del data[chosen.randrange(len(data) + 1) :]


_CHANGES = ((_bytes, 2), (_number, 6), (_reference, 4), (_doubled, 1), (_moved, 1), (_cut, 1), (_end, 1))


def fuzz(folder: Path, number: int, seed: int, jobs: int, limits: Limits) -> dict[str, str]:
    """Mutate, run; gives each file's error, "" where it was read.

    Args:
        folder: where files and parts go.
        number: how many files.
        seed: of the mutations; the same gives the same files.
        jobs: how many processes.
        limits: on each file.
    """
    chosen, given = random.Random(seed), folder / "in"
    given.mkdir()
    sources = [(FIXTURES / name, (FIXTURES / name).read_bytes()) for name in SEEDS]
    for count in range(number):
        path, content = sources[count % len(sources)]
        (given / f"{count:04d}{path.suffix}").write_bytes(mutated(content, chosen))
    parts = run(plan(expand([given]), folder / "out", Options(ocr="never")), jobs, limits)
    return {extraction.document: extraction.error for extraction in parts}


def main() -> int:
    """Print what became of the files; 1 if one of them has no line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--no-strangers", dest="strangers", action="store_false", help="mutated reports alone")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        start = time.monotonic()
        errors = fuzz(Path(folder), told.number, told.seed, told.jobs, Limits(60, 2000))
        print(f"{told.number} files, seed {told.seed}: {time.monotonic() - start:.0f} s\n\n| what | files |\n|---|---|")
        kinds = Counter(re.sub(r"^.*?: |\(.*|\d[\d,.]*", "", e).strip() or "read" for e in errors.values())
        for kind, count in kinds.most_common():
            print(f"| {kind} | {count} |")
    failed = strangers() if told.strangers else False
    return int(len(errors) != told.number or failed)


def strangers() -> bool:
    """Try profiles, corrections, packages, archives and requests; whether any test failed."""
    tests = [f"tests/test_{name}.py" for name in STRANGERS]
    environment = {**os.environ, "REPORT_EXTRACT_FUZZ": str(TIMES)}
    command = [sys.executable, "-m", "pytest", "-q", *tests]
    return subprocess.run(command, check=False, cwd=ROOT, env=environment).returncode != 0


if __name__ == "__main__":
    sys.exit(main())
