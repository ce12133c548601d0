"""Undo and redo over corrections.jsonl, which is only ever appended to.

What a person does at once is one *step*: its entries share ``step``. Taking a step back appends
``{"kind": "undo", "of": step}``, doing it again ``{"kind": "redo", "of": step}``, so that both work after the page was
left, and the file tells what happened.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from . import store

UNDO, REDO = "undo", "redo"


def new_id() -> str:
    """A name for an entry or a step."""
    return secrets.token_hex(6)


def stacks(entries: Iterable[Mapping[str, Any]]) -> tuple[list[str], list[str]]:
    """The steps that can be undone and those that can be done again, the next one last."""
    done: list[str] = []
    undone: list[str] = []
    for entry in entries:
        kind, of = entry.get("kind"), str(entry.get("of", ""))
        if kind == UNDO and of in done:
            done.remove(of)
            undone.append(of)
        elif kind == REDO and of in undone:
            undone.remove(of)
            done.append(of)
        elif kind not in (UNDO, REDO) and entry.get("step"):
            step = str(entry["step"])
            if not done or done[-1] != step:
                done.append(step)
            undone.clear()
    return done, undone


def state(path: Path) -> dict[str, int]:
    """How many steps can be undone, and done again."""
    try:
        stamp = path.stat()
    except OSError:
        return {UNDO: 0, REDO: 0}
    done, undone = _counted(path, stamp.st_mtime_ns, stamp.st_size)
    return {UNDO: done, REDO: undone}


@lru_cache(maxsize=4)
def _counted(path: Path, mtime: int, size: int) -> tuple[int, int]:
    done, undone = stacks(_told(path))
    return len(done), len(undone)


def _told(path: Path) -> list[dict[str, Any]]:
    return [entry for _, entry in store.entries(path) if isinstance(entry, dict)]


def undo(path: Path, time: str, redo: bool = False) -> list[dict[str, Any]]:
    """Take the last step back, or do the last one taken back again.

    Returns:
        The entries of the step; none where there is no step.
    """
    if not path.is_file():
        return []
    entries = _told(path)
    stack = stacks(entries)[redo]
    if not stack:
        return []
    step = stack[-1]
    own = [e for e in entries if e.get("step") == step]
    touched = {str(e.get("sha256", "")) for e in own}
    told = [{"kind": REDO if redo else UNDO, "time": time, "of": step, "sha256": sha256} for sha256 in sorted(touched)]
    store.append_entries(path, told)
    return own
