"""The log: which way was taken for each page, and why. Standard ``logging`` below the name ``report_extract``."""

from __future__ import annotations

import logging
import os

NAME = "report_extract"
_LEVELS = {-1: logging.ERROR, 0: logging.WARNING, 1: logging.INFO, 2: logging.DEBUG}
_VARIABLE = "REPORT_EXTRACT_LOG"  # tells workers, which are processes of their own, how much to say


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


def _to_stderr(level: int) -> None:
    logger = logging.getLogger(NAME)
    logger.setLevel(level)
    for handler in [h for h in logger.handlers if getattr(h, "name", "") == NAME]:
        logger.removeHandler(handler)
    handler = logging.StreamHandler()  # standard error
    handler.set_name(NAME)
    handler.setFormatter(logging.Formatter("%(levelname).1s %(name)s: %(message)s"))
    logger.addHandler(handler)
    logger.propagate = False
