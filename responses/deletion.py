"""Deletes a study's rehearsal from this room: everybody in it, their ledger, what was made of them.

Only rehearsals can be deleted whole: nobody is asked to answer there, and their data is no data. A
check in the database holds the record to that.
"""

from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from experiments.refusals import Refused
from responses.export.kept import drop_exports_of
from responses.models import Erasure, Mode, Participant
from responses.withdrawal import DECLARE

_VERSIONS = "SELECT id FROM experiments_designversion WHERE study_id = %(study)s"
_PEOPLE = "SELECT id FROM responses_participant WHERE study_id = %(study)s AND mode = %(mode)s"
_CELLS = "SELECT id FROM responses_quotacell WHERE study_id = %(study)s AND mode = %(mode)s"
_LISTS = f"""
SELECT id FROM responses_allocationhead WHERE version_id IN ({_VERSIONS}) AND mode = %(mode)s
"""  # noqa: S608 # all parts are constants

# Nobody is waited for, so that nobody waits for us with what we wait for. Whoever comes in after
# this waits for the lists, finds none, and begins them anew.
LOCKS = tuple(f"{rows} FOR UPDATE NOWAIT" for rows in (_CELLS, _PEOPLE, _LISTS))

# By what the record calls them, in an order in which nothing is pointed at any more.
DELETIONS: tuple[tuple[str, str], ...] = (
    *(
        (name, f"DELETE FROM {table} WHERE participant_id IN ({_PEOPLE})")  # noqa: S608 - names of our own tables
        for name, table in (
            ("submissions", "responses_submission"),
            ("paradata", "responses_paradata"),
            ("drafts", "responses_draft"),
            ("marks", "responses_exclusionmark"),
            ("corrections", "responses_correction"),
            ("places", "responses_quotaplace"),
        )
    ),
    *(
        (name, f"DELETE FROM {table} WHERE study_id = %(study)s AND mode = %(mode)s")  # noqa: S608 - names of our own tables
        for name, table in (
            ("markings", "responses_marking"),
            ("panel_ids", "responses_panelidentity"),
            ("quota_cells", "responses_quotacell"),
            ("flags_bases", "responses_flagsbasis"),
            ("participants", "responses_participant"),
        )
    ),
    *(
        (name, f"DELETE FROM {table} WHERE version_id IN ({_VERSIONS}) AND mode = %(mode)s")  # noqa: S608 - names of our own tables
        for name, table in (
            ("allocations", "responses_allocation"),
            ("lists", "responses_allocationhead"),
        )
    ),
)


@transaction.atomic
def delete_rehearsal_answers(*, study_id: int, actor: str) -> Erasure:
    """Deletes everything of a study's rehearsal that this room has: the record of it.

    The lists of the rehearsal begin anew with whoever comes next. What stays is what tells of
    people's doings and of no participant: records of exports and of withdrawals. Kept files of the
    study's exports go. Refused while somebody is answering in it.
    """
    mode = Mode.REHEARSAL
    which: dict[str, Any] = {"study": study_id, "mode": mode.value}
    with connection.cursor() as cursor:
        cursor.execute(DECLARE)
        _lock(cursor, which)
        rows = {}
        for name, statement in DELETIONS:
            cursor.execute(statement, which)
            rows[name] = cursor.rowcount
    # Who came in since the locks may have taken a position of a list that went.
    if Participant.objects.filter(study=study_id, mode=mode).exists():
        raise Refused(_busy())
    record = Erasure.objects.create(
        study_id=study_id, mode=mode, kind=Erasure.Kind.REHEARSAL, actor=actor, rows=rows
    )
    transaction.on_commit(lambda: drop_exports_of(study_id), robust=True)
    return record


def _lock(cursor: Any, which: dict[str, Any]) -> None:
    try:
        for statement in LOCKS:
            cursor.execute(statement, which)
    except OperationalError as error:
        raise Refused(_busy()) from error


def _busy() -> str:
    return _(
        "Somebody is answering in the rehearsal just now, so nothing was deleted. Stop what "
        "rehearses, or wait for its end, and delete then."
    )
