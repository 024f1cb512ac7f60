"""`manage.py export_csv STUDY`: a study's data as CSV on standard output."""

from argparse import ArgumentParser
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError

from experiments.management.who import shell_user
from experiments.models import Study
from responses.export.making import write_export
from responses.export.options import Options
from responses.export.reconciliation import NotReconciledError
from responses.export.record import ExportRefusedError, record_export
from responses.export.stating import stated_lines
from responses.management.shell import broken_off, quietly_if_left, standard_output
from responses.models import ExportRecord, Mode
from responses.quality import refresh_flags


class Command(BaseCommand):
    """Streams the CSV; the file is whole if and only if the exit code is 0."""

    help = "Writes a study's data as CSV to standard output, one row per participant."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The study, whose data, and whether blinded arms are to be shown."""
        parser.add_argument("study", help="the study's short name")
        parser.add_argument("--mode", choices=Mode.values, default=Mode.LIVE.value)
        parser.add_argument(
            "--unblind",
            action="store_true",
            help="show the arms although the study still collects; it is recorded as a deviation",
        )
        parser.add_argument("--reason", default="", metavar="TEXT", help="why; with --unblind")

    def handle(self, *args: Any, **options: Any) -> None:
        """Records the export, then writes it."""
        try:
            study = Study.objects.get(slug=options["study"])
            export = record_export(
                study=study,
                mode=Mode(options["mode"]),
                actor=shell_user(),
                unblind=options["unblind"],
                reason=options["reason"],
            )
        except Study.DoesNotExist:
            raise CommandError(f"There is no study {options['study']!r}.") from None
        except ExportRefusedError as refused:
            raise CommandError(str(refused)) from None
        refresh_flags(study_id=study.pk, mode=export.mode)
        _write(export)
        for line in stated_lines(export):
            self.stderr.write(line)


def _write(export: ExportRecord) -> None:
    output = standard_output()
    try:
        with quietly_if_left():
            write_export(export=export, file=output, options=Options())
            output.flush()
    except NotReconciledError as missing:
        raise CommandError(str(missing)) from None
    except (psycopg.Error, OSError) as error:
        raise broken_off(error) from None
