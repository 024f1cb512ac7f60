"""Which looks are planned, spent and due.

A sweep asks this every few seconds, so it takes six statements however many studies and
participants there are, and none of them touches a study that has nothing left to spend.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import ceil

from analysis.eligible_counts import Counts, People, count_people, read_counts
from analysis.exclusions import counted_checks
from analysis.governing import first_versions, governing
from analysis.models import Look, LookEvent, OrderedLook, Replanning
from analysis.pending import last_failures, replannings, waiting_orders
from experiments.design import Plan
from experiments.models import DesignVersion, Status, Study
from responses.models import Mode

logger = logging.getLogger(__name__)

# What a look that was ordered has to add to the information of the one before it.
LEAST_INFORMATION = 0.01


class LookState(StrEnum):
    """Where one planned look stands."""

    SPENT = "spent"
    DUE = "due"  # the next sweep queues it
    FAILED = "failed"  # it is due, and waits for somebody to say that it is to run again
    WAITING = "waiting"  # for more eligible completes
    SKIPPED = "skipped"  # the study was closed before it
    EMPTY = "empty"  # the study was closed and nobody eligible had completed


@dataclass(frozen=True)
class PlannedLook:
    """One look that the plan announces, by its place in it (from 1) and its size."""

    number: int
    fraction: float
    size: int
    final: bool


@dataclass(frozen=True)
class DueLook:
    """A look to run now; `size` is the cut's, None for everybody eligible.

    `planned` is its place in the plan, from 1; None for one of an `order`, which is its row's id.
    """

    study_id: int
    mode: str
    number: int
    size: int | None
    planned: int | None
    order: int | None = None


@dataclass(frozen=True)
class Standing:
    """Where the looks of one study and mode stand."""

    study: Study
    mode: str
    # The version whose plan governs: the first that was launched in the mode.
    version: DesignVersion
    spent: tuple[Look, ...]
    completes: int = 0
    eligible: int = 0
    # The order of a look that was not run yet.
    order: OrderedLook | None = None
    # The failure of the look that ran last, unless it was run again since.
    failure: LookEvent | None = None
    # The sample size as it was fixed anew.
    replanning: Replanning | None = None

    @property
    def planned(self) -> tuple[PlannedLook, ...]:
        """The looks of the governing plan, at the sizes of the sample size that holds."""
        return planned_looks(replace(self.version.design.plan, sample_size=self.sample_size))

    @property
    def sample_size(self) -> int:
        """The participants at which all information is in; a look's fraction is of these."""
        again = self.replanning
        return again.sample_size if again else self.version.design.plan.sample_size

    @property
    def replans_now(self) -> bool:
        """Whether the sample size is to be fixed anew, which goes before the first look."""
        if self.replanning or self.spent or self.study.status == Status.CLOSED:
            return False
        size = replanning_size(self.version.design.plan)
        return size is not None and self.eligible >= size

    @property
    def done(self) -> int:
        """The place in the plan of the last of its looks that was spent, 0 before the first."""
        return max((look.planned for look in self.spent if look.planned), default=0)

    @property
    def ordered(self) -> int:
        """How many looks were spent that the plan does not announce."""
        return sum(look.planned is None for look in self.spent)

    @property
    def upcoming(self) -> PlannedLook | None:
        """The look that comes next; the final one once the study is closed, None after it."""
        closed = self.study.status == Status.CLOSED
        left = [look for look in self.planned if look.number > self.done]
        return left[-1 if closed else 0] if left else None

    @property
    def due(self) -> DueLook | None:
        """The look to run now, if there is one; none while it is one that failed."""
        found = self.reached
        return None if found is None or self._failed(found) else found

    @property
    def failed(self) -> DueLook | None:
        """The look that would run now had it not failed."""
        found = self.reached
        return found if found is not None and self._failed(found) else None

    @property
    def reached(self) -> DueLook | None:
        """The look whose time has come, failed or not; one of the plan goes before an ordered one.

        An interim look is due when its size is reached and analyses exactly that many. Closing
        makes the final look due with everybody eligible; looks skipped by it are never run.
        """
        look = self.upcoming
        closed = self.study.status == Status.CLOSED
        if look is None or self.replans_now:
            return None
        if self.eligible < (1 if closed else look.size):
            return self._of_the_order()
        size = None if closed else look.size
        number = look.number + self.ordered
        return DueLook(self.study.pk, self.mode, number, size, planned=look.number)

    def number_of(self, look: PlannedLook) -> int:
        """The number that a look of the plan has, or gets if nothing more is ordered before it."""
        theirs = (spent.number for spent in self.spent if spent.planned == look.number)
        return next(theirs, look.number + self.ordered)

    @property
    def information(self) -> float:
        """That of the last spent look."""
        return max((look.fraction for look in self.spent), default=0.0)

    @property
    def enough_for_an_order(self) -> bool:
        """Whether those eligible now are a look between the last spent one and the final one."""
        told = self.eligible / self.sample_size
        return self.information + LEAST_INFORMATION <= told < 1

    def _of_the_order(self) -> DueLook | None:
        """The ordered look: of those counted now, so that it stays below the plan's next one."""
        closed = self.study.status == Status.CLOSED
        if self.order is None or closed or not self.enough_for_an_order:
            return None
        number = self.done + self.ordered + 1
        return DueLook(
            self.study.pk, self.mode, number, self.eligible, planned=None, order=self.order.pk
        )

    def _failed(self, look: DueLook) -> bool:
        at = self.failure
        return at is not None and (at.number, at.detail["planned"]) == (look.number, look.planned)

    def state_of(self, look: PlannedLook) -> LookState:
        """Where that look of the plan stands."""
        if any(spent.planned == look.number for spent in self.spent):
            return LookState.SPENT
        if self.upcoming is None or look.number < self.upcoming.number:
            return LookState.SKIPPED
        if self.reached and self.reached.planned == look.number:
            return LookState.DUE if self.due else LookState.FAILED
        closed = self.study.status == Status.CLOSED
        return LookState.EMPTY if closed else LookState.WAITING


