"""Many rehearsed studies: each by its number, together whatever the order, and what is told."""

import json
from dataclasses import replace
from math import sqrt
from pathlib import Path

import pytest

from analysis.power.assumptions import Hindrance, Obstacle
from experiments.design import Design, Equivalence
from experiments.refusals import Refused
from rehearsal.often import Often, run
from rehearsal.replicate_counts import (
    Replicated,
    Sum,
    replicated_from_builtins,
    replicated_to_builtins,
)
from rehearsal.replicates import (
    Rehearsed,
    TooFewError,
    obstacles,
    rehearsed,
    replicated,
    study_found,
)
from rehearsal.replicates_told import Told, as_json, figures, markdown
from rehearsal.truth import Leaving, Truth
from tests.rehearsal.many_designs import BY_NAME, TRUTH, toward_completes


def park(design: Design = BY_NAME["strata"], truth: Truth = TRUTH, n: int = 60) -> Rehearsed:
    plan = replace(
        design.plan,
        equivalence=Equivalence.TWO_ONE_SIDED,
        outcome_sd=1.2,
        associations=("motive",),
    )
    return rehearsed(replace(design, plan=plan), truth, n=n)


def test_planted_contrasts_follow_from_the_effects_of_levels() -> None:
    effects = {"will": {"reward.money": 0.2, "reward.money*voice.high": 0.4}}
    what = park(truth=replace(TRUTH, effects=effects))
    assert what.planted == {"money_vs_none": (0.4,), "reward_by_voice": (0.4,)}
    assert (what.judged.nil, what.judged.matters) == (
        frozenset(),
        frozenset({"money_vs_none", "reward_by_voice"}),
    )
    assert obstacles(toward_completes()) == (Hindrance(Obstacle.COMPLETES, "main"),)
    assert all(obstacles(design) == () for design in BY_NAME.values())


@pytest.mark.parametrize("name", ["deck", "clusters", "minimised", "conditions"])
def test_study_of_every_way_to_be_assigned_is_rehearsed(name: str) -> None:
    found = study_found(park(BY_NAME[name]), 7, 0)
    people, row = found.people, found.rows["money_vs_none"][0]
    ended_at = (30, 60)[found.counts.ended.index(1)]
    assert (found.studies, people.analysed, row.estimate.n) == (1, ended_at, 1)
    assert people.came > people.completed >= people.analysed + people.excluded
    # A deck's vignettes are not shown to anybody in every arm.
    assert (row.there.n, row.whole.n) == (int(name != "deck"), 1)


def test_studies_go_on_in_their_folder_to_the_same_counts(tmp_path: Path) -> None:
    what = park()
    whole = run(Often(what, 3, 12))
    heard: list[int] = []
    run(Often(what, 3, 4, tmp_path / "other"), heard.append)
    kept = run(Often(what, 3, 10, tmp_path), heard.append)
    again = run(Often(what, 3, 12, tmp_path), heard.append)
    assert again == whole
    assert heard == [0, 4, 0, 10, 10, 12]
    assert kept + replicated(what, 3, range(10, 12)) == whole
    assert replicated_from_builtins(json.loads(json.dumps(replicated_to_builtins(whole)))) == whole
    with pytest.raises(Refused, match="holds a rehearsal of another design, truth or seed"):
        run(Often(what, 4, 12, tmp_path))
    _check_told(Told(Often(what, 3, 12), whole))


def _check_told(told: Told) -> None:
    text = markdown(told)
    assert "**Rehearsal.** Every number here is of people who were made up." in text
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert headings == [
        "## What was planted, and what of it was found",
        "## What the studies say in the end",
        "## Look by look",
        "## Whole studies",
        "## What goes along with the outcome",
        "## Who leaves each arm",
    ]
    numbers = json.loads(as_json(told))
    assert (numbers["rehearsal"], numbers["studies"], numbers["seed"]) == (True, 12, 3)
    drawn = figures(told)
    assert list(drawn) == ["looks.svg", "effects.svg"]
    assert all(b"Rehearsal" in each for each in drawn.values())


def test_people_who_all_leave_are_too_few() -> None:
    leaky = replace(TRUTH, leaving=Leaving(each=0.94))
    with pytest.raises(TooFewError):
        study_found(park(truth=leaky), 1, 0)


@pytest.mark.slow
def test_leaving_by_arm_and_answers_does_its_damage() -> None:
    """Who is paid and stays is who stays anyhow: nothing of the estimate goes, but precision."""
    leaky = replace(TRUTH, leaving=Leaving(each=0.1, levels={"reward.money": 3.0}), styles={})
    found: Replicated = replicated(park(truth=leaky, n=200), 9, range(60))
    row = found.rows["money_vs_none"][0]
    arms = found.arms["main"]
    lost = {
        level: sum(each.left for code, each in arms.items() if code.startswith(level))
        / sum(each.given for code, each in arms.items() if code.startswith(level))
        for level in ("none", "money")
    }
    assert lost["money"] > 2 * lost["none"]
    shift = row.shift.mean
    assert shift is not None
    error = (row.shift.sd or 0) / sqrt(row.shift.n)
    assert abs(shift.mean) < 3 * error
    there = row.there.mean
    assert there is not None
    assert there.mean == pytest.approx(0.5, abs=0.05)


def test_sums_know_their_mean_and_deviation() -> None:
    found = Sum.of(1.0, 2.0, 6.0)
    assert (found.n, found.total) == (3, 9.0)
    assert found.sd == pytest.approx(sqrt(7.0))
    assert (Sum().mean, Sum.of(1.0).sd) == (None, None)
