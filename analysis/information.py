"""PURE: how much of the planned information each look of a study had."""

from collections.abc import Iterable
from typing import Protocol, TypeVar


class SpentLook(Protocol):
    """A look that was run on `n` participants, `fraction` of the planned ones."""

    @property
    def n(self) -> int:
        """The participants of its cut."""

    @property
    def fraction(self) -> float:
        """Its information."""


Spent = TypeVar("Spent", bound=SpentLook)


def counting(spent: Iterable[Spent], n: int) -> tuple[Spent, ...]:
    """Those of the spent looks, in their order, that are looks of their own before one of `n`.

    An earlier look of as many participants tested the same data: what it spent is contained in what
    this look may spend, so it is no look of its own. That holds while cuts only grow. Once people
    can withdraw, a cut of as many may hold others: then the earlier look stays one of its own, its
    information is what is left of its cut, and this one's has to be more by what is new.
    """
    return tuple(look for look in spent if look.n < n)


def fractions(spent: Iterable[SpentLook], n: int, sample_size: int) -> tuple[float, ...]:
    """The information fractions of the looks that count up to one of `n`, that one last.

    A look had what it really had, participants over planned ones, whether the plan announced it or
    somebody ordered it: an interim look has more than the plan says by what rounding up adds.
    """
    return (*(look.fraction for look in counting(spent, n)), n / sample_size)
