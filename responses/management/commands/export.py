"""`manage.py export STUDY`: a study's data in any format, to a file or on standard output."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError

from experiments.management.who import shell_user
from experiments.models import Study
from responses.export.formats import FORMATS
from responses.export.limits import TooLargeForFormatError
from responses.export.making import make_file, write_export
from responses.export.options import Options
from responses.export.reconciliation import NotReconciledError
from responses.export.record import ExportRefusedError, record_export
from responses.export.stating import stated_lines
from responses.export.tables import NAMES
from responses.management.shell import broken_off, quietly_if_left, standard_output
from responses.models import ExportRecord, Mode
from responses.pacing import Pace, while_answering
from responses.quality import refresh_flags


class Command(BaseCommand):
    """Makes the file whole or not at all; it is whole if and only if the exit code is 0."""

    help = "Writes a study's data to a file, or to standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The study, whose data, which of them, how and whereto."""
        parser.add_argument("study", help="the study's short name")
        parser.add_argument("--mode", choices=Mode.values, default=Mode.LIVE.value)
        parser.add_argument("--format", choices=FORMATS, default="csv")
        parser.add_argument(
            "--table",
            choices=NAMES,
            action="append",
            default=[],
            help="by default participants, or all in a format that holds many; several times then",
        )
        parser.add_argument("--language", default="en", help="that of labels; en by default")
        parser.add_argument(
            "--bom", action="store_true", help="a byte order mark, by which Excel knows UTF-8"
        )
        parser.add_argument(
            "--no-guard",
            action="store_true",
            help="no apostrophe before texts that a spreadsheet could run as formulas",
        )
        parser.add_argument(
            "--unblind",
            action="store_true",
            help="show the arms although the study still collects; it is recorded as a deviation",
        )
        parser.add_argument("--reason", default="", metavar="TEXT", help="why; with --unblind")
        parser.add_argument(
            "--output",
            type=Path,
            metavar="FILE",
            help="takes the place of a file that is there, once it is whole; "
            "without it the data go to standard output, if they are text",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Records the export, then makes it."""
        output: Path | None = options["output"]
        if output is None and not FORMATS[options["format"]].is_text:
            raise CommandError(f"{FORMATS[options['format']].label} is no text: give an --output.")
        if output is not None and (output.is_dir() or not output.parent.is_dir()):
            raise CommandError(f"{output} is in no folder, or is one.")
        try:
            study = Study.objects.get(slug=options["study"])
            export = record_export(
                study=study,
                mode=Mode(options["mode"]),
                actor=shell_user(),
                unblind=options["unblind"],
                reason=options["reason"],
                format_name=options["format"],
                table_names=options["table"],
            )
        except Study.DoesNotExist:
            raise CommandError(f"There is no study {options['study']!r}.") from None
        except ExportRefusedError as refused:
            raise CommandError(str(refused)) from None
        chosen = Options(options["language"], bom=options["bom"], guard=not options["no_guard"])
        with while_answering() as pace:
            refresh_flags(study_id=study.pk, mode=export.mode, pace=pace)
            _write(export, output, chosen, pace)
        for line in stated_lines(export):
            self.stderr.write(line)


def _write(export: ExportRecord, output: Path | None, options: Options, pace: Pace) -> None:
    try:
        if output is not None:
            make_file(export=export, path=output, options=options, pace=pace)
        else:
            with quietly_if_left():
                write_export(export=export, file=standard_output(), options=options, pace=pace)
                standard_output().flush()
    except (TooLargeForFormatError, NotReconciledError) as refused:
        raise CommandError(str(refused)) from None
    except (psycopg.Error, OSError) as error:
        raise broken_off(error) from None
