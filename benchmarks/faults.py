"""Every write of a run and of what follows a correction fails once in every way: what is left?

    python -m benchmarks.faults

A fault is a kill, an I/O error, a full disk, a refusal or a lack of memory at the n-th opening for writing, write,
flush, rename, removal or making of a folder. After each, the old or the new package has to be there whole, what was
typed as it was, and the same command has to go through. ``tests/test_faults.py`` holds a part of this at every change.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import io
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from report_extract.cli import run as command
from report_extract.package.place import settle
from report_extract.run import batch
from tests.faults import KILL, MEMORY, Faults, in_this_process, tried
from tests.test_batch import package
from tests.test_faults import begun

HOW = {
    "kill": KILL,
    "I/O error": errno.EIO,
    "disk full": errno.ENOSPC,
    "refused": errno.EACCES,
    "memory": MEMORY,
}


def whole(here: Path, what: str, formats: str, every: int) -> tuple[int, int, list[str]]:
    """Try an act with every fault at every step.

    Args:
        here: an empty folder.
        what: "run" or "correction".
        formats: other formats of the package.
        every: one step in so many is tried.

    Returns:
        The steps of the act, how often it was tried, and what was broken by which fault.
    """
    before, act, typed = begun(here, what, formats)
    after = shutil.copytree(before, here / "after")
    steps, _ = tried(lambda: act(after), Faults(after))
    old, new = package(before), package(after)
    broken, tries = [], 0
    for at in range(1, steps + 1, every):
        for name, how in HOW.items():
            out = shutil.copytree(before, here / "out")
            forever = how == errno.ENOSPC
            tried(lambda out=out, at=at, how=how, forever=forever: act(out), Faults(out, at, how, forever))  # type: ignore[misc]
            settle(out)
            if package(out) not in (old, new) or (out / "corrections.jsonl").read_bytes() != typed:
                broken.append(f"{what}, step {at}, {name}: neither the old nor the new package")
            act(out)
            if package(out) != new:
                broken.append(f"{what}, step {at}, {name}: the next one does not go through")
            shutil.rmtree(out)
            tries += 1
    return steps, tries, broken


def _counted_alone(fd: Any) -> None:
    """In place of ``os.fsync``: its calls count, and the end of a process loses no cache."""


def main() -> int:
    """Print what was tried; 1 if anything was broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--format", default="xlsx,sqlite", help="other formats of the package")
    parser.add_argument("--every", type=int, default=1, help="try one step in so many")
    told = parser.parse_args()
    batch._processes = in_this_process
    command.prepare = lambda several: None  # type: ignore[attr-defined]
    os.fsync = _counted_alone
    print("| what | steps | faults tried | broken |\n|---|---|---|---|")
    failed = False
    for what in ("run", "correction"):
        with tempfile.TemporaryDirectory(prefix="faults-") as folder, contextlib.redirect_stderr(io.StringIO()):
            steps, tries, broken = whole(Path(folder), what, told.format, told.every)
        print(f"| {what} | {steps} | {tries} | {len(broken)} |", flush=True)
        for line in broken:
            print(f"    {line}", file=sys.stderr)
        failed |= bool(broken) or not steps
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
