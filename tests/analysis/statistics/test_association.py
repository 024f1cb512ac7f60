from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm

from analysis.statistics.association import Association, Associations, associations
from analysis.statistics.estimate import Estimate, Floats, NotEstimable, Reason
from tests.analysis.statistics.near import near

NAN = np.nan


def drawn(n: int = 60) -> tuple[Floats, dict[str, Floats]]:
    rng = np.random.default_rng(5)
    psm, age = rng.normal(3.5, 0.6, n), rng.integers(18, 80, n).astype(float)
    return 2 + 0.5 * psm + rng.normal(size=n) * psm, {"psm": psm, "age": age}


def test_associations_agree_with_statsmodels() -> None:
    y, predictors = drawn()
    x = sm.add_constant(np.column_stack(list(predictors.values())))
    theirs = sm.OLS(y, x).fit(cov_type="HC2", use_t=True)
    low, high = theirs.conf_int().T
    expected = tuple(
        Association(
            name,
            Estimate(
                estimate=near(theirs.params[i]),
                se=near(theirs.bse[i]),
                statistic=near(theirs.tvalues[i]),
                df=57,
                p=near(theirs.pvalues[i]),
                low=near(low[i]),
                high=near(high[i]),
                n=60,
                level=0.95,
            ),
        )
        for i, name in enumerate(predictors, start=1)
    )
    assert associations(y, predictors) == Associations(expected, n=60, missing=0, constant=())


def test_associations_leave_incomplete_rows_out() -> None:
    y, predictors = drawn()
    without = associations(y[2:], {name: p[2:] for name, p in predictors.items()})
    y[0], predictors["age"][1] = NAN, NAN
    found = associations(y, predictors)
    assert isinstance(found, Associations)
    assert isinstance(without, Associations)
    assert found == Associations(without.associations, n=58, missing=2, constant=())


def test_associations_name_predictors_that_never_vary_and_leave_them_out() -> None:
    y, predictors = drawn()
    without = associations(y, predictors)
    nobody = {"country": np.ones(60), "refused": np.zeros(60), "income": np.full(60, NAN)}
    found = associations(y, nobody | predictors)
    assert isinstance(without, Associations)
    assert found == replace(without, constant=("country", "refused", "income"))


def test_associations_look_for_variation_in_complete_rows_only() -> None:
    y, predictors = drawn()
    rare = np.zeros(60)
    rare[7], predictors["age"][7] = 1, NAN
    found = associations(y, predictors | {"rare": rare})
    assert isinstance(found, Associations)
    assert (found.n, found.missing, found.constant) == (59, 1, ("rare",))


def test_associations_without_a_predictor_that_varies_have_no_variance() -> None:
    found = associations(drawn()[0], {"country": np.ones(60)})
    assert found == NotEstimable(Reason.NO_VARIANCE, "No predictor varies.")


def test_associations_of_a_predictor_that_repeats_another_are_rank_deficient() -> None:
    y, predictors = drawn()
    found = associations(y, predictors | {"months": 12 * predictors["age"]})
    assert found == NotEstimable(Reason.RANK_DEFICIENT, "Only 3 of 4 columns vary independently.")


def test_associations_without_a_complete_row_have_no_rows() -> None:
    found = associations(np.array([1.0, NAN]), {"psm": np.array([NAN, 2.0])})
    assert found == NotEstimable(Reason.NO_ROWS, "No row has the outcome and all predictors.")


def test_associations_without_predictors_are_an_error() -> None:
    with pytest.raises(ValueError, match="No predictor"):
        associations(np.ones(3), {})
