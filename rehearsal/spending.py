"""Spends the looks of a rehearsal once everybody is through, unless a worker has done so."""

import time
from collections.abc import Sequence

from analysis.look import run_look
from analysis.look_orders import order_look, why_not
from analysis.look_reasons import EVERYBODY
from analysis.models import Look
from analysis.replanning import replan
from analysis.schedule import Standing, standing_of
from experiments.models import Study
from experiments.refusals import Refused
from experiments.said import said
from responses.models import Mode

# Who ordered the look at everybody, as its log says.
ACTOR = "rehearsal"
# So long a worker may take for one look.
SECONDS = 600


def spend_looks(study: Study) -> Sequence[Look]:
    """Runs the planned looks that are due, then one of everybody: all looks of the rehearsal.

    None of everybody where the last look of the plan was spent, or there can be none. A look that
    failed is raised.
    """
    _spend_due(study)
    standing = _standing(study)
    if not why_not(standing):
        order_look(study_id=study.pk, mode=Mode.REHEARSAL, reason=EVERYBODY.template, actor=ACTOR)
        _spend_due(study)
    return list(Look.objects.filter(study=study, mode=Mode.REHEARSAL).order_by("number"))


def _spend_due(study: Study) -> None:
    """Runs what is due until nothing is; waits while a worker runs a look."""
    end = time.monotonic() + SECONDS
    while (standing := _standing(study)).reached or standing.replans_now:
        if standing.failed:
            number = standing.failed.number
            raise Refused(said("Look {number} failed: the desk says why.", number=number))
        if standing.replans_now:
            replan(study_id=study.pk, mode=Mode.REHEARSAL)
        elif standing.due and run_look(
            study_id=study.pk, mode=Mode.REHEARSAL, number=standing.due.number
        ):
            end = time.monotonic() + SECONDS
            continue
        if time.monotonic() > end:
            raise Refused(said("A look that is due does not end: see whether a worker hangs."))
        time.sleep(0.2)


def _standing(study: Study) -> Standing:
    standing = standing_of(study_id=study.pk, mode=Mode.REHEARSAL)
    if standing is None:
        raise Refused(
            said("{slug} was not launched yet; launch it, as a pilot at first.", slug=study.slug)
        )
    return standing
