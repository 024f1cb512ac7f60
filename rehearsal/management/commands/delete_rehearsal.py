"""`manage.py delete_rehearsal STUDY`: deletes everything that a study's rehearsal left."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from experiments.management.arguments import add_study, refusals, study_named
from experiments.management.who import shell_user
from rehearsal.deletion import delete_rehearsal


class Command(BaseCommand):
    """Deletes a rehearsal; it is recorded who did it."""

    help = "Deletes a study's rehearsal: its people, what they sent, its ledger and its looks."

    def add_arguments(self, parser: CommandParser) -> None:
        """The study."""
        add_study(parser)

    def handle(self, *args: Any, study: str, **options: Any) -> None:
        """Deletes it, whole or not at all."""
        with refusals():
            record = delete_rehearsal(study=study_named(study), actor=shell_user())
        if record is None:
            raise CommandError(f"{study} has no rehearsal.")
        told = ", ".join(f"{name} {count}" for name, count in record.rows.items() if count)
        self.stdout.write(f"The rehearsal of {study} is deleted: {told}.")
