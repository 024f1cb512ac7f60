"""Attrition: who is lost between assignment, exposure and completion, and whether by arm."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from analysis.statistics.counts import CountTest, Ints, as_counts, same_share, wilson
from analysis.statistics.estimate import NotEstimable, Reason


class Stage(StrEnum):
    """How far a participant came, in this order."""

    ASSIGNED = "assigned"
    EXPOSED = "exposed"
    COMPLETED = "completed"


@dataclass(frozen=True)
class ArmCounts:
    """How many of one arm came to each stage."""

    arm: str
    assigned: int
    exposed: int
    completed: int


@dataclass(frozen=True)
class Loss:
    """One arm's loss on the way: `lost` of the `of` who were there, with the share's interval."""

    arm: str
    of: int
    lost: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Passage:
    """The way from one stage to a later one: each arm's loss, and whether the arms differ in it."""

    start: Stage
    end: Stage
    losses: tuple[Loss | NotEstimable, ...]
    test: CountTest | NotEstimable


@dataclass(frozen=True)
class Attrition:
    """All arms in their given order, and the passages between each two stages.

    `level` is the confidence of each arm's interval, on its own.
    """

    arms: tuple[ArmCounts, ...]
    passages: tuple[Passage, ...]
    level: float


def attrition(
    arms: Sequence[str],
    assigned: Sequence[int] | Ints,
    exposed: Sequence[int] | Ints,
    completed: Sequence[int] | Ints,
    *,
    alpha: float = 0.05,
) -> Attrition:
    """The loss between stages by arm, from the counts of each arm (k,), in the order of `arms`.

    Intervals are Wilson's, tests Pearson's with as many df as arms with anybody at the passage's
    start, less one, or exact where counts are small (`same_share`). Three passages share no
    correction. An arm with nobody at the start has a reason and leaves the test. ValueError if
    more came to a stage than to the one before.
    """
    stages = {
        stage: as_counts(values, name=stage.capitalize())
        for stage, values in zip(Stage, (assigned, exposed, completed), strict=True)
    }
    if {len(counts) for counts in stages.values()} != {len(arms)}:
        raise ValueError("Each stage needs one count per arm.")
    for start, end in combinations(Stage, 2):
        if (stages[end] > stages[start]).any():
            raise ValueError(f"More were {end} than {start}.")
    rows = zip(*(counts.tolist() for counts in stages.values()), strict=True)
    return Attrition(
        arms=tuple(ArmCounts(arm, *row) for arm, row in zip(arms, rows, strict=True)),
        passages=tuple(
            _passage(arms, start, end, stages[start], stages[start] - stages[end], alpha)
            for start, end in combinations(Stage, 2)
        ),
        level=1 - alpha,
    )


def _passage(
    arms: Sequence[str], start: Stage, end: Stage, there: Ints, lost: Ints, alpha: float
) -> Passage:
    return Passage(
        start=start,
        end=end,
        losses=tuple(
            _loss(arm, start, of, gone, alpha)
            for arm, of, gone in zip(arms, there.tolist(), lost.tolist(), strict=True)
        ),
        test=same_share(lost, there),
    )


def _loss(arm: str, start: Stage, of: int, lost: int, alpha: float) -> Loss | NotEstimable:
    if not of:
        return NotEstimable(Reason.NO_ROWS, f"Nobody was {start} in arm {arm}.")
    low, high = wilson(lost, of, alpha=alpha)
    return Loss(arm=arm, of=of, lost=lost, share=lost / of, low=low, high=high)
