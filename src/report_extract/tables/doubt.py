"""Which account of a table's place is kept, and the probability that all its cells are right.

A place has several accounts, that of the finder and those of the split and merge models (``regrid``), of the same place
and of wider ones (``reach``). Trees fitted on tables whose cells are known (``model``) tell of each how likely it is
right; the likeliest is kept. The probability is calibrated; below the bar that keeps wrong tables among those judged
``ok`` under 3 in 100 on tables held out, a table is doubted, and what is odd about it is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np

from ..core.geometry import BBox, intersection, overlap
from ..core.model import SOURCES, Table
from .evidence import numbers
from .model import provenance, trees
from .reach import wider
from .regrid import KIND, Models, Regridded, regridded
from .view import Frame

CUT_MOST = 0.5  # ems of a word outside its cell that a person sees as cut
WIDE = 2.0  # ems of white inside a cell that a person sees as two columns
# By how much the models' account must be likelier than the finder's. Chosen on 577 held-out places of a fit on more
# kinds: 293 right with it and with none, 288 with .1, 277 with .2, as many wrong ones among those judged ok.
MARGIN = 0.05

WITHIN = 0.5  # the share of a table in another one from which both tell of one place

Account = tuple[Table, dict[str, float]]  # a table and what speaks for it


def assessed(tables: Sequence[Table], views: Sequence[Frame]) -> list[Table]:
    """The likeliest account of each table with its ``confidence``, those that are unsure doubted.

    Args:
        tables: all that the finders found on a page.
        views: the page, once for each rotation of its text.
    """
    model, bar = trees("table"), float(provenance()["table"]["bar"])
    told = []
    for table in tables:
        found: list[Account] = []
        sure: list[float] = []
        for account in accounts(table, [other for other in tables if other is not table], views):
            found.append(account)
            sure.append(float(model.probability(np.array([[account[1][name] for name in model.names]]))[0]))
            if sure[0] + MARGIN >= 1:  # no other account can be likelier by so much
                break
        if not found:  # nothing on the page speaks for it or against it
            told.append(table)
            continue
        best = preferred(sure)
        kept, counted = found[best]
        told.append(_doubted(replace(kept, kind=table.kind, confidence=sure[best]), counted, bar))
    return _apart(told, tables)


def preferred(sure: Sequence[float]) -> int:
    """Which of the accounts is kept, the finder's being the first."""
    best = max(range(len(sure)), key=lambda i: (sure[i], -i))
    return best if sure[best] > sure[0] + MARGIN else 0


def _apart(tables: Sequence[Table], found: Sequence[Table]) -> list[Table]:
    """The tables without those that a wider account of another one covers.

    Args:
        tables: the account of each table that is kept.
        found: the tables as the finders gave them.
    """
    wide = [t for t, was in zip(tables, found, strict=True) if t.bbox.area > 1.05 * was.bbox.area]
    kept: list[Table] = []
    for table in sorted(tables, key=lambda t: (-t.bbox.area, -t.confidence)):
        rivals = [k for k in kept if k.rotation == table.rotation and any(k is w for w in wide)]
        if not any(_covered(table, rival) > WITHIN for rival in rivals):
            kept.append(table)
    return [t for t in tables if any(t is k for k in kept)]


def _covered(table: Table, other: Table) -> float:
    """The share of a table that another one covers; 0 where it is nested in a cell of that one."""
    if _is_nested(table, other):
        return 0.0
    shared = intersection(table.bbox, other.bbox)
    return shared.area / max(1.0, table.bbox.area) if shared else 0.0


def _is_nested(table: Table, other: Table) -> bool:
    """A table stands in a cell of another one."""
    return any(overlap(table.bbox, c.bbox) > WITHIN and c.bbox.area > table.bbox.area for c in other.cells)


