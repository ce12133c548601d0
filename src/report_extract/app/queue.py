"""The queue: documents that wait are read by processes beside the server, within bounds, the oldest first."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..run.batch import Limits, Running, worker_context
from ..run.parts import Job, forget, is_done
from .pages import progress
from .workspace import DONE, READING, WAITING, Entry, Workspace

_LOG = logging.getLogger(__name__)
_POLL_S = 0.05
_LOOK_S = 2.0  # between two looks at whether a `run` wrote into the folder


class Queue:
    """Reads what waits in a workspace until it is closed.

    Args:
        workspace: the documents.
        workers: how many processes side by side.
        limits: what one document may cost.
        done: called with each document that was read.

    Attributes:
        error: what keeps it from reading, "" while nothing does.
    """

    def __init__(
        self,
        workspace: Workspace,
        workers: int = 1,
        limits: Limits | None = None,
        done: Callable[[Entry], None] = lambda entry: None,
    ) -> None:
        self._workspace, self._workers, self._done = workspace, max(1, workers), done
        self._limits = limits or Limits(seconds=3600.0)
        self.error = ""
        self._running: dict[str, Running] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._context = worker_context()
        self._thread = threading.Thread(target=self._go, name="queue", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def close(self) -> None:
        """End, and what is being read with it; it goes on when the app is started again."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(10)
        with self._lock:
            for one in self._running.values():
                one.kill()
            self._running.clear()

    def again(self, id: str) -> None:
        """Read a document anew, from its first page."""
        import shutil

        self.stop(id)
        entry = self._workspace.entry(id)
        shutil.rmtree(self._workspace.folder(id), ignore_errors=True)
        if entry.part:
            for suffix in (".json", ".lost"):
                self._workspace.part(entry).with_suffix(suffix).unlink(missing_ok=True)
        self._workspace.change(id, state=WAITING, part="", summary={})

    def stop(self, id: str) -> None:
        """Stop reading a document, if it is being read."""
        with self._lock:
            one = self._running.pop(id, None)
            if one:
                one.kill()

    def pages_done(self, entry: Entry) -> tuple[int, int]:
        """How many pages of a document were read, and of how many; (0, 0) before it was opened."""
        return progress(self._workspace.folder(entry.id))

    def _go(self) -> None:
        looked = time.monotonic()
        while not self._closing.wait(_POLL_S):
            try:
                if time.monotonic() - looked > _LOOK_S:
                    looked = time.monotonic()
                    self._workspace.adopt()
                    self._catch_up()
                self._begin()
                self._end()
                self.error = ""
            except Exception as error:  # a full disk, no process to be had: it is told, and tried again
                _LOG.exception("the queue")
                self.error = str(error)
                self._closing.wait(_LOOK_S)

    def _catch_up(self) -> None:
        for entry in self._workspace.entries():
            if entry.state == DONE and not entry.summary:
                self._done(entry)

    def _begin(self) -> None:
        with self._lock:
            free = self._workers - len(self._running)
        waiting = [e for e in self._workspace.entries() if e.state == WAITING]
        for entry in waiting[: max(0, free)]:
            job = self._workspace.job(entry)
            if is_done(job):
                self._finished(entry.id, job)
                continue
            forget(job)
            self._workspace.change(entry.id, state=READING)
            try:
                running = self._started(job, self._workspace.folder(entry.id))
            except BaseException:
                self._workspace.change(entry.id, state=WAITING)
                raise
            with self._lock:
                self._running[entry.id] = running

    def _started(self, job: Job, folder: Path) -> Running:
        from . import worker

        process: Any = self._context.Process(target=worker.read, args=(job, folder))
        process.start()
        return Running(job, process, time.monotonic())

    def _end(self) -> None:
        with self._lock:
            over = [(id, one.job) for id, one in self._running.items() if one.ended(self._limits)]
            for id, _ in over:
                del self._running[id]
        for id, job in over:
            self._finished(id, job)

    def _finished(self, id: str, job: Job) -> None:
        self._workspace.change(id, state=DONE, part=job.part.name, summary={})
        try:
            self._done(self._workspace.entry(id))
        except KeyError:  # removed while it was read
            job.part.unlink(missing_ok=True)
