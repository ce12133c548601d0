"""img2table with tesseract on one file: what it finds and what that costs, as JSON.

    python benchmarks/scans_peer.py FILE

It imports nothing of ours, so that it runs in an environment of the peer's own.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import Any


def read(path: str) -> dict[str, Any]:
    """Pages, seconds, processor seconds, the peak of memory in MB, and the texts of all cells."""
    from img2table.document import PDF
    from img2table.ocr import TesseractOCR

    start, used = time.perf_counter(), _used()
    # Ruled tables only, as all of ours are: its search for others takes longer and finds no more here.
    pages = PDF(path).extract_tables(ocr=TesseractOCR(lang="jpn", n_threads=2))
    tables = [table for found in pages.values() for table in found]
    return {
        "pages": len(pages),
        "seconds": time.perf_counter() - start,
        "processor": _used() - used,
        "megabytes": max(resource.getrusage(who).ru_maxrss for who in _ALL) / 1024,
        # A cell over several rows or columns comes once for each of them.
        "cells": [text for table in tables for text in _texts(table)],
    }


_ALL = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)  # tesseract is a process of its own


def _used() -> float:
    times = [resource.getrusage(who) for who in _ALL]
    return sum(t.ru_utime + t.ru_stime for t in times)


def _texts(table: Any) -> list[str]:
    cells = {
        (cell.bbox.x1, cell.bbox.y1, cell.bbox.x2, cell.bbox.y2): cell.value
        for row in table.content.values()
        for cell in row
    }
    return [text for text in cells.values() if text]


if __name__ == "__main__":
    print(json.dumps(read(sys.argv[1])))
