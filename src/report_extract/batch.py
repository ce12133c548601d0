"""Many inputs: each in a process of its own, within bounds, and never twice.

What a worker finds goes into one *part*, a JSON file named after all that it depends on: the input's
content and name, this program's version, the settings, the corrections. A run that is interrupted goes on
from the parts it has; a run without news does nothing but gather them. The output is written from the
parts alone, in the order of the inputs, so it is the same however many processes made them.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing as mp
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Protocol

import psutil

from . import __version__, serial
from .errors import InputError, ReportExtractError
from .inputs import Input, sha256
from .model import Extraction
from .pipeline import Options, extract_one, failed
from .review.page import review_html, review_of

PARTS = ".parts"
_POLL_S = 0.02
_MEMORY_EVERY = 10  # polls between two looks at a worker's memory


@dataclass(frozen=True, slots=True)
class Limits:
    """What one input may cost.

    Attributes:
        seconds: wall time before its worker is killed.
        megabytes: resident memory before its worker is killed.
    """

    seconds: float = 900.0
    megabytes: int = 3000


@dataclass(frozen=True, slots=True)
class Job:
    """One input and where its part goes."""

    input: Input
    part: Path
    options: Options
    corrections: Path | None = None
    lang: str = "ja"


class Cluster(Protocol):
    """Runs jobs elsewhere: ``scale.dask_cluster`` gives one."""

    def __call__(self, jobs: Sequence[Job]) -> Iterator[Job]:
        """Do the jobs, yielding each as it is done."""
        ...


class Parts:
    """The extractions of a run, read from its parts one at a time, as often as one likes."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._jobs = jobs

    def __len__(self) -> int:
        return len(self._jobs)

    def __iter__(self) -> Iterator[Extraction]:
        for job in self._jobs:
            yield serial.loads(job.part.read_text(encoding="utf-8"))

    def pages(self) -> list[tuple[str, Path]]:
        """Each document's name and its review page."""
        return [(job.input.document, job.part.with_suffix(".html")) for job in self._jobs]


def plan(inputs: Iterable[Input], directory: Path, options: Options, lang: str = "ja") -> list[Job]:
    """The jobs of a run that writes into ``directory``."""
    corrections = directory / "corrections.jsonl"
    typed = corrections if corrections.is_file() else None
    settings = json.dumps([asdict(options), lang], sort_keys=True) + (sha256(typed) if typed else "")
    if options.profile and Path(options.profile).is_file():
        settings += sha256(Path(options.profile))
    jobs = []
    for given in inputs:
        name = "\0".join((__version__, settings, str(given.path), given.document, sha256(given.path)))
        part = directory / PARTS / f"{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()}.json"
        jobs.append(Job(given, part, options, typed, lang))
    return jobs


def run(
    jobs: Sequence[Job],
    workers: int = 1,
    limits: Limits | None = None,
    done: Callable[[Job], None] = lambda job: None,
    cluster: Cluster | None = None,
) -> Parts:
    """Do the jobs that have no part yet, and give back all parts.

    Args:
        jobs: what ``plan`` made.
        workers: how many processes side by side.
        limits: what one input may cost; a worker beyond it is killed, and its part says so.
        done: called after each job, in the order in which they end.
        cluster: where to run them instead of in processes of this machine.
    """
    for folder in {job.part.parent for job in jobs}:
        folder.mkdir(parents=True, exist_ok=True)
        # Which part is whose: what the review server goes by.
        index = [(job.input.document, job.part.name) for job in jobs if job.part.parent == folder]
        _write(folder / "index.json", json.dumps(index, ensure_ascii=False))
    waiting = [job for job in jobs if not job.part.is_file()]
    for job in jobs:
        if job.part.is_file():
            done(job)
    for job in cluster(waiting) if cluster else _processes(waiting, workers, limits or Limits()):
        done(job)
    return Parts(jobs)


def work(job: Job) -> None:
    """Do one job and write its part: an extraction, or why there is none."""
    try:
        extraction = extract_one(job.input.file, job.input.document, job.options, job.corrections)
    except ReportExtractError as error:
        extraction = failed(job.input.path, job.input.document, error)
    except MemoryError:
        extraction = lost(job, "needs more memory than it may have")
    except Exception as error:
        # Whatever a hostile file makes our parts raise costs this file its result and no other.
        extraction = lost(job, f"could not be read: {type(error).__name__}: {str(error)[:200]}")
    extraction = replace(extraction, path=str(job.input.path))
    _write_review(job, extraction)
    write_part(job, extraction)  # last, as its being there says that the job is done


def _write_review(job: Job, extraction: Extraction) -> None:
    """Write the review page beside the part. Its pictures come from the input, so a worker makes it."""
    try:
        page = review_of(extraction, job.input.file, job.lang)
    except Exception:  # a page that does not render costs its picture, not the result
        page = review_html(extraction, None, job.lang)
    _write(job.part.with_suffix(".html"), page)


def write_part(job: Job, extraction: Extraction) -> None:
    """Write a part so that it is there whole or not at all."""
    _write(job.part, serial.dumps(extraction))


def _write(path: Path, text: str) -> None:
    beside = path.with_suffix(f".{os.getpid()}.part")
    beside.write_text(text, encoding="utf-8", errors="replace")
    beside.replace(path)


def lost(job: Job, why: str) -> Extraction:
    """What is known of an input whose worker did not come back: why."""
    remedy = "open it in a viewer, print it to a new PDF and try again"
    return failed(job.input.path, job.input.document, InputError(f"{job.input.path.name}: {why}", remedy))


def _processes(jobs: Sequence[Job], workers: int, limits: Limits) -> Iterator[Job]:
    """Do the jobs, each in a process of its own; yields a job when its part is written."""
    method = "forkserver" if "forkserver" in mp.get_all_start_methods() else "spawn"
    context: Any = mp.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload([__name__])
    waiting = list(reversed(jobs))
    running: list[_Running] = []
    try:
        while waiting or running:
            while waiting and len(running) < max(1, workers):
                job = waiting.pop()
                process = context.Process(target=work, args=(job,), daemon=True)
                process.start()
                running.append(_Running(job, process, time.monotonic()))
            time.sleep(_POLL_S)
            for one in list(running):
                if one.ended(limits):
                    running.remove(one)
                    yield one.job
    finally:
        for one in running:
            one.process.kill()


class _Running:
    """A job at work."""

    def __init__(self, job: Job, process: BaseProcess, since: float) -> None:
        self.job, self.process, self.since = job, process, since
        self.polls = 0

    def ended(self, limits: Limits) -> bool:
        """Is it over? If it crashed or went beyond its limits, its part says so."""
        why = self._beyond(limits) if self.process.is_alive() else ""
        if self.process.is_alive() and not why:
            return False
        if why:
            self.process.kill()
        self.process.join()
        if not self.job.part.is_file():
            write_part(self.job, lost(self.job, why or f"its reader crashed (exit {self.process.exitcode})"))
        return True

    def _beyond(self, limits: Limits) -> str:
        if time.monotonic() - self.since > limits.seconds:
            return f"took longer than {limits.seconds:g} s"
        self.polls += 1
        if self.polls % _MEMORY_EVERY == 0 and self._megabytes() > limits.megabytes:
            return f"needs more than {limits.megabytes} MB of memory"
        return ""

    def _megabytes(self) -> float:
        try:
            return float(psutil.Process(self.process.pid).memory_info().rss) / 2**20
        except psutil.Error:
            return 0.0
