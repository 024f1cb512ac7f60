"""`manage.py dump_truth STUDY`: a truth for a study, to be changed."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from experiments.compiler import read_rows
from experiments.management.arguments import add_study, study_named
from rehearsal.default_truth import default_truth
from rehearsal.truth_file import dump_truth


class Command(BaseCommand):
    """Writes what a rehearsal takes to be true unless it is told otherwise."""

    help = "Writes a truth file made from a study's design to standard output or --output."

    def add_arguments(self, parser: CommandParser) -> None:
        """The study, and where to."""
        add_study(parser)
        parser.add_argument("--output", type=Path, metavar="FILE", help="write to this file")

    def handle(self, *args: Any, study: str, output: Path | None, **options: Any) -> None:
        """Writes the file."""
        text = dump_truth(default_truth(read_rows(study_named(study))))
        if output is None:
            self.stdout.write(text, ending="")
            return
        try:
            output.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise CommandError(f"{output} can't be written: {error.strerror}.") from None
