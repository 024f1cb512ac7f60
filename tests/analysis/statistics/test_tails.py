"""The tails are those of `scipy.stats`, to the last digit and at the ends."""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy import stats

from analysis.statistics import tails

X = (-np.inf, -50.0, -3.0, -1e-300, 0.0, 1e-300, 0.3, 1.0, 2.5, 40.0, 1e10, np.inf, np.nan)
Q = (-0.1, 0.0, 1e-300, 1e-10, 0.025, 0.3, 0.5, 0.9, 1 - 1e-12, 1.0, 1.1, np.nan)
# What rows less coefficients can be; the normal's is infinite.
DF = (1.0, 2.5, 30.0, 1000.0, 999_994.0, 1e12)


@pytest.mark.parametrize(
    ("ours", "theirs", "given"),
    [
        (tails.norm_pdf, stats.norm.pdf, (X,)),
        (tails.norm_cdf, stats.norm.cdf, (X,)),
        (tails.norm_sf, stats.norm.sf, (X,)),
        (tails.norm_ppf, stats.norm.ppf, (Q,)),
        (tails.norm_isf, stats.norm.isf, (Q,)),
        (tails.t_cdf, stats.t.cdf, (X, (*DF, np.inf))),
        (tails.t_sf, stats.t.sf, (X, (*DF, np.inf))),
        (tails.t_isf, stats.t.isf, (Q, (*DF, np.inf))),
        (tails.chi2_sf, stats.chi2.sf, (X, DF)),
        (tails.chi2_isf, stats.chi2.isf, (Q, DF)),
        (tails.f_sf, stats.f.sf, (X, DF, DF)),
        (tails.f_ppf, stats.f.ppf, (Q, DF, DF)),
        (tails.f_isf, stats.f.isf, (Q, DF, DF)),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_tail_is_that_of_scipy(
    ours: Callable[..., Any], theirs: Callable[..., Any], given: Sequence[Sequence[float]]
) -> None:
    columns = [np.array(column) for column in zip(*product(*given), strict=True)]
    np.testing.assert_array_equal(ours(*columns), theirs(*columns))
    one = [float(column[3]) for column in columns]
    np.testing.assert_equal(float(ours(*one)), float(theirs(*one)))
