"""How far the statuses can be trusted: planted errors, and what became of each.

    python -m benchmarks.trust [--seed N] [--tables N]

Every report is made up from the seed: departments and legal bases with totals that agree, some with subtotals,
breakdowns, a column of the year before. One kind of error is planted in each, the report is balanced, and every
figure is compared with what was printed. *Silent* is a wrong value that is ``ok``, *unnoticed* a wrong table in a
report without any flag; *burden* is the share of right values that a person is asked to look at.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from report_extract.checks.balance import Balanced, balance
from report_extract.core.model import Reading
from report_extract.profile.load import Profile, load

from .trust_reports import COUNTS, TITLE, Place, Report, crossed, noisy, places, report, singly

# What is planted. Each returns the places that now differ from the print, or None where the table as a whole is wrong.


def digits(errors: int, which: Callable[[Report], list[Place]]) -> Callable[[Report], list[Place] | None]:
    def plant(made: Report) -> list[Place] | None:
        chosen = made.rng.sample(which(made), errors)
        for name, row, column in chosen:
            made.misread((name, row, column), noisy(made.rows[name][row][column], made.rng))
        return chosen

    return plant


def two_digits(made: Report) -> list[Place] | None:
    long = [p for p in crossed(made) if len(made.rows[p[0]][p[1]][p[2]]) > 1]
    if not long:
        return digits(1, crossed)(made)
    name, row, column = place = made.rng.choice(long)
    made.misread(place, noisy(made.rows[name][row][column], made.rng, 2))
    return [place]


def lost_figure(made: Report) -> list[Place] | None:
    """A lone figure that the recogniser did not see."""
    place = made.rng.choice([p for p in places(made) if made.rows[p[0]][p[1]][p[2]] != "0"])
    made.readings[place] = (Reading("", made.by, 0.5),)
    return [place]


def unread(made: Report) -> list[Place] | None:
    place = made.rng.choice(places(made))
    made.readings[place] = (Reading("l?", made.by, 0.3),)
    return [place]


def changed_places(made: Report) -> list[Place] | None:
    """Two figures side by side that stand in each other's place."""
    rows = made.rows["department_counts"]
    both = [(r, a, b) for r, row in enumerate(rows) for a, b in pairwise(COUNTS) if row[a] != row[b]]
    at, one, other = made.rng.choice(both)
    for column, text in ((one, rows[at][other]), (other, rows[at][one])):
        made.readings["department_counts", at, column] = made.clean(text)
    return [("department_counts", at, one), ("department_counts", at, other)]


def lost_column(said: str, errors: int) -> Callable[[Report], list[Place] | None]:
    """All figures of a column are read as ``said``, with so many others misread besides; its total may be there."""

    def plant(made: Report) -> list[Place] | None:
        column = made.rng.choice(COUNTS)
        rows = made.rows["department_counts"]
        some = rows if made.rng.random() < 0.5 else rows[:-1]
        chosen = [("department_counts", r, column) for r, row in enumerate(some) if said or row[column] != "0"]
        for place in chosen:
            made.readings[place] = (Reading(said, made.by, 0.3),)
        others = [p for p in places(made, "department_counts") if p[2] != column]
        return chosen + (digits(errors, lambda _: others)(made) or [])

    return plant


def lost_row(made: Report) -> list[Place] | None:
    name = made.rng.choice(list(made.rows))
    rows = made.rows[name]
    filled = [
        r for r, row in enumerate(rows[:-1]) if any(row[c] not in ("0", "") for _, q, c in places(made, name) if q == r)
    ]
    if not filled:
        return []
    del rows[made.rng.choice(filled)]
    return None


def doubled_row(made: Report) -> list[Place] | None:
    rows = made.rows["department_counts"]
    filled = [r for r, row in enumerate(rows[:-1]) if row["subtotal"] != "0"]
    if not filled:
        return []
    at = made.rng.choice(filled)
    rows.insert(at, dict(rows[at]))
    return None


def shifted_row(made: Report) -> list[Place] | None:
    """A row whose figures slipped one column to the right."""
    rows = made.rows["department_counts"]
    at = made.rng.randrange(len(rows))
    read = ["", *(rows[at][c] for c in COUNTS[:-1])]
    changed = []
    for column, text in zip(COUNTS, read, strict=True):
        if text != rows[at][column]:
            made.readings["department_counts", at, column] = made.clean(text)
            changed.append(("department_counts", at, column))
    return changed


def merged_rows(made: Report) -> list[Place] | None:
    """Two rows whose texts ran together in one."""
    rows = made.rows["department_counts"]
    at = made.rng.randrange(len(rows) - 2)
    for column in COUNTS:
        made.readings["department_counts", at, column] = made.clean(rows[at][column] + " " + rows[at + 1][column])
    del rows[at + 1]
    for (name, row, column), readings in list(made.readings.items()):
        if row > at:
            made.readings[name, row - 1, column] = readings
    return None


def printed_error(made: Report) -> list[Place] | None:
    """The report itself is wrong: the figure is read as printed."""
    name, row, column = made.rng.choice(places(made))
    made.rows[name][row][column] = noisy(made.rows[name][row][column], made.rng)
    return []


def nothing(made: Report) -> list[Place] | None:
    return []


@dataclass(slots=True)
class Tally:
    """What became of the planted errors of one kind."""

    tables: int = 0
    planted: int = 0
    repaired: int = 0
    flagged: int = 0
    silent: int = 0
    wrong_repairs: int = 0
    changed: int = 0
    right: int = 0
    burden: int = 0
    unnoticed: int = 0
    seconds: float = 0.0
    statuses: Counter[str] = field(default_factory=Counter)


