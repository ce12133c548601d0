"""The same page gives the same grid: asked twice, turned, its rules drawn in another order, scaled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from report_extract.core.model import Array, Page
from report_extract.tables.find import find_tables

from .pages import page_of, turned_page

LABEL = st.sampled_from(["総務部", "市民協働部", "合計", "道路橋りょう費"])
FIGURE = st.sampled_from(["0", "12", "1,234", "△56", "", "-"])


@st.composite
def pages(draw: st.DrawFn) -> Page:
    n_cols = draw(st.integers(2, 5))
    rows = [[f"欄{c}" for c in range(n_cols)]]
    rows += [[draw(LABEL), *(draw(FIGURE) for _ in range(n_cols - 1))] for _ in range(draw(st.integers(2, 6)))]
    return page_of(rows)


def grids(page: Page) -> list[list[tuple[int, int, int, int, str]]]:
    return [[(c.row, c.col, c.row_span, c.col_span, c.text) for c in table.cells] for table in find_tables(page)]


def scaled(page: Page, by: float) -> Page:
    def larger(records: Array) -> Array:
        records = records.copy()
        for name in ("x0", "top", "x1", "bottom", *({"size", "width"} & set(records.dtype.names or ()))):
            records[name] *= by
        return records

    larger_page = replace(page, width=page.width * by, height=page.height * by)
    return replace(larger_page, chars=larger(page.chars), rulings=larger(page.rulings), fills=larger(page.fills))


@settings(max_examples=30, deadline=None)
@given(page=pages(), by=st.sampled_from([90, 180, 270]), scale=st.floats(0.6, 2.5), seed=st.integers(0, 99))
def test_asked_twice_turned_scaled_or_drawn_in_another_order(page: Page, by: int, scale: float, seed: int) -> None:
    first = grids(page)
    assert len(first) == 1
    assert grids(page) == first
    assert grids(turned_page(page, by)) == first
    assert grids(scaled(page, scale)) == first
    order = np.random.default_rng(seed).permutation(len(page.rulings))
    assert grids(replace(page, rulings=page.rulings[order])) == first
