"""How a command is told which participant it is about."""

from uuid import UUID

from django.core.management.base import CommandError, CommandParser

from experiments.models import Study
from responses import tokens
from responses.models import Participant


def add_participant(parser: CommandParser) -> None:
    """The argument WHO."""
    who = "the resume code, or the whole reference, which the desk shows on their page"
    parser.add_argument("who", help=who)


def participant_named(study: Study, who: str) -> Participant:
    """The study's participant of that resume code or reference; CommandError if there is none."""
    found = Participant.objects.filter(study=study)
    try:
        person = found.filter(reference=UUID(who)).first()
    except ValueError:
        person = found.filter(token_hash=tokens.token_hash(tokens.read(who))).first()
    if person is None:
        raise CommandError(f"{study} has no participant of that resume code or reference.")
    return person
