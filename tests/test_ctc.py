"""Decoding: the quick ways give what the plain ones would."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report_extract.core.model import Array
from report_extract.ocr.alphabet import ALPHABETS, alphabet
from report_extract.ocr.ctc import spell

DICTIONARY = ["", *"0０123１Ⅰ一ー-—oO○部员員項项ЖΩ請请,、件ロ口", "mm", " "]
SEEDS = st.integers(0, 2**32 - 1)
SYMBOLS = ("", "1", "2", "一")


def _steps(seed: int, count: int, columns: int, sharp: float) -> Array:
    """Softmax of random scores, as float32; the sharper, the surer each step is of one column."""
    scores = sharp * np.random.default_rng(seed).normal(size=(count, columns))
    scores[:, 0] += sharp  # most steps of a line are blanks
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


@settings(max_examples=60)
@given(SEEDS, st.integers(1, 30), st.sampled_from([0.2, 1.0, 3.0, 12.0]), st.sampled_from(ALPHABETS))
def test_folding_sums_the_columns_of_each_symbol(seed: int, count: int, sharp: float, name: str) -> None:
    symbols = alphabet(DICTIONARY, name)
    steps = _steps(seed, count, len(DICTIONARY), sharp)
    plain = np.zeros((count, len(symbols.symbols)))
    for column, owner in zip(symbols.columns, symbols.owners, strict=True):
        plain[:, owner] += steps[:, column]
    covered = plain.sum(axis=1)
    folded = symbols.fold(steps)
    assert folded.covered == pytest.approx(covered.min(), abs=1e-6)
    left = dict(zip(symbols.symbols, (plain / np.maximum(covered, 1e-9)[:, None]).T, strict=True))
    assert folded.symbols[0] == ""
    for symbol, shares in zip(folded.symbols, folded.steps.T, strict=True):
        assert left.pop(symbol) * covered == pytest.approx(shares * covered, abs=1e-6)
    for shares in left.values():  # what was left out is nowhere to be seen
        assert (shares * covered).max() < 1e-5


@settings(max_examples=60)
@given(SEEDS, st.integers(1, 5), st.sampled_from([0.2, 1.0, 3.0]))
def test_the_search_finds_what_all_paths_together_say(seed: int, count: int, sharp: float) -> None:
    steps = _steps(seed, count, len(SYMBOLS), sharp).astype(np.float64)
    said: dict[str, float] = defaultdict(float)
    for path in product(range(len(SYMBOLS)), repeat=count):
        text = "".join(SYMBOLS[column] for column, _ in groupby(path))
        said[text] += float(np.prod([steps[step, column] for step, column in enumerate(path)]))
    likeliest = max(said, key=lambda text: said[text])
    found = {spelling.text: spelling.share for spelling in spell(steps, SYMBOLS)}
    if said[likeliest] > 0.6:  # a beam may lose what is never likely
        assert next(iter(found)) == likeliest
    if count == 1:
        assert {t: found.get(t, 0.0) for t in said} == pytest.approx(said, abs=0.01)


@given(SEEDS, st.integers(1, 8), st.lists(st.integers(0, 8), max_size=4))
def test_sure_blanks_change_nothing_but_the_places(seed: int, count: int, places: list[int]) -> None:
    steps = _steps(seed, count, len(SYMBOLS), 2.0).astype(np.float64)
    steps = np.vstack([steps, [[1.0, 0.0, 0.0, 0.0]]])
    longer = np.vstack([np.repeat([[1.0, 0.0, 0.0, 0.0]], len(places), axis=0), steps, steps[-1:]])
    plain, padded = spell(steps, SYMBOLS), spell(longer, SYMBOLS)
    assert {s.text: s.share for s in plain} == pytest.approx({s.text: s.share for s in padded})
    assert tuple(onset + len(places) for onset in plain[0].onsets) == padded[0].onsets


def test_steps_that_say_nothing_spell_nothing() -> None:
    steps = np.full((4, 1000), 0.001)
    assert [s.text for s in spell(steps, ("", *"a" * 999))] == [""]


def test_a_blank_is_no_letter_however_wide() -> None:
    """第1項 法令 with and without its wide blank are one text: their probabilities are one."""
    folded = alphabet(["", "項", "\u3000", " ", "法"], "text")
    assert folded.symbols == ("", "項", "法")
    steps = np.array([[0.0, 1.0, 0.0, 0.0, 0.0], [0.5, 0.0, 0.5, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 1.0]], np.float32)
    seen = folded.fold(steps)
    (best, *_) = spell(seen.steps, seen.symbols)
    assert (best.text, round(best.share, 3)) == ("項法", 1.0)


@pytest.mark.parametrize(("foreign", "japanese"), [("綠", "緑"), ("剩", "剰"), ("况", "況"), ("减", "減")])
def test_old_and_chinese_forms_are_the_letters_that_reports_print(foreign: str, japanese: str) -> None:
    assert alphabet(["", foreign, japanese], "text").symbols == ("", japanese)
