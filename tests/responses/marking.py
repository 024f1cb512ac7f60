"""Marks for exclusion in tests."""

from experiments.models import Study
from responses.exclusion_marks import Marked, mark
from responses.models import Mode, Participant

WORDS = "Two rows of one address, 14:02."


def marked(
    study: Study, *people: Participant, reason: str = "duplicate", mode: Mode = Mode.LIVE
) -> Marked:
    """Marks them, or takes their marks back with an empty reason."""
    ids = [person.pk for person in people]
    return mark(study=study, mode=mode, people=ids, reason=reason, words=WORDS, actor="fieldwork")
