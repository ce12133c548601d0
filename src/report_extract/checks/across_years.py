"""Years against years: last year's column of a report against the report of that year, and the panel of all.

A department is followed by its name alone. Where one was renamed, merged or split, counts that balance are
reason to propose it, never to assume it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import NamedTuple

from ..core.messages import say
from ..core.model import Cell, Check, Dataset, Extraction, Finding, Line
from ..profile.load import used
from ..sums.rules import Place, label, row_type
from ..text import parse
from ..text.gazetteer import learn, recall
from ..text.normalize import key, normal, similarity

CHECK = "years.prior_matches"
_CORRECTED = re.compile("訂正|修正|遡及|さかのぼ|見直し|組替|組み替え|再集計|改編|再編")
_FIGURES = re.compile("(前年度|昨年度|参考|年度|[RH]\\d+)の?.{0,12}(実績|件数|数値|値)")
_LONGEST_NOTE = 150
_LARGEST_MERGER = 4  # so many departments are tried together
_RELATED = 0.25  # how alike two names must be for a rename to be proposed


class Figure(NamedTuple):
    """One number of one report.

    Attributes:
        value: None where the report leaves it empty or it cannot be read.
        status: of its cell.
        place: its dataset, row and field.
    """

    value: int | None
    status: str
    place: Place


RowKey = tuple[str, str]  # row type, and the row's name in comparable form


@dataclass(slots=True)
class Report:
    """What is kept of one report: its figures by dataset, row and field.

    Attributes:
        rows: dataset -> row -> field -> figure.
        labels: dataset -> row -> the row's name as printed.
        priors: dataset -> the field of the year before -> the field that it is the year before of.
    """

    document: str
    code: str
    municipality: str
    year: int
    rows: dict[str, dict[RowKey, dict[str, Figure]]] = field(default_factory=dict)
    labels: dict[str, dict[RowKey, str]] = field(default_factory=dict)
    priors: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def reports(extractions: Iterable[Extraction]) -> list[Report]:
    """What is needed of each extraction that says whose and of which year it is; one at a time, so that many fit."""
    found = []
    for extraction in extractions:
        who = extraction.identity
        if not extraction.profile or who.fiscal_year is None or who.municipality_code is None:
            continue
        if not who.fiscal_year.text.isdigit():
            continue
        name = who.municipality.text if who.municipality else ""
        report = Report(extraction.document, who.municipality_code.text, name, int(who.fiscal_year.text))
        for spec in used(extraction.profile, extraction.profile_toml).datasets:
            report.priors[spec.name] = {f.name: f.prior_of for f in spec.fields if f.prior_of}
        for dataset in extraction.datasets:
            report.labels[dataset.name], report.rows[dataset.name] = _figures(dataset)
        report.notes = tuple(_notes(extraction.lines))
        found.append(report)
    return found


def _figures(dataset: Dataset) -> tuple[dict[RowKey, str], dict[RowKey, dict[str, Figure]]]:
    labels: dict[RowKey, str] = {}
    rows: dict[RowKey, dict[str, Figure]] = {}
    for number, row in enumerate(dataset.rows):
        kind, name = row_type(dataset, number), label(dataset, number)
        at = (kind, "" if kind == "total" else key(name))
        if at in rows:
            continue
        labels[at] = name
        rows[at] = {
            f.name: Figure(_count(row[f.name]), row[f.name].status, Place(dataset.name, number, f.name))
            for f in dataset.fields
            if f.type == "count" and f.name in row
        }
    return labels, rows


def _count(cell: Cell) -> int | None:
    try:
        return parse.count(cell.text)
    except parse.CastError:
        return None


def _notes(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        said = normal(line.text)
        if _CORRECTED.search(said) and _FIGURES.search(said) and len(said) < _LONGEST_NOTE:
            yield said


def prior_matches(known: Sequence[Report]) -> dict[str, tuple[Check, ...]]:
    """document -> its checks against the report of the year before, where there is one."""
    by_year = {(r.code, r.year): r for r in known}
    found = {}
    for report in known:
        before = by_year.get((report.code, report.year - 1))
        if before is not None:
            checks = [c for name in report.rows for c in _compared(name, report, before)]
            if checks:
                found[report.document] = tuple(checks)
    return found


def joined(extraction: Extraction, checks: Mapping[str, tuple[Check, ...]]) -> Extraction:
    """The extraction with its checks against other years in place of any it had."""
    mine = [c for c in extraction.checks if c.check != CHECK]
    return replace(extraction, checks=(*mine, *checks.get(extraction.document, ())))


def _compared(name: str, report: Report, before: Report) -> Iterator[Check]:
    """The checks of one dataset: a line for each row that differs, one for all that agree."""
    proposed = "。".join(say(f) for f in proposals(name, report, before))
    for prior, this in report.priors.get(name, {}).items():
        agreed: list[Place] = []
        scope = f"{before.year}/{report.year} {name}"
        for at, figures in report.rows[name].items():
            then = before.rows.get(name, {}).get(at, {}).get(this)
            now = figures.get(prior)
            if now is None or then is None or now.value is None or then.value is None:
                continue
            if now.value == then.value:
                agreed.append(now.place)
                continue
            note = next(iter(report.notes), "")
            status = "explained" if note else "fail"
            where = f"{scope} {report.labels[name][at]}"
            yield Check(CHECK, where, str(then.value), str(now.value), status, note or proposed, (now.place,))
        if agreed:
            yield Check(CHECK, scope, "", "", "pass", proposed, tuple(agreed))


def proposals(name: str, report: Report, before: Report) -> list[Finding]:
    """Rows that one of two reports lacks and that balance: renamed, merged or split departments, as questions."""
    old_rows, new_rows = before.rows.get(name, {}), report.rows.get(name, {})
    found: list[Finding] = []
    for prior, this in report.priors.get(name, {}).items():
        gone = _unmatched(old_rows, new_rows, this, before.labels.get(name, {}))
        come = _unmatched(new_rows, old_rows, prior, report.labels.get(name, {}))
        for kind, ones, others in (("merged", come, gone), ("split", gone, come)):
            for one, count in sorted(ones.items(), key=lambda pair: -pair[1]):
                names = _balancing(one, count, others)
                if not names:
                    continue
                both = "・".join(f"「{n}」" for n in names)
                if len(names) > 1:
                    values = (both, one, str(count)) if kind == "merged" else (one, both, str(count))
                    found.append(Finding(kind, values, scope=name))
                elif kind == "merged":
                    found.append(Finding("renamed", (names[0], one, str(count)), scope=name))
                else:
                    continue
                for other in names:
                    others.pop(other)
                ones.pop(one)
    return found


def _unmatched(
    rows: Mapping[RowKey, Mapping[str, Figure]],
    others: Mapping[RowKey, object],
    field: str,
    labels: Mapping[RowKey, str],
) -> dict[str, int]:
    """name -> count of the detail rows that the other year does not have; empty and 0 say nothing."""
    return {
        labels[at]: figures[field].value or 0
        for at, figures in rows.items()
        if at[0] == "detail" and at not in others and field in figures and figures[field].value
    }


def _balancing(one: str, count: int, others: Mapping[str, int]) -> tuple[str, ...]:
    """The fewest rows that come to ``count``, of several those whose names are most like ``one``."""
    for size in range(1, _LARGEST_MERGER + 1):
        fits = [c for c in combinations(others, size) if sum(others[n] for n in c) == count]
        likeness = {c: sum(similarity(one, n) for n in c) / size for c in fits}
        best = max(fits, key=lambda c: likeness[c], default=())
        if best and (likeness[best] >= _RELATED or (len(fits) == 1 and size == 1 and len(others) == 1)):
            return best
    return ()


def all_proposals(known: Sequence[Report]) -> list[Finding]:
    """The proposals of every pair of years that follow each other."""
    by_year = {(r.code, r.year): r for r in known}
    pairs = [(r, by_year[r.code, r.year - 1]) for r in known if (r.code, r.year - 1) in by_year]
    return [f for report, before in pairs for name in report.rows for f in proposals(name, report, before)]


def panel(known: Sequence[Report]) -> tuple[list[str], list[list[str]]]:
    """All years side by side: a header and one line a municipality, dataset, row and measure.

    A number stands in the year it is about. A year without a report of its own is filled from the report of the
    year after; ``status`` is ``review`` where a number is doubtful or two reports disagree.
    """
    values: dict[tuple[str, str, str, RowKey, str], dict[int, Figure]] = {}
    labels: dict[tuple[str, str, str, RowKey, str], str] = {}
    doubtful: set[tuple[str, str, str, RowKey, str]] = set()
    there = Counter((report.code, report.year) for report in known)
    said_by: Counter[tuple[tuple[str, str, str, RowKey, str], int]] = Counter()
    for report in sorted(known, key=lambda r: (r.code, -r.year)):
        for name, rows in report.rows.items():
            priors = report.priors.get(name, {})
            for at, figures in rows.items():
                for measure, figure in figures.items():
                    if figure.value is None:
                        continue
                    line = (report.code, report.municipality, name, at, priors.get(measure, measure))
                    year = report.year - (measure in priors)
                    said_by[line, year] += measure not in priors
                    said = values.setdefault(line, {})
                    labels.setdefault(line, report.labels[name][at])
                    if figure.status == "review" or (year in said and said[year].value != figure.value):
                        doubtful.add(line)
                    # Newer reports come first, so that a year's own report has the last word on it.
                    said[year] = figure
    # Of two reports of a year, one may lack what the other has.
    doubtful |= {line for (line, year), count in said_by.items() if 0 < count < there[line[0], year]}
    years = sorted({year for said in values.values() for year in said})
    header = ["municipality_code", "municipality", "dataset", "key", "row_type", "measure", *map(str, years), "status"]
    lines = [
        [
            code, city, name, labels[code, city, name, at, measure], at[0], measure,
            *(str(said[year].value) if year in said else "" for year in years),
            "review" if (code, city, name, at, measure) in doubtful else "ok",
        ]
        for (code, city, name, at, measure), said in values.items()
    ]  # fmt: skip
    return header, lines


class CrossYearChecks:
    """Extractions that know of one another: checked across years, doubtful names settled by what others print.

    They are gone through one at a time, as often as one likes.
    """

    def __init__(self, extractions: Iterable[Extraction]) -> None:
        self._extractions = extractions
        self._names: dict[str, dict[str, None]] = {}
        self._contents: dict[str, list[str]] = {}  # hash -> its documents
        self._years: dict[tuple[str, str, str], list[str]] = {}  # kind, municipality and year -> its documents
        self._checks = prior_matches(reports(self._learning()))

    def _learning(self) -> Iterator[Extraction]:
        for extraction in self._extractions:
            self._names.setdefault(_code(extraction), {}).update(dict.fromkeys(learn(extraction)))
            self._contents.setdefault(extraction.sha256, []).append(extraction.document)
            self._years.setdefault(_report(extraction), []).append(extraction.document)
            yield extraction

    def __iter__(self) -> Iterator[Extraction]:
        for extraction in self._extractions:
            known = recall(extraction, self._names.get(_code(extraction), ()))
            copies = self._copies(extraction)
            yield joined(replace(known, findings=(*known.findings, *copies)) if copies else known, self._checks)

    def _copies(self, extraction: Extraction) -> tuple[Finding, ...]:
        """What says that a document is there twice: the same file, or two reports of one municipality and year."""
        if extraction.error:
            return ()
        same = [d for d in self._contents.get(extraction.sha256, ()) if d != extraction.document]
        if extraction.sha256 and same:
            return (Finding("same-file", ("、".join(same),)),)
        again = [d for d in self._years.get(_report(extraction), ()) if d != extraction.document]
        return (Finding("same-year", ("、".join(again),)),) if all(_report(extraction)) and again else ()


def _report(extraction: Extraction) -> tuple[str, str, str]:
    """The kind, municipality and year of a report, each "" where unknown: there should be one such report."""
    year = extraction.identity.fiscal_year
    return extraction.profile, _code(extraction), year.text if year else ""


def twice(known: Sequence[Report]) -> list[Finding]:
    """The reports of one municipality and year that stand beside each other, of which the panel has to take one."""
    by_year: dict[tuple[str, int], list[Report]] = {}
    for report in known:
        by_year.setdefault((report.code, report.year), []).append(report)
    return [
        Finding("chosen-of", (f"{same[0].municipality} {year}", "、".join(r.document for r in same), same[-1].document))
        for (_, year), same in by_year.items()
        if len(same) > 1
    ]


def _code(extraction: Extraction) -> str:
    code = extraction.identity.municipality_code
    return code.text if code else ""
