"""Tables with marks on them that are none of their text: how many come out right, flagged, or silently wrong?

    python -m benchmarks.marks [--kinds watermark,stamp] [--number 50] [--seed 0] [--keep DIR]

Each variant (``mark_variants``) is read as any PDF is. A table is *right* where every cell says what a person reads
there, *flagged* where each cell that differs is marked for review, else *silent*. Exit status 1 where any is
silent.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
import unicodedata
import warnings
from collections import Counter
from pathlib import Path

import report_extract as rx

from .mark_variants import KINDS, Case, variants

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁾ᵃ", "0123456789)a")


def verdict(case: Case, tables: list[rx.Table]) -> tuple[str, str]:
    """ "right", "flagged" or "silent", and what differs first."""
    for text in case.never:
        for table in tables:
            if any(text in cell.text for cell in table.cells):
                return "silent", f"holds {text!r}"
    best: tuple[int, str, str] | None = None
    for table in tables:
        if (table.n_rows, table.n_cols) != (len(case.rows), len(case.rows[0])):
            continue
        wrong = _differing(case, table)
        silent = [why for status, why in wrong if status != "review"]
        told = getattr(table, "status", "ok") == "review"
        one = (
            len(wrong),
            "right" if not wrong else "flagged" if told or not silent else "silent",
            (silent or [w for _, w in wrong] or [""])[0],
        )
        best = one if best is None or one[0] < best[0] else best
    if best:
        return best[1], best[2]
    words = {plain(t) for row in case.rows for t in row if t}
    like = max(tables, key=lambda t: len(words & {plain(c.text) for c in t.cells}), default=None)
    if like is None:
        return "silent", "no table"
    told = getattr(like, "status", "ok") == "review"
    return (
        "flagged" if told else "silent"
    ), f"{len(case.rows)} x {len(case.rows[0])} came as {like.n_rows} x {like.n_cols}"


def _differing(case: Case, table: rx.Table) -> list[tuple[str, str]]:
    wrong = []
    grid = table.grid()
    for r, row in enumerate(case.rows):
        for c, want in enumerate(row):
            cell = grid[r][c]
            got, status = (cell.text, cell.status) if cell else ("", "ok")
            if want == "!":
                if status != "review":
                    wrong.append((status, f"{got!r} should be looked at"))
            elif want is not None and not _same(want, got):
                wrong.append((status, f"{want!r} came as {got!r}"))
    return wrong


def _same(want: str, got: str) -> bool:
    if "^" not in want:
        broken = re.fullmatch(r"[\d,.%]+", want) and " " in got.strip()
        return plain(want) == plain(got) and not broken and not re.search("[⁰¹²³⁴-⁹]", got)
    base, mark = want.split("^")
    found = re.fullmatch(r"(.*?)\s*([⁰¹²³⁴-⁹⁾ᵃ]+)", got)
    return bool(found) and plain(found[1]) == plain(base) and found[2].translate(_RAISED) == mark  # type: ignore[index]


def plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def main() -> int:
    """Print a line a kind, and one for each silent variant."""
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--kinds", default=",".join(KINDS))
    ap.add_argument("--number", type=int, default=50)
    ap.add_argument("--seed", type=int, default=0)
    ap.add_argument("--keep", type=Path, help="where the PDFs that came out wrong are left")
    ap.add_argument("-v", action="store_true", help="say what is flagged too")
    a = ap.parse_args()
    warnings.simplefilter("ignore")
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for kind in a.kinds.split(","):
            counts: Counter[str] = Counter()
            told: list[str] = []
            began = time.perf_counter()
            for case in variants(kind, a.number, a.seed):
                path = (a.keep or Path(folder)) / f"{case.name}.pdf"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(case.pdf)
                result, why = verdict(case, rx.extract_tables(path))
                counts[result] += 1
                if result == "silent" or (a.v and result == "flagged"):
                    told.append(f"    {case.name} {result}: {why}")
                elif a.keep:
                    path.unlink()
            failed += counts["silent"]
            seconds = (time.perf_counter() - began) / a.number
            print(
                f"{kind:12} right {counts['right']:3}  flagged {counts['flagged']:3}  "
                f"silent {counts['silent']:3}  {seconds:.2f} s each"
            )
            print("\n".join(told), end="\n" if told else "", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
