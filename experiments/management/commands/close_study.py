"""`manage.py close_study STUDY`: ends a study for good and reveals its seed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from experiments.launch import close
from experiments.management.arguments import add_study, refusals, study_named
from experiments.management.who import shell_user


class Command(BaseCommand):
    """The move `close` of a study, which is its last."""

    help = "Ends a study for good, makes its final look due and reveals its seed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Names the study."""
        add_study(parser)

    def handle(self, *args: Any, study: str, **options: Any) -> None:
        """Makes the move and prints the seed beside its commitment."""
        with refusals():
            closed = close(study=study_named(study), by=shell_user())
        self.stdout.write(f"{study} is closed.")
        self.stdout.write(f"Seed: {closed.seed_revealed}")
        self.stdout.write(f"Its SHA-256, published at launch: {closed.seed_sha256}")
