"""`manage.py resume_study STUDY`: lets people in again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from experiments.launch import resume
from experiments.management.arguments import add_study, refusals, study_named
from experiments.management.who import shell_user


class Command(BaseCommand):
    """The move `resume` of a study."""

    help = "Lets people in again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Names the study."""
        add_study(parser)

    def handle(self, *args: Any, study: str, **options: Any) -> None:
        """Makes the move and says so."""
        with refusals():
            resume(study=study_named(study), by=shell_user())
        self.stdout.write(f"{study} is live again.")
