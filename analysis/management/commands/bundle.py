"""`manage.py bundle STUDY --output FILE.zip`: everything that a reader needs to rerun a study."""

from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis.bundle.asking import ask_bundle
from analysis.bundle.licence import LICENCES
from analysis.bundle.running import NotMadeError, make_bundle
from analysis.models import Bundle
from experiments.management.arguments import add_study, refusals, study_named
from experiments.management.who import shell_user
from responses.export.stating import stated_lines
from responses.export.tables import NAMES
from responses.models import Mode


class Command(BaseCommand):
    """Makes the file whole or not at all, and says its SHA-256."""

    help = "Makes a study's replication bundle as a zip file."

    def add_arguments(self, parser: CommandParser) -> None:
        """The study, whose data, which of them, under which licence, and whereto."""
        add_study(parser)
        parser.add_argument("--mode", choices=Mode.values, default=Mode.LIVE.value)
        parser.add_argument(
            "--table",
            choices=NAMES,
            action="append",
            default=[],
            help="beside the participants; all by default; several times for several",
        )
        parser.add_argument("--license", choices=LICENCES, default="none")
        parser.add_argument(
            "--output",
            type=Path,
            required=True,
            metavar="FILE",
            help="takes the place of a file that is there, once it is whole",
        )

    def handle(self, *args: Any, study: str, output: Path, **options: Any) -> None:
        """Makes it."""
        if output.is_dir() or not output.parent.is_dir():
            raise CommandError(f"{output} is in no folder, or is one.")
        with refusals():
            bundle = ask_bundle(
                study=study_named(study),
                mode=Mode(options["mode"]),
                actor=shell_user(),
                licence=options["license"],
                table_names=options["table"],
            )
        try:
            made = make_bundle(bundle=bundle, path=output, told=partial(_said, self))
        except NotMadeError as why:
            raise CommandError(f"The bundle was not made: {why}") from None
        for line in stated_lines(bundle.export):
            self.stderr.write(line)
        self.stdout.write(f"{made.sha256}  {output}")
        self.stderr.write(f"Check it by: python manage.py verify_bundle {output}")


def _said(command: Command, step: str) -> None:
    command.stderr.write(f"… {Bundle.Step(step).label}")
