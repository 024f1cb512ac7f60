"""`manage.py launch_study STUDY`: opens a study, or puts its changed rows into force."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from experiments.launch import launch
from experiments.management.arguments import add_study, refusals, study_named
from experiments.management.who import shell_user
from responses.links import entry_link, known_site
from responses.models import Mode

# Where `make run` serves.
_LIKE_THIS = "http://localhost:8000"


class Command(BaseCommand):
    """Launches a study or lists every reason why not."""

    help = "Launches a study or its pilot; prints the link, the version and the seed's commitment."

    def add_arguments(self, parser: CommandParser) -> None:
        """The study, whether it is the pilot, and why if it runs already."""
        add_study(parser)
        parser.add_argument("--pilot", action="store_true", help="open the pilot, not the study")
        parser.add_argument(
            "--reason",
            default="",
            metavar="TEXT",
            help="why the design of a running study changes; kept with the version",
        )
        parser.add_argument(
            "--site",
            default="",
            metavar="URL",
            help="the site's address, if the settings tell none",
        )

    def handle(self, *args: Any, study: str, pilot: bool, **options: Any) -> None:
        """Launches and prints what participants and registries need."""
        if options["site"] and not options["site"].startswith(("http://", "https://")):
            raise CommandError("--site must be an address that begins with https:// or http://.")
        with refusals():
            version = launch(
                study=study_named(study), pilot=pilot, reason=options["reason"], by=shell_user()
            )
        if not options["verbosity"]:
            return
        mode = Mode.PILOT if pilot else Mode.LIVE
        self.stdout.write(f"{study} is {version.study.status}.")
        site = options["site"] or known_site()
        self.stdout.write(f"Link: {entry_link(study, mode, site)}")
        if not site:
            self.stdout.write(f"Put the site's address before it, or say it: --site {_LIKE_THIS}")
        self.stdout.write(f"Version: {version.number}, design digest {version.digest}")
        self.stdout.write(f"Seed commitment (SHA-256): {version.study.seed_sha256}")
