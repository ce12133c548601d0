"""Files that mean harm, or are none, each made here in a few lines: what a folder from the web holds among the good."""

from __future__ import annotations

import zlib
from pathlib import Path

_TREE = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>")


def hostile(sound: bytes) -> dict[str, bytes]:
    """Name -> content of files that cannot be read, ``sound`` being a PDF that can."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %s]/Contents 4 0 R>>"
    packed = zlib.compress(b" " * (256 << 20), 9)
    loop = b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>"
    lines = b"\n".join(b"0 %d m 9 %d l S" % (k, k) for k in range(600_000))
    return {
        "empty.pdf": b"",
        "web-page.pdf": b"<!DOCTYPE html><html><body>404 Not Found</body></html>",
        "cut.pdf": sound[: len(sound) // 3],
        "noise.pdf": b"%PDF-1.7\n" + bytes(range(256)) * 40,
        "picture.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 64,
        "archive.pdf": b"PK\x03\x04" + b"\0" * 200,
        "binary.txt": "表\t1".encode() + b"\x01\x02\x03\x04" * 50,
        "vast-page.pdf": _pdf(*_TREE, page % b"10000000 10000000", _stream(b"")),
        "million-lines.pdf": _pdf(*_TREE, page % b"600 800", _stream(lines)),
        "locked.pdf": sound.replace(b"/Root", b"/Encrypt<</Filter/Nobody/V 9/R 9>>/Root"),
        "bomb.pdf": _pdf(*_TREE, page % b"600 800", _stream(packed, b"/Filter/FlateDecode")),
        "loop.pdf": _pdf(_TREE[0], loop, b"<</Type/Page/Parent 3 0 R/MediaBox 3 0 R/Contents 3 0 R>>"),
    }


def write_hostile(folder: Path, sound: bytes, count: int) -> list[str]:
    """Write ``count`` of them into ``folder``, in turn; gives their names."""
    kinds = list(hostile(sound).items())
    names = []
    for number in range(count):
        name, content = kinds[number % len(kinds)]
        (folder / f"hostile-{number:02d}-{name}").write_bytes(content)
        names.append(f"hostile-{number:02d}-{name}")
    return names


def _stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), entries, data)


def _pdf(*objects: bytes) -> bytes:
    """A file of objects numbered from 1, without a table of where they are: readers find them."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, content) for number, content in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF\n"
