"""Drawn studies: arms of the real lists, answers that the look's own code reads."""

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analysis.dataset import Dataset
from analysis.power.assumptions import (
    Assumptions,
    Hindrance,
    Obstacle,
    effect_levels,
    hindrances,
    prognostic,
    true_contrasts,
)
from analysis.power.instrument import Lacking, UnreachableError
from analysis.power.population import Population
from analysis.power.sample import Sample
from analysis.power.simulating import simulated_design
from analysis.stacking import stacked
from experiments.answers import Answers
from experiments.design import Design, Item, ItemKind, Measure, Method, Parameter
from experiments.expansion import repeated_items
from responses.ledger.drawing import levels_of
from tests.analysis.test_reach import shipped
from tests.changed import changed
from tests.decks import deck_design
from tests.designs import both, small

ASSUMED = Assumptions(n=60, mean=4.0, sd=1.3, effects={"reward.money": 0.5})


def drawn(design: Design, number: int = 3, **assumed: Any) -> Sample:
    stated = replace(ASSUMED, **assumed)
    return Population(simulated_design(design, stated), stated).draw(11, number)


def schools(names: tuple[str, ...]) -> Design:
    """The small study assigned by schools, in blocks of four of them."""
    return changed(
        small(),
        {
            "parameters": (Parameter("school", "school", required=True, values=names),),
            "randomisations[0].cluster": "school",
            "randomisations[0].strata": (),
            "randomisations[0].block_sizes": (4,),
        },
    )


def as_stored(data: Dataset) -> tuple[list[Answers], list[dict[str, Any]]]:
    """What participants hold who judged the two vignettes of each of these pairs of rows."""
    step = deck_design().randomisations[0]
    judged = {item.code for item in repeated_items(data.design, "deck")}
    answers: list[Answers] = []
    held: list[dict[str, Any]] = []
    for first in range(0, len(data.answers), 2):
        given: dict[str, Any] = {}
        arms: dict[str, Any] = {}
        for draw in (1, 2):
            row = data.answers[first + draw - 1]
            arm = data.assignments[first + draw - 1]["deck"]["arm"]
            given |= {f"{c}_{draw}" if c in judged else c: value for c, value in row.items()}
            arms[f"deck_{draw}"] = {"arm": arm, "levels": levels_of(step, arm, draw)}
        answers.append(given)
        held.append(arms)
    return answers, held


def with_outcome(item: Item) -> Design:
    """The small study with a single item as its outcome."""
    design = small()
    *before, opinion, end = design.pages
    pages = (*before, replace(opinion, items=(*opinion.items, item)), end)
    return replace(design, pages=pages, plan=replace(design.plan, outcome=item.code))


def test_study_of_a_number_is_the_same_whatever_was_drawn_before() -> None:
    design = small()
    first, again, other = drawn(design, 3), drawn(design, 3), drawn(design, 4)
    assert dict(first.first(60).told[0]) == dict(again.first(60).told[0])
    np.testing.assert_array_equal(first.first(60).outcome, again.first(60).outcome)
    assert first.first(60).outcome.tolist() != other.first(60).outcome.tolist()
    np.testing.assert_array_equal(first.first(20).outcome, first.first(60).outcome[:20])


def test_drawn_columns_are_read_as_answers_are() -> None:
    sample = drawn(small(), slopes={"motive": 0.6})
    data = sample.first(60)
    answers = [dict(row) for row in data.told]
    held = [{"main": dict(row["main"])} for row in data.held]
    read = Dataset(data.design, answers, held)
    np.testing.assert_array_equal(read.outcome, data.outcome)
    assert read.arms("main").tolist() == data.arms("main").tolist()
    # motive2 is reversed: what is answered goes against what is scored.
    first, second = (data.scale("motive")[:, at] for at in (0, 1))
    assert np.corrcoef(first, second)[0, 1] > 0.3
    stated = [float(answer["motive2"]) for answer in answers]
    assert stated == (6 - second).tolist()
    assert np.corrcoef(data.columns(["motive"])["motive"], data.outcome)[0, 1] > 0.2


