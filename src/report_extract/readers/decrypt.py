"""An encrypted PDF as one that is not, for a person who knows its password."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as api


def opened(path: Path, password: str, into: Path) -> bool:
    """Write a PDF that asks for a password to ``into`` without one.

    Args:
        path: any file.
        password: of the user or of the owner.
        into: the copy; its folder is there.

    Returns:
        Whether there is a copy: not where the file asks for no password, is no PDF, or the password is wrong.
    """
    try:
        pdfium.PdfDocument(path).close()
        return False
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) != api.FPDF_ERR_PASSWORD:
            return False
    except OSError:
        return False
    try:
        with pdfium.PdfDocument(path, password=password) as pdf, into.open("wb") as file:
            pdf.save(file, flags=api.FPDF_REMOVE_SECURITY)
    except pdfium.PdfiumError:
        into.unlink(missing_ok=True)
        return False
    return True
