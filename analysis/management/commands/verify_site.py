"""`manage.py verify_site`: whether what the database holds is whole."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analysis.backup.verifying import verify_site


class Command(BaseCommand):
    """A line for each thing that was checked; exit code 1 if any does not hold."""

    help = "Checks designs, ledgers, logs of looks and counts of every study."

    def handle(self, *args: Any, **options: Any) -> None:
        """Checks one after the other."""
        wrong = 0
        for each in verify_site():
            self.stdout.write(f"{each.what}: {'' if each.holds else 'WRONG: '}{each.line}")
            wrong += not each.holds
        if wrong:
            raise CommandError(f"{wrong} do not hold.")
        self.stdout.write("All holds.")
