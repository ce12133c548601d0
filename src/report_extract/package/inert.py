"""Text from a hostile document, made harmless for what opens the output."""

from __future__ import annotations

import re
from pathlib import Path

# OWASP, "CSV Injection": a spreadsheet runs a field that begins with one of these. A lone dash and a
# negative number begin with "-" too and do no harm, so they stay as they are.
_FORMULA = re.compile(r"^(?:[=+@\t\r]|-(?![\d.,]*$))")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """``text`` without what no file may hold: control characters and lone surrogates become U+FFFD."""
    return _UNPRINTABLE.sub("\ufffd", text)


def spreadsheet(text: str) -> str:
    """``text`` so that a spreadsheet shows it rather than runs it."""
    text = printable(text)
    return "'" + text if _FORMULA.match(text) else text


def profile_path(directory: Path, name: str) -> Path:
    """Where a package keeps the text of a profile that is not built in."""
    return directory / "profiles" / f"{file_stem(name)}.toml"


def file_stem(name: str) -> str:
    """A name that is safe as a file's: no path, no control characters, at most 150 bytes."""
    stem = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|\s]+', "_", printable(name)).strip("._ ")
    stem = stem.lstrip("-=+@._ ") or "document"  # it stands in CSV, too, and on command lines
    while len(stem.encode()) > 150:
        stem = stem[:-1]
    return stem
