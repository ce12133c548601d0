"""The modules that a worker needs for a report with a text layer, imported by the process that it is forked from."""

from __future__ import annotations

import importlib
from contextlib import suppress

from ..core import log
from . import batch

log.set_up_worker()

for _name in ("cv2", "numpy.char", "numpy.ma", "PIL.Image", "PIL.PngImagePlugin", "html", "uuid"):
    with suppress(ImportError):
        importlib.import_module(_name)
with suppress(ImportError):  # a worker is one of as many as there are processors
    importlib.import_module("cv2").setNumThreads(1)
importlib.import_module("report_extract.readers.pdfium")

__all__ = ["batch"]
