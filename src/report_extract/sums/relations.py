"""What the figures of a dataset show of themselves: sums, differences, balances and ratios between its lines.

Two witnesses: the words of the names (計, 増減, 期末, 構成比) and arithmetic. Without a word a relation needs more
lines, and none that fails. Ratios are parts of no sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from ..core.model import Array
from ..text.totals import says_total
from .formulas import formulas
from .ledger import Ledger
from .ratios import ratios
from .sides import AMID_FAILURES, BY_FIGURES, BY_WORD, NEAR, TOLD, Relation, Side, additive, outcomes, relation, sides

_CHANGE = re.compile("増減|差引|差額|差し引き|比較|過不足|収支|change|difference", re.I)
_START = re.compile("期首|前期末|前年度末|年度当初|前年度繰越|繰越|年初|前月末|前年末|当初|前回|期初")
_END = re.compile("期末|年度末|現在高|現在額|年末|月末|残高|残額|差引|翌年度|次年度|次期")
_SHARE = 0.75  # of all lines in which a relation must hold where any fails
_ROUNDED_PARTS = 5  # so many figures that are rounded each by itself show it in their sum
_LARGEST = 1200  # rows or columns; beyond, nothing is looked for
_LARGE = 10.0  # small figures add up by chance


def find(ledger: Ledger) -> list[Relation]:
    """The relations between the rows and between the columns of a ledger, each line's surest one."""
    if not ledger.values.size or max(ledger.values.shape) > _LARGEST:
        return []
    rows, columns = sides(ledger)
    found: list[Relation] = []
    for side in (rows, columns):
        taken: dict[int, Relation] = {}
        groups = list(_groups(side))
        for one in (
            *_formulas(side),
            *groups,
            *_sums(side, groups),
            *_alike(side),
            *_balances(side),
            *_changes(side),
            *ratios(side),
        ):
            before = taken.get(one.line)
            if before is None or len(one.held) > len(before.held):
                taken[one.line] = one
        found += taken.values()
    return found


def _sums(side: Side, groups: Sequence[Relation]) -> Iterator[Relation]:
    """Lines that are sums of the lines before or behind them; a total of totals passes over their parts."""
    values, lines = additive(side)
    used = {cell[side.axis == "column"] for group in groups for one in group.held for cell in one.cells[1:]}
    known: set[int] = set()
    for total in lines:
        word = says_total(side.names[total])
        best: tuple[Relation, tuple[int, ...]] | None = None
        for kept in ([i for i in lines if i not in used or i == total], lines):
            at = kept.index(total)
            for run in (kept[:at][::-1], kept[at + 1 :]):
                found = _stretch(side, values, total, run, word)
                if found and (best is None or len(found[0].held) > len(best[0].held)):
                    best = found
            if best:
                break
        if best:
            used |= set(best[1])
            known.add(total)
            yield best[0]
    # A total above its subtotals, each above its own rows: what is left over when these are known, or the totals alone.
    for total in (i for i in lines if i not in known and says_total(side.names[i])):
        totals = [i for i in lines if i == total or says_total(side.names[i])]
        for kept in ([i for i in lines if i not in used or i == total], totals):
            at = kept.index(total)
            runs = (kept[:at][::-1], kept[at + 1 :])
            both = [f[0] for run in runs if (f := _stretch(side, values, total, run, True))]
            if both:
                yield max(both, key=lambda one: len(one.held))
                break


def _alike(side: Side) -> Iterator[Relation]:
    """Lines that are sums of those of the same name in other groups: 計 男 of 平 男, 小名浜 男, ...

    All of one total hold together or none: a total with but one column of figures has several such lines.
    """
    values, lines = additive(side)
    parts = [name.split(" ") for name in side.names]
    by_total: dict[tuple[int, str], list[Relation]] = {}
    for total in lines:
        at = next((n for n, part in enumerate(parts[total]) if says_total(part)), None)
        if at is None or len(parts[total]) < 2:
            continue
        others = [i for i in lines if i != total and _differ_at(parts[i], parts[total], at)]
        found = [i for i in others if not says_total(parts[i][at])]
        if len(found) > 1:
            by_total.setdefault((at, parts[total][at]), []).append(_family(side, values, total, found))
    for families in by_total.values():
        held, failed = sum(len(f.held) for f in families), sum(len(f.failed) for f in families)
        if held >= (AMID_FAILURES if failed else BY_WORD) and failed <= TOLD * held:
            yield from (f for f in families if f.held)


