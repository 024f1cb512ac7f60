"""`manage.py restore FILE`: a backup back into the database, checked against what was noted."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from analysis.backup.restoring import restore_backup
from analysis.backup.verifying import verify_site
from experiments.management.arguments import refusals


class Command(BaseCommand):
    """Exit code 0 if all that was noted is there, and all of it holds."""

    help = "Restores what backup wrote, into an empty database, while the site stands still."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and what else may go."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--replace", action="store_true", help="have all go that the database holds now"
        )
        parser.add_argument(
            "--other-key", action="store_true", help="go on without the backup's keys"
        )

    def handle(
        self, *args: Any, file: Path, replace: bool, other_key: bool, **options: Any
    ) -> None:
        """Restores, then verifies."""
        connection.close()
        with refusals():
            made = restore_backup(file.absolute(), replace=replace, other_key=other_key)
        rows = sum(made.facts.tables.values())
        self.stdout.write(f"Restored {rows:,} rows of {made.made_at}; counts and digests are same.")
        executor = MigrationExecutor(connection)
        if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write(
                f"It is of an earlier release ({len(plan)} migrations are missing): run "
                "update_site, then verify_site."
            )
            return
        found = list(verify_site())
        for each in found:
            self.stdout.write(f"{each.what}: {each.line}")
        if not all(each.holds for each in found):
            raise CommandError("Something does not hold.")
        self.stdout.write("All holds.")