def judge(tally: Tally, made: Report, planted: list[Place] | None, balanced: Balanced) -> None:
    """Compare every figure with the print."""
    datasets, checks, findings = balanced
    named = {d.name: d for d in datasets}
    tally.tables += 1
    worst = {c.status for c in checks}
    tally.statuses.update(worst)
    flags = bool(findings) or "fail" in worst
    for name, row, column in places(made):
        cell = named[name].rows[row][column]
        flags = flags or cell.status == "review"
        right = cell.text == made.rows[name][row][column]
        wrongly_read = planted is not None and (name, row, column) in planted
        tally.planted += wrongly_read
        if wrongly_read and right and cell.status != "review":
            tally.repaired += 1
        elif not right or wrongly_read:
            tally.flagged += cell.status == "review"
            tally.silent += cell.status == "ok" and not right
            tally.wrong_repairs += cell.status == "repaired"
            tally.changed += made.by == "pdfium" and cell.text != cell.raw
        else:
            tally.right += 1
            tally.burden += cell.status == "review"
    if planted is None:
        tally.planted += 1
        tally.unnoticed += not flags
        tally.flagged += flags


# name -> how it is read, what is planted, and its share of the tables
KINDS: dict[str, tuple[str, Callable[[Report], list[Place] | None], float]] = {
    "scan, nothing wrong": ("rapidocr", nothing, 0.06),
    "scan, one digit": ("rapidocr", digits(1, crossed), 0.08),
    "scan, two digits of one figure": ("rapidocr", two_digits, 0.04),
    "scan, two figures": ("rapidocr", digits(2, crossed), 0.10),
    "scan, three figures under two sums": ("rapidocr", digits(3, crossed), 0.06),
    "scan, three figures anywhere": ("rapidocr", digits(3, places), 0.08),
    "scan, one figure under one sum": ("rapidocr", digits(1, singly), 0.05),
    "scan, a figure not seen": ("rapidocr", lost_figure, 0.06),
    "scan, a figure not legible": ("rapidocr", unread, 0.04),
    "scan, the report itself is wrong": ("rapidocr", printed_error, 0.06),
    "OCR text, one digit": ("ocr_text", digits(1, crossed), 0.03),
    "OCR text, two figures": ("ocr_text", digits(2, crossed), 0.05),
    "OCR text, three figures": ("ocr_text", digits(3, crossed), 0.03),
    "scan, figures in each other's place": ("rapidocr", changed_places, 0.04),
    "OCR text, in each other's place": ("ocr_text", changed_places, 0.02),
    "a column not seen": ("rapidocr", lost_column("", 0), 0.03),
    "a column not seen, one digit": ("rapidocr", lost_column("", 1), 0.03),
    "a column not legible, one digit": ("rapidocr", lost_column("l?", 1), 0.02),
    "a lost row": ("rapidocr", lost_row, 0.05),
    "a doubled row": ("rapidocr", doubled_row, 0.03),
    "a shifted row": ("rapidocr", shifted_row, 0.03),
    "two rows run together": ("rapidocr", merged_rows, 0.03),
    "native, nothing wrong": ("pdfium", nothing, 0.03),
    "native, the report itself is wrong": ("pdfium", printed_error, 0.06),
    "native, a lost row": ("pdfium", lost_row, 0.02),
}  # fmt: skip


def run(seed: int, tables: int) -> dict[str, Tally]:
    """Plant, balance and judge; ``tables`` in all, two tables a report."""
    profile = load("personal-data-use")
    tallies: dict[str, Tally] = {}
    for number, (kind, (by, plant, share)) in enumerate(KINDS.items()):
        tally = tallies[kind] = Tally()
        rng = random.Random(seed * 1000 + number)
        for _ in range(max(1, round(share * tables / 2))):
            made = report(rng, by)
            planted = plant(made)
            judge(tally, made, planted, timed(tally, made, profile))
    return tallies


def timed(tally: Tally, made: Report, profile: Profile) -> Balanced:
    datasets = made.datasets()
    began = time.perf_counter()
    balanced = balance(datasets, (), [TITLE, *made.notes], profile)
    tally.seconds += time.perf_counter() - began
    return balanced


def main() -> None:
    """Print the tallies."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tables", type=int, default=2400)
    arguments = parser.parse_args()
    tallies = run(arguments.seed, arguments.tables)
    heads = ["reports", "planted", "repaired%", "flagged", "silent", "badrep", "unnoticed", "burden%", "ms"]
    print("".ljust(36), *(h.rjust(9) for h in heads), " checks")
    for kind, tally in tallies.items():
        repaired = 100 * tally.repaired / max(1, tally.planted)
        burden = 100 * tally.burden / max(1, tally.right)
        wrong = tally.wrong_repairs + tally.changed
        numbers = (tally.tables, tally.planted, f"{repaired:.1f}", tally.flagged, tally.silent, wrong, tally.unnoticed)
        speed = 1000 * tally.seconds / max(1, tally.tables)
        shown = [*map(str, numbers), f"{burden:.2f}", f"{speed:.0f}"]
        print(kind.ljust(36), *(n.rjust(9) for n in shown), " ", dict(tally.statuses))
    total = [
        sum(getattr(t, name) for t in tallies.values()) for name in ("silent", "wrong_repairs", "changed", "unnoticed")
    ]
    print(
        f"\n{2 * sum(t.tables for t in tallies.values())} tables: silent {total[0]}, wrong repairs {total[1]}, "
        f"text layers changed {total[2]}, wrong tables unnoticed {total[3]}"
    )


if __name__ == "__main__":
    main()
