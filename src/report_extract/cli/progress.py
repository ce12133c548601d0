"""A bar on standard error for a person who watches: documents done, and which page of which file is read now."""

from __future__ import annotations

import atexit
import os
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from ..core import log

_LOOK_S = 0.2


class Progress:
    """Shows how far a run is, where standard error is a terminal.

    Workers add a line a page to a file (``core.log``), which is looked at a few times a second.
    """

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet or not sys.stderr.isatty()
        self._bar: Any = None
        self._file = ""
        self._ended = threading.Event()
        if not self._quiet:  # workers learn of it when they are started
            handle, self._file = tempfile.mkstemp(prefix="report-extract-pages-")
            os.close(handle)
            log.pages_into(self._file)
            atexit.register(Path(self._file).unlink, missing_ok=True)

    def __enter__(self) -> Progress:
        return self

    def begin(self, total: int) -> None:
        """Show the bar."""
        if self._quiet:
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._bar.start()
        self._task = self._bar.add_task("report-extract", total=total)
        self._done = 0
        threading.Thread(target=self._watch, daemon=True).start()

    def advance(self, job: Any) -> None:
        """One more document is done."""
        if self._bar:
            self._done += 1
            self._bar.update(self._task, completed=self._done)

    def _watch(self) -> None:
        """Show the page begun last, and count what the files being read have behind them."""
        from rich.markup import escape

        place = 0
        reading: dict[str, float] = {}
        while not self._ended.wait(_LOOK_S):
            with Path(self._file).open("rb") as file:
                file.seek(place)
                lines = file.read()
            place += len(lines)
            name = ""
            for line in lines.decode("utf-8", "replace").splitlines():
                name, page, pages = (*line.split("\t"), "1", "1")[:3]
                reading[name] = (int(page) - 1) / max(1, int(pages))
                said = f"{name[:40]} {page}/{pages}"
            if name:
                share = min(0.99, reading[name])
                self._bar.update(self._task, description=escape(said), completed=self._done + share)

    def __exit__(self, *exc: object) -> None:
        self._ended.set()
        if self._bar:
            self._bar.stop()
