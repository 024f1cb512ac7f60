"""`manage.py invite STUDY LABELS.csv`: a personal link for each person of a list."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from experiments.management.arguments import add_study, refusals, study_named
from responses.guests import read_guests
from responses.invitations import invite, links_file
from responses.management.shell import content_of, write_result
from responses.sheets import read_sheet


class Command(BaseCommand):
    """Makes the links of a list, or says what is wrong with which line."""

    help = "Makes a link for each person of a CSV file, to be used once; writes them as CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        """The study, the list, and where the links go."""
        add_study(parser)
        parser.add_argument(
            "labels", type=Path, help="a CSV file with a column label, or token, or both"
        )
        parser.add_argument("--output", type=Path, metavar="FILE", help="write to this new file")
        parser.add_argument(
            "--site", default="", metavar="URL", help="the site's address, to write whole links"
        )

    def handle(
        self, *args: Any, study: str, labels: Path, output: Path | None, site: str, **options: Any
    ) -> None:
        """Makes the links and writes them; none are made if they can't be written."""
        if site and not site.startswith(("http://", "https://")):
            raise CommandError("--site must be an address that begins with https:// or http://.")
        row, content = study_named(study), content_of(labels)
        with refusals(), transaction.atomic():
            links = invite(study_id=row.pk, guests=read_guests(read_sheet(content)), base=site)
            write_result(links_file(links), output)
        self.stderr.write(f"{len(links)} invited to {study}.")
