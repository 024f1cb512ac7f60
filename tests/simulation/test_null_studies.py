"""The committed simulation against what a plan promises, and its first studies again."""

import json

import numpy as np
import pytest

from analysis import estimation
from analysis.contrast_results import contrast_results
from analysis.dataset import Dataset
from analysis.results import ContrastResult
from experiments.design import Family, Monitoring, Stopping
from tests.simulation.null_studies import RESULT, SEED, STUDIES, Counts, counted, monitor, part
from tests.simulation.simulated import answers_of, null_study, shipped_design
from tests.simulation.table import PRIMARY, ROWS, TABLE, counts, share, table

# How many standard errors of the simulation a share may miss its target by.
ERRORS = 3


def test_twenty_thousand_studies_were_run() -> None:
    written = json.loads(RESULT.read_text())
    assert (written["seed"], written["counts"]["studies"]) == (SEED, STUDIES)


@pytest.mark.parametrize(
    ("name", "per_study", "target"), [row[:3] for row in ROWS if row[2]], ids=str
)
def test_plan_keeps_what_it_promises(name: str, per_study: int, target: str) -> None:
    rate, error = share(counts(), name, per_study)
    sign, promised = target.split(" ")
    value = float(promised)
    if sign != "≥":
        assert rate <= value + ERRORS * error
    if sign != "≤":
        assert rate >= value - ERRORS * error


def test_peeking_finds_what_is_not_there_far_more_often() -> None:
    found = counts()
    assert found.peeking > 4 * found.familywise
    assert found.peeking_one > 1.8 * found.one_rejected


def test_table_in_the_docs_is_that_of_the_run() -> None:
    assert TABLE.read() == table()


def test_plan_that_was_simulated_is_the_default_one() -> None:
    plan = shipped_design().plan
    assert (plan.sample_size, plan.looks, plan.alpha) == (1297, (0.5, 0.75, 1.0), 0.05)
    assert [each.family for each in plan.contrasts] == [Family.PRIMARY] * PRIMARY + [
        Family.SECONDARY
    ]
    assert (plan.monitoring, plan.stopping) == (Monitoring.GROUP_SEQUENTIAL, Stopping.RECOMMEND)


def test_simulated_columns_are_those_that_answers_would_give() -> None:
    design = shipped_design()
    drawn = null_study(design, 0, seed=SEED).first(120)
    answers = [answers_of(drawn, place) for place in range(120)]
    held = [{"main": {"arm": arm, "levels": {}}} for arm in drawn.arms("main").tolist()]
    real = Dataset(design, answers, held)
    np.testing.assert_allclose(real.outcome, drawn.outcome)
    found = [contrasts_of(each) for each in (real, drawn)]
    assert found[0][0].rows[0].adjusted.value is not None
    assert found[0] == found[1]


def contrasts_of(data: Dataset) -> tuple[ContrastResult, ...]:
    """What the look's code finds in it."""
    means, _ = estimation.arm_means(data)
    return contrast_results(data, means, monitor(data.design.plan, 1))


@pytest.mark.slow
def test_first_studies_come_out_as_they_were_committed() -> None:
    first = Counts(**json.loads(RESULT.read_text())["first_part"])
    assert part(0) == first


def test_one_study_is_counted_once() -> None:
    found = counted(0)
    assert (found.studies, found.one_covered) == (1, 1)
