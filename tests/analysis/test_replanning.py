"""The sample size that is fixed anew from the spread of all arms together."""

from dataclasses import replace

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from analysis.look_log import verify
from analysis.models import LookEvent, Replanning
from analysis.replanning import replan, replanned_size
from analysis.report import report
from analysis.results import from_builtins
from analysis.schedule import DueLook, due_looks, standing_of
from experiments.design import Plan
from experiments.launch import close
from experiments.models import Study
from responses.models import Participant
from tests.analysis.studies import complete, launched, spend
from tests.analysis.test_ordered_looks import order
from tests.changed import changed
from tests.designs import plan, small

pytestmark = pytest.mark.django_db


def replanning(sd: float = 1.0, most: int = 60) -> Study:
    """A study of 40 planned that looks at its spread at a quarter of them."""
    foreseen = {"plan.replan_at": 0.25, "plan.outcome_sd": sd, "plan.most_participants": most}
    return launched(changed(small(), foreseen))


def sizes(study: Study) -> list[int]:
    """The sizes of the looks as they stand."""
    standing = standing_of(study_id=study.pk, mode="live")
    assert standing is not None
    return [look.size for look in standing.planned]


def pooled(study: Study, first: int) -> float:
    """The SD of the outcome of the first so many who were not excluded, by numpy alone."""
    people = Participant.objects.filter(study=study, answers__attention="2")
    scores = [
        (int(person.answers["will1"]) + int(person.answers["will2"])) / 2
        for person in people.order_by("completed_at")[:first]
    ]
    return float(np.std(scores, ddof=1))


@pytest.mark.parametrize(
    ("sd", "size"),
    [(2.0, 40), (1.0, 40), (2.2, 49), (2.0001, 41), (3.0, 90), (4.0, 100), (0.0, 40), (None, 40)],
)
def test_size_grows_with_the_variance_within_its_limits(sd: float | None, size: int) -> None:
    foreseen: Plan = replace(plan(), outcome_sd=2.0, most_participants=100)
    assert replanned_size(foreseen, sd) == size


def test_size_is_fixed_once_from_the_first_completes_and_looks_follow(admin_client: Client) -> None:
    study = replanning(most=80)
    complete(study, 10, failed=[3])
    assert replan(study_id=study.pk, mode="live") is None
    complete(study, 13, start=10)
    assert due_looks() == []  # the size goes first
    row = replan(study_id=study.pk, mode="live")
    assert row is not None
    sd = pooled(study, 10)
    size = int(np.ceil(40 * sd**2))
    assert 40 < size < 80
    assert (row.n, row.sample_size) == (10, size)
    # The same sum in another order.
    assert row.pooled_sd == pytest.approx(sd, rel=1e-12)
    assert sizes(study) == [int(np.ceil(size / 2)), size]
    assert replan(study_id=study.pk, mode="live") is None
    (event,) = LookEvent.objects.all()
    assert (event.kind, event.number, event.detail) == (
        "replanned",
        None,
        {
            "n": 10,
            "pooled_sd": row.pooled_sd,
            "planned_sd": 1.0,
            "sample_size": size,
            "planned_size": 40,
        },
    )
    complete(study, 40, start=23)
    look = spend(study, 1)
    assert (look.n, look.fraction) == (sizes(study)[0], look.n / size)
    assert from_builtins(look.results).planned_n == look.n
    assert verify(study.pk, "live").holds
    said = f"{size} instead of 40, by the first 10: pooled SD {sd:.2f}, planned 1.00"
    assert dict(report(look, "en").facts)["Sample size fixed anew"] == said
    page = admin_client.get("/admin/analysis/look/study/park/").content.decode()
    assert f"Sample size fixed anew: {said}." in page


def test_size_never_passes_what_the_plan_allows_nor_falls_below_it() -> None:
    study = replanning(sd=0.1, most=44)
    complete(study, 10)
    replan(study_id=study.pk, mode="live")
    assert sizes(study) == [22, 44]
    calm = launched(
        changed(
            small(study="calm"),
            {"plan.replan_at": 0.25, "plan.outcome_sd": 3.0, "plan.most_participants": 60},
        )
    )
    complete(calm, 20)
    replan(study_id=calm.pk, mode="live")
    assert sizes(calm) == [20, 40]
    assert due_looks() == [DueLook(calm.pk, "live", 1, 20, planned=1)]


def test_ordered_look_or_the_close_leaves_the_planned_size() -> None:
    study = replanning()
    complete(study, 9)
    order(study)
    spend(study, 1)
    complete(study, 3, start=9)
    assert replan(study_id=study.pk, mode="live") is None
    closed = launched(
        changed(
            small(study="closed"),
            {"plan.replan_at": 0.25, "plan.outcome_sd": 1.0, "plan.most_participants": 60},
        )
    )
    complete(closed, 12)
    close(study=closed)
    assert replan(study_id=closed.pk, mode="live") is None
    assert spend(closed, 2).fraction == 12 / 40


def test_modes_have_sizes_of_their_own() -> None:
    study = replanning()
    complete(study, 12, mode="rehearsal")
    assert replan(study_id=study.pk, mode="live") is None
    assert replan(study_id=study.pk, mode="rehearsal") is not None
    assert sizes(study) == [20, 40]


def test_fixed_size_is_never_edited() -> None:
    study = replanning()
    complete(study, 12)
    replan(study_id=study.pk, mode="live")
    with pytest.raises(IntegrityError, match="append-only: UPDATE refused"), transaction.atomic():
        Replanning.objects.update(sample_size=41)
