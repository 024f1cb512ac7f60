"""Deletes the looks of a study's rehearsal. Their log stays, and says so."""

from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from analysis.locks import took_looks, wait_for_log
from analysis.models import Look, OrderedLook, Replanning
from experiments.refusals import Refused
from responses.models import Mode
from responses.withdrawal import DECLARE


@transaction.atomic
def delete_rehearsal_looks(*, study_id: int) -> dict[str, int]:
    """Deletes the looks of the rehearsal, what was ordered, and sizes fixed anew: how many of each.

    Refused while one runs. To be called in the transaction that deletes whom they looked at, and
    that appends to their log that it did: `look_log.append` with `Kind.ERASED`.
    """
    theirs: dict[str, Any] = {"study": study_id, "mode": Mode.REHEARSAL}
    if not took_looks(study_id, Mode.REHEARSAL):
        raise Refused(_("A look of the rehearsal is running: wait for it, then delete."))
    wait_for_log(study_id, Mode.REHEARSAL)
    with connection.cursor() as cursor:
        cursor.execute(DECLARE)
    return {
        name: rows.filter(**theirs).delete()[0]
        for name, rows in (
            ("looks", Look.objects),
            ("ordered", OrderedLook.objects),
            ("replanned", Replanning.objects),
        )
    }
