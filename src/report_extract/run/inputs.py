"""What a person names on the command line -> the inputs of a run, each with a name of its own."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..package.inert import file_stem
from ..package.place import files_of
from ..readers.bounds import MAX_FILE_BYTES
from ..text.normalize import normal

SUFFIXES = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".txt", ".tsv", ".md"})


@dataclass(frozen=True, slots=True)
class Input:
    """One file of a run.

    Attributes:
        path: as given; what the output says.
        document: what the output calls it, unique within the run.
        copy: where its bytes lie, if elsewhere: on a cluster's worker.
    """

    path: Path
    document: str
    copy: Path | None = None

    @property
    def file(self) -> Path:
        """Where to read it."""
        return self.copy or self.path


def expand(paths: Iterable[Path], before: Iterable[Input] = ()) -> list[Input]:
    """The files named, and those in the folders named, in a stable order, each once.

    A path that does not exist, or a folder that may not be read, stays in the list: the run says so of it, and goes on.

    Args:
        before: inputs whose names are taken; the same path has the same name again.
    """
    known = {os.fspath(given.path): given.document for given in before}
    names = {name.lower() for name in known.values()}
    seen: set[str] = set()
    inputs = []
    for path in (file for given in paths for file in _files(given)):
        real = os.path.realpath(path)  # never raises, whatever the links do
        if real in seen:
            continue
        seen.add(real)
        name = stem = file_stem(normal(path.stem))
        number = 1
        while name.lower() in names:  # two names must differ on a file system that folds case, too
            number += 1
            name = f"{stem}-{number}"
        name = known.get(os.fspath(path), name)
        names.add(name.lower())
        inputs.append(Input(path, name))
    return inputs


def _files(path: Path) -> Iterator[Path]:
    if not os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises where a name is too long
        yield path
        return
    unread: list[Path] = []
    found = []
    for folder, folders, files in os.walk(path, onerror=lambda error: unread.append(Path(str(error.filename)))):
        # A package is no report, whatever lies in it.
        folders[:] = [name for name in folders if not name.startswith(".") and not files_of(Path(folder, name))]
        for name in files:
            file = Path(folder, name)
            # A pipe or a device in a folder is no report that was lost; one that is named is refused by name.
            if not name.startswith(".") and file.suffix.lower() in SUFFIXES and (file.is_file() or file.is_symlink()):
                found.append(file)
    yield from sorted([*found, *unread])


def sha256(path: Path) -> str:
    """The hash of a file's content, read in pieces; "" where it cannot be read or is larger than any input may be."""
    try:
        told = path.stat()
        if not stat.S_ISREG(told.st_mode) or told.st_size > MAX_FILE_BYTES:  # a pipe or a device has no end
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""
