"""Text from a hostile document, made harmless for what opens the output."""

from __future__ import annotations

import re
from pathlib import Path

# OWASP, "CSV Injection": a spreadsheet runs a field that begins with one of these, full-width ones too. What is made of
# a sign, figures and their punctuation calls nothing: -3, +310, +81-3-1234-5678, a lone dash stay as they are.
_FORMULA = re.compile(r"'*(?:[=＝@＠\t\r\n]|[-+－＋](?![\d０-９.,．，()\s－-]*$))")
_LONGEST = 32_767  # characters of a cell of a spreadsheet
_CUT = "…(全{0}文字。続きは CSV にあります)"
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """``text`` without what no file may hold: control characters and lone surrogates become U+FFFD."""
    return _UNPRINTABLE.sub("\ufffd", text)


def spreadsheet(text: str) -> str:
    """``text`` so that a spreadsheet shows it rather than runs it: behind an apostrophe, which ``plain`` takes away."""
    text = printable(text)
    return "'" + text if _FORMULA.match(text) else text


def plain(text: str) -> str:
    """What ``spreadsheet`` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def fitting(text: str) -> str:
    """``text`` as a cell of a workbook can hold it; where it is cut, that is said at its end."""
    text = printable(text)
    if len(text) <= _LONGEST:
        return text
    said = _CUT.format(f"{len(text):,}")
    return text[: _LONGEST - len(said)] + said


def profile_path(directory: Path, name: str) -> Path:
    """Where a package keeps the text of a profile that is not built in."""
    return directory / "profiles" / f"{name_stem(name)}.toml"


def name_stem(name: str) -> str:
    """The stem of the file of a dataset or profile: its own name, so that no two share a file (cells and cells_)."""
    return name if name.isidentifier() else file_stem(name)


def file_stem(name: str) -> str:
    """A name that is safe as a file's: no path, no control characters, at most 150 bytes."""
    stem = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|\s]+', "_", printable(name)).strip("._ ")
    stem = stem.lstrip("-=+@._ ") or "document"  # it stands in CSV, too, and on command lines
    while len(stem.encode()) > 150:
        stem = stem[:-1]
    return stem
