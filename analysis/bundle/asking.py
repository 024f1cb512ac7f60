"""Asking for a bundle: what can be bundled, and the record of who asked."""

from collections.abc import Sequence

from django.db import transaction

from analysis.bundle.licence import LICENCES
from analysis.models import Bundle
from analysis.schedule import standing_of
from experiments.models import Status, Study
from experiments.refusals import Refused
from experiments.said import said
from experiments.variables.tables import PARTICIPANTS
from responses.export.tables import NAMES
from responses.models import ExportRecord, Mode

# What the record of a bundle's export has for its format.
RECORDED = "bundle"


def why_not(study: Study, mode: Mode, *, at_desk: bool = False) -> str:
    """Why there can be no bundle now, and what to do, by commands or at the desk; else empty."""
    if not study.versions.exists():
        return said("The study {study} was never launched: it has no data.", study=study)
    if mode != Mode.LIVE:
        return ""
    if study.status != Status.CLOSED and at_desk:
        return said(
            "The study is {status}: while it collects its arms and its seed are secret, and a "
            "bundle without them proves nothing. Close it first, on its own page. Until then its "
            "data can be downloaded with the arms left out, and a bundle of the pilot or of a "
            "rehearsal shows what it will be.",
            status=study.get_status_display(),
        )
    if study.status != Status.CLOSED:
        return said(
            "{study} is {status}: while it collects its arms and its seed are secret, and a "
            "bundle without them proves nothing. Close it first, by close_study {study}. Until "
            "then `export` gives the data with the arms left out, and a bundle of the pilot or of "
            "a rehearsal (--mode) shows what it will be.",
            study=study,
            status=study.status,
        )
    standing = standing_of(study_id=study.pk, mode=mode)
    if standing is not None and standing.due:
        return said(
            "Look {number} of {study} is due and was not run yet: it runs within "
            "seconds once a worker and beat are there. Ask again then.",
            number=standing.due.number,
            study=study,
        )
    return ""


@transaction.atomic
def ask_bundle(
    *,
    study: Study,
    mode: Mode,
    actor: str,
    licence: str,
    table_names: Sequence[str] = (),
    at_desk: bool = False,
) -> Bundle:
    """Records that somebody asked for a bundle of these tables, all if none are named; Refused.

    The participants are always among them: everything else is checked against these.
    """
    if licence not in LICENCES:
        raise Refused(
            said(
                "There is no licence {licence!r}: {licences}.",
                licence=licence,
                licences=", ".join(LICENCES),
            )
        )
    if unknown := sorted(set(table_names) - set(NAMES)):
        raise Refused(
            said(
                "There is no table {unknown!r}: {names}.",
                unknown=unknown[0],
                names=", ".join(NAMES),
            )
        )
    if why := why_not(study, mode, at_desk=at_desk):
        raise Refused(why)
    wanted = {PARTICIPANTS, *(table_names or NAMES)}
    export = ExportRecord.objects.create(
        study=study,
        mode=mode,
        actor=actor,
        format=RECORDED,
        tables=" ".join(name for name in NAMES if name in wanted),
    )
    return Bundle.objects.create(export=export, licence=licence, at_desk=at_desk)
