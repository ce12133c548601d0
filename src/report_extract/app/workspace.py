"""The folder that an app works in: a data package, the files dropped into it, and what is known of each document.

::

    DIR/                 the data package, as `run` writes it
    DIR/corrections.jsonl    what people typed and mended
    DIR/layouts/         grids and mappings that are remembered
    DIR/inputs/          the files that were dropped
    DIR/.parts/          one part a document, as `run` keeps them
    DIR/.app/            the list of documents, and the pages of each as they were read

Everything is on disk before it is shown, so that an app that was ended, or killed, goes on where it was.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from ..core import serialize
from ..core.errors import ExportError
from ..core.model import Extraction
from ..corrections import layouts
from ..package import place
from ..package.inert import file_stem
from ..package.place import INDEX, PARTS
from ..pipeline import Options
from ..run.inputs import Input, sha256
from ..run.parts import CORRECTIONS, Job, held, plan

WAITING, READING, DONE = "waiting", "reading", "done"
INPUTS, OWN, LAYOUTS = "inputs", ".app", "layouts"


@dataclass(slots=True)
class Entry:
    """One document of the list.

    Attributes:
        id: names it in addresses: the beginning of its content's hash.
        name: what the output calls it, unique in the package.
        path: where its file lies.
        sha256: of its content.
        state: "waiting", "reading" or "done" (read, or found to be unreadable).
        part: the file name of its part, "" until it was read.
        added: when it was dropped, seconds since 1970.
        summary: what the list shows of it; {} until it was read.
    """

    id: str
    name: str
    path: str
    sha256: str
    state: str = WAITING
    part: str = ""
    added: float = 0.0
    summary: dict[str, Any] = field(default_factory=dict)


class Workspace:
    """The documents of one folder. Every method may be called from any thread."""

    def __init__(self, directory: Path, options: Options | None = None, lang: str = "ja") -> None:
        self.directory, self.options, self.lang = directory, options or Options(), lang
        self.spoken = lang  # what the pages say; the package keeps to ``lang``
        self._lock = threading.RLock()
        self._entries: dict[str, Entry] = {}
        self._seen: tuple[int, int] = (0, 0)
        self.version = 1
        place.settle(directory)
        for folder in (directory, directory / OWN, directory / PARTS, directory / INPUTS):
            folder.mkdir(parents=True, exist_ok=True)
        self._load()
        self.adopt()

    @property
    def corrections(self) -> Path:
        """Where what people typed is kept."""
        return self.directory / CORRECTIONS

    def entries(self) -> list[Entry]:
        """The documents in the order in which they came."""
        with self._lock:
            return list(self._entries.values())

    def entry(self, id: str) -> Entry:
        """The document of that id.

        Raises:
            KeyError: there is none.
        """
        with self._lock:
            return self._entries[id]

    def add(self, path: Path) -> tuple[Entry, bool]:
        """Put a file on the list; one whose content is there already stays what it is.

        Returns:
            Its entry, and whether it is new.
        """
        digest = sha256(path)
        with self._lock:
            same = next((e for e in self._entries.values() if digest and e.sha256 == digest), None)
            if same:
                return same, False
            entry = Entry(self._new_id(digest), self._new_name(path.stem), str(path), digest, added=time.time())
            self._entries[entry.id] = entry
            self._keep()
        return entry, True

    def change(self, id: str, **values: Any) -> None:
        """Note what has become of a document; one that was removed in the meantime stays removed."""
        with self._lock:
            entry = self._entries.get(id)
            if entry is None:
                return
            for name, value in values.items():
                setattr(entry, name, value)
            self._keep()

    def remove(self, id: str) -> None:
        """Take a document off the list, with its part, its pages, and its file if it was dropped here.

        What was typed for it stays in corrections.jsonl: dropped again, it is as right as it was.
        """
        with self._lock:
            entry = self._entries.pop(id)
            self._keep()
        path = Path(entry.path)
        if path.resolve().is_relative_to((self.directory / INPUTS).resolve()):
            path.unlink(missing_ok=True)
        if entry.part:
            for suffix in (".json", ".html", ".lost"):
                (self.directory / PARTS / entry.part).with_suffix(suffix).unlink(missing_ok=True)
        shutil.rmtree(self.folder(id), ignore_errors=True)

    def folder(self, id: str) -> Path:
        """Where the app keeps what it knows of a document besides its part."""
        return self.directory / OWN / Path(id).name

    def part(self, entry: Entry) -> Path:
        """The part of a document that was read."""
        return self.directory / PARTS / entry.part

    def extraction(self, entry: Entry) -> Extraction:
        """What was read of a document, with the corrections that were there when it was read.

        Raises:
            OSError, ValueError: its part is gone or damaged.
        """
        return serialize.loads(self.part(entry).read_text(encoding="utf-8"))

    def job(self, entry: Entry) -> Job:
        """The job that reads a document."""
        options = replace(self.options, layouts=(*self.options.layouts, *self.layouts()))
        (job,) = plan([Input(Path(entry.path), entry.name)], self.directory, options, self.lang)
        return job

    def jobs(self) -> list[Job]:
        """The jobs of the documents that were read, their parts as they are now."""
        done = [e for e in self.entries() if e.state == DONE and self.part(e).is_file()]
        return [replace(self.job(e), part=self.part(e)) for e in done]

    def layouts(self) -> tuple[str, ...]:
        """The texts of the layouts that are remembered here; a file that is none is passed over."""
        found = []
        for path in sorted((self.directory / LAYOUTS).glob("*.layout.json")):
            try:
                text = path.read_text(encoding="utf-8")
                layouts.loads(text)
            except (OSError, ValueError):
                continue
            found.append(text)
        return tuple(found)

    def adopt(self) -> bool:
        """Take over what a `run` into the same folder has written since the last look; whether it had."""
        try:
            state = (self.directory / INDEX).stat()
        except OSError:
            return False
        with self._lock:
            if (state.st_mtime_ns, state.st_size) == self._seen:
                return False
            try:
                jobs = held(self.directory)
            except ExportError:
                jobs = []
            self._seen = (state.st_mtime_ns, state.st_size)
            known = {(e.name, e.part) for e in self._entries.values()}
            foreign = [job for job in jobs if (job.input.document, job.part.name) not in known]
            for job in foreign:
                self._adopt(job.input.document, job.part.name)
            lost = [e for e in self._entries.values() if e.state == DONE and not self.part(e).is_file()]
            for entry in lost:  # the run has pruned its part: it is made again
                entry.state, entry.part, entry.summary = WAITING, "", {}
            if foreign or lost:
                self._keep()
        return bool(foreign or lost)

    def _adopt(self, name: str, part: str) -> None:
        try:
            read = serialize.loads((self.directory / PARTS / part).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        same = next((e for e in self._entries.values() if e.name == name), None)
        entry = same or Entry(self._new_id(read.sha256), name, read.path, read.sha256, added=time.time())
        entry.path, entry.sha256, entry.part, entry.state, entry.summary = read.path, read.sha256, part, DONE, {}
        self._entries[entry.id] = entry

    def _load(self) -> None:
        try:
            listed = json.loads((self.directory / OWN / "documents.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        known = {f.name for f in fields(Entry)}
        for item in listed if isinstance(listed, list) else ():
            try:
                entry = Entry(**{name: value for name, value in item.items() if name in known})
            except (TypeError, AttributeError):
                continue
            if entry.state != DONE or not (self.directory / PARTS / entry.part).is_file():
                entry.state = WAITING  # it was being read, or a `run` into this folder has pruned its part
            self._entries[entry.id] = entry

    def _keep(self) -> None:
        """Write the list."""
        self.version += 1
        write(self.directory / OWN / "documents.json", dumped([asdict(e) for e in self._entries.values()]))

    def _new_id(self, digest: str) -> str:
        stem = digest[:12] or f"{time.time_ns():x}"[-12:]
        return next(n for n in (stem, *(f"{stem}-{k}" for k in range(2, 10_000))) if n not in self._entries)

    def _new_name(self, stem: str) -> str:
        taken = {e.name.lower() for e in self._entries.values()}
        name = file_stem(stem)
        return next(n for n in (name, *(f"{name}-{k}" for k in range(2, 10_000))) if n.lower() not in taken)


def dumped(value: Any) -> str:
    """Compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    with beside.open("w", encoding="utf-8", errors="replace") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
