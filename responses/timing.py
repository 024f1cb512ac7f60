"""How long a page must be read before it may be sent, and when its time is up."""

from math import ceil

from responses.person import Participant
from responses.tries import has_tried


def seconds_to_wait(participant: Participant) -> int:
    """The whole seconds until the page may be sent; none once it was sent and asked again."""
    wait = participant.on.min_seconds - participant.seconds
    return 0 if has_tried(participant) else max(0, ceil(wait))


def seconds_left(participant: Participant) -> int:
    """The whole seconds until the page's time is up; 0 if it is, or if it has no limit."""
    return max(0, ceil(participant.on.max_seconds - participant.seconds))


def time_is_up(participant: Participant) -> bool:
    """Whether the page had a limit, and it is over by the server's clock."""
    return 0 < participant.on.max_seconds <= participant.seconds
