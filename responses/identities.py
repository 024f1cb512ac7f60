"""The panel's id of a participant: kept encrypted, read where the panel wants its person back."""

from collections.abc import Mapping

from cryptography.fernet import InvalidToken

from experiments.cipher import Purpose, decrypt, encrypt
from experiments.design import Design
from experiments.refusals import Refused
from experiments.said import said
from experiments.vignette import slots
from responses.models import PanelIdentity
from responses.person import Participant

# How whatever is encrypted begins: with the version of Fernet's tokens, in base 64.
SEALED = "gAAAA"


def sealed(value: str) -> str:
    """A panel's id as the database keeps it; nothing stays nothing."""
    return encrypt(Purpose.PANEL_ID, value.encode()) if value else ""


def opened(kept: str) -> str:
    """The id that the database keeps so; Refused if the key that it was kept under is not set.

    One that an older release has written is as it came, until `rotate_keys` encrypts it.
    """
    if not kept.startswith(SEALED):
        return kept
    try:
        return decrypt(Purpose.PANEL_ID, kept).decode()
    except InvalidToken:
        raise Refused(
            said(
                "The panel's ids can't be read: the key that they were kept under is not among "
                "COPROD_ENCRYPTION_KEYS; set it again."
            )
        ) from None


def identity_of(participant: Participant, design: Design, address: str) -> Mapping[str, str]:
    """The id by the code of its parameter, if the address has a slot for it; one statement then."""
    codes = {each.code for each in design.parameters if each.identifies} & slots(address)
    if not codes:
        return {}
    values = PanelIdentity.objects.filter(participant=participant.id).values_list(
        "value", flat=True
    )
    return dict.fromkeys(codes, opened(values.first() or ""))