def test_arms_come_from_the_studys_own_lists_in_each_stratum() -> None:
    data = drawn(small(), n=400).first(400)
    arms, strata = data.arms("main"), [row["gender"] for row in data.told]
    assert set(strata) == {"woman", "man"}
    for stratum in set(strata):
        here = Counter(arm for arm, own in zip(arms, strata, strict=True) if own == stratum)
        # Blocks of four and eight: two at most are lacking of any arm.
        assert max(here.values()) - min(here.values()) <= 2


def test_minimisation_and_simple_lists_are_drawn_too() -> None:
    design = small()
    step = design.randomisations[0]
    minimised = replace(step, method=Method.MINIMISATION, strata=(), covariates=("gender",))
    simple = replace(step, method=Method.SIMPLE, strata=(), block_sizes=())
    counts = [
        Counter(drawn(replace(design, randomisations=(each,))).first(60).arms("main").tolist())
        for each in (minimised, simple)
    ]
    assert max(counts[0].values()) - min(counts[0].values()) <= 4
    assert [sum(each.values()) for each in counts] == [60, 60]


def test_who_is_lost_takes_a_place_in_the_lists() -> None:
    samples = [drawn(small(), number, loss=0.5) for number in range(20)]
    allocated = [sample.allocated for sample in samples]
    # 60 analysed of 120 on average, with a standard deviation of √120.
    assert sum(allocated) / 20 == pytest.approx(120, abs=4 * (120 / 20) ** 0.5)
    assert samples[0].first(60).n == 60


def test_outcome_may_be_a_yes_or_no_or_a_number() -> None:
    options = small().pages[1].items[0].options[:2]
    asked = with_outcome(Item("again", ItemKind.SINGLE, both("Again?", "또?"), options))
    share = drawn(asked, n=2000, mean=0.3, effects={"reward.money": 0.2}).first(2000)
    money = np.char.startswith(share.arms("main"), "money")
    told = share.outcome[~money].mean(), share.outcome[money].mean()
    assert told == pytest.approx((0.3, 0.5), abs=4 * 0.5 / 1000**0.5)
    assert set(share.outcome.tolist()) == {0.0, 1.0}
    hours = Item(
        "hours",
        ItemKind.NUMBER,
        both("Hours?", "시간?"),
        measure=Measure.INTERVAL,
        minimum=0,
        maximum=100,
    )
    given = drawn(with_outcome(hours), n=2000, mean=40, sd=5, effects={}).first(2000).outcome
    assert (given.mean(), given.std()) == pytest.approx((40, 5), abs=4 * 5 / 2000**0.5)


def test_truth_of_contrasts_follows_from_the_effects_of_levels() -> None:
    design = shipped()
    stated = replace(
        ASSUMED,
        effects={
            "reward.monetary": 0.2,
            "legitimacy.high": 0.1,
            "reward.monetary*legitimacy.high": 0.4,
        },
    )
    assert true_contrasts(design, stated) == {
        "monetary_vs_none": (0.4,),
        "nonmonetary_vs_none": (0.0,),
        "legitimacy_high_vs_low": (pytest.approx(0.1 + 0.4 / 3),),
        "reward_by_legitimacy": (0.4, 0.0),
    }
    assert len(effect_levels(design)) == 5
    assert prognostic(design) == ("psm", "age_group", "education", "income")


def test_levels_that_lose_more_leave_fewer_of_their_arms() -> None:
    stated = {"loss": 0.2, "losses": {"reward.money": 0.4, "voice.high": -0.1}}
    samples = [drawn(small(), number, **stated, n=400) for number in range(5)]
    kept = {arm.code: 1 - 0.2 for arm in small().randomisations[0].arms}
    kept = {code: kept[code] - 0.4 * ("money" in code) + 0.1 * ("high" in code) for code in kept}
    counted = Counter(arm for sample in samples for arm in sample.first(400).arms("main").tolist())
    expected = {code: 2000 * share / sum(kept.values()) for code, share in kept.items()}
    assert counted == pytest.approx(expected, abs=4 * 500**0.5)
    # The lists are even, so that of all who come the mean share stays.
    came = 400 / (sum(kept.values()) / 4)
    assert sum(each.allocated for each in samples) / 5 == pytest.approx(came, abs=4 * 17 / 5**0.5)


