"""Whose report it is, and of which year: one decision each, from scored evidence.

Every place where a municipality or a year is named is a piece of evidence of some kind (``place_evidence``,
``year_evidence``); fitted weights make probabilities of them (``weigh``). Where none is sure the answer is blank and
asked for, with the likeliest candidates: a guess would stand in every row. A file's name alone is a hint: given and
flagged.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from ..core.geometry import BBox
from ..core.model import Cell, Identity, Line, Reading, Table
from ..text.gazetteer import by_code
from ..text.normalize import normal
from .place_evidence import place_evidence
from .said import places
from .weigh import NOBODY, Evidence, fitted, probabilities
from .year_evidence import counts_by_year, year_evidence

SURE = 0.8  # probability that settles who or when; held out, 1 % of what is above it is wrong (identity_weights.json)
_NAMED = 0.05  # probability from which a candidate is worth asking about
# What names a place or a year and claims no report: where a clinic stands, which year prices are of. It settles none.
_NO_CLAIM = re.compile(r"\.address$|^prose\.calendar$")
_ORDER = ("title", "heading", "head", "stub", "prose", "note", "file")


def identify(lines: Sequence[Line], tables: Sequence[Table], name: str) -> Identity:
    """The municipality and the fiscal year, each as a cell that leads to the line that names it.

    A cell without text is asked for: it has a doubt, and the candidates as alternatives of its reading. None where
    nothing at all is named, or no year because the report counts by none.

    Args:
        lines: the text outside all tables, in reading order.
        tables: their headings name years, and a heading over a whole table may be the title.
        name: the input's file name, a hint and never more.
    """
    said = places(lines, tables)
    evidence, doubtful = place_evidence(said, name)
    code, municipality = _municipality(evidence, doubtful, name)
    return Identity(code, municipality, _year(year_evidence(said, name), name))


def likeliest_year(identity: Identity) -> int | None:
    """The year to read a report's headings by (which column is of the year before?): the settled or likeliest one."""
    cell = identity.fiscal_year
    if cell is None:
        return None
    candidates = [cell.text, *(text for reading in cell.readings[-1:] for text, _ in reading.alternatives)]
    return next((int(text) for text in candidates if text.isdigit()), None)


def year_said(lines: Sequence[Line], tables: Sequence[Table]) -> int | None:
    """The year that a text is likeliest to be of, where nobody told."""
    return likeliest_year(identify(lines, tables, ""))


def _municipality(
    evidence: Sequence[Evidence], doubtful: Collection[str], name: str
) -> tuple[Cell | None, Cell | None]:
    order = probabilities(evidence, fitted("municipality"))
    printed = [e for e in evidence if not e.kind.startswith("file.")]
    best, probability = order[0]
    hinted = {e.candidate for e in evidence if e.kind == "file.name"}
    if best == NOBODY or not any(e.candidate == best for e in printed):
        if len(hinted) == 1 and not any(c for c, p in order if c not in (NOBODY, *hinted) and p > _NAMED):
            entry = by_code()[next(iter(hinted))]
            told = _from_name(entry.name.replace(" ", ""), name, "unsure-municipality")
            return _from_name(entry.code, name, "unsure-municipality"), told
        if best == NOBODY and probability >= SURE:
            return None, None
    line = _best_line(printed, best) or _best_line(printed, order[1][0] if len(order) > 1 else "")
    if line is None:
        return None, None
    unsure = best == NOBODY or probability < SURE or not _claimed(printed, best)
    if unsure or (best in doubtful and not _misread(printed, best)):
        candidates = [(c, p) for c, p in order if c and p >= _NAMED]
        codes = [(c if c in by_code() else "", p) for c, p in candidates]
        names = [(_name_of(c), p) for c, p in candidates]
        shown = "、".join(_shown(c) for c, _ in candidates)
        if not candidates:
            return None, None
        return _asked(line, codes, "asked-municipality", shown), _asked(line, names, "asked-municipality", shown)
    code = _cell(line, best) if best in by_code() else None
    named = _cell(line, _name_of(best))
    if best in doubtful:  # put right by a letter
        doubt = ("unsure-municipality", named.text, _shown(best))
        return code and code.doubted(*doubt), named.doubted(*doubt)
    return code, named


def _claimed(evidence: Sequence[Evidence], candidate: str) -> bool:
    """Does any piece of evidence for a candidate claim the report for it?"""
    return any(e.candidate == candidate and not _NO_CLAIM.search(e.kind) for e in evidence)


def _misread(evidence: Sequence[Evidence], code: str) -> bool:
    return any(e.candidate == code and e.kind.endswith(".misread") for e in evidence)


def _name_of(candidate: str) -> str:
    return by_code()[candidate].name.replace(" ", "") if candidate in by_code() else candidate


def _shown(candidate: str) -> str:
    entry = by_code().get(candidate)
    if entry is None:
        return candidate
    return entry.name if entry.is_prefecture else f"{entry.prefecture}{entry.name.replace(' ', '')}"


def _year(evidence: Sequence[Evidence], name: str) -> Cell | None:
    order = probabilities(evidence, fitted("year"))
    printed = [e for e in evidence if not e.kind.startswith("file.")]
    hinted = {e.candidate for e in evidence if e.kind == "file.year"}
    best, probability = order[0]
    if not printed:
        return _from_name(next(iter(hinted)), name, "unsure-year") if len(hinted) == 1 else None
    line = _best_line(printed, best) or _best_line(printed, order[1][0] if len(order) > 1 else "")
    candidates = [(c, p) for c, p in order if c and p >= _NAMED]
    if line is None or (best == NOBODY and probability >= SURE) or not candidates:
        return None
    if best == NOBODY or probability < SURE or not _claimed(printed, best):
        if best == NOBODY and not counts_by_year(printed):
            return None
        return _asked(line, candidates, "asked-year", "、".join(c for c, _ in candidates[:4]))
    pieces = [e for e in printed if e.candidate == best]
    cell = _cell(line, best)
    alone = len({(e.line.page, e.line.bbox) for e in pieces if e.line}) == 1 and cell.fallible and best not in hinted
    return cell.doubted("unsure-year", best, "、".join(c for c, _ in candidates[:3])) if alone else cell


def _best_line(evidence: Sequence[Evidence], candidate: str) -> Line | None:
    """The line that speaks best for a candidate: titles before headings before the rest."""
    own = [e for e in evidence if e.candidate == candidate and e.line is not None]
    return min(own, key=lambda e: _ORDER.index(e.kind.partition(".")[0])).line if own else None


def _cell(line: Line, value: str) -> Cell:
    printed = Reading(normal(line.text), line.reader)
    return Cell(line.page, line.bbox, readings=(printed, Reading(value, line.reader)))


def _asked(line: Line, candidates: Sequence[tuple[str, float]], kind: str, shown: str) -> Cell:
    """A blank that is asked for, where the likeliest line stands."""
    cell = _cell(line, "")
    asked = replace(cell.readings[-1], alternatives=tuple((c, round(p, 3)) for c, p in candidates if c))
    return replace(cell, readings=(cell.readings[0], asked)).doubted(kind, shown)


def _from_name(value: str, name: str, kind: str) -> Cell:
    """A value that only the file's name hints at: it lies nowhere on a page, and a person should look."""
    cell = Cell(1, BBox(0.0, 0.0, 0.0, 0.0), readings=(Reading(value, "heading", 0.5, note=name),))
    return cell.doubted(kind, value, name)
