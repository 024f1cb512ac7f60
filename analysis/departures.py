"""What departed from what was announced since a study is live, in the order in which it happened.

`deviations` says the same in a line each where a report lists them; here each has its time, who did
it, its reason, what it changed in words and a page to look at. Nothing here tells an outcome.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models.fields.json import KeyTransform
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.look_lines import event_said
from analysis.models import Look, LookEvent, OrderedLook
from analysis.schedule import LookState, Standing, standing_of
from experiments.design import Design
from experiments.differences import Difference, differences
from experiments.models import Study, StudyMove
from responses.models import ExportRecord, Marking, Mode

Kind = StudyMove.Kind


@dataclass(frozen=True)
class Departure:
    """One deviation: when, by whom (empty if nobody is known), what, why, and where to look.

    `found` is how the design differs from the one before, if it does.
    """

    at: datetime
    kind: str
    said: str
    by: str = ""
    reason: str = ""
    found: tuple[Difference, ...] = ()
    address: str = ""


def departures(study: Study) -> tuple[Departure, ...]:
    """Everything since the first launch for everybody, the oldest first; none before it.

    Thirteen SQL statements at most, however much there is.
    """
    standing = standing_of(study_id=study.pk, mode=Mode.LIVE)
    if standing is None:
        return ()
    moves = list(study.moves.all())
    found = (
        *_versions(study, moves),
        *_pauses(moves),
        *_orders(study),
        *_events(study),
        *_off_schedule(study, standing),
        *_unblinded(study),
        *_marks(study),
    )
    return tuple(sorted(found, key=lambda each: each.at))


def _versions(study: Study, moves: Sequence[StudyMove]) -> Iterator[Departure]:
    """Each version after the first, against the one before."""
    by = {move.version_id: move.made_by for move in moves if move.version_id}
    for before, after in pairwise(study.versions.filter(pilot=False)):
        names = {"later": after.number, "parts": "; ".join(_parts(before.written, after.written))}
        yield Departure(
            at=after.launched_at,
            kind=_("new version"),
            said=_("Version %(later)s was launched. It changes: %(parts)s.") % names,
            by=by.get(after.pk, ""),
            reason=after.reason,
            found=differences(before.written, after.written),
            address=reverse("admin:experiments_designversion_change", args=[after.pk]),
        )


def _parts(before: Design, after: Design) -> Iterator[str]:
    """What of the design a version changed, the gravest first."""
    old, new = before.plan, after.plan
    same_rules = replace(
        new,
        exclusions=old.exclusions,
        post_treatment_exclusions=old.post_treatment_exclusions,
    )
    if new != same_rules:
        yield _("who is excluded")
    if old != same_rules:
        yield _("the plan (looks follow the first version’s)")
    if before.randomisations != after.randomisations:
        yield _("the randomisation")
    if before.quotas != after.quotas:
        yield _("quotas")
    steps, quotas = before.randomisations, before.quotas
    if before != replace(after, plan=old, randomisations=steps, quotas=quotas):
        yield _("texts, questions or who may enter")


def _pauses(moves: Iterable[StudyMove]) -> Iterator[Departure]:
    """Each time in which nobody could enter."""
    ordered = [move for move in moves if move.kind in (Kind.PAUSE, Kind.RESUME, Kind.CLOSE)]
    for place, move in enumerate(ordered):
        if move.kind != Kind.PAUSE:
            continue
        ended = next(iter(ordered[place + 1 :]), None)
        said = _("Nobody new can enter since then.")
        if ended is not None:
            names = {"until": moment(ended.made_at), "who": ended.made_by or "–"}
            said = (
                _("Nobody new could enter until %(until)s, when %(who)s closed the study.")
                if ended.kind == Kind.CLOSE
                else _("Nobody new could enter until %(until)s, when %(who)s let people in again.")
            ) % names
        yield Departure(at=move.made_at, kind=_("pause"), said=said, by=move.made_by)


def _orders(study: Study) -> Iterator[Departure]:
    orders = OrderedLook.objects.filter(study=study, mode=Mode.LIVE)
    for order in orders.select_related("look").defer("look__results"):
        look: Look | None = getattr(order, "look", None)
        said = _("A look that is not in the plan was ordered; it was not run.")
        if look is not None:
            said = _("Look %(number)s, n = %(n)s, is not in the plan.")
            said %= {"number": look.number, "n": look.n}
        yield Departure(
            at=order.ordered_at,
            kind=_("unplanned look"),
            said=said,
            by=order.ordered_by,
            reason=order.reason,
            address=_look(look) if look else _log(study),
        )


def _events(study: Study) -> Iterator[Departure]:
    """Looks that failed, and who had them run again."""
    kinds = {
        LookEvent.Kind.FAILED: _("failed look"),
        LookEvent.Kind.RETRIED: _("look run again"),
    }
    for event in LookEvent.objects.filter(study=study, mode=Mode.LIVE, kind__in=kinds):
        kind = kinds[LookEvent.Kind(event.kind)]
        yield Departure(event.at, kind, event_said(event), event.actor, address=_log(study))


def _off_schedule(study: Study, standing: Standing) -> Iterator[Departure]:
    """Looks of the plan that took another number than it says, came too late, or never came."""
    sizes = {look.number: look.size for look in standing.planned}
    spent = Look.objects.filter(study=study, mode=Mode.LIVE).defer("results")
    for look in spent.annotate(late=KeyTransform("overrun", "results")):
        names = {"number": look.number, "n": look.n, "size": sizes.get(look.planned or 0)}
        if look.planned and look.n != names["size"]:
            said = _("Look %(number)s took %(n)s participants, and the plan says %(size)s.")
            yield _of_look(look, _("look off schedule"), said % names)
        if late := _late(look):
            said = _("%(late)s came in after the look that recommended to stop.")
            yield _of_look(look, _("overrun"), said % {"late": late})
    for planned in standing.planned:
        if standing.state_of(planned) in (LookState.SKIPPED, LookState.EMPTY) and study.closed_at:
            said = _("The plan’s look at %(size)s participants was not run: the study was closed.")
            names = {"size": planned.size}
            yield Departure(
                study.closed_at, _("look off schedule"), said % names, address=_log(study)
            )


def _late(look: Any) -> int:
    """How many came after the look that recommended to stop, as annotated from its results."""
    return look.late or 0


def _unblinded(study: Study) -> Iterator[Departure]:
    records = ExportRecord.objects.filter(study=study, mode=Mode.LIVE, unblinded=True)
    for record in records.order_by("id"):
        yield Departure(
            at=record.exported_at,
            kind=_("unblinded export"),
            said=_("An export showed arms before the study was closed."),
            by=record.actor,
            reason=record.reason,
            address=reverse("admin:responses_exportrecord_change", args=[record.pk]),
        )


def _marks(study: Study) -> Iterator[Departure]:
    """Marks by hand: they change no estimate, but the plan did not know of them."""
    for act in Marking.objects.filter(study=study, mode=Mode.LIVE):
        said = (
            ngettext(
                "%(people)d participant was marked for exclusion by hand: %(reason)s. The "
                "announced analysis counts them as before.",
                "%(people)d participants were marked for exclusion by hand: %(reason)s. The "
                "announced analysis counts them as before.",
                act.people,
            )
            if act.excludes
            else ngettext(
                "The mark of %(people)d participant was taken back.",
                "The marks of %(people)d participants were taken back.",
                act.people,
            )
        )
        yield Departure(
            at=act.marked_at,
            kind=_("marks for exclusion"),
            said=said % {"people": act.people, "reason": act.get_reason_display()},
            by=act.actor,
            reason=act.words,
        )


def _of_look(look: Look, kind: str, said: str) -> Departure:
    return Departure(look.spent_at, kind, said, address=_look(look))


def _look(look: Look) -> str:
    return reverse("admin:analysis_look_change", args=[look.pk])


def _log(study: Study) -> str:
    return reverse("admin:analysis_looks", args=[study.slug])


def moment(at: datetime) -> str:
    """A moment in universal time, to the minute."""
    return f"{at:%Y-%m-%d %H:%M} UTC"
