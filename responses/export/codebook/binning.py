"""PURE: the bins of a small histogram, and moments that were counted as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise

from responses.export.codebook.entry import Bin

# About as many bins; whole numbers that span no more have one each.
BINS = 10
WHOLE = 21
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Edges:
    """`bins` of equal width from `low` to below `high`."""

    low: Decimal
    high: Decimal
    bins: int


def edges_of(low: Decimal, high: Decimal, *, whole: bool) -> Edges:
    """Edges at round numbers for values from `low` to `high`, which is more."""
    if whole and high - low < WHOLE:
        return Edges(low - Decimal("0.5"), high + Decimal("0.5"), int(high - low) + 1)
    width = _round((high - low) / BINS)
    if whole:
        width = max(width, Decimal(1))
    first = (low / width).to_integral_value(ROUND_FLOOR) * width
    bins = int((high - first) / width) + 1
    return Edges(first, first + bins * width, bins)


def binned(edges: Edges, counts: Sequence[int]) -> tuple[Bin, ...]:
    """The bins with their counts, in their order."""
    width = (edges.high - edges.low) / edges.bins
    ends = [float(edges.low + at * width) for at in range(edges.bins + 1)]
    return tuple(Bin(low, high, n) for (low, high), n in zip(pairwise(ends), counts, strict=True))


def _round(width: Decimal) -> Decimal:
    """The next 1, 2 or 5 times a power of ten."""
    power = Decimal(10) ** width.adjusted()
    return next(step * power for step in map(Decimal, (1, 2, 5, 10)) if step * power >= width)


def instant(seconds: Decimal) -> str:
    """A moment by its seconds since 1970, in UTC, ISO 8601 with microseconds."""
    moment = _EPOCH + timedelta(microseconds=int(seconds * 1_000_000))
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"


def day(days: Decimal) -> str:
    """A day by its days since 1970, ISO 8601."""
    return (date(1970, 1, 1) + timedelta(days=int(days))).isoformat()
