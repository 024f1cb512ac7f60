import numpy as np

from analysis.statistics.covariates import complete_covariates

NAN = np.nan


def test_complete_covariates_fills_a_few_missing_with_the_mean() -> None:
    column = np.array([[1.0], [2], [3], [2], [1], [3], [2], [2], [2], [NAN]])
    assert complete_covariates(column)[:, 0].tolist() == [1, 2, 3, 2, 1, 3, 2, 2, 2, 2]


def test_complete_covariates_marks_many_missing() -> None:
    given = np.array([[1.0, 5], [3, 6], [NAN, 7], [NAN, 8]])
    assert complete_covariates(given).tolist() == [
        [1, 5, 0],
        [3, 6, 0],
        [2, 7, 1],
        [2, 8, 1],
    ]


def test_complete_covariates_marks_what_is_missing_together_once() -> None:
    given = np.array([[1.0, 5], [3, 6], [NAN, NAN]])
    assert complete_covariates(given).tolist() == [[1, 5, 0], [3, 6, 0], [2, 5.5, 1]]


def test_complete_covariates_leaves_out_what_never_varies_or_was_never_answered() -> None:
    given = np.array([[4.0, NAN, 1], [4, NAN, 2], [4, NAN, 3]])
    assert complete_covariates(given).tolist() == [[1], [2], [3]]


def test_complete_covariates_of_nothing_is_nothing() -> None:
    assert complete_covariates(np.empty((3, 0))).shape == (3, 0)
