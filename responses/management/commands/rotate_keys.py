"""`manage.py rotate_keys`: encrypts everything anew under the first of the encryption keys."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from experiments.refusals import Refused
from responses.rekeying import rekey


class Command(BaseCommand):
    """Prints how much was encrypted anew; participants notice nothing."""

    help = (
        "Encrypts seeds, panels' ids and secrets of second factors anew under the first of "
        "COPROD_ENCRYPTION_KEYS, after which the others may be taken out."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """All seeds at once, the ids some at a time, then the second factors at once."""
        try:
            done = rekey()
        except Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(
            f"{done.seeds} seeds, {done.panel_ids} ids of panels and {done.second_factors} secrets "
            "of second factors are encrypted under the first key."
        )
