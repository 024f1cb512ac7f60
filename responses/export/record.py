"""The record of who exported what and why: no data leave without one."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from experiments.models import Study
from experiments.said import said
from experiments.variables.tables import PARTICIPANTS
from responses.blinding import is_blinded
from responses.export.formats import FORMATS
from responses.export.tables import NAMES
from responses.models import ExportRecord, Mode


class ExportRefusedError(Exception):
    """There is nothing to export, or not like this; the message says what to do."""


@transaction.atomic
def record_export(
    *,
    study: Study,
    mode: Mode,
    actor: str,
    unblind: bool = False,
    reason: str = "",
    format_name: str = "csv",
    table_names: Sequence[str] = (),
) -> ExportRecord:
    """Writes the record of an export that is about to start, in a format of `FORMATS`.

    A format that holds one table holds the participants if none is named, one that holds many
    all of them. It is marked unblinded if arms are secret now and it shows them, which needs a
    reason. Raises ExportRefusedError.
    """
    reason = reason.strip()
    if unblind and not reason:
        raise ExportRefusedError(
            said("Unblinding needs a reason: say why the arms must be seen now.")
        )
    if reason and not unblind:
        raise ExportRefusedError(said("A reason is given, but nothing is to be unblinded."))
    if not study.versions.exists():
        raise ExportRefusedError(
            said("The study {study} was never launched: it has no data.", study=study)
        )
    return ExportRecord.objects.create(
        study=study,
        mode=mode,
        actor=actor,
        format=format_name,
        tables=" ".join(wanted_tables(format_name, table_names)),
        unblinded=unblind and is_blinded(status=study.status, mode=mode),
        reason=reason,
    )


LEDGER = "ledger"


def record_ledger(*, study: Study, mode: Mode, actor: str) -> ExportRecord:
    """Writes the record of rows of the ledger that are about to be told; they have their arms."""
    return ExportRecord.objects.create(
        study=study, mode=mode, actor=actor, format=LEDGER, tables=LEDGER
    )


def wanted_tables(format_name: str, names: Sequence[str]) -> tuple[str, ...]:
    """The tables that a file of that format holds if these are asked for; ExportRefusedError."""
    if format_name not in FORMATS:
        raise ExportRefusedError(
            said(
                "There is no format {format_name!r}: {formats}.",
                format_name=format_name,
                formats=_listed(FORMATS),
            )
        )
    for name in names:
        if name not in NAMES:
            raise ExportRefusedError(
                said("There is no table {name!r}: {names}.", name=name, names=_listed(NAMES))
            )
    known, asked = FORMATS[format_name], tuple(dict.fromkeys(names))
    if known.needs:
        if asked and set(asked) != set(known.needs):
            raise ExportRefusedError(
                said("{label} always holds {needs}.", label=known.label, needs=_listed(known.needs))
            )
        return known.needs
    if known.many:
        return tuple(name for name in NAMES if name in asked) or NAMES
    if len(asked) > 1:
        raise ExportRefusedError(
            said("A file of {label} holds one table: name one.", label=known.label)
        )
    return asked or (PARTICIPANTS,)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
