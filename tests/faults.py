"""Faults by simulation, as SQLite tests itself (https://sqlite.org/testing.html, "I/O error testing").

``Faults`` counts every opening for writing, write, flush, rename, removal and making of a folder below one folder, and
has the n-th of them fail, or kills the process there. Audit hooks stay for good, so each try is made in a forked child.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from report_extract.run.batch import Limits, work
from report_extract.run.parts import Job, write_lost

KILL = -1
MEMORY = -2
_RENAMES = {"os.rename": 2, "os.remove": 1, "os.mkdir": 1, "os.rmdir": 1, "os.link": 2, "os.truncate": 1}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Faults:
    """Counts, and lets the n-th fail.

    Attributes:
        folder: below which it counts.
        at: which one fails, from 1; 0 for none.
        how: an errno, ``KILL`` or ``MEMORY``.
        forever: all that come after it fail as well, as on a full disk.
    """

    def __init__(self, folder: Path, at: int = 0, how: int = KILL, forever: bool = False) -> None:
        self.folder, self.at, self.how, self.forever = os.fspath(folder.resolve()), at, how, forever
        self.count = 0
        self._busy = False

    def install(self) -> None:
        """From now on, in this process."""
        sys.addaudithook(self._audited)
        plain, fsync, faults = io.open, os.fsync, self

        class Raw(io.FileIO):
            def write(self, data: Any) -> int:
                faults.step()
                return super().write(data)

        def opened(file: Any, mode: str = "r", buffering: int = -1, *args: Any, **kwargs: Any) -> Any:
            if isinstance(file, int) or not set(mode) & set("wax+") or not faults.is_inside(file):
                return plain(file, mode, buffering, *args, **kwargs)
            raw = Raw(file, mode.replace("b", "").replace("t", ""))
            buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
            return buffered if "b" in mode else io.TextIOWrapper(buffered, *args, **kwargs)

        def flushed(descriptor: Any) -> None:
            faults.step()
            fsync(descriptor)

        builtins.open = io.open = opened
        os.fsync = flushed  # type: ignore[assignment]

    def is_inside(self, path: Any) -> bool:
        """Does a path lie below the folder?"""
        try:
            return os.fspath(Path(os.fsdecode(path)).absolute()).startswith(self.folder)
        except TypeError:
            return False

    def step(self) -> None:
        """One more; the n-th fails."""
        self.count += 1
        if self.at and (self.count == self.at or (self.forever and self.count > self.at)):
            if self.how == KILL:
                os._exit(137)
            if self.how == MEMORY:
                raise MemoryError
            raise OSError(self.how, os.strerror(self.how))

    def _audited(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._busy:
            return
        self._busy = True
        try:
            if event == "open":
                path, _, flags = arguments
                wanted = isinstance(flags, int) and bool(flags & _WRITING) and self.is_inside(path)
            elif event == "sqlite3.connect":
                wanted = self.is_inside(arguments[0])
            else:
                wanted = event in _RENAMES and any(map(self.is_inside, arguments[: _RENAMES[event]]))
        finally:
            self._busy = False
        if wanted:
            self.step()


def in_this_process(jobs: Sequence[Job], workers: int, limits: Limits) -> Iterator[Job]:
    """In place of ``batch._processes``: the workers' writes count as well."""
    for job in jobs:
        with contextlib.suppress(OSError, MemoryError):
            work(job)
        if not job.part.is_file():
            write_lost(job, "its reader crashed")
        yield job


def tried(act: Callable[[], Any], faults: Faults) -> tuple[int, str]:
    """Do something in a forked child under faults.

    Returns:
        How many steps it made (0 where it was killed), and the traceback of what it raised, "" for none.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        said = ""
        os.close(reading)
        faults.install()
        try:
            act()
        except BaseException:
            said = traceback.format_exc()
        faults.at = 0
        os.write(writing, f"{faults.count}\0{said}".encode()[:60_000])
        os._exit(0)
    os.close(writing)
    content = b""
    while piece := os.read(reading, 65536):
        content += piece
    os.close(reading)
    os.waitpid(child, 0)
    count, _, said = content.decode().partition("\0")
    return int(count or 0), said
