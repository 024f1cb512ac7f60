"""Orders a rehearsal at the desk, cancels one, and says how far one is."""

import re
import secrets
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from analysis.code_version import code_version
from analysis.locks import Held, rehearsal_lock
from analysis.models import RehearsalEnd, RehearsalRun
from experiments.models import Status, Study
from experiments.refusals import Refused
from responses.models import Mode, Participant

Kind = RehearsalEnd.Kind
MOST_N, MOST_MINUTES, MOST_SEED = 20_000, 24 * 60, 2**32


@dataclass(frozen=True)
class Asked:
    """What is ordered: how many people of which truth (YAML), how fast, in which language told."""

    n: int
    truth: str
    language: str
    seed: int | None = None
    minutes: float | None = None


@dataclass(frozen=True)
class HowFar:
    """How many visits have ended, of how many, and how many of them went wrong."""

    done: int
    of: int
    wrong: int


@transaction.atomic
def order_rehearsal(*, study: Study, asked: Asked, site: str, actor: str) -> RehearsalRun:
    """Orders a rehearsal of what is launched, which a worker starts; Refused says why it can't.

    Without a seed one is drawn. `site` is the address by which the site reaches itself.
    """
    # Who clicks twice waits here for the first click.
    found = Study.objects.select_for_update(no_key=True).get(pk=study.pk)
    if fault := why_not(found):
        raise Refused(fault)
    return RehearsalRun.objects.create(
        study=found,
        n=asked.n,
        truth=asked.truth,
        seed=secrets.randbelow(MOST_SEED) if asked.seed is None else asked.seed,
        minutes=asked.minutes,
        site=site,
        language=asked.language,
        code_version=code_version(),
        ordered_by=actor,
    )


def why_not(study: Study) -> str:
    """Why none can be ordered now; empty if one can. At most three statements."""
    if study.live_version_id is None and study.pilot_version_id is None:
        return _("It was not launched yet: launch it, as a pilot at first.")
    if study.status == Status.CLOSED:
        return _("The study is closed: nobody can enter it any more.")
    if unfinished_runs().filter(study=study).exists():
        return _("A rehearsal of this study goes on: wait for its end, or cancel it.")
    if fault := ending(study):
        return fault
    if Participant.objects.filter(study=study, mode=Mode.REHEARSAL).exists():
        return _("It was rehearsed already: delete that rehearsal first.")
    return ""


def ending(study: Study) -> str:
    """What there is to wait for; empty once the process of a cancelled rehearsal has ended, too.

    Who is in when it is cancelled goes on to their end, and would be in the next one.
    """
    if last := RehearsalRun.objects.filter(study=study).order_by("-pk").first():
        with rehearsal_lock(last.pk) as held:
            if held is None:
                return _("The last people of the rehearsal are on their way: wait some seconds.")
    return ""


def unfinished_runs() -> QuerySet[RehearsalRun]:
    """The rehearsals that have not ended, the oldest first."""
    return RehearsalRun.objects.filter(end=None).order_by("pk")


@transaction.atomic
def cancel_rehearsal(*, run: RehearsalRun, actor: str) -> RehearsalEnd:
    """Cancels a rehearsal, or gives the end that it has: nobody else begins, and who came stays."""
    found, _new = RehearsalEnd.objects.get_or_create(
        run=run, defaults={"kind": Kind.CANCELLED, "actor": actor}
    )
    return found


def tell(held: Held, run: RehearsalRun, how_far: HowFar) -> None:
    """Says how far it is by the name of the connection of its lock, which goes with its process."""
    held.tell(f"{_name(run)}{how_far.done} {how_far.of} {how_far.wrong}")


def how_far(run: RehearsalRun) -> HowFar | None:
    """How far it is; None while nobody tells it. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name FROM pg_stat_activity "
            "WHERE datname = current_database() AND starts_with(application_name, %s)",
            [_name(run)],
        )
        rows = cursor.fetchall()
    for (name,) in rows:
        if told := re.fullmatch(r"(\d+) (\d+) (\d+)", name.removeprefix(_name(run))):
            return HowFar(*map(int, told.groups()))
    return None


def _name(run: RehearsalRun) -> str:
    return f"coprod rehearsal {run.pk} "
