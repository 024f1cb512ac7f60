"""What is announced of alpha, looks, equivalence and the end, rule by rule."""

from dataclasses import replace
from typing import Any

import pytest

from experiments.design import (
    Contrast,
    Design,
    Direction,
    Equivalence,
    Estimator,
    Family,
    Monitoring,
    Multiplicity,
    Spending,
    StandardErrors,
    Stopping,
)
from experiments.preregistration import preregistration
from experiments.preregistration.claims import sharing, smallest_effect
from experiments.preregistration.looking import sample_size, stopping
from tests.changed import changed
from tests.designs import small
from tests.experiments.test_preregistration import section

P, S, E = Family.PRIMARY, Family.SECONDARY, Family.EXPLORATORY
GRAPH = (
    ", as a graph over the looks (Maurer & Bretz 2013), in which a larger share raises the bounds "
    "of past looks as well"
)
ONE = {"plan.looks": (1.0,)}
ANYTIME = {"plan.monitoring": Monitoring.ANYTIME}
TWO_TESTS = {"plan.equivalence": Equivalence.TWO_ONE_SIDED}
INTERVAL = {"plan.equivalence": Equivalence.REPEATED_INTERVAL}
TOGETHER = {"plan.equivalence_multiplicity": Multiplicity.HOLM}
SMALL = "A primary contrast of two levels is shown to be equivalent, smaller than that,"
SURE = ", which covers with 95% over all looks together, lies within ± 0.3 points"
TESTS = "two one-sided tests (Schuirmann 1987), each at 0.05."
WHO = "Who is in the middle of the survey then may finish, and is reported as overrun."
AFTER = (
    "At the end the p, median-unbiased estimate and interval of each primary contrast of two "
    "levels by the stage-wise ordering (Tsiatis, Rosner & Mehta 1984) stand beside the naive ones; "
    "they are {}, for {} bounds alone say when the study ends."
)


def of(*families: Family, **values: Any) -> Design:
    """The small study with a main effect for each family."""
    contrasts = tuple(
        Contrast(f"c{place}", {"en": "C"}, "reward", "money", "none", family=family)
        for place, family in enumerate(families)
    )
    return replace(small(), plan=replace(small().plan, contrasts=contrasts, **values))


@pytest.mark.parametrize(
    ("spending", "number", "told"),
    [
        (Spending.POCOCK, None, "the Pocock-type function of Lan & DeMets (1983)"),
        (
            Spending.HWANG_SHIH_DECANI,
            -4.0,
            "the function of Hwang, Shih & De Cani (1990) with gamma -4",
        ),
        (Spending.POWER, 2.5, "the power function of Kim & DeMets (1987) with rho 2.5"),
    ],
)
def test_each_spending_function_is_named(
    spending: Spending, number: float | None, told: str
) -> None:
    design = of(P, P, spending=spending, spending_parameter=number)
    assert f"It is spent over the looks by {told}, by the participants" in str(
        sample_size(design, "en")
    )


@pytest.mark.parametrize(
    ("design", "told"),
    [
        (of(P), "Alpha is 0.05, two-sided, over all looks together. "),
        (of(P, S, S), "Alpha is 0.05, two-sided, over all looks together. "),
        (of(P, P), "two-sided, over all looks and all primary contrasts together. "),
        (of(P, P, looks=(1.0,)), "Alpha is 0.05, two-sided, over all primary contrasts together."),
        (of(P, looks=(1.0,)), "once, at that size. Alpha is 0.05, two-sided."),
        (
            of(P, P, multiplicity=Multiplicity.NONE),
            "Alpha is 0.05, two-sided, over all looks together, for each primary contrast. ",
        ),
    ],
)
def test_alpha_is_told_with_what_it_is_over(design: Design, told: str) -> None:
    assert told in " ".join(sample_size(design, "en"))


def test_anytime_monitoring_spends_nothing_at_looks() -> None:
    told = sample_size(of(P, monitoring=Monitoring.ANYTIME), "en")
    assert told[2] == (
        "The data are looked at when 20 (50%) and 40 (100%) are in, in the order of completion. "
        "Alpha is 0.05, two-sided, over all looks together. Tests and intervals hold at all times "
        "together, whenever and for whatever reason somebody looks or stops: asymptotic confidence "
        "sequences (Waudby-Smith et al. 2024), and for interactions the anytime-valid F (Lindon et "
        "al. 2022), narrowest at 40 participants. They spend no alpha at looks."
    )


