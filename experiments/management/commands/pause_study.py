"""`manage.py pause_study STUDY`: lets nobody new in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from experiments.launch import pause
from experiments.management.arguments import add_study, refusals, study_named
from experiments.management.who import shell_user


class Command(BaseCommand):
    """The move `pause` of a study."""

    help = "Lets nobody new in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Names the study."""
        add_study(parser)

    def handle(self, *args: Any, study: str, **options: Any) -> None:
        """Makes the move and says so."""
        with refusals():
            pause(study=study_named(study), by=shell_user())
        self.stdout.write(
            f"{study} is paused: nobody new gets in, and who is in the middle finishes."
        )
