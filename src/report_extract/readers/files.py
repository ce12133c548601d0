"""What readers ask of a file before any parser sees it."""

from __future__ import annotations

import hashlib
import logging
import mmap
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_log = logging.getLogger(__name__)

MAX_OBJECT_STREAMS = 2000
MAX_INFLATED = 1 << 20  # bytes of one object stream
_UNUSUAL = re.compile(rb"/(UserUnit)|/(OFF)\s*(?:\[\s*\d|\d)|/(BaseState)\s*/OFF")


def sha256(path: Path) -> str:
    """The file's hash, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def shown(path: Path) -> str:
    """A file's name as it may stand in a message: one line, nothing in it that steers a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in path.name)


def unusual(path: Path) -> frozenset[str]:
    """What pdfium does not tell of a PDF and is rare.

    Returns:
        "UserUnit" where a page may have a unit of its own; "OFF" or "BaseState" where layers
        (optional content groups) may be switched off.
    """
    return frozenset(name.decode() for part in objects(path) for found in _UNUSUAL.findall(part) for name in found)


def user_units(path: Path) -> dict[int, float]:
    """The pages of a PDF whose unit is not 1/72 inch, and how many 72nds it is."""
    import pdfplumber
    from pdfminer.pdftypes import resolve1

    try:
        with pdfplumber.open(path) as pdf:
            attributes: list[dict[str, Any]] = [page.page_obj.attrs for page in pdf.pages]
            units = {number: resolve1(a.get("UserUnit")) for number, a in enumerate(attributes, 1)}
    except Exception:  # the parser lets AssertionError, KeyError and their like through
        _log.info("%s: units of pages not read, taken as points", path.name, exc_info=True)
        return {}
    return {n: float(u) for n, u in units.items() if isinstance(u, int | float) and 0 < u <= 100 and u != 1}


def objects(path: Path) -> Iterator[bytes | mmap.mmap]:
    """A PDF as it is, then its compressed object streams, as far as they inflate."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield data
        at = -1
        for _ in range(MAX_OBJECT_STREAMS):
            at = data.find(b"/ObjStm", at + 1)
            start = data.find(b"stream", at) if at >= 0 else -1
            if start < 0:
                return
            start += 6
            start += next(k for k in (2, 1, 0) if data[start : start + k] in (b"\r\n", b"\n", b""))
            try:
                yield zlib.decompressobj().decompress(data[start : start + MAX_INFLATED], MAX_INFLATED)
            except zlib.error:
                continue
