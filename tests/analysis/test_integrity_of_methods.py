"""Integrity of randomisations in which rows and participants are not one to one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from analysis.audit import audit
from analysis.integrity import step_integrity
from analysis.integrity_results import ArmFlow
from analysis.integrity_rows import Row, Rows
from analysis.statistics.estimate import Reason
from experiments.design import Method
from experiments.launch import close
from tests.analysis.test_integrity import START, step_of
from tests.decks import deck_design
from tests.designs import small
from tests.responses.studies import ABOUT, entered, launched, sent
from tests.responses.test_clusters import clustered, pupil
from tests.responses.test_reuse import age, arrived, made_young_again, reusing

ARMS = ("none.low", "none.high", "money.low", "money.high")


def reasons(method: Method, cluster: str = "") -> list[Reason | None]:
    """Why the sample ratio on completes and the test of attrition were not computed."""
    (step,) = small().randomisations
    changed = replace(step, method=method, cluster=cluster)
    rows = [
        Row(ARMS[at % 4], "1|", when, held=True, exposed_at=when, completed_at=when)
        for at in range(40)
        for when in [START + timedelta(minutes=at)]
    ]
    found = step_integrity(step_of(replace(small(), randomisations=(changed,))), Rows.of(rows))
    told = (found.ratios[1].once, found.ratios[1].anytime, found.passages[2].test)
    return [each.why_not.reason if each.why_not else None for each in told]


def test_tests_are_not_put_to_what_they_do_not_hold_for() -> None:
    shares = Reason.NO_FIXED_SHARES
    assert reasons(Method.TOWARD_COMPLETES)[:2] == [shares, shares]
    assert reasons(Method.PERMUTED_BLOCKS, "school") == [Reason.CLUSTERED] * 3
    assert reasons(Method.PERMUTED_BLOCKS)[:2] == [None, None]


@pytest.mark.django_db
def test_rows_of_clusters_are_nobodys() -> None:
    study = launched(clustered())
    for school in ("north", "south", "north"):
        pupil(school)
    close(study=study)
    study.refresh_from_db()
    (step,) = audit(study, "live").steps
    assert sum(arm.assigned for arm in step.arms) == 3
    assert sum(arm.cut_off for arm in step.arms) == 0


@pytest.mark.django_db(transaction=True)
def test_position_that_was_given_again_counts_once() -> None:
    study = launched(reusing())
    _, gone = arrived(exposed=False)
    age(gone)
    arrived(exposed=True)
    made_young_again()
    close(study=study)
    study.refresh_from_db()
    found = audit(study, "live")
    assert found.replay.holds, found.replay.line
    (step,) = found.steps
    assert sum(arm.assigned for arm in step.arms) == 1
    assert sum(arm.cut_off for arm in step.arms) == 0


@pytest.mark.django_db
def test_each_draw_of_a_deck_is_reported() -> None:
    study = launched(deck_design())
    client = Client()
    entered(client)
    sent(client, "about", ABOUT)
    client.get("/s/park/story_1/")
    close(study=study)
    study.refresh_from_db()
    first, second = audit(study, "live").steps
    assert (first.randomisation, second.randomisation) == ("deck_1", "deck_2")
    assert sum(arm.exposed or 0 for arm in first.arms) == 1
    assert all(isinstance(arm, ArmFlow) and arm.exposed is None for arm in second.arms)
