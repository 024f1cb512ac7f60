"""The flow of participants in words, as the diagram shows it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from responses.monitor.arms import Arms
from responses.monitor.diagram import Diagram, Line, Step, laid_out
from responses.monitor.flow import Ended, Flow, Place, ended_of, flow_of

# Arms beyond so many are in the table alone.
MOST_ARMS = 12


def steps_of(places: Sequence[Place]) -> tuple[Step, ...]:
    """How far everybody came; the vignette is left out of studies in which nobody saw one."""
    flow = flow_of(places)
    unseen, seen = ended_of(places, exposed=False), ended_of(places, exposed=True)
    exposed = sum(place.people for place in places if place.exposed)
    if not exposed:
        consented = Step(_("Consented"), flow.consented, _lost(unseen)[:-1])
        return (_entered(flow), consented, Step(_("Completed"), flow.completed))
    return (
        _entered(flow),
        Step(_("Consented"), flow.consented, _lost(unseen)),
        Step(_("Saw the vignette"), exposed, _lost(seen)[:-1]),
        Step(_("Completed"), flow.completed),
    )


def _entered(flow: Flow) -> Step:
    lost = (
        (_("Refused"), flow.refused),
        (_("Screened out"), flow.screened_out),
        (_("Quota full"), flow.quota_full),
        (_("Left before consent"), flow.left_before_consent),
    )
    return Step(_("Entered"), flow.entered, lost)


def _lost(ended: Ended) -> tuple[Line, ...]:
    return (
        (_("Screened out"), ended.screened_out),
        (_("Quota full"), ended.quota_full),
        (_("Withdrawn"), ended.withdrawn),
        (_("Answering or gone"), ended.answering),
        (_("Completed without a vignette"), ended.completed),
    )


def diagram_of(steps: Sequence[Step], arms: Sequence[Arms]) -> Diagram:
    """The diagram, with the arms of a study that has one randomisation and few of them."""
    followed = [each for each in arms if each.followed]
    shown = followed[0].arms if len(followed) == 1 else ()
    boxes = [
        (
            each.arm,
            (
                (_("Allocated"), each.allocated),
                (_("Saw the vignette"), each.exposed),
                (_("Completed"), each.completed),
            ),
        )
        for each in shown
    ]
    return laid_out(steps, boxes if len(boxes) <= MOST_ARMS else ())
