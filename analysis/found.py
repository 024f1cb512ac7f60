"""PURE: what was found, or the reason why there is nothing, in a form that JSON can keep."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from analysis.statistics.estimate import NotEstimable

T = TypeVar("T")


@dataclass(frozen=True)
class Found(Generic[T]):
    """A value, or the reason why there is none: exactly one of the two."""

    value: T | None = None
    why_not: NotEstimable | None = None

    @classmethod
    def of(cls, answer: T | NotEstimable) -> "Found[T]":
        """Wraps what a statistic answered."""
        if isinstance(answer, NotEstimable):
            return cls(why_not=answer)
        return cls(value=answer)
