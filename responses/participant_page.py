"""What the desk's page on one participant says: the pages that were sent, and what stays secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from responses.blinding import secret_items, secret_pages, way_is_secret
from responses.designs import version_of
from responses.models import Participant, Submission
from responses.said import answer_words


@dataclass(frozen=True)
class SentPage:
    """One page that was sent, with its answers as words."""

    submission: Submission
    answers: tuple[tuple[str, str], ...]


def pages_sent(participant: Participant) -> list[SentPage]:
    """The pages that a participant sent, without what would tell an arm that is secret.

    What is secret is not there at all: that somebody was asked it could tell as much. One SQL
    statement.
    """
    hidden, secret = secret_pages(participant), secret_items(participant)
    return [
        SentPage(submission, _answers(participant, submission.answers, secret))
        for submission in participant.submissions.all()
        if submission.page not in hidden
    ]


def page_shown(participant: Participant) -> str:
    """The page that they are on; a dash if that could tell an arm that is secret."""
    return "–" if way_is_secret(participant) else participant.page


def _answers(
    participant: Participant, answers: Mapping[str, Any], secret: frozenset[str]
) -> tuple[tuple[str, str], ...]:
    """The answers in the order asked."""
    design = version_of(participant.version_id).design
    language = get_language() or "en"
    return tuple(
        (code, answer_words(design, code, answers[code], language))
        for code in (item.code for item in design.items())
        if code in answers and code not in secret
    )
