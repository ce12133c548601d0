"""Sources → what the finder makes of them, kept until the program changes.

Reading and finding take minutes, counting evidence seconds: pages and found tables are kept under a digest of the code
that made them, so that a change of the evidence alone costs little.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from report_extract import ocr
from report_extract.core.model import Page, Table
from report_extract.ocr.legible import Sight
from report_extract.readers import open_document
from report_extract.tables.find import candidates
from report_extract.tables.view import frames

from .truth import Source

PROGRAM = Path(__file__).parent.parent / "src" / "report_extract"
MEASURING = {
    *("doubt.py", "evidence.py", "laid.py", "model.py", "region.py", "reach.py", "separators.py", "merge.py"),
    *("regrid.py", "messages.py", "headings.py"),
}


def digest() -> str:
    """Tells apart programs that may find other tables."""
    told = hashlib.sha256()
    for folder in ("core", "readers", "page", "tables", "ocr"):
        for path in sorted((PROGRAM / folder).rglob("*.py")):
            if path.name not in MEASURING:
                told.update(path.read_bytes())
    return told.hexdigest()[:12]


def found(sources: Iterable[Source], folder: Path, workers: int = 2) -> Iterator[tuple[Source, Page, list[Table]]]:
    """Every page that can be read, with the tables found on it."""
    at = folder / digest()
    at.mkdir(parents=True, exist_ok=True)
    sources = list(sources)
    with ProcessPoolExecutor(workers) as pool:
        kept = pool.map(_kept, sources, [at] * len(sources), chunksize=4)
        for source, path in zip(sources, kept, strict=True):
            if path is not None:
                page, tables = pickle.loads(path.read_bytes())
                yield source, page, tables


def _kept(source: Source, folder: Path) -> Path | None:
    """Where a page and its tables are kept; None where there is nothing to learn from it."""
    target = folder / f"{source.path.stem}-{source.page}.pickle"
    if not target.exists():
        try:
            with open_document(source.path) as document:
                if not source.page and document.page_count > 1:
                    return None  # a table over several pages: only parts of it stand on each
                sight = Sight(document, ocr.get_recogniser("blank"), False)
                page = sight.legible(next(iter(document.pages([source.page or 1]))))
                tables = candidates(page, frames(page), document)
        except Exception as error:
            print(f"{source.path.name}: left out ({error})")
            return None
        target.write_bytes(pickle.dumps((page, tables)))
    return target
