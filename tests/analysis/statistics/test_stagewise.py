import numpy as np
import pytest
from scipy import stats

from analysis.statistics.boundary import Boundary, characteristics
from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.futility import futility_bounds
from analysis.statistics.sequential import bounds
from analysis.statistics.stagewise import (
    AfterStopping,
    Answer,
    after_stopping,
    chance,
    drift_at,
)
from tests.analysis.statistics.near import near

PLAN = Boundary.of(bounds([0.5, 0.75, 1.0], 0.05))
# Simpson's rule on the grid.
GRID = 1e-7


def after(boundary: Boundary, look: int, estimate: float, se: float = 1.0) -> AfterStopping:
    found = after_stopping(boundary, look, estimate=estimate, se=se, alpha=0.05)
    assert isinstance(found, AfterStopping)
    return found


def test_after_stopping_at_the_first_look_it_is_the_naive_answer() -> None:
    naive = Answer(
        p_above=near(stats.norm.sf(3.5)),
        p=near(2 * stats.norm.sf(3.5)),
        estimate=near(0.7),
        low=near(0.7 - 0.2 * 1.959963984540054),
        high=near(0.7 + 0.2 * 1.959963984540054),
    )
    assert after(PLAN, 1, 0.7, 0.2) == AfterStopping(1, near(3.5), 0.95, naive, naive)


def test_after_stopping_late_the_answer_is_less_sure_than_the_naive_one() -> None:
    adjusted, naive = after(PLAN, 3, 2.3).adjusted, after(PLAN, 3, 2.3).naive
    assert adjusted.estimate < naive.estimate
    assert isinstance(adjusted.p, float)
    assert isinstance(naive.p, float)
    assert adjusted.p > naive.p
    assert adjusted.high - adjusted.low > naive.high - naive.low


def test_after_stopping_mirrors_an_effect_of_the_other_sign() -> None:
    up, down = after(PLAN, 2, 2.6).adjusted, after(PLAN, 2, -2.6).adjusted
    assert (down.estimate, down.low, down.high) == (
        near(-up.estimate),
        near(-up.high),
        near(-up.low),
    )
    assert isinstance(up.p, float)
    assert down.p == near(up.p)


def test_p_at_the_bound_of_each_look_is_the_alpha_that_was_spent() -> None:
    spent = [bound.alpha_spent for bound in bounds([0.5, 0.75, 1.0], 0.05)]
    found = [after(PLAN, look, PLAN.high[look - 1]).adjusted.p for look in (1, 2, 3)]
    assert found == pytest.approx(spent, rel=1e-6)


def test_p_is_below_alpha_exactly_where_the_interval_leaves_zero_out() -> None:
    z = PLAN.high[2]
    below, above = after(PLAN, 3, z - 1e-4).adjusted, after(PLAN, 3, z + 1e-4).adjusted
    assert below.low < 0 < above.low


def test_chances_from_above_and_from_below_add_up_to_one_at_the_end() -> None:
    boundary = futility_bounds([0.3, 0.6, 1.0], 0.025, 0.1).boundary
    for drift in (-30.0, -3.0, 1.3, 9.0):
        both = (chance(boundary, 3, 1.0, drift=drift, above=above) for above in (True, False))
        assert sum(both) == pytest.approx(1, abs=GRID)


def test_after_stopping_keeps_its_digits_however_strong_the_effect() -> None:
    # Far against a one-sided plan, of which no look can have stopped it: the naive answer.
    upward = Boundary.of(bounds([0.3, 0.6, 1.0], 0.025, two_sided=False), two_sided=False)
    found = after(upward, 3, -60.0)
    assert found.adjusted.estimate == near(-60.0)
    assert found.adjusted.low == near(found.naive.low)


def test_outcomes_are_ordered_by_look_and_then_by_z() -> None:
    boundary = futility_bounds([0.3, 0.6, 1.0], 0.025, 0.1).boundary
    up = [(1, 4.2), (1, 4.0), (2, 3.5), (2, 2.7), (3, 2.5)]
    down = [(3, 0.3), (2, 0.0), (1, -2.0)]
    found = [chance(boundary, look, z) for look, z in up + down]
    assert found == sorted(found)


