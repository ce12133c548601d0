"""A document that is open: its cells as a person settles them, renewed after every correction.

Of what is shown each piece has the version in which it last changed, so that a page which asks again is told no more
than what is new.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any

from ..core.model import Extraction
from ..corrections.store import digests, load
from ..pipeline import again
from ..review.content import Content
from ..run.versions import made_by
from .workspace import DONE, Entry, Workspace, dumped, write

_MOST_OPEN = 4  # extractions held in memory


class Opened:
    """One document that was read, with all corrections.

    Attributes:
        entry: its line of the list.
        content: what is shown of it.
    """

    def __init__(self, workspace: Workspace, entry: Entry) -> None:
        self._workspace, self.entry = workspace, entry
        self._read = workspace.extraction(entry)
        self._lock = threading.Lock()
        self._known = ""
        self.content = Content(self._read, workspace.spoken)
        self.renew()

    @property
    def extraction(self) -> Extraction:
        """The document with all corrections."""
        return self.content.extraction

    def renew(self) -> bool:
        """Check the document anew with what was typed since; whether there was anything."""
        with self._lock:
            typed = self._workspace.corrections
            known = digests(typed).get(self.entry.sha256, "") if typed.is_file() else ""
            if known == self._known:
                return False
            told, _ = load(typed, self.entry.sha256)
            self.content = Content(again(self._read, typed), self._workspace.spoken, told)
            self._known = known
            return True

    def replace(self, read: Extraction) -> None:
        """Show another reading of the document: a table of it was mended."""
        with self._lock:
            self._read, self._known = read, "-"
        self.renew()


class Opener:
    """The documents of a workspace that are open, and what the list and the queue of flags show of all.

    Args:
        workspace: the documents.
        changed: called when what is shown of a document has changed.
    """

    def __init__(self, workspace: Workspace, changed: Callable[[], None] = lambda: None) -> None:
        self._workspace, self._changed = workspace, changed
        self._open: OrderedDict[str, Opened] = OrderedDict()
        self._flags: dict[str, Flags] = {}
        self._lock = threading.RLock()
        self.version = 1

    def open(self, id: str) -> Opened:
        """The document, opened if it is not.

        Raises:
            KeyError: there is none that was read.
        """
        with self._lock:
            entry = self._workspace.entry(id)
            if entry.state != DONE:
                raise KeyError(id)
            opened = self._open.get(id)
            if opened is None or opened.entry.part != entry.part:
                try:
                    opened = Opened(self._workspace, Entry(**{n: getattr(entry, n) for n in Entry.__slots__}))
                except (OSError, ValueError) as error:
                    raise KeyError(id) from error
            self._open[id] = opened
            self._open.move_to_end(id)
            while len(self._open) > _MOST_OPEN:
                self._open.popitem(last=False)
            return opened

    def close(self, id: str) -> None:
        """Forget a document that was removed, or is read anew."""
        with self._lock:
            self._open.pop(id, None)
            self._flags.pop(id, None)
            self.version += 1
        self._changed()

    def close_all(self) -> None:
        """Forget everything: it is shown in another language from now on."""
        with self._lock:
            self._open.clear()
            self._flags.clear()
            self.version += 1
        self._changed()

    def renew(self, id: str) -> None:
        """Bring what is shown of a document up to date with what was typed."""
        try:
            opened = self.open(id)
        except KeyError:
            return
        opened.renew()
        with self._lock:
            self.version += 1
            flags = self._flags.setdefault(id, Flags())
            flags.update(opened.content.flags(), self.version)
        self._workspace.change(id, summary=opened.content.summary())
        cache = dumped({"by": self._key(opened.entry), "flags": flags.shown})
        write(self._workspace.folder(id) / "flags.json", cache)
        self._changed()

    def flags(self, id: str) -> Flags:
        """The flagged cells of a document: as they were kept, or from its part."""
        with self._lock:
            flags = self._flags.get(id)
        if flags is not None:
            return flags
        entry = self._workspace.entry(id)
        kept = self._kept(entry)
        if kept is None or not entry.summary:
            self.renew(id)
            return self._flags.get(id, Flags())
        with self._lock:
            flags = self._flags.setdefault(id, Flags())
            flags.update(kept, self.version)
        return flags

    def _kept(self, entry: Entry) -> dict[str, Any] | None:
        try:
            told = json.loads((self._workspace.folder(entry.id) / "flags.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return told["flags"] if told.get("by") == self._key(entry) else None

    def _key(self, entry: Entry) -> list[str]:
        """What the flags of a document depend on."""
        typed = self._workspace.corrections
        own = digests(typed).get(entry.sha256, "") if typed.is_file() else ""
        return [entry.part, own, self._workspace.spoken, made_by()]

    def news(self, since: int) -> Iterator[dict[str, Any]]:
        """What has changed of the flags of each document after version ``since``; all of it after 0."""
        for entry in self._workspace.entries():
            if entry.state != DONE:
                continue
            flags = self.flags(entry.id)
            changed, gone = flags.after(since)
            if changed or gone or since == 0:
                yield {"document": entry.id, "changed": changed, "gone": gone}


class Flags:
    """The flagged and the settled cells of one document, each with the version in which it changed last."""

    def __init__(self) -> None:
        self.shown: dict[str, Any] = {}
        self._versions: dict[str, int] = {}
        self._gone: dict[str, int] = {}

    def update(self, shown: dict[str, Any], version: int) -> None:
        """Show these from ``version`` on."""
        for key, value in shown.items():
            if self.shown.get(key) != value:
                self._versions[key] = version
                self._gone.pop(key, None)
        for key in self.shown.keys() - shown.keys():
            self._gone[key] = version
            self._versions.pop(key, None)
        self.shown = shown

    def after(self, version: int) -> tuple[list[Any], list[str]]:
        """What changed after a version, and what is gone since."""
        changed = [self.shown[key] for key, at in self._versions.items() if at > version or not version]
        return changed, [key for key, at in self._gone.items() if at > version]
