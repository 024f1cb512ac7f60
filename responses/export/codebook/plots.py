"""PURE: where the bars of a codebook's small plots lie, in whole units of their drawing."""

from collections.abc import Sequence
from dataclasses import dataclass

from responses.export.codebook.entry import Bin
from responses.export.codebook.words import number

WIDTH, HEIGHT = 240, 60
LONGEST = 100


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram, by its upper left corner."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Histogram:
    """The bars, the ends of the axis, and all of it in words for who does not see it."""

    bars: tuple[Bar, ...]
    low: str
    high: str
    says: str


def length(share: float | None) -> int:
    """The length of a value's bar out of 100; 1 at least if there is anything."""
    return 0 if not share else max(1, round(LONGEST * share))


def histogram(bins: Sequence[Bin]) -> Histogram | None:
    """The bins drawn side by side, the fullest as high as the drawing; nothing for none."""
    if not bins:
        return None
    most = max(each.count for each in bins) or 1
    step = WIDTH // len(bins)
    heights = [max(1, round(HEIGHT * each.count / most)) if each.count else 0 for each in bins]
    bars = tuple(
        Bar(at * step, HEIGHT - height, max(1, step - 1), height)
        for at, height in enumerate(heights)
    )
    says = "; ".join(f"{number(b.low)} to {number(b.high)}: {b.count}" for b in bins)
    return Histogram(bars, number(bins[0].low), number(bins[-1].high), says)
