"""Simulated studies against the formulas, and how they are counted."""

from dataclasses import replace
from math import sqrt
from typing import Any

import pytest
from scipy import stats

from analysis.power.analytic import Asked, power_by_n
from analysis.power.assumptions import Assumptions
from analysis.power.counts import Counts, expected_n, mean, share
from analysis.power.simulating import counts_from_builtins, counts_to_builtins, simulated
from analysis.reach import Assumed
from experiments.design import (
    Design,
    Equivalence,
    Estimator,
    Family,
    Monitoring,
    Multiplicity,
    Parameter,
)
from tests.analysis.power.test_analytic import answers, number, two_arms
from tests.changed import changed
from tests.decks import deck_design
from tests.designs import small

# How many standard errors of the simulation a share may part from the formula by.
ERRORS = 3
# A seven-point scale's mean is not normal: at 100 in each arm power parts from the formula by less.
SMALL = Assumptions(n=200, mean=4.0, sd=1.3, effects={"reward.money": 0.5})


def counted(design: Design, studies: int, **assumed: Any) -> Counts:
    return simulated(design, replace(SMALL, **assumed), 20261126, range(studies))


def test_counts_of_batches_are_those_of_all_studies_at_once() -> None:
    design = small()
    assumed = replace(SMALL, n=60)
    batches = [simulated(design, assumed, 5, part) for part in (range(4), range(4, 6), range(6, 9))]
    whole = simulated(design, assumed, 5, range(9))
    kept = [counts_from_builtins(counts_to_builtins(batch)) for batch in batches]
    total = kept[0] + kept[1] + kept[2]
    # Sums of fractions part by rounding.
    assert replace(total, contrasts={}) == replace(whole, contrasts={})
    assert {code: each.rejected for code, each in total.contrasts.items()} == {
        code: each.rejected for code, each in whole.contrasts.items()
    }
    assert (whole.studies, sum(whole.ended), set(whole.contrasts)) == (
        9,
        9,
        {"money_vs_none", "reward_by_voice"},
    )


def test_shares_and_means_have_their_monte_carlo_intervals() -> None:
    eighty = share(80, 100)
    assert (eighty.count, eighty.of, eighty.share) == (80, 100, 0.8)
    assert (eighty.low, eighty.high) == pytest.approx((0.7112, 0.8666), abs=1e-4)
    found = mean(30.0, 250.0, 4)
    away = 1.959963984540054 * sqrt((250 - 4 * 7.5**2) / 3 / 4)
    assert (found.mean, found.low, found.high) == pytest.approx((7.5, 7.5 - away, 7.5 + away))
    ended = Counts(studies=4, contrasts={}, ended=(1, 3))
    assert expected_n(ended, (50, 100)).mean == 87.5


def test_stops_that_are_not_followed_take_everybody() -> None:
    design = two_arms(looks=(0.5, 1.0), smallest_effect=0.3)
    followed = counted(design, 12, effects={"reward.money": 1.5})
    ignored = counted(design, 12, effects={"reward.money": 1.5}, stops=False)
    assert (followed.ended, followed.stopped) == ((12, 0), {"efficacy": 12})
    assert (ignored.ended, ignored.stopped) == ((0, 12), {})
    assert ignored.contrasts["money_vs_none"].rejected == (12, 0)


def test_plan_that_may_be_read_at_any_time_is_read_four_times() -> None:
    found = counted(two_arms(monitoring=Monitoring.ANYTIME), 3)
    assert len(found.ended) == 4


@pytest.mark.slow
@pytest.mark.parametrize("looks", [(1.0,), (0.5, 0.75, 1.0)], ids=["one", "three"])
def test_power_of_simulated_studies_is_that_of_the_formula(looks: tuple[float, ...]) -> None:
    design = two_arms(looks=looks, outcome_sd=1.3)
    found = counted(design, 1000)
    (told,) = answers(power_by_n(design, Assumed(), Asked(200, effect=0.5)), "money_vs_none")
    expected = number(told.power)
    rejected = sum(found.contrasts["money_vs_none"].rejected) / found.studies
    assert rejected == pytest.approx(expected, abs=ERRORS * sqrt(expected * (1 - expected) / 1000))
    estimates = found.contrasts["money_vs_none"]
    if len(looks) == 1:
        se = 1.3 * sqrt(4 / 200)
        assert estimates.total / 1000 == pytest.approx(0.5, abs=ERRORS * se / sqrt(1000))


