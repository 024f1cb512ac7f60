"""What a plan can reach: the numbers that the shipped study announces, and where there are none."""

from dataclasses import replace
from math import sqrt
from pathlib import Path
from typing import Any

import pytest

from analysis.reach import Assumed, Reach, reach
from analysis.reach_rules import Levels, Moment, Part, Share
from analysis.reach_track import Chances, NilChances, NilLook, Track
from analysis.statistics.estimate import NotEstimable, Reason
from experiments.design import (
    Arm,
    Design,
    Equivalence,
    Family,
    Monitoring,
    Multiplicity,
    Spending,
)
from experiments.studyfile import parse
from tests.analysis.statistics.near import near
from tests.decks import deck_design
from tests.designs import small

# Figures with three digits.
ROUNDED = 1e-3
SD = 1.3


def shipped(**plan: Any) -> Design:
    """The shipped study, its three main effects primary, with the SD that its texts name."""
    design = parse(Path("studies/coproduction.yaml").read_bytes()).design
    assert design is not None
    contrasts = tuple(
        replace(c, family=Family.SECONDARY if c.interaction else Family.PRIMARY)
        for c in design.plan.contrasts
    )
    settled = {"outcome_sd": SD, "smallest_effect": 0.26, "contrasts": contrasts, **plan}
    return replace(design, plan=replace(design.plan, **settled))


def tracks(found: Reach, row: int = 0) -> tuple[Track, ...]:
    told = found.rows[row].tracks
    assert isinstance(told, tuple)
    return told


def chances(track: Track) -> Chances:
    assert isinstance(track.chances, Chances)
    return track.chances


def test_reward_of_the_shipped_study_reaches_what_its_plan_says() -> None:
    found = reach(shipped())
    alone, shared = tracks(found)
    first, second, last = alone.looks
    legitimacy = nil(tracks(found, 2)[0])
    assert legitimacy.wrong == near(0.0510, rel=ROUNDED)
    assert found.moments == (Moment(0.5, 649, 649), Moment(0.75, 973, 973), Moment(1, 1297, 1297))
    assert found.rows[0].cells == tuple((near(n / 6),) * 4 for n in (649, 973, 1297))
    assert found.smallest == near(0.2)
    # Equivalence can't come at the first look: its interval is wider than the bounds.
    assert first.nil == NilLook(half=near(0.2849, rel=ROUNDED), alone=0, by=0)
    assert second.half < 0.2 < shared.looks[1].half
    # 65 % by the interval of the last look, 66 % by that of any, 80 % by two one-sided tests.
    assert chances(alone) == Chances(
        power=near(0.830, rel=ROUNDED),
        single_power=near(0.837, rel=ROUNDED),
        fraction=near(0.808, rel=ROUNDED),
        nil=NilChances(
            last=near(0.646, rel=ROUNDED),
            any=near(0.656, rel=ROUNDED),
            tests=near(0.805, rel=ROUNDED),
            either=near(0.807, rel=ROUNDED),
            # Nothing is taken off the tests at .05 for the intervals at the looks before.
            wrong=near(0.0509, rel=ROUNDED),
        ),
    )
    assert last.found_by == chances(alone).power
    # The plan does not correct equivalence, so it has all of alpha where differences have a part.
    assert shared.share == Share(Part.FIRST, 0.05 / 3, Levels(0.05, 0.05))
    assert chances(shared).nil == chances(alone).nil
    assert [look.nil for look in shared.looks] == [look.nil for look in alone.looks]


def test_rule_of_the_shipped_study_is_that_of_its_spending() -> None:
    rule = tracks(reach(shipped()))[0].rule
    # As in tests/analysis/statistics/test_sequential.py, against gsDesign.
    assert rule.z == (near(2.9626, rel=1e-4), near(2.3590, rel=1e-4), near(2.0141, rel=1e-4))
    assert rule.nominal_p[0] == near(0.00305, rel=ROUNDED)
    assert (rule.inflation, rule.nil) == (near(1.0196, rel=1e-4), near(0.99441, rel=1e-4))


def nil(track: Track) -> NilChances:
    found = chances(track).nil
    assert found is not None
    return found


def test_equivalence_has_its_part_of_alpha_if_the_plan_corrects_it() -> None:
    found = reach(shipped(equivalence_multiplicity=Multiplicity.HOLM))
    alone, shared = tracks(found)
    # Intervals never hand their alpha on, the tests at the end do.
    assert (alone.share.nil, shared.share.nil) == (
        Levels(0.05 / 3, 0.05),
        Levels(0.05 / 3, 0.05 / 3),
    )
    assert alone.looks[-1].nil == shared.looks[-1].nil
    assert nil(alone).last == nil(shared).last == near(0.392, rel=ROUNDED)
    assert nil(shared).tests == near(0.583, rel=ROUNDED)
    assert nil(alone).tests == near(0.805, rel=ROUNDED)


def test_equivalence_starts_with_its_part_also_where_differences_have_all_of_alpha() -> None:
    none = Multiplicity.NONE
    found = reach(shipped(multiplicity=none, equivalence_multiplicity=Multiplicity.HOLM))
    assert [track.share for track in tracks(found)] == [
        Share(Part.ALL, 0.05, Levels(0.05 / 3, 0.05)),
        Share(Part.FIRST, 0.05, Levels(0.05 / 3, 0.05 / 3)),
    ]


