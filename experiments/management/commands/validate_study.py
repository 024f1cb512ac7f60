"""`manage.py validate_study FILE`: the problems of a study file, for an editor or CI."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from experiments.design import digest
from experiments.management.arguments import more_may_come, parsed, problem_lines


class Command(BaseCommand):
    """Prints `file:line: message — remedy` for each problem; needs no database."""

    help = (
        "Lists the problems of a study file, all at once unless something can't be read; exit code "
        "1 if there is one."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Names the file."""
        parser.add_argument("file", type=Path, help="a study file, as in studies/park.yaml")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Prints the problems, or that there is none and the digest that a launch would freeze."""
        found = parsed(file)
        for line in problem_lines(file, found):
            self.stdout.write(line)
        if found.problems or found.design is None:
            raise CommandError(f"{file}: {len(found.problems)} to mend.{more_may_come(found)}")
        self.stdout.write(f"{file}: OK, {found.design.study}, digest {digest(found.design)}")
