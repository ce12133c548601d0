"""The package is written beside the server: answers never wait for it, and one writing serves all that came before.

What people typed is on disk in corrections.jsonl before anything is written here; after a crash the package is
simply behind, which the mark in ``.app/written`` tells, and is written again.
"""

from __future__ import annotations

import hashlib
import threading
import time
from pathlib import Path
from typing import Any

from ..core.errors import ExportError
from ..run.batch import alone, worker_context
from .workspace import DONE, OWN, Workspace

_QUIET_S = 2.0  # so long nothing is typed before the package is written
_WAIT_S = 60.0  # for a run that writes in the folder
_LONGEST_S = 30.0  # so long it is put off at most


class Writer:
    """Writes the package of a workspace when there is news."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._asked = self._first = 0.0
        self._state = threading.Condition()
        self._closing = False
        self._wanted = self._written = 0
        self.error = ""
        self._thread = threading.Thread(target=self._go, name="writer", daemon=True)

    def start(self) -> None:
        """Begin; a package that is behind is written at once."""
        if self._mark() != self._kept_mark():
            self.ask()
        self._thread.start()

    def close(self) -> None:
        """Write what is still to be written, and end."""
        with self._state:
            self._closing = True
            self._state.notify_all()
        if self._thread.is_alive():
            self._thread.join(60)

    def ask(self) -> None:
        """There is news."""
        with self._state:
            now = time.monotonic()
            self._first = self._first or now
            self._asked = now
            self._wanted += 1
            self._state.notify_all()

    @property
    def behind(self) -> bool:
        """Whether the package does not say yet what is shown."""
        return self._written < self._wanted

    def fresh(self, seconds: float = 300.0) -> None:
        """Return when the package says all that was asked before.

        Raises:
            ExportError: it cannot be written.
        """
        if self._mark() != self._kept_mark():
            self.ask()
        with self._state:
            wanted = self._wanted
            self._asked = self._first = 0.0  # at once
            self._state.notify_all()
            self._state.wait_for(lambda: self._written >= wanted or self.error, seconds)
            if self._written < wanted:
                raise ExportError(self.error or "the package could not be written in time", "try again")

    def _go(self) -> None:
        while True:
            with self._state:
                while not self.behind and not self._closing:
                    self._state.wait()
                if not self.behind:
                    return
                while not self._closing and (wait := self._wait()) > 0:
                    self._state.wait(wait)
                wanted, self._first = self._wanted, 0.0
            before = self._mark()
            error = self._write()
            if error and self._mark() != before:
                continue  # a document was read or mended anew in the meantime: that was no fault
            with self._state:
                self.error = error
                if not error:
                    self._written = max(self._written, wanted)
                self._state.notify_all()
                if error and self._closing:
                    return
                if error:
                    self._state.wait(_QUIET_S)

    def _wait(self) -> float:
        now = time.monotonic()
        return min(self._asked + _QUIET_S, (self._first or now) + _LONGEST_S) - now if self._asked else 0.0

    def _write(self) -> str:
        """Write it in a process of its own; what went wrong, if anything."""
        mark = self._mark()
        if not any(e.state == DONE for e in self._workspace.entries()):
            return ""
        context: Any = worker_context()
        process = context.Process(target=_alone, args=(self._workspace.directory, self._workspace.lang))
        process.start()
        process.join()
        if process.exitcode == 0:
            (self._workspace.directory / OWN / "written").write_text(mark, encoding="utf-8")
            return ""
        try:
            return (self._workspace.directory / OWN / "write-error").read_text(encoding="utf-8")
        except OSError:
            return "the package could not be written"

    def _mark(self) -> str:
        """What the package depends on."""
        typed = self._workspace.corrections
        known = hashlib.sha256(typed.read_bytes() if typed.is_file() else b"")
        for entry in self._workspace.entries():
            known.update(f"{entry.name}\0{entry.part}\0{entry.state == DONE}\n".encode("utf-8", "replace"))
        return known.hexdigest()

    def _kept_mark(self) -> str:
        try:
            return (self._workspace.directory / OWN / "written").read_text(encoding="utf-8")
        except OSError:
            return ""


def _alone(directory: Path, lang: str) -> None:
    alone((directory, lang), lambda given: write_workspace(*given))


def write_workspace(directory: Path, lang: str) -> None:
    """In the writer's process: the package of all documents that were read, with all corrections."""
    import sys

    from ..package import place
    from ..run.into import Writing, put
    from ..run.parts import Parts

    try:
        with place.locked(directory, _WAIT_S):
            workspace = Workspace(directory, lang=lang)
            typed = workspace.corrections
            put(Parts(workspace.jobs(), typed if typed.is_file() else None), directory, Writing(lang))
    except (ExportError, OSError) as error:
        (directory / OWN / "write-error").write_text(str(error), encoding="utf-8")
        sys.exit(1)
