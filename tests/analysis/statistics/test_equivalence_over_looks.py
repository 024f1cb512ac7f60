from math import sqrt

import numpy as np
import pytest
from scipy import stats

from analysis.statistics.equivalence_over_looks import equivalence_chances
from tests.analysis.statistics.near import near

# The grid brings a chance to 1e-6; scipy integrates three dimensions to about as much.
GRID = 1e-5


def normal(fractions: tuple[float, ...], reach: tuple[float, ...], drift: float) -> float:
    """The chance that all of these looks are inside, by the multivariate normal distribution."""
    t = np.array(fractions)
    cov = np.sqrt(np.minimum.outer(t, t) / np.maximum.outer(t, t))
    mean, high = drift * np.sqrt(t), np.array(reach)
    return float(stats.multivariate_normal(mean, cov).cdf(high, lower_limit=-high, rng=1))


@pytest.mark.parametrize("drift", [0.0, 1.3])
def test_chances_agree_with_the_multivariate_normal(drift: float) -> None:
    t, c = (0.4, 0.7, 1.0), (0.1, 0.5, 1.2)
    one = [normal(t[k : k + 1], c[k : k + 1], drift) for k in range(3)]
    pair = {(a, b): normal((t[a], t[b]), (c[a], c[b]), drift) for a, b in [(0, 1), (0, 2), (1, 2)]}
    both = one[0] + one[1] - pair[0, 1]
    every = sum(one) - sum(pair.values()) + normal(t, c, drift)
    assert equivalence_chances(t, c, drift=drift) == (
        near(one[0], rel=GRID),
        near(both, rel=GRID),
        near(every, rel=GRID),
    )


def test_chances_at_many_close_looks_agree_with_drawn_paths() -> None:
    t = np.linspace(0.5, 1, 21)
    inside = np.linspace(-0.2, 1.2, 21)
    steps = np.sqrt(np.diff(t, prepend=0))
    z = (np.random.default_rng(1).normal(size=(100_000, 21)) * steps).cumsum(axis=1) / np.sqrt(t)
    drawn = float((np.abs(z) < inside).any(axis=1).mean())
    # Three standard errors of 100,000 draws.
    assert equivalence_chances(t.tolist(), inside.tolist())[-1] == pytest.approx(drawn, abs=5e-3)


def test_looks_that_have_no_room_add_nothing() -> None:
    alone = 2 * stats.norm.cdf(0.9) - 1
    found = equivalence_chances((0.5, 0.75, 1.0), (-1.0, 0.0, 0.9))
    assert found == (0, 0, near(alone, rel=GRID))
    after = equivalence_chances((0.5, 0.75, 1.0), (0.9, -1.0, 0.0))
    assert after == (near(alone, rel=GRID),) * 3


def test_chance_of_one_look_under_a_drift_is_the_normal_one() -> None:
    away = 2 * sqrt(0.5)
    chance = stats.norm.cdf(1 - away) - stats.norm.cdf(-1 - away)
    assert equivalence_chances((0.5,), (1.0,), drift=2) == (near(chance, rel=GRID),)


def test_a_look_that_nobody_misses_ends_all() -> None:
    assert equivalence_chances((0.5, 1.0), (30.0, -1.0)) == (1.0, 1.0)
    assert equivalence_chances((0.5, 1.0), (-1.0, 30.0)) == (0.0, 1.0)


def test_chances_need_a_reach_for_each_look() -> None:
    with pytest.raises(ValueError, match="needs a reach"):
        equivalence_chances((0.5, 1.0), (1.0,))
