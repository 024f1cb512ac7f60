"""Notes every reading of identities: no page, command or token tells one without a line of it."""

from dataclasses import dataclass

from django.db import transaction

from responses.identities import opened
from responses.models import IdentityReading, Invitation, PanelIdentity, Participant


def note_reading(
    *, study_id: int, way: IdentityReading.Way, people: int, actor: str
) -> IdentityReading:
    """Notes that somebody reads who so many people are, before they are told; one SQL statement."""
    return IdentityReading.objects.create(study_id=study_id, way=way, people=people, actor=actor)


@dataclass(frozen=True)
class Identity:
    """The panel's id of somebody and the label of their invitation; empty where there is none."""

    panel_id: str
    label: str


@transaction.atomic
def read_identity(*, participant: Participant, actor: str) -> Identity:
    """Who somebody is, noted as read by `actor`; three SQL statements."""
    way = IdentityReading.Way.PARTICIPANT
    note_reading(study_id=participant.study_id, way=way, people=1, actor=actor)
    panel = PanelIdentity.objects.filter(participant=participant)
    invited = Invitation.objects.filter(participant=participant)
    return Identity(
        opened(panel.values_list("value", flat=True).first() or ""),
        invited.values_list("label", flat=True).first() or "",
    )
