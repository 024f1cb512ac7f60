"""Deletes a study's rehearsal from every room: one transaction, one record, one line of the log."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from analysis.deletion import delete_rehearsal_looks
from analysis.look_log import Kind, append
from analysis.models import Look
from experiments.models import Study
from experiments.refusals import Refused
from rehearsal.ordering import ending, unfinished_runs
from responses.deletion import delete_rehearsal_answers
from responses.models import Allocation, Erasure, Mode, Participant, Submission

# What the log of the looks says of what went, beside how many looks.
TOLD = ("participants", "submissions", "allocations")


@transaction.atomic
def delete_rehearsal(*, study: Study, actor: str) -> Erasure | None:
    """Deletes the whole rehearsal of a study: the record of it; None if there was nothing.

    Rows of pilots and of the live study stay as they are. Refused while one that was ordered goes
    on, while somebody answers in it, or while a look of it runs.
    """
    if unfinished_runs().filter(study=study).exists():
        raise Refused(_("The rehearsal goes on: cancel it, or wait for its end, and delete then."))
    if fault := ending(study):
        raise Refused(fault)
    looks = delete_rehearsal_looks(study_id=study.pk)
    record = delete_rehearsal_answers(study_id=study.pk, actor=actor)
    if not any((*looks.values(), *record.rows.values())):
        transaction.set_rollback(True)
        return None
    append(
        study_id=study.pk,
        mode=Mode.REHEARSAL,
        kind=Kind.ERASED,
        actor=actor,
        detail={**looks, **{name: record.rows[name] for name in TOLD}},
    )
    return record


def rehearsed(study: Study) -> dict[str, int]:
    """How much there is of a study's rehearsal: participants, submissions, allocations, looks."""
    theirs: dict[str, Any] = {"mode": Mode.REHEARSAL}
    return {
        "participants": Participant.objects.filter(study=study, **theirs).count(),
        "submissions": Submission.objects.filter(
            participant__study=study, participant__mode=Mode.REHEARSAL
        ).count(),
        "allocations": Allocation.objects.filter(version__study=study, **theirs).count(),
        "looks": Look.objects.filter(study=study, **theirs).count(),
    }
