"""PURE: where the lines of the two plots of a plan's reach lie; a template draws them.

Inline SVG of a few lines, in the page's own colours: no script, no style, no Matplotlib. Places
are in units of a picture of WIDTH × HEIGHT.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from analysis.reach import DRIFTS

WIDTH, HEIGHT = 400, 270
LEFT, RIGHT, TOP, BOTTOM = 48, 12, 10, 46
# One for each look, over again after the last.
DASHES = ("", "7 3", "2 3", "9 3 2 3", "1 5", "12 4")
# The distance of two ticks is one of these times a power of ten, with at most so many of them.
STEPS, MOST_TICKS = (1, 2, 5), 6


@dataclass(frozen=True)
class Tick:
    """A place on an axis and its number."""

    at: float
    label: str


@dataclass(frozen=True)
class Interval:
    """An interval around nil, upright, with its ends."""

    x: float
    top: float
    bottom: float
    width: float

    @property
    def caps(self) -> tuple[float, float]:
        """From where to where its ends reach."""
        return self.x - 6, self.x + 6


@dataclass(frozen=True)
class IntervalPlot:
    """Intervals by look against the band of ± the smallest effect, None if there is none."""

    zero: float
    band: tuple[float, float] | None
    intervals: tuple[Interval, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


@dataclass(frozen=True)
class Curve:
    """A line with its dashes, its label, and the height of that in the key."""

    points: str
    dash: str
    label: str
    key: float


@dataclass(frozen=True)
class PowerPlot:
    """The power by effect, one curve per look; `smallest` is where that effect is."""

    smallest: float | None
    curves: tuple[Curve, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


def interval_plot(
    halves: Sequence[Sequence[float]], looks: Sequence[str], smallest: float | None
) -> IntervalPlot:
    """The intervals of each track (thick, then thin ones) at each look, in standard deviations."""
    most = 1.08 * max(*map(max, halves), smallest or 0)

    def y(value: float) -> float:
        return place_of(value, -most, most, HEIGHT - BOTTOM, TOP)

    centers = [
        place_of(place + 0.5, 0, len(looks), LEFT, WIDTH - RIGHT) for place in range(len(looks))
    ]
    apart = 16
    heights = ticks(most, 4)
    return IntervalPlot(
        zero=y(0),
        band=(y(smallest), y(-smallest) - y(smallest)) if smallest else None,
        intervals=tuple(
            Interval(
                x=round(center + apart * (place - (len(halves) - 1) / 2), 1),
                top=y(half),
                bottom=y(-half),
                width=3.5 if place == 0 else 1.5,
            )
            for place, track in enumerate(halves)
            for center, half in zip(centers, track, strict=True)
        ),
        x_ticks=tuple(Tick(*each) for each in zip(centers, looks, strict=True)),
        y_ticks=tuple(
            Tick(y(sign * value), f"{'−' if sign < 0 and value else ''}{label}")
            for value, label in heights
            for sign in ((1, -1) if value else (1,))
        ),
    )


def power_plot(
    curves: Sequence[Sequence[float]], labels: Sequence[str], se: float, smallest: float | None
) -> PowerPlot:
    """The power curves of `reach.DRIFTS` for a contrast with this standard error at the end."""
    # An effect far beyond what can be missed is drawn at the edge.
    most = DRIFTS[-1] * se

    def x(value: float) -> float:
        return place_of(value, 0, most, LEFT, WIDTH - RIGHT)

    def y(value: float) -> float:
        return place_of(value, 0, 1, HEIGHT - BOTTOM, TOP)

    return PowerPlot(
        smallest=x(smallest) if smallest and smallest <= most else None,
        curves=tuple(
            Curve(
                points=" ".join(
                    f"{x(drift * se)},{y(power)}"
                    for drift, power in zip(DRIFTS, curve, strict=True)
                ),
                dash=DASHES[(len(curves) - 1 - place) % len(DASHES)],
                label=label,
                # Where the effect is small and the power large there is no curve.
                key=TOP + 10 + 15 * (len(curves) - 1 - place),
            )
            for place, (curve, label) in enumerate(zip(curves, labels, strict=True))
        ),
        x_ticks=tuple(Tick(x(value), label) for value, label in ticks(most, MOST_TICKS)),
        y_ticks=tuple(Tick(y(value), f"{value:.1f}") for value in (0, 0.2, 0.4, 0.6, 0.8, 1)),
    )


def place_of(value: float, low: float, high: float, start: float, end: float) -> float:
    """Where a value between low and high lies between start and end."""
    return round(start + (value - low) / (high - low) * (end - start), 1)


def ticks(most: float, at_most: int) -> list[tuple[float, str]]:
    """Round numbers from 0 to at most `most`, and how they are written."""
    for power in count(-6):
        for step in STEPS:
            distance = step * 10.0**power
            if most / distance < at_most:
                places = max(0, -power)
                return [
                    (each * distance, f"{each * distance:.{places}f}")
                    for each in range(int(most / distance) + 1)
                ]
    raise AssertionError("Some power of ten is wide enough.")
