"""Power by n: R's numbers, and where there are none."""

import json
from dataclasses import replace
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from analysis.power.analytic import Answer, Asked, PowerByN, power_by_n
from analysis.reach import Assumed
from analysis.reach_track import Number
from analysis.statistics.estimate import NotEstimable, Reason
from experiments.design import Arm, Design, Estimator, Family, Monitoring, Multiplicity
from tests.analysis.statistics.near import near
from tests.analysis.test_reach import shipped
from tests.designs import small

R = json.loads((Path(__file__).parents[2] / "reference" / "power_r.json").read_text())
# Sums of R's noncentral t end at 1e-12; rpact's bounds are within 1e-7 on the z scale.
R_TOLERANCE, RPACT_TOLERANCE = 1e-8, 1e-7


def two_arms(**plan: Any) -> Design:
    """A study of one factor with two levels, the outcome's SD being 1."""
    design = small()
    step = replace(
        design.randomisations[0], factors=("reward",), arms=(Arm(("none",)), Arm(("money",)))
    )
    settled = {
        "contrasts": design.plan.contrasts[:1],
        "looks": (1.0,),
        "outcome_sd": 1.0,
        "covariates": (),
        **plan,
    }
    return replace(
        design,
        factors=design.factors[:1],
        randomisations=(step,),
        plan=replace(design.plan, **settled),
    )


def answers(told: PowerByN, code: str) -> tuple[Answer, ...]:
    found = told.answers[code]
    assert isinstance(found, tuple)
    return found


def number(value: Number) -> float:
    assert isinstance(value, float)
    return value


@pytest.mark.parametrize("case", R["one"], ids=lambda case: f"{case['alpha']}")
def test_one_look_has_the_power_of_the_t_test(case: dict[str, Any]) -> None:
    design = two_arms(alpha=case["alpha"], sample_size=40)
    asked = Asked(case["n"], power=0.95, effect=case["effect"])
    (found,) = answers(power_by_n(design, Assumed(), asked), "money_vs_none")
    assert (asked.powers, found.sizes) == (
        tuple(case["powers"]),
        tuple(ceil(size) for size in case["sizes"]),
    )
    assert found.power == near(case["power"], rel=R_TOLERANCE)
    for ours, theirs in zip(found.detectable, case["detectable"], strict=True):
        assert ours == near(theirs, rel=R_TOLERANCE)


@pytest.mark.parametrize("case", R["several"], ids=lambda case: f"{case['alpha']:.3f}")
def test_several_looks_have_the_power_that_rpact_finds(case: dict[str, Any]) -> None:
    design = shipped(multiplicity=Multiplicity.NONE, alpha=case["alpha"])
    told = power_by_n(design, Assumed(), Asked(case["n"]))
    (found,) = answers(told, "monetary_vs_none")
    assert found.power == near(case["power"], rel=RPACT_TOLERANCE)
    assert found.sizes == tuple(ceil(size) for size in case["sizes"])


def test_shipped_plan_is_told_at_both_ends_of_holm_and_by_n() -> None:
    told = power_by_n(shipped(), Assumed(), Asked(1297, power=0.9))
    best, worst = answers(told, "legitimacy_high_vs_low")
    assert (best.sizes, worst.sizes) == ((801, 1070), (1059, 1366))
    assert list(told.answers) == [
        "monetary_vs_none",
        "nonmonetary_vs_none",
        "legitimacy_high_vs_low",
    ]
    assert told.points == (*range(200, 2600, 200),)
    curve = [each for each in worst.curve if isinstance(each, float)]
    assert curve == sorted(curve)
    at = told.points.index(1000)
    again = power_by_n(shipped(), Assumed(), Asked(1000))
    assert answers(again, "legitimacy_high_vs_low")[1].power == near(curve[at], rel=1e-9)


def test_what_is_assumed_and_a_larger_effect_make_it_easier() -> None:
    plain, explained = (
        answers(power_by_n(shipped(), Assumed(r2=r2), Asked(1297)), "monetary_vs_none")[0]
        for r2 in (0.0, 0.36)
    )
    assert explained.detectable[0] == near(0.8 * number(plain.detectable[0]), rel=1e-9)
    doubled = power_by_n(shipped(), Assumed(), Asked(1297, effect=0.52))
    assert answers(doubled, "monetary_vs_none")[0].sizes == (301, 402)


def test_covariates_of_an_adjusted_test_take_degrees_of_freedom() -> None:
    asked = Asked(16, effect=1.0)
    designs = (two_arms(estimator=how, covariates=("motive",)) for how in Estimator)
    plain, adjusted = (
        answers(power_by_n(design, Assumed(), asked), "money_vs_none")[0] for design in designs
    )
    assert number(plain.power) > number(adjusted.power)


def test_nothing_is_told_of_what_is_not_known() -> None:
    nothing = power_by_n(small(), Assumed(), Asked(40))
    (found, _) = answers(nothing, "money_vs_none")
    assert isinstance(found.power, NotEstimable)
    assert found.power.reason is Reason.NO_OUTCOME_SD
    assert found.sizes == (found.power, found.power)
    assert isinstance(found.detectable[0], float)
    tiny = power_by_n(two_arms(), Assumed(), Asked(40, effect=1e-5))
    (found,) = answers(tiny, "money_vs_none")
    assert [each.reason for each in found.sizes if isinstance(each, NotEstimable)] == [
        Reason.OUT_OF_REACH
    ] * 2


def test_interaction_of_several_rows_is_left_to_the_simulation() -> None:
    design = shipped()
    contrasts = tuple(replace(each, family=Family.PRIMARY) for each in design.plan.contrasts)
    told = power_by_n(shipped(contrasts=contrasts), Assumed(), Asked(1297))
    assert (told.together, "reward_by_legitimacy" in told.answers) == (
        ("reward_by_legitimacy",),
        False,
    )


def test_plan_that_may_be_read_at_any_time_needs_more() -> None:
    asked = Asked(1297)
    looks, anytime = (
        answers(power_by_n(shipped(monitoring=how), Assumed(), asked), "monetary_vs_none")[0]
        for how in Monitoring
    )
    assert number(anytime.power) < number(looks.power)
