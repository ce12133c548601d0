"""Batches of made-up scanned reports: what is exact, silently wrong, wrongly repaired, to be reviewed; and the time.

    python -m benchmarks.trust_scans [--seed N] [--reports N] [--fonts FOLDER ...] [--show]

Every seed is another batch: other figures, wording, fonts and damage (``benchmarks.scan_reports``). A batch that was
developed on proves nothing; take another seed.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from pathlib import Path

from PIL import Image

from report_extract.pipeline import extract_one

from .scan_reports import Made, made
from .trust_pages import compare


def written(report: Made, folder: Path, name: str) -> Path:
    """The report as a PDF of pictures."""
    pages = [Image.fromarray(page) for page in report.pages]
    target = folder / f"{name}.pdf"
    pages[0].save(target, save_all=True, append_images=pages[1:], resolution=report.dpi, quality=75)
    return target


def said(name: str, tally: Counter[str]) -> str:
    """A tally in a line a kind."""
    seconds = tally["milliseconds"] / 1000 / max(1, tally["pages"])
    lines = [
        f"{name}: {tally['reports']} reports, {tally['pages']} pages, {seconds:.1f} "
        f"cpu s a page; rows {tally['rows']}, lost {tally['rows lost']} ({tally['rows lost silently']} silently), "
        f"to review {tally['rows to review']} ({100 * tally['rows to review'] / max(1, tally['rows']):.1f}%)"
    ]
    for kind in ("number", "name", "text"):
        cells = max(1, tally[f"{kind} cells"])
        shares = {w: tally[f"{kind} {w}"] for w in ("wrong", "silent", "badrep", "burden")}
        lines.append(
            f"  {kind:7}{cells:6} cells: " + ", ".join(f"{w} {n} ({100 * n / cells:.2f}%)" for w, n in shares.items())
        )
    return "\n".join(lines)


def main() -> None:
    """Make a batch, read it, compare, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reports", type=int, default=24)
    parser.add_argument("--fonts", type=Path, nargs="+", default=[Path("/usr/share/fonts")])
    parser.add_argument("--show", action="store_true", help="every wrong cell")
    arguments = parser.parse_args()
    tallies: dict[str, Counter[str]] = {"clean, 300 dpi": Counter(), "worn, 200 dpi": Counter()}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(arguments.reports):
            report = made(arguments.seed, number, arguments.fonts)
            tally = tallies["clean, 300 dpi" if report.dpi == 300 else "worn, 200 dpi"]
            path = written(report, Path(folder), f"report-{number}")
            began = time.process_time()
            extraction = extract_one(path)
            tally["milliseconds"] += round(1000 * (time.process_time() - began))
            tally["reports"] += 1
            tally["pages"] += len(report.pages)
            errors: list[str] = []
            compare(extraction, report.truth, tally, errors)
            if arguments.show:
                print(number, report.said, *errors, sep="\n  ", flush=True)
    for name, tally in tallies.items():
        print(said(name, tally))


if __name__ == "__main__":
    main()
