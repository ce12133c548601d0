"""What is new on a page is looked at, wherever it stands, and looks the same on a picture of a few strips."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from report_extract.page.glyph_sample import Known, sample
from report_extract.readers import open_document

NATIVE = Path(__file__).parent.parent / "fixtures" / "iwaki" / "iwaki-r6.pdf"


@settings(max_examples=15)
@given(st.randoms(use_true_random=False), st.sampled_from([0.0, 0.5, 0.9, 0.99, 1.0]), st.integers(1, 4))
def test_all_that_is_new_is_looked_at_and_looks_as_on_the_whole_page(random: Random, share: float, number: int) -> None:
    with open_document(NATIVE) as document:
        page = next(iter(document.pages([number])))
        whole = sample(page, document, {})
        assert whole is not None
        looks = {whole.names[key]: ink for key, ink in zip(whole.key, whole.inks, strict=True)}
        known = Known({name: looks[name] for name in looks if random.random() < share})
        part = sample(page, document, known)
    assert part is not None
    assert looks.keys() - known.keys() <= {part.names[part.key[k]] for k in part.picked}
    at = {int(place): ink for place, ink in zip(whole.places, whole.inks, strict=True)}
    both = [(at[int(place)], ink) for place, ink in zip(part.places, part.inks, strict=True) if int(place) in at]
    assert np.percentile([np.abs(a - b).mean() for a, b in both], 99) < 0.02


@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(-900, 1800), st.floats(-900, 1800)), min_size=1, max_size=8))
def test_letters_outside_the_page_do_no_harm(moves: list[tuple[float, float]]) -> None:
    with open_document(NATIVE) as document:
        page = next(iter(document.pages([1])))
        chars = page.chars[: len(moves)].copy()
        for char, (x, y) in zip(chars, moves, strict=True):
            for edge, by in (("x0", x), ("x1", x), ("top", y), ("bottom", y)):
                char[edge] += by
        seen = sample(replace(page, chars=chars), document, {})
    assert seen is not None and len(seen.picked)
