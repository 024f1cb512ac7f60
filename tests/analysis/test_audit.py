"""The audit of a study: what it finds in a ledger, and what it tells while arms are secret."""

from dataclasses import replace

import msgspec
import pytest
from django.db import connection

from analysis.audit import Replay, audit
from analysis.found import Found
from analysis.integrity_results import Alarm, StepWatch
from analysis.statistics.attrition import Stage
from experiments.launch import close
from experiments.models import Study
from experiments.rowwriting import write_rows
from responses.models import Participant
from responses.withdrawal import withdraw
from tests.analysis.audited import EXPECTED, allocated, audited_design, leaky
from tests.analysis.hand_made import rounded
from tests.analysis.studies import launched
from tests.designs import small

pytestmark = pytest.mark.django_db


def test_audit_of_eighty_is_what_was_worked_out_by_hand() -> None:
    study = launched(audited_design())
    leaky(study)
    close(study=study)
    found = audit(Study.objects.get(pk=study.pk), "live")
    # What the line was put together of is for other languages.
    found = replace(found, replay=replace(found.replay, line=str(found.replay.line)))
    # A design that was read says nothing of what its text leaves out, and is equal all the same.
    assert found.designs == EXPECTED.designs
    found, expected = (replace(each, designs=()) for each in (found, EXPECTED))
    assert rounded(msgspec.to_builtins(found)) == rounded(msgspec.to_builtins(expected))


def test_audit_while_arms_are_secret_tells_sums_and_alarms_alone() -> None:
    study = launched(audited_design())
    leaky(study)
    no_alarm = tuple(Alarm(stage, Found(False)) for stage in (Stage.EXPOSED, Stage.COMPLETED))
    assert audit(study, "live") == replace(
        EXPECTED,
        blinded=True,
        steps=(),
        watched=(StepWatch("main", (1,), 80, 0, 80, 50, no_alarm),),
    )


def test_who_withdrew_stays_assigned_and_is_counted_as_cut_off() -> None:
    study = launched(audited_design())
    leaky(study)
    person = Participant.objects.filter(assignments__main__arm="money.high").first()
    assert person is not None
    withdraw(participant_id=person.pk)
    close(study=study)
    found = audit(Study.objects.get(pk=study.pk), "live")
    (step,) = found.steps
    last = step.arms[-1]
    completed = 5 - (person.completed_at is not None)
    assert (last.assigned, last.cut_off, last.exposed, last.completed) == (20, 1, 19, completed)
    assert found.replay.line.endswith(
        "79 are linked to participants, 1 were cut off by withdrawals."
    )
    assert [arm.n for arm in step.balances[0].rows[0].arms] == [20, 20, 20, 19]


def test_a_ledger_that_was_edited_does_not_replay() -> None:
    study = launched(audited_design())
    allocated(study, 4)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL coprod.erasure = 'declared'")
        cursor.execute("UPDATE responses_allocation SET probability = '1/2' WHERE position = 2")
    found = audit(study, "live").replay
    assert (found.holds, "position 2: the ledger says" in found.line) == (False, True)


def test_a_study_that_was_not_launched_has_nothing_to_replay() -> None:
    found = audit(write_rows(design=small(study="draft")), "live")
    line = "draft was not launched yet: there is nothing to replay."
    assert (found.replay, found.steps, found.watched) == (Replay(None, line), (), ())
