"""Medians and quantiles without numpy's general functions: the same values, to the last bit."""

from __future__ import annotations

import warnings

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from report_extract.tables.order_statistics import median, quantiles

NUMBERS = st.floats(-1e6, 1e6, width=64)


@settings(deadline=None)
@given(arrays.arrays("f8", st.integers(1, 30), elements=NUMBERS))
def test_the_median_is_numpys(values: np.typing.NDArray[np.float64]) -> None:
    assert median(values) == np.median(values)


@settings(deadline=None)
@given(
    arrays.arrays("f8", st.tuples(st.integers(1, 20), st.integers(1, 6)), elements=NUMBERS | st.just(float("nan"))),
    st.sampled_from([(0.5, 0.0, 0.25), (0.1,), (0.9, 1.0)]),
)
def test_quantiles_are_numpys(values: np.typing.NDArray[np.float64], shares: tuple[float, ...]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # columns of NaN alone
        expected = np.nanquantile(values, shares, axis=0)
    np.testing.assert_array_equal(quantiles(values, shares), expected)
