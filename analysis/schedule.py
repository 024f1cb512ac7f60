"""Which looks are planned, spent and due.

A sweep asks this every few seconds, so it takes three statements however many studies there are,
and none of them touches a study that has nothing left to spend.
"""

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import reduce
from operator import or_

from django.db.models import Count, Q, QuerySet

from analysis.eligibility import eligible
from analysis.models import Look
from experiments.design import Plan
from experiments.models import DesignVersion, Status, Study
from responses.models import Mode, Participant, State


class LookState(StrEnum):
    """Where one planned look stands."""

    SPENT = "spent"
    DUE = "due"  # the next sweep queues it
    WAITING = "waiting"  # for more eligible completes
    SKIPPED = "skipped"  # the study was closed before it
    EMPTY = "empty"  # the study was closed and nobody eligible had completed


@dataclass(frozen=True)
class PlannedLook:
    """One look that the plan announces, by its number (from 1) and its size in participants."""

    number: int
    fraction: float
    size: int
    final: bool


@dataclass(frozen=True)
class DueLook:
    """A look to run now; `size` is the cut's, None for everybody eligible."""

    study_id: int
    mode: str
    number: int
    size: int | None


@dataclass(frozen=True)
class Standing:
    """Where the looks of one study and mode stand."""

    study: Study
    mode: str
    # The version whose plan governs: that of the first spent look, else the launched one.
    version: DesignVersion
    spent: tuple[Look, ...]
    completes: int = 0
    eligible: int = 0

    @property
    def planned(self) -> tuple[PlannedLook, ...]:
        """The looks of the governing plan."""
        return planned_looks(self.version.design.plan)

    @property
    def deviates(self) -> bool:
        """Whether a later version was launched whose plan is not the one that governs."""
        launched = launched_version(self.study, self.mode)
        return launched is not None and launched.design.plan != self.version.design.plan

    @property
    def upcoming(self) -> PlannedLook | None:
        """The look that comes next; the final one once the study is closed, None after it."""
        done = max((look.number for look in self.spent), default=0)
        closed = self.study.status == Status.CLOSED
        left = [look for look in self.planned if look.number > done]
        return left[-1 if closed else 0] if left else None

    @property
    def due(self) -> DueLook | None:
        """The look to run now, if there is one.

        An interim look is due when its size is reached and analyses exactly that many. Closing
        makes the final look due with everybody eligible; looks skipped by it are never run.
        """
        look = self.upcoming
        closed = self.study.status == Status.CLOSED
        if look is None or self.eligible < (1 if closed else look.size):
            return None
        size = None if closed else look.size
        return DueLook(self.study.pk, self.mode, look.number, size)

    def state_of(self, look: PlannedLook) -> LookState:
        """Where that look of the plan stands."""
        if any(spent.number == look.number for spent in self.spent):
            return LookState.SPENT
        if self.upcoming is None or look.number < self.upcoming.number:
            return LookState.SKIPPED
        if self.due and self.due.number == look.number:
            return LookState.DUE
        closed = self.study.status == Status.CLOSED
        return LookState.EMPTY if closed else LookState.WAITING


def planned_looks(plan: Plan) -> tuple[PlannedLook, ...]:
    """The plan's looks; a size is the fraction of the sample size, rounded up."""
    return tuple(
        PlannedLook(
            number=number,
            fraction=fraction,
            # The fraction as written: 0.7 of 10 is 7, though 0.7 * 10 > 7 in binary.
            size=math.ceil(Fraction(str(fraction)) * plan.sample_size),
            final=number == len(plan.looks),
        )
        for number, fraction in enumerate(plan.looks, start=1)
    )


def due_looks() -> list[DueLook]:
    """The looks that are due now, at most one per study and mode."""
    waiting = [standing for standing in _uncounted(list(_launched())) if standing.upcoming]
    return [due for standing in _counted(waiting) if (due := standing.due)]


def standings_of(study_id: int) -> list[Standing]:
    """Where a study's looks stand in every mode that it was launched in; three statements."""
    return _counted(_uncounted(list(_launched().filter(pk=study_id))))


def standing_of(*, study_id: int, mode: str) -> Standing | None:
    """Where a study's looks in one mode stand; None if it was never launched in that mode."""
    found = standings_of(study_id)
    return next((standing for standing in found if standing.mode == mode), None)


def launched_version(study: Study, mode: str) -> DesignVersion | None:
    """The version that new participants of the mode answer."""
    if mode == Mode.LIVE:
        return study.live_version
    if mode == Mode.PILOT:
        return study.pilot_version
    return study.live_version or study.pilot_version


def _launched() -> QuerySet[Study]:
    return Study.objects.exclude(status=Status.DRAFT).select_related(
        "live_version", "pilot_version"
    )


def _uncounted(studies: list[Study]) -> list[Standing]:
    spent: dict[tuple[int, str], list[Look]] = {}
    for look in Look.objects.filter(study__in=studies).select_related("version").defer("results"):
        spent.setdefault((look.study_id, look.mode), []).append(look)
    found: list[Standing] = []
    for study in studies:
        for mode in Mode.values:
            looks = spent.get((study.pk, mode), [])
            version = looks[0].version if looks else launched_version(study, mode)
            if version:
                found.append(Standing(study, mode, version, tuple(looks)))
    return found


def _counted(standings: list[Standing]) -> list[Standing]:
    """The standings with completes and eligible completes, from one statement."""
    if not standings:
        return []
    theirs = [Q(study=standing.study, mode=standing.mode) for standing in standings]
    counted = [
        place & eligible(standing.version.design)
        for place, standing in zip(theirs, standings, strict=True)
    ]
    rows = (
        Participant.objects.filter(reduce(or_, theirs), state=State.COMPLETED)
        .order_by()
        .values_list("study_id", "mode")
        .annotate(completes=Count("id"), eligible=Count("id", filter=reduce(or_, counted)))
    )
    counts = {(study_id, mode): (completes, n) for study_id, mode, completes, n in rows}
    return [
        replace(s, completes=completes, eligible=n)
        for s in standings
        for completes, n in [counts.get((s.study.pk, s.mode), (0, 0))]
    ]
