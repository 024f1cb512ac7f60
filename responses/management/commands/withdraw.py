"""`manage.py withdraw STUDY WHO`: withdraws a participant who asked for it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from experiments.management.arguments import add_study, study_named
from experiments.management.who import shell_user
from responses.management.participants import add_participant, participant_named
from responses.withdrawal import withdraw


class Command(BaseCommand):
    """Erases one participant; it is recorded who did it."""

    help = "Withdraws a participant: erases what they gave and what identifies them, for good."

    def add_arguments(self, parser: CommandParser) -> None:
        """The study, the participant, and whether their answers may stay."""
        add_study(parser)
        add_participant(parser)
        parser.add_argument(
            "--keep",
            action="store_true",
            help="keep the answers, as the participant allowed; erase what identifies them",
        )

    def handle(self, *args: Any, study: str, who: str, keep: bool, **options: Any) -> None:
        """Withdraws, once."""
        found = participant_named(study_named(study), who)
        if not withdraw(participant_id=found.pk, keep=keep, actor=shell_user()):
            raise CommandError(f"{found} withdrew before.")
        left = "their answers stay, without a name" if keep else "their answers are erased"
        self.stdout.write(f"{found} is withdrawn; {left}.")
