"""Replays the allocation ledger of a study from its seed."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from experiments.management.arguments import add_study, refusals, study_named
from experiments.seed import seed_of
from responses.verification import verify


class Command(BaseCommand):
    """`verify_allocation STUDY [--seed-file F]`: one line, exit code 1 if something fails."""

    help = "Replays every allocation list of a study and says what holds or which row does not."

    def add_arguments(self, parser: CommandParser) -> None:
        """Names the study and, if the seed is not to come from the database, its file."""
        add_study(parser)
        parser.add_argument("--seed-file", type=Path, help="a file with the seed in hexadecimal")

    def handle(self, *args: Any, study: str, seed_file: Path | None, **options: Any) -> None:
        """Prints the verdict."""
        row = study_named(study)
        if not row.seed_sha256:
            raise CommandError(f"{study} was not launched yet: there is nothing to verify.")
        with refusals():
            seed = _seed_from(seed_file) if seed_file else seed_of(row)
        verdict = verify(row, seed)
        if not verdict.holds:
            raise CommandError(verdict.line)
        self.stdout.write(verdict.line)


def _seed_from(path: Path) -> bytes:
    try:
        return bytes.fromhex(path.read_text().strip())
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} holds no hexadecimal seed: {error}") from None
