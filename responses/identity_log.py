"""Notes every reading of identities: no page, command or token tells one without a line of it."""

from responses.models import IdentityReading


def note_reading(
    *, study_id: int, way: IdentityReading.Way, people: int, actor: str
) -> IdentityReading:
    """Notes that somebody reads who so many people are, before they are told; one SQL statement."""
    return IdentityReading.objects.create(study_id=study_id, way=way, people=people, actor=actor)
