"""Checked datasets from the PDF reports that Japanese municipalities publish.

>>> import report_extract as rx
>>> result = rx.extract("report.pdf")            # doctest: +SKIP
>>> result.datasets["department_counts"]         # doctest: +SKIP
>>> result.write("out/")                         # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .core.version import __version__

if TYPE_CHECKING:
    from .core.model import Cell as Cell
    from .core.model import Table as Table
    from .pipeline import Options as Options
    from .result import Result as Result
    from .result import extract as extract
    from .result import extract_tables as extract_tables

_HOME = {
    "Cell": "core.model",
    "Table": "core.model",
    "Options": "pipeline",
    "Result": "result",
    "extract": "result",
    "extract_tables": "result",
}
__all__ = ["Cell", "Options", "Result", "Table", "__version__", "extract", "extract_tables"]


def __getattr__(name: str) -> Any:
    """Import on first use: `--help` need not wait for numpy."""
    if name in _HOME:
        return getattr(import_module(f".{_HOME[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