@pytest.mark.slow
def test_covariates_give_the_power_of_what_they_explain() -> None:
    design = two_arms(covariates=("motive",), estimator=Estimator.LIN, outcome_sd=1.3)
    asked = Asked(200, effect=0.5)
    given = {"slopes": {"motive": 0.7}, "reliability": 0.95, "covariate_reliability": 0.95}
    rejected = sum(counted(design, 600, **given).contrasts["money_vs_none"].rejected) / 600
    # The traits' correlation, less what both scales measure with error: r² is .49 × .95 × .95.
    plain, expected = (
        number(answers(power_by_n(design, Assumed(r2=r2), asked), "money_vs_none")[0].power)
        for r2 in (0.0, 0.49 * 0.95**2)
    )
    error = sqrt(expected * (1 - expected) / 600)
    assert expected - plain > 10 * error
    # Options cut a little more of it off.
    assert expected - 0.03 - ERRORS * error < rejected < expected + ERRORS * error


@pytest.mark.slow
def test_familywise_error_and_wrong_equivalence_are_kept() -> None:
    design = small(rewards=3)
    contrasts = tuple(
        replace(design.plan.contrasts[0], code=level, level=level, family=Family.PRIMARY)
        for level in ("money", "thanks")
    )
    plan = replace(
        design.plan,
        contrasts=contrasts,
        multiplicity=Multiplicity.HOLM,
        equivalence=Equivalence.TWO_ONE_SIDED,
        smallest_effect=0.5,
        outcome_sd=1.3,
    )
    design = replace(design, plan=plan)
    nil = counted(design, 600, effects={})
    limit = 0.05 + ERRORS * sqrt(0.05 * 0.95 / 600)
    assert nil.familywise == nil.some
    assert nil.familywise / 600 <= limit
    at_bound = counted(design, 600, effects={"reward.money": 0.5})
    assert at_bound.misjudged / 600 <= 0.055 + ERRORS * sqrt(0.055 * 0.945 / 600)
    assert at_bound.every <= at_bound.some


@pytest.mark.slow
def test_clusters_cost_the_power_that_their_design_effect_says() -> None:
    places = tuple(f"school_{number}" for number in range(40))
    step = {"randomisations[0].cluster": "school", "randomisations[0].strata": ()}
    design = changed(
        two_arms(outcome_sd=1.3),
        step
        | {
            "randomisations[0].block_sizes": (4,),
            "parameters": (Parameter("school", "school", required=True, values=places),),
        },
    )
    given = {"n": 400, "between_clusters": 0.1, "reliability": 0.95}
    found = counted(design, 400, **given).contrasts["money_vs_none"]
    # Sizes of clusters vary by chance about ten: their coefficient of variation squared is 1 / 10.
    deff = 1 + (10 * (1 + 1 / 10) - 1) * 0.1 * 0.95
    errors = sqrt(found.squares / 400 - (found.total / 400) ** 2)
    assert errors == pytest.approx(1.3 * sqrt(4 * deff / 400), rel=4 / sqrt(2 * 400))
    # Arms are of clusters, 40 of them, and so are the degrees of freedom.
    expected = float(stats.nct.sf(stats.t.isf(0.025, 38), 38, 0.5 / (1.3 * sqrt(4 * deff / 400))))
    rejected = sum(found.rejected) / 400
    assert rejected == pytest.approx(expected, abs=ERRORS * sqrt(expected * (1 - expected) / 400))


@pytest.mark.slow
def test_judgements_that_people_share_tell_differences_better() -> None:
    shared, apart = (
        counted(deck_design(), 200, n=100, between_people=each).contrasts["money_vs_none"]
        for each in (0.8, 0.0)
    )
    spread = [sqrt(c.squares / 200 - (c.total / 200) ** 2) for c in (shared, apart)]
    assert [c.total / 200 for c in (shared, apart)] == pytest.approx([0.5, 0.5], abs=0.05)
    # Within a person what the two vignettes share cancels, where their rewards differ.
    assert spread[0] < 0.85 * spread[1]
