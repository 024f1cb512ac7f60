"""`manage.py export_ledger STUDY --output FOLDER`: a closed study's ledger, with what checks it."""

from pathlib import Path
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from experiments.management.arguments import add_study, refusals, study_named
from experiments.management.who import shell_user
from responses.export.ledger import CHECK, export_ledger
from responses.export.record import record_ledger
from responses.models import Mode


class Command(BaseCommand):
    """Writes a new folder, whole or not at all, and says how to check it."""

    help = "Writes the ledger of a closed study as a folder that can be checked without Coprod."

    def add_arguments(self, parser: CommandParser) -> None:
        """Names the study and the folder."""
        add_study(parser)
        parser.add_argument(
            "--output", type=Path, required=True, metavar="FOLDER", help="a new folder, or empty"
        )

    def handle(self, *args: Any, study: str, output: Path, **options: Any) -> None:
        """Writes it."""
        row = study_named(study)
        try:
            with refusals(), transaction.atomic():
                record_ledger(study=row, mode=Mode.LIVE, actor=shell_user())
                folder = export_ledger(study=row, folder=output)
        except (OSError, psycopg.Error) as error:
            why = " ".join(str(error).split())
            raise CommandError(f"The ledger could not be written, nothing is left: {why}") from None
        self.stdout.write(
            f"The ledger of {study} is in {folder}. Check it by: python {folder / CHECK.name}"
        )
