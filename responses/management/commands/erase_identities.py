"""`manage.py erase_identities STUDY`: erases who the people of a closed study are."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from experiments.management.arguments import add_study, study_named
from experiments.management.who import shell_user
from experiments.refusals import Refused
from responses.retention import erase_identities


class Command(BaseCommand):
    """Does at once what a study's `identities_kept_days` would have done in its time."""

    help = "Erases what identifies the people of a closed study, for good; answers stay."

    def add_arguments(self, parser: CommandParser) -> None:
        """The study."""
        add_study(parser)

    def handle(self, *args: Any, study: str, **options: Any) -> None:
        """Erases, and says how much there was."""
        try:
            records = erase_identities(study=study_named(study), actor=shell_user())
        except Refused as refused:
            raise CommandError(str(refused)) from None
        for record in records:
            rows = ", ".join(f"{name} {count}" for name, count in record.rows.items())
            self.stdout.write(f"{record.mode}: {rows}")
