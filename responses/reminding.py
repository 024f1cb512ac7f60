"""Lists of invited people who have not begun, or not finished, to be invited again.

Whoever completed, declined, was screened out, met a full quota or withdrew is in none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from experiments.models import Status, Study
from experiments.refusals import Refused
from responses import tokens
from responses.guests import LABEL, TOKEN, read_guests
from responses.links import INVITATION, entry_link
from responses.models import Invitation, Mode, Reminding, State
from responses.sheets import read_sheet, write_sheet

# Nobody is reminded more often, or again so soon.
MOST_TIMES = 3
PAUSE = timedelta(hours=24)
# So many are on a list at most, those invited first; the next list goes on.
MOST = 10_000

WHOM: Mapping[str, Q] = {
    Reminding.Whom.NOT_BEGUN: Q(used_at=None),
    Reminding.Whom.NOT_FINISHED: Q(participant__state=State.ANSWERING),
}


@dataclass(frozen=True)
class Line:
    """One person of a list: what they are called, how often they were reminded, and a link."""

    label: str
    reminded: int
    token: str = ""
    address: str = ""


@dataclass(frozen=True)
class Waiting:
    """How many of each kind there are, and how many of them may be reminded now."""

    whom: str
    people: int
    now: int


@transaction.atomic
def remind(
    *, study: Study, whom: str, links: str, actor: str, base: str = "", kept: bytes = b""
) -> tuple[Line, ...]:
    """A list of those who may be reminded now, each counted as reminded once more.

    `kept` is the file that came back when their links were made; who is not in it is not on the
    list either. `base` is the site's address, for whole links. Raises Refused if nobody is left,
    if the study is closed, if the file can't be read, or if who has begun were to get a new link.
    """
    if links == Reminding.Links.NEW and whom != Reminding.Whom.NOT_BEGUN:
        raise Refused(_("Who has begun goes on by their own link: a new one would start anew."))
    # One at a time, so that two lists hold nobody twice.
    locked = Study.objects.select_for_update(no_key=True).get(pk=study.pk)
    if locked.status == Status.CLOSED:
        raise Refused(_("The study is closed: nobody can enter any more."))
    known = _kept_tokens(kept) if links == Reminding.Links.KEPT else {}
    rows = _ready(study, timezone.now()).filter(WHOM[whom])
    if links == Reminding.Links.KEPT:
        rows = rows.filter(token_hash__in=list(known))
    chosen = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk")[:MOST])
    if not chosen:
        raise Refused(_("Nobody is left who may be reminded now."))
    if links == Reminding.Links.NEW:
        known = _renewed(chosen)
    Invitation.objects.filter(pk__in=[each.pk for each in chosen]).update(
        reminded=F("reminded") + 1, reminded_at=timezone.now()
    )
    Reminding.objects.create(study=study, whom=whom, links=links, people=len(chosen), actor=actor)
    entry = entry_link(study.slug, Mode.LIVE, base)
    return tuple(_line(each, known.get(bytes(each.token_hash), ""), entry) for each in chosen)


def reminder_sheet(lines: tuple[Line, ...]) -> bytes:
    """The list as CSV, for whoever writes to the people."""
    rows = [(each.label, f"{each.reminded}", each.token, each.address) for each in lines]
    return write_sheet([(LABEL, "reminded", TOKEN, "link"), *rows])


def waiting(study: Study) -> tuple[Waiting, ...]:
    """How many have not begun and not finished; one SQL statement."""
    ready = _may_be_reminded(timezone.now())
    counted = {}
    for whom, rule in WHOM.items():
        counted[f"{whom}_all"] = Count("pk", filter=rule)
        counted[f"{whom}_now"] = Count("pk", filter=rule & ready)
    found = study.invitations.order_by().aggregate(**counted)
    return tuple(Waiting(whom, found[f"{whom}_all"], found[f"{whom}_now"]) for whom in WHOM)


def _ready(study: Study, now: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(_may_be_reminded(now), study=study)


def _may_be_reminded(now: datetime) -> Q:
    """Somebody without a label can't be written to."""
    rested = Q(reminded_at=None) | Q(reminded_at__lte=now - PAUSE)
    return ~Q(label="") & Q(reminded__lt=MOST_TIMES) & rested


def _kept_tokens(content: bytes) -> dict[bytes, str]:
    """The tokens of the file of links, by their hashes; Refused if it holds none."""
    guests = read_guests(read_sheet(content))
    found = {tokens.invitation_hash(each.token): each.token for each in guests if each.token}
    if not found:
        raise Refused(_("The file has no tokens: send the one that came when the links were made."))
    return found


def _renewed(chosen: list[Invitation]) -> dict[bytes, str]:
    """Draws new tokens for invitations that nobody has used; the old ones are worth nothing."""
    drawn = {}
    for each in chosen:
        token = tokens.new_invitation()
        each.token_hash = tokens.invitation_hash(token)
        drawn[each.token_hash] = token
    Invitation.objects.bulk_update(chosen, ["token_hash"], batch_size=1000)
    return drawn


def _line(invitation: Invitation, token: str, entry: str) -> Line:
    address = f"{entry}?{urlencode({INVITATION: token})}" if token else ""
    return Line(invitation.label, invitation.reminded + 1, token, address)
