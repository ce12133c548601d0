"""What a person names on the command line -> the inputs of a run, each with a name of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..package.inert import file_stem
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


def expand(paths: Iterable[Path]) -> list[Input]:
    """The files named, and those in the folders named, in a stable order, each once.

    A path that does not exist stays in the list: the run says so of it, and goes on.
    """
    seen: set[Path] = set()
    names: set[str] = set()
    inputs = []
    for path in (file for given in paths for file in _files(given)):
        if path.resolve() in seen:
            continue
        seen.add(path.resolve())
        name = stem = file_stem(normal(path.stem))
        number = 1
        while name.lower() in names:  # two names must differ on a file system that folds case, too
            number += 1
            name = f"{stem}-{number}"
        names.add(name.lower())
        inputs.append(Input(path, name))
    return inputs


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for file in sorted(path.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
        if file.is_file() and not hidden and file.suffix.lower() in SUFFIXES:
            yield file


def sha256(path: Path) -> str:
    """The hash of a file's content, read in pieces; "" where it cannot be read."""
    if not path.is_file():  # a pipe or a device has no end
        return ""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
