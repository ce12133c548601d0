"""A run from its inputs to its package: what the command line and the server both call.

Nothing in the folder changes before all inputs are done, nothing at all where none of them could be read.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..checks.across_years import CrossYearChecks
from ..core.errors import ExportError, UsageError
from ..core.model import Extraction
from ..package import place
from ..package.datapackage import Terms
from ..package.schema import contract_datasets
from ..package.write import replace_package
from ..pipeline import Options
from .batch import Cluster, Limits, run
from .inputs import expand
from .parts import CORRECTIONS, Job, Parts, forget, held, is_done, is_lost, plan, read_part

_WAIT_S = 60.0  # for a run that writes where a correction is to be put


@dataclass(frozen=True, slots=True)
class Writing:
    """How a package is written.

    Attributes:
        lang: "ja" or "en": of messages and labels.
        formats: other formats to write as well.
        bom: begin every CSV with a byte order mark, as Excel wants it; None: as the package before did.
        terms: licence and source; None: those that the package had before.
        add: keep the documents that the package holds already.
    """

    lang: str = "ja"
    formats: tuple[str, ...] = ()
    bom: bool | None = None
    terms: Terms | None = None
    add: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to.

    Attributes:
        extractions: of all documents of the package; of the inputs alone where nothing was written.
        given: the documents that the inputs are called.
        written: is there a new package?
        refused: why each input could not be read whose earlier version the package keeps.
    """

    extractions: Iterable[Extraction]
    given: frozenset[str]
    written: bool
    refused: tuple[str, ...] = ()


def run_into(
    paths: Sequence[Path],
    directory: Path,
    options: Options,
    writing: Writing,
    *,
    workers: int = 1,
    limits: Limits | None = None,
    cluster: Cluster | None = None,
    planned: Callable[[int], None] = lambda count: None,
    done: Callable[[Job], None] = lambda job: None,
) -> Outcome:
    """Read the inputs, and have their package take the place of the one in ``directory``.

    Args:
        paths: files and folders.
        directory: the package's folder; made if it is not there.
        options: see ``Options``.
        writing: see ``Writing``.
        workers, limits, cluster: see ``batch.run``.
        planned: told how many jobs there are.
        done: called after each job.

    Raises:
        UsageError: there is no input.
        PlaceError: the folder cannot be written in; what it held is as it was.
        ExportError: what the package holds cannot be kept.
    """
    with place.locked(directory):
        place.check(directory)
        before = held(directory) if writing.add else []
        damaged = [job for job in before if not is_done(job) and not is_lost(job)]
        inputs = expand(paths, [job.input for job in before])
        if not inputs:
            raise UsageError("no PDF, image or text among the inputs", "name a file, or a folder that holds some")
        given = frozenset(one.document for one in inputs)
        jobs = plan(inputs, directory, options, writing.lang, before)
        planned(len(jobs))
        try:
            run(jobs, workers, limits, done, cluster)
            new = [job for job in jobs if job.input.document in given]
            if all(read_part(job.part).error for job in new):
                outcome = Outcome(tuple(Parts(new)), given, False)
                Parts(_held_parts(directory)).prune(directory)
                return outcome
            kept, refused = _kept(jobs, before, damaged)
            parts = Parts(kept, _typed(directory))
            put(parts, directory, writing)
            parts.prune(directory)
        except OSError as error:
            raise place.unwritable(directory, error) from error
        return Outcome(CrossYearChecks(parts), given, True, tuple(refused))


def renew(directory: Path) -> None:
    """Write the package in ``directory`` again, from its parts and with all that was typed.

    Raises:
        ExportError: there is no package, or its parts are gone, or it cannot be written.
    """
    with place.locked(directory, _WAIT_S):
        jobs = held(directory)
        if not jobs:
            raise ExportError(f"{directory}: no data package", "give the folder that `run` wrote")
        try:
            parts = Parts(jobs, _typed(directory))
            put(parts, directory, Writing(jobs[0].lang))
            parts.prune(directory)
        except OSError as error:
            raise place.unwritable(directory, error) from error


def put(parts: Parts, directory: Path, writing: Writing) -> None:
    """Have the package of ``parts`` take the place of the one in ``directory``, whose lock is held."""
    replace_package(
        CrossYearChecks(parts),
        directory,
        contract_datasets(),
        lang=writing.lang,
        bom=_has_bom(directory) if writing.bom is None else writing.bom,
        terms=writing.terms,
        formats=writing.formats,
        beside=parts.put_beside,
    )


def _has_bom(directory: Path) -> bool:
    try:
        with (directory / "documents.csv").open("rb") as file:
            return file.read(3) == codecs.BOM_UTF8
    except OSError:
        return False


def _typed(directory: Path) -> Path | None:
    typed = directory / CORRECTIONS
    return typed if typed.is_file() else None


def _held_parts(directory: Path) -> list[Job]:
    try:
        return held(directory)
    except ExportError:
        return []


def _kept(jobs: Sequence[Job], before: Sequence[Job], damaged: Sequence[Job]) -> tuple[list[Job], list[str]]:
    """The jobs of the new package: an input that cannot be read takes the place of nothing that could.

    Returns:
        The jobs, and why each input could not be read whose earlier version stays.

    Raises:
        ExportError: a document that was to be kept is lost: its part is damaged, and its input cannot be read any more.
    """
    earlier = {job.input.document: job for job in before}
    for job in damaged:
        if job in jobs and read_part(job.part).error:
            forget(job)
            raise ExportError(
                f"{job.input.document}: its part is damaged and {job.input.path} cannot be read", "run all inputs again"
            )

    kept, refused = [], []
    for job in jobs:
        same = earlier.get(job.input.document, job)
        error = read_part(job.part).error if same.part != job.part else ""
        stays = bool(error) and is_done(same)
        kept.append(same if stays else job)
        refused += [error] if stays else []
    return kept, refused
