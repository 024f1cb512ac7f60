"""What a look that recommends to stop does, if the plan says so."""

from analysis.look_log import append
from analysis.models import Look, LookEvent
from analysis.results import Results
from experiments.design import Stopping
from experiments.launch import pause
from experiments.models import Status, Study
from responses.models import Mode


def pause_if_planned(*, look: Look, results: Results) -> Study | None:
    """Pauses a live study whose look recommends to stop, in the transaction that spends the look.

    Who is in the middle finishes: they are the overrun. None if the plan only recommends, or there
    is nothing to pause. A pilot or a rehearsal pauses nobody.
    """
    plan = look.version.design.plan
    stops = results.decision is not None and results.decision.stops
    if not stops or plan.stopping is not Stopping.PAUSE or look.mode != Mode.LIVE:
        return None
    study = Study.objects.select_for_update().get(pk=look.study_id)
    if study.status != Status.LIVE:
        return None
    append(study_id=study.pk, mode=look.mode, kind=LookEvent.Kind.PAUSED, number=look.number)
    return pause(study=study, by=f"look {look.number}")
