"""Gives positions of a list again whose participants were never exposed, in studies that opt in."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from experiments.models import DesignVersion
from responses.ledger.holder import Holder
from responses.ledger.lists import ListName
from responses.models import Participant, State

# Both times must be long ago: an allocation comes a moment before its page is stored. Whoever is
# being served, or is sending something, holds their row and is passed over.
FIND = """
SELECT p.id, a.position, a.block, a.arm, a.probability
FROM responses_participant p
JOIN responses_allocation a ON a.key = (p.assignments -> %(randomisation)s ->> 'key')::uuid
WHERE p.version_id = %(version_id)s AND p.mode = %(mode)s AND p.may_be_released
    AND p.exposed_at IS NULL
    AND p.assignments <> '{}'::jsonb AND p.state = 'answering' AND p.id <> %(participant)s
    AND a.stratum = %(stratum)s
    AND greatest(p.last_seen_at, a.allocated_at)
        < statement_timestamp() - make_interval(mins => %(minutes)s)
ORDER BY a.position LIMIT 1
FOR UPDATE OF p SKIP LOCKED
"""

# Who waits at the vignette goes back to the page that led there: sending it draws anew. What
# somebody typed where they are is kept.
RELEASE = """
WITH held AS (
    UPDATE responses_draft d SET revision = NULL FROM responses_participant p
    WHERE p.id = %(released)s AND d.participant_id = p.id AND d.page = p.page
        AND d.revision = p.revision
)
UPDATE responses_participant p SET assignments = assignments - %(randomisation)s,
    revision = revision + 1, awaits_exposure = false,
    may_be_released = assignments - %(randomisation)s <> '{}'::jsonb,
    page = CASE WHEN awaits_exposure THEN (
        SELECT page FROM responses_submission s WHERE s.participant_id = p.id
        ORDER BY s.revision DESC LIMIT 1
    ) ELSE page END
WHERE id = %(released)s
"""


@dataclass(frozen=True)
class Released:
    """The row whose position is free again."""

    position: int
    block: int
    arm: str
    probability: str


def release(*, holder: Holder, name: ListName) -> Released | None:
    """Cuts the link of the first who was never exposed and is long gone: the row they had.

    To be called while the list's head is locked, in the transaction that gives the position again.
    Who comes back gets a new allocation. None if there is nobody.
    """
    parameters: dict[str, Any] = {
        **name.columns,
        "participant": holder.participant_id,
        "minutes": name.randomisation.reuse_after_minutes,
    }
    with connection.cursor() as cursor:
        cursor.execute(FIND, parameters)
        if (row := cursor.fetchone()) is None:
            return None
        released, *row_facts = row
        cursor.execute(RELEASE, parameters | {"released": released})
    return Released(*row_facts)


def mark_who_waits() -> int:
    """Marks whose position may be given again and who has no mark: how many they are.

    Those were given theirs by a release that knew of none. Two SQL statements.
    """
    again = [
        version.pk
        for version in DesignVersion.objects.all()
        if any(step.reuse_after_minutes for step in version.written.randomisations)
    ]
    waits = Participant.objects.filter(
        version__in=again, state=State.ANSWERING, exposed_at=None, may_be_released=False
    )
    return waits.exclude(assignments={}).update(may_be_released=True)
