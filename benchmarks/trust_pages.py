"""Statuses against truth on degraded pages, through the whole run: numbers, names and text apart.

    python -m benchmarks.trust_pages [--seed N] [--reports N] [--dpi N]

Native fixtures are rendered and spoilt from the seed (blur, grain, skew, specks, rules broken off), saved as pictures
in a PDF and extracted; the fixtures with broken font maps are taken as they are.
"""

from __future__ import annotations

import argparse
import csv
import random
import tempfile
from collections import Counter
from collections.abc import Mapping
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter

from report_extract.core.model import Array, Dataset, Extraction
from report_extract.package.rows import emitted
from report_extract.pipeline import extract_one
from report_extract.text.normalize import key

FIXTURES = Path(__file__).parent.parent / "fixtures"
NAMES = {"department", "holding_division", "receiving_division"}
NUMBERS = {
    "internal_use",
    "external_provision",
    "subtotal",
    "prior_subtotal",
    "count",
    "prior_count",
    "number",
    "paragraph",
    "item",
}
OUTER = {"document", "municipality_code", "municipality", "fiscal_year"}


def sources() -> list[Path]:
    """The native fixtures that have a truth."""
    found = [*FIXTURES.glob("iwaki/*.pdf"), *FIXTURES.glob("cities/*.pdf")]
    return sorted(p for p in found if (FIXTURES / "truth" / p.stem / "department_counts.csv").is_file())


def spoilt(page: Image.Image, rng: random.Random) -> Image.Image:
    """A page as a tired scanner gives it."""
    page = page.rotate(rng.uniform(-0.7, 0.7), fillcolor=255, resample=Image.Resampling.BICUBIC)
    page = page.filter(ImageFilter.GaussianBlur(rng.uniform(0, 0.9)))
    grain = np.random.default_rng(rng.randrange(2**32))
    dots: Array = np.asarray(page, dtype=np.float64) + grain.normal(0, rng.uniform(2, 14), (page.height, page.width))
    dots[grain.random(dots.shape) < rng.uniform(0, 0.0004)] = 0
    for _ in range(rng.randint(0, 3)):
        # A stretch along which nothing thin was inked.
        x, y = rng.randrange(page.width), rng.randrange(page.height)
        dots[y : y + 3, x : x + rng.randint(20, 200)] = 255
    return Image.fromarray(np.clip(dots, 0, 255).astype(np.uint8))


def degraded(source: Path, target: Path, dpi: int, rng: random.Random) -> None:
    """Write the pages of ``source`` as pictures."""
    with pypdfium2.PdfDocument(source) as document:
        pages = [spoilt(page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L"), rng) for page in document]
    pages[0].save(target, save_all=True, append_images=pages[1:], resolution=dpi, quality=rng.randint(40, 80))


def truth(name: str, dataset: str) -> list[dict[str, str]]:
    with (FIXTURES / "truth" / name / f"{dataset}.csv").open(encoding="utf-8", newline="") as file:
        return [{k: v for k, v in row.items() if k not in OUTER} for row in csv.DictReader(file)]


def judge(extraction: Extraction, name: str, tally: Counter[str]) -> None:
    """Count the cells of an extraction by kind: right or wrong, flagged or not."""
    datasets = ("department_counts", "legal_basis_counts", "consultations")
    compare(extraction, {dataset: truth(name, dataset) for dataset in datasets}, tally)


def compare(
    extraction: Extraction,
    expected: Mapping[str, list[dict[str, str]]],
    tally: Counter[str],
    errors: list[str] | None = None,
) -> None:
    """Count the cells of an extraction by kind, and its rows; ``errors`` gains a line for each wrong cell."""
    found = {d.name: d for d in extraction.datasets}
    for dataset, wanted in expected.items():
        got = found.get(dataset)
        rows = said(got) if got else []
        pairs = aligned(wanted, rows)
        lost = len(wanted) - len(pairs)
        tally["rows lost silently"] += lost * (extraction.status == "ok")
        tally["rows lost"] += lost
        tally["rows"] += len(wanted)
        tally["rows to review"] += sum(any(status == "review" for _, status in row.values()) for row in rows)
        for i, k in pairs:
            for field, value in wanted[i].items():
                kind = "number" if field in NUMBERS else "name" if field in NAMES else "text"
                text, status = rows[k].get(field, ("", "ok"))
                right = key(text) == key(value)
                tally[f"{kind} cells"] += 1
                tally[f"{kind} wrong"] += not right
                tally[f"{kind} silent"] += not right and status == "ok"
                tally[f"{kind} badrep"] += not right and status == "repaired"
                tally[f"{kind} burden"] += right and status == "review"
                if not right and errors is not None:
                    errors.append(f"{status:8} {dataset}[{i}].{field}: {value!r} read as {text!r}")


def said(dataset: Dataset) -> list[dict[str, tuple[str, str]]]:
    fields = {f.name: f for f in dataset.fields}
    return [{n: emitted(c, fields[n]) for n, c in row.items() if n in fields} for row in dataset.rows]


def aligned(wanted: list[dict[str, str]], got: list[dict[str, tuple[str, str]]]) -> list[tuple[int, int]]:
    """Rows that belong together: in order where all are there, else by what they say."""
    if len(wanted) == len(got):
        return [(i, i) for i in range(len(wanted))]
    keys = [[key("".join(v for k, v in row.items() if k not in NUMBERS)) for row in wanted]]
    keys.append([key("".join(v for k, (v, _) in row.items() if k not in NUMBERS)) for row in got])
    blocks = SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_matching_blocks()
    return [(b.a + n, b.b + n) for b in blocks for n in range(b.size)]


def main() -> None:
    """Degrade, extract, count, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reports", type=int, default=20)
    parser.add_argument("--dpi", type=int, default=200)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    tallies = {f"scans, {arguments.dpi} dpi": Counter[str](), "broken maps": Counter[str]()}
    first, second = tallies.values()
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(arguments.reports):
            source = rng.choice(sources())
            target = Path(folder) / f"{source.stem}.pdf"
            degraded(source, target, arguments.dpi, rng)
            judge(extract_one(target), source.stem, first)
    for path in sorted(FIXTURES.glob("scans/map-*.pdf"))[: arguments.reports]:
        judge(extract_one(path), path.stem, second)
    for name, tally in tallies.items():
        print(name, f"rows lost {tally['rows lost']}, of them silently {tally['rows lost silently']}")
        for kind in ("number", "name", "text"):
            cells = max(1, tally[f"{kind} cells"])
            shares = {w: tally[f"{kind} {w}"] for w in ("wrong", "silent", "badrep", "burden")}
            said_so = ", ".join(f"{w} {n} ({100 * n / cells:.2f}%)" for w, n in shares.items())
            print(f"  {kind:7} {cells:6} cells: {said_so}")


if __name__ == "__main__":
    main()