def _differ_at(one: Sequence[str], other: Sequence[str], at: int) -> bool:
    """The names are alike but for their part at ``at``."""
    return len(one) == len(other) and all(
        (a == b) != (n == at) for n, (a, b) in enumerate(zip(one, other, strict=True))
    )


def _stretch(
    side: Side, values: Array, total: int, run: Sequence[int], word: bool
) -> tuple[Relation, tuple[int, ...]] | None:
    """The stretch of ``run`` (nearest first) that adds up to ``total`` in most lines across."""
    if len(run) < 2:
        return None
    parts = np.nan_to_num(values[list(run)])
    sums, filled = np.cumsum(parts, axis=0), np.cumsum(parts != 0, axis=0)
    printed = values[total]
    slack = 0.5 * 10.0 ** -side.decimals[[total, *run]].max(axis=0)
    rounded = np.where(slack < 0.5, slack * (np.arange(len(run))[:, None] + 2), 0) + 1e-9
    there = np.isfinite(printed) & (filled >= 2)
    count = np.arange(len(run))[:, None] + 1
    if word:  # figures that were rounded each by itself: an error of .3 each, so that this is some three times it
        large = side.rounded[total] & (count > _ROUNDED_PARTS)
        rounded = np.maximum(rounded, np.where(large & (slack == 0.5), np.sqrt(count), 0))
    holds = there & (np.abs(sums - printed) <= rounded) & (printed != 0)
    score = holds.sum(axis=1)
    score[0] = 0
    # Of ends that hold alike, the one where a block ends: at a total, or at the table's edge.
    ends = [n == len(run) - 1 or says_total(side.names[run[n + 1]]) for n in range(len(run))]
    end = max(range(len(run)), key=lambda n: (score[n], ends[n], -n))
    held = np.flatnonzero(holds[end])
    # Large figures are often rounded each by itself: a sum that is off by no more than that is no failure.
    near = side.rounded[total] & (np.abs(sums[end] - printed) <= (end + 2) / 2)
    lines = tuple(int(i) for i in run[: end + 1])
    failed = _like(side, [total, *lines], held, np.flatnonzero(there[end] & ~holds[end] & ~near))
    whole = word and ends[end] and not len(failed) and len(held) > 0
    large = (np.abs(printed[held]) >= _LARGE).sum()
    if not whole and not (_enough(len(held), len(failed), word) and (word or large >= BY_WORD)):
        return None
    return relation("sum", side, total, [(i, 1) for i in lines], word, sums[end], held, failed), lines


def _like(side: Side, lines: Sequence[int], held: Array, failed: Array) -> Array:
    """The failures in lines of as many decimals as those that hold; others are of another kind: rates beside counts."""
    if not len(held):
        return failed
    usual = side.decimals[list(lines)].max(axis=0)
    return failed[np.isin(usual[failed], usual[held])]


def _groups(side: Side) -> Iterator[Relation]:
    """Lines that are sums of the deeper ones behind them: 款 of its 項; all of one depth hold together or none."""
    if len(set(side.levels) - {-1}) < 2:
        return
    values, lines = additive(side)
    plain = [i for i in lines if not says_total(side.names[i]) and side.levels[i] >= 0]
    by_level: dict[int, list[tuple[int, list[int]]]] = {}
    for at, parent in enumerate(plain):
        inside: list[int] = []
        for child in plain[at + 1 :]:
            if side.levels[child] <= side.levels[parent]:
                break
            inside.append(child)
        least = min((side.levels[c] for c in inside), default=0)
        children = [c for c in inside if side.levels[c] == least]
        if children:
            by_level.setdefault(side.levels[parent], []).append((parent, children))
    for families in by_level.values():
        found = [_family(side, values, parent, children) for parent, children in families]
        several = [f for f, (_, children) in zip(found, families, strict=True) if len(children) > 1]
        held, failed = sum(len(f.held) for f in several), sum(len(f.failed) for f in several)
        if held >= BY_FIGURES and failed <= TOLD * held and not any(f.failed and not f.held for f in found):
            yield from (f for f in found if f.held)


