"""How far the person of a panel's id came, for the panel's own server."""

from dataclasses import dataclass

from responses import tokens
from responses.codes import NOBODY_OF_ID, WITHDREW, Person, Verdict, verdict_on
from responses.identity_log import note_reading
from responses.models import IdentityReading, Mode, PanelIdentity
from responses.panel_list import is_finished


@dataclass(frozen=True)
class PanelStanding:
    """Whether to pay them and why, and the code that they were shown, empty if none."""

    verdict: Verdict
    completion_code: str = ""


def panel_status(*, study_id: int, panel_id: str, mode: Mode, actor: str) -> PanelStanding:
    """What is known of that id in a study's mode, which is noted; two SQL statements.

    Of somebody who withdrew only that they did: what they had come to is cut off.
    """
    way = IdentityReading.Way.PANEL_STATUS
    note_reading(study_id=study_id, way=way, people=1, actor=actor)
    known = PanelIdentity.objects.select_related("participant").filter(
        study=study_id, mode=mode, value_hash=tokens.identity_hash(study_id, panel_id)
    )
    identity = known.first()
    if identity is None:
        return PanelStanding(NOBODY_OF_ID)
    participant = identity.participant
    if participant is None:
        return PanelStanding(WITHDREW)
    finished = is_finished(participant.version_id, participant.page)
    person = Person(participant.pk, participant.state, finished)
    return PanelStanding(verdict_on(person), participant.completion_code)
