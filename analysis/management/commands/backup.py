"""`manage.py backup FILE`: the whole database as a file, while the site runs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from analysis.backup.manifest import NEEDS, beside
from analysis.backup.writing import write_backup
from experiments.management.arguments import refusals


class Command(BaseCommand):
    """Two files, readable by their owner alone: the dump, and what it has to hold."""

    help = "Writes the database to a file, and beside it what restore holds it against."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Makes both, and says what they need."""
        with refusals():
            made = write_backup(file.absolute())
        rows = sum(made.facts.tables.values())
        self.stdout.write(f"{file}: {made.bytes:,} bytes, SHA-256 {made.sha256}")
        self.stdout.write(
            f"{beside(file)}: {rows:,} rows in {len(made.facts.tables)} tables, "
            f"{len(made.facts.designs)} designs, {len(made.facts.ledgers)} lists of allocations"
        )
        self.stdout.write(f"It needs {NEEDS} They are {', '.join(made.key_marks)}.")
