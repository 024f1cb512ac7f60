"""`manage.py validate_truth STUDY FILE`: every problem of a truth file, for an editor or CI."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from experiments.compiler import read_rows
from experiments.management.arguments import add_study, study_named
from rehearsal.management.truths import read_truth


class Command(BaseCommand):
    """Prints `file:line: message — remedy` for each problem."""

    help = "Lists every problem of a truth file for a study; exit code 1 if there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        """The study, and the file."""
        add_study(parser)
        parser.add_argument("file", type=Path, help="as in studies/coproduction.truth.yaml")

    def handle(self, *args: Any, study: str, file: Path, **options: Any) -> None:
        """Prints the problems, or that there is none."""
        design = read_rows(study_named(study))
        found = read_truth(file, design)
        for problem in found.problems:
            self.stdout.write(f"{file}:{problem.line}: {problem}")
        if found.truth is None:
            raise CommandError(f"{file}: {len(found.problems)} to mend.")
        self.stdout.write(f"{file}: OK for {study}")
