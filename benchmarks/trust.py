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
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from report_extract.geometry import BBox
from report_extract.model import Cell, Dataset, Field, Line, Reading
from report_extract.profile import Profile, load
from report_extract.steps.balance import Balanced, balance

BOX = BBox(50, 50, 100, 60)
COUNTS = ("internal_use", "external_provision", "subtotal", "prior_subtotal")
ALIKE = {
    "0": "68",
    "1": "74",
    "2": "7",
    "3": "859",
    "4": "91",
    "5": "638",
    "6": "085",
    "7": "12",
    "8": "360",
    "9": "438",
}
REPEATED = 0.02  # the share of misreadings that the second reading repeats for sure
TITLE = Line(1, BBox(50, 20, 300, 32), "保有個人情報の目的外利用・外部提供の実施状況(令和6年度実績)")
PRIOR_NOTE = "※令和5年度の実績について、複数の区分に該当する案件があるため、部等別の合計数とは一致しません。"

Place = tuple[str, int, str]
Rows = list[dict[str, str]]


@dataclass(slots=True)
class Report:
    """A made-up report as printed, and how it is read."""

    rng: random.Random
    by: str
    rows: dict[str, Rows] = field(default_factory=dict)
    readings: dict[Place, tuple[Reading, ...]] = field(default_factory=dict)
    notes: list[Line] = field(default_factory=list)

    def datasets(self) -> list[Dataset]:
        made = []
        for name, rows in self.rows.items():
            fields = tuple(Field(n, "count" if n in COUNTS or n.endswith("count") else "text") for n in rows[0])
            made.append(
                Dataset(
                    name,
                    fields,
                    tuple({n: self.cell((name, r, n), t) for n, t in row.items()} for r, row in enumerate(rows)),
                )
            )
        return made

    def cell(self, place: Place, text: str) -> Cell:
        readings = self.readings.get(place) or self.clean(text)
        cell = Cell(1, BOX, readings=readings)
        said = {r.text for r in readings}
        return cell.doubted("readings-differ", *sorted(said)) if len(said) > 1 else cell

    def clean(self, text: str) -> tuple[Reading, ...]:
        """What a right reading looks like: of a recogniser twice, of OCR text or a text layer once."""
        if self.by != "rapidocr":
            return (Reading(text, self.by, 1.0 if self.by == "pdfium" else 0.9),)
        return tuple(Reading(text, self.by, self.rng.uniform(0.93, 1)) for _ in range(2 if text else 1))

    def misread(self, place: Place, wrong: str) -> None:
        """A misreading as a recogniser makes them: a second one differs, the truth is often an alternative."""
        name, row, column = place
        right = self.rows[name][row][column]
        if self.by != "rapidocr":
            self.readings[place] = (Reading(wrong, self.by, 0.9),)
            return
        confidence = self.rng.choice((0.5, 0.7, 0.9, 0.99))
        others = ((right, (1 - confidence) * 0.8),) if self.rng.random() < 0.6 else ()
        second = right
        if self.rng.random() < 0.3:
            while (second := noisy(right, self.rng)) == wrong:
                pass
        if self.rng.random() < REPEATED:
            second = wrong
        first = Reading(second, self.by, 0.9)
        self.readings[place] = (first, Reading(wrong, self.by, confidence, (*others, (second, 0.3))))


def noisy(text: str, rng: random.Random, errors: int = 1) -> str:
    """The digits with so many of them misread: mostly for one that prints alike, now and then lost or doubled."""
    while True:
        digits = list(text)
        for at in rng.sample(range(len(digits)), min(errors, len(digits))):
            kind = rng.random()
            if kind < 0.6:
                digits[at] = rng.choice(ALIKE[digits[at]])
            elif kind < 0.85:
                digits[at] = rng.choice("0123456789")
            elif kind < 0.93 and len(digits) > 1:
                digits[at] = ""
            else:
                digits[at] *= 2
        read = str(int("".join(digits) or "0"))
        if read != text:
            return read


