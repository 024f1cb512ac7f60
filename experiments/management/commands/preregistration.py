"""`manage.py preregistration STUDY`: the text that a registry asks for."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from experiments.management.arguments import add_study, refusals, study_named
from experiments.registering import register


class Command(BaseCommand):
    """Writes the preregistration of the version in force, or of the rows as a draft."""

    help = "Writes a study's preregistration, in Markdown, to standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        """The study, in which language its own texts are, and whether it is a draft."""
        add_study(parser)
        parser.add_argument(
            "--language", default="", help="one of the study's languages, for its own texts"
        )
        parser.add_argument(
            "--draft", action="store_true", help="of the study as it is edited, before its launch"
        )

    def handle(self, *args: Any, study: str, language: str, draft: bool, **options: Any) -> None:
        """Writes the text."""
        with refusals():
            found = register(study_named(study), draft=draft, language=language)
        self.stdout.write(found.text, ending="")
