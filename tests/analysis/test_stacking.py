"""Vignettes as rows."""

from dataclasses import replace

import numpy as np

from analysis.contrast_results import contrast_results
from analysis.contrasts import plan_contrasts
from analysis.dataset import Dataset
from analysis.estimation import (
    arm_means,
    check_results,
    scale_results,
    without_arm,
)
from analysis.found import Found
from analysis.monitoring import Monitor
from analysis.results import CheckShare
from analysis.stacking import judged_deck, stacked
from analysis.statistics.estimate import NotEstimable, Reason
from experiments.design import Design
from tests.analysis.judging import cards, dealt, judged
from tests.decks import deck_design
from tests.designs import small

DESIGN = deck_design()


def of(places: range, design: Design = DESIGN) -> Dataset:
    return stacked(design, [judged(at) for at in places], [dealt(at) for at in places])


def test_each_vignette_is_a_row_under_the_written_codes() -> None:
    data = of(range(1))
    once = {code: judged(0)[code] for code in ("gender", "education", "motive1", "motive2")}
    own = ("will1", "will2", "noticed", "comment")
    assert data.answers == [
        {**once, "attention": "2", **{code: judged(0)[f"{code}_{draw}"] for code in own}}
        for draw in (1, 2)
    ]
    assert data.assignments == [
        {
            "deck": {
                **dealt(0)[f"deck_{draw}"],
                "levels": dict(zip(("reward", "voice"), arm.split("."), strict=True)),
            }
        }
        for draw, arm in enumerate(cards(0), start=1)
    ]
    assert (data.n, data.vignettes) == (1, 2)
    assert data.arms("deck").tolist() == list(cards(0))


def test_draws_that_nobody_came_to_are_no_rows() -> None:
    short = {code: answer for code, answer in judged(0).items() if not code.endswith("_2")}
    data = stacked(DESIGN, [short, judged(1), {}], [dealt(0), dealt(1), {}])
    assert data.stack is not None
    assert (data.n, data.vignettes, data.stack.of) == (3, 3, (0, 1, 1))
    assert without_arm(data) == {"deck": 1}


def test_vignettes_of_a_participant_are_a_cluster_within_that_of_another_randomisation() -> None:
    clusters = of(range(3)).clusters(DESIGN.randomisations[0])
    assert clusters is not None
    assert clusters.tolist() == ["0", "0", "1", "1", "2", "2"]
    (deck,) = DESIGN.randomisations
    school = replace(small().randomisations[0], code="main", cluster="school")
    design = replace(DESIGN, randomisations=(deck, school))
    given = [
        {**dealt(at), "main": {"arm": "x", "levels": {}, "cluster": code}}
        for at, code in enumerate("uvu")
    ]
    data = stacked(design, [judged(at) for at in range(3)], given)
    for step in design.randomisations:
        tied = data.clusters(step)
        assert tied is not None
        assert [tied.tolist().index(each) for each in tied] == [0, 0, 2, 2, 0, 0]


def test_rows_are_participants_where_the_outcome_is_asked_once() -> None:
    assert stacked(small(), [{}], [{}]).stack is None
    design = replace(DESIGN, plan=replace(DESIGN.plan, outcome="motive", covariates=()))
    assert judged_deck(design) is None
    data = of(range(8), design)
    assert (data.n, data.vignettes, data.steps) == (8, None, ())
    means, _ = arm_means(data)
    monitor = Monitor(design.plan, (1.0,), (1,), final=True, size=8)
    (found,) = contrast_results(data, means, monitor)
    why = NotEstimable(Reason.NO_ROWS, "The outcome is not asked for each vignette of deck.")
    assert (means, found.rows[0].unadjusted, found.crossed) == ({}, Found(why_not=why), None)


def test_scales_of_vignettes_are_of_each_participants_first() -> None:
    data = of(range(30))
    found = {each.code: each.reliability.value for each in scale_results(data)}
    assert {code: value.n for code, value in found.items() if value} == dict.fromkeys(found, 30)
    first = data.once("will")
    np.testing.assert_array_equal(first.outcome, data.outcome[::2])
    assert data.once("motive").assignments == [dealt(at) for at in range(30)]


def test_checks_count_the_vignettes_that_they_were_asked_for() -> None:
    data = of(range(12))
    (found,) = check_results(data)
    levels = [level.code for level in data.design.factor("reward").levels]
    shown = [levels[at] for at in data.levels("reward", levels)]
    said = [row["noticed"] for row in data.answers]
    assert found.shares.value == tuple(
        CheckShare(
            level,
            shown.count(level),
            sum(a == b == level for a, b in zip(shown, said, strict=True)),
        )
        for level in ("none", "money")
    )


def test_contrasts_are_those_of_the_written_design() -> None:
    (contrast,) = plan_contrasts(DESIGN)
    assert (contrast.randomisation, contrast.weights) == ("deck", ((-0.5, -0.5, 0.5, 0.5),))
