"""From a recogniser's probabilities a step to whole texts with their probabilities.

Prefix beam search (Hannun et al., "First-pass large vocabulary continuous speech recognition using
bi-directional recurrent DNNs", 2014): all paths that spell one text are summed, so that a text's share of the
beam is the recogniser's own belief in the whole of it, dropped and doubled letters included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..core.model import Array

WIDTH = 6
_NEGLIGIBLE = 2e-3  # symbols less likely than this do not branch the search


@dataclass(slots=True)
class _Prefix:
    """What is spelled so far, with the probability that its last step was a blank, and that it was not."""

    onsets: tuple[int, ...]
    blank: float = 0.0
    open: float = 0.0

    @property
    def total(self) -> float:
        return self.blank + self.open


@dataclass(frozen=True, slots=True)
class Spelling:
    """One text that the steps may spell.

    Attributes:
        text: the text.
        share: its share of the probability of all texts in the beam, 0..1.
        onsets: for each symbol the step at which it begins.
        symbols: the symbols, as strings, as many as ``onsets``.
        columns: the same as columns of the steps.
    """

    text: str
    share: float
    onsets: tuple[int, ...]
    symbols: tuple[str, ...]
    columns: tuple[int, ...]


def spell(steps: Array, symbols: Sequence[str]) -> list[Spelling]:
    """The likeliest texts, likeliest first, at least one.

    Args:
        steps: probabilities, shape (steps, symbols), column 0 being the blank.
        symbols: what the columns stand for.
    """
    beam: dict[tuple[int, ...], _Prefix] = {(): _Prefix((), blank=1.0)}
    for step, candidates in enumerate(_candidates(steps)):
        if candidates and candidates[-1][0] > 0:
            grown = _advance(beam, step, candidates)
            beam = dict(sorted(grown.items(), key=lambda pair: -pair[1].total)[:WIDTH])
        else:  # surely a blank, as most steps are: what is spelled stays as it is
            for prefix in beam.values():
                prefix.blank, prefix.open = prefix.total, 0.0
        scale = sum(prefix.total for prefix in beam.values()) or 1.0
        for prefix in beam.values():
            prefix.blank /= scale
            prefix.open /= scale
    total = sum(prefix.total for prefix in beam.values()) or 1.0
    return [
        Spelling(
            "".join(symbols[c] for c in spelled),
            prefix.total / total,
            prefix.onsets,
            tuple(symbols[c] for c in spelled),
            spelled,
        )
        for spelled, prefix in beam.items()
    ]


def _candidates(steps: Array) -> list[list[tuple[int, float]]]:
    """For each step the symbols that it may be, ascending, with how likely they are."""
    found: list[list[tuple[int, float]]] = [[] for _ in steps]
    rows, columns = np.nonzero(steps > _NEGLIGIBLE)
    for row, column, share in zip(rows.tolist(), columns.tolist(), steps[rows, columns].tolist(), strict=True):
        found[row].append((column, share))
    return found


def _advance(
    beam: dict[tuple[int, ...], _Prefix], step: int, candidates: list[tuple[int, float]]
) -> dict[tuple[int, ...], _Prefix]:
    """Every prefix of the beam, carried on by every symbol that this step may be."""
    grown: dict[tuple[int, ...], _Prefix] = {}
    for spelled, prefix in beam.items():
        for symbol, probability in candidates:
            if symbol == 0:
                grown.setdefault(spelled, _Prefix(prefix.onsets)).blank += prefix.total * probability
                continue
            again = bool(spelled) and spelled[-1] == symbol
            if again:  # the same letter goes on; a second one needs a blank between
                grown.setdefault(spelled, _Prefix(prefix.onsets)).open += prefix.open * probability
            share = (prefix.blank if again else prefix.total) * probability
            if share > 0:
                longer = grown.setdefault((*spelled, symbol), _Prefix((*prefix.onsets, step)))
                longer.open += share
    return grown
