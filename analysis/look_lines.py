"""A study's looks and their log in words, for the desk and the command."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from analysis.look_log import Chain
from analysis.models import LookEvent

Kind = LookEvent.Kind


@dataclass(frozen=True)
class EventLine:
    """One event: its place in the chain, when it happened (UTC), and what, with who did it."""

    position: int
    at: str
    said: str
    digest: str


def event_lines(chain: Chain) -> Iterator[EventLine]:
    """The events of a log, the first one first."""
    for event in chain.events:
        at = f"{event.at:%Y-%m-%dT%H:%M:%SZ}"
        yield EventLine(event.position, at, event_said(event), event.digest)


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
    }[Kind(event.kind)]
    short = {name: str(event.detail.get(name, ""))[:12] for name in ("cut", "results")}
    return wording % _Facts({**event.detail, **short, "number": event.number, "actor": event.actor})


class _Facts(dict[str, object]):
    """What an event says, and nothing for what it does not."""

    def __missing__(self, name: str) -> str:
        return ""
