"""Parts that are installed on demand: what is missing is said in one line, before any work is done."""

from __future__ import annotations

from importlib.util import find_spec

from .errors import MissingEngineError


def require(package: str, extra: str, what: str) -> None:
    """Refuse ``what`` where ``package`` is not installed.

    Args:
        package: the import name of what is needed.
        extra: the extra of this project that brings it (``pyproject.toml``).
        what: what a person asked for, such as ``--format parquet``.

    Raises:
        MissingEngineError: it is not installed; the remedy names the extra.
    """
    if find_spec(package) is None:
        remedy = f"pip install 'report-extract[{extra}]'"
        raise MissingEngineError(f"{what} needs {package}, which is not installed", remedy)
