"""An encrypted PDF as one that is not, for a person who knows its password."""

from __future__ import annotations

import contextlib
import mmap
from collections.abc import Sequence
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as api


def may_be_encrypted(path: Path) -> bool:
    """Whether the file names a dictionary of encryption anywhere: cheap, and no parser sees the file."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return content.find(b"/Encrypt") >= 0
    except (OSError, ValueError):
        return False


def decrypt(given: tuple[Path, Sequence[str], Path]) -> None:
    """Write a PDF that asks for a password to another path without one.

    Nothing is written where the file asks for no password, is no PDF, or no password fits.

    Args:
        given: the file, passwords of its user or its owner, and where the copy goes; its folder is there.
    """
    path, passwords, into = given
    for password in ("", *passwords):
        try:
            with pdfium.PdfDocument(path, password=password or None) as pdf:
                if not password:
                    return  # it asks for none
                beside = into.with_name(into.name + ".part")
                with beside.open("wb") as file:
                    pdf.save(file, flags=api.FPDF_REMOVE_SECURITY)
                beside.replace(into)
                return
        except pdfium.PdfiumError as error:
            with contextlib.suppress(OSError):
                into.with_name(into.name + ".part").unlink()
            if getattr(error, "err_code", None) != api.FPDF_ERR_PASSWORD:
                return
