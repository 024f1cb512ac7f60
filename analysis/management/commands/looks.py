"""Lists a study's looks."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis.schedule import LookState, PlannedLook, Standing, standing_of
from experiments.models import Study
from responses.models import Mode


class Command(BaseCommand):
    """One line per look of a study, its number first: spent, due, waiting or skipped."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Declares the study and the mode."""
        parser.add_argument("study", help="the study's code")
        parser.add_argument("--mode", choices=Mode.values, default=Mode.LIVE.value)

    def handle(self, *, study: str, mode: str, **options: Any) -> None:
        """Prints the lines."""
        row = Study.objects.filter(slug=study).first()
        if row is None:
            raise CommandError(f"There is no study {study}; load_study FILE makes one.")
        standing = standing_of(study_id=row.pk, mode=mode)
        if standing is None:
            raise CommandError(f"{study} was not launched in mode {mode}: it has no looks.")
        for look in standing.planned:
            self.stdout.write(f"{look.number}  {_status(standing, look)}")


def _status(standing: Standing, look: PlannedLook) -> str:
    """What stands beside a look's number."""
    kind = "final" if look.final else "interim"
    state = standing.state_of(look)
    said = {
        LookState.DUE: f"due  {standing.eligible} of {look.size}",
        LookState.WAITING: f"waiting  {standing.eligible} of {look.size}",
        LookState.SKIPPED: "skipped: the study was closed first",
        LookState.EMPTY: "not run: nobody eligible completed",
    }
    if state is LookState.SPENT:
        row = next(spent for spent in standing.spent if spent.planned == look.number)
        when = f"{row.spent_at:%Y-%m-%dT%H:%M:%SZ}"
        return f"{kind}  spent  n={row.n}  {when}  cut {row.cut_digest[:12]}"
    return f"{kind}  {said[state]}"
