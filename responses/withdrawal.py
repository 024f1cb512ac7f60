"""Withdrawal: erases what a participant gave and what identifies them; a mark stays that they did.

The ledger keeps its rows, which name nobody, and the flow of participants its count.
"""

import secrets
from functools import partial
from typing import Any

from django.db import connection, transaction

from responses import tokens
from responses.export.kept import drop_exports_of
from responses.models import Erasure, State

_CUT_OFF_ROWS = ("panel_id", "invitation", "drafts", "places")
_ERASED_ROWS = ("submissions", "paradata", "marks", "corrections")

# The triggers of append-only tables let a declared erasure pass, until the transaction ends.
DECLARE = "SET LOCAL coprod.erasure = 'declared'"

# Places before the row, as a page that is being stored takes them, or both wait for each other.
LOCK = """
WITH places AS MATERIALIZED (
    SELECT id FROM responses_quotaplace WHERE participant_id = %(id)s ORDER BY id FOR UPDATE
)
SELECT study_id, mode, state, completion_code, completed_at IS NOT NULL
FROM responses_participant WHERE id = %(id)s AND (SELECT count(*) FROM places) >= 0 FOR UPDATE
"""

# The hash of a panel id or of an invitation stays, so that nobody enters with it again.
CUT_OFF = """
WITH identified AS (
    UPDATE responses_panelidentity SET value = '', participant_id = NULL
    WHERE participant_id = %(id)s RETURNING 1
), invited AS (
    UPDATE responses_invitation SET label = '', participant_id = NULL
    WHERE participant_id = %(id)s RETURNING 1
), drafted AS (
    DELETE FROM responses_draft WHERE participant_id = %(id)s RETURNING 1
), placed AS (
    DELETE FROM responses_quotaplace WHERE participant_id = %(id)s RETURNING 1
)
SELECT (SELECT count(*) FROM identified), (SELECT count(*) FROM invited),
    (SELECT count(*) FROM drafted), (SELECT count(*) FROM placed)
"""

ERASE = """
WITH sent AS (
    DELETE FROM responses_submission WHERE participant_id = %(id)s RETURNING 1
), timed AS (
    DELETE FROM responses_paradata WHERE participant_id = %(id)s RETURNING 1
), marked AS (
    DELETE FROM responses_exclusionmark WHERE participant_id = %(id)s RETURNING 1
), corrected AS (
    DELETE FROM responses_correction WHERE participant_id = %(id)s RETURNING 1
)
SELECT (SELECT count(*) FROM sent), (SELECT count(*) FROM timed), (SELECT count(*) FROM marked),
    (SELECT count(*) FROM corrected)
"""

EMPTY = """
UPDATE responses_participant SET answers = '{}', orders = '{}',
    not_shown = '[]', tries = '{}', flags = NULL, flagged_revision = NULL, assignments = '{}',
    first_look = NULL, device = '', reference = gen_random_uuid()
WHERE id = %s
"""

NOTE = """
INSERT INTO responses_withdrawncode (study_id, code_hash, finished) VALUES (%s, %s, %s)
ON CONFLICT (code_hash) DO NOTHING
"""

# What the link brought goes in any case, since a panel's id of the visit names the visitor. So does
# the code, which the panel ties to a person: its hash stays elsewhere, or who completed and
# withdrew later would go unpaid.
MARK = """
UPDATE responses_participant SET state = 'withdrawn', ended_at = statement_timestamp(),
    completed_at = NULL, token_hash = %(token_hash)s, parameters = '{}', listed = '{}',
    completion_code = '', fingerprint = NULL, known_browser = false, awaits_exposure = false,
    may_be_released = false,
    revision = revision + 1
WHERE id = %(id)s
"""


@transaction.atomic
def withdraw(
    *, participant_id: int, keep: bool = False, actor: str = "participant", offered: str = ""
) -> str:
    """Erases a participant, with `keep` only what identifies them: the code that they have then.

    That is their completion code, else the one that is `offered`, else any. Files of exports that
    are kept at the desk go too. Empty if they had withdrawn before. They hold no resume code any
    more: it finds nobody. Without `keep` the row gets another reference, so that nothing that was
    exported before leads to it.
    """
    mark: dict[str, Any] = {"id": participant_id, "token_hash": secrets.token_bytes(32)}
    with connection.cursor() as cursor:
        cursor.execute(DECLARE)
        cursor.execute(LOCK, mark)
        study_id, mode, state, code, finished = cursor.fetchone()
        if state == State.WITHDRAWN:
            return ""
        rows = _erased(cursor, CUT_OFF, _CUT_OFF_ROWS, participant_id)
        if not keep:
            rows |= _erased(cursor, ERASE, _ERASED_ROWS, participant_id)
            cursor.execute(EMPTY, [participant_id])
        cursor.execute(MARK, mark)
        # What is offered is taken if somebody entered anew by the form that they had sent before.
        codes = filter(None, (code, offered, tokens.new_completion_code()))
        told = next(each for each in codes if _noted(cursor, study_id, each, finished=finished))
    Erasure.objects.create(
        study_id=study_id,
        mode=mode,
        kind=Erasure.Kind.WITHDRAWAL,
        actor=actor,
        rows=rows,
        kept=keep,
    )
    # The withdrawal holds whether or not a disk lets files go.
    transaction.on_commit(partial(drop_exports_of, study_id), robust=True)
    return str(told)


def _noted(cursor: Any, study_id: int, code: str, *, finished: bool) -> bool:
    """Keeps the hash of a code; whether nobody has it yet."""
    cursor.execute(NOTE, [study_id, tokens.code_hash(study_id, code), finished])
    return bool(cursor.rowcount)


def _erased(
    cursor: Any, statement: str, names: tuple[str, ...], participant: int
) -> dict[str, int]:
    """How many rows of each kind the statement erased."""
    cursor.execute(statement, {"id": participant})
    return dict(zip(names, cursor.fetchone(), strict=True))
