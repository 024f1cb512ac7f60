import numpy as np

from analysis.statistics.contrast_tests import contrast_test, redrawn_means
from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.randomisation_inference import (
    arrangements,
    mean_contrast,
    randomisation_test,
)


def test_contrasts_of_redrawn_means_are_tested_as_any_statistic() -> None:
    rng = np.random.default_rng(5)
    y, arm = np.r_[rng.normal(size=39), np.nan], rng.integers(0, 3, 40)
    for n, most in ((40, 50), (6, 1000)):
        assignments = arrangements(arm[:n], most=most, seed=1)
        means = redrawn_means(y[:n], arm[:n], assignments, 4)
        for weights in ([-1, 1, 0, 0], [0.5, -1, 0.5, 0], [1, 0, 0, -1]):
            expected = randomisation_test(y[:n], arm[:n], assignments, mean_contrast(weights))
            assert contrast_test(means, weights) == expected
    nobody = redrawn_means(y[39:], arm[39:], arrangements(arm[39:], most=9, seed=1), 4)
    assert contrast_test(nobody, [1, -1, 0, 0]) == NotEstimable(
        Reason.NO_ROWS, "Nobody has an outcome."
    )
