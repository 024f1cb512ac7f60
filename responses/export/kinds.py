"""PURE: why there is no value, and the numbers that say so where a format has codes for it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from experiments.design import Design
from experiments.variables import Variable

# In the order of their codes. The docs and readers of old files rely on it: add at the end only.
KINDS = (
    "not_reached",
    "not_shown",
    "skipped",
    "prefer_not_to_say",
    "dont_know",
    "untouched",
    "withdrawn",
)
# Those that an answer names, and those that tell why there is none.
CHOSEN = ("prefer_not_to_say", "dont_know", "untouched")
ABSENT = ("not_shown", "skipped", "withdrawn", "not_reached")

# The first code of a set is this; the others count down from it.
FIRST = -9901
_SHIFTS = (-90_000, -900_000, -9_000_000, -90_000_000, -900_000_000)


@dataclass(frozen=True)
class Kinds:
    """The code of each kind of missing; none in a table that has NULL instead."""

    codes: dict[str, int] = field(default_factory=dict)

    @property
    def texts(self) -> dict[str, str]:
        """The codes as text."""
        return {kind: str(code) for kind, code in self.codes.items()}


def missing_codes(designs: Iterable[Design], variables: Iterable[Variable]) -> Kinds:
    """-9901 for not reached, -9902 and so on for the others; none of them a value of a variable.

    Should an option have such a code, or a number of the study's items be allowed to be one, they
    begin at -99901, then -999901, and so on.
    """
    taken = {
        int(option.code)
        for variable in variables
        for option in variable.values
        if option.code.lstrip("-").isdecimal()
    }
    ranges = [
        (item.minimum, item.maximum if item.maximum is not None else float("inf"))
        for design in designs
        for item in design.items()
        if item.minimum is not None
    ]
    first = FIRST
    for shift in (*_SHIFTS, 0):
        codes = range(first, first - len(KINDS), -1)
        used = any(low <= codes[0] and codes[-1] <= high for low, high in ranges)
        if not used and taken.isdisjoint(codes):
            break
        first += shift
    return Kinds({kind: first - at for at, kind in enumerate(KINDS)})
