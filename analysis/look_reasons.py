"""Why a look was ordered, to be read: one reason is the site's own, the others are people's."""

from experiments.in_words import in_words
from experiments.said import said

# It is stored in English, so that the log is the same whoever reads it.
EVERYBODY = said(
    "Everybody of a rehearsal, of whom fewer counted than the last look of the plan wants."
)


def reason_words(reason: str) -> str:
    """A stored reason as people wrote it, or the site's own in the language that is active."""
    return in_words(EVERYBODY) if reason == EVERYBODY.template else reason
