"""The cut of a look: which participants it analyses, in which order, and the mark that says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from experiments.answers import Answers
from responses.models import Participant, State


@dataclass(frozen=True)
class Member:
    """One participant of a cut, with what the analysis may read of them."""

    reference: UUID
    answers: Answers
    assignments: Mapping[str, Mapping[str, Any]]


@transaction.atomic
def take_cut(
    *, study_id: int, mode: str, number: int, eligible: Q, size: int | None
) -> tuple[Member, ...]:
    """The members of the cut of look `number`, in their order, marked as seen by it.

    Those of earlier cuts come first, so cut k contains cut k − 1 also when somebody who completed
    earlier was committed later; then completes in the order of completion, up to `size` (all if
    None). The mark (`first_look`) is what lifts the blinding of their rows. The caller holds the
    lock of the study's looks and its transaction.
    """
    rows = (
        Participant.objects.select_for_update(no_key=True)
        .filter(eligible, study_id=study_id, mode=mode, state=State.COMPLETED)
        .order_by(F("first_look").asc(nulls_last=True), "completed_at", "id")
        .values_list("id", "first_look", "reference", "answers", "not_shown", "assignments")[:size]
    )
    taken = list(rows)
    new = [row[0] for row in taken if row[1] is None]
    Participant.objects.filter(id__in=new).update(first_look=number)
    return tuple(_member(*row[2:]) for row in taken)


def _member(
    reference: UUID, answers: Answers, not_shown: list[str], assignments: Mapping[str, Any]
) -> Member:
    """Answers to items that were not to be shown in the end don't count."""
    hidden = set(not_shown)
    counted = {code: answer for code, answer in answers.items() if code not in hidden}
    return Member(reference, counted, assignments)
