"""A study's looks and their log in words, for the desk and the command."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from analysis import apa
from analysis.information import counted, held_up
from analysis.look_log import Chain, since_erasure
from analysis.look_reasons import reason_words
from analysis.models import Look, LookEvent, Replanning
from analysis.results import Results
from experiments.design import Plan
from responses.models import Mode

Kind = LookEvent.Kind


@dataclass(frozen=True)
class EventLine:
    """One event: its place in the chain, when it happened (UTC), and what, with who did it.

    `report` is the look whose report it brought about, if that is still there.
    """

    position: int
    at: str
    said: str
    digest: str
    report: int | None


def event_lines(chain: Chain, reports: Mapping[int, int]) -> Iterator[EventLine]:
    """The events of a log, the first one first; `reports` are the looks that it has by number."""
    there = since_erasure(chain.events)
    for event in chain.events:
        at = f"{event.at:%Y-%m-%dT%H:%M:%SZ}"
        spent = event.kind == Kind.SPENT and event in there
        report = reports.get(event.number or 0) if spent else None
        yield EventLine(event.position, at, event_said(event), event.digest, report)


def look_title(look: Look, study: str) -> str:
    """What a look is called, by its number, its place in the plan, and whether it was rehearsed."""
    title = _title(look, study)
    if look.mode == Mode.REHEARSAL:
        return _("Rehearsal. %(title)s") % {"title": title}
    return title


def _title(look: Look, study: str) -> str:
    names = {
        "number": look.number,
        "place": look.planned,
        "planned": len(look.version.design.plan.looks),
        "study": study,
    }
    if look.planned is None:
        return _("Look %(number)s, not in the plan: %(study)s") % names
    if look.planned == look.number:
        return _("Look %(number)s of %(planned)s: %(study)s") % names
    return _("Look %(number)s, the plan’s %(place)s of %(planned)s: %(study)s") % names


def look_kind(look: Look) -> str:
    """Whether it was the last look, and in the plan at all."""
    if look.planned is None:
        return _("interim, not in the plan")
    return _("final") if look.final else _("interim")


def held_up_line(look: Look, results: Results) -> str:
    """What it counts as if it has no more participants than a look before it; else empty."""
    if not held_up(look, results.bound):
        return ""
    said = _(
        "%(information)s%% of what was planned, one participant more than the look before: some "
        "have withdrawn since, and what was spent and decided then stays so."
    )
    return said % {"information": f"{100 * counted(look, results.bound):.1f}"}


def replanned(look: Look) -> str:
    """What the sample size was fixed at anew, if it was; no look is spent before."""
    if look.version.design.plan.replan_at is None:
        return ""
    row = Replanning.objects.filter(study=look.study_id, mode=look.mode).first()
    return replanning_line(row, look.version.design.plan) if row else ""


def replanning_line(row: Replanning, plan: Plan) -> str:
    """What the sample size was fixed at, and by what."""
    said = _(
        "%(size)s instead of %(planned)s, by the first %(n)s: pooled SD %(sd)s, planned %(by)s"
    )
    return said % {
        "size": row.sample_size,
        "planned": plan.sample_size,
        "n": row.n,
        "sd": "–" if row.pooled_sd is None else apa.number(row.pooled_sd),
        "by": apa.declared(plan.outcome_sd or 0),
    }


def event_said(event: LookEvent) -> str:
    """What happened, in a sentence."""
    wording = {
        Kind.ORDERED: _("A look was ordered by %(actor)s: %(reason)s"),
        Kind.SPENT: _("Look %(number)s was spent, n = %(n)s, cut %(cut)s, results %(results)s"),
        Kind.OPENED: _("Look %(number)s was opened by %(actor)s"),
        Kind.FAILED: _("Look %(number)s failed: %(error)s: %(message)s"),
        Kind.RETRIED: _("Look %(number)s is to run again, said %(actor)s"),
        Kind.PAUSED: _("Look %(number)s paused recruitment"),
        Kind.REPLANNED: _("The sample size is now %(sample_size)s, at n = %(n)s"),
        Kind.ERASED: _(
            "The rehearsal was deleted by %(actor)s: participants %(participants)s, looks %(looks)s"
        ),
    }[Kind(event.kind)]
    if event.kind == Kind.FAILED and event.number is None:
        wording = _("The sample size could not be fixed anew: %(error)s: %(message)s")
    short = {name: str(event.detail.get(name, ""))[:12] for name in ("cut", "results")}
    if event.kind == Kind.ORDERED:
        short["reason"] = reason_words(event.detail["reason"])
    return wording % _Facts({**event.detail, **short, "number": event.number, "actor": event.actor})


class _Facts(dict[str, object]):
    """What an event says, and nothing for what it does not."""

    def __missing__(self, name: str) -> str:
        return ""
