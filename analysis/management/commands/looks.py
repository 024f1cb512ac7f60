"""Lists a study's looks, and their log."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis.look_lines import event_lines
from analysis.look_log import Chain, verify
from analysis.models import Look
from analysis.schedule import LookState, PlannedLook, Standing, standing_of
from experiments.models import Study
from responses.models import Mode


class Command(BaseCommand):
    """One line per look of a study, its number first; exit code 1 if their log does not hold."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Declares the study, the mode and whether the log is listed."""
        parser.add_argument("study", help="the study's code")
        parser.add_argument("--mode", choices=Mode.values, default=Mode.LIVE.value)
        parser.add_argument("--log", action="store_true", help="list the log of the looks too")

    def handle(self, *, study: str, mode: str, log: bool, **options: Any) -> None:
        """Prints the lines."""
        row = Study.objects.filter(slug=study).first()
        if row is None:
            raise CommandError(f"There is no study {study}; load_study FILE makes one.")
        standing = standing_of(study_id=row.pk, mode=mode)
        if standing is None:
            raise CommandError(f"{study} was not launched in mode {mode}: it has no looks.")
        chain = verify(row.pk, mode)
        for line in (*_looks(standing), *(_log(chain) if log else ())):
            self.stdout.write(line)
        if not chain.holds:
            raise CommandError(chain.line)


def _looks(standing: Standing) -> Iterator[str]:
    for spent in standing.spent:
        yield f"{spent.number}  {_spent(spent)}"
    for look in standing.planned:
        if standing.state_of(look) is not LookState.SPENT:
            yield f"{standing.number_of(look)}  {_status(standing, look)}"
    if standing.order is not None and standing.upcoming is not None:
        yield f"-  unplanned  ordered by {standing.order.ordered_by}"


def _spent(look: Look) -> str:
    """What stands beside a spent look's number."""
    kind = "unplanned" if look.planned is None else "final" if look.final else "interim"
    when = f"{look.spent_at:%Y-%m-%dT%H:%M:%SZ}"
    return f"{kind}  spent  n={look.n}  {when}  cut {look.cut_digest[:12]}"


def _status(standing: Standing, look: PlannedLook) -> str:
    """What stands beside the number of a look of the plan that was not spent."""
    said = {
        LookState.DUE: f"due  {standing.eligible} of {look.size}",
        LookState.FAILED: "failed: the desk says why and runs it again",
        LookState.WAITING: f"waiting  {standing.eligible} of {look.size}",
        LookState.SKIPPED: "skipped: the study was closed first",
        LookState.EMPTY: "not run: nobody eligible completed",
    }
    return f"{'final' if look.final else 'interim'}  {said[standing.state_of(look)]}"


def _log(chain: Chain) -> Iterator[str]:
    yield ""
    for event in event_lines(chain, reports={}):
        yield f"{event.position}  {event.at}  {event.said}"
    if chain.holds:
        yield chain.line
    yield f"head {chain.head}"
