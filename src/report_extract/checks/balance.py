"""Checks the figures of a report against each other, restores what was misread, and says what is doubtful.

Never silently wrong: a figure from a recogniser is ``ok`` only where an equation on it holds or two readings
agree; it is changed only where ``sums.repair`` proves the change; a figure from a text layer that is
believed is never changed, and where such figures disagree it is the report that is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from ..core.geometry import BBox
from ..core.model import Cell, Check, Dataset, Finding, Line, Row, Table
from ..profile.identity import year_said
from ..profile.spec import Profile
from ..sums.repair import Equation, Repair, explained_by, repair, suspects, zeros
from ..sums.rules import Demand, Place, demands, label, row_type
from .figures import READING_DOUBTS, Figures, changed, doubted, figures
from .notes import explanation, notes
from .numbering import Numbered, numbered
from .structure import Broken, broken_groups, merged_rows, shifted_rows, ungrouped_rows
from .unknown import witnessed
from .wording import said, value

Balanced = tuple[tuple[Dataset, ...], tuple[Check, ...], tuple[Finding, ...]]
Change = Callable[[Cell], Cell]
_FEW = 4  # of more figures that a text layer gives, only the total is pointed out


def balance(
    datasets: Sequence[Dataset],
    tables: Sequence[Table],
    lines: Sequence[Line],
    profile: Profile | None,
    year: int | None = None,
) -> Balanced:
    """The datasets with what was misread restored and what is doubtful doubted; the checks; the findings.

    Args:
        datasets: as shaped.
        tables, lines: of the whole report; notes in them explain figures that differ.
        profile: whose rules hold; without one the sums that the tables themselves show are checked.
        year: the report's own, which its notes may name; else what ``profile.identity`` makes of the text.
    """
    if profile is None:
        return *witnessed(datasets), ()
    sheet = _Reconciliation.of(datasets, tables, lines, profile, year or year_said(lines, tables))
    sheet.prove_blanks()
    sheet.repair()
    sheet.doubt()
    sheet.settle()
    checks = sheet.checks()
    datasets = changed(sheet.datasets, sheet.changes)
    findings = [broken.finding for broken in sheet.broken]
    for rule in profile.rules:
        for dataset in (d for d in datasets if rule.counts and d.name == rule.dataset):
            found = numbered(rule, dataset)
            datasets = changed(datasets, _renumbered(found))
            checks += found.checks
            findings += found.findings
    return tuple(map(_with_kinds_doubted, datasets)), tuple(checks), tuple(findings)


def _with_kinds_doubted(dataset: Dataset) -> Dataset:
    """The dataset, the kinds of rows doubted that follow from labels not read for sure: 念言 may be a 総計."""
    names = [f.name for f in dataset.fields if f.type in ("name", "text")]
    kind = dataset.row_type

    def doubted_kind(row: Row) -> Row:
        said = next((row[n] for n in names if n in row and row[n].text), None)
        if said is None or kind not in row or not any(d.kind in READING_DOUBTS for d in said.doubts):
            return row
        return {**row, kind: row[kind].doubted("unsure-kind", said.text)}

    return replace(dataset, rows=tuple(map(doubted_kind, dataset.rows)))


@dataclass(slots=True)
class _Reconciliation:
    """All figures of a report at work: what is asked of them, and what is to be done to which cell.

    Attributes:
        asked: every demand of the rules on figures that the report has.
        explained: by the index of the demand, the note that says why it does not hold.
        broken: totals whose rows are not all there, or not once.
        numbers: the figures as they now are: repairs and proved zeros included.
        changes: what is to be done to cells, in order.
        loose: page and box of the cells of tables that no rules bound.
    """

    datasets: tuple[Dataset, ...]
    figures: Figures
    asked: list[Demand]
    explained: dict[int, str]
    broken: list[Broken]
    numbers: dict[Place, int | None]
    changes: dict[Place, Change] = field(default_factory=dict)
    repaired: dict[Place, Repair] = field(default_factory=dict)
    loose: frozenset[tuple[int, BBox]] = frozenset()

    @classmethod
    def of(
        cls,
        datasets: Sequence[Dataset],
        tables: Sequence[Table],
        lines: Sequence[Line],
        profile: Profile,
        year: int | None,
    ) -> _Reconciliation:
        found = figures(datasets, tables)
        asked = [d for d in demands(profile.rules, datasets, found.numbers) if all(p in found.cells for p in d.places)]
        sheet = cls(tuple(datasets), found, asked, {}, [], dict(found.numbers))
        sheet.loose = frozenset((c.page, c.bbox) for t in tables if t.kind == "aligned" for c in t.cells)
        said_so = notes(tables, lines)
        prior = {(d.name, f.name) for d in profile.datasets for f in d.fields if f.prior_of}
        for i, demand in enumerate(asked):
            unsure = any(doubted(found.cells[p]) for p in demand.places)
            if not said_so or sheet.holds(demand) is not False or (unsure and demand.group >= 0):
                continue
            about_prior = any((p.dataset, p.field) in prior for p in demand.places)
            across = len({p.dataset for p in demand.places}) > 1
            excess = demand.equation.residual(sheet.counted(demand)) or 0
            note = explanation(said_so, across, about_prior, year, excess, len(demand.places))
            if note:
                sheet.explained[i] = note
        open_demands = [d for i, d in enumerate(asked) if i not in sheet.explained]
        sheet.broken = merged_rows(datasets) + shifted_rows(datasets, open_demands, found.numbers)
        left = [d for d in open_demands if not any(b.spoils(d) for b in sheet.broken)]
        sheet.broken += broken_groups(datasets, left, found.numbers) + ungrouped_rows(datasets, found.numbers)
        return sheet

    def counted(self, demand: Demand) -> dict[Place, int | None]:
        """The figures of a demand; empty parts of a sum count as nothing, its total must be there."""
        parts = {p: 0 for _, p in demand.left if self.numbers[p] is None and p in self.figures.blanks}
        return {p: self.numbers[p] for p in demand.places} | parts

    def holds(self, demand: Demand) -> bool | None:
        """Does it hold? None where it cannot be told."""
        return demand.equation.holds(self.counted(demand))

    def sound(self) -> list[Equation]:
        """The equations that may prove something: explained ones and those over broken tables may not."""
        return [
            replace(d.equation, id=str(i))
            for i, d in enumerate(self.asked)
            if i not in self.explained and not any(b.spoils(d) for b in self.broken)
        ]

    def append_change(self, place: Place, change: Change) -> None:
        before = self.changes.get(place)
        self.changes[place] = change if before is None else lambda cell: change(before(cell))

    def is_unruled(self, place: Place) -> bool:
        """Is it a figure of a table without rules, whose rows and columns are a guess?"""
        cell = self.figures.cells[place]
        return (cell.page, cell.bbox) in self.loose

    def words(self, ids: Sequence[str]) -> str:
        named = {d.name: d for d in self.datasets}
        return "、".join(said(self.asked[int(i)], named, self.numbers) for i in ids)

    def prove_blanks(self) -> None:
        """Empty cells that the sums prove to be 0."""
        for place in zeros(self.sound(), self.numbers, self.figures.blanks - self.figures.unread):
            self.numbers[place] = 0
            self.append_change(place, _emptied)

    def repair(self) -> None:
        """Misread figures, where the sums prove what they are."""
        proved = repair(self.sound(), self.numbers, self.figures.deniable())
        repairs = [change for change in proved if change.key not in self.figures.typed]
        for change in repairs:
            self.numbers[change.key] = change.now
            self.repaired[change.key] = change
        while guesses := self.guesses():
            repairs += guesses
            self.repaired |= {change.key: change for change in guesses}
        for change in repairs:
            others = f"他の値には{change.distance}か所以上の誤読が要る"
            note = f"次の式が成り立つのはこの値だけ({others}): {self.words(change.equations)}"
            self.append_change(change.key, _restored(change.now, note))

    def guesses(self) -> list[Repair]:
        """Figures with specks around them that make a sum hold, each the only one of its kind in it."""
        found: dict[Place, list[str]] = {}
        for equation in self.sound():
            guessed = [p for _, p in equation.terms if p in self.figures.guessed and p not in self.repaired]
            if len(guessed) == 1 and equation.holds(self.numbers):
                found.setdefault(guessed[0], []).append(equation.id)
        return [Repair(p, None, self.figures.guessed[p], tuple(ids)) for p, ids in found.items()]

    def doubt(self) -> None:
        """The figures that could be at fault where a sum still fails."""
        equations = self.sound()
        candidates = suspects(equations, self.numbers, self.figures.cells.keys() - self.figures.typed)
        for equation in equations:
            if equation.holds(self.numbers) is not False:
                continue
            demand = self.asked[int(equation.id)]
            named = [p for p in demand.places if p in candidates]
            if any(self.is_unruled(p) for p in demand.places):
                named = list(demand.places)
            elif len(named) > _FEW and not any(p in self.figures.fallible for p in named):
                named = [p for _, p in demand.right]
            for place in named:
                wanted = "・".join(str(v) for v in candidates.get(place, ()) if v >= 0) or "?"
                self.append_change(place, _doubted("unbalanced", self.words([equation.id]), wanted))
        likely = explained_by(equations, self.numbers, self.figures.fallible)
        for place in (p for p in self.figures.cells if p in likely and p not in candidates):
            broken_sums = [e.id for e in equations if place in (p for _, p in e.terms) and not e.holds(self.numbers)]
            self.append_change(place, _doubted("unbalanced", self.words(broken_sums) or "?", "?"))
        for demand in self.asked:
            for _, place in demand.right if demand.group >= 0 else ():
                if self.numbers[place] is None and any(self.numbers[p] for _, p in demand.left):
                    self.append_change(place, _doubted("unproved-blank"))
        for broken in self.broken:
            for row in broken.rows:
                for place in (p for p in self.figures.cells if p.dataset == broken.dataset and p.row == row):
                    self.append_change(place, _doubted(broken.finding.kind, *broken.finding.values))

    def settle(self) -> None:
        """Doubts about readings end where sums hold; a recognised figure that nothing confirms gets one."""
        unsure = {p for p, c in self.figures.cells.items() if doubted(c) and p not in self.repaired}
        passing = [d for i, d in enumerate(self.asked) if i not in self.explained and self.holds(d)]
        covers: dict[Place, int] = {}
        for demand in passing:
            for place in demand.places:
                covers[place] = covers.get(place, 0) + 1
        settled: set[Place] = set()
        found = True
        while found:
            # Two wrong figures can make up for each other in one sum, hardly in two.
            found = False
            for demand in passing:
                open_places = [p for p in demand.places if p in unsure and p not in settled]
                for place in open_places:
                    if len(open_places) == 1 or covers[place] > 1:
                        settled.add(place)
                        found = True
        for place in settled:
            self.append_change(place, lambda cell: cell.settled(*READING_DOUBTS))
        named = {d.name: d for d in self.datasets}
        sums = [(d.group, p) for d in passing if d.group >= 0 for _, p in d.right]
        columns = {(p.dataset, p.field) for head, p in sums if row_type(named[p.dataset], head) == "total"}
        for place, cell in self.figures.cells.items():
            confirmed = place in covers or (place.dataset, place.field) in columns
            if self.is_unruled(place) and cell.text and not confirmed:
                self.append_change(place, _doubted("unconfirmed"))
            elif self.is_unruled(place) and self.numbers[place] is None and place in self.figures.blanks:
                self.append_change(place, _doubted("unproved-blank"))
        for place in self.figures.fallible:
            if self.numbers[place] is None and place in self.figures.blanks:
                self.append_change(place, _doubted("unproved-blank"))
            elif place not in covers and place not in self.figures.confirmed and place not in unsure:
                self.append_change(place, _doubted("unchecked"))

    def checks(self) -> list[Check]:
        """One line a demand; the rows that hold share one."""
        result: list[Check] = []
        passed: dict[str, list[Place]] = {}
        for i, demand in enumerate(self.asked):
            holds = self.holds(demand)
            repairs = [p for p in demand.places if p in self.repaired]
            status = "explained" if i in self.explained else "repaired" if repairs else "pass"
            if holds is None:
                continue
            if not holds and status != "explained":
                status = "fail"
            if status == "pass" and len({(p.dataset, p.row) for p in demand.places}) == 1:
                passed.setdefault(demand.check, []).extend(demand.places)
                continue
            note = self.explained.get(i, "") or "、".join(self._restoration(p) for p in repairs)
            if status == "fail":
                note = self.words([str(i)])
            expected, actual = value(demand.right, self.numbers), value(demand.left, self.numbers)
            result.append(Check(demand.check, demand.scope, expected, actual, status, note, demand.places))
        return [Check(check, "", "", "", "pass", "", tuple(ps)) for check, ps in passed.items()] + result

    def _restoration(self, place: Place) -> str:
        dataset = next(d for d in self.datasets if d.name == place.dataset)
        was = self.figures.cells[place].text
        return f"{label(dataset, place.row)} {place.field}: 「{was}」→{self.repaired[place].now}"


def _emptied(cell: Cell) -> Cell:
    return cell.read("0", "blank", note="空欄を0とすると計算が合うため").settled(*READING_DOUBTS)


def _restored(now: int, note: str) -> Change:
    return lambda cell: cell.read(str(now), "equation", note=note).settled(*READING_DOUBTS, "uncastable")


def _doubted(kind: str, *values: str) -> Change:
    return lambda cell: cell.doubted(kind, *values)


def _renumbered(found: Numbered) -> dict[Place, Change]:
    """What the numbering does to number cells: repairs, doubts, and doubts that it settles."""
    changes: dict[Place, Change] = {}
    note = "前後の番号の続きから"

    def repaired(number: int) -> Change:
        return lambda cell: cell.read(str(number), "sequence", note=note).settled(*READING_DOUBTS, "uncastable")

    for check in found.checks:
        if check.status in ("pass", "repaired") and len(check.places) > 1:
            changes |= {Place(*p): (lambda cell: cell.settled(*READING_DOUBTS)) for p in check.places}
    changes |= {place: repaired(number) for place, number in found.repairs.items()}
    changes |= {p: _doubted("unbalanced", "番号の並び", str(n)) for p, n in found.suspects.items()}
    changes |= {p: _doubted("section-lost", said) for p, said in found.unsure.items()}
    return changes
