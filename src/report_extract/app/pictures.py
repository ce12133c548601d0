"""Pictures of pages, rendered when they are looked at."""

from __future__ import annotations

import base64
import io
import re
import threading
from functools import lru_cache
from pathlib import Path

import numpy as np

from ..core.errors import InputError
from ..readers import open_document
from ..review.page import png
from .workspace import Entry, Workspace

_LOCK = threading.Lock()  # pdfium is not safe for threads


def page_png(workspace: Workspace, entry: Entry, number: int, dpi: int, turn: int = 0) -> bytes:
    """A page as PNG, turned so that what lies on it by ``turn`` degrees stands upright.

    Raises:
        KeyError: there is no such page, and the file is gone.
    """
    try:
        stamp = Path(entry.path).stat().st_mtime_ns
        return _rendered(entry.path, stamp, number, dpi, turn)
    except (OSError, InputError):
        return _turned(_kept(workspace.part(entry).with_suffix(".html"), number), turn)


@lru_cache(maxsize=64)
def _rendered(path: str, stamp: int, number: int, dpi: int, turn: int) -> bytes:
    with _LOCK, open_document(Path(path)) as document:
        if not 1 <= number <= document.page_count:
            raise KeyError(number)
        return png(np.ascontiguousarray(np.rot90(document.render(number, dpi), turn // 90)))


def _turned(given: bytes, turn: int) -> bytes:
    from PIL import Image

    if not turn:
        return given
    buffer = io.BytesIO()
    Image.open(io.BytesIO(given)).rotate(turn, expand=True).save(buffer, "PNG")
    return buffer.getvalue()


def _kept(html: Path, number: int) -> bytes:
    """The picture that the static review page holds, where the file itself is not there any more."""
    try:
        text = html.read_text(encoding="utf-8")
    except OSError as error:
        raise KeyError(number) from error
    found = re.search(rf'<script type="text/plain" id="picture-{int(number)}">([A-Za-z0-9+/=\s]*)</script>', text)
    if not found:
        raise KeyError(number)
    return base64.b64decode(found[1])
