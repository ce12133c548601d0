"""Tables without rules, or with few, and pages without any table: how many come out right, flagged, or silently wrong?

    python -m benchmarks.layouts [--kinds beside,stacked] [--number 6] [--seed 0] [--keep DIR]

Each variant (``layout_variants``; needs reportlab) is read as any PDF is. A file is *right* where its tables, and no
others, hold what a person reads there; *flagged* where each table that differs, or is none, is in review; else it is
*silent*. Exit status 1 where any is silent.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import unicodedata
import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import report_extract as rx

from .layout_sheet import Rows
from .layout_variants import KINDS, Case, variants

ORDER = ("right", "flagged", "silent")


def verdict(case: Case, tables: Sequence[rx.Table]) -> tuple[str, str]:
    """ "right", "flagged" or "silent" by the kindest of its readings, and what differs first."""
    return min((_verdict(known, tables) for known in case.readings), key=lambda v: ORDER.index(v[0]))


def _verdict(known: Sequence[Rows], tables: Sequence[rx.Table]) -> tuple[str, str]:
    free, told, why = list(tables), True, ""
    for rows in known:
        same = next((t for t in free if _says(t, rows)), None)
        if same is not None:
            free.remove(same)
            continue
        said = {plain(t) for row in rows for t in row if t}
        like = max(tables, key=lambda t: len(said & {plain(c.text) for c in t.cells}), default=None)
        if like is None or not said & {plain(c.text) for c in like.cells}:
            return "silent", "no table"
        told = told and like.status == "review"
        why = why or f"{len(rows)} x {len(rows[0])} came as {like.n_rows} x {like.n_cols}"
        free = [t for t in free if t is not like]
    if free and not why:
        told, why = all(t.status == "review" for t in free), f"{len(free)} tables that are none"
    return ("right" if not why else "flagged" if told else "silent"), why


def _says(table: rx.Table, rows: Rows) -> bool:
    """Does a table hold these texts, one that spans in its first place or in all?"""
    if (table.n_rows, table.n_cols) != (len(rows), len(rows[0])):
        return False
    for r, line in enumerate(table.grid()):
        for c, cell in enumerate(line):
            said, begins = (plain(cell.text), (cell.row, cell.col) == (r, c)) if cell else ("", True)
            if said != plain(rows[r][c]) and (begins or rows[r][c]):
                return False
    return True


def plain(text: str) -> str:
    """A text as it is compared: without blanks and the leaders at its end, dashes alike."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return re.sub("[\u2010-\u2015\u2212\u30fc]", "-", re.sub(r"[.・…]{2,}$", "", text))


def main() -> int:
    """Print a line a kind, and one for each variant that is not right."""
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--kinds", default=",".join(KINDS))
    ap.add_argument("--number", type=int, default=6)
    ap.add_argument("--seed", type=int, default=0)
    ap.add_argument("--keep", type=Path, help="where the PDFs that came out wrong are left")
    a = ap.parse_args()
    warnings.simplefilter("ignore")
    whole: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for kind in a.kinds.split(","):
            counts: Counter[str] = Counter()
            told: list[str] = []
            for case in variants(kind, a.number, a.seed):
                path = (a.keep or Path(folder)) / f"{case.name}.pdf"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(case.pdf)
                tables = rx.extract_tables(path)
                result, why = verdict(case, tables)
                counts[result] += 1
                counts["needless"] += result == "right" and any(t.status == "review" for t in tables)
                if result != "right":
                    told.append(f"    {case.name} {result}: {why}")
                elif a.keep:
                    path.unlink()
            whole += counts
            print(f"{kind:14}" + _counted(counts))
            print("\n".join(told), end="\n" if told else "", flush=True)
    print("all           " + _counted(whole))
    return int(whole["silent"] > 0)


def _counted(counts: Counter[str]) -> str:
    right, flagged, silent = (f"{counts[kind]:3}" for kind in ORDER)
    return f" right {right} (in review {counts['needless']:3})  flagged {flagged}  silent {silent}"


if __name__ == "__main__":
    sys.exit(main())
