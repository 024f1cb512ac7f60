import tracemalloc

import numpy as np
import numpy.typing as npt
import pytest
import statsmodels.api as sm

from analysis.statistics.cellwise import CellFit, Rows, cell_fits
from analysis.statistics.covariates import completion
from analysis.statistics.effects import CellMean, cell_means
from analysis.statistics.estimate import Floats, NotEstimable, Reason
from analysis.statistics.linear import Fit, Robust, ols
from tests.analysis.statistics.near import near

CELLS = ("a", "b", "c", "d", "e", "f")
NAN = np.nan


def drawn(n: int) -> tuple[Floats, npt.NDArray[np.str_], Floats]:
    rng = np.random.default_rng(11)
    age = 1950 + rng.integers(0, 60, n)
    z = np.column_stack([rng.normal(3.5, 0.6, n), age, rng.random(n) < 0.3])
    y = z[:, 0] + rng.normal(size=n) * (1 + z[:, 2])
    return y, rng.choice(CELLS, size=n), z


def fitted(rows: Rows, robust: Robust = Robust.HC2) -> tuple[CellFit | NotEstimable, ...]:
    chunks = ((z, place) for _, place, z in rows.chunks())
    found = completion(chunks, columns=len(rows.covariates), cells=len(rows.cells))
    return cell_fits(rows, found, [robust])[robust]


@pytest.mark.parametrize("robust", list(Robust))
@pytest.mark.parametrize("chunk", [1, 7, 100, 1000])
def test_cell_fits_are_those_of_the_cells_rows_whatever_the_chunk(
    robust: Robust, chunk: int
) -> None:
    y, cell, z = drawn(300)
    # Nearly a combination of the others, as near as the rank check lets pass.
    z = np.column_stack([z, z[:, 0] + 1e-5 * np.sin(np.arange(300))])
    y[5] = NAN
    centred = z - z[~np.isnan(y)].mean(axis=0)
    for code, found in zip(
        CELLS, fitted(Rows(y, cell, CELLS, tuple(z.T), chunk), robust), strict=True
    ):
        used = (cell == code) & ~np.isnan(y)
        x = np.column_stack([np.ones(used.sum()), centred[used]])
        expected = ols(y[used], x, robust=robust)
        assert isinstance(found, CellFit)
        assert isinstance(expected, Fit)
        assert (found.n, found.df) == (expected.n, expected.df)
        # Columns that are the same to five digits cost both ways as many of their sixteen.
        assert found.coefficients == pytest.approx(expected.coefficients, rel=1e-8)
        errors = np.sqrt(np.diag(expected.covariance))
        assert found.errors == pytest.approx(errors, rel=1e-8)


@pytest.mark.parametrize("chunk", [7, 1000])
def test_cell_fits_without_covariates_are_least_squares_on_a_constant(chunk: int) -> None:
    y, cell, _ = drawn(300)
    y[5], y[cell == "b"] = NAN, 2 / 3
    places = np.array([CELLS.index(code) for code in cell], np.int16)
    for codes in (cell, places):
        rows = Rows(y, codes, CELLS, (), chunk)
        learnt = completion(((z, at) for _, at, z in rows.chunks()), columns=0, cells=6)
        for robust, found in cell_fits(rows, learnt, tuple(Robust)).items():
            for code, each in zip(CELLS, found, strict=True):
                mine = y[(cell == code) & ~np.isnan(y)]
                expected = ols(mine, np.ones((len(mine), 1)), robust=robust)
                assert isinstance(each, CellFit)
                assert isinstance(expected, Fit)
                assert (each.n, each.df) == (expected.n, expected.df)
                assert each.coefficients == pytest.approx(expected.coefficients, rel=1e-14)
                error = np.sqrt(expected.covariance[0])
                assert each.errors == pytest.approx(error, rel=1e-13)
    with pytest.raises(ValueError, match="unknown cells"):
        _ = Rows(y, places, CELLS[:5], ()).place


@pytest.mark.parametrize("chunk", [2, 50])
def test_cell_fits_say_why_there_is_none_whatever_the_chunk(chunk: int) -> None:
    y, z = np.arange(24.0) ** 2, np.tile([1.0, 2, 4, 3, 6, 5], 4)
    cell = np.repeat(["rows", "rank", "lever", "exact"], 6)
    z[cell == "rank"] = 3
    z[cell == "lever"] = [0, 0, 0, 0, 0, 1]
    y[cell == "exact"] = 2 + 3 * z[cell == "exact"]
    y[:4] = NAN
    rows, rank, lever, exact = fitted(
        Rows(y, cell, ("rows", "rank", "lever", "exact"), (z,), chunk)
    )
    assert rows == NotEstimable(
        Reason.TOO_FEW_ROWS, "2 rows can't carry 2 coefficients and a standard error."
    )
    assert rank == NotEstimable(Reason.RANK_DEFICIENT, "Only 1 of 2 columns vary independently.")
    assert lever == NotEstimable(
        Reason.FULL_LEVERAGE, "One row alone decides a coefficient (leverage 1)."
    )
    assert isinstance(exact, CellFit)
    assert exact.errors.tolist() == [0, 0]


def test_cell_means_agree_with_statsmodels_over_many_chunks() -> None:
    y, cell, z = drawn(40_000)
    indicators = (cell[:, None] == np.array(CELLS)).astype(float)
    centred = z - z.mean(axis=0)
    lin = np.hstack([indicators, *(indicators * column[:, None] for column in centred.T)])
    for x, covariates in ((indicators, None), (lin, z)):
        theirs = sm.OLS(y, x).fit(cov_type="HC2", use_t=True)
        columns = np.column_stack([theirs.params, theirs.bse, theirs.conf_int()])[:6].tolist()
        counts = indicators.sum(axis=0).tolist()
        # Two ways through the same formula: far below the 1e-10 that is promised.
        assert cell_means(y, cell, CELLS, covariates=covariates).means == tuple(
            CellMean(code, n, *(near(each, rel=1e-11) for each in numbers))
            for code, n, numbers in zip(CELLS, counts, columns, strict=True)
        )


def peak_bytes(n: int) -> int:
    """What cell means of n rows take beyond their data, at most, in bytes."""
    y, cell, z = drawn(n)
    z[::5, 0] = NAN
    tracemalloc.start()
    cell_means(y, cell, CELLS, covariates=z)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.slow
def test_cell_means_take_no_more_memory_for_more_rows() -> None:
    # From two full chunks on, but for two bytes a row (its cell); shares of cells differ by chance.
    assert peak_bytes(400_000) - 2 * 400_000 < 1.05 * (peak_bytes(40_000) - 2 * 40_000)
