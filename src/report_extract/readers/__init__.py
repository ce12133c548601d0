"""From a file to a Document: what kind of input is it, and who reads it?"""

from __future__ import annotations

import stat
from pathlib import Path

from ..core.errors import InputError, UsageError
from ..core.protocols import Document
from .bounds import MAX_FILE_BYTES
from .files import shown

READERS = ("pdfium", "pdfplumber")
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_ARCHIVE = b"PK"
_HTML = (b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body")


def open_document(path: str | Path, reader: str = "pdfium") -> Document:
    """Open an input by what it contains, whatever it is called.

    Args:
        path: a PDF, a picture of pages (PNG, JPEG, TIFF), or a text file of OCR output.
        reader: who reads a PDF: "pdfium" or "pdfplumber".

    Raises:
        InputError: it cannot be read; the message is one line with what to do.
    """
    path = Path(path)
    if reader not in READERS:
        raise UsageError(f"there is no reader {reader!r}", f"use one of: {', '.join(READERS)}")
    match kind(path):
        case "pdf" if reader == "pdfplumber":
            from .pdfplumber import PdfplumberDocument

            return PdfplumberDocument(path)
        case "pdf":
            from .pdfium import PdfiumDocument

            return PdfiumDocument(path)
        case "image":
            from .image import ImageDocument

            return ImageDocument(path)
        case _:
            from .ocr_text import TextDocument

            return TextDocument(path)


def kind(path: Path) -> str:
    """What a file is by its first bytes: "pdf", "image" or "text"; anything else is refused."""
    try:
        told = path.stat()
        if not stat.S_ISREG(told.st_mode) and not stat.S_ISDIR(told.st_mode):  # opening a pipe waits for its other end
            raise InputError(f"{shown(path)}: it is a pipe or a device, not a file", "save it as a file first")
        size = told.st_size
        with path.open("rb") as file:
            head = file.read(1024)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it cannot be read"
        raise InputError(f"{shown(path)}: {reason}", "check the path and its permissions") from error
    if not size:
        raise InputError(f"{shown(path)}: it is empty", "download or scan it again")
    if size > MAX_FILE_BYTES:
        raise InputError(f"{shown(path)}: it has {size >> 20:,} MiB, more than {MAX_FILE_BYTES >> 20:,}", "split it")
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(_IMAGES):
        return "image"
    if head.startswith(_ARCHIVE) and path.suffix.lower() == ".zip":
        wrong = f"{shown(path)}: it is an archive that is broken, encrypted or too large"
        raise InputError(wrong, "unpack it and give what it holds")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_HTML):
        raise InputError(f"{shown(path)}: it is a web page, not a PDF", "download the PDF itself")
    utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if path.suffix.lower() == ".pdf" or (b"\0" in head and not utf16):
        raise InputError(f"{shown(path)}: it is not a PDF, a picture or a text", "download or export it again")
    return "text"
