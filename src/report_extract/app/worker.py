"""In the worker's process: one document is read page by page, each page kept as it is done.

What was kept is not read again, so an app that was ended in the middle of a long report goes on at the next page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ..core.model import Extraction
from ..core.protocols import Document
from ..pipeline import Options, PageRead, assembled, mended_pages, read_pages
from ..readers import open_document
from ..run.batch import alone
from ..run.batch import work as do
from ..run.parts import Job
from .pages import keep, keep_count, keep_layouts, kept_pages


class Paged:
    """``extract_one`` for the app: keeps each page in ``folder``, and takes those that are kept there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, path: Path, document: str, options: Options) -> Extraction:
        """Read one report; see ``extract_one``."""
        with open_document(path) as source:
            keep_count(self._folder, source.page_count)
            known = kept_pages(self._folder, source.sha256)
            pages, told = mended_pages(self._kept(source, options, known), source, options)
            keep_layouts(self._folder, [one for one in told if one.layout])
            return assembled(source, pages, document, options, told)

    def _kept(self, source: Document, options: Options, known: Mapping[int, PageRead]) -> Iterator[PageRead]:
        """The pages as they are read, each kept before the next."""
        for page in read_pages(source, options, known):
            if page.number not in known:
                keep(self._folder, source.sha256, page)
            yield page


def read(job: Job, folder: Path) -> None:
    """The head of a worker's process: do the job, its pages kept in ``folder``."""
    alone(job, lambda given: do(given, Paged(folder)))
