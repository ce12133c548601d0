"""What every worker would read again, read once: imported by the process that workers are forked from.

A one-page report costs 0.1 s, these modules, profiles, registers and letter shapes 0.4 s. Only reading is done
here: no thread, no recogniser and no file stays open across the fork.
"""

from __future__ import annotations

import importlib
from contextlib import suppress

from . import batch, names, profile, shapes

for _name in ("cv2", "numpy.char", "PIL.Image", "PIL.PngImagePlugin", "html", "uuid", f"{__package__}.readers.pdfium"):
    with suppress(ImportError):
        importlib.import_module(_name)
with suppress(ImportError):  # a worker is one of as many as there are processors
    importlib.import_module("cv2").setNumThreads(1)
profile.builtin()
names.by_code()
names.mentions("市")
shapes.shapes()

__all__ = ["batch"]
