"""PURE: what a look decides: where each hypothesis of the plan stands, and what that recommends.

The primary contrasts share alpha by a graph over the looks (Maurer & Bretz 2013), the secondary
ones wait for all of them. Nothing stops on one rejection alone: the arms go on until every
primary hypothesis is decided, rejected or shown to be equivalent, or is futile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from analysis.found import Found
from analysis.statistics.equivalence import Equivalence
from analysis.statistics.stagewise import AfterStopping
from experiments.design import Family


class Action(StrEnum):
    """What a look recommends."""

    CONTINUE = "continue"
    EFFICACY = "efficacy"  # every primary is decided or futile, one at least rejected
    EQUIVALENCE = "equivalence"  # so, one at least equivalent and none rejected
    FUTILITY = "futility"  # so, all futile
    HARM = "harm"  # a primary effect in the harmful direction
    END = "end"  # it was the last look


@dataclass(frozen=True)
class Hypothesis:
    """Where one contrast of the plan stands after a look; looks are named by their numbers.

    `rejected_at` is the look that rejected it, `crossed_at` the one whose p did: earlier, if
    others handed their alpha on later. `alpha` is the share of alpha that it has now, or had when
    it was rejected; 0 while it waits for others. `level` is the nominal p that this look asks for
    under that share. `adjusted_p` is that of its family and, but for exploratory contrasts, of
    all looks so far.
    """

    contrast: str
    family: Family
    rejected_at: int | None = None
    crossed_at: int | None = None
    alpha: float = 0.0
    level: float | None = None
    adjusted_p: Found[float] | None = None
    equivalence: Found[Equivalence] | None = None
    equivalent_at: int | None = None
    conditional_power: Found[float] | None = None
    predictive_power: Found[float] | None = None
    futile: bool = False
    harmful: bool = False
    after_stopping: Found[AfterStopping] | None = None

    @property
    def decided(self) -> bool:
        """Whether it was rejected or shown to be equivalent."""
        return self.rejected_at is not None or self.equivalent_at is not None


@dataclass(frozen=True)
class Decision:
    """What a look recommends, and where each hypothesis stands.

    `exact` says whether the results after stopping are: only where one hypothesis alone decides
    when the study stops, and nothing but its bounds. `final` says that no look follows, whatever
    is recommended.
    """

    action: Action
    hypotheses: tuple[Hypothesis, ...]
    exact: bool = False
    final: bool = False

    @property
    def last(self) -> bool:
        """Whether no look follows; a look of before `final` was stored says so by its action."""
        return self.final or self.action is Action.END

    @property
    def stops(self) -> bool:
        """Whether it recommends to end a study that could go on."""
        return self.action not in (Action.CONTINUE, Action.END)


def recommended(hypotheses: Sequence[Hypothesis], *, final: bool) -> Action:
    """What these hypotheses recommend: harm before all, then whether all primaries are settled."""
    primary = [each for each in hypotheses if each.family is Family.PRIMARY]
    if any(each.harmful for each in primary):
        return Action.HARM
    if final:
        return Action.END
    if not all(each.decided or each.futile for each in primary):
        return Action.CONTINUE
    if any(each.rejected_at for each in primary):
        return Action.EFFICACY
    return Action.EQUIVALENCE if any(each.equivalent_at for each in primary) else Action.FUTILITY
