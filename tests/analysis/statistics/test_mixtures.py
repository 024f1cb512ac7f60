"""Time-uniform bounds; tests/reference/anytime.py holds them against confseq."""

import math

import numpy as np
import pytest
from scipy import integrate, stats

from analysis.statistics.mixtures import (
    bernoulli_sequence,
    gamma_poisson_bound,
    gamma_poisson_log_mixture,
    normal_bound,
    normal_rho,
    one_sided_bound,
    one_sided_log_mixture,
)
from tests.analysis.statistics.near import near


def test_one_sided_mixture_averages_one_over_a_brownian_motion() -> None:
    total, _ = integrate.quad(
        lambda s: math.exp(one_sided_log_mixture(s, 30, tuned=40)) * stats.norm.pdf(s, 0, 30**0.5),
        -60,
        200,
        limit=200,
    )
    assert total == near(1.0, rel=1e-6)


def test_gamma_poisson_mixture_averages_one_over_a_poisson_process() -> None:
    # S = 2 (N − v / 4), with N Poisson of mean v / 4, has variance v and jumps of 2.
    mean = 30 / 4
    total = sum(
        stats.poisson.pmf(k, mean)
        * math.exp(gamma_poisson_log_mixture(2 * (k - mean), 30, tuned=40, scale=2))
        for k in range(120)
    )
    assert total == near(1.0, rel=1e-6)


def test_bounds_are_where_the_mixtures_reach_one_over_alpha() -> None:
    one, poisson = one_sided_bound(80, 0.01, tuned=40), {"tuned": 40.0, "scale": 0.5}
    assert one_sided_log_mixture(one, 80, tuned=40) == near(math.log(100))
    bound = gamma_poisson_bound(80, 0.01, **poisson)
    assert gamma_poisson_log_mixture(bound, 80, **poisson) == near(math.log(100))


def test_gamma_poisson_bound_of_small_jumps_is_the_normal_one() -> None:
    small = gamma_poisson_bound(100, 0.05, tuned=100, scale=1e-3)
    assert small == near(one_sided_bound(100, 0.05, tuned=100), rel=1e-3)


def test_one_sided_bound_is_lower_than_the_two_sided() -> None:
    assert one_sided_bound(100, 0.05, tuned=100) < normal_bound(100, 0.05, tuned=100)


def test_bernoulli_sequence_of_none_and_of_all_mirror_each_other() -> None:
    low, high = bernoulli_sequence(0, 50, tuned=50)
    assert bernoulli_sequence(50, 50, tuned=50) == (near(1 - high), 1.0)
    assert low == 0
    assert 0.05 < high < 0.1


@pytest.mark.slow
def test_bernoulli_sequence_covers_at_all_times_together() -> None:
    """2,000 paths of 200 draws at p = 0.3: the share that p ever leaves is at most 5 %."""
    rng, inside = np.random.default_rng(8), np.zeros((201, 201), dtype=bool)
    for n in range(1, 201):
        for s in range(max(0, int(0.3 * n) - 45), min(n, int(0.3 * n) + 45) + 1):
            inside[n, s] = _covers(s, n)
    paths = np.cumsum(rng.random((2000, 200)) < 0.3, axis=1)
    left = ~inside[np.arange(1, 201), paths]
    assert left.any(axis=1).mean() <= 0.05


def _covers(successes: int, trials: int) -> bool:
    low, high = bernoulli_sequence(successes, trials, tuned=50)
    return low <= 0.3 <= high


@pytest.mark.parametrize("counts", [(-1, 5), (6, 5), (0, 0)])
def test_bernoulli_sequence_of_impossible_counts_is_an_error(counts: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="trials"):
        bernoulli_sequence(*counts, tuned=50)


def test_a_mixture_needs_a_time_and_an_alpha_below_one_half_per_side() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        normal_rho(100, alpha=0.5, two_sided=False)
    with pytest.raises(ValueError, match="alpha must lie"):
        one_sided_bound(100, 1.0, tuned=100)
