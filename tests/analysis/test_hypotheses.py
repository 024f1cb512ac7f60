"""How contrasts share alpha over looks, and what a look recommends."""

from dataclasses import replace

import pytest

from analysis.decision import Action, Hypothesis, recommended
from analysis.found import Found
from analysis.hypotheses import completed, decide
from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.graphs import gatekeeping
from analysis.statistics.graphs_over_looks import graph_over_looks
from analysis.statistics.sequential import bounds
from experiments.design import Direction, Family, Monitoring, Multiplicity
from tests.analysis.deciding import FRACTIONS, contrast, looked, monitor, plan, standing

PATHS = [
    {"a": 2.0, "b": 2.6, "c": 1.0, "d": 3.5},
    {"a": 2.2, "b": 2.7, "c": 1.2, "d": 3.6},
    {"a": 3.1, "b": 2.2, "c": 2.1, "d": 3.7},
]
GATED = {"d": Family.SECONDARY}


def test_contrasts_share_alpha_by_the_graph_of_maurer_and_bretz() -> None:
    found = standing(looked(plan(), PATHS, families=GATED))
    p = [[contrast("x", z, monitor(plan(), 3)).p for z in look.values()] for look in PATHS]
    expected = graph_over_looks(
        gatekeeping(["a", "b", "c"], ["d"]),
        [[each.value for each in look if each and each.value is not None] for look in p],
        FRACTIONS,
        lambda alpha, so_far: [each.nominal_p for each in bounds(so_far, alpha)],
    )
    assert [
        (each.contrast, each.rejected_at, each.crossed_at, each.adjusted_p, each.alpha)
        for each in found.values()
    ] == [
        (each.hypothesis, each.rejected_at, each.crossed_at, Found(each.adjusted_p), each.alpha)
        for each in expected.hypotheses
    ]
    # What a rejects at the end is b's, whose p of the second look is then enough, and c's.
    assert [found[code].rejected_at for code in "abcd"] == [3, 3, 3, 3]
    assert (found["a"].crossed_at, found["b"].crossed_at, found["d"].crossed_at) == (3, 2, 1)


def test_secondary_contrast_waits_until_every_primary_one_is_rejected() -> None:
    found = standing(looked(plan(), PATHS[:2], families=GATED))
    assert (found["d"].alpha, found["d"].level, found["d"].rejected_at) == (0.0, None, None)
    assert found["a"].alpha == pytest.approx(0.05 / 3)


def test_contrasts_that_share_nothing_have_all_of_alpha_and_the_gate_holds_still() -> None:
    alone = plan(multiplicity=Multiplicity.NONE)
    found = standing(looked(alone, PATHS, families=GATED))
    assert {code: each.alpha for code, each in found.items()} == dict.fromkeys("abcd", 0.05)
    assert [found[code].rejected_at for code in "abcd"] == [3, 2, 3, 3]
    closed = standing(looked(alone, PATHS[:2], families=GATED))
    assert closed["d"] == Hypothesis("d", Family.SECONDARY, adjusted_p=closed["d"].adjusted_p)


def test_exploratory_contrasts_have_rates_of_false_discovery_and_no_decision() -> None:
    families = {"c": Family.EXPLORATORY, "d": Family.EXPLORATORY}
    look = looked(plan(), PATHS[:1], families=families)
    found = standing(look)
    c, d = (each.p for each in look.contrasts[2:])
    assert c
    assert d
    assert d.value is not None
    assert found["d"] == Hypothesis("d", Family.EXPLORATORY, adjusted_p=Found(2 * d.value))
    assert found["c"].adjusted_p == c


def test_contrast_without_a_p_keeps_its_reason_and_its_share() -> None:
    why = NotEstimable(Reason.TOO_FEW_ROWS, "One row.")
    at = monitor(plan(), 1)
    lost = replace(contrast("b", 0.0, at), p=Found(why_not=why), crossed=None)
    contrasts = (contrast("a", 9.0, at), lost)
    decision = completed(decide(contrasts, at, []), contrasts, at, [])
    first, second = decision.hypotheses
    assert (first.rejected_at, first.alpha) == (1, 0.025)
    assert (second.rejected_at, second.alpha) == (None, 0.05)
    assert second.adjusted_p == Found(why_not=why)
    assert decision.action is Action.CONTINUE


