"""The log of a study's looks: one hash chain per study and mode, which only grows."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.chain import START, Link, json_digest
from analysis.locks import wait_for_log
from analysis.models import Look, LookEvent, OrderedLook, Replanning
from analysis.schedule import DueLook, standing_of
from responses.models import Mode

Kind = LookEvent.Kind

# Characters of an error's text that are kept, and what is not.
MESSAGE = 300
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|\x00")


@dataclass(frozen=True)
class Chain:
    """The events of one study and mode, whether they hold, and one line that says so.

    `head` is the last event's digest. Whoever wrote it down sees later whether what was before it
    has changed.
    """

    events: tuple[LookEvent, ...]
    holds: bool
    line: str
    head: str


@transaction.atomic
def append(
    *,
    study_id: int,
    mode: str,
    kind: str,
    number: int | None = None,
    actor: str = "",
    detail: Mapping[str, Any] | None = None,
) -> LookEvent:
    """Adds an event to the chain of that study and mode, in the caller's transaction if it has one.

    `actor` is the name of the account, empty for the schedule; `detail` is what JSON holds, without
    anything that a participant gave.
    """
    wait_for_log(study_id, mode)
    last = _chain(study_id, mode).values_list("position", "digest").last()
    position, previous = last or (0, START)
    link = Link(
        study=study_id,
        mode=mode,
        position=position + 1,
        kind=str(kind),
        number=number,
        actor=actor,
        at=timezone.now(),
        detail=dict(detail or {}),
        previous=previous,
    )
    return LookEvent.objects.create(
        study_id=study_id,
        mode=mode,
        position=link.position,
        kind=kind,
        number=number,
        actor=actor,
        at=link.at,
        detail=link.detail,
        previous_digest=previous,
        digest=link.digest(),
    )


def append_spent(look: Look) -> LookEvent:
    """Writes down what was spent, in the transaction that spends it."""
    # As the database gives the results back, for so they are read when the chain is verified.
    look.refresh_from_db(fields=["results"])
    return append(
        study_id=look.study_id,
        mode=look.mode,
        kind=Kind.SPENT,
        number=look.number,
        detail=facts_of(look),
    )


def append_failed(look: DueLook, error: Exception) -> LookEvent:
    """Writes down why a look failed, once what it did was rolled back.

    Of the error's text only the first line, and nothing that it quotes: that can be an answer, and
    who withdraws can't be taken out of a chain. The worker's own log has all of it.
    """
    return append(
        study_id=look.study_id,
        mode=look.mode,
        kind=Kind.FAILED,
        number=look.number,
        detail={"planned": look.planned, **_said(error)},
    )


def append_unplanned(study_id: int, mode: str, error: Exception) -> LookEvent | None:
    """Writes down why the sample size could not be fixed anew; None if it says so already.

    The sweep tries again every few seconds, and the same failure is no news.
    """
    with transaction.atomic():
        wait_for_log(study_id, mode)
        last, said = _chain(study_id, mode).last(), _said(error)
        if last and (last.kind, last.number, last.detail) == (Kind.FAILED, None, said):
            return None
        return append(study_id=study_id, mode=mode, kind=Kind.FAILED, detail=said)


def _said(error: Exception) -> dict[str, str]:
    """An error's name and the first line of its text, without what that quotes."""
    lines = QUOTED.sub("…", str(error)).encode(errors="replace").decode().splitlines()
    return {"error": type(error).__name__, "message": lines[0][:MESSAGE] if lines else ""}


@transaction.atomic
def retry(*, study_id: int, mode: str, number: int, actor: str) -> LookEvent | None:
    """Says that the look that failed is to run again; the next sweep does. None if none failed."""
    wait_for_log(study_id, mode)
    standing = standing_of(study_id=study_id, mode=mode)
    failed = standing.failed if standing else None
    if failed is None or failed.number != number:
        return None
    return append(study_id=study_id, mode=mode, kind=Kind.RETRIED, number=number, actor=actor)


def facts_of(look: Look) -> dict[str, Any]:
    """What the event of its spending says of a look."""
    return {
        "n": look.n,
        "fraction": look.fraction,
        "planned": look.planned,
        "cut": look.cut_digest,
        "plan": look.plan_digest,
        "results": json_digest(look.results),
        "code": look.code_version,
        "libraries": look.libraries,
    }


