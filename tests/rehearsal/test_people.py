"""Who comes: when, twice, in which cluster; and answers that are no scale's."""

import json
from dataclasses import replace

import numpy as np

from experiments.design import Parameter
from rehearsal.population import Population
from rehearsal.truth import Arrivals, Clusters, Pattern, Trait, Truth
from tests.changed import changed
from tests.designs import small
from tests.rehearsal.every_design import EVERY

N = 20_000
HOUR = 3600


def test_people_arrive_in_the_pattern_in_the_order_of_their_places() -> None:
    told = {}
    for pattern in Pattern:
        truth = Truth(arrivals=Arrivals(48.0, pattern))
        arrives = Population(small(), truth, N, 1).arrives
        assert (np.diff(arrives) >= 0).all()
        assert 0 <= arrives[0] < arrives[-1] <= 48 * HOUR
        first = (arrives < 4.8 * HOUR).mean()
        evening = ((arrives / HOUR % 24) // 3 == 6).mean()
        told[str(pattern)] = [round(float(first), 1), round(float(evening), 1)]
    # Of the day's 12.8 times its busiest hour 2.8 lie between six and nine.
    assert told == {"even": [0.1, 0.1], "evenings": [0.0, 0.2], "burst": [0.5, 0.1]}


def test_who_comes_again_is_the_same_person_who_answers_anew() -> None:
    traits = {"will": Trait(4.0, 1.2, 0.9), "motive": Trait(3.0, 0.9)}
    truth = Truth(traits=traits, duplicates=0.3, devices={"phone": 0.5, "tablet": 0.5})
    design = replace(small(), parameters=(Parameter("pid", "PID", identifies=True),))
    population = Population(design, truth, N, 2)
    again = np.flatnonzero(population.duplicate_of >= 0)
    before = population.duplicate_of[again]
    assert abs(len(again) / N - 0.3) < 4 * np.sqrt(0.3 * 0.7 / N)
    assert (before < again).all()
    assert (population.duplicate_of[before] < 0).all()
    assert [population.parameters(at) for at in again[:50]] == [
        population.parameters(at) for at in before[:50]
    ]
    assert np.array(population.devices)[again].tolist() == (
        np.array(population.devices)[before].tolist()
    )
    will = np.array(population.answers("will1", {}).tolist()).astype(float)
    assert 0.7 < np.corrcoef(will[again], will[before])[0, 1] < 0.95


def test_people_of_one_cluster_have_in_common_what_is_asked_for() -> None:
    design = changed(small(), {"parameters": (Parameter("school", "school"),)})
    truth = Truth(traits={"will": Trait(4.0, 1.2, 0.9)}, clusters={"school": Clusters(400, 0.2)})
    population = Population(design, truth, N, 3)
    schools = np.array([population.parameters(at)["school"] for at in range(N)])
    names, of = np.unique(schools, return_inverse=True)
    assert len(names) == 400
    score = sum(
        np.array(population.answers(code, {}).tolist()).astype(float) for code in ("will1", "will2")
    ) * np.ones(N)
    means = np.bincount(of, score) / np.bincount(of)
    within = (score - means[of]).var() * N / (N - 400)
    between = means.var(ddof=1) - within / 50
    # 0.2 of what lies behind, times the alpha of 0.9; four standard errors of 400 clusters.
    assert abs(between / (between + within) - 0.18) < 0.06


def test_effects_on_two_options_move_their_share() -> None:
    truth = Truth(
        shares={"education": {"1": 0.63, "2": 0.27, "-9": 0.1}},
        effects={"education": {"voice.high": 0.2}},
    )
    population = Population(small(), truth, N, 4)
    shares = []
    for voice in ("low", "high"):
        given = population.answers("education", {"voice": voice})
        shares.append(np.bincount(given.places, minlength=3) / N)
    # Of the nine tenths who answer three, then five in ten. Four standard errors of a half.
    np.testing.assert_allclose(shares, [[0.63, 0.27, 0.1], [0.45, 0.45, 0.1]], atol=0.015)


def test_every_other_kind_is_answered_by_its_shares() -> None:
    design = next(each for each in EVERY if each.study == "kitchen_sink")
    truth = Truth(
        traits={"hours": Trait(5.0, 4.0), "days": Trait(8.0, 6.0)},
        shares={
            "uses": {"walk": 0.8, "nothing": 0.1},
            "wishes": {"lights": 0.6, "trees": 0.3, "benches": 0.1},
            "budget": {"flowers": 0.5, "paths": 0.3, "playground": 0.2},
        },
        no_answer=0.0,
        open=0.0,
    )
    population = Population(design, truth, 5000, 5)

    def read(item: str) -> list[str]:
        return population.answers(item, {}).tolist()

    uses, wishes = ([json.loads(each) for each in read(code)] for code in ("uses", "wishes"))
    assert abs(np.mean([each == ["nothing"] for each in uses]) - 0.1) < 0.017
    assert abs(np.mean(["walk" in each for each in uses]) - 0.72) < 0.05
    assert abs(np.mean([each[0] == "lights" for each in wishes]) - 0.6) < 0.028
    budget = [json.loads(each) for each in read("budget")]
    assert {sum(each.values()) for each in budget} == {100}
    parts = np.array([[each[code] for code in truth.shares["budget"]] for each in budget])
    np.testing.assert_allclose(parts.mean(axis=0), [50, 30, 20], atol=1)
    for item, mean, sd in (("hours", 5.0, 4.0), ("days", 8.0, 6.0)):
        said = np.array(read(item)).astype(float)
        np.testing.assert_allclose([said.mean(), said.std()], [mean, sd], atol=0.25)
        assert (said == np.round(said)).all()
