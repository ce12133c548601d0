"""What it costs to see whether a text layer tells the truth: its share of a run on pages that do.

    python -m benchmarks.legibility [--files N] [--repeat N] [FILE ...]

Without files, those of `benchmarks.speed` that have a text layer. Each file is done as a run does it: by
`batch.work` (its tables, its review page, its part) in a worker of its own. Told are the worker's processor
time, the share of it that `legibility.judge` takes and the share of what follows where a font looks odd
(glyphs recognised, letters that turn out right); the best of the repeats. The last column is the judge's share
of `extract_one` alone. "As one run" is the wall time of `report-extract run` on all files of a group, one worker
at a time. Documents whose fonts lie are left out: there the recogniser's time is what counts.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing as mp
import statistics
import sys
import tempfile
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from report_extract import cli
from report_extract.ocr import legible
from report_extract.pipeline import Options
from report_extract.run import batch, parts
from report_extract.run.inputs import expand

from .speed import samples

WATCHED = [*((legible, name) for name in ("judge", "decoded", "read_raster")), (batch, "extract_one"), (batch, "work")]
LYING = {"distrusted-text", "unread", "unread-picture"}


class Spent(NamedTuple):
    """Processor time of a worker: its seconds, and what share of them each part took."""

    seconds: float
    looking: float
    recognising: float
    looking_in_extract: float


@contextmanager
def timed(module: Any, name: str, spent: dict[str, float]) -> Iterator[None]:
    """While it lasts, every call of ``module.name`` adds its processor time to ``spent[name]``."""
    original: Callable[..., Any] = getattr(module, name)

    def measured(*arguments: Any, **options: Any) -> Any:
        start = time.process_time()
        try:
            return original(*arguments, **options)
        finally:
            spent[name] += time.process_time() - start

    setattr(module, name, measured)
    try:
        yield
    finally:
        setattr(module, name, original)


def worked(path: Path) -> Spent | None:
    """What a worker spends on one file; None for lying layers, scans and what cannot be read."""
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    spent: dict[str, float] = defaultdict(float)
    with tempfile.TemporaryDirectory() as folder:
        jobs = parts.plan(expand([path]), Path(folder), Options())
        jobs[0].part.parent.mkdir(parents=True)
        with ExitStack() as watched:
            for module, name in WATCHED:
                watched.enter_context(timed(module, name, spent))
            batch.work(jobs[0])
        (read,) = parts.Parts(jobs)
    if read.error or spent["read_raster"] or any(finding.kind in LYING for finding in read.findings):
        return None
    total = spent["work"]
    return Spent(total, spent["judge"] / total, spent["decoded"] / total, spent["judge"] / spent["extract_one"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line a file and the median of each group."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=8, help="of each group")
    parser.add_argument("--repeat", type=int, default=3, help="of each run; the best counts")
    parser.add_argument("paths", nargs="*", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    groups = {"files": options.paths} if options.paths else samples(options.files)
    context = mp.get_context("forkserver")
    context.set_forkserver_preload(["report_extract.run.warm"])
    with context.Pool(1, maxtasksperchild=1) as pool:
        for group, paths in groups.items():
            found, native = [], []
            for path in paths:
                runs = [run for run in pool.map(worked, [path] * options.repeat, chunksize=1) if run]
                if runs:
                    found.append(min(runs))
                    native.append(path)
                    print(f"{path.name[:36]:38}{told(found[-1])}", flush=True)
            if found:
                print(f"{group + ', as one run':38}{as_one_run(native, found, options.repeat)}")
                middle = Spent(*(statistics.median(column) for column in zip(*found, strict=True)))
                print(f"{group + ', median of ' + str(len(found)):38}{told(middle)}\n")
    return 0


def as_one_run(paths: Sequence[Path], found: Sequence[Spent], repeat: int) -> str:
    """The wall time of `report-extract run` on all of a group, one worker at a time, and the judge's share of it."""
    best = float("inf")
    for _ in range(repeat):
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            cli.main(["run", *map(str, paths), "--out", folder, "--jobs", "1", "--quiet"])
            best = min(best, time.perf_counter() - start)
    return f"{best * 1000:6.0f} ms{sum(spent.looking * spent.seconds for spent in found) / best:9.1%}"


def told(spent: Spent) -> str:
    """One line of the table."""
    return f"{spent.seconds * 1000:6.0f} ms{spent.looking:9.1%}{spent.recognising:9.1%}{spent.looking_in_extract:9.1%}"


if __name__ == "__main__":
    print(f"{'':38}{'worker':>9}{'looking':>9}{'recogn.':>9}{'extract':>9}")
    sys.exit(main())
