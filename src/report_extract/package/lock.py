"""Nobody else writes a package in a folder: the system's own lock, which ends with the process, however that ends.

Where there is ``flock`` it is taken on the folder itself and leaves nothing behind. Windows opens no folders: there a
byte of a file is locked (``LockFile``, by ``msvcrt``), and the file is removed with the lock.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]
try:
    import msvcrt
except ImportError:
    msvcrt = None  # type: ignore[assignment]

_POLL_S = 0.1
_TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


class TakenError(Exception):
    """Somebody else holds the lock."""


@contextmanager
def held(directory: Path, file: Path, wait_s: float) -> Iterator[None]:
    """The lock of a folder. A file system that knows no locks gives one to everybody.

    Args:
        directory: the folder, which is there.
        file: what is locked where folders cannot be.
        wait_s: how long to wait for whoever holds it.

    Raises:
        TakenError: somebody else holds it.
        OSError: the file cannot be made.
    """
    until = time.monotonic() + wait_s
    opened = _opened(directory, file)
    try:
        while not _is_locked(opened):
            if time.monotonic() >= until:
                raise TakenError
            time.sleep(_POLL_S)
        yield
    finally:
        os.close(opened)
        if fcntl is None:
            with contextlib.suppress(OSError):  # somebody waits for it, and has it open
                file.unlink()


def _opened(directory: Path, file: Path) -> int:
    if fcntl is not None:
        return os.open(directory, os.O_RDONLY)
    file.parent.mkdir(exist_ok=True)
    return os.open(file, os.O_RDWR | os.O_CREAT)


def _is_locked(opened: int) -> bool:
    """Is the lock ours now? False where it is somebody else's."""
    try:
        if fcntl is not None:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        elif msvcrt is not None:
            os.lseek(opened, 0, os.SEEK_SET)
            msvcrt.locking(opened, msvcrt.LK_NBLCK, 1)
    except OSError as error:
        return error.errno not in _TAKEN
    return True
