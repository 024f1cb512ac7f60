"""How often the comprehension checks of a page were misunderstood, and whether that was told."""

from collections.abc import Collection, Mapping

from experiments.answers import Answers
from responses.person import Participant
from responses.questionnaire import tries_to_go


def was_sent_again(participant: Participant, answers: Answers, told: Collection[str]) -> bool:
    """Whether the page was stored just so already, and its checks found wrong since it was shown.

    `told` are the tries that the page showed, as `tries_told` names them: without them, sending the
    same page twice would use two tries.
    """
    same = all(participant.answers.get(code) == answer for code, answer in answers.items())
    return same and not tries_told(participant) <= set(told)


def tries_told(participant: Participant) -> frozenset[str]:
    """The tries of each check of their page, as the page carries them along."""
    tries = participant.tries
    if not tries:
        return frozenset()
    return frozenset(f"{i.code}:{tries[i.code]}" for i in participant.on.items if i.code in tries)


def tries_left(participant: Participant) -> Mapping[str, int]:
    """The tries that are left, by check of their page that was misunderstood and may be mended."""
    if not participant.tries:
        return {}
    return tries_to_go(participant.on, participant.answers, participant.tries)


def has_tried(participant: Participant) -> bool:
    """Whether they sent the page before and were asked to read it again."""
    return any(item.code in participant.tries for item in participant.on.items)
