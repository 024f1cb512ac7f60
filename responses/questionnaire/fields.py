"""PURE: the names of the fields that pages send beside the answers."""

CONSENT_FIELD = "consent"
AGREE = "agree"
DECLINE = "decline"

# After an item's code: the box that says why there is no value.
MISSING_FIELD = "missing"


def part(item: str, option: str) -> str:
    """The field of one option of an item that has a field for each."""
    return f"{item}.{option}"
