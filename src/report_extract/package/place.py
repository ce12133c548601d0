"""The folder that a package lies in: whose files are in it, who writes there, how a package takes the place of another.

A folder that is named as ``--out`` is somebody's folder. Each package lists its files in ``datapackage.json``, and only
files on that list are ever replaced or removed. A new package is written into ``.parts/next`` first, flushed to the
disk, and then takes its place file by file behind a journal (a redo log, as databases have it: Gray & Reuter,
"Transaction Processing", 1993), the descriptor last:

* what fails before the journal stands leaves the old package untouched;
* a move that fails is undone;
* a run that is killed between two moves is finished by whoever opens the package next (``recover``).
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from ..core.errors import ExportError
from . import lock

PARTS = ".parts"
DESCRIPTOR = "datapackage.json"
LISTED = "x-files"  # in the descriptor: every other file of the package with its hash
INDEX, JOBS = f"{PARTS}/index.json", f"{PARTS}/jobs.json"  # which part is whose: see ``run.parts``
_FILES = f"{PARTS}/files.json"  # the list once more, for when the descriptor is damaged
_BESIDE = frozenset({INDEX, JOBS, _FILES})  # they change with the package, and are no part of it
_NEXT = f"{PARTS}/next"
_OLD = f"{PARTS}/old"
_JOURNAL = f"{PARTS}/commit.json"
_OURS = frozenset({".csv", ".html", ".json", ".jsonld", ".md", ".parquet", ".sqlite", ".toml", ".txt", ".xlsx"})
_MANY = 200  # files beyond which one flush of everything is cheaper than one a file
_PATIENCE_S = 30.0  # of whoever wants to read, for a run that moves its package into place
_REMEDIES = {
    errno.ENOSPC: "free some space, or choose another --out; what was there before is as it was",
    errno.EDQUOT: "free some space, or choose another --out; what was there before is as it was",
}


class PlaceError(ExportError):
    """A package cannot be written where it was asked for."""

    exit_code = 2
    remedy = "choose another --out"


def unwritable(directory: Path, error: OSError) -> PlaceError:
    """The one line for a folder that the system will not let us write in."""
    where = error.filename2 or error.filename
    named = f"{directory}: {Path(os.fsdecode(where)).name}: " if isinstance(where, str | bytes) else f"{directory}: "
    why = os.strerror(error.errno) if error.errno else str(error)
    return PlaceError(f"{named}{why}", _REMEDIES.get(error.errno or 0, ""))


@contextmanager
def locked(directory: Path, wait_s: float = 0.0) -> Iterator[Path]:
    """The folder, made if it is not there, with nobody else writing a package in it.

    What an interrupted run left is finished first. A folder that was made for this and is empty at the end is removed
    again.

    Args:
        directory: where the package is to lie.
        wait_s: how long to wait for another one that writes there.

    Raises:
        PlaceError: it is a file, or may not be written in, or is being written in by another run.
    """
    made = _made(directory)
    try:
        _refuse_links(directory)
        with lock.held(directory, directory / PARTS / "lock", wait_s):
            recover(directory)
            yield directory
    except lock.TakenError:
        remedy = "wait until it ends, or choose another --out"
        raise PlaceError(f"{directory}: another run is writing here", remedy) from None
    finally:
        for folder in (directory / PARTS, *made):  # those that are empty
            with contextlib.suppress(OSError):
                folder.rmdir()


def settle(directory: Path) -> None:
    """Finish what an interrupted run began, before its package is read; wait for one that is at it.

    Raises:
        PlaceError: it cannot be finished; the package there is half old and half new.
    """
    if not (directory / _JOURNAL).is_file():
        return
    try:
        with locked(directory, _PATIENCE_S):
            pass
    except PlaceError as error:
        raise PlaceError(
            f"{error}: an interrupted run left this package half written", "run the command again where it may write"
        ) from error


def _refuse_links(directory: Path) -> None:
    """Refuse folders of ours that are links: a package from a stranger would have files elsewhere moved and removed."""
    for name in (PARTS, _NEXT, _OLD):
        if (directory / name).is_symlink():
            raise _foreign(directory / name)


def _made(directory: Path) -> list[Path]:
    """Make the folder; gives back those that were not there, from the innermost out."""
    missing = [folder for folder in (directory, *directory.parents) if not os.path.lexists(folder)]
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise PlaceError(f"{directory}: there is a file of that name") from None
    except OSError as error:
        raise unwritable(directory, error) from error
    return missing


def files_of(directory: Path) -> frozenset[str]:
    """The files of the package that lies in ``directory``, relative to it; none where no package of ours does."""
    for place in (DESCRIPTOR, _FILES):
        try:
            described = json.loads((directory / place).read_text(encoding="utf-8"))
            listed = described[LISTED]
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            continue
        if isinstance(listed, dict):
            return frozenset({DESCRIPTOR, *(name for name in listed if _is_ours(directory, name))})
    return frozenset()


def _is_ours(directory: Path, name: Any) -> bool:
    """Is it a name such as we give: below the folder, through no link out of it, not hidden, of a kind that we write?

    What a descriptor or a journal says is not to be believed: it may have come with a package from a stranger.
    """
    if name in _BESIDE:
        return True
    path = inside(directory, name)
    if path is None or PurePosixPath(name).as_posix() != name or path.suffix not in _OURS:
        return False
    return not any(part.startswith(".") for part in PurePosixPath(name).parts)


def inside(directory: Path, name: Any) -> Path | None:
    """The path of a file that a package names, or None where the name leads out of its folder.

    Args:
        directory: the package.
        name: what a descriptor says, of whatever type.
    """
    if not isinstance(name, str) or not name or "\0" in name or "\\" in name:
        return None
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return None
    here = directory / path
    try:
        return here if here.resolve().is_relative_to(directory.resolve()) else None
    except (OSError, RuntimeError, ValueError):  # a loop of links
        return None


@contextmanager
def replacing(directory: Path) -> Iterator[Path]:
    """An empty folder to write a package into; on leaving, that package takes the place of the one in ``directory``.

    To be used inside ``locked``. Where anything is raised, the package in ``directory`` stays as it is.

    Raises:
        PlaceError: it cannot be written, or a file that is not ours is in the way.
    """
    staged = directory / _NEXT
    try:
        _discard(directory)
        staged.mkdir(parents=True)
        yield staged
        _list(staged)
        _commit(directory, staged)
    except OSError as error:
        _discard(directory)
        raise unwritable(directory, error) from error
    except BaseException:
        _discard(directory)
        raise


def recover(directory: Path) -> None:
    """Finish what an interrupted run began: after this the package there is whole.

    Raises:
        PlaceError: the moves that are left cannot be made.
    """
    journal = directory / _JOURNAL
    try:
        told = json.loads(journal.read_text(encoding="utf-8"))
        moved, removed = ([name for name in told[key] if _is_ours(directory, name)] for key in ("move", "remove"))
        moved = [name for name in moved if inside(directory / _NEXT, name)]
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise unwritable(directory, error) from error
    except (ValueError, TypeError, KeyError, RecursionError):  # renamed into place whole, so no run of ours wrote it
        moved, removed = [], []
    try:
        _move(directory, moved, removed)
        journal.unlink()
    except OSError as error:
        raise unwritable(directory, error) from error
    _discard(directory)


def _list(staged: Path) -> None:
    """Put the list of the package's files into its descriptor."""
    path = staged / DESCRIPTOR
    described = json.loads(path.read_text(encoding="utf-8"))
    names = [name for name in _names(staged) if name not in (DESCRIPTOR, *_BESIDE)]
    described[LISTED] = {name: _sha256(staged / name) for name in names}
    path.write_text(json.dumps(described, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if (staged / PARTS).is_dir():
        listed = {LISTED: described[LISTED]}
        (staged / _FILES).write_text(json.dumps(listed, ensure_ascii=False), encoding="utf-8")


def _names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()


def _commit(directory: Path, staged: Path) -> None:
    new, before = _names(staged), files_of(directory)
    for name in new:
        _refuse_foreign(directory, name, before)
    changed = [name for name in new if not _is_same(staged / name, directory / name)]
    # The descriptor goes last: while the hashes that it lists hold, the package is whole.
    changed.sort(key=lambda name: name == DESCRIPTOR)
    gone = sorted(before - set(new))
    if not changed and not gone:
        _discard(directory)
        return
    _flush(staged, changed)
    journal = directory / _JOURNAL
    beside = journal.with_suffix(".part")
    beside.write_text(json.dumps({"move": changed, "remove": gone}), encoding="utf-8")
    _flush(beside.parent, [beside.name])
    beside.replace(journal)
    _flush_folder(journal.parent)
    try:
        _move(directory, changed, gone, keep=True)
        journal.unlink()
    except BaseException:
        _undo(directory, changed, gone)
        journal.unlink()
        raise
    _discard(directory)


def _refuse_foreign(directory: Path, name: str, ours: Iterable[str]) -> None:
    """Refuse to write where something stands that no package of ours lists."""
    path = directory
    for part in PurePosixPath(name).parts[:-1]:
        path = path / part
        if path.is_symlink() or (os.path.lexists(path) and not path.is_dir()):
            raise _foreign(path)
    path = directory / name
    if not os.path.lexists(path) or name in _BESIDE:
        return
    if name not in ours or stat.S_ISDIR(path.lstat().st_mode):
        raise _foreign(path)


def _foreign(path: Path) -> PlaceError:
    return PlaceError(f"{path}: is in the way and was not made by a run", "move it away, or choose another --out")


def check(directory: Path) -> None:
    """Refuse, before anything is read, a folder that holds files of these names which no run of ours wrote.

    Raises:
        PlaceError: there is one; the message names it.
    """
    ours = files_of(directory)
    for name in (DESCRIPTOR, "documents.csv", "cells.csv", "checks.csv", "tables.json", "review.html"):
        _refuse_foreign(directory, name, ours)


def _is_same(new: Path, old: Path) -> bool:
    if old.is_symlink() or not old.is_file() or old.stat().st_size != new.stat().st_size:
        return False
    return _sha256(new) == _sha256(old)


def _move(directory: Path, moved: Iterable[str], removed: Iterable[str], keep: bool = False) -> None:
    """Make the moves that are not yet made; with ``keep``, what stood there goes to a place to be put back from."""
    staged, old = directory / _NEXT, directory / _OLD
    folders = {directory}
    for name in moved:
        new, place = staged / name, directory / name
        if not os.path.lexists(new):
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        if keep and os.path.lexists(place):
            _put(place, old / name)
        new.replace(place)
        folders.add(place.parent)
    for name in removed:
        place = directory / name
        if not os.path.lexists(place):
            continue
        if keep:
            _put(place, old / name)
        else:
            place.unlink()
        folders.add(place.parent)
    for folder in folders:
        _flush_folder(folder)
    _remove_empty(directory, removed)


def _undo(directory: Path, moved: Iterable[str], removed: Iterable[str]) -> None:
    """Put everything back where it was before ``_move``."""
    staged, old = directory / _NEXT, directory / _OLD
    for name in moved:
        new, place = staged / name, directory / name
        if not os.path.lexists(new) and os.path.lexists(place):
            place.replace(new)
    for name in (*moved, *removed):
        if os.path.lexists(old / name):
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            (old / name).replace(directory / name)
    _remove_empty(directory, moved)


def _put(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)


def _remove_empty(directory: Path, names: Iterable[str]) -> None:
    """Remove folders of ours that hold nothing any more."""
    folders = {folder for name in names for folder in PurePosixPath(name).parents if folder.parts}
    for folder in sorted(folders, key=lambda f: -len(f.parts)):
        with contextlib.suppress(OSError):
            (directory / folder).rmdir()


def _discard(directory: Path) -> None:
    if (directory / _JOURNAL).exists():
        return  # what is staged is still needed
    for folder in (_NEXT, _OLD):
        shutil.rmtree(directory / folder, ignore_errors=True)


def _flush(folder: Path, names: list[str]) -> None:
    """Have the files on the disk, not in its cache, when this returns."""
    if len(names) > _MANY and hasattr(os, "sync"):
        os.sync()
        return
    for name in names:
        with (folder / name).open("rb+") as file:
            os.fsync(file.fileno())
    for parent in {(folder / name).parent for name in names}:
        _flush_folder(parent)


def _flush_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # Windows does not open folders, some file systems do not flush them
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