def test_size_that_is_fixed_anew_says_how() -> None:
    design = of(P, replan_at=0.3, outcome_sd=1.2, most_participants=60)
    assert sample_size(design, "en")[1] == (
        "When 30% of them are in, the size is fixed anew, once: it is multiplied by the square of "
        "the outcome’s standard deviation, pooled without anybody seeing the arms, over that of "
        "1.2, which was counted on. It becomes never smaller, and 60 at most; looks keep their "
        "shares of it."
    )


@pytest.mark.parametrize(
    ("design", "told"),
    [
        (of(P), ""),
        (of(P, E), ""),
        (
            of(P, P, P, looks=(1.0,)),
            "The primary contrasts share alpha by Holm (1979), as a graph (Bretz et al. 2009): "
            "each begins with 1/3 of it, and one that is rejected hands its share to the others in "
            "equal parts.",
        ),
        (
            of(P, P, S),
            f"The primary contrasts share alpha by Holm (1979){GRAPH}: each begins with 1/2 of it, "
            "and one that is rejected hands its share to the others in equal parts. When all "
            "primary contrasts are rejected, alpha goes on to the secondary one; before that it is "
            "not tested.",
        ),
        (
            of(P, S, S),
            "When the primary contrast is rejected, alpha goes on to the secondary ones, which "
            f"share it in the same way{GRAPH}; before that none of them is tested.",
        ),
        (
            of(P, P, S, multiplicity=Multiplicity.NONE),
            "Each primary contrast is tested with all of alpha, as if it were the only one: the "
            "chance that at least one is rejected falsely is larger than alpha. A secondary "
            "contrast has all of alpha too, and counts only once every primary one is rejected.",
        ),
        (
            of(P, S, multiplicity=Multiplicity.NONE),
            "A secondary contrast has all of alpha too, and counts only once the primary one is "
            "rejected.",
        ),
    ],
)
def test_sharing_of_alpha_is_told(design: Design, told: str) -> None:
    assert sharing(design.plan) == told


def test_each_family_stands_under_its_name() -> None:
    tests = section(preregistration(of(P, S, E)), "Contrasts and their tests")
    line = "C (`c{}`): `reward` `money` against `none`, averaged equally over the levels of `voice`"
    assert tests.split("\n\n")[:6] == [
        "Primary contrasts of Willingness (`will`):",
        f"- {line.format(0)}.",
        "Secondary contrasts, tested once every primary one is rejected, of Willingness (`will`):",
        f"- {line.format(1)}.",
        "Exploratory contrasts, never a confirmation, with false discovery rates (Benjamini & "
        "Hochberg 1995), of Willingness (`will`):",
        f"- {line.format(2)}.",
    ]


