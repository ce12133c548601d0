"""Which profile fits a report: it speaks of the profile's subject, and its tables fit the profile's datasets."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from ..core.model import Line, Table
from ..profile.spec import Profile
from ..text import normalize
from .fitting import FITS, best_fit
from .sections import headings_before
from .split import split

_log = logging.getLogger(__name__)


def choose(
    tables: Sequence[Table], lines: Sequence[Line], profiles: Sequence[Profile], year: int | None = None
) -> Profile | None:
    """The profile that fits a report, or None where none does.

    A report has to speak of the profile's subject *and* hold at least one table that fits one of its
    datasets; the profile whose tables fit best together is taken. Headings are read as of ``year``, the report's own.
    """
    said = normalize.key("\n".join([line.text for line in lines] + [t.caption for t in tables]))
    said += normalize.key(" ".join(c.text for t in tables for c in t.cells if c.row < 3))
    best, best_score = None, 0.0
    for profile in profiles:
        if not any(normalize.key(word) in said for word in profile.titles):
            continue
        parts = [part for table in tables for part in split(table, profile)]
        fits = [f for t in parts if (f := best_fit(t, headings_before(t, lines), profile, year))]
        by_dataset = {f.dataset.name: max(g.score for g in fits if g.dataset is f.dataset) for f in fits}
        score = sum(s for s in by_dataset.values() if s >= FITS)
        scores = {name: round(s, 2) for name, s in by_dataset.items()}
        _log.info("profile %s: %s", profile.name, scores or "no table fits")
        if score > best_score:
            best, best_score = profile, score
    return best
