"""`manage.py codebook STUDY`: what each variable of a study's data is, and how they are filled."""

from pathlib import Path
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError, CommandParser

from experiments.management.arguments import add_study, refusals, study_named
from experiments.management.who import shell_user
from responses.export.codebook.formats import BOOK_FORMATS
from responses.export.codebook.making import make_codebook
from responses.export.making import whole_file
from responses.management.shell import broken_off, quietly_if_left, standard_output
from responses.models import Mode


class Command(BaseCommand):
    """Of what was launched with counts of its data, of a draft without."""

    help = "Writes a study's codebook to a file, or to standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        """The study, whose data are counted, how and whereto."""
        add_study(parser)
        parser.add_argument("--mode", choices=Mode.values, default=Mode.LIVE.value)
        parser.add_argument("--format", choices=BOOK_FORMATS, default="md")
        parser.add_argument(
            "--output",
            type=Path,
            metavar="FILE",
            help="takes the place of a file that is there, once it is whole",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Records that it was asked for, counts, writes."""
        output: Path | None = options["output"]
        if output is not None and (output.is_dir() or not output.parent.is_dir()):
            raise CommandError(f"{output} is in no folder, or is one.")
        name = options["format"]
        try:
            with refusals():
                book = make_codebook(
                    study=study_named(options["study"]),
                    mode=Mode(options["mode"]),
                    actor=shell_user(),
                    format_name=name,
                )
            content = BOOK_FORMATS[name].write(book)
            if output is not None:
                with whole_file(output) as file:
                    file.write(content)
                return
            with quietly_if_left():
                standard_output().write(content)
                standard_output().flush()
        except (psycopg.Error, OSError) as error:
            raise broken_off(error) from None
