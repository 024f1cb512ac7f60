"""Rehearses a study over HTTP: who plays in it, as the site knows it."""

from dataclasses import dataclass

from django.db import connection

from experiments.models import Study
from experiments.modes import version_for
from experiments.refusals import Refused
from experiments.said import said
from rehearsal.person import Cast
from rehearsal.population import Population
from rehearsal.truth import Truth
from responses import person
from responses.designs import version_of
from responses.links import entry_link
from responses.models import Mode, Participant
from responses.questionnaire import Facts


@dataclass(frozen=True)
class Play:
    """What is rehearsed: a study with so many people of a truth.

    Within how many minutes, instead of the hours of the truth, they come; None at full speed.
    """

    study: Study
    truth: Truth
    n: int
    seed: int
    minutes: float | None = None

    @property
    def pace(self) -> float:
        """How long a second of the truth takes; 0 at full speed."""
        return 0.0 if self.minutes is None else self.minutes / (60 * self.truth.arrivals.hours)


def cast_of(play: Play) -> Cast:
    """Who plays in it; Refused if there is no version to enter, or a rehearsal is there already."""
    study = play.study
    entered = version_for(Mode.REHEARSAL, live=study.live_version_id, pilot=study.pilot_version_id)
    if entered is None:
        raise Refused(
            said("{slug} was not launched yet; launch it, as a pilot at first.", slug=study.slug)
        )
    if Participant.objects.filter(study=study, mode=Mode.REHEARSAL).exists():
        raise Refused(
            said("{slug} was rehearsed already; delete that rehearsal first.", slug=study.slug)
        )
    version = version_of(entered)
    return Cast(
        design=version.design,
        population=Population(version.written, play.truth, play.n, play.seed),
        entry=entry_link(study.slug, Mode.REHEARSAL),
        seed=play.seed,
        known=Known(study.slug),
        pace=play.pace,
    )


@dataclass(frozen=True)
class Known:
    """What the site's database knows of somebody, by their resume code."""

    study: str

    def __call__(self, token: str) -> Facts:
        """Their answers, levels, parameters and the seed of their orders; one SQL statement."""
        try:
            found = person.read(self.study, token)
        finally:
            # Each of many threads would keep a connection, and the pool has few.
            connection.close()
        return found.facts if found else Facts()
