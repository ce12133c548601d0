"""Parts: what a run keeps of each input, beside the package, so that nothing is done twice.

A part is named after all that it depends on: the input's content and name, the settings, this program, the versions of
what it reads with. Damage to one shows, and it is made again. What people typed is no part of a part: it is applied to
what parts say, by runs and by the review server alike (``pipeline.again``).

Which part is whose is listed beside them, by each package and for it: the lists change with it, and only then are parts
removed that no package needs. What they said of tables decides how an input is read, and is.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ..core import serialize
from ..core.errors import ExportError, InputError
from ..core.model import Extraction
from ..corrections import store
from ..corrections.structure import mended
from ..package.place import INDEX, JOBS, PARTS, files_of
from ..pipeline import Options, again, failed
from ..review.index import gather_pages
from ..review.page import content_of, review_html, with_content
from .inputs import Input, sha256
from .versions import made_by

_PART_NAME = re.compile(r"[0-9a-f]{64}\.(json|html|lost|(\d+\.)?part)")
CORRECTIONS = "corrections.jsonl"
_LOST = ".lost"  # an empty file beside the part of a lost worker


@dataclass(frozen=True, slots=True)
class Job:
    """One input and where its part goes."""

    input: Input
    part: Path
    options: Options
    lang: str = "ja"
    review: bool = True  # is a review page wanted?


class Parts:
    """The extractions of a run with what people typed, read from its parts one at a time, as often as one likes.

    Attributes:
        jobs: of all inputs, in their order.
    """

    def __init__(self, jobs: Sequence[Job], typed: Path | None = None) -> None:
        self.jobs, self._typed = jobs, typed

    def __len__(self) -> int:
        return len(self.jobs)

    def __iter__(self) -> Iterator[Extraction]:
        for job in self.jobs:
            extraction = read_part(job.part)
            yield again(extraction, self._typed, rest=job is self.jobs[0]) if self._typed else extraction

    def put_beside(self, folder: Path) -> None:
        """Write into a new package's folder what the parts alone hold: review pages, and which part is whose.

        ``INDEX`` has each document's name and part, ``JOBS`` all that it takes to make these again.
        """
        (folder / PARTS).mkdir(exist_ok=True)
        index = [(job.input.document, job.part.name) for job in self.jobs]
        (folder / INDEX).write_text(json.dumps(index, ensure_ascii=False), encoding="utf-8", errors="replace")
        told = json.dumps([_told(job) for job in self.jobs])
        (folder / JOBS).write_text(told, encoding="utf-8")
        pages = [(job.input.document, job.part.with_suffix(".html")) for job in self.jobs]
        lang = self.jobs[0].lang if self.jobs else "ja"
        targets = gather_pages(pages, folder, lang)
        for extraction in self.corrected():
            page = targets.get(extraction.document)
            if page:  # as its worker made it, it does not know what was typed
                html = with_content(page.read_text(encoding="utf-8"), content_of(extraction, lang))
                page.write_text(html, encoding="utf-8", errors="replace")

    def corrected(self) -> Iterator[Extraction]:
        """The extractions that people typed something for."""
        digests = store.digests(self._typed) if self._typed else {}
        for job in self.jobs if digests else ():
            extraction = read_part(job.part)
            if extraction.sha256 in digests:
                yield again(extraction, self._typed or Path())

    def prune(self, directory: Path) -> None:
        """Remove the parts that the package in ``directory`` does not need: of earlier settings and other inputs."""
        used = {job.part.with_suffix(suffix).name for job in self.jobs for suffix in (".json", ".html", _LOST)}
        for path in (directory / PARTS).glob("*"):
            if _PART_NAME.fullmatch(path.name) and path.name not in used:
                path.unlink(missing_ok=True)


def read_part(part: Path) -> Extraction:
    """What a part says.

    Raises:
        ExportError: it is gone or damaged.
    """
    try:
        return serialize.loads(part.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ExportError(f"{part}: not readable", "run the extraction again") from error


def _told(job: Job) -> dict[str, Any]:
    """A job as JSON, without the folder of its part: packages are moved about."""
    given = job.input
    return {
        "document": given.document,
        "path": os.fspath(given.path),
        "part": job.part.name,
        "options": asdict(job.options),
        "lang": job.lang,
    }


def held(directory: Path) -> list[Job]:
    """The jobs of the documents that the package in ``directory`` holds; none where there is no package.

    Raises:
        ExportError: there is a package, but not how it was made.
    """
    if not files_of(directory):
        return []
    try:
        listed = json.loads((directory / JOBS).read_text(encoding="utf-8"))
        return [
            Job(
                Input(Path(str(one["path"])), str(one["document"])),
                directory / PARTS / Path(str(one["part"])).name,
                options_of(one["options"]),
                str(one["lang"]),
            )
            for one in listed
        ]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ExportError(
            f"{directory}: how its documents were made is gone, so nothing can be added", "run all inputs again"
        ) from error


def options_of(told: dict[str, Any]) -> Options:
    """Options from JSON.

    Raises:
        TypeError, KeyError: they are none.
    """
    many = {name: tuple(told.get(name) or ()) for name in ("layouts", "mended")}
    return Options(**{**told, **many, "pages": tuple(told["pages"]) if told["pages"] else None})


def plan(
    inputs: Iterable[Input], directory: Path, options: Options, lang: str = "ja", before: Iterable[Job] = ()
) -> list[Job]:
    """The jobs of a run that writes into ``directory``.

    Args:
        before: jobs of documents that stay; an input of the same path takes the place of one.
    """
    told = mended(directory / CORRECTIONS)
    extra = sha256(Path(options.profile)) if options.profile and Path(options.profile).is_file() else ""
    jobs = {os.fspath(job.input.path): job for job in before}
    for given in inputs:
        content = sha256(given.path)
        own = replace(options, mended=told.get(content, ()))
        settings = json.dumps([asdict(own), lang, made_by()], sort_keys=True) + extra
        name = "\0".join((settings, str(given.path), given.document, content))
        part = directory / PARTS / f"{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()}.json"
        jobs[os.fspath(given.path)] = Job(given, part, own, lang)
    return list(jobs.values())


def is_done(job: Job) -> bool:
    """Is its part there and undamaged?"""
    if is_lost(job) or not job.part.with_suffix(".html").is_file():
        return False
    try:
        return serialize.is_sealed(job.part.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False


def is_lost(job: Job) -> bool:
    """Was its worker lost, so that it is to be tried again?"""
    return job.part.with_suffix(_LOST).exists()


def forget(job: Job) -> None:
    """Remove the part of a job."""
    for suffix in (job.part.suffix, ".html", _LOST):
        job.part.with_suffix(suffix).unlink(missing_ok=True)


def write_part(job: Job, extraction: Extraction) -> None:
    """Write a part so that it is there whole or not at all."""
    write(job.part, serialize.sealed(extraction))


def write(path: Path, text: str) -> None:
    """Write a file of a part so that it is there whole or not at all."""
    beside = path.with_suffix(f".{os.getpid()}.part")
    beside.write_text(text, encoding="utf-8", errors="replace")
    beside.replace(path)


def write_lost(job: Job, why: str) -> None:
    """Write the part of an input whose worker did not come back: why, and that it is to be tried again."""
    remedy = "open it in a viewer, print it to a new PDF and try again"
    error = InputError(f"{job.input.path.name}: {why}", remedy)
    extraction = replace(failed(job.input.path, job.input.document, error), sha256=sha256(job.input.file))
    job.part.with_suffix(_LOST).touch()
    write(job.part.with_suffix(".html"), review_html(extraction, None, job.lang))
    write_part(job, extraction)