def accounts(
    table: Table, others: Sequence[Table], views: Sequence[Frame], models: Models = trees
) -> Iterator[Account]:
    """The finder's account of a place, then those of the models, each with what speaks for it.

    Each is made when it is asked for: a table that is surely right needs no other.

    Args:
        table: as a finder gave it.
        others: the other tables of the page.
        views: the page, once for each rotation of its text.
        models: the fitted trees by name.
    """
    frame = next((v for v in views if v.rotation == table.rotation), None)
    if frame is None:
        return
    made: Iterator[Regridded] = iter(())
    if SOURCES.get(frame.page.reader) == "text":  # the models were fitted on pages with a text layer alone
        box = frame.from_page(table.bbox)
        beside = [frame.from_page(t.bbox) for t in others if t.rotation == table.rotation]
        found = (regridded(frame, place, models) for place in _places(box, frame, beside))
        made = (m for m in found if m is not None)
    own = next(made, None)
    counted = numbers(table, views, others)
    if counted is None:
        return
    yield table, counted | agreement(table, own, own.table if own else None)
    if any(_is_nested(t, table) for t in others):
        return  # what stands in a table inside it is that one's, and would be parted anew here
    for account in chain([own] if own else [], made):
        elsewhere = [t for t in others if _covered(t, account.table) <= WITHIN]
        if table.kind == "ruled" and len(elsewhere) < len(others) and _has_an_empty_row(account.table):
            continue  # two printed grids with white between them are two
        counted = numbers(account.table, views, elsewhere)
        if counted is not None:
            yield account.table, counted | agreement(account.table, account, table)


def _places(box: BBox, frame: Frame, beside: Sequence[BBox]) -> Iterator[BBox]:
    """A table's place, then wider ones."""
    yield box
    yield from wider(box, frame, beside)


def _has_an_empty_row(table: Table) -> bool:
    said = {row for c in table.cells if c.text for row in range(c.row, c.row + c.row_span)}
    return len(said) < table.n_rows


def agreement(table: Table, made: Regridded | None, rival: Table | None) -> dict[str, float]:
    """How far two accounts of one place agree, and how sure the models were of theirs."""
    found = {
        "is_split": float(table.kind == KIND),
        "split": made.split if made else -1.0,
        "merge": made.merge if made else -1.0,
        "weakest": made.weakest if made else -1.0,
        "unsure_split": float(made.unsure_split) if made else -1.0,
        "unsure_merge": float(made.unsure_merge) if made else -1.0,
    }
    if rival is None:
        return {**found, "rows_more": 0.0, "cols_more": 0.0, "same": -1.0, "same_rival": -1.0, "same_text": -1.0}
    mine, theirs = _said(table), _said(rival)
    placed = len(set(mine) & set(theirs))
    texts, others = {t for *_, t in mine}, {t for *_, t in theirs}
    return {
        **found,
        "rows_more": float(rival.n_rows - table.n_rows),
        "cols_more": float(rival.n_cols - table.n_cols),
        "same": placed / max(1, len(mine)),
        "same_rival": placed / max(1, len(theirs)),
        "same_text": len(texts & others) / max(1, len(texts | others)),
    }


def _said(table: Table) -> list[tuple[int, int, int, int, str]]:
    """The filled cells of a table: place, spans, text."""
    return [(c.row, c.col, c.row_span, c.col_span, "".join(c.text.split())) for c in table.cells if c.text]


def _doubted(table: Table, found: dict[str, float], bar: float) -> Table:
    """The table, doubted where its confidence is under the bar, or where words are printed over one another.

    No order of letters is right then; the fitted tables know too little of that (of 1,841 accounts 9 have such words:
    2 of 580 right ones, 7 of 1,261 wrong ones).
    """
    if found["overlapping"] > 0:
        table = table.doubted("words-overprinted")
    if table.confidence >= bar:
        return table
    table = table.doubted("unsure-structure", f"{table.confidence:.0%}")
    for kind, is_so in (
        ("words-cut", found["cut_most"] > CUT_MOST),
        ("rows-in-one", found["lines_agree"] > 1 or found["open_stacked"] > 2),
        ("columns-in-one", found["gap_most"] > WIDE or found["several"] > 0),
        ("words-outside", found["touching"] + found["left"] + found["right"] > 0),
    ):
        if is_so:
            table = table.doubted(kind)
    return table
