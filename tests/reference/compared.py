"""One number of ours beside the reference, with how far they may lie apart and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# Both programs work in double precision and R prints 15 digits; what remains is the order in
# which sums and triangular solves round, some hundred times the machine's epsilon.
ROUNDING = 1e-10
# Tails multiply the rounding of their statistic by up to |t| · df^½ or so.
TAIL_ROUNDING = 1e-8


@dataclass(frozen=True)
class Compared:
    """One number: ours, the reference, and how far they may lie apart (in absolute terms)."""

    what: str
    ours: float
    reference: float
    program: str
    tolerance: float


def near(what: str, ours: float, reference: float, program: str) -> Compared:
    """A number that parts from the reference by rounding only."""
    tail = what.endswith((" p", "_p"))
    relative = TAIL_ROUNDING if tail else ROUNDING
    floor = 0.0 if tail else 1e-12
    return Compared(what, ours, reference, program, relative * abs(reference) + floor)


def each(
    what: str, ours: Any, reference: Any, program: str, tolerance: float, *, relative: bool = False
) -> Iterator[Compared]:
    """One row for each number: one, or a list with one for each look."""
    several = isinstance(reference, list)
    pairs = zip(ours, reference, strict=True) if several else [(ours, reference)]
    for look, (our, their) in enumerate(pairs, start=1):
        name = f"{what}, look {look}" if several else what
        yield Compared(name, our, their, program, tolerance * abs(their) if relative else tolerance)
