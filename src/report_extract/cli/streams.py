"""Standard output and error that take every letter, whatever encoding the terminal has."""

from __future__ import annotations

import io
import sys


def tolerant() -> None:
    """Let a letter that the terminal's encoding lacks be shown by its code instead of ending the run."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def for_data() -> None:
    """Let CSV and JSON on standard output be UTF-8 with LF where a file or a program reads them."""
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8", errors="strict", newline="\n")
