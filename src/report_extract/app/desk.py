"""Everything of one app together: the documents, the queue that reads them, what is open, the package."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..core.errors import translated
from ..core.geometry import BBox
from ..core.model import Field
from ..corrections import history, store
from ..corrections.apply import IDENTITY
from ..corrections.store import Correction
from ..corrections.values import accepted
from ..pipeline import PageRead
from ..run.batch import Limits
from .opened import Opener
from .queue import Queue
from .workspace import DONE, Entry, Workspace
from .writer import Writer

_FIGURES = frozenset({"count", "integer", "number", "percent"})
_GO_TOGETHER = {"municipality": "municipality_code", "municipality_code": "municipality"}
_MOST_AT_ONCE = 5_000  # corrections of one request


class Refused(ValueError):
    """What was typed is no value of its field; the text is a word for what is wrong with it."""


def checked(dataset: str, field: Field, text: str) -> str:
    """What a person typed, as it is meant.

    Raises:
        Refused: it is no value of the field.
    """
    if len(text) > store.LONGEST:
        raise Refused("long")
    try:
        return accepted(dataset, field, text)
    except ValueError as error:
        named = {"fiscal_year": "year", "municipality_code": "code"}.get(field.name, "")
        whole = "integer" if field.type in ("integer", "count") else "number"
        raise Refused(named or (whole if field.type in _FIGURES else "other")) from error


class Conflict(Exception):
    """What a person answered is no longer what is asked; carries what is shown now."""


class Desk:
    """One app at work.

    Attributes:
        workspace, queue, opener, writer: its parts.
    """

    def __init__(self, workspace: Workspace, workers: int = 1, limits: Limits | None = None) -> None:
        self.workspace = workspace
        self.writer = Writer(workspace)
        self.opener = Opener(workspace)
        self.queue = Queue(workspace, workers, limits, self._read)
        self.appending = threading.Lock()
        self._renewing = threading.Lock()
        self._behind: set[str] = set()
        self.drawn: dict[Any, PageRead] = {}

    def start(self) -> None:
        """Begin to read and to write."""
        self.queue.start()
        self.writer.start()

    def close(self) -> None:
        """End; what waits, waits for the next start."""
        self.queue.close()
        self.writer.close()

    @staticmethod
    def now() -> str:
        """The time of an entry."""
        return datetime.now(UTC).isoformat(timespec="seconds")

    def state(self) -> dict[str, Any]:
        """What the list shows."""
        documents, lang = [], self.workspace.spoken
        for entry in self.workspace.entries():
            done, of = self.queue.pages_done(entry) if entry.state != DONE else (0, 0)
            documents.append(
                {
                    "id": entry.id,
                    "name": entry.name,
                    "file": Path(entry.path).name,
                    "state": entry.state,
                    "added": entry.added,
                    "done": done,
                    "of": of,
                    **entry.summary,
                    "error": translated(entry.summary.get("error", ""), lang),
                }
            )
        return {
            "documents": documents,
            "flags": self.opener.version,
            "behind": self.writer.behind,
            "error": translated(self.writer.error or self.queue.error, lang),
            "lang": lang,
            "history": history.state(self.workspace.corrections),
        }

    def speak(self, lang: str) -> None:
        """Show everything in this language ("ja" or "en") from now on, in every tab."""
        if lang != self.workspace.spoken:
            self.workspace.spoken = lang
            self.opener.close_all()

    def add(self, path: Path) -> tuple[Entry, bool]:
        """Put a file on the list."""
        return self.workspace.add(path)

    def remove(self, id: str) -> None:
        """Take a document off the list."""
        self.queue.stop(id)
        self.workspace.remove(id)
        self.opener.close(id)
        self.writer.ask()

    def again(self, id: str) -> None:
        """Read a document anew."""
        self.queue.again(id)
        self.opener.close(id)

    def settle(self, answers: list[dict[str, Any]], by: str = "") -> str:
        """Keep what a person answered, all of it as one step that can be undone: on disk when this returns.

        Args:
            answers: of each the document, the key of its cell, ``old`` as it was shown, ``new``, and if there is
                one a verdict and a note.
            by: initials, if given.

        Returns:
            The name of the step.

        Raises:
            Conflict: a cell does not say any more what was shown.
            KeyError, TypeError, ValueError: it is no answer; the message says what is wrong.
        """
        if not 0 < len(answers) <= _MOST_AT_ONCE:
            raise ValueError("too many answers at once")
        step = history.new_id()
        made = [self._correction(answer, step, by) for answer in answers]
        made += [c for answer in answers for c in self._implied(answer, made, step, by)]
        with self.appending:
            store.append(self.workspace.corrections, made)
        self.touched({str(answer["document"]) for answer in answers})
        return step

    def _correction(self, answer: dict[str, Any], step: str, by: str) -> Correction:
        opened = self.opener.open(str(answer["document"]))
        dataset, row, field, cell = opened.content.found(str(answer["key"]))
        shown = opened.content.card(dataset, row, field, cell)
        if "old" in answer and str(answer["old"]) != shown["value"]:
            raise Conflict(shown["value"])
        return Correction(
            time=self.now(),
            sha256=opened.entry.sha256,
            dataset=dataset.name,
            field=field.name,
            page=cell.page,
            bbox=BBox(*(float(edge) for edge in cell.bbox)),
            old=shown["value"],
            new=checked(dataset.name, field, str(answer["new"])),
            id=history.new_id(),
            step=step,
            by=by[:20],
            verdict=str(answer.get("verdict", "")),
            note=str(answer.get("note", ""))[:1000],
        )

    def _implied(self, answer: dict[str, Any], made: list[Correction], step: str, by: str) -> list[Correction]:
        """A municipality's code with its name, and its name with its code, where the other one is still asked for."""
        dataset, _, field = str(answer["key"]).split(":", 2)
        other = _GO_TOGETHER.get(field) if dataset == IDENTITY else None
        if other is None or not str(answer["new"]).strip():
            return []
        key, content = f"{dataset}:0:{other}", self.opener.open(str(answer["document"])).content
        sha256 = content.extraction.sha256
        if any((c.sha256, c.dataset, c.field) == (sha256, IDENTITY, other) for c in made):
            return []
        if content.card(*content.found(key))["status"] != "review":
            return []
        old = content.card(*content.found(key))["value"]
        try:
            return [self._correction({**answer, "key": key, "old": old}, step, by)]
        except Refused:  # an association, say, has a name and no code
            return []

    def undo(self, redo: bool = False) -> list[dict[str, Any]]:
        """Take the last step back, or do it again; its entries, none where there is no step."""
        with self.appending:
            step = history.undo(self.workspace.corrections, self.now(), redo)
        touched = {str(entry.get("sha256")) for entry in step}
        self.touched({e.id for e in self.workspace.entries() if e.sha256 in touched})
        return step

    def touched(self, documents: set[str]) -> None:
        """Something was said of these: they are checked anew by ``renew``, and the package is written."""
        self._behind |= documents
        self.writer.ask()

    def renew(self) -> None:
        """Check anew what was corrected; one look serves all that was kept before it began."""
        with self._renewing:
            while self._behind:
                self.opener.renew(self._behind.pop())

    def _read(self, entry: Entry) -> None:
        self.opener.close(entry.id)
        self.opener.renew(entry.id)
        self.writer.ask()

