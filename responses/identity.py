"""Who a participant is, for who may know it; each time that it is shown is noted."""

from dataclasses import dataclass

from django.db import transaction

from responses.identity_log import note_reading
from responses.models import IdentityReading, Invitation, PanelIdentity, Participant


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
        panel.values_list("value", flat=True).first() or "",
        invited.values_list("label", flat=True).first() or "",
    )
