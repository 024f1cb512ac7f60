"""Personal links: each admits one participant.

The database keeps a token's keyed hash alone, so a link is told once, when it is made. The label is
for whoever sends the links; it is in no export and no analysis, and goes with a withdrawal.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import Count

from experiments.models import Status, Study
from experiments.refusals import Refused
from responses import tokens
from responses.guests import LABEL, TOKEN, Fault, Guest, faults
from responses.links import INVITATION, entry_link
from responses.models import Invitation, Mode
from responses.sheets import write_sheet


class NotInvited(Refused):
    """Nobody was invited; `faults` says what is wrong with which line."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True)
class PersonalLink:
    """A link that was made, and for whom; it can't be told again."""

    label: str
    token: str
    address: str


def links_file(links: Sequence[PersonalLink]) -> bytes:
    """The links as CSV, for whoever sends them."""
    rows = [(each.label, each.token, each.address) for each in links]
    return write_sheet([(LABEL, TOKEN, "link"), *rows])


@dataclass(frozen=True)
class Sent:
    """How many invitations of a study there are, and how many of them were used."""

    made: int
    used: int

    @property
    def open(self) -> int:
        """How many may still be used."""
        return self.made - self.used


@transaction.atomic
def invite(*, study_id: int, guests: Sequence[Guest], base: str = "") -> tuple[PersonalLink, ...]:
    """Makes an invitation for each guest, or for none: their links, in the order given.

    `base` is the site's address, for whole links. Raises NotInvited with every line that is at
    fault, Refused if the study is closed. Invitations are for live participants: a test run has its
    signed link.
    """
    if not guests:
        raise Refused("The list names nobody.")
    if wrong := faults(guests):
        raise NotInvited(wrong)
    # The lock keeps two lists with the same label from passing the check together.
    study = Study.objects.select_for_update(no_key=True).get(pk=study_id)
    if study.status == Status.CLOSED:
        raise Refused(f"{study.slug} is closed: nobody can enter any more.")
    if known := _known(study, guests):
        raise NotInvited(known)
    drawn = [replace(guest, token=guest.token or tokens.new_invitation()) for guest in guests]
    Invitation.objects.bulk_create(
        Invitation(study=study, label=each.label, token_hash=tokens.invitation_hash(each.token))
        for each in drawn
    )
    link = entry_link(study.slug, Mode.LIVE, base)
    return tuple(
        PersonalLink(each.label, each.token, f"{link}?{urlencode({INVITATION: each.token})}")
        for each in drawn
    )


def sent(study: Study) -> Sent:
    """How many invitations there are; one SQL statement."""
    found = study.invitations.order_by().aggregate(made=Count("pk"), used=Count("used_at"))
    return Sent(**found)


def _known(study: Study, guests: Sequence[Guest]) -> list[Fault]:
    """Guests whose label or token an invitation has already; two SQL statements."""
    hashes = {tokens.invitation_hash(each.token): each for each in guests if each.token}
    invited = Invitation.objects.order_by()
    named = invited.filter(study=study, label__in=[each.label for each in guests if each.label])
    labels = set(named.values_list("label", flat=True))
    used = invited.filter(token_hash__in=hashes).values_list("token_hash", flat=True)
    told = "was invited already; their link can't be told again, since only its hash is kept."
    wrong = [Fault(each.line, f"{each.label} {told}") for each in guests if each.label in labels]
    told = "the token is that of another invitation."
    wrong += [Fault(hashes[bytes(found)].line, told) for found in used]
    return sorted(wrong, key=lambda fault: fault.line)
