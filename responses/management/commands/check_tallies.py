"""`manage.py check_tallies STUDY`: holds the counts of the monitor against a count of everybody."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from experiments.management.arguments import add_study, study_named
from responses.tallies import mend_tallies, wrong_tallies


class Command(BaseCommand):
    """Prints a line for each tally that is wrong; ends with an error if any is left so."""

    help = "Counts everybody of a study and compares the tallies that the monitor shows."

    def add_arguments(self, parser: CommandParser) -> None:
        """The study, and whether to put right what is wrong."""
        add_study(parser)
        parser.add_argument("--mend", action="store_true", help="put right what is wrong")

    def handle(self, *args: Any, study: str, mend: bool, **options: Any) -> None:
        """Counts, compares, and mends if asked to."""
        found = study_named(study)
        wrong = mend_tallies(study=found) if mend else wrong_tallies(found)
        for each in wrong:
            line = f"{each.mode} {each.kind} {each.key}: {each.told}, counted {each.counted}"
            self.stdout.write(line)
        said = f"{len(wrong)} tallies were wrong"
        if wrong and not mend:
            raise CommandError(f"{said}; --mend puts them right.")
        self.stdout.write(f"{said}; they are right now." if wrong else "All tallies are right.")
