"""What the desk's page on one participant says beside their timeline."""

from responses.blinding import way_is_secret
from responses.models import Participant


def page_shown(participant: Participant) -> str:
    """The page that they are on; a dash if that could tell an arm that is secret."""
    return "–" if way_is_secret(participant) else participant.page


def page_number(asked: str) -> int:
    """The number of the timeline's page that an address asks for; the first if it is none."""
    return int(asked) if asked.isascii() and asked.isdecimal() and 0 < len(asked) < 6 else 1