def test_adjusted_estimate_is_the_announced_test_if_the_plan_says_so() -> None:
    design = of(P, estimator=Estimator.LIN, standard_errors=StandardErrors.HC3)
    text = preregistration(design)
    assert section(text, "Contrasts and their tests").endswith(
        "Contrasts are weighted sums of the arms’ means with HC3 standard errors (MacKinnon & "
        "White 1985), tested by Student’s t with as many degrees of freedom as there are "
        "participants less arms and their slopes. The estimate that is adjusted for the covariates "
        "below is the announced test; the unadjusted one stands beside it."
    )
    assert section(text, "Covariates and associations").startswith(
        "The announced tests are made of estimates adjusted by each arm’s own regression on these"
    )


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (INTERVAL, f"{SMALL} at any look at which its repeated interval{SURE}."),
        (INTERVAL | ONE, f"{SMALL} if its interval of 95% lies within ± 0.3 points."),
        (
            INTERVAL | ANYTIME,
            f"{SMALL} at any look at which its confidence sequence, which covers with 95% at all "
            "times together, lies within ± 0.3 points.",
        ),
        (
            TWO_TESTS,
            f"{SMALL} at a look before the last if its repeated interval{SURE}; at the last, by "
            f"{TESTS} What one look has shown stays shown, and nothing is taken off the tests for "
            "it: in all, an effect at a bound is called smaller somewhat more often than 0.05 of "
            "the time, by at most half of the alpha that the looks before the last have spent.",
        ),
        (TWO_TESTS | ONE, f"{SMALL} if its effect lies within ± 0.3 points by {TESTS}"),
    ],
)
def test_each_way_to_show_equivalence_is_told(values: dict[str, Any], told: str) -> None:
    assert smallest_effect(changed(of(P), values), "en") == [
        "0.3 points of Willingness (`will`). The points are fixed before the data, whatever "
        "standard deviation these have.",
        told,
    ]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (TWO_TESTS, "Each of these claims keeps that error; they are not corrected for their"),
        (INTERVAL | TOGETHER, "All claims together keep that error: intervals at 1/2 of alpha"),
        (TWO_TESTS | TOGETHER | ONE, "The tests of all of them share their alpha by Holm (1979)."),
        (
            TWO_TESTS | TOGETHER,
            "They share their error: intervals at 1/2 of alpha each, and the tests at the last "
            "look by Holm (1979).",
        ),
    ],
)
def test_several_claims_of_equivalence_say_what_error_they_keep(
    values: dict[str, Any], told: str
) -> None:
    assert told in smallest_effect(changed(of(P, P, S), values), "en")[1]


def test_smallest_effect_is_told_in_standard_deviations_too() -> None:
    design = of(P, outcome_sd=1.5)
    assert smallest_effect(design, "en")[0] == (
        "0.3 points of Willingness (`will`): 0.2 of the standard deviation of 1.5 that is counted "
        "on."
    )


def test_end_of_one_contrast_by_its_bounds_alone_is_told() -> None:
    assert stopping(of(P), "en") == [
        "All arms go on until the primary contrast is rejected, or the last look was made.",
        "- To end then is what the look’s report recommends; people decide.\n"
        f"- {WHO}\n- {AFTER.format('exact', 'its')}",
    ]


def test_every_rule_that_ends_the_study_is_told() -> None:
    design = of(
        P,
        P,
        futility=0.1,
        harm_level=0.005,
        harm_direction=Direction.HIGHER,
        stopping=Stopping.PAUSE,
        equivalence=Equivalence.TWO_ONE_SIDED,
    )
    contrasts = (*design.plan.contrasts, small().plan.contrasts[1])
    plan = replace(design.plan, contrasts=contrasts)
    assert stopping(replace(design, plan=plan), "en") == [
        "No look ends the study because one contrast is rejected. All arms go on until every "
        "primary contrast is rejected, shown to be equivalent or futile, or the last look was "
        "made.",
        "- An interaction can only be rejected; it is called neither equivalent nor futile.\n"
        "- A primary contrast is futile at a look if it would be rejected at a later one with a "
        "chance below 10%, were its effect as large as the smallest of interest, in the direction "
        "in which that is likelier (conditional power; Lan & Wittes 1988). Bounds do not count on "
        "it: a study that goes on all the same keeps its error.\n"
        "- Whatever else holds, a look ends the study for harm if a primary contrast of two levels "
        "is above zero with a one-sided p of 0.005 or less, not corrected for looks or contrasts.\n"
        "- The look then pauses the study by itself, so that nobody new enters.\n"
        f"- {WHO}\n- {AFTER.format('approximate', 'not its')}",
    ]


def test_end_under_anytime_monitoring_has_no_last_look() -> None:
    told = stopping(changed(of(P), ANYTIME | ONE), "en")
    assert told == [
        "All arms go on until the primary contrast is rejected, or the sample size is reached.",
        f"- To end then is what the look’s report recommends; people decide.\n- {WHO}",
    ]


def test_plan_of_one_look_ends_at_it() -> None:
    assert stopping(changed(small(), ONE), "en") == []


def test_one_answer_that_is_the_outcome_is_said_to_be_it() -> None:
    told = section(preregistration(changed(small(), {"plan.outcome": "will1"})), "Measures")
    assert "`will1` “Statement will1” (likert; page `opinion`; the primary outcome)." in told