def test_drift_at_gives_the_probability_back() -> None:
    for probability in (1e-6, 0.025, 0.5, 0.975, 1 - 1e-6):
        drift = drift_at(PLAN, 3, 1.2, probability)
        assert chance(PLAN, 3, 1.2, drift=drift) == pytest.approx(probability, rel=1e-5)


def test_drift_at_is_found_where_the_path_is_far_from_its_stage() -> None:
    # Whoever goes on past a bound gets an answer from the ordering that is far from the naive one.
    adjusted = after(PLAN, 3, 25.0).adjusted
    reached = characteristics(PLAN, 0.0)
    assert adjusted.p == pytest.approx(2 * sum(reached.high[:2]), rel=1e-6)
    assert adjusted.estimate < 4


def test_after_stopping_needs_a_stop() -> None:
    inside = after_stopping(PLAN, 2, estimate=1.0, se=1.0, alpha=0.05)
    assert inside == NotEstimable(Reason.NOT_STOPPED, "Look 2 is between its bounds.")


def test_p_that_no_double_holds_is_a_reason() -> None:
    found = after(PLAN, 1, 40.0)
    below = NotEstimable(Reason.BELOW_PRECISION, "p is below 1e-290.")
    assert [found.adjusted.p, found.adjusted.p_above, found.naive.p] == [below] * 3
    assert found.adjusted.estimate == near(40.0)


@pytest.mark.parametrize(
    ("look", "se", "alpha", "message"),
    [
        (0, 1.0, 0.05, "no look 0"),
        (4, 1.0, 0.05, "no look 4"),
        (1, 0.0, 0.05, "above 0, not 0"),
        (1, 1.0, 1.0, "alpha must lie"),
    ],
)
def test_after_stopping_refuses_what_cannot_be(
    look: int, se: float, alpha: float, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        after_stopping(PLAN, look, estimate=3.0, se=se, alpha=alpha)


def test_after_stopping_refuses_a_look_that_nobody_reaches() -> None:
    ended = Boundary((0.5, 1.0), (1.0, 2.0), (1.0, 2.0))
    with pytest.raises(ValueError, match="Nobody goes on to look 2"):
        after_stopping(ended, 2, estimate=3.0, se=1.0, alpha=0.05)


def stopped_paths(
    boundary: Boundary, drift: float, paths: int, seed: int
) -> list[tuple[int, float]]:
    """The look and the z at which each of so many Brownian paths ends."""
    steps = np.diff([0.0, *boundary.fractions])
    noise = np.random.default_rng(seed).standard_normal((paths, len(steps)))
    motion = np.cumsum(noise * np.sqrt(steps) + drift * steps, axis=1)
    z = motion / np.sqrt(boundary.fractions)
    out = (z >= boundary.high) | (z <= boundary.low)
    out[:, -1] = True
    look = out.argmax(axis=1)
    return [(int(k) + 1, float(row[k])) for k, row in zip(look, z, strict=True)]


@pytest.mark.slow
@pytest.mark.parametrize("drift", [0.0, 2.5])
@pytest.mark.parametrize(
    "boundary",
    [PLAN, futility_bounds([0.3, 0.6, 1.0], 0.025, 0.1, binding=True).boundary],
    ids=["two-sided", "futility"],
)
def test_stage_wise_chances_are_even_under_the_true_drift(boundary: Boundary, drift: float) -> None:
    # So that p errs alpha, the estimate lies above the truth half the time and intervals cover
    # with their confidence: each is this chance held against a number.
    paths = stopped_paths(boundary, drift, paths=20_000, seed=20240601)
    chances = np.array([chance(boundary, look, z, drift=drift) for look, z in paths])
    assert stats.kstest(chances, "uniform").pvalue > 0.001
    covered = np.mean((chances > 0.025) & (chances < 0.975))
    assert covered == pytest.approx(0.95, abs=3 * (0.95 * 0.05 / 20_000) ** 0.5)
    assert np.mean(chances < 0.5) == pytest.approx(0.5, abs=3 * 0.5 / 20_000**0.5)
