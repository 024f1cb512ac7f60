import numpy as np

from analysis.statistics.covariates import complete_covariates
from analysis.statistics.estimate import Floats

NAN = np.nan


def completed(covariates: Floats) -> Floats:
    """The columns of one cell, completed."""
    return complete_covariates(covariates, np.full(len(covariates), "cell"))


def test_complete_covariates_fills_a_few_missing_with_the_mean() -> None:
    column = np.array([[1.0], [2], [3], [2], [1], [3], [2], [2], [2], [NAN]])
    assert completed(column)[:, 0].tolist() == [1, 2, 3, 2, 1, 3, 2, 2, 2, 2]


def test_complete_covariates_marks_many_missing() -> None:
    given = np.array([[1.0, 5], [3, 6], [NAN, 7], [NAN, 8]])
    assert completed(given).tolist() == [
        [1, 5, 0],
        [3, 6, 0],
        [2, 7, 1],
        [2, 8, 1],
    ]


def test_complete_covariates_marks_what_is_missing_together_once() -> None:
    given = np.array([[1.0, 5], [3, 6], [NAN, NAN], [NAN, NAN]])
    assert completed(given).tolist() == [[1, 5, 0], [3, 6, 0], [2, 5.5, 1], [2, 5.5, 1]]


def test_complete_covariates_does_not_mark_what_some_cell_has_no_slope_for() -> None:
    given = np.array([[1.0], [2], [NAN], [NAN], [1], [2], [3], [4]])
    cells = np.repeat(["gaps", "none"], 4)
    # 13/6 is the mean of those that are there.
    assert complete_covariates(given, cells).tolist() == [
        [value] for value in (1, 2, 13 / 6, 13 / 6, 1, 2, 3, 4)
    ]


def test_complete_covariates_leaves_out_what_never_varies_or_was_never_answered() -> None:
    given = np.array([[4.0, NAN, 1], [4, NAN, 2], [4, NAN, 3]])
    assert completed(given).tolist() == [[1], [2], [3]]


def test_complete_covariates_of_nothing_is_nothing() -> None:
    assert completed(np.empty((3, 0))).shape == (3, 0)
