"""`manage.py check_codes STUDY PANEL.csv`: who of a panel's list is to be paid."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from experiments.management.arguments import add_study, refusals, study_named
from experiments.management.who import shell_user
from responses.codes import Pay
from responses.management.shell import content_of, write_result
from responses.panel_list import Columns, check_list


class Command(BaseCommand):
    """Writes the list as it came, with three columns more."""

    help = "Checks the completion codes of a panel's CSV file: whom to pay, and why not."

    def add_arguments(self, parser: CommandParser) -> None:
        """The study, the list, which columns of it hold what, and where the result goes."""
        add_study(parser)
        parser.add_argument("panel", type=Path, help="the panel's CSV file")
        parser.add_argument("--output", type=Path, metavar="FILE", help="write to this new file")
        parser.add_argument(
            "--code-column", default="", metavar="NAME", help="the column of the completion code"
        )
        parser.add_argument(
            "--id-column", default="", metavar="NAME", help="the column of the panel's id"
        )

    def handle(
        self, *args: Any, study: str, panel: Path, output: Path | None, **options: Any
    ) -> None:
        """Checks and writes; the columns that were read and the counts go to standard error."""
        columns = Columns(options["code_column"], options["id_column"])
        with refusals():
            checked = check_list(
                study=study_named(study),
                content=content_of(panel),
                actor=shell_user(),
                columns=columns,
            )
        write_result(checked.as_csv(), output)
        read = checked.columns
        self.stderr.write(f"Code: {read.code or 'no column'}; id: {read.panel_id or 'no column'}.")
        counted = Counter(verdict.pay for verdict in checked.verdicts)
        self.stderr.write(", ".join(f"{pay.value}: {counted[pay]}" for pay in Pay))
