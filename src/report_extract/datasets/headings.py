"""What a column's heading says: which year it is about, and which field's words it is like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ..profile.spec import DatasetSpec, FieldSpec, Words
from ..text import normalize, parse

Year = Literal["", "this", "prior", "older", "change", "inside"]  # inside: of what stands in brackets behind another

INSIDE = "( )内"  # what heads the figures in brackets behind others (``datasets.brackets``)

_YEAR = re.compile(r"(令和|平成|昭和|(?<![A-Za-z])[RHS])\.?(元|\d{1,2})(?:年度|年)?分?|((?:19|20)\d\d)年度?分?")
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NUMBERING = re.compile(r"^(?:[①-⑳]|[(]?[0-9A-Za-zア-ン][).]|[◇◆■□●○◎▼▲※*]+)+(?=\D)")
_EMPTY = re.compile(r"\(\)|\[\]|【】|〔〕|<>")
_EDGES = " :・*※-~,.'\"|"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading, read.

    Attributes:
        parts: what it says besides the year, from the top down, as keys; () where it says nothing else.
        generic: a word like 件数 that does not say what is counted, where there are no parts.
        year: which year the column is about; "" where the heading does not say.
        whole: all of it as one key.
        title: all of it as printed, for people.
    """

    parts: tuple[str, ...] = ()
    generic: str = ""
    year: Year = ""
    whole: str = ""
    title: str = ""


def years_in(line: str) -> tuple[int, ...]:
    """The years that a text names, as western years: 令和6年度, R6, 2024年度."""
    return tuple(y.year for y in parse.years(normalize.normal(line)) if not y.dated)


def year_of(line: str, words: Words, report_year: int | None) -> Year:
    """Which year a heading speaks of, seen from the report's own."""
    whole = normalize.key(line)
    if whole.startswith(normalize.key(INSIDE)):
        return "inside"
    if any(normalize.key(w) in whole for w in words.change):
        return "change"
    if "前々年" in whole or "一昨年" in whole:
        return "older"
    years = set(years_in(line))
    if len(years) > 1:
        return "change"
    if years and report_year:
        behind = report_year - years.pop()
        return "this" if behind <= 0 else "prior" if behind == 1 else "older"
    if any(normalize.key(w) in whole for w in words.prior):
        return "prior"
    return "this" if years or "本年度" in whole or "今年度" in whole or "当年度" in whole else ""


@lru_cache(maxsize=4096)
def read_heading(parts: tuple[str, ...], words: Words, report_year: int | None) -> Heading:
    """The heading made of ``parts``, from the top down (parent headings first)."""
    printed = [p for p in (normalize.normal(part) for part in parts) if p]
    said = [r for r in (_residual(part, words) for part in parts) if r]
    generic = {normalize.key(w) for w in words.generic}
    telling = [r for r in said if r not in generic]
    return Heading(
        parts=tuple(telling),
        generic=said[-1] if said and not telling else "",
        year=year_of(" ".join(printed), words, report_year),
        whole=normalize.key("".join(printed)),
        title=" ".join(printed),
    )


def _residual(part: str, words: Words) -> str:
    """What a part says besides the year, without numbering and without edges."""
    rest = _YEAR.sub("", normalize.key(_NUMBERING.sub("", part)))
    for word in sorted((*words.prior, "本年度", "今年度", "当年度"), key=len, reverse=True):
        rest = rest.replace(normalize.key(word), "")
    return _EMPTY.sub("", rest).strip(_EDGES).removeprefix("の")


@lru_cache(maxsize=65536)
def best_likeness(heading: str, words: tuple[str, ...]) -> float:
    """How likely ``heading`` (a key) means one of ``words``, 0..1: equal, with an addition, cut off, or misread."""
    bare = _BRACKETED.sub("", heading) or heading
    keys, long, any_long = _keys(words)
    if heading in keys or bare in keys:
        return 1.0
    if not bare:
        return 0.0
    if not any_long.search(heading) and (len(bare) < 2 or bare not in long):
        return 0.9 * normalize.highest_similarity(bare, keys, at_least=0.6)
    inside = max((len(k) for k in keys if len(k) > 1 and k in heading), default=0)
    around = min((len(k) for k in keys if len(bare) > 1 and bare in k and k not in heading), default=0)
    others = [k for k in keys if not (len(k) > 1 and k in heading) and not (len(bare) > 1 and bare in k)]
    return max(
        0.6 + 0.35 * inside / len(heading) if inside else 0.0,
        0.5 + 0.45 * len(bare) / around if around else 0.0,
        0.9 * normalize.highest_similarity(bare, others, at_least=0.6),
    )


@lru_cache(maxsize=4096)
def _keys(words: tuple[str, ...]) -> tuple[tuple[str, ...], str, re.Pattern[str]]:
    """The keys of ``words``; those of several letters, one a line; a pattern that finds any of these."""
    keys = tuple(dict.fromkeys(k for k in map(normalize.key, words) if k))
    long = [k for k in keys if len(k) > 1]
    return keys, "\n".join(long), re.compile("|".join(map(re.escape, long)) or r"(?!)")


def _has_prior(field: FieldSpec, dataset: DatasetSpec) -> bool:
    """Is this the field that a column headed by nothing but a year holds?"""
    return any(f.prior_of == field.name for f in dataset.fields)


def without_number(line: str) -> str:
    """A heading without the numbers and marks that lead it: ``1 総務部`` is ``総務部``."""
    return re.sub(r"^[\d.()\s]+(?=\D)", "", normalize.normal(_NUMBERING.sub("", line.strip()))).strip(" :・")


def speaks_of(heading: Heading, field: FieldSpec, dataset: DatasetSpec, prior_table: bool = False) -> float:
    """How well a heading fits a field by its words alone, 0..1.

    A column of the year before fits only a field that says so (``prior_of``), and the other way round;
    in a table that as a whole is about the year before every column is of that year.
    """
    base = dataset.get(field.prior_of) if field.prior_of else field
    own = max(best_likeness(heading.whole, field.headings), best_likeness("".join(heading.parts), field.headings))
    year = "prior" if prior_table and heading.year == "" and field.type == "count" else heading.year
    own *= year != "prior" or bool(field.prior_of)
    if own >= 0.97:
        return own
    if year in ("older", "change", "inside") or (year == "prior") != bool(field.prior_of):
        return 0.0
    if not heading.parts:
        bare = 0.92 if field.prior_of or (year == "this" and _has_prior(field, dataset)) else 0.0
        return max(bare, 0.0 if field.prior_of else best_likeness(heading.generic, field.headings))
    headings = (*field.headings, *(base.headings if base else ()))
    leaf = best_likeness(heading.parts[-1], headings)
    others = (f for f in dataset.fields if field.prior_of and f is not base and not f.prior_of and f.type == field.type)
    if any(best_likeness(heading.parts[-1], f.headings) > leaf for f in others):
        return 0.0  # last year's figures of something else that is counted
    joined = best_likeness("".join(heading.parts), headings)
    above = max((best_likeness(p, headings) for p in heading.parts[:-1]), default=0.0)
    return max(leaf, 0.98 * joined, 0.55 * above)
