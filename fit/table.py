"""Is all of a table right? Evidence and labels of every account, the fit, and the bar above which a table is ``ok``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from report_extract.core.model import Page, Table
from report_extract.tables.doubt import accounts, preferred
from report_extract.tables.model import Trees
from report_extract.tables.view import frames

from .compare import label
from .forest import Settings, calibrated, held_out, plain, stored
from .truth import Source

WRONG = 0.05  # the share of wrong tables among those judged ok that is borne, on families harder than real reports
SETTINGS = Settings(depth=3, rounds=300, rate=0.03, leaf=20, share=0.15)
TRAPS = "cases/made"  # small tables of which most are wrong in their letters, not in their grid: never learnt from


@dataclass
class Accounts:
    """Every account of every place whose truth is known.

    Attributes:
        names: of the numbers.
        rows, right, groups, place, family: of each account; ``place`` is common to the accounts of one place.
    """

    names: list[str] = field(default_factory=list)
    rows: list[list[float]] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    place: list[int] = field(default_factory=list)
    family: list[str] = field(default_factory=list)

    def add(self, source: Source, page: Page, tables: Sequence[Table], models: Mapping[str, Trees]) -> None:
        """The accounts of one page, by models that saw nothing of its group."""
        views = frames(page)
        for table in tables:
            others = [t for t in tables if t is not table]
            place = self.place[-1] + 1 if self.place else 0
            for account, counted in accounts(table, others, views, models.__getitem__):
                right, family = label(account, source.tables, source.complete)
                if right is None:
                    continue
                self.names = list(counted)
                self.rows.append(list(counted.values()))
                self.right.append(right)
                self.groups.append(source.group)
                self.place.append(place)
                self.family.append(f"{source.group.split('/')[0]}/{family}")


def fit_table(found: Accounts) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """The arrays of the fitted trees, and where they come from and how they do on what was held out."""
    x, right, groups = np.array(found.rows), np.array(found.right), np.array(found.groups)
    weight, learnt = weights(found.groups), groups != TRAPS
    whole = SETTINGS.grown(x[learnt], right[learnt], weight[learnt])
    odds = whole.decision_function(x)
    odds[learnt] = held_out(x[learnt], right[learnt], groups[learnt].tolist(), weight[learnt], SETTINGS)
    scale, shift = calibrated(odds[learnt], right[learnt], weight[learnt])
    sure = 1 / (1 + np.exp(-(scale * odds + shift)))
    kept = chosen(sure, found.place)
    # What is kept is likelier right than it was before the choice, so that it is calibrated anew.
    taught = kept[learnt[kept]]
    scale, shift = calibrated(odds[taught], right[taught], weight[taught])
    sure = 1 / (1 + np.exp(-(scale * odds + shift)))
    # Weighed and counted alike: neither a large family nor a small one may hide its wrong tables in the other.
    bar = max(lowest_bar(sure[taught], right[taught], w) for w in (weight[taught], np.ones(len(taught))))
    told: dict[str, Any] = {"accounts": len(right), "places": len(kept), "bar": bar}
    told["families"] = families(sure, right, np.array(found.family), np.array(found.place), kept, bar)
    told["reliability"] = reliability(sure[taught], right[taught])
    report(told)
    return stored("table", plain(whole, found.names, scale, shift)), told


def weights(groups: Sequence[str]) -> np.ndarray:
    """A table counts less, the more of its group there are; a printed random one less than a real one."""
    count = Counter(groups)
    made = np.array([0.35 if g.startswith("made/") else 1.0 / np.sqrt(count[g]) for g in groups])
    return np.asarray(made / made.mean())


def chosen(sure: np.ndarray, place: Sequence[int]) -> np.ndarray:
    """The account that is kept of each place."""
    at: dict[int, list[int]] = {}
    for i, where in enumerate(place):
        at.setdefault(where, []).append(i)
    return np.array([mine[preferred([sure[i] for i in mine])] for mine in at.values()])


def lowest_bar(sure: np.ndarray, right: np.ndarray, weight: np.ndarray) -> float:
    """The lowest bar above which no more than WRONG of the (weighted) tables are wrong."""
    order = np.argsort(-sure, kind="stable")
    wrong = np.cumsum((weight * ~right)[order]) / np.cumsum(weight[order])
    fits = np.flatnonzero(wrong <= WRONG)
    return float(sure[order][fits[-1]]) if len(fits) else 1.0


def families(
    sure: np.ndarray, right: np.ndarray, family: np.ndarray, place: np.ndarray, kept: np.ndarray, bar: float
) -> dict[str, dict[str, int]]:
    """For each family: places, how many the finder alone has right, how many are right as kept, ok, wrong though ok."""
    first = np.unique(place, return_index=True)[1]
    told = {}
    for name in np.unique(family).tolist():
        mine, finders = kept[family[kept] == name], first[family[first] == name]
        ok = mine[sure[mine] >= bar]
        told[name] = {
            "places": len(mine),
            "finder_right": int(right[finders].sum()),
            "right": int(right[mine].sum()),
            "ok": len(ok),
            "ok_wrong": int((~right[ok]).sum()),
        }
    return told


def reliability(sure: np.ndarray, right: np.ndarray) -> list[dict[str, float]]:
    """Of tables of about one confidence, how many are right?"""
    edges = np.array([0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 1.0001])
    found = []
    for low, high in pairwise(edges.tolist()):
        here = (sure >= low) & (sure < high)
        if here.any():
            found.append(
                {
                    "from": float(low),
                    "tables": int(here.sum()),
                    "confidence": round(float(sure[here].mean()), 3),
                    "right": round(float(right[here].mean()), 3),
                }
            )
    return found


def report(told: dict[str, Any]) -> None:
    """Print what was held out."""
    print(f"{told['places']} places; bar {told['bar']:.3f}")
    for name, s in told["families"].items():
        print(f"  {name:16} {s}")
    for line in told["reliability"]:
        print(f"  confidence {line['confidence']:.3f}: {line['right']:.3f} right of {line['tables']}")
