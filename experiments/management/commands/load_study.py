"""`manage.py load_study FILE`: a study file into the study's rows."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from experiments.loading import Loaded, load
from experiments.management.arguments import more_may_come, parsed, problem_lines, refusals
from experiments.management.who import shell_user
from experiments.models import Status


class Command(BaseCommand):
    """Loads a file; loading it again changes nothing."""

    help = "Loads a study file and prints what changed. What was launched stays as it was."

    def add_arguments(self, parser: CommandParser) -> None:
        """Names the file."""
        parser.add_argument("file", type=Path, help="a study file, as in studies/park.yaml")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Loads it, then says what changed and what still keeps it from being launched."""
        found = parsed(file)
        for line in problem_lines(file, found):
            self.stderr.write(line)
        if found.design is None:
            raise CommandError(
                f"Nothing was loaded; mend {file} first (validate_study lists the same)."
                f"{more_may_come(found)}"
            )
        with refusals():
            loaded = load(design=found.design, by=shell_user())
        if options["verbosity"]:
            self.stdout.write("\n".join(_report(loaded, len(found.problems))))


def _report(loaded: Loaded, problems: int) -> list[str]:
    study = loaded.study
    if loaded.created:
        lines = [f"{study.slug}: loaded as a new study."]
    elif loaded.changes:
        lines = [f"{study.slug}: loaded; what changed:", *(f"  {c}" for c in loaded.changes)]
    else:
        lines = [f"{study.slug}: nothing changed."]
    if problems:
        lines.append(f"{problems} to mend before this can be launched.")
    elif loaded.changes and study.status in (Status.LIVE, Status.PAUSED):
        lines.append(
            f"It is {study.status}: `launch_study {study.slug} --reason TEXT` makes this a new "
            "version; until then participants see the one before."
        )
    elif loaded.changes and study.status == Status.PILOT:
        lines.append(f"`launch_study {study.slug} --pilot` puts this before the pilot's people.")
    return lines