def test_look_too_early_for_a_tiny_alpha_has_no_level_for_it() -> None:
    early = replace(plan(), looks=(0.03, 1.0))
    assert monitor(early, 1).levels(1e-12, (0.03,)) == [0.0]
    found = standing(looked(early, [{"a": 7.3, "b": 0.2}]))
    assert [each.rejected_at for each in found.values()] == [None, None]
    assert found["b"].adjusted_p == Found(1.0)


def test_estimates_that_hold_at_any_time_spend_no_alpha_at_looks() -> None:
    always = plan(monitoring=Monitoring.ANYTIME)
    at = monitor(always, 3)
    assert (at.bounds, at.level(0.02), at.levels(0.02, FRACTIONS)) == ((), 0.02, [0.02] * 3)
    # Fewer participants than a look before spend nothing twice: there is nothing to spend.
    assert at.levels(0.02, (0.5, 1.0, 1.2)) == [0.02] * 3
    found = standing(looked(always, PATHS, families=GATED))
    assert {code: found[code].rejected_at for code in "abcd"} == dict.fromkeys("abcd")
    # The graph tests by the least p so far, which is a's at the last look.
    last = contrast("a", PATHS[-1]["a"], at).p
    assert last is not None
    assert last.value is not None
    assert found["a"].adjusted_p == Found(min(1.0, 3 * last.value))


def test_p_that_holds_at_any_time_rejects_at_the_first_look_that_has_it() -> None:
    always = plan(monitoring=Monitoring.ANYTIME)
    look = looked(always, [{"a": 8.3}, {"a": 1.0}])
    p = contrast("a", 8.3, monitor(always, 1)).p
    assert p is not None
    assert p.value is not None
    # Above the level that bounds would have asked for at half of the rows.
    assert 0.0031 < p.value <= 0.05
    a = standing(look)["a"]
    assert (a.rejected_at, a.crossed_at, a.level) == (1, 1, 0.05)
    assert a.adjusted_p is not None
    assert a.adjusted_p.value == pytest.approx(p.value, rel=1e-9)  # the search's digits


@pytest.mark.parametrize(
    ("direction", "z", "harmful"),
    [
        (Direction.LOWER, -2.4, True),
        (Direction.LOWER, -2.2, False),
        (Direction.LOWER, 5.0, False),
        (Direction.HIGHER, 2.4, True),
    ],
)
def test_effect_in_the_harmful_direction_stops(
    direction: Direction, z: float, *, harmful: bool
) -> None:
    guarded = plan(harm_level=0.01, harm_direction=direction)
    look = looked(guarded, [{"a": z, "b": 0.0}])
    assert standing(look)["a"].harmful is harmful
    assert look.decision is not None
    assert look.decision.action is (Action.HARM if harmful else Action.CONTINUE)


def hypothesis(**more: object) -> Hypothesis:
    return replace(Hypothesis("x", Family.PRIMARY), **more)  # type: ignore[arg-type]


REJECTED, EQUIVALENT = hypothesis(rejected_at=1), hypothesis(equivalent_at=1)
FUTILE, OPEN = hypothesis(futile=True), hypothesis()


@pytest.mark.parametrize(
    ("hypotheses", "action"),
    [
        ((REJECTED, OPEN), Action.CONTINUE),
        ((REJECTED, EQUIVALENT, FUTILE), Action.EFFICACY),
        ((EQUIVALENT, FUTILE), Action.EQUIVALENCE),
        ((FUTILE, FUTILE), Action.FUTILITY),
        ((REJECTED, hypothesis(harmful=True)), Action.HARM),
        ((REJECTED, replace(OPEN, family=Family.SECONDARY)), Action.EFFICACY),
    ],
)
def test_study_stops_when_every_primary_hypothesis_is_decided_or_futile(
    hypotheses: tuple[Hypothesis, ...], action: Action
) -> None:
    assert recommended(hypotheses, final=False) is action


def test_last_look_stops_nothing() -> None:
    assert recommended((REJECTED, OPEN), final=True) is Action.END


def test_look_of_before_there_were_decisions_counts_by_its_nominal_p() -> None:
    at = monitor(plan(), 1)
    old = replace(contrast("a", 4.0, at), p=None)
    (found,) = decide((old,), at, []).hypotheses
    assert found.rejected_at == 1
