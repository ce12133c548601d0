"""The log: which way was taken for each page, and why. Standard ``logging`` below the name ``report_extract``."""

from __future__ import annotations

import logging
import os

NAME = "report_extract"
_LEVELS = {-1: logging.ERROR, 0: logging.WARNING, 1: logging.INFO, 2: logging.DEBUG}
_VARIABLE = "REPORT_EXTRACT_LOG"  # tells workers, which are processes of their own, how much to say
_PAGES = "REPORT_EXTRACT_PAGES"  # tells them a file that gains a line a page


def set_up(verbosity: int) -> None:
    """Write the log to standard error, in this process and in the workers that it will start.

    Args:
        verbosity: -1 errors only, 0 warnings, 1 how each page was read, 2 every detail.
    """
    level = _LEVELS[max(-1, min(2, verbosity))]
    os.environ[_VARIABLE] = logging.getLevelName(level)
    _to_stderr(level)


def set_up_worker() -> None:
    """The same in a worker: as much as the process that started it was told to say."""
    level = logging.getLevelName(os.environ.get(_VARIABLE, "WARNING"))
    _to_stderr(level if isinstance(level, int) else logging.WARNING)
    if os.environ.get(_PAGES):
        logger = logging.getLogger(NAME)
        logger.setLevel(min(logger.level, logging.INFO))
        logger.addHandler(_PageLines(os.environ[_PAGES]))


def pages_into(path: str) -> None:
    """Have the workers that are started from now on add a line to a file for each page that they begin.

    Args:
        path: the file; its lines are a document's file name, the page's number and the count of pages, parted by tabs.
    """
    os.environ[_PAGES] = path


class _PageLines(logging.Handler):
    """Adds a line to a file for each record that tells of a page (``extra={"page": 3, "pages": 12, "file": ...}``)."""

    def __init__(self, path: str) -> None:
        super().__init__(logging.INFO)
        self._path = path

    def emit(self, record: logging.LogRecord) -> None:
        page = getattr(record, "page", 0)
        if page:
            told = (getattr(record, "file", ""), page, getattr(record, "pages", page))
            line = ("\t".join(map(str, told)) + "\n").encode("utf-8", "replace")
            try:
                # Several processes write: a short line added in one call stays whole.
                handle = os.open(self._path, os.O_WRONLY | os.O_APPEND)
                try:
                    os.write(handle, line)
                finally:
                    os.close(handle)
            except OSError:  # nobody looks any more
                self.setLevel(logging.CRITICAL)


def _to_stderr(level: int) -> None:
    logger = logging.getLogger(NAME)
    logger.setLevel(level)
    for handler in [h for h in logger.handlers if getattr(h, "name", "") == NAME]:
        logger.removeHandler(handler)
    handler = logging.StreamHandler()  # standard error
    handler.set_name(NAME)
    handler.setLevel(level)
    handler.setFormatter(logging.Formatter("%(levelname).1s %(name)s: %(message)s"))
    logger.addHandler(handler)
    logger.propagate = False
