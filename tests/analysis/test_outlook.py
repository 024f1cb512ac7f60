"""Equivalence, futility, and the numbers after the study has ended."""

from math import sqrt

import pytest
from scipy import stats

from analysis.decision import Action
from analysis.found import Found
from analysis.statistics.boundary import Boundary
from analysis.statistics.sequential import bounds
from analysis.statistics.stagewise import AfterStopping, after_stopping
from experiments.design import Equivalence, Multiplicity
from tests.analysis.deciding import DF, FRACTIONS, looked, plan, standing
from tests.designs import small


def test_repeated_interval_inside_the_bounds_shows_equivalence_at_any_look_for_good() -> None:
    rule = plan(equivalence=Equivalence.REPEATED_INTERVAL)
    # The first look's interval reaches 2.963 (Student's a little more) standard errors.
    narrow = standing(looked(rule, [{"a": 0.0}], se=0.3 / 2.97))["a"]
    assert narrow.equivalent_at == 1
    assert narrow.equivalence is not None
    assert narrow.equivalence.value is not None
    assert narrow.equivalence.value.high == pytest.approx(
        0.3 / 2.97 * stats.t.isf(bounds(FRACTIONS[:1], 0.05)[0].nominal_p / 2, DF)
    )
    assert standing(looked(rule, [{"a": 0.0}], se=0.3 / 2.95))["a"].equivalent_at is None
    later = standing(looked(rule, [{"a": 0.0}, {"a": 2.5}], se=0.3 / 2.97))["a"]
    assert (later.equivalent_at, later.decided) == (1, True)


def test_two_one_sided_tests_decide_at_the_end_and_intervals_before() -> None:
    rule = plan(equivalence=Equivalence.TWO_ONE_SIDED)
    se = 0.3 / 1.7  # 1.645 standard errors fit, 1.96 do not
    found = standing(looked(rule, [{"a": 0.0}] * 3, se=se))["a"]
    assert found.equivalent_at == 3
    assert found.equivalence is not None
    assert found.equivalence.value is not None
    assert found.equivalence.value.alpha == 0.05
    assert found.equivalence.value.p == pytest.approx(float(stats.t.sf(1.7, DF)))
    assert standing(looked(rule, [{"a": 0.0}] * 2, se=se))["a"].equivalent_at is None
    always = plan(equivalence=Equivalence.REPEATED_INTERVAL)
    assert standing(looked(always, [{"a": 0.0}] * 3, se=se))["a"].equivalent_at is None


def test_equivalence_of_several_contrasts_can_share_its_error() -> None:
    together = plan(
        equivalence=Equivalence.TWO_ONE_SIDED, equivalence_multiplicity=Multiplicity.HOLM
    )
    se = 0.3 / 1.9  # p = .029 each, twice that of two
    shared = standing(looked(together, [{"a": 0.0, "b": 0.0}] * 3, se=se))
    assert [each.equivalent_at for each in shared.values()] == [None, None]
    # One whose p is tiny leaves the other all of it.
    look = looked(together, [{"a": 0.0}] * 3, se=se)
    assert standing(look)["a"].equivalent_at == 3
    early = plan(
        equivalence=Equivalence.REPEATED_INTERVAL, equivalence_multiplicity=Multiplicity.HOLM
    )
    half = standing(looked(early, [{"a": 0.0, "b": 0.0}], se=0.3 / 2.97))
    assert [each.equivalent_at for each in half.values()] == [None, None]


def test_every_primary_contrast_equivalent_recommends_to_stop() -> None:
    look = looked(plan(equivalence=Equivalence.REPEATED_INTERVAL), [{"a": 0.0, "b": 0.1}], se=0.05)
    assert look.decision is not None
    assert (look.decision.action, look.decision.stops) == (Action.EQUIVALENCE, True)


def test_contrast_that_has_next_to_no_chance_is_futile_and_may_recover() -> None:
    rule = plan(futility=0.1)
    dull = looked(rule, [{"a": 0.0}, {"a": -0.5}], se=0.3)
    found = standing(dull)["a"]
    # One look is left, at bound b; z and the drift of 0.3 look down, the likelier way. The bound
    # is a normal one, so z is the one that has Student's p.
    last, z = bounds(FRACTIONS, 0.05)[-1].z, stats.norm.ppf(stats.t.sf(0.5, DF))
    drift, here = 0.3 / (0.3 * sqrt(0.75)), z * sqrt(0.75)
    ahead = here - drift * 0.25
    power = stats.norm.cdf((-last - ahead) / 0.5) + stats.norm.sf((last - ahead) / 0.5)
    assert found.conditional_power is not None
    assert found.conditional_power.value == pytest.approx(power)
    assert found.predictive_power is not None
    foreseen = stats.norm.cdf((-last * sqrt(0.75) - z) / 0.5) + stats.norm.sf(
        (last * sqrt(0.75) - z) / 0.5
    )
    assert found.predictive_power.value == pytest.approx(foreseen)
    assert found.futile
    assert dull.decision is not None
    assert dull.decision.action is Action.FUTILITY
    lively = standing(looked(rule, [{"a": 0.0}, {"a": 2.2}], se=0.3))["a"]
    assert not lively.futile


def test_plan_without_a_rule_finds_nothing_futile() -> None:
    found = standing(looked(plan(), [{"a": 0.0}], se=0.3))["a"]
    assert not found.futile
    assert found.conditional_power is not None


def test_end_gives_stage_wise_answers_by_the_bounds_of_each_hypothesis() -> None:
    look = looked(plan(), [{"a": 1.0}, {"a": 1.5}, {"a": 2.2}])
    found = standing(look)["a"].after_stopping
    z = float(stats.norm.isf(stats.t.sf(2.2, DF)))
    boundary = Boundary.of(bounds(FRACTIONS, 0.05, final=True))
    assert found == Found.of(
        after_stopping(boundary, 3, estimate=2.2 * 0.1, se=2.2 * 0.1 / z, alpha=0.05)
    )


def test_rows_after_a_crossing_count_as_if_it_had_been_the_last_look() -> None:
    look = looked(plan(), [{"a": 3.2}, {"a": 2.9}, {"a": 3.3}])
    found = standing(look)["a"].after_stopping
    assert found is not None
    assert isinstance(found.value, AfterStopping)
    # The first look crossed: nothing but the last is left.
    assert found.value.look == 1
    assert found.value.adjusted.estimate == pytest.approx(0.33)


def test_look_that_goes_on_has_no_stage_wise_answer() -> None:
    assert standing(looked(plan(), [{"a": 1.0}]))["a"].after_stopping is None


def test_only_one_hypothesis_and_its_bounds_alone_make_stage_wise_answers_exact() -> None:
    one = plan(contrasts=small().plan.contrasts[:1])
    several = plan()
    ruled = plan(contrasts=small().plan.contrasts[:1], futility=0.1)
    exact = [looked(each, [{"a": 9.0}]).decision for each in (one, several, ruled)]
    assert [decision.exact for decision in exact if decision] == [True, False, False]
