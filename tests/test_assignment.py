"""The assignment of columns to fields is scipy's, ties included."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.optimize import linear_sum_assignment

from report_extract.core.model import Array
from report_extract.datasets.assignment import assignment

SHAPES = st.tuples(st.integers(1, 9), st.integers(1, 9))


@given(arrays.arrays("f8", SHAPES, elements=st.sampled_from([0.0, 0.125, 0.5, 0.7, 1.0])))
def test_few_different_scores_are_assigned_as_scipy_does(worth: Array) -> None:
    rows, columns = linear_sum_assignment(worth, maximize=True)
    assert assignment(worth) == list(zip(rows.tolist(), columns.tolist(), strict=True))


@given(arrays.arrays("f8", SHAPES, elements=st.floats(0, 1)))
def test_no_assignment_has_a_higher_sum(worth: Array) -> None:
    rows, columns = linear_sum_assignment(worth, maximize=True)
    assert np.isclose(sum(worth[pair] for pair in assignment(worth)), worth[rows, columns].sum())


def test_one_certain_pair_outweighs_two_possible_ones() -> None:
    scores = np.array([[0.95, 0.5], [0.5, 0.0]]) ** 3
    assert (0, 0) in assignment(scores)
