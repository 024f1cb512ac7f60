"""`manage.py verify_bundle FILE`: whether a replication bundle holds."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis.bundle.opening import BundleUnreadableError, verify_bundle


class Command(BaseCommand):
    """Runs nothing that is in the bundle; exit code 1 if anything does not hold."""

    help = "Checks a replication bundle: files, designs, ledger, counts."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Says what holds, then what does not."""
        try:
            found = verify_bundle(file)
        except BundleUnreadableError as why:
            raise CommandError(str(why)) from None
        except OSError as error:
            raise CommandError(f"{file} can't be read: {error.strerror or error}.") from None
        for line in (*found.held, *found.problems):
            self.stdout.write(line)
        if found.problems:
            raise CommandError("Something does not hold.")
        self.stdout.write("All holds.")
