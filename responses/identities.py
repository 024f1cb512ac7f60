"""The panel's id of a participant, read only where the panel wants its person back."""

from collections.abc import Mapping

from experiments.design import Design
from experiments.vignette import slots
from responses.models import PanelIdentity
from responses.person import Participant


def identity_of(participant: Participant, design: Design, address: str) -> Mapping[str, str]:
    """The id by the code of its parameter, if the address has a slot for it; one statement then."""
    codes = {each.code for each in design.parameters if each.identifies} & slots(address)
    if not codes:
        return {}
    values = PanelIdentity.objects.filter(participant=participant.id).values_list(
        "value", flat=True
    )
    return dict.fromkeys(codes, values.first() or "")