def test_equivalence_is_left_out_where_the_plan_does_not_test_it() -> None:
    found = reach(shipped())
    # The interaction's rows are secondary, and would not be tested if they were primary either.
    assert [tracks(found, row)[0].share.nil is None for row in range(5)] == [False] * 3 + [True] * 2
    assert (chances(tracks(found, 3)[0]).nil, tracks(found, 3)[0].looks[0].nil) == (None, None)
    primary = tuple(replace(c, family=Family.PRIMARY) for c in shipped().plan.contrasts)
    holm = Multiplicity.HOLM
    together = reach(shipped(contrasts=primary, equivalence_multiplicity=holm))
    # Four share alpha, three are tested for equivalence.
    assert [track.share for track in tracks(together)] == [
        Share(Part.ALL, 0.05, Levels(0.05 / 3, 0.05)),
        Share(Part.FIRST, 0.05 / 4, Levels(0.05 / 3, 0.05 / 3)),
    ]
    assert tracks(together, 3)[0].share.nil is None
    assert tracks(reach(shipped(equivalence=Equivalence.NONE)))[0].share.nil is None


def test_families_start_with_their_own_parts() -> None:
    found = reach(shipped())
    # Secondary ones are one hypothesis, though it has two rows.
    assert [len(tracks(found, row)) for row in range(5)] == [2, 2, 2, 1, 1]
    single = reach(shipped(multiplicity=Multiplicity.NONE))
    assert [len(tracks(single, row)) for row in range(5)] == [1, 1, 1, 1, 1]


def test_contrasts_of_the_same_precision_have_the_same_numbers() -> None:
    found = reach(shipped())
    assert found.rows[0].tracks is found.rows[1].tracks
    assert found.rows[3].tracks is found.rows[4].tracks
    assert tracks(found, 2)[0].looks[0].half < tracks(found)[0].looks[0].half


def test_covariates_and_design_effect_scale_the_errors() -> None:
    plain = tracks(reach(shipped()))[0].looks
    changed = tracks(reach(shipped(), Assumed(r2=0.36, deff=4)))[0].looks
    assert [look.half for look in changed] == [near(look.half * 0.8 * 2) for look in plain]


def test_standard_deviation_that_is_assumed_takes_the_place_of_the_declared_one() -> None:
    assert reach(shipped(), Assumed(sd=2.6)).smallest == near(0.1)


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        ({"outcome_sd": None}, Reason.NO_OUTCOME_SD),
        ({"smallest_effect": None}, Reason.NO_SMALLEST_EFFECT),
    ],
)
def test_what_the_plan_does_not_declare_is_a_reason(plan: dict[str, Any], why: Reason) -> None:
    track = tracks(reach(shipped(**plan)))[0]
    expected = NotEstimable(why, "The plan does not declare it.")
    assert track.chances == expected
    assert track.looks[0].found_by == expected
    assert track.looks[0].nil == NilLook(near(0.2849, rel=ROUNDED), expected, expected)


def test_look_that_has_no_alpha_to_spend_is_a_reason() -> None:
    found = reach(shipped(looks=(0.0001, 1.0)))
    told = found.rows[0].tracks
    assert isinstance(told, NotEstimable)
    assert told.reason is Reason.OUT_OF_REACH
    assert found.curves == told


def test_anytime_plan_is_shown_at_quarters_with_its_confidence_sequence() -> None:
    rule = Equivalence.REPEATED_INTERVAL
    found = reach(shipped(monitoring=Monitoring.ANYTIME, equivalence=rule))
    assert [moment.size for moment in found.moments] == [325, 649, 973, 1297]
    halves = [look.half for look in tracks(found)[0].looks]
    # The margin at 1297 rows of a sequence tuned for 500, in docs/statistics.md, is near the least.
    assert halves == sorted(halves, reverse=True)
    assert halves[-1] == near(0.0857 * sqrt(6), rel=0.02)
    # There is no end at which two one-sided tests could be made.
    ended = nil(tracks(found)[0])
    assert (ended.tests, ended.either, ended.wrong) == (None, None, None)


def test_power_curves_rise_from_the_error_to_one() -> None:
    curves = reach(shipped()).curves
    assert isinstance(curves, tuple)
    assert [curve[0] for curve in curves] == [
        pytest.approx(spent, abs=1e-4) for spent in (0.001525, 0.009649, 0.025)
    ]
    assert curves[-1][-1] > 0.999


def test_other_spending_is_used() -> None:
    pocock = tracks(reach(shipped(spending=Spending.POCOCK)))[0].rule
    power = tracks(reach(shipped(spending=Spending.POWER, spending_parameter=3.0)))[0].rule
    assert pocock.z[0] < power.z[0] < 2.97


def test_vignettes_of_a_deck_are_rows_and_are_told_as_dependent() -> None:
    found = reach(deck_design())
    assert [moment.rows // moment.size for moment in found.moments] == [2] * len(found.moments)
    assert found.clustered == ("deck",)


def test_arms_are_expected_by_their_weights() -> None:
    design = small()
    step = design.randomisations[0]
    arms = (Arm(step.arms[0].levels, 3), *step.arms[1:])
    found = reach(replace(design, randomisations=(replace(step, arms=arms, block_sizes=()),)))
    assert max(found.rows[0].cells[-1]) == near(3 * min(found.rows[0].cells[-1]))


@pytest.mark.parametrize("wrong", [{"r2": 0.96}, {"r2": -0.1}, {"deff": 0.5}, {"sd": 0.0}])
def test_assumptions_outside_their_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"lies between|is above"):
        Assumed(**wrong)
