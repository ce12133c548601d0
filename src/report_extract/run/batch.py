"""Many inputs: each in a process of its own, within bounds, and never twice.

What a worker finds goes into a *part* (``parts``). A run that is interrupted goes on from the parts it has; a run
without news does nothing but gather them. The output is written from the parts alone, in the order of the inputs, so it
is the same however many processes made them.

An input whose worker was lost (killed for its time or memory, or crashed) has a part that says so, and is
tried again by the next run, since a calmer machine or a wider bound may do: bounds are no part of a part's
name, so raising them repeats nothing that was done.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import multiprocessing as mp
import multiprocessing.forkserver as forkserver
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Protocol, TypeVar

import psutil

from ..core.errors import ReportExtractError
from ..core.model import Extraction
from ..pipeline import Options, extract_one, failed
from ..review.page import review_html, review_of
from .inputs import sha256
from .parts import Job, Parts, forget, is_done, write, write_lost, write_part

_log = logging.getLogger(__name__)

T = TypeVar("T")
Extract = Callable[[Path, str, Options], Extraction]
_POLL_S = 0.02
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_MEMORY_EVERY = 5  # polls between two looks at a worker's memory


@dataclass(frozen=True, slots=True)
class Limits:
    """What one input may cost.

    Attributes:
        seconds: wall time before its worker is killed.
        megabytes: resident memory before its worker is killed.
    """

    seconds: float = 900.0
    megabytes: int = 3000


class Cluster(Protocol):
    """Runs jobs elsewhere: ``run.cluster.dask_cluster`` gives one."""

    def __call__(self, jobs: Sequence[Job]) -> Iterator[Job]:
        """Do the jobs, yielding each as it is done."""
        ...


def run(
    jobs: Sequence[Job],
    workers: int = 1,
    limits: Limits | None = None,
    done: Callable[[Job], None] = lambda job: None,
    cluster: Cluster | None = None,
    typed: Path | None = None,
) -> Parts:
    """Do the jobs that have no part yet, and give back all parts.

    Args:
        jobs: what ``plan`` made.
        workers: how many processes side by side.
        limits: what one input may cost; a worker beyond it is killed, and its part says so.
        done: called after each job, in the order in which they end.
        cluster: where to run them instead of in processes of this machine.
        typed: corrections.jsonl, which the extractions are given back with.
    """
    for folder in {job.part.parent for job in jobs}:
        folder.mkdir(parents=True, exist_ok=True)
    waiting = []
    for job in jobs:
        if is_done(job):
            done(job)
        else:
            forget(job)
            waiting.append(job)
    for job in cluster(waiting) if cluster else _processes(waiting, workers, limits or Limits()):
        done(job)
    return Parts(jobs, typed)


def work(job: Job, extract: Extract = extract_one) -> None:
    """Do one job and write its part: an extraction, or why there is none."""
    try:
        extraction = extract(job.input.file, job.input.document, job.options)
    except ReportExtractError as error:
        extraction = replace(failed(job.input.path, job.input.document, error), sha256=sha256(job.input.file))
    except MemoryError:
        write_lost(job, "needs more memory than it may have")
        return
    except Exception as error:
        # Whatever a hostile file makes our parts raise costs this file its result and no other.
        _log.info("%s: %s", job.input.document, type(error).__name__, exc_info=True)
        said = " ".join(str(error).split())[:200]
        write_lost(job, f"could not be read: {type(error).__name__}: {said}")
        return
    extraction = replace(extraction, path=str(job.input.path))
    if job.review:
        _write_review(job, extraction)
    write_part(job, extraction)  # last, as its being there says that the job is done


def _write_review(job: Job, extraction: Extraction) -> None:
    """Write the review page beside the part. Its pictures come from the input, so a worker makes it."""
    try:
        page = review_of(extraction, job.input.file, job.lang)
    except Exception:  # a page that does not render costs its picture, not the result
        _log.info("%s: review page without pictures", job.input.document, exc_info=True)
        page = review_html(extraction, None, job.lang)
    write(job.part.with_suffix(".html"), page)


def _processes(jobs: Sequence[Job], workers: int, limits: Limits) -> Iterator[Job]:
    """Do the jobs, each in a process of its own; yields a job when its part is written."""
    context = worker_context()
    waiting = list(reversed(jobs))
    running: list[Running] = []
    try:
        while waiting or running:
            while waiting and len(running) < max(1, workers):
                job = waiting.pop()
                process = context.Process(target=_alone, args=(job,))
                process.start()
                running.append(Running(job, process, time.monotonic()))
            time.sleep(_POLL_S)
            for one in list(running):
                if one.ended(limits):
                    running.remove(one)
                    yield one.job
    finally:
        for one in running:
            one.kill()


def worker_context() -> Any:
    """How workers are started: forked from a process that has read what each would read again."""
    method = "forkserver" if "forkserver" in mp.get_all_start_methods() else "spawn"
    context: Any = mp.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload([f"{__package__}.warm"])
    return context


def _alone(job: Job) -> None:
    alone(job, work)


def alone(job: T, do: Callable[[T], None]) -> None:
    """In the worker: do the job as the head of a process group, which ends when the run does, however it ends."""
    if hasattr(os, "setsid"):
        os.setsid()
    _end_with_starter()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        do(job)
    except (OSError, MemoryError):  # its part cannot be written: the run says so when it writes that this one was lost
        sys.exit(1)


def _end_with_starter() -> None:
    """On Linux: be killed when the process that this one was forked from ends, which ends with the run.

    A thread that waits for that does not come to its turn while a call of another language holds the interpreter.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            # Its starter ends when nobody holds this any more; a worker starts none of its own and needs it not.
            os.close(forkserver._forkserver.__dict__.pop("_forkserver_alive_fd", None) or -1)


