"""Tables of ours and of the peers, side by side, on documents whose tables are known.

    REPORT_EXTRACT_CORPUS=DIR python -m benchmarks.accuracy [--engines ours,pdfplumber] [--groups icdar,kobe,turned]
                                                            [--json FILE]

Three groups of documents, each with a truth of its own:

- ``icdar``: the table competition of ICDAR 2013, with its annotation of structure. Found and given tables are compared
  by adjacency relations (Göbel et al., "A methodology for evaluating algorithms for table understanding in PDF
  documents", 2012): every cell with its nearest neighbour to the right and below, blank cells passed over.
- ``kobe``: a city's survey of 15 pages beside the city's own spreadsheet: every count at its label and column.
- ``turned``: tables that lie on their side in other projects' tests, beside the CSV that is kept with them, by
  adjacency relations. That of camelot is camelot's own output: agreement with it is no proof.

Each document is read by each engine in a process of its own with a time limit; a crash counts as nothing found.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import json
import multiprocessing as mp
import os
import re
import statistics
import time
import unicodedata
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

CORPUS = Path(os.environ.get("REPORT_EXTRACT_CORPUS", "../shared/corpus"))
TIME_LIMIT = 120.0  # seconds a document
KOBE = "ja_gov/kobe_opendata/ward/activate/support/jichikai/tyousa/img/H25tyousa."
TURNED = {
    "peers/camelot/docs/benchmark/lattice/rotated/rotated.pdf": "rotated-data-camelot-page-1-table-1.csv",
    "peers/tabula-java/Publication_of_award_of_Bids_for_Transport_Sector__August_2016.pdf": (
        "csv/Publication_of_award_of_Bids_for_Transport_Sector__August_2016.csv"
    ),
}


class Place(NamedTuple):
    """A cell: its first and last row and column, from 0, and its text."""

    row: int
    col: int
    row_end: int
    col_end: int
    text: str


Grid = list[Place]
Facts = Counter[tuple[str, ...]]


def plain(text: str) -> str:
    """Text as it is compared: NFKC, without white space."""
    return "".join(unicodedata.normalize("NFKC", text or "").split())


def relations(cells: Sequence[Place]) -> Facts:
    """The adjacency relations of one table: (text, next text, direction), each pair of cells once."""
    at: dict[tuple[int, int], int] = {}
    for index, cell in enumerate(cells):
        if plain(cell.text):
            for row in range(cell.row, cell.row_end + 1):
                for col in range(cell.col, cell.col_end + 1):
                    at[row, col] = index
    pairs: set[tuple[int, int, str]] = set()
    for direction, along in (("right", 0), ("below", 1)):
        lines: dict[int, list[tuple[int, int]]] = {}
        for place, index in at.items():
            lines.setdefault(place[along], []).append((place[1 - along], index))
        for line in lines.values():
            ordered = [index for _, index in sorted(line)]
            pairs |= {(a, b, direction) for a, b in pairwise(ordered) if a != b}
    return Counter((plain(cells[a].text), plain(cells[b].text), direction) for a, b, direction in pairs)


def counts(cells: Sequence[Place]) -> Facts:
    """The counts of one table of the survey: (label, column, count); of several figures in a cell the first."""
    labels = {cell.row: plain(cell.text) for cell in cells if cell.col == 0}
    facts: Facts = Counter()
    for cell in cells:
        figures = re.findall(r"\d[\d,.]*", unicodedata.normalize("NFKC", cell.text or ""))
        if cell.col and figures and labels.get(cell.row):
            facts[labels[cell.row], str(cell.col), figures[0].replace(",", "")] += 1
    return facts


def matrix(rows: Iterable[Sequence[Any]]) -> Grid:
    """The cells of rows of text; None, NaN and "" are blank."""
    return [
        Place(r, c, r, c, str(text))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
        if text is not None and text == text and str(text) != ""
    ]


class Sample(NamedTuple):
    """A document, what its tables say, and how a table is taken apart to compare it."""

    group: str
    path: Path
    truth: Facts
    taken: Callable[[Sequence[Place]], Facts]


def samples(groups: Sequence[str]) -> Iterator[Sample]:
    """The documents of the chosen groups that the corpus holds."""
    if "icdar" in groups:
        for path in sorted((CORPUS / "icdar2013").rglob("*.pdf")):
            yield Sample("icdar", path, _annotated(path.with_name(f"{path.stem}-str.xml")), relations)
    if "kobe" in groups and (CORPUS / f"{KOBE}shuukeihyou.pdf").exists():
        truth = counts(_sheet(CORPUS / f"{KOBE}syuukeihyou.xls"))
        yield Sample("kobe", CORPUS / f"{KOBE}shuukeihyou.pdf", truth, counts)
    if "turned" in groups:
        for name, beside in TURNED.items():
            path = CORPUS / name
            if path.exists():
                with (path.parent / beside).open(encoding="utf-8", newline="") as file:
                    yield Sample("turned", path, relations(matrix(csv.reader(file))), relations)


def _annotated(path: Path) -> Facts:
    """The relations of all tables in a structure annotation of the competition."""
    facts: Facts = Counter()
    for region in ET.parse(path).getroot().iter("region"):
        cells = []
        for cell in region.iter("cell"):
            row, col = int(cell.get("start-row", 0)), int(cell.get("start-col", 0))
            end = int(cell.get("end-row", row)), int(cell.get("end-col", col))
            cells.append(Place(row, col, *end, cell.findtext("content") or ""))
        facts += relations(cells)
    return facts


def _sheet(path: Path) -> Grid:
    """The first sheet of a spreadsheet; whole numbers without a decimal point, others with one place."""
    import pandas as pd

    frame = pd.read_excel(path, header=None, engine="calamine")
    said = [[f"{v:g}" if isinstance(v, float) and v % 1 == 0 else v for v in row] for row in frame.to_numpy()]
    return matrix([f"{v:.1f}" if isinstance(v, float) and v == v else v for v in row] for row in said)


def ours(path: Path) -> list[Grid]:
    import report_extract as rx

    return [
        [Place(c.row, c.col, c.row + c.row_span - 1, c.col + c.col_span - 1, c.text) for c in table.cells]
        for table in rx.extract_tables(path)
    ]


def pdfplumber(path: Path) -> list[Grid]:
    import pdfplumber as peer

    with peer.open(path) as document:
        return [matrix(table) for page in document.pages for table in page.extract_tables()]


def camelot(flavor: str) -> Callable[[Path], list[Grid]]:
    def run(path: Path) -> list[Grid]:
        import camelot as peer

        tables = peer.read_pdf(str(path), pages="all", flavor=flavor)
        return [matrix(table.df.to_numpy().tolist()) for table in tables]

    return run


def img2table(path: Path) -> list[Grid]:
    from img2table.document import PDF

    pages = PDF(str(path)).extract_tables(borderless_tables=True)
    return [matrix(table.df.to_numpy().tolist()) for tables in pages.values() for table in tables]


def pymupdf(path: Path) -> list[Grid]:
    import pymupdf as peer

    return [matrix(table.extract()) for page in peer.open(path) for table in page.find_tables()]


ENGINES: dict[str, tuple[str, Callable[[Path], list[Grid]]]] = {
    "ours": ("report_extract", ours),
    "pdfplumber": ("pdfplumber", pdfplumber),
    "camelot-lattice": ("camelot", camelot("lattice")),
    "camelot-stream": ("camelot", camelot("stream")),
    "camelot-hybrid": ("camelot", camelot("hybrid")),
    "img2table": ("img2table", img2table),
    "pymupdf": ("pymupdf", pymupdf),
}


class Score(NamedTuple):
    """How an engine did on a document: precision, recall, seconds, and why it failed, if it did."""

    precision: float
    recall: float
    seconds: float
    error: str = ""


def f1(precision: float, recall: float) -> float:
    """The harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def score(engine: str, sample: Sample) -> Score:
    """One engine on one document, in a process of its own."""
    here, there = mp.Pipe(duplex=False)
    job = mp.Process(target=_work, args=(engine, sample.path, there))
    start = time.perf_counter()
    job.start()
    there.close()
    try:
        tables, error = here.recv() if here.poll(TIME_LIMIT) else ([], "took too long")
    except EOFError:
        tables, error = [], "crashed"
    seconds = time.perf_counter() - start
    job.kill()
    job.join()
    got: Facts = Counter()
    for table in tables:
        got += sample.taken([Place(*cell) for cell in table])
    hits = (sample.truth & got).total()
    return Score(hits / max(1, got.total()), hits / max(1, sample.truth.total()), seconds, error)


