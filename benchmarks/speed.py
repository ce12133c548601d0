"""Milliseconds of processor time a page: ours and the peers against pdfium's plain text, the floor.

    python -m benchmarks.speed [--files N] [--repeat N] [--no-peers] [--wall]

Each engine is called as its users call it: ours without options, so that the check of letters is in. Processor time
counts what the engine's own processes use as well (tabula's Java); a busy machine troubles it less than wall time
(``--wall``). *Warm* is the best of the repeats, *cold* the first call of an engine in a process of its own, import
included, on the first file of the group.

The fixtures and a fixed sample of the corpus (REPORT_EXTRACT_CORPUS, default ../shared/corpus) are read in one
run, every engine on the same file in turn, so that a busy machine troubles all of them alike. Each figure is the
best of the repeats; ratios are taken file by file, their median is printed. Scans are left out: there the
recogniser's time is all that counts (see `benchmarks.scans`). Slow peers read the first pages only.
"""

from __future__ import annotations

import argparse
import importlib.util
import logging
import os
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import pypdfium2 as pdfium

from report_extract import extract_tables
from report_extract.readers import open_document

ROOT = Path(__file__).resolve().parent.parent
CORPUS = Path(os.environ.get("REPORT_EXTRACT_CORPUS", ROOT.parent / "shared" / "corpus"))
GROUPS = ("icdar2013", "ja_gov", "peers")
PAGES = 4  # of a document, for every engine alike

Engine = Callable[[Path, int], None]


def floor(path: Path, pages: int) -> None:
    """pdfium's plain text of each page."""
    with pdfium.PdfDocument(path) as document:
        for number in range(pages):
            page = document[number]
            text = page.get_textpage()
            text.get_text_range()
            text.close()
            page.close()


def reader(path: Path, pages: int) -> None:
    """Our reader alone: characters, rulings, areas, pictures."""
    with open_document(path) as document:
        for _ in document.pages(range(1, pages + 1)):
            pass


def ours(path: Path, pages: int) -> None:
    """Everything up to finished tables, as called without options."""
    extract_tables(path, pages=range(1, pages + 1))


def plumber(path: Path, pages: int) -> None:
    """pdfplumber's `extract_tables`."""
    import pdfplumber

    with pdfplumber.open(path) as document:
        for page in document.pages[:pages]:
            page.extract_tables()
            page.close()


def lattice(path: Path, pages: int) -> None:
    """camelot's lattice flavor."""
    import camelot

    camelot.read_pdf(str(path), pages=f"1-{pages}", flavor="lattice", suppress_stdout=True)


def hybrid(path: Path, pages: int) -> None:
    """camelot's hybrid flavor."""
    import camelot

    camelot.read_pdf(str(path), pages=f"1-{pages}", flavor="hybrid", suppress_stdout=True)


def rust(path: Path, pages: int) -> None:
    """tablers: Rust over pdfium."""
    import tablers

    with tablers.Document(path) as document:
        for number in range(pages):
            tablers.find_tables(document.get_page(number), extract_text=True)


def java(path: Path, pages: int) -> None:
    """tabula, which starts a Java virtual machine a file."""
    import tabula

    tabula.read_pdf(str(path), pages=f"1-{pages}", silent=True)


def mupdf(path: Path, pages: int) -> None:
    """PyMuPDF's `find_tables`."""
    import pymupdf

    with pymupdf.open(path) as document:
        for number in range(pages):
            for table in document[number].find_tables().tables:
                table.extract()


PEERS: dict[str, tuple[str, Engine]] = {
    "pdfplumber extract_tables": ("pdfplumber", plumber),
    "camelot lattice": ("camelot", lattice),
    "camelot hybrid": ("camelot", hybrid),
    "tablers find_tables": ("tablers", rust),
    "tabula read_pdf": ("tabula", java),
    "PyMuPDF find_tables": ("pymupdf", mupdf),
}


def engines(peers: bool) -> dict[str, Engine]:
    """The engines to compare, those that are installed."""
    chosen: dict[str, Engine] = {"pdfium plain text": floor, "our reader": reader, "ours": ours}
    if peers:
        chosen |= {name: run for name, (module, run) in PEERS.items() if importlib.util.find_spec(module)}
    return chosen


