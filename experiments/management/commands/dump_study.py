"""`manage.py dump_study STUDY`: a study's rows as a study file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from experiments.compiler import read_rows
from experiments.management.arguments import add_study, study_named
from experiments.studyfile import dump


class Command(BaseCommand):
    """Writes the file that load_study reads back; the same study gives the same bytes."""

    help = "Writes a study as a study file to standard output or --output."

    def add_arguments(self, parser: CommandParser) -> None:
        """The study, and where to."""
        add_study(parser)
        parser.add_argument("--output", type=Path, metavar="FILE", help="write to this file")

    def handle(self, *args: Any, study: str, output: Path | None, **options: Any) -> None:
        """Writes the file."""
        text = dump(read_rows(study_named(study)))
        if output is None:
            self.stdout.write(text, ending="")
            return
        try:
            output.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise CommandError(f"{output} can't be written: {error.strerror}.") from None
