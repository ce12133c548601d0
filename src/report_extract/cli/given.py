"""Inputs that are no files yet: standard input, and what a ZIP archive holds."""

from __future__ import annotations

import contextlib
import logging
import shutil
import sys
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from ..core.errors import UsageError

_log = logging.getLogger(__name__)

MAX_FILES = 10_000
MAX_BYTES = 4 << 30  # of all files of an archive together, as they unpack
_SUFFIXES = {b"%PDF": ".pdf", b"\x89PNG": ".png", b"\xff\xd8\xff": ".jpg", b"II*\0": ".tif", b"MM\0*": ".tif"}


@contextmanager
def at_hand(
    inputs: Iterable[Path], out: Path, endings: frozenset[str], password: str = ""
) -> Iterator[list[Path]]:
    """The inputs as paths of files and folders: standard input and archives are put beside the parts of a run.

    They stay there with the package, since its pages may be looked at later; where no package comes to be, nothing
    stays.

    Args:
        inputs: as given.
        out: the folder of the package.
        endings: of the files that are taken out of an archive.
        password: of the encrypted PDFs among the inputs that are named; these are copied without it.

    Raises:
        UsageError: standard input was given more than once.
    """
    given = list(inputs)
    if given.count(Path("-")) > 1:
        raise UsageError("- stands more than once", "standard input can be read once")
    place = out / ".parts" / "given"
    before = place.exists()
    yield [
        _standard_input(place)
        if path == Path("-")
        else _unpacked(path, place, endings)
        if path.suffix.lower() == ".zip" and zipfile.is_zipfile(path)
        else _decrypted(path, place, password)
        for path in given
    ]
    if not before and not (out / "datapackage.json").exists():
        shutil.rmtree(place, ignore_errors=True)
        with contextlib.suppress(OSError):
            place.parent.rmdir()
            out.rmdir()


def _standard_input(folder: Path) -> Path:
    content = sys.stdin.buffer.read()
    suffix = next((s for start, s in _SUFFIXES.items() if content[:1024].lstrip().startswith(start)), ".txt")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"stdin{suffix}"
    path.write_bytes(content)
    return path


def _decrypted(path: Path, folder: Path, password: str) -> Path:
    if not password or not path.is_file():
        return path
    from ..readers.decrypt import opened

    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / path.name
    return copy if opened(path, password, copy) else path


def _unpacked(archive: Path, folder: Path, endings: frozenset[str]) -> Path:
    """The folder that holds the archive's files, below the archive's name.

    A broken, encrypted or outsized archive is given back as it is: to be refused by name like any file of another kind.
    """
    place = folder / archive.name
    shutil.rmtree(place, ignore_errors=True)
    try:
        # Windows writes Japanese names in its own encoding and sets no flag; where the flag is set it is heeded.
        with zipfile.ZipFile(archive, metadata_encoding="cp932") as packed:
            members = [m for m in packed.infolist() if not m.is_dir() and _ending(m.filename) in endings]
            if len(members) > MAX_FILES or sum(m.file_size for m in members) > MAX_BYTES:
                _log.warning("%s: it unpacks to more than is read at once", archive.name)
                return archive
            place.mkdir(parents=True)
            for member in members:
                _write(packed, member, place)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, UnicodeDecodeError, EOFError) as error:
        _log.warning("%s: the archive is broken or encrypted: %s", archive.name, error)
        return archive
    return place


def _write(packed: zipfile.ZipFile, member: zipfile.ZipInfo, place: Path) -> None:
    parts = [part for part in PurePosixPath(member.filename.replace("\\", "/")).parts if part not in ("/", "..", ".")]
    path = place.joinpath(*(part.replace(":", "_") for part in parts))
    path.parent.mkdir(parents=True, exist_ok=True)
    left = member.file_size  # what the directory says is checked above; what is there may be more
    with packed.open(member) as source, path.open("wb") as target:
        while left >= 0 and (block := source.read(1 << 20)):
            target.write(block)
            left -= len(block)


def _ending(name: str) -> str:
    hidden = any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)
    return "" if hidden else PurePosixPath(name).suffix.lower()