def _work(engine: str, path: Path, answer: Any) -> None:
    try:
        answer.send(([[tuple(cell) for cell in table] for table in ENGINES[engine][1](path)], ""))
    except Exception as error:  # whatever a peer raises, it found nothing
        answer.send(([], repr(error)[:200]))


def table_of(scores: dict[tuple[str, str], list[Score]]) -> str:
    """The scores as a Markdown table, one line an engine and group; the best of a group first."""
    lines = [
        "| group | engine | documents | precision | recall | F1 | seconds | failed |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    rows = []
    for (group, engine), found in scores.items():
        precision = statistics.mean(s.precision for s in found)
        recall = statistics.mean(s.recall for s in found)
        cells = [
            f"{precision:.3f}",
            f"{recall:.3f}",
            f"{f1(precision, recall):.3f}",
            f"{sum(s.seconds for s in found):.1f}",
        ]
        failed = sum(bool(s.error) for s in found)
        rows.append(
            (
                group,
                -f1(precision, recall),
                f"| {group} | {engine} | {len(found)} | {' | '.join(cells)} | {failed} |",
            )
        )
    return "\n".join(lines + [line for *_, line in sorted(rows)])


def main(arguments: Sequence[str] | None = None) -> None:
    """Score the engines that are installed on the groups of documents that are there."""
    ask = argparse.ArgumentParser(description="tables of ours and of the peers, side by side")
    ask.add_argument("--engines", default=",".join(ENGINES))
    ask.add_argument("--groups", default="icdar,kobe,turned")
    ask.add_argument("--json", type=Path, help="also write every document's score")
    chosen = ask.parse_args(arguments)
    engines = [e for e in chosen.engines.split(",") if importlib.util.find_spec(ENGINES[e][0])]
    scores: dict[tuple[str, str], list[Score]] = {}
    every = []
    for sample in samples(chosen.groups.split(",")):
        for engine in engines:
            found = score(engine, sample)
            scores.setdefault((sample.group, engine), []).append(found)
            every.append({"group": sample.group, "document": sample.path.stem, "engine": engine, **found._asdict()})
    if not scores:
        raise SystemExit(f"no documents in {CORPUS}; name their folder in REPORT_EXTRACT_CORPUS")
    print(table_of(scores))
    if chosen.json:
        chosen.json.write_text(json.dumps(every, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
