"""How far a study is from its next looks: counts of eligible completes, all arms together."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from analysis.schedule import LookState, Standing, standings_of
from experiments.models import Status, Study
from responses.models import Mode


@dataclass(frozen=True)
class NextLook:
    """The look that comes next in a mode: its number, and how many of how many there are."""

    mode: str
    number: int
    eligible: int
    size: int
    state: LookState

    @property
    def said(self) -> str:
        """How it stands, in words."""
        numbers = {"number": self.number, "eligible": self.eligible, "size": self.size}
        if self.state is LookState.DUE:
            return _("Look %(number)s is due and runs within seconds.") % numbers
        if self.state is LookState.FAILED:
            return _("Look %(number)s failed and waits to be run again.") % numbers
        if self.state is LookState.EMPTY:
            return _("Look %(number)s was not run, since nobody eligible completed.") % numbers
        return _("%(eligible)s of %(size)s eligible completes to look %(number)s.") % numbers


def next_looks(study: Study) -> tuple[NextLook, ...]:
    """One for each mode in which somebody completed, and for the one that the study is in.

    Six SQL statements; the last counts the eligible completes, so it takes longer the more there
    are. None for a mode whose looks are all spent.
    """
    now = Mode.PILOT if study.status == Status.PILOT else Mode.LIVE
    return tuple(
        _next(standing)
        for standing in standings_of(study.pk)
        if standing.upcoming and (standing.completes or standing.mode == now)
    )


def _next(standing: Standing) -> NextLook:
    look = standing.upcoming
    if look is None:
        raise ValueError("All looks are spent.")
    return NextLook(
        mode=str(Mode(standing.mode).label),
        number=standing.number_of(look),
        eligible=standing.eligible,
        size=look.size,
        state=standing.state_of(look),
    )