def report(rng: random.Random, by: str) -> Report:
    """A report whose sums agree."""
    made = Report(rng, by)
    rows: Rows = []
    total = [0, 0, 0]
    for number in range(rng.randint(4, 28)):
        use, given, prior = (rng.choice((0, 0, 1, 2, rng.randint(0, 30), rng.randint(0, 300))) for _ in range(3))
        rows.append(printed(f"第{number}部", "detail", (use, given, prior)))
        total = [t + v for t, v in zip(total, (use, given, prior), strict=True)]
    if rng.random() < 0.25 and len(rows) > 6:
        rows = grouped(rows, rng)
    rows.append(printed("合計", "total", total))
    made.rows["department_counts"] = rows
    gap = rng.choice((0, 0, rng.randint(1, 9)))
    made.rows["legal_basis_counts"] = bases(rng, total[0] + total[1], total[2] + gap)
    if gap:
        made.notes = [Line(1, BBox(50, 700, 500, 710), PRIOR_NOTE)]
    return made


def printed(name: str, kind: str, sums: Sequence[int]) -> dict[str, str]:
    use, given, prior = sums
    counts = map(str, (use, given, use + given, prior))
    return {"department": name, **dict(zip(COUNTS, counts, strict=True)), "row_type": kind}


def grouped(rows: Rows, rng: random.Random) -> Rows:
    """The rows in groups, each followed by its subtotal."""
    made: Rows = []
    while rows:
        size = min(len(rows), rng.randint(2, 6))
        sums = [sum(int(r[c]) for r in rows[:size]) for c in ("internal_use", "external_provision", "prior_subtotal")]
        made += [*rows[:size], printed(f"第{len(made)}局計", "subtotal", sums)]
        rows = rows[size:]
    return made


def bases(rng: random.Random, count: int, prior: int) -> Rows:
    parts = [shares(rng, total, 6) for total in (count, prior)]
    inner = [shares(rng, part[0], 3) for part in parts]
    rows = [(f"区分{i}", "detail", parts[0][i], parts[1][i]) for i in range(6)]
    rows[1:1] = [(f"内訳{i}", "breakdown", inner[0][i], inner[1][i]) for i in range(3)]
    rows.append(("合計", "total", count, prior))
    return [{"basis": b, "row_type": k, "count": str(n), "prior_count": str(p)} for b, k, n, p in rows]


def shares(rng: random.Random, total: int, parts: int) -> list[int]:
    cuts = sorted(rng.randint(0, total) for _ in range(parts - 1))
    return [b - a for a, b in zip([0, *cuts], [*cuts, total], strict=True)]


def places(made: Report, *datasets: str) -> list[Place]:
    return [
        (name, r, column)
        for name in datasets or tuple(made.rows)
        for r, row in enumerate(made.rows[name])
        for column in row
        if column in COUNTS or column.endswith("count")
    ]


def crossed(made: Report) -> list[Place]:
    """Figures under a row sum and a column sum."""
    return [p for p in places(made, "department_counts") if p[2] != "prior_subtotal"]


def singly(made: Report) -> list[Place]:
    """The other figures: most of them stand under one sum."""
    return [p for p in places(made) if p not in crossed(made)]


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
    "scan, one digit": ("rapidocr", digits(1, crossed), 0.12),
    "scan, two digits of one figure": ("rapidocr", two_digits, 0.08),
    "scan, two figures": ("rapidocr", digits(2, crossed), 0.12),
    "scan, three figures anywhere": ("rapidocr", digits(3, places), 0.08),
    "scan, one figure under one sum": ("rapidocr", digits(1, singly), 0.08),
    "scan, a figure not seen": ("rapidocr", lost_figure, 0.06),
    "scan, a figure not legible": ("rapidocr", unread, 0.04),
    "scan, the report itself is wrong": ("rapidocr", printed_error, 0.06),
    "OCR text, one digit": ("ocr_text", digits(1, crossed), 0.05),
    "OCR text, two figures": ("ocr_text", digits(2, crossed), 0.05),
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
