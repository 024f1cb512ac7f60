"""Bundles that were asked for at the desk: a sweep finds them, a worker makes and keeps them."""

import logging
from pathlib import Path

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from analysis.bundle.asking import ask_bundle
from analysis.locks import bundle_lock
from analysis.models import Bundle
from experiments.models import Study
from experiments.said import said
from responses.export.kept import if_kept, kept_path
from responses.models import Mode

logger = logging.getLogger(__name__)

SUFFIX = ".zip"
# A making that ends its worker each time, such as by its memory, would do so for ever.
MOST_STARTS = 3
GAVE_UP = said(
    "It was begun three times, and each time its worker was ended before it was done: killed, out"
    " of memory, or restarted. Start it anew. If that ends in the same way, the worker’s log says"
    " more to who runs the server, who can also make it by the command bundle."
)
_ENDED = (Bundle.Step.MADE, Bundle.Step.FAILED)


@transaction.atomic
def order_bundle(*, study: Study, mode: Mode, actor: str, licence: str) -> Bundle:
    """Asks for a bundle that a worker makes, or gives the one that they wait for already.

    Refused says why there can be none now.
    """
    # Who clicks twice waits here for the first click.
    Study.objects.select_for_update(no_key=True).get(pk=study.pk)
    same = {"export__study": study, "export__mode": mode, "export__actor": actor}
    found = unfinished().filter(**same, licence=licence).first()
    return found or ask_bundle(study=study, mode=mode, actor=actor, licence=licence, at_desk=True)


def unfinished() -> QuerySet[Bundle]:
    """The bundles that were asked for at the desk and are neither made nor failed."""
    return Bundle.objects.filter(at_desk=True).exclude(step__in=_ENDED)


def make_queued_bundle(*, number: int) -> None:
    """Makes the bundle of that number, unless another worker does, or it has ended.

    What became of it stands in its row. A worker that is killed lets the next sweep begin anew,
    `MOST_STARTS` times in all.
    """
    # The desk asks for bundles, and need not import what draws their plots.
    from analysis.bundle.running import NotMadeError, make_bundle  # noqa: PLC0415

    with bundle_lock(number) as held:
        bundle = unfinished().select_related("export__study").filter(pk=number).first()
        if bundle is None or held is None or not _begins(bundle):
            return
        try:
            make_bundle(bundle=bundle, path=_path(bundle))
        except NotMadeError:
            return


def _begins(bundle: Bundle) -> bool:
    """Counts one more start; or gives the bundle up, if as many ended with their workers."""
    row = Bundle.objects.filter(pk=bundle.pk)
    if bundle.starts < MOST_STARTS:
        row.update(starts=F("starts") + 1)
        return True
    row.update(step=Bundle.Step.FAILED, told_at=Now(), problem=GAVE_UP)
    logger.error("The bundle %s was given up: it ended its worker %s times.", bundle, bundle.starts)
    return False


def kept_bundle(bundle: Bundle) -> Path | None:
    """The file of a bundle that is made, as long as it is kept."""
    return if_kept(_path(bundle)) if bundle.step == Bundle.Step.MADE else None


def bundle_name(bundle: Bundle) -> str:
    """What a downloaded bundle is called: study, mode and the day."""
    export = bundle.export
    return f"{export.study.slug}_{export.mode}_{export.exported_at:%Y-%m-%d}_bundle{SUFFIX}"


def _path(bundle: Bundle) -> Path:
    return kept_path(bundle.export, SUFFIX)
