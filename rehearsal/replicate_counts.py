"""PURE: what is counted over rehearsed studies, so that parts add up to the whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

import msgspec

from analysis.power.counts import Counts, Mean, mean


@dataclass(frozen=True)
class Sum:
    """`n` numbers: their sum, and that of their squares."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0

    @classmethod
    def of(cls, *values: float) -> "Sum":
        """Those numbers."""
        return cls(len(values), sum(values), sum(value**2 for value in values))

    @property
    def mean(self) -> Mean | None:
        """Their mean with its 95 % Monte Carlo interval; None of none."""
        return mean(self.total, self.squares, self.n) if self.n else None

    @property
    def sd(self) -> float | None:
        """Their standard deviation; None of fewer than two."""
        if self.n < 2:
            return None
        middle = self.total / self.n
        return float(max(0.0, (self.squares - self.n * middle**2) / (self.n - 1)) ** 0.5)


@dataclass(frozen=True)
class RowCounts:
    """One row of a contrast, where studies ended.

    `estimate` and `error` are the announced estimates and their standard errors; `covered` of them
    had what was planted in their nominal interval, `repeated` in the one that is repeated over the
    looks. `there` is the effect in everybody who was given an arm, by what they would have answered
    in each; `whole` the estimate had nobody left, `shift` by how much theirs differs from it.
    """

    estimate: Sum = Sum()
    error: Sum = Sum()
    covered: int = 0
    repeated: int = 0
    there: Sum = Sum()
    whole: Sum = Sum()
    shift: Sum = Sum()


@dataclass(frozen=True)
class VerdictCounts:
    """What studies said of a contrast at their end: one of four."""

    different: int = 0
    equivalent: int = 0
    both: int = 0
    undecided: int = 0


@dataclass(frozen=True)
class SlopeCounts:
    """The slope of a predictor of the plan's associations; `distinct` intervals exclude nil."""

    estimate: Sum = Sum()
    distinct: int = 0


@dataclass(frozen=True)
class ArmCounts:
    """Who was `given` an arm, and who of them `left`."""

    given: int = 0
    left: int = 0


@dataclass(frozen=True)
class PeopleCounts:
    """Everybody who came before the last one was analysed, in all studies."""

    came: int = 0
    completed: int = 0
    excluded: int = 0
    left_arm: int = 0
    analysed: int = 0


@dataclass(frozen=True)
class Replicated:
    """Rehearsed studies; `rows` and `verdicts` are by contrast, `arms` by randomisation."""

    counts: Counts
    rows: Mapping[str, tuple[RowCounts, ...]]
    verdicts: Mapping[str, VerdictCounts]
    slopes: Mapping[str, SlopeCounts] = field(default_factory=dict)
    arms: Mapping[str, Mapping[str, ArmCounts]] = field(default_factory=dict)
    people: PeopleCounts = PeopleCounts()

    @property
    def studies(self) -> int:
        """How many."""
        return self.counts.studies

    def __add__(self, other: "Replicated") -> "Replicated":
        found: Replicated = _added(self, other)
        return found


def _added(one: Any, other: Any) -> Any:
    """Two of a kind together, part by part."""
    if isinstance(one, Mapping):
        both = {key: _added(one[key], other[key]) for key in one if key in other}
        return {**one, **other, **both}
    if isinstance(one, tuple):
        return tuple(_added(*each) for each in zip(one, other, strict=True))
    if not is_dataclass(one) or isinstance(one, Counts):
        return one + other
    names = [each.name for each in fields(one)]
    parts = {name: _added(getattr(one, name), getattr(other, name)) for name in names}
    return replace(one, **parts)  # type: ignore[type-var]


def replicated_to_builtins(found: Replicated) -> Any:
    """Counts as JSON keeps them."""
    return msgspec.to_builtins(found)


def replicated_from_builtins(kept: Any) -> Replicated:
    """Counts as `replicated_to_builtins` made them."""
    return msgspec.convert(kept, Replicated)
