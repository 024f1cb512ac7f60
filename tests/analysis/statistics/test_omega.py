"""One factor and item fits; tests/reference/models.py holds them against R."""

import math

import numpy as np
import pytest
from statsmodels.multivariate.factor import Factor

from analysis.statistics.estimate import Floats, NotEstimable, Reason
from analysis.statistics.omega import ItemFit, Omega, item_fits, omega
from analysis.statistics.scales import reliability
from tests.analysis.statistics.near import near


def drawn(seed: int, n: int = 200, k: int = 5) -> Floats:
    rng = np.random.default_rng(seed)
    weights = np.linspace(0.5, 1.2, k)
    return rng.normal(size=(n, 1)) * weights + rng.normal(size=(n, k))


def fitted(answers: Floats) -> Omega:
    found = omega(answers)
    assert isinstance(found, Omega)
    return found


def fits(answers: Floats) -> tuple[ItemFit, ...]:
    found = item_fits(answers)
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_loadings_agree_with_statsmodels(seed: int) -> None:
    answers = drawn(seed)
    theirs = Factor(answers, n_factor=1, method="ml").fit()
    ours = fitted(answers)
    # statsmodels ends its search at 1e-5 or so.
    assert ours.loadings == pytest.approx(np.abs(theirs.loadings[:, 0]), abs=1e-4)
    assert ours.uniquenesses == pytest.approx(theirs.uniqueness, abs=1e-4)


def test_three_items_have_the_loadings_of_their_three_correlations() -> None:
    answers = drawn(3, k=3)
    r = np.atleast_2d(np.corrcoef(answers, rowvar=False))
    loadings = np.sqrt([r[0, 1] * r[0, 2] / r[1, 2], r[0, 1] * r[1, 2] / r[0, 2]])
    found = fitted(answers)
    assert found.loadings[:2] == pytest.approx(loadings, abs=1e-6)
    scale = answers.std(axis=0, ddof=1)
    assert found.omega == near(
        (scale @ found.loadings) ** 2 / answers.sum(axis=1).var(ddof=1), rel=1e-6
    )


def test_omega_leaves_incomplete_rows_out_and_forgets_direction() -> None:
    answers = drawn(5)
    whole = fitted(answers[1:])
    answers[0, 2] = math.nan
    found = fitted(answers)
    assert (found.n, found.missing, found.omega) == (199, 1, near(whole.omega))
    assert fitted(-answers).omega == near(found.omega, rel=1e-6)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (drawn(1, k=2), Reason.TOO_FEW_ITEMS),
        (drawn(1, n=4, k=4), Reason.TOO_FEW_ROWS),
        (drawn(1) * [1, 1, 1, 1, 0], Reason.NO_VARIANCE),
        (drawn(1)[:, [0, 1, 2, 2]], Reason.RANK_DEFICIENT),
    ],
)
def test_omega_says_why_there_is_none(answers: Floats, reason: Reason) -> None:
    found = omega(answers)
    assert isinstance(found, NotEstimable)
    assert found.reason is reason


def test_omega_of_correlations_that_no_factor_has_is_improper() -> None:
    # 0.8 · 0.8 / 0.3 > 1 would be the first item's common share.
    wanted = np.array([[1, 0.8, 0.8], [0.8, 1, 0.3], [0.8, 0.3, 1]])
    rows = np.linalg.qr(np.c_[np.ones(60), np.random.default_rng(3).normal(size=(60, 3))])[0][:, 1:]
    assert omega(rows @ np.linalg.cholesky(wanted).T) == NotEstimable(
        Reason.IMPROPER_FIT, "One factor leaves an item no variance of its own."
    )


def test_item_fits_are_correlations_with_the_sums_and_alpha_without_the_item() -> None:
    answers = drawn(6, k=4)
    rest = np.delete(answers, 1, axis=1)
    alpha = reliability(rest)
    assert not isinstance(alpha, NotEstimable)
    assert fits(answers)[1] == ItemFit(
        total=near(np.corrcoef(answers[:, 1], answers.sum(axis=1))[0, 1]),
        rest=near(np.corrcoef(answers[:, 1], rest.sum(axis=1))[0, 1]),
        dropped=near(alpha.alpha),
        suspect=False,
    )


def test_an_item_that_was_not_turned_is_suspect_and_no_other() -> None:
    answers = drawn(7)
    assert [fit.suspect for fit in fits(answers)] == [False] * 5
    answers[:, [1, 4]] *= -1
    assert [fit.suspect for fit in fits(answers)] == [False, True, False, False, True]


def test_an_item_of_noise_is_seldom_suspect() -> None:
    rng = np.random.default_rng(9)
    found = [
        fits(np.column_stack([drawn(seed), rng.normal(size=200)]))[5].suspect for seed in range(200)
    ]
    assert sum(found) <= 15


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (drawn(1, k=1), Reason.TOO_FEW_ITEMS),
        (drawn(1, n=3), Reason.TOO_FEW_ROWS),
        (drawn(1) * [1, 1, 1, 1, 0], Reason.NO_VARIANCE),
    ],
)
def test_item_fits_say_why_there_are_none(answers: Floats, reason: Reason) -> None:
    found = item_fits(answers)
    assert isinstance(found, NotEstimable)
    assert found.reason is reason
