"""Replays a study's ledger and tests what its randomisations came to."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis.audit import audit
from analysis.cells import Section, Table
from analysis.integrity_page import sections, standing
from experiments.management.arguments import add_study, study_named
from responses.models import Mode


class Command(BaseCommand):
    """`integrity STUDY [--mode M]`: what the desk's page says; exit code 1 if no ledger replays."""

    help = "Replays a study's ledger and tests attrition, sample ratios and balance by arm."

    def add_arguments(self, parser: CommandParser) -> None:
        """Names the study and the mode."""
        add_study(parser)
        parser.add_argument("--mode", choices=Mode.values, default=Mode.LIVE.value)

    def handle(self, *args: Any, study: str, mode: str, **options: Any) -> None:
        """Prints the tables."""
        found = audit(study_named(study), mode)
        for line in standing(found):
            self.stdout.write(line)
        for section in sections(found, "en"):
            for line in _lines(section):
                self.stdout.write(line)
        if not found.replay.holds:
            raise CommandError("There is no ledger that replays: see the first line.")


def _lines(section: Section) -> list[str]:
    lines = ["", section.title.upper()]
    for table in section.tables:
        lines += ["", table.caption, *_grid(table), *table.notes]
    return lines


def _grid(table: Table) -> list[str]:
    """The table in columns as wide as their widest cell."""
    grid = (table.headers, *table.rows)
    widths = [max(map(len, column)) for column in zip(*grid, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in grid]