def _end_with_parent() -> None:
    from multiprocessing.connection import wait

    parent = mp.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        _kill_group(os.getpid())


def _kill_group(pid: int) -> None:
    """Kill a worker and whatever it started."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (AttributeError, OSError):  # no process groups here, or none left
        with contextlib.suppress(psutil.Error):
            psutil.Process(pid).kill()


class Watched:
    """A worker that was started."""

    def __init__(self, process: BaseProcess, since: float) -> None:
        self.process, self.since = process, since
        self.polls = 0

    def kill(self) -> None:
        """End it and whatever it started and left behind."""
        if self.process.pid is not None:
            _kill_group(self.process.pid)
        self.process.join()

    def beyond(self, limits: Limits) -> str:
        """Which of its limits it has passed; "" for none."""
        if time.monotonic() - self.since > limits.seconds:
            return f"took longer than {limits.seconds:g} s"
        self.polls += 1
        if self.polls % _MEMORY_EVERY == 0 and self._megabytes() > limits.megabytes:
            return f"needs more than {limits.megabytes} MB of memory"
        return ""

    def _megabytes(self) -> float:
        """Resident memory of the worker and of what it started."""
        try:
            worker = psutil.Process(self.process.pid)
            everyone = [worker, *worker.children(recursive=True)]
            return float(sum(one.memory_info().rss for one in everyone)) / 2**20
        except psutil.Error:
            return 0.0


class Running(Watched):
    """A job at work."""

    def __init__(self, job: Job, process: BaseProcess, since: float) -> None:
        super().__init__(process, since)
        self.job = job

    def ended(self, limits: Limits) -> bool:
        """Is it over? If it crashed or went beyond its limits, its part says so."""
        why = self.beyond(limits) if self.process.is_alive() else ""
        if self.process.is_alive() and not why:
            return False
        self.kill()
        if not self.job.part.is_file():
            write_lost(self.job, why or f"its reader crashed (exit {self.process.exitcode})")
        return True


def call_within(do: Callable[[T], None], given: T, limits: Limits | None = None) -> None:
    """Do something with an input in a process of its own, which is killed beyond its limits; what it did tells how."""
    process = worker_context().Process(target=alone, args=(given, do))
    process.start()
    watched = Watched(process, time.monotonic())
    while process.is_alive() and not watched.beyond(limits or Limits()):
        time.sleep(_POLL_S)
    watched.kill()