def samples(limit: int) -> dict[str, list[Path]]:
    """PDFs with a text layer by group, ``limit`` of each, spread evenly over the sorted names."""
    groups = {"fixtures": sorted((ROOT / "fixtures").rglob("*.pdf"))}
    groups |= {name: sorted((CORPUS / name).rglob("*.pdf")) for name in GROUPS if (CORPUS / name).is_dir()}
    chosen = {}
    for name, paths in groups.items():
        native = [path for path in paths if _native(path)]
        step = max(1, len(native) // limit)
        chosen[name] = native[::step][:limit]
    return {name: paths for name, paths in chosen.items() if paths}


def _native(path: Path) -> bool:
    """Can it be opened, and does its first page have text?"""
    try:
        with pdfium.PdfDocument(path) as document:
            return bool(document[0].get_textpage().count_chars() > 50)
    except pdfium.PdfiumError:
        return False


def processor() -> float:
    """Seconds of processor time that this process and those it started and waited for have used."""
    children = os.times()  # in hundredths of a second: fine for what starts a program
    return time.process_time() + children.children_user + children.children_system


def cold(name: str, path: Path, pages: int) -> float | None:
    """Seconds of processor time of the engine's first call in a new process, without starting Python."""
    code = (
        "import sys, time; from pathlib import Path; t = time.process_time(); "
        "from benchmarks.speed import engines, processor; e = engines(True)[sys.argv[1]]; "
        "e(Path(sys.argv[2]), int(sys.argv[3])); print(processor() - t)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, name, str(path), str(pages)], capture_output=True, cwd=ROOT
    )
    return float(done.stdout.split()[-1]) if done.returncode == 0 else None


def best(engine: Engine, path: Path, pages: int, repeat: int, clock: Callable[[], float]) -> float | None:
    """Seconds of the fastest of ``repeat`` runs; None where the engine fails on the file."""
    times = []
    for _ in range(repeat):
        start = clock()
        try:
            engine(path, pages)
        except Exception:  # a peer's failure is a gap in the table, whatever it raises
            return None
        times.append(clock() - start)
    return min(times)


def measure(
    paths: Sequence[Path], chosen: dict[str, Engine], repeat: int, clock: Callable[[], float]
) -> dict[str, list[float | None]]:
    """Milliseconds a page for each engine, file by file."""
    found: dict[str, list[float | None]] = {name: [] for name in chosen}
    for path in paths:
        with pdfium.PdfDocument(path) as document:
            pages = min(PAGES, len(document))
        for name, engine in chosen.items():
            seconds = best(engine, path, pages, repeat, clock)
            found[name].append(None if seconds is None else seconds / pages * 1000)
    return found


def table(found: dict[str, list[float | None]]) -> list[str]:
    """A line an engine: median ms a page, median ratios to the floor and to ours, files failed."""
    base, own = found["pdfium plain text"], found["ours"]
    lines = [f"{'engine':28}{'ms a page':>10}{'sum, s':>9}{'x floor':>9}{'x ours':>9}{'failed':>8}"]
    for name, times in found.items():
        good = [t for t in times if t is not None]
        if not good:
            continue
        against = [
            statistics.median(
                [t / o for t, o in zip(times, other, strict=True) if t is not None and o] or [float("nan")]
            )
            for other in (base, own)
        ]
        lines.append(
            f"{name:28}{statistics.median(good):10.1f}{sum(good) / 1000:9.2f}{against[0]:9.1f}{against[1]:9.2f}"
            f"{len(times) - len(good):8}"
        )
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one table a group of files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=8, help="of each group")
    parser.add_argument("--repeat", type=int, default=3, help="of each run; the best counts")
    parser.add_argument("--no-peers", action="store_true", help="only the floor and ours")
    parser.add_argument("--wall", action="store_true", help="wall time instead of processor time")
    options = parser.parse_args(arguments)
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    for group, paths in samples(options.files).items():
        chosen = engines(not options.no_peers)
        found = measure(paths, chosen, options.repeat, time.perf_counter if options.wall else processor)
        print(f"{group}: {len(paths)} files", *table(found), sep="\n", flush=True)
        first = {name: cold(name, paths[0], 1) for name in chosen}
        said = (f"{name} {seconds:.2f} s" for name, seconds in first.items() if seconds is not None)
        print("cold, one page:", ", ".join(said), "\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
