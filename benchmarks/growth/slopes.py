"""PURE: how figures grow with the number of participants, and which may."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log10

# What an index of a larger table has more of: a level or two for each that is read, and a block
# where rows lie further apart.
MORE_TIMES, MORE_BLOCKS, MORE_ROWS = 1.5, 150, 100

# Pages that read in proportion to the participants, some up to a bound, and why; all others do not.
CAPPED = "where there are few: counts 1,000 at most"
PAGE = "where there are few: 50 are shown at once"
MAY_GROW: Mapping[str, str] = {
    "… withdrawn": PAGE,
    "responses/participant/?state__exact=withdrawn": PAGE,
    "… the last page with a number": "merges the first 250 of each state",
    "pay lists": "reads the tallies, which are more where more came, up to their number",
    "erasures": CAPPED,
    "responses/erasure/?mode__exact=live": CAPPED,
    "responses/erasure/?kind__exact=withdrawal": CAPPED,
    "data quality": "counts who is flagged, 1,000 at most",
    "progress": "the pooled outcome of everybody",
    "integrity": "reads the ledger",
}


@dataclass(frozen=True)
class Grown:
    """What a request read at each size, in the order of the sizes."""

    name: str
    blocks: tuple[int, ...]
    rows: tuple[int, ...]

    @property
    def grows(self) -> bool:
        """Whether it reads more where there are more participants, beyond an index's levels."""
        return (
            self.rows[-1] > MORE_TIMES * self.rows[0] + MORE_ROWS
            or self.blocks[-1] > MORE_TIMES * self.blocks[0] + MORE_BLOCKS
        )


def grown(by_size: Sequence[Mapping[str, tuple[int, ...]]]) -> list[Grown]:
    """Blocks and rows of each request, from those at each size."""
    return [
        Grown(
            name,
            tuple(each[name][0] for each in by_size),
            tuple(each[name][1] for each in by_size),
        )
        for name in by_size[0]
        if all(name in each for each in by_size)
    ]


def per_decade(sizes: Sequence[int], values: Sequence[float]) -> float:
    """By how many times a figure grows where there are ten times as many: 1 is flat, 10 linear.

    From the smallest to the largest size; nan if there is only one, or nothing to begin with.
    """
    if sizes[0] == sizes[-1] or not values[0] or not values[-1]:
        return float("nan")
    return float((values[-1] / values[0]) ** (1 / log10(sizes[-1] / sizes[0])))
