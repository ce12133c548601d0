"""Rules of a profile that asked nothing of a report: it lacks what they speak of, or they name it wrongly."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.model import Dataset
from ..profile.spec import Profile
from ..sums.rules import demands
from .figures import figures


def idle_rules(profile: Profile, datasets: Sequence[Dataset]) -> tuple[str, ...]:
    """The rules, as written, that had nothing to check in the datasets of a report."""
    found = figures(datasets)
    rows = {dataset.name for dataset in datasets if dataset.rows}
    asked = {
        rule.text: rule.dataset in rows
        if rule.counts
        else any(all(p in found.cells for p in d.places) for d in demands([rule], datasets, found.numbers))
        for rule in profile.rules
    }
    return tuple(text for text, ran in asked.items() if not ran)
