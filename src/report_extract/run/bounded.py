"""One input read within the bounds of a run, for commands that write no package."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from ..core.errors import InputError
from ..core.model import Extraction
from ..pipeline import Options
from .batch import Limits, run
from .inputs import Input, expand
from .parts import plan, read_part

BOUNDS = Limits()


def extract_within(path: Path | Input, options: Options, limits: Limits | None = None) -> Extraction:
    """What ``pipeline.extract_one`` gives, from a process of its own.

    Args:
        path: a file, or an input with its name.
        options: see ``Options``.
        limits: what it may cost.

    Raises:
        InputError: it cannot be read, or costs too much.
    """
    given = path if isinstance(path, Input) else next(iter(expand([path])), Input(path, path.stem))
    with tempfile.TemporaryDirectory(prefix="report-extract-") as folder:
        (job,) = plan([given], Path(folder), options)
        job = replace(job, review=False)
        run([job], limits=limits or BOUNDS)
        extraction = read_part(job.part)
    if extraction.error:
        raise InputError(extraction.error)
    return extraction
