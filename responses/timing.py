"""How long a page must be read before it may be sent, and when its time is up."""

from math import ceil

from responses.person import Participant
from responses.tries import has_tried


def seconds_to_wait(participant: Participant) -> int:
    """The whole seconds until the page may be sent; none once it was sent and asked again.

    None either if the page became theirs in the future: the clock was set back meanwhile, and who
    can't be told how long they have read need not wait for it to come round again.
    """
    wait = participant.on.min_seconds - participant.seconds
    free = participant.seconds < 0 or has_tried(participant)
    return 0 if free else max(0, ceil(wait))


def seconds_left(participant: Participant) -> int:
    """The whole seconds until the page's time is up; 0 if it is, or if it has no limit."""
    return max(0, ceil(participant.on.max_seconds - max(0.0, participant.seconds)))


def time_is_up(participant: Participant) -> bool:
    """Whether the page had a limit, and it is over by the server's clock."""
    return 0 < participant.on.max_seconds <= participant.seconds
