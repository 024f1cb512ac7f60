import numpy as np
import pytest

from analysis.statistics.moments import gathered, moments_of

NAN = np.nan


def test_moments_are_those_of_the_complete_rows_whatever_the_chunks() -> None:
    rng = np.random.default_rng(2)
    rows = 2000 + rng.integers(1, 8, (300, 4)).astype(float)
    rows[::7, 1], rows[3] = NAN, NAN
    complete = rows[~np.isnan(rows).any(axis=1)]
    for found in (moments_of(rows), gathered(np.array_split(rows, 9), 4)):
        assert (found.n, found.missing, found.items) == (len(complete), 300 - len(complete), 4)
        assert found.covariance == pytest.approx(np.cov(complete, rowvar=False), rel=1e-12)
        assert found.correlation == pytest.approx(np.corrcoef(complete, rowvar=False), rel=1e-12)
        assert (found.varies, found.sums_vary) == ((True,) * 4, True)


def test_moments_know_what_does_not_vary() -> None:
    found = moments_of(np.array([[1.1, 2.2, 3.3], [1.1, 3.3, 2.2], [NAN, 1, 1]]))
    assert (found.n, found.missing, found.varies) == (2, 1, (False, True, True))
    assert not found.sums_vary
    nobody = moments_of(np.full((2, 2), NAN))
    assert (nobody.n, nobody.missing, nobody.varies, nobody.sums_vary) == (
        *(0, 2, (False, False)),
        False,
    )
