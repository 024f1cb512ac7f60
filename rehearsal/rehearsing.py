"""Rehearses a study over HTTP: everybody goes through it, then what came of it is looked at.

Of what is looked at a site's own database must be at hand: it knows the arms, and what was stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from analysis.models import Look
from analysis.results import from_builtins
from experiments.models import DesignVersion, Study
from experiments.modes import version_for
from experiments.refusals import Refused
from experiments.said import said
from rehearsal.browser import Browser
from rehearsal.burst import Burst, Tell, run_burst
from rehearsal.exported import differing_cells, exported
from rehearsal.findings import Finding, findings
from rehearsal.forms import WrongAnswerError, read_form
from rehearsal.likeness import Likeness, likeness
from rehearsal.person import Cast
from rehearsal.population import Population
from rehearsal.reckoning import Reckoned, reckoned
from rehearsal.spending import spend_looks
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


@dataclass(frozen=True)
class Rehearsal:
    """A rehearsal that is over.

    `export_wrong` counts people and cells in which its export is not what the database has;
    `exported` are the export's rows, `styles` how each person of `reckoned.rows` answers.
    """

    play: Play
    version: DesignVersion
    burst: Burst
    reckoned: Reckoned
    looks: Sequence[Look]
    likeness: Likeness
    findings: Sequence[Finding]
    exported: Sequence[Mapping[str, str]]
    export_wrong: int
    styles: Mapping[int, str]

    @property
    def stopped(self) -> bool:
        """Whether it was stopped before everybody had come."""
        return len(self.burst.visits) < self.play.n

    @property
    def holds(self) -> bool:
        """Whether the platform carried it: nothing lost, and every number that of the twin."""
        return self.reckoned.faultless and self.likeness.same and not self.export_wrong


def rehearse(
    play: Play, *, site: str, in_flight: int = 16, tell: Tell = lambda *_: True
) -> Rehearsal:
    """Runs the whole rehearsal against the site at that address; Refused says why there is none.

    `tell` is told of each visit that ended, and says whether to go on. The looks are run here, but
    for those that a worker has run meanwhile.
    """
    cast = cast_of(play)
    version = entered_version(play.study)
    _knock(site, cast)
    burst = run_burst(site, cast, in_flight=in_flight, tell=tell)
    found = reckoned(play.study, burst.visits)
    looks = spend_looks(play.study)
    rows = exported(play.study)
    last = from_builtins(looks[-1].results) if looks else None
    return Rehearsal(
        play=play,
        version=version,
        burst=burst,
        reckoned=found,
        looks=looks,
        likeness=likeness(version, cast.population, found.rows, looks),
        findings=findings(version.written, play.truth, last, rows),
        exported=rows,
        export_wrong=differing_cells(rows, found.rows),
        styles={person: cast.population.styles[person] for person in found.rows},
    )


def _knock(site: str, cast: Cast) -> None:
    """Refused if the study does not open at that address, as at another site or a wrong one."""
    browser = Browser(site)
    try:
        opens = read_form(browser.get(cast.entry)) is not None
    except WrongAnswerError as wrong:
        why = said(
            "{url} does not open the study: {why}. See that the site runs, and name the address by "
            "which it is reached from here.",
            url=site,
            why=str(wrong),
        )
        raise Refused(why) from None
    finally:
        browser.close()
    if not opens:
        raise Refused(said("{url} lets nobody into the study now.", url=site))


def entered_version(study: Study) -> DesignVersion:
    """The version that rehearsals enter; Refused if there is none yet."""
    entered = version_for(Mode.REHEARSAL, live=study.live_version_id, pilot=study.pilot_version_id)
    if entered is None:
        raise Refused(
            said("{slug} was not launched yet; launch it, as a pilot at first.", slug=study.slug)
        )
    return version_of(entered)


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
            said(
                "{slug} was rehearsed already; delete that rehearsal first, at the desk or by "
                "`manage.py delete_rehearsal {slug}`.",
                slug=study.slug,
            )
        )
    version = entered_version(study)
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
