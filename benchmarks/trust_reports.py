"""Made-up reports whose sums agree, and how a recogniser reads them: what ``benchmarks.trust`` spoils."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from report_extract.core.geometry import BBox
from report_extract.core.model import Cell, Dataset, Field, Line, Reading

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
            fields = tuple(Field(n, _type(n)) for n in rows[0])
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


def _type(name: str) -> str:
    """The type of a field: it is the row types that the sums over columns go by."""
    return "count" if name in COUNTS or name.endswith("count") else "row_type" if name == "row_type" else "text"


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
