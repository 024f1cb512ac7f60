"""`manage.py partition_submissions`: cuts large tables into parts, while participants go on."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from responses.partitions import (
    LARGE,
    LEAST_WIDTH,
    TABLES,
    WIDTH,
    NotWhileBusyError,
    cut,
    is_parted,
    make_ahead,
    parts,
    rows_about,
)


class Command(BaseCommand):
    """Prints a line for each table; run again, it makes the parts that are missing ahead."""

    help = (
        "Cuts the tables of submissions and of paradata into parts by the order in which people "
        "entered, once they are large."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """From how many rows, how many participants to a part, and whether at any size."""
        parser.add_argument("--over", type=int, default=LARGE, help="rows from which it is done")
        parser.add_argument("--width", type=int, default=WIDTH, help="participants in a part")
        parser.add_argument("--now", action="store_true", help="whatever the number of rows")

    def handle(self, *args: Any, over: int, width: int, now: bool, **options: Any) -> None:
        """Cuts what is large, then makes parts ahead."""
        if width < LEAST_WIDTH:
            raise CommandError(f"--width must be at least {LEAST_WIDTH}.")
        for table in TABLES:
            self._cut(table, 0 if now else over, width)
        for name in make_ahead():
            self.stdout.write(f"{name} was made for who comes next.")

    def _cut(self, table: str, over: int, width: int) -> None:
        rows = rows_about(table)
        if is_parted(table):
            self.stdout.write(f"{table} has {len(parts(table))} parts, about {rows} rows.")
        elif rows < over:
            self.stdout.write(f"{table} has about {rows} rows: it stays whole below {over}.")
        else:
            try:
                done = cut(table=table, width=width)
            except NotWhileBusyError as error:
                raise CommandError(
                    f"{table} was in use all the while, and is as it was: an export or a dump that "
                    "reads it has to end first. Run this again then."
                ) from error
            if done is not None:
                self.stdout.write(
                    f"{table} was cut: its {rows} rows are the part up to participant {done.end}."
                )
