"""PURE: how much of the planned information each look of a study had."""

from collections.abc import Iterable
from typing import Protocol

from analysis.statistics.sequential import Bound


class SpentLook(Protocol):
    """A look that was run on `n` participants, `fraction` of the planned ones."""

    @property
    def n(self) -> int:
        """The participants of its cut."""

    @property
    def fraction(self) -> float:
        """Its information."""


def fractions(spent: Iterable[SpentLook], n: int, sample_size: int) -> tuple[float, ...]:
    """The information fractions of the spent looks, in their order, and of one of `n`, the last.

    A look had what it really had, participants over planned ones, whether the plan announced it or
    somebody ordered it: an interim look has more than the plan says by what rounding up adds.

    What was spent stays spent, and information does not go back. A look of no more participants
    than one before it, as when people withdrew and the study closed, counts as one participant
    more: it then has next to nothing new, and a last one spends what alpha is left on what is
    nearly the same statistic. That keeps the error, for withdrawals of those who were told no
    results don't depend on them. Spending needs information that grows (Lan & DeMets 1983); that
    such a look counts as one more is our rule.
    """
    found: list[float] = []
    for fraction in (*(look.fraction for look in spent), n / sample_size):
        found.append(max(fraction, found[-1] + 1 / sample_size) if found else fraction)
    return tuple(found)


def counted(look: SpentLook, bound: Bound | None) -> float:
    """The information that a spent look counts as: that of its bound, where it has one."""
    return look.fraction if bound is None else bound.fraction


def held_up(look: SpentLook, bound: Bound | None) -> bool:
    """Whether it counts as more than it had, for a look before had as many participants."""
    one = look.fraction / look.n
    return counted(look, bound) - look.fraction > one / 2