def _family(side: Side, values: Array, parent: int, children: Sequence[int]) -> Relation:
    sums = np.nansum(values[list(children)], axis=0)
    there = np.isfinite(values[parent]) & (np.nan_to_num(values[list(children)]) != 0).any(axis=0)
    slack = np.where(side.rounded[parent], (len(children) + 1) / 2, 0.0)
    decimals = side.decimals[[parent, *children]].max(axis=0)
    slack = np.where(decimals > 0, 0.5 * 10.0**-decimals * (len(children) + 1), slack) + 1e-9
    exact = there & (np.abs(sums - values[parent]) <= np.where(decimals > 0, slack, 1e-9))
    off = there & (np.abs(sums - values[parent]) > slack)
    held, failed = np.flatnonzero(exact & (values[parent] != 0)), np.flatnonzero(off)
    both = (outcomes(side, parent, children, sums, across) for across in (held, failed))
    return Relation("sum", side.axis, parent, False, tuple((i, 1) for i in children), *both)


def _formulas(side: Side) -> Iterator[Relation]:
    """Lines whose names say what they are: 差引(A-B)."""
    values, _ = additive(side)
    for line, parts in formulas(side.names, side.levels):
        found = _linear(side, values, line, parts, "sum")
        if found:
            yield found


def _changes(side: Side) -> Iterator[Relation]:
    """Lines of that name that are the difference of two others near by."""
    values, lines = additive(side)
    for total in (i for i in lines if _CHANGE.search(side.names[i])):
        near = sorted((i for i in lines if i != total), key=lambda i: abs(i - total))[:NEAR]
        best: Relation | None = None
        for now, before in ((a, b) for a in near for b in near if a != b):
            found = _linear(side, values, total, ((now, 1), (before, -1)), "change")
            if found and (best is None or len(found.held) > len(best.held)):
                best = found
        if best:
            yield best


def _balances(side: Side) -> Iterator[Relation]:
    """Lines of that name that are an opening line and what came and went since: 期首 + 増 - 減 = 期末."""
    values, lines = additive(side)
    for at, total in enumerate(lines):
        opening = [i for i in lines[max(0, at - NEAR) : at] if _START.search(side.names[i])]
        if not _END.search(side.names[total]) or not opening:
            continue
        start = opening[-1]
        between = [i for i in lines if start < i < total][-4:]
        best: Relation | None = None
        for signs in product((1, -1, 0), repeat=len(between)):
            parts = ((start, 1), *((i, sign) for i, sign in zip(between, signs, strict=True) if sign))
            found = _linear(side, values, total, parts, "balance") if len(parts) > 1 else None
            if found and (best is None or len(found.held) > len(best.held)):
                best = found
        if best:
            yield best


def _linear(side: Side, values: Array, total: int, parts: Sequence[tuple[int, int]], kind: str) -> Relation | None:
    """``total`` as a sum of lines with signs, where enough lines across say so."""
    lines = [i for i, _ in parts]
    terms = values[lines]
    signs = np.array([sign for _, sign in parts])[:, None]
    computed = np.nansum(terms * signs, axis=0)
    # A sum needs two parts that are something; a difference its first term, and another that is there.
    enough = (np.nan_to_num(terms) != 0).sum(axis=0) > 1 if kind == "sum" else np.isfinite(terms[0])
    there = np.isfinite(values[total]) & enough & (np.isfinite(terms).sum(axis=0) > 1)
    decimals = side.decimals[[total, *lines]].max(axis=0)
    large = np.where(side.rounded[[total, *lines]].any(axis=0), (len(lines) + 1) / 2, 0.0)
    slack = np.where(decimals > 0, 10.0**-decimals, large) + 1e-9
    exact = there & (np.abs(computed - values[total]) <= np.where(decimals > 0, slack, 1e-9))
    failed = np.flatnonzero(there & (np.abs(computed - values[total]) > slack))
    told = np.flatnonzero(exact & ((terms[1:] != 0) & np.isfinite(terms[1:])).any(axis=0) & (values[total] != 0))
    failed = _like(side, [total, *lines], told, failed)
    if not _enough(len(told), len(failed), True):
        return None
    return relation(kind, side, total, parts, True, computed, np.flatnonzero(exact), failed)


def _enough(held: int, failed: int, word: bool) -> bool:
    if word:
        return held >= (AMID_FAILURES if failed else BY_WORD) and held >= _SHARE * (held + failed)
    return held >= BY_FIGURES and not failed