def planned_looks(plan: Plan) -> tuple[PlannedLook, ...]:
    """The plan's looks; a size is the fraction of the sample size, rounded up."""
    return tuple(
        PlannedLook(
            number=number,
            fraction=fraction,
            size=size,
            final=number == len(plan.looks),
        )
        for number, (fraction, size) in enumerate(zip(plan.looks, plan.sizes, strict=True), start=1)
    )


def replanning_size(plan: Plan) -> int | None:
    """At how many eligible completes the plan fixes its sample size anew; None if it never does."""
    if plan.replan_at is None or plan.outcome_sd is None or plan.most_participants is None:
        return None
    return ceil(Fraction(str(plan.replan_at)) * plan.sample_size)


def due_looks() -> list[DueLook]:
    """The looks that are due now, at most one per study and mode."""
    return [due for standing in waiting_standings() if (due := standing.due)]


def waiting_standings() -> list[Standing]:
    """Where the looks of all studies stand that have any left.

    A study whose design can't be read is logged and left out; the others go on.
    """
    left = [standing for standing in _readable(_uncounted()) if standing.upcoming]
    return _counted(left, read_counts)


def standings_of(study_id: int) -> list[Standing]:
    """Where a study's looks stand in every mode that it was launched in; six statements."""
    return _counted(_uncounted(study_id), read_counts)


def standing_of(*, study_id: int, mode: str, recount: bool = False) -> Standing | None:
    """Where a study's looks in one mode stand; None if it was never launched in that mode.

    `recount` counts participants, however many, instead of going by the tallies.
    """
    found = [each for each in _uncounted(study_id) if each.mode == mode]
    counted = _counted(found, count_people if recount else read_counts)
    return counted[0] if counted else None


def _readable(standings: Iterable[Standing]) -> Iterator[Standing]:
    """The standings whose design yields its looks and exclusions; the others are logged."""
    for standing in standings:
        try:
            counted_checks(standing.version.design)
            _ = standing.planned
        except Exception:  # whatever is wrong with one study, the others' looks go on
            name = f"{standing.study.slug} ({standing.mode})"
            logger.exception("The looks of %s can't be planned from %s", name, standing.version)
        else:
            yield standing


def _uncounted(study_id: int | None = None) -> list[Standing]:
    """The standings of all launched studies, or of one; five statements."""
    first: dict[int, list[DesignVersion]] = {}
    for each in first_versions(study_id):
        first.setdefault(each.study_id, []).append(each)
    if not first:
        return []
    spent: dict[tuple[int, str], list[Look]] = {}
    for look in Look.objects.filter(study__in=first).defer("results"):
        spent.setdefault((look.study_id, look.mode), []).append(look)
    orders, failures, replanned = waiting_orders(first), last_failures(first), replannings(first)
    return [
        Standing(
            study=version.study,
            mode=mode,
            version=version,
            spent=tuple(done),
            order=orders.get((study, mode)),
            failure=failures.get((study, mode)),
            replanning=replanned.get((study, mode)),
        )
        for study, versions in first.items()
        for mode in Mode.values
        for done in [spent.get((study, mode), [])]
        if (version := governing(versions, mode, done))
    ]


def _counted(
    standings: list[Standing], count: Callable[[Sequence[People]], Counts]
) -> list[Standing]:
    """The standings with completes and eligible completes, from one statement."""
    people = [People(each.study.pk, each.mode, each.version.design) for each in standings]
    counts = count(people) if people else {}
    return [
        replace(each, completes=completes, eligible=n)
        for each, theirs in zip(standings, people, strict=True)
        for completes, n in [counts.get(theirs.key, (0, 0))]
    ]
