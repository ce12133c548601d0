"""The fitted models: that they are there and say where they come from, and what holds whatever they say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report_extract.core.geometry import BBox
from report_extract.core.model import Page
from report_extract.tables.doubt import preferred
from report_extract.tables.find import find_tables
from report_extract.tables.merge import NUMBERS
from report_extract.tables.model import Trees, provenance, trees
from report_extract.tables.regrid import regridded
from report_extract.tables.separators import COLUMN_NUMBERS, ROW_NUMBERS
from report_extract.tables.view import frames

from .pages import page_of, text_chars, turned_page

ASKED = {"column": COLUMN_NUMBERS, "row": ROW_NUMBERS, "beside": NUMBERS, "below": NUMBERS}
WORDS = ("総務課", "12", "1,234", "福祉", "△5", "合計", "3.5", "調査の結果", "")


def always(answer: float) -> Trees:
    """A model that gives one answer to everything."""
    zero = np.zeros(1, dtype=np.int32)
    odds = float(np.log(answer / (1 - answer)))
    return Trees((), zero - 1, zero.astype(float), zero, zero, zero.astype(float), zero, odds)


def test_trees_follow_their_thresholds() -> None:
    stump = Trees(
        names=("a", "b"),
        feature=np.array([1, -1, -1]),
        threshold=np.array([2.5, 0.0, 0.0]),
        low=np.array([1, 0, 0]),
        high=np.array([2, 0, 0]),
        value=np.array([0.0, -4.0, 4.0]),
        roots=np.array([0]),
        start=0.0,
    )
    sure = stump.probability(np.array([[9.0, 2.5], [0.0, 2.6]]))
    assert sure.tolist() == pytest.approx([1 / (1 + np.exp(4)), 1 / (1 + np.exp(-4))])


@pytest.mark.parametrize("name", ASKED)
def test_the_models_ask_for_the_numbers_that_are_counted(name: str) -> None:
    assert trees(name).names == tuple(ASKED[name])
    assert ((trees(name).probability(np.zeros((3, len(ASKED[name])))) > 0) & (trees(name).low >= 0).all()).all()


def test_the_model_says_what_it_was_fitted_on_and_how_it_does_on_what_was_held_out() -> None:
    told = provenance()["table"]
    assert provenance()["date"] and told["places"] > 300 and 0.5 < told["bar"] <= 1
    families = told["families"].values()
    ok, wrong = sum(f["ok"] for f in families), sum(f["ok_wrong"] for f in families)
    assert ok and wrong <= 0.1 * ok  # unweighted: the small cases, of which most are traps, count in full here
    for line in told["reliability"]:
        if line["tables"] >= 40:
            assert line["right"] == pytest.approx(line["confidence"], abs=0.15)


def ruled(texts: list[list[str]]) -> Page:
    return page_of(texts, widths=[70.0] * len(texts[0]))


@settings(max_examples=30, deadline=None)
@given(
    st.integers(2, 5).flatmap(
        lambda n: st.lists(st.lists(st.sampled_from(WORDS), min_size=n, max_size=n), min_size=2, max_size=7)
    ),
    st.sampled_from([0.001, 0.999]),
    st.sampled_from([0.001, 0.999]),
)
def test_whatever_the_models_say_closed_faces_are_never_undone(
    texts: list[list[str]], parts: float, joins: float
) -> None:
    said = [text for row in texts for text in row]
    if sum(map(bool, said)) < 4:
        return
    page = ruled(texts)
    (view,) = frames(page) or (None,)
    if view is None:
        return
    box = BBox(
        float(page.rulings["x0"].min()),
        float(page.rulings["top"].min()),
        float(page.rulings["x1"].max()),
        float(page.rulings["bottom"].max()),
    )
    models = {"column": always(parts), "row": always(parts), "beside": always(joins), "below": always(joins)}
    found = regridded(view, box, models.__getitem__)
    if found is None:
        return
    table = found.table
    ys = {round(c.bbox.top) for c in table.cells} | {round(c.bbox.bottom) for c in table.cells}
    xs = {round(c.bbox.x0) for c in table.cells} | {round(c.bbox.x1) for c in table.cells}
    assert {round(float(r["top"])) for r in page.rulings if r["top"] == r["bottom"]} <= ys
    assert {round(float(r["x0"])) for r in page.rulings if r["x0"] == r["x1"]} <= xs
    letters = "".join("".join(c.text.split()) for c in table.cells)
    assert sorted(letters) == sorted("".join(said))


COUNTS = [["区分", "本年度", "前年度"], ["総務課", "12", "9"], ["福祉課", "1,305", "1,290"], ["合計", "1,317", "1,299"]]


@pytest.mark.parametrize("by", [90, 180, 270])
def test_a_turned_page_gives_the_same_cells_as_surely(by: int) -> None:
    (upright,), (turned,) = find_tables(ruled(COUNTS)), find_tables(turned_page(ruled(COUNTS), by))
    assert [(c.row, c.col, c.text) for c in turned.cells] == [(c.row, c.col, c.text) for c in upright.cells]
    assert turned.confidence == pytest.approx(upright.confidence, abs=0.02)


def test_doing_it_twice_gives_the_same() -> None:
    assert find_tables(ruled(COUNTS)) == find_tables(ruled(COUNTS))


@pytest.mark.parametrize("said", ["情報政策係の一部", "情報政策係"])
def test_a_table_is_not_ok_where_words_run_over_those_of_the_next_cell(said: str) -> None:
    (plain,) = find_tables(ruled(COUNTS))
    assert plain.status == ("review" if plain.doubts else "ok")
    page = page_of(COUNTS, widths=[50.0, 70.0, 70.0])
    labels = [text_chars(said, 93.0, top) for top in (111.0, 135.0)]  # across the rule at 110, over 12 and 1,305
    (over,) = find_tables(replace(page, chars=np.concatenate((page.chars, *labels))))
    assert over.status == "review"


def test_the_finders_account_is_kept_unless_the_models_is_likelier() -> None:
    assert preferred([0.7]) == 0
    assert preferred([0.7, 0.72]) == 0
    assert preferred([0.1, 0.14]) == 0
    assert preferred([0.1, 0.25]) == 1
    assert preferred([0.3, 0.72]) == 1