def opened(*, look: Look, actor: str) -> tuple[LookEvent, ...]:
    """Who opened what the look found, and when first; `actor`, who does so now, is among them.

    Later times are not written down: what somebody knows they go on knowing.
    """
    known = _openings(look)
    if any(event.actor == actor for event in known):
        return known
    with transaction.atomic():
        wait_for_log(look.study_id, look.mode)
        if not any(event.actor == actor for event in _openings(look)):
            append(
                study_id=look.study_id,
                mode=look.mode,
                kind=Kind.OPENED,
                number=look.number,
                actor=actor,
            )
    return _openings(look)


def _openings(look: Look) -> tuple[LookEvent, ...]:
    """That the look was opened, and not one of its number that was deleted before."""
    told = Q(kind=Kind.OPENED, number=look.number) | Q(kind=Kind.ERASED)
    return since_erasure(tuple(_chain(look.study_id, look.mode).filter(told)))


@transaction.atomic
def verify(study_id: int, mode: str) -> Chain:
    """Replays the chain of a study and mode, and holds each spent look against its event."""
    # Nothing is half written under the lock: a look is there together with its event.
    wait_for_log(study_id, mode)
    events = tuple(_chain(study_id, mode))
    looks = list(Look.objects.filter(study=study_id, mode=mode))
    there = since_erasure(events)
    wrong = _broken(events) or _unlike(there, looks) or _others(there, study_id, mode)
    said = ngettext(
        "The log holds: %(count)s event, and each spent look.",
        "The log holds: %(count)s events, each tied to the one before, and each spent look.",
        len(events),
    )
    return Chain(
        events=events,
        holds=not wrong,
        line=wrong or said % {"count": len(events)},
        head=events[-1].digest if events else START,
    )


def since_erasure(events: tuple[LookEvent, ...]) -> tuple[LookEvent, ...]:
    """The events of what is still there: those after the rehearsal was last deleted.

    In any other mode nothing can be deleted, whatever an event says.
    """
    begins = 0
    for place, event in enumerate(events, start=1):
        if event.kind == Kind.ERASED and event.mode == Mode.REHEARSAL:
            begins = place
    return events[begins:]


def link_of(event: LookEvent, previous: str) -> Link:
    """What an event's row says, after one of that digest."""
    return Link(
        study=event.study_id,
        mode=event.mode,
        position=event.position,
        kind=event.kind,
        number=event.number,
        actor=event.actor,
        at=event.at,
        detail=event.detail,
        previous=previous,
    )


def _broken(events: Iterable[LookEvent]) -> str:
    previous = START
    for position, event in enumerate(events, start=1):
        same = (event.position, event.previous_digest) == (position, previous)
        if not same or link_of(event, previous).digest() != event.digest:
            return _("The log does not hold: event %(position)s was changed, added or removed.") % {
                "position": position
            }
        previous = event.digest
    return ""


def _unlike(events: Iterable[LookEvent], looks: Sequence[Look]) -> str:
    spent = [(event.number, event.detail) for event in events if event.kind == Kind.SPENT]
    there = {look.number: facts_of(look) for look in looks}
    for number, said in spent:
        if there.get(number or 0) != said:
            return _("The log does not hold: look %(number)s is not what was spent.") % {
                "number": number
            }
    lost = sorted(set(there) - {number for number, _detail in spent})
    if lost or len(spent) != len(there):
        return _("The log does not hold: look %(number)s is not in it as spent once.") % {
            "number": lost[0] if lost else spent[-1][0]
        }
    return ""


def _others(events: Iterable[LookEvent], study_id: int, mode: str) -> str:
    """Whether orders, and a sample size that was fixed anew, are as their events say."""
    theirs = {"study": study_id, "mode": mode}
    told = {
        kind: [(event.actor, event.detail) for event in events if event.kind == kind]
        for kind in (Kind.ORDERED, Kind.REPLANNED)
    }
    orders = OrderedLook.objects.filter(**theirs).order_by("id").values_list("ordered_by", "reason")
    if [(actor, detail["reason"]) for actor, detail in told[Kind.ORDERED]] != list(orders):
        return _("The log does not hold: the orders are not those that were given.")
    sizes = Replanning.objects.filter(**theirs).values_list("n", "pooled_sd", "sample_size")
    names = ("n", "pooled_sd", "sample_size")
    if [tuple(map(detail.get, names)) for _actor, detail in told[Kind.REPLANNED]] != list(sizes):
        return _("The log does not hold: the sample size is not the one that was fixed.")
    return ""


def _chain(study_id: int, mode: str) -> Any:
    return LookEvent.objects.filter(study=study_id, mode=mode).order_by("position")
