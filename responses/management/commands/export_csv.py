"""`manage.py export_csv STUDY`: a study's data as CSV on standard output."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError

from experiments.models import Study
from responses.export.csv import csv_chunks
from responses.export.record import ExportRefusedError, record_export
from responses.management.shell import shell_user
from responses.models import ExportRecord, Mode
from responses.quality import refresh_flags

# What a shell reports of a program whose reader went away: 128 + SIGPIPE.
READER_LEFT = 141


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


def _write(export: ExportRecord) -> None:
    output = sys.stdout.buffer
    try:
        for chunk in csv_chunks(export=export):
            output.write(chunk)
        output.flush()
    except BrokenPipeError:
        # Whoever read it has had enough; Python would complain when it closes the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), output.fileno())
        raise SystemExit(READER_LEFT) from None
    except (psycopg.Error, OSError) as error:
        why = " ".join(str(error).split())
        raise CommandError(f"The export broke off, the file is not whole: {why}") from None
