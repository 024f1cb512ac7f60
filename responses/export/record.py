"""The record of who exported what and why: no data leave without one."""

from django.db import transaction

from experiments.models import Study
from responses.blinding import is_blinded
from responses.models import ExportRecord, Mode


class ExportRefusedError(Exception):
    """There is nothing to export, or not like this; the message says what to do."""


@transaction.atomic
def record_export(
    *, study: Study, mode: Mode, actor: str, unblind: bool = False, reason: str = ""
) -> ExportRecord:
    """Writes the record of an export that is about to start.

    It is marked unblinded if arms are secret now and it shows them, which needs a reason.
    Raises ExportRefusedError.
    """
    reason = reason.strip()
    if unblind and not reason:
        raise ExportRefusedError("Unblinding needs a reason: say why the arms must be seen now.")
    if reason and not unblind:
        raise ExportRefusedError("A reason is given, but nothing is to be unblinded.")
    if not study.versions.exists():
        raise ExportRefusedError(f"The study {study} was never launched: it has no data.")
    return ExportRecord.objects.create(
        study=study,
        mode=mode,
        actor=actor,
        unblinded=unblind and is_blinded(status=study.status, mode=mode),
        reason=reason,
    )
