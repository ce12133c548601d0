"""Cases numbered 1..n: checked, and a misread number restored where its neighbours prove it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..core.model import Cell, Check, Dataset, Finding
from ..sums.rules import Place, Rule
from ..text import parse

_TOUCHING = 3.0  # points between the cells of one row and of the next, at most


@dataclass(slots=True)
class Numbered:
    """What the numbers of one dataset gave."""

    checks: list[Check] = field(default_factory=list)
    repairs: dict[Place, int] = field(default_factory=dict)
    suspects: dict[Place, int] = field(default_factory=dict)
    unsure: dict[Place, str] = field(default_factory=dict)  # what the numbers start anew by, with the numbers
    findings: list[Finding] = field(default_factory=list)


def numbered(rule: Rule, dataset: Dataset) -> Numbered:
    """Check the numbering that ``rule`` asks for; it starts anew wherever the report lets it.

    Where numbers start anew (by use, by legal basis, or never) is the report's choice: the way that agrees with most
    of the numbers is taken.
    """
    result = Numbered()
    rows = [r for r, row in enumerate(dataset.rows) if rule.counts in row]
    if not any(dataset.rows[r][rule.counts].text for r in rows):
        return result
    ways = [_runs(dataset, rows, rule.by[:n]) for n in range(len(rule.by), -1, -1)]
    # Ties go to the way that starts anew least often; a table of its own for each use is what is usual.
    best = max(ways, key=lambda runs: (_agreeing(dataset, rule.counts, runs), -len(runs)))
    scopes: dict[str, list[list[int]]] = {}
    for run in best:
        scopes.setdefault(_scope(dataset, rule, run[0]), []).append(run)
    for scope, runs in scopes.items():
        worst, notes, expected, actual = "pass", [], [], []
        for run in runs:
            status, note = _check_run(dataset, rule, run, result)
            worst = max(worst, status, key=("pass", "repaired", "fail").index)
            notes += [note] if note else []
            expected += [f"1..{len(run)}"]
            actual += [",".join(dataset.rows[r][rule.counts].text or "?" for r in run)]
        places = tuple(Place(dataset.name, r, rule.counts) for run in runs for r in run)
        show = worst != "pass"
        result.checks.append(
            Check(
                rule.check, scope, " ".join(expected) if show else "", " ".join(actual) if show else "",
                worst, "。".join(notes), places,
            )
        )  # fmt: skip
    return result


def _value(cell: Cell) -> int | None:
    try:
        return parse.integer(cell.text)
    except parse.CastError:
        return None


def _runs(dataset: Dataset, rows: Sequence[int], by: Sequence[str]) -> list[list[int]]:
    """Rows of the same ``by`` values, in reading order."""
    found: dict[tuple[str, ...], list[int]] = {}
    for r in rows:
        row = dataset.rows[r]
        found.setdefault(tuple(row[name].text if name in row else "" for name in by), []).append(r)
    return list(found.values())


def _agreeing(dataset: Dataset, name: str, runs: Sequence[Sequence[int]]) -> int:
    return sum(_value(dataset.rows[r][name]) == at for run in runs for at, r in enumerate(run, 1))


def _scope(dataset: Dataset, rule: Rule, row: int) -> str:
    first = rule.by[0] if rule.by else ""
    return dataset.rows[row][first].text if first in dataset.rows[row] else ""


def _check_run(dataset: Dataset, rule: Rule, run: Sequence[int], result: Numbered) -> tuple[str, str]:
    """Status and note of one run of numbers; repairs, suspects and findings go into ``result``."""
    cells = [dataset.rows[r][rule.counts] for r in run]
    values = [_value(c) for c in cells]
    wrong = [i for i, v in enumerate(values) if v != i + 1]
    if not wrong:
        return "pass", ""
    right = [i for i, v in enumerate(values) if v == i + 1]
    # What is doubtful as it is contradicts nobody.
    against = [i for i in wrong if values[i] is not None and not cells[i].doubts]
    proved = [i for i in wrong if cells[i].fallible and _proved(i, values, against, right, cells)]
    for i in wrong:
        place = Place(dataset.name, run[i], rule.counts)
        (result.repairs if i in proved else result.suspects)[place] = i + 1
    if len(proved) == len(wrong):
        return "repaired", "前後の番号から復元: " + "、".join(f"「{cells[i].text}」→{i + 1}" for i in wrong)
    again = next((i for i in range(1, len(values)) if _begins_anew(i, values, cells)), len(values))
    for i in range(again, len(values)):  # a heading between two tables was lost: which use or basis, nobody knows
        names = [name for name in rule.by if name in dataset.rows[run[i]]]
        result.unsure |= {Place(dataset.name, run[i], name): cells[i].text for name in names}
    known = [v for v in values if v is not None]
    first = cells[next(i for i in wrong if i not in proved)]
    gaps = sorted(set(range(1, max(known, default=0))) - set(known))
    twice = sorted({v for v in known if known.count(v) > 1})
    said = f"No. {','.join(c.text or '?' for c in cells)}"
    kind = "missing-row" if gaps and not twice and known == sorted(known) else "doubled-row" if twice else ""
    if kind:
        result.findings.append(Finding(kind, (said,), first.page, first.bbox, dataset.name))
    return "fail", ""


def _begins_anew(at: int, values: Sequence[int | None], cells: Sequence[Cell]) -> bool:
    """May another run begin: with 1, or with a number that is certain and no higher than the one before?

    So may one with a number that was not read, where its row is not right below the one before.
    """
    now, before = values[at], values[at - 1]
    if now is None:
        return cells[at].fallible and not _adjoin(cells[at - 1], cells[at])
    if now == 1:
        return True
    if before is None:
        return False
    return now <= before and not (cells[at].fallible or cells[at - 1].fallible)


def _adjoin(above: Cell, below: Cell) -> bool:
    """Do the cells touch, as those of rows of one table on one page do?"""
    one, other = above.bbox, below.bbox
    apart = max(other.x0 - one.x1, one.x0 - other.x1, other.top - one.bottom, one.top - other.bottom)
    return above.page == below.page and apart < _TOUCHING


def _proved(
    at: int, values: Sequence[int | None], against: Sequence[int], right: Sequence[int], cells: Sequence[Cell]
) -> bool:
    """Is the number at ``at`` certain?

    Numbers grow. A later number that equals its place leaves the ones before it no choice; after the last such
    number only what cannot be read at all may be taken to go on, right below it: farther down, or on another page,
    a heading may stand between that was not read. Legible numbers that contradict must not
    outnumber those that are right: a run that goes on one off (1, 2, 4, 5) has lost a row instead.
    """
    if not right or len(against) > len(right):
        return False
    return max(right) > at or (values[at] is None and at - 1 in right and _adjoin(cells[at - 1], cells[at]))
