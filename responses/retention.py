"""Erases who people are once their study is over, for good; what they answered stays.

Each study and mode in one transaction, with its record: nothing is erased that no record tells of.
"""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from experiments.models import Status, Study
from experiments.refusals import Refused
from experiments.said import said
from responses.designs import version_of
from responses.export.kept import drop_exports_of
from responses.models import Erasure, Mode
from responses.withdrawal import DECLARE

ACTOR = "retention"

# Who comes back finds the study closed, so no hash is needed to know them by.
_PANEL_IDS = "DELETE FROM responses_panelidentity WHERE study_id = %(study)s AND mode = %(mode)s"
# Invitations are of no mode; they go with the live people, who used them.
_INVITATIONS = """
UPDATE responses_invitation SET label = '', participant_id = NULL
WHERE study_id = %(study)s AND %(mode)s = 'live' AND (label <> '' OR participant_id IS NOT NULL)
"""
_DRAFTS = """
DELETE FROM responses_draft d USING responses_participant p
WHERE p.id = d.participant_id AND p.study_id = %(study)s AND p.mode = %(mode)s
"""
# Equal fingerprints stay equal, so that the flags of duplicates stay as they were found; with the
# salt gone, nobody can make one from an address and a browser and look for it.
_PEOPLE = """
UPDATE responses_participant SET parameters = listed, completion_code = '',
    fingerprint = sha256(fingerprint || %(salt)s)
WHERE study_id = %(study)s AND mode = %(mode)s
    AND (parameters <> listed OR completion_code <> '' OR fingerprint IS NOT NULL)
"""
ERASURES = (
    ("panel_id", _PANEL_IDS),
    ("invitation", _INVITATIONS),
    ("drafts", _DRAFTS),
    ("participants", _PEOPLE),
)


def erase_due_identities() -> Sequence[Erasure]:
    """Erases them in every study that was closed so many days ago as its design says."""
    closed = Study.objects.filter(status=Status.CLOSED, closed_at__isnull=False).exclude(
        erasures__kind=Erasure.Kind.RETENTION
    )
    return [record for study in closed if _is_due(study) for record in _erased(study, ACTOR)]


def erase_identities(*, study: Study, actor: str) -> Sequence[Erasure]:
    """Erases them now, due or not: a record for each mode. Refused while the study is not closed.

    Done again it erases what was left, which is nothing but fingerprints that are changed again.
    """
    if study.status != Status.CLOSED:
        raise Refused(
            said(
                "{slug} is not closed: people who come back are known by what would be erased. "
                "Close it first.",
                slug=study.slug,
            )
        )
    return _erased(study, actor)


def _is_due(study: Study) -> bool:
    version = study.live_version_id or study.pilot_version_id
    days = version_of(version).design.identities_kept_days if version else None
    if days is None or study.closed_at is None:
        return False
    return study.closed_at + timedelta(days=days) <= timezone.now()


@transaction.atomic
def _erased(study: Study, actor: str) -> Sequence[Erasure]:
    # One at a time: who comes second finds it done.
    Study.objects.select_for_update(no_key=True).get(pk=study.pk)
    # Files of exports hold codes and parameters.
    transaction.on_commit(partial(drop_exports_of, study.pk), robust=True)
    salt = secrets.token_bytes(32)
    return [_of_mode(study, mode, actor, salt) for mode in (Mode.LIVE, Mode.PILOT)]


def _of_mode(study: Study, mode: Mode, actor: str, salt: bytes) -> Erasure:
    which: dict[str, Any] = {"study": study.pk, "mode": mode.value, "salt": salt}
    rows = {}
    with connection.cursor() as cursor:
        cursor.execute(DECLARE)
        for name, statement in ERASURES:
            cursor.execute(statement, which)
            rows[name] = cursor.rowcount
    return Erasure.objects.create(
        study=study, mode=mode, kind=Erasure.Kind.RETENTION, actor=actor, rows=rows, kept=True
    )
