"""From pictures of upright lines to readings with alternatives."""

from __future__ import annotations

from functools import cache

from ..core.errors import UsageError
from ..core.protocols import Recogniser

RECOGNISERS = ("rapidocr", "blank")


@cache
def get_recogniser(name: str = "rapidocr") -> Recogniser:
    """The recogniser of that name, one a process; its model is loaded when it first reads."""
    match name:
        case "rapidocr":
            from .rapidocr import RapidOcr

            return RapidOcr()
        case "blank":
            from .blank import Blank

            return Blank()
    raise UsageError(f"there is no recogniser {name!r}", f"choose one of: {', '.join(RECOGNISERS)}")


@cache
def get_figure_reader() -> Recogniser:
    """The second reader of recognised figures, one a process; its network is loaded when it first reads."""
    from .figures import FigureReader

    return FigureReader()
