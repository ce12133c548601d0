"""A profile's rules: one linear equation a line, made into demands on the cells of datasets.

Grammar (blanks are free)::

    rule     = dataset ":" side "=" side [ "±" number ]
             | dataset ":" field "counts" "by" field { "," field }
    side     = term { ("+" | "-") term }
    term     = [ number "*" ] ( ref | "sum(" ref ")" )
    ref      = [ dataset "." ] ( field | "*" ) [ "[" row type "]" ]
    row type = "total" | "subtotal" | "breakdown" | "detail" | 合計 | 小計 | 内訳 | 明細

In a profile (TOML), each with the id of the check that it emits::

    rules = [
      { check = "department.row_sum", rule = "department_counts: internal_use + external_provision = subtotal" },
      { check = "department.column_total", rule = "department_counts: sum(*) = *[total]" },
      { check = "department.column_total", rule = "department_counts: sum(*) = *[subtotal]" },
      { check = "legal_basis.breakdown_sum", rule = "legal_basis_counts: sum(*[breakdown]) = *[detail]" },
      { check = "legal_basis.column_total", rule = "legal_basis_counts: sum(*) = *[total]" },
      { check = "cross.total", rule = "department_counts: subtotal[total] = legal_basis_counts.count[total]" },
      { check = "consultations.numbering", rule = "consultations: number counts by use_type, paragraph, item" },
    ]

``*`` is each field of type count in turn. A rule without ``sum`` and row types speaks of every row; with
``sum`` of every group (the rows that a total, subtotal or broken-down row stands for); with row types alone
of the last such row of each dataset. What a report leaves out, no rule asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..core.model import Dataset
from .repair import Equation


class Place(NamedTuple):
    """A cell of a dataset."""

    dataset: str
    row: int
    field: str


ROW_TYPES = {"合計": "total", "小計": "subtotal", "内訳": "breakdown", "明細": "detail"}


@dataclass(frozen=True, slots=True)
class Ref:
    """``[dataset.]field[row type]``, perhaps summed."""

    dataset: str
    field: str
    rows: str = ""
    summed: bool = False
    coefficient: float = 1


@dataclass(frozen=True, slots=True)
class Rule:
    """One parsed rule.

    Attributes:
        check: the id of the check that it emits.
        dataset: which it speaks of first.
        left, right: the two sides.
        tolerance: by how much they may differ.
        counts: the field that is numbered 1..n, for a rule of numbering.
        by: the fields whose change starts the numbering anew.
        text: as written.
    """

    check: str
    dataset: str
    left: tuple[Ref, ...] = ()
    right: tuple[Ref, ...] = ()
    tolerance: float = 0
    counts: str = ""
    by: tuple[str, ...] = ()
    text: str = ""


_REF = re.compile(
    r"(?:(?P<coefficient>\d+(?:\.\d+)?)\s*\*\s*(?=[A-Za-z_(]))?"
    r"(?P<sum>sum\s*\(\s*)?(?:(?P<dataset>\w+)\s*\.\s*)?(?P<field>\w+|\*)\s*(?:\[\s*(?P<rows>\w+)\s*\])?\s*(?(sum)\))",
)
_COUNTS = re.compile(r"(\w+)\s+counts\s+by\s+(\w+(?:\s*,\s*\w+)*)")


def parse(raw: str | Mapping[str, str]) -> Rule:
    """A rule from its line, or from a table with ``rule`` and ``check``; see the module's grammar.

    Raises:
        ValueError: says what is wrong with it.
    """
    if isinstance(raw, str):
        raw = {"rule": raw}
    if unknown := set(raw) - {"rule", "check"}:
        raise ValueError(f"a rule has 'rule' and 'check', not {sorted(unknown)}")
    text, check = raw.get("rule", ""), raw.get("check", "table.sum")
    if not isinstance(text, str) or not isinstance(check, str):
        raise ValueError(f"a rule and its check are texts: {raw!r}")
    head, colon, body = text.partition(":")
    dataset = head.strip()
    if not colon or not re.fullmatch(r"\w+", dataset):
        raise ValueError(f"a rule starts with its dataset and a colon: {text!r}")
    if numbering := _COUNTS.fullmatch(body.strip()):
        by = tuple(name.strip() for name in numbering[2].split(","))
        return Rule(check, dataset, counts=numbering[1], by=by, text=text)
    body, _, tolerance = body.partition("±")
    sides = body.split("=")
    if len(sides) != 2:
        raise ValueError(f"a rule has exactly one '=': {text!r}")
    try:
        allowed = float(tolerance) if tolerance.strip() else 0.0
    except ValueError:
        raise ValueError(f"after '±' stands a number, not {tolerance.strip()!r}: {text!r}") from None
    left, right = (_side(side, dataset, text) for side in sides)
    return Rule(check, dataset, left, right, allowed, text=text)


def _side(side: str, dataset: str, text: str) -> tuple[Ref, ...]:
    refs, at, sign = [], 0, 1.0
    side = side.strip()
    while True:
        found = _REF.match(side, at)
        if not found or found.end() == at:
            raise ValueError(f"{side[at:].strip() or 'nothing'!r} is no field or sum: {text!r}")
        rows = ROW_TYPES.get(found["rows"] or "", found["rows"] or "")
        if rows and rows not in ROW_TYPES.values():
            raise ValueError(f"[{rows}] is no row type ({', '.join(ROW_TYPES.values())}): {text!r}")
        coefficient = sign * float(found["coefficient"] or 1)
        refs.append(Ref(found["dataset"] or dataset, found["field"], rows, bool(found["sum"]), coefficient))
        rest = side[found.end() :].lstrip()
        if not rest:
            return tuple(refs)
        if rest[0] not in "+-":
            raise ValueError(f"'+', '-' or '=' is missing before {rest!r}: {text!r}")
        sign = 1.0 if rest[0] == "+" else -1.0
        at = len(side) - len(rest) + 1
        at += len(side[at:]) - len(side[at:].lstrip())


@dataclass(frozen=True, slots=True)
class Demand:
    """What a rule asks of certain cells.

    Attributes:
        check: the id of the check.
        scope: the field and row meant, in the dataset's own words.
        left, right: (coefficient, place) terms of the two sides; ``right`` is what is expected.
        tolerance: by how much they may differ.
        group: for a sum over rows, the row that it must equal; else -1.
    """

    check: str
    scope: str
    left: tuple[tuple[float, Place], ...]
    right: tuple[tuple[float, Place], ...]
    tolerance: float = 0
    group: int = -1

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(place for _, place in (*self.left, *self.right))

    @property
    def equation(self) -> Equation:
        terms = (*self.left, *((-c, p) for c, p in self.right))
        return Equation(f"{self.check} {self.scope}", self.scope, terms, tolerance=self.tolerance)


Numbers = Mapping[Place, int | None]


def demands(rules: Iterable[Rule], datasets: Iterable[Dataset], numbers: Numbers) -> list[Demand]:
    """All that the rules ask of these datasets.

    ``numbers`` decides where the report leaves it open, as whether a subtotal stands below or above its rows.
    """
    named = {d.name: d for d in datasets}
    found: list[Demand] = []
    for rule in rules:
        if rule.counts or any(ref.dataset not in named for ref in (*rule.left, *rule.right)):
            continue
        refs = (*rule.left, *rule.right)
        wild = any(ref.field == "*" for ref in refs)
        fields = [f.name for f in named[rule.dataset].fields if f.type == "count"] if wild else [""]
        for name in fields:
            if any(ref.summed for ref in refs):
                found += _of_groups(rule, name, named, numbers)
            elif any(ref.rows for ref in refs):
                found += _of_rows(rule, name, named, [-1])
            else:
                found += _of_rows(rule, name, named, range(len(named[rule.dataset].rows)))
    return found


def _of_rows(rule: Rule, name: str, named: Mapping[str, Dataset], rows: Iterable[int]) -> list[Demand]:
    """The demands of a rule without sums: one a row of ``rows``; refs with row types stand for one row each."""
    found = []
    for row in rows:
        sides = []
        for side in (rule.left, rule.right):
            terms = []
            for ref in side:
                dataset = named[ref.dataset]
                at = _last(dataset, ref.rows) if ref.rows else row
                if at >= 0 and (ref.field if ref.field != "*" else name) in dataset.rows[at]:
                    terms.append((ref.coefficient, Place(ref.dataset, at, ref.field if ref.field != "*" else name)))
            sides.append(tuple(terms))
        if len(sides[0]) == len(rule.left) and len(sides[1]) == len(rule.right):
            scope = label(named[rule.dataset], row) if row >= 0 else name
            found.append(Demand(rule.check, scope, sides[0], sides[1], rule.tolerance))
    return found


def _of_groups(rule: Rule, name: str, named: Mapping[str, Dataset], numbers: Numbers) -> list[Demand]:
    """The demands of a rule that sums rows: one a total, subtotal or broken-down row."""
    dataset = named[rule.dataset]
    wanted = next((ref for ref in (*rule.left, *rule.right) if not ref.summed), None)
    kind = (wanted.rows if wanted else "") or "total"
    found = []
    for head, members in groups(dataset, numbers):
        if row_type(dataset, head) != kind:
            continue
        sides = []
        for side in (rule.left, rule.right):
            terms: list[tuple[float, Place]] = []
            for ref in side:
                field = name if ref.field == "*" else ref.field
                at = members if ref.summed else (head,)
                terms += [(ref.coefficient, Place(ref.dataset, r, field)) for r in at if field in dataset.rows[r]]
            sides.append(tuple(terms))
        if sides[0] and sides[1]:
            several = kind != "total" or _count(dataset, kind) > 1
            scope = f"{name} {label(dataset, head)}" if several else name
            found.append(Demand(rule.check, scope, sides[0], sides[1], rule.tolerance, head))
    return found


def row_type(dataset: Dataset, row: int) -> str:
    """``detail``, ``breakdown``, ``subtotal`` or ``total``; ``detail`` where the dataset does not say."""
    return dataset.type_of(row)


def _count(dataset: Dataset, kind: str) -> int:
    return sum(row_type(dataset, r) == kind for r in range(len(dataset.rows)))


def _last(dataset: Dataset, kind: str) -> int:
    return max((r for r in range(len(dataset.rows)) if row_type(dataset, r) == kind), default=-1)


def label(dataset: Dataset, row: int) -> str:
    """What a row is called: its texts that are no count, its kind left out."""
    texts = (
        dataset.rows[row][f.name].text
        for f in dataset.fields
        if f.type in ("name", "text") and f.name in dataset.rows[row]
    )
    numbers = (
        (f.said, dataset.rows[row][f.name].text)
        for f in dataset.fields
        if f.said and f.name in dataset.rows[row] and dataset.type_of(row) != "total"
    )
    legal = "".join(said.format(number) for said, number in numbers if number)
    return " ".join(part for part in (legal, next((t for t in texts if t), "")) if part) or f"{row + 1}行目"


def groups(dataset: Dataset, numbers: Numbers) -> list[tuple[int, tuple[int, ...]]]:
    """Each row that stands for others, with those: totals, subtotals, rows with a breakdown.

    Where the report leaves open which rows a sum covers, the choice that makes most columns add up is taken.
    """
    types = [row_type(dataset, r) for r in range(len(dataset.rows))]
    found: list[tuple[int, tuple[int, ...]]] = []
    for head, kind in enumerate(types):
        if kind == "detail":
            members = _run(types, head + 1, "breakdown")
            if members and not _partial(dataset, head, members, numbers):
                found.append((head, members))
    details = tuple(r for r, kind in enumerate(types) if kind == "detail")
    grouped: set[int] = set()
    subtotals = [r for r, kind in enumerate(types) if kind == "subtotal"]
    for head, members in _subtotal_groups(dataset, types, subtotals, numbers):
        found.append((head, members))
        grouped |= set(members)
    before = -1
    for head in (r for r, kind in enumerate(types) if kind == "total"):
        since = tuple(r for r in details if before < r < head)
        tops = tuple(r for r in (*details, *subtotals) if r not in grouped)
        choices = [c for c in (details, since, tuple(sorted(tops))) if c]
        if choices:
            found.append((head, _likeliest(dataset, head, choices, numbers)))
        before = head
    return found


def _run(types: Sequence[str], start: int, kind: str) -> tuple[int, ...]:
    end = start
    while end < len(types) and types[end] == kind:
        end += 1
    return tuple(range(start, end))


def _partial(dataset: Dataset, head: int, members: Sequence[int], numbers: Numbers) -> bool:
    """Do these rows name only a part (うち, 再掲) of the row above, not all of it (内訳)?"""
    raws = ["".join(c.raw for c in dataset.rows[r].values()) for r in members]
    said = any("再掲" in raw or ("うち" in raw and "内訳" not in raw) for raw in raws)
    # Several such rows that add up, or that end in "the others", are all of it after all.
    return said and "その他" not in raws[-1] and not (len(members) > 1 and _held(dataset, head, members, numbers))


def _subtotal_groups(
    dataset: Dataset, types: Sequence[str], subtotals: Sequence[int], numbers: Numbers
) -> list[tuple[int, tuple[int, ...]]]:
    """The rows of each subtotal: all above, or all below, whichever adds up more often."""
    above, below = [], []
    for head in subtotals:
        start = head
        while start > 0 and types[start - 1] in ("detail", "breakdown"):
            start -= 1
        details = [r for r in range(start, head) if types[r] == "detail"]
        above.append((head, _stretch(dataset, head, [tuple(details[i:]) for i in range(len(details))], numbers)))
        end = head + 1
        while end < len(types) and types[end] in ("detail", "breakdown"):
            end += 1
        details = [r for r in range(head + 1, end) if types[r] == "detail"]
        choices = [tuple(details[: len(details) - i]) for i in range(len(details))]
        below.append((head, _stretch(dataset, head, choices, numbers)))
    held = [sum(_held(dataset, head, members, numbers) for head, members in way) for way in (above, below)]
    return [(h, m) for h, m in (above if held[0] >= held[1] else below) if m]


def _stretch(dataset: Dataset, head: int, choices: Sequence[tuple[int, ...]], numbers: Numbers) -> tuple[int, ...]:
    """All rows up to the next subtotal, or fewer where those add up in every single column."""
    fields = [f.name for f in dataset.fields if f.type == "count"]
    filled = sum(bool(numbers.get(Place(dataset.name, head, name))) for name in fields)
    whole = choices[0] if choices else ()
    return next((c for c in choices if filled and _held(dataset, head, c, numbers) == filled), whole)


def _likeliest(dataset: Dataset, head: int, choices: Sequence[tuple[int, ...]], numbers: Numbers) -> tuple[int, ...]:
    return max(choices, key=lambda rows: _held(dataset, head, rows, numbers), default=())


def _held(dataset: Dataset, head: int, members: Sequence[int], numbers: Numbers) -> int:
    """In how many columns the rows ``members`` add up to row ``head``; columns of nothing but 0 do not count."""
    if not members:
        return 0
    held = 0
    for field in (f.name for f in dataset.fields if f.type == "count"):
        total = numbers.get(Place(dataset.name, head, field))
        parts = [numbers.get(Place(dataset.name, r, field)) or 0 for r in members]
        held += bool(total) and sum(parts) == total
    return held