def test_clusters_get_one_arm_and_share_what_is_stated() -> None:
    places = tuple(f"school_{number}" for number in range(60))
    design = schools(places)
    data = drawn(design, n=3000, between_clusters=0.4, reliability=0.95, effects={}).first(3000)
    cluster = data.clusters(design.randomisations[0])
    assert cluster is not None
    of = {(own, arm) for own, arm in zip(cluster, data.arms("main"), strict=True)}
    assert {own for own, _arm in of} == set(places)
    # Blocks of four clusters: each arm has a quarter of them.
    assert Counter(arm for _own, arm in of) == {
        arm.code: 15 for arm in design.randomisations[0].arms
    }
    means = [data.outcome[cluster == own].mean() for own in places]
    shared = (np.var(means, ddof=1) - np.var(data.outcome) / 50) / np.var(data.outcome)
    # As items measure with error it is a little less than .4; known to ± .4 √(2 / 59).
    assert shared == pytest.approx(0.38, abs=4 * 0.38 * (2 / 59) ** 0.5)


def test_vignettes_of_a_deck_are_dealt_by_its_list_and_judged_by_one_person() -> None:
    sample = drawn(deck_design(), n=1500, between_people=0.5, reliability=0.95)
    data = sample.first(1500)
    assert (data.n, data.vignettes) == (1500, 3000)
    first, second = data.arms("deck")[::2], data.arms("deck")[1::2]
    assert not (first == second).any()
    assert set(Counter([*first, *second]).values()) == {750}
    alike = np.corrcoef(data.outcome[::2], data.outcome[1::2])[0, 1]
    assert alike == pytest.approx(0.46, abs=4 / 1500**0.5)
    money = np.char.startswith(data.arms("deck"), "money")
    told = data.outcome[money].mean() - data.outcome[~money].mean()
    assert told == pytest.approx(0.5, abs=4 * 1.3 * (4 / 3000) ** 0.5)
    # What the analysis makes of stored answers is the same.
    read = stacked(data.design, *as_stored(data))
    np.testing.assert_array_equal(read.outcome, data.outcome)
    assert read.arms("deck").tolist() == data.arms("deck").tolist()
    assert (read.n, read.vignettes) == (data.n, data.vignettes)


def test_designs_that_can_not_be_simulated_say_why() -> None:
    step = small().randomisations[0]
    odd = replace(step, assign_if="gender == woman", method=Method.TOWARD_COMPLETES)
    design = replace(small(), randomisations=(odd,), plan=replace(small().plan, outcome="comment"))
    assert hindrances(design) == (
        Hindrance(Obstacle.COMPLETES, "main"),
        Hindrance(Obstacle.CONDITION, "main"),
        Hindrance(Obstacle.OUTCOME, "comment"),
    )
    once = replace(deck_design(), pages=small().pages)
    assert hindrances(once) == (Hindrance(Obstacle.DECK, "deck"),)
    assert hindrances(deck_design()) == hindrances(shipped()) == ()


def test_population_says_what_its_items_can_not_have() -> None:
    with pytest.raises(UnreachableError) as beyond:
        Population(small(), replace(ASSUMED, effects={"reward.money": 3.0})).check()
    assert (beyond.value.lacking, beyond.value.covariate) == (Lacking.MEAN, "")
    with pytest.raises(UnreachableError) as covariate:
        Population(small(), replace(ASSUMED, covariate_reliability=0.9999)).check()
    assert covariate.value.covariate == "motive"
