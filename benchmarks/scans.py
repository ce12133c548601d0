"""Seconds a scanned page takes, with its parts, and the memory it needs; peers side by side.

    python benchmarks/scans.py [--peers] [FILE ...]

Without files, the scans among the fixtures. The parts: render (the page's picture, straightened, its rules
found), orient, detect, find (the ruled and the aligned finder), recognise (the recogniser's own time).
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from report_extract import ocr, raster
from report_extract.finders import find_tables
from report_extract.ocr import page, rapidocr
from report_extract.readers import open_document
from report_extract.steps.recover import recover

SCANS = Path(__file__).parent.parent / "fixtures" / "scans"
DEFAULT = ("scan-300.pdf", "scan-200-noisy.pdf", "scan-200-fax.pdf", "scan-turned-90.pdf")
PARTS = ("render", "orient", "detect", "find", "recognise", "other")


@contextmanager
def timed(spent: dict[str, float], part: str, owner: Any, name: str) -> Iterator[None]:
    """While it lasts, every call of ``owner.name`` adds its time to ``spent[part]``."""
    original: Callable[..., Any] = getattr(owner, name)

    def measured(*arguments: Any, **options: Any) -> Any:
        start = time.perf_counter()
        try:
            return original(*arguments, **options)
        finally:
            spent[part] += time.perf_counter() - start

    setattr(owner, name, measured)
    try:
        yield
    finally:
        setattr(owner, name, original)


def ours(path: Path) -> tuple[int, dict[str, float]]:
    """Pages of a file, and seconds spent on each part of reading them."""
    recogniser = ocr.get_recogniser("rapidocr")
    spent: dict[str, float] = defaultdict(float)
    start = time.perf_counter()
    with (
        open_document(path) as document,
        timed(spent, "render", raster, "_rendered"),
        timed(spent, "render", raster, "straightened"),
        timed(spent, "orient", page, "orientation"),
        timed(spent, "detect", page, "text_boxes"),
        timed(spent, "recognise", rapidocr.RapidOcr, "spell"),
    ):
        for number in range(1, document.page_count + 1):
            read = page.read_raster(document, number, recogniser)
            before = time.perf_counter()
            tables = find_tables(read, document)
            spent["find"] += time.perf_counter() - before
            recover(tables, document, recogniser)
        pages = document.page_count
    spent["other"] = time.perf_counter() - start - sum(spent.values())
    return pages, spent


def peer(path: Path) -> tuple[int, float] | None:
    """Pages and seconds of img2table with tesseract on the same file; None where it is not installed."""
    try:
        from img2table.document import PDF
        from img2table.ocr import TesseractOCR
    except ImportError:
        return None
    start = time.perf_counter()
    tables = PDF(str(path)).extract_tables(ocr=TesseractOCR(lang="jpn"), borderless_tables=True)
    return len(tables), time.perf_counter() - start


def main() -> None:
    """Prints a row a file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--peers", action="store_true", help="run img2table with tesseract too")
    parser.add_argument("files", nargs="*", type=Path, default=[SCANS / name for name in DEFAULT])
    arguments = parser.parse_args()
    rapidocr.session("rapidocr", "PP-OCRv6_rec_small.onnx")  # loaded before the clock starts
    print(f"{'file':24}{'s/page':>8}" + "".join(f"{part:>11}" for part in PARTS))
    for path in arguments.files:
        pages, spent = ours(path)
        total = sum(spent.values())
        shares = "".join(f"{spent[part] / total:>10.0%} " for part in PARTS)
        print(f"{path.stem:24}{total / pages:>8.1f}{shares}")
        other = peer(path) if arguments.peers else None
        if other:
            print(f"{'  img2table, tesseract':24}{other[1] / max(1, other[0]):>8.1f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
