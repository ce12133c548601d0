"""Evidence weighed: which candidate is meant, and how sure that is.

A conditional logit (McFadden 1974): a candidate's score is the sum of the weights of the kinds of evidence that speak
for it; "nobody" is a candidate of score 0. A kind ``title.worded`` also counts as ``title`` and as ``worded``, so that
pairs that are rare in the reports the weights were fitted on lean on what is known of their halves.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from ..core.model import Line

NOBODY = ""


class Evidence(NamedTuple):
    """One place that speaks for a candidate (a code or name, or a year as text), and how: ``place.role``."""

    candidate: str
    kind: str
    line: Line | None


def features(found: Iterable[Evidence]) -> dict[str, dict[str, float]]:
    """candidate -> feature -> value: 1 for each kind that speaks for it, its halves, and how much speaks for it."""
    by_candidate: defaultdict[str, list[str]] = defaultdict(list)
    for piece in found:
        by_candidate[piece.candidate].append(piece.kind)
    made: dict[str, dict[str, float]] = {}
    for candidate, kinds in by_candidate.items():
        one = {"any": 1.0, "more": math.log(len(kinds))}
        for kind in set(kinds):
            place, _, role = kind.partition(".")
            one |= {kind: 1.0, f"{place}.": 1.0, f".{role}": 1.0}
        made[candidate] = one
    return made


def probabilities(found: Sequence[Evidence], weights: Mapping[str, float]) -> list[tuple[str, float]]:
    """Every candidate and ``NOBODY`` with its probability, likeliest first."""
    scores = {NOBODY: 0.0}
    for candidate, said in features(found).items():
        scores[candidate] = sum(weights.get(name, 0.0) * value for name, value in said.items())
    top = max(scores.values())
    powers = {candidate: math.exp(score - top) for candidate, score in scores.items()}
    total = sum(powers.values())
    return sorted(((c, p / total) for c, p in powers.items()), key=lambda pair: (-pair[1], pair[0]))


@cache
def fitted(question: str) -> Mapping[str, float]:
    """The weights for ``question`` ("municipality" or "year"), with their provenance in ``identity_weights.json``."""
    raw: dict[str, Any] = json.loads(files(__package__).joinpath("identity_weights.json").read_text(encoding="utf-8"))
    return dict(raw[question])
