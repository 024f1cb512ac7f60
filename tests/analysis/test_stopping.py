"""What a look does that recommends to stop, and the looks of a study under other plans."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from analysis.look_log import verify
from analysis.models import Look
from analysis.report import report
from analysis.results import from_builtins
from experiments.design import Design, Equivalence, Monitoring, Spending, Stopping
from experiments.launch import close, resume
from experiments.models import Status, Study
from responses.models import Participant
from tests.analysis.hand_made import hand_made, hand_made_design
from tests.analysis.studies import complete, launched, spend
from tests.changed import changed

pytestmark = pytest.mark.django_db


def planned(**more: Any) -> Design:
    """The hand-made study with another plan."""
    return changed(hand_made_design(), {f"plan.{name}": value for name, value in more.items()})


def all_equivalent(stopping: Stopping) -> Study:
    """Sixteen participants whose one primary contrast lies inside wide bounds."""
    design = planned(
        stopping=stopping,
        equivalence=Equivalence.REPEATED_INTERVAL,
        smallest_effect=4.0,
        contrasts=hand_made_design().plan.contrasts[:1],
    )
    study = launched(design)
    hand_made(study)
    return study


def kinds(study: Study) -> list[str]:
    """What the log of the study's live looks holds."""
    return [event.kind for event in verify(study.pk, "live").events]


def test_look_that_recommends_to_stop_pauses_the_study_if_the_plan_says_so() -> None:
    study = all_equivalent(Stopping.PAUSE)
    look = spend(study, 1)
    study.refresh_from_db()
    assert (study.status, kinds(study)) == (Status.PAUSED, ["spent", "paused"])
    assert "The plan pauses the study by itself" in report(look, "en").conclusions[0]


def test_recommendation_alone_pauses_nobody() -> None:
    study = all_equivalent(Stopping.RECOMMEND)
    spend(study, 1)
    study.refresh_from_db()
    assert (study.status, kinds(study)) == (Status.LIVE, ["spent"])


def test_study_that_somebody_paused_meanwhile_stays_as_it_is() -> None:
    study = all_equivalent(Stopping.PAUSE)
    Study.objects.update(status=Status.PAUSED)
    spend(study, 1)
    study.refresh_from_db()
    assert (study.status, kinds(study)) == (Status.PAUSED, ["spent"])


def test_who_comes_after_the_stop_is_told_as_overrun() -> None:
    study = all_equivalent(Stopping.PAUSE)
    spend(study, 1)
    study.refresh_from_db()
    complete(study, 5, start=16)
    close(study=resume(study=study))
    last = spend(study, 2)
    assert from_builtins(last.results).overrun == 5
    facts = dict(report(last, "en").facts)
    assert facts["Overrun: came after the look that recommended to stop"] == "5"
    (hypothesis,) = from_builtins(last.results).decision.hypotheses  # type: ignore[union-attr]
    assert hypothesis.equivalent_at == 1


def test_estimates_that_hold_at_any_time_have_sequences_and_no_bounds(
    admin_client: Client,
) -> None:
    study = launched(planned(monitoring=Monitoring.ANYTIME))
    hand_made(study)
    look = spend(study, 1)
    results = from_builtins(look.results)
    assert (results.bounds, results.bound) == ((), None)
    row = results.contrasts[0].rows[0]
    assert row.repeated.value
    assert row.unadjusted.value
    assert row.repeated.value.low < row.unadjusted.value.low
    shown = report(look, "en")
    assert "asymptotic confidence sequence" in " ".join(shown.estimates.notes)
    assert "bounds" not in {table.code for table in shown.tables}
    address = reverse("admin:analysis_look_change", args=[look.pk])
    assert admin_client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("spending", "shape", "z"),
    [
        # gsDesign 3.11, two-sided 0.05 at half the information (tests/reference): the Pocock type
        # and the powers of t have closed forms there.
        (Spending.POCOCK, None, 2.156999),
        (Spending.POWER, 1.0, 2.241403),
    ],
)
def test_alpha_is_spent_by_the_plans_function(
    spending: Spending, shape: float | None, z: float
) -> None:
    study = launched(planned(spending=spending, spending_parameter=shape))
    hand_made(study)
    look: Look = spend(study, 1)
    (bound,) = from_builtins(look.results).bounds
    assert bound.z == pytest.approx(z, abs=1e-6)
    assert Participant.objects.filter(first_look=1).count() == 16
