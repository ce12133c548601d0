"""What it costs to see whether a text layer tells the truth: its share of a run on pages that do.

    python -m benchmarks.legibility [--files N] [--repeat N] [FILE ...]

Without files, those of `benchmarks.speed` that have a text layer. Processor time of `legibility.judge`, and of
what follows where a font looks odd (glyphs recognised, letters that turn out right), against that of
`extract_one`, which writes nothing; the best of the repeats, in a warm process. Documents whose fonts lie are
left out: there the recogniser's time is what counts.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import sys
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from report_extract.ocr import legible
from report_extract.pipeline import extract_one

from .speed import samples

LYING = {"distrusted-text", "unread", "unread-picture"}


@contextmanager
def timed(spent: dict[str, float], name: str) -> Iterator[None]:
    """While it lasts, every call of ``legible.name`` adds its processor time to ``spent[name]``."""
    original: Callable[..., Any] = getattr(legible, name)

    def measured(*arguments: Any, **options: Any) -> Any:
        start = time.process_time()
        try:
            return original(*arguments, **options)
        finally:
            spent[name] += time.process_time() - start

    setattr(legible, name, measured)
    try:
        yield
    finally:
        setattr(legible, name, original)


def shares(path: Path, repeat: int) -> tuple[float, float, float] | None:
    """Seconds of the fastest run, the shares of looking and of recognising in it; None for lying layers, scans."""
    best: tuple[float, float, float] | None = None
    for _ in range(repeat):
        spent: dict[str, float] = defaultdict(float)
        start = time.process_time()
        with timed(spent, "judge"), timed(spent, "decoded"), timed(spent, "read_raster"):
            try:
                read = extract_one(path)
            except Exception:  # hostile files are measured elsewhere
                return None
        total = time.process_time() - start
        if spent["read_raster"] or any(finding.kind in LYING for finding in read.findings):
            return None
        if best is None or total < best[0]:
            best = total, spent["judge"] / total, spent["decoded"] / total
    return best


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line a file and the median of each group."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=8, help="of each group")
    parser.add_argument("--repeat", type=int, default=3, help="of each run; the best counts")
    parser.add_argument("paths", nargs="*", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    groups = {"files": options.paths} if options.paths else samples(options.files)
    for group, paths in groups.items():
        found = []
        for path in paths:
            measured = shares(path, options.repeat)
            if measured:
                found.append(measured)
                print(
                    f"{path.name[:36]:38}{measured[0] * 1000:8.0f} ms{measured[1]:8.1%}{measured[2]:8.1%}", flush=True
                )
        if found:
            look, read = (statistics.median(f[k] for f in found) for k in (1, 2))
            print(f"{group}: median of {len(found)} files: looking {look:.1%}, recognising {read:.1%}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
