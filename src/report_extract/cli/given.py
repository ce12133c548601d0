"""Inputs that are no files yet: standard input, what a ZIP archive holds, PDFs that ask for a password.

They are put beside the parts of a run, below a hash of their content: two archives of one name are two archives, and
the same one has the same place in every run.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import lzma
import shutil
import struct
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from ..core.errors import UsageError
from ..package.inert import file_stem
from ..package.place import DESCRIPTOR, PARTS, locked, unwritable
from ..readers.bounds import MAX_FILE_BYTES

PASSWORDS = "of encrypted PDFs; once for each password"

_log = logging.getLogger(__name__)

MAX_FILES = 10_000
MAX_BYTES = 4 << 30  # of all files of an archive together, as they unpack
_BLOCK = 1 << 20
_SUFFIXES = {b"%PDF": ".pdf", b"\x89PNG": ".png", b"\xff\xd8\xff": ".jpg", b"II*\0": ".tif", b"MM\0*": ".tif"}
_ENCODINGS = ("utf-8", "cp932", "cp437")  # of names in archives that do not say: macOS, Japanese Windows, DOS
# What a damaged archive, or one packed in a way that Python does not know, makes zipfile raise.
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, NotImplementedError, ValueError, EOFError,
           struct.error)  # fmt: skip


@contextmanager
def at_hand(
    inputs: Iterable[Path], out: Path, endings: frozenset[str], passwords: Sequence[str] = ()
) -> Iterator[list[Path]]:
    """The inputs as paths of files and folders.

    What is put down stays with the package, since its pages may be looked at later; what no document of the package
    came from goes, and where no package comes to be nothing stays.

    Args:
        inputs: as given.
        out: the folder of the package.
        endings: of the files that are taken out of an archive.
        passwords: of the encrypted PDFs among the inputs that are named; these are copied without them.

    Raises:
        UsageError: standard input was given more than once, or does not end.
        PlaceError: the folder cannot be written in.
    """
    given = list(inputs)
    if given.count(Path("-")) > 1:
        raise UsageError("- stands more than once", "standard input can be read once")
    place, was_there = out / PARTS / "given", out.exists()
    found = given
    if any(_is_put_down(path, passwords) for path in given):
        try:
            with locked(out):
                found = [_put_down(path, place, endings, passwords) for path in given]
        except OSError as error:
            raise unwritable(out, error) from error
    try:
        yield found
    finally:
        _tidy(out, place)
        if not was_there:
            with contextlib.suppress(OSError):  # there is something in it
                out.rmdir()


def _is_put_down(path: Path, passwords: Sequence[str]) -> bool:
    return path == Path("-") or _is_archive(path) or bool(passwords and path.is_file())


def _is_archive(path: Path) -> bool:
    return path.suffix.lower() == ".zip" and path.is_file() and zipfile.is_zipfile(path)


def _put_down(path: Path, place: Path, endings: frozenset[str], passwords: Sequence[str]) -> Path:
    if path == Path("-"):
        return _standard_input(place)
    if _is_archive(path):
        return _unpacked(path, place, endings)
    with readable(path, passwords, place) as file:
        return file


def _tidy(out: Path, place: Path) -> None:
    """Remove what no document of the package came from."""
    from ..core.errors import ExportError
    from ..run.parts import held

    if place.is_symlink() or not place.is_dir():
        return
    try:
        used = [job.input.path for job in held(out)] if (out / DESCRIPTOR).exists() else []
    except ExportError:
        return
    for folder in place.iterdir():
        if not any(path.is_relative_to(folder) for path in used):
            shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):  # there is something in them
        place.rmdir()
        place.parent.rmdir()


def _standard_input(place: Path) -> Path:
    """Standard input as a file, of the kind that it begins like."""
    with tempfile.TemporaryFile() as file:
        while block := sys.stdin.buffer.read(_BLOCK):
            file.write(block)
            if file.tell() > MAX_FILE_BYTES:
                bound = f"standard input: more than {MAX_FILE_BYTES >> 20} MiB"
                raise UsageError(bound, "save it as a file and split it")
        file.seek(0)
        start = file.read(1024).lstrip()
        suffix = next((s for begin, s in _SUFFIXES.items() if start.startswith(begin)), ".txt")
        file.seek(0)
        folder = place / hashlib.file_digest(file, "sha256").hexdigest()[:12]
        folder.mkdir(parents=True, exist_ok=True)
        file.seek(0)
        with (folder / f"stdin{suffix}").open("wb") as target:
            shutil.copyfileobj(file, target)
    return folder / f"stdin{suffix}"


@contextmanager
def readable(path: Path, passwords: Sequence[str], place: Path | None = None) -> Iterator[Path]:
    """A file, or a copy of it without encryption where one of the passwords opens it.

    Args:
        path: any file.
        passwords: to try.
        place: where the copy stays; without one it is gone afterwards.
    """
    from ..readers.decrypt import decrypt, may_be_encrypted
    from ..run.batch import call_within
    from ..run.inputs import sha256

    if not passwords or not path.is_file() or not may_be_encrypted(path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="report-extract-") as own:
        copy = (place or Path(own)) / sha256(path)[:12] / path.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        call_within(decrypt, (path, tuple(passwords), copy))  # who knows what it makes a parser do
        yield copy if copy.is_file() else path


def _unpacked(archive: Path, place: Path, endings: frozenset[str]) -> Path:
    """The folder that holds the archive's files, of the archive's name.

    A broken, encrypted or outsized archive is given back as it is: to be refused by name like any other file.
    """
    from ..run.inputs import sha256

    content = sha256(archive)
    if not content:
        return archive
    folder = place / content[:12] / archive.name
    shutil.rmtree(folder, ignore_errors=True)
    packed = _opened(archive)
    if packed is None:
        return archive
    with packed:
        members = [m for m in packed.infolist() if m.filename and not m.is_dir() and _ending(m.filename) in endings]
        if len(members) > MAX_FILES or sum(m.file_size for m in members) > MAX_BYTES:
            _log.error("%s: it unpacks to more than is read at once", archive.name)
            return archive
        if any(member.flag_bits & 1 for member in members):
            _log.error("%s: the archive is encrypted", archive.name)
            return archive
        folder.mkdir(parents=True)
        taken: set[str] = set()
        for member in members:
            path = _free(_inside(member), taken)
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            _write(packed, member, folder / path, archive.name)
    return folder


def _opened(archive: Path) -> zipfile.ZipFile | None:
    """The archive, its names in the encoding that fits; names whose flag says that they are UTF-8 always are."""
    for encoding in _ENCODINGS:
        try:
            return zipfile.ZipFile(archive, metadata_encoding=encoding)
        except UnicodeDecodeError:
            continue
        except _BROKEN as error:
            _log.error("%s: the archive is broken: %s", archive.name, error)
            return None
    return None


def _inside(member: zipfile.ZipInfo) -> PurePosixPath:
    """Where a member goes: never out of its folder, each part a name that every system takes."""
    path = PurePosixPath(member.filename.replace("\\", "/"))
    folders = [file_stem(part) for part in path.parts[:-1] if part not in ("/", "..", ".")]
    return PurePosixPath(*folders, file_stem(path.stem) + path.suffix.lower())


def _free(path: PurePosixPath, taken: set[str]) -> PurePosixPath:
    """The path, or one beside it: two members of one name are two documents."""
    number, free = 1, path
    while str(free).lower() in taken:
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    taken.add(str(free).lower())
    return free


def _write(packed: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path, archive: str) -> None:
    """Write a member out; of one that is broken an empty file stays, which is told as a file that cannot be read."""
    left = member.file_size  # what the directory says is checked before; what is there may be more
    with path.open("wb") as target:
        blocks = _blocks(packed, member)
        while left >= 0:
            try:
                block = next(blocks, b"")
            except (*_BROKEN, OSError) as error:
                _log.error("%s: %s is broken in it: %s", archive, path.name, error)
                target.seek(0)
                target.truncate()
                return
            if not block:
                return
            target.write(block)
            left -= len(block)


def _blocks(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with packed.open(member) as source:
        while block := source.read(_BLOCK):
            yield block


def _ending(name: str) -> str:
    hidden = any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)
    return "" if hidden else PurePosixPath(name).suffix.lower()
