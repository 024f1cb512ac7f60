"""How a study is coming along: counts, and the outcome with all arms pooled.

Nothing here depends on an arm, so anybody with a desk may look while the study collects.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from analysis.cells import spread_line
from analysis.deviations import deviations
from analysis.look_lines import replanning_line
from analysis.look_progress import Running, running
from analysis.models import Look
from analysis.pooled import pooled_outcome
from analysis.schedule import LookState, PlannedLook, Standing, standings_of
from experiments.models import DesignVersion, Status, Study
from responses.models import Mode, State
from responses.monitor.flow import places_of
from responses.monitor.tallied import read_tallied


@dataclass(frozen=True)
class LookLine:
    """How one look stands, in words, and the row of it if it was spent."""

    status: str
    spent: Look | None


@dataclass(frozen=True)
class Progress:
    """One mode of a study: how many came how far, and where its looks stand."""

    mode: str
    label: str
    counts: dict[str, int]
    standing: Standing
    pooled: str
    looks: tuple[LookLine, ...]
    deviations: tuple[str, ...]
    running: Running | None
    # The sample size as it was fixed anew, in words; empty if it was not.
    replanned: str

    @property
    def entered(self) -> int:
        """Everybody who took a decision on the first page."""
        return sum(self.counts.values())

    @property
    def excluded(self) -> int:
        """Completes that an exclusion of the plan takes out."""
        return self.standing.completes - self.standing.eligible


def progress_of(study: Study) -> tuple[Progress, ...]:
    """The study's modes in which somebody entered, and always the one that it is in."""
    counts = _counts(study)
    versions = list(study.versions.all())
    now_running = running(study.pk)
    now = Mode.PILOT if study.status == Status.PILOT else Mode.LIVE
    return tuple(
        _progress(standing, counts.get(standing.mode, {}), versions, now_running.get(standing.mode))
        for standing in standings_of(study.pk)
        if standing.mode in counts or standing.mode == now
    )


def _progress(
    standing: Standing,
    counts: dict[str, int],
    versions: list[DesignVersion],
    now_running: Running | None,
) -> Progress:
    return Progress(
        mode=standing.mode,
        label=str(Mode(standing.mode).label),
        counts={state: counts.get(state, 0) for state in State.values},
        standing=standing,
        pooled=spread_line(pooled_outcome(standing)),
        looks=tuple(_lines(standing)),
        deviations=deviations(versions, governing=standing.version, mode=standing.mode),
        running=now_running,
        replanned=_replanned(standing),
    )


def _replanned(standing: Standing) -> str:
    row = standing.replanning
    return replanning_line(row, standing.version.design.plan) if row else ""


def _lines(standing: Standing) -> Iterator[LookLine]:
    """The spent looks, then those of the plan that are to come or never came, and an order."""
    in_plan, ordered = (
        _("Look %(number)s: spent, n = %(n)s"),
        _("Look %(number)s, not in the plan: spent, n = %(n)s"),
    )
    for spent in standing.spent:
        said = ordered if spent.planned is None else in_plan
        yield LookLine(said % {"number": spent.number, "n": spent.n}, spent)
    for look in standing.planned:
        if standing.state_of(look) is not LookState.SPENT:
            yield LookLine(_status(standing, look), None)
    if standing.order is not None and standing.upcoming is not None:
        names = {"actor": standing.order.ordered_by}
        yield LookLine(_("A look that is not in the plan, ordered by %(actor)s") % names, None)


def _status(standing: Standing, look: PlannedLook) -> str:
    number = standing.number_of(look)
    numbers = {"number": number, "eligible": standing.eligible, "size": look.size}
    return {
        LookState.DUE: _("Look %(number)s: due, runs within seconds"),
        LookState.FAILED: _("Look %(number)s: failed, waits to be run again"),
        LookState.WAITING: _("Look %(number)s: %(eligible)s of %(size)s eligible completes"),
        LookState.SKIPPED: _("Look %(number)s: skipped, the study was closed first"),
        LookState.EMPTY: _("Look %(number)s: not run, nobody eligible completed"),
    }[standing.state_of(look)] % numbers


def _counts(study: Study) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for mode, tallied in read_tallied(study.pk, open_modes=()).items():
        for place in places_of(tallied):
            states = counts.setdefault(mode, {})
            states[place.state] = states.get(place.state, 0) + place.people
    return counts
