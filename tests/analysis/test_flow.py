"""How far participants had come when a look ran, as it counts them."""

from collections import Counter

import pytest

from analysis.distributions import Flow
from analysis.figure_data import flow_steps
from analysis.look_figures import Step
from analysis.results import from_builtins
from experiments.launch import close, launch
from experiments.models import Study
from experiments.rowwriting import write_rows
from responses.models import Participant, State
from responses.withdrawal import withdraw
from tests.analysis.looking import spent
from tests.analysis.redoing import arriving
from tests.analysis.studies import launched
from tests.changed import changed
from tests.designs import small

pytestmark = pytest.mark.django_db

PLAN = {"plan.sample_size": 100}


def found_flow(study: Study) -> tuple[Flow, list[Step]]:
    """The flow of the study's last look, once it is closed, and the boxes that are drawn of it."""
    look = spent(close(study=Study.objects.get(pk=study.pk)), 2)
    look.refresh_from_db()
    results = from_builtins(look.results)
    assert results.flow
    return results.flow, flow_steps(results)


def test_look_counts_whom_each_stage_lost() -> None:
    study = launched(changed(small(), PLAN))
    people = [person.pk for person in arriving(study, 70)]
    # The first was never allocated, the second never saw the vignette, the third keeps answers.
    for place, keep in ((8, False), (69, False), (1, True)):
        assert withdraw(participant_id=people[place], keep=keep)
    expected: dict[str, Counter[str]] = {"entered": Counter(), "allocated": Counter()}
    for place, pk in enumerate(people):
        person = Participant.objects.get(pk=pk)
        stage = "exposed" if person.exposed_at or person.completed_at else "allocated"
        if person.state != State.COMPLETED:
            stage = "entered" if place % 9 == 8 else stage
            expected.setdefault(stage, Counter())[person.state] += 1
    flow, steps = found_flow(study)
    assert flow.left == expected
    assert flow.left["entered"] == {"answering": 6, "withdrawn": 1}
    assert flow.left["allocated"]["withdrawn"] == 1
    assert flow.left["exposed"]["withdrawn"] == 7
    seen = 63 - sum(flow.left["allocated"].values())
    # Those who withdrew are no arm's any more, but for who keeps what was answered.
    assert (flow.allocated, flow.exposed) == (63, seen - 6)
    assert [(step.label, step.n) for step in steps[:4]] == [
        ("Entered", 70),
        ("Allocated to an arm", 63),
        ("Saw the vignette", seen),
        ("Completed", flow.states["completed"]),
    ]
    assert flow.states["completed"] == seen - sum(flow.left["exposed"].values())


def test_flow_over_versions_of_other_arms_has_no_box_of_one_of_them() -> None:
    study = launched(changed(small(), PLAN))
    arriving(study, 30)
    arms = "randomisations[0].arms[0].weight"
    heavier = changed(small(), PLAN | {arms: 2, "randomisations[0].block_sizes": (5, 10)})
    study = launch(study=write_rows(design=heavier), reason="More of one").study
    arriving(study, 40, start=30)
    flow, steps = found_flow(study)
    assert flow.left
    assert flow.left["entered"]["completed"]
    assert [step.label for step in steps] == ["Entered", "Completed", "Analysed"]
    assert steps[0].n - sum(n for _label, n in steps[0].left) == steps[1].n
