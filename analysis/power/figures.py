"""PURE: where the lines of plots of power by n lie, by formula and simulated; templates draw them.

As in `analysis.reach_figures`: inline SVG in the page's own colours. Lines are told apart by
thickness and dashes, so that nobody needs to tell colours apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.power.analytic import Answer
from analysis.power.counts import Share
from analysis.reach_figures import (
    BOTTOM,
    DASHES,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    Curve,
    Tick,
    place_of,
    ticks,
)
from analysis.statistics.estimate import NotEstimable

# So high stands the key of the lowest line: where n is large and the power small there is no line.
LOWEST_KEY = HEIGHT - BOTTOM - 14


@dataclass(frozen=True)
class SizePlot:
    """Power by participants: a curve for each share of alpha; where `n` and `wished` lie."""

    n: float
    wished: float
    curves: tuple[Curve, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


def size_plot(
    points: Sequence[int], answers: Sequence[Answer], labels: Sequence[str], n: int, power: float
) -> SizePlot | None:
    """The plot of one contrast's answers at these points; None where there is no power."""
    most = float(points[-1])

    def x(value: float) -> float:
        return place_of(value, 0, most, LEFT, WIDTH - RIGHT)

    def y(value: float) -> float:
        return place_of(value, 0, 1, HEIGHT - BOTTOM, TOP)

    curves = []
    for place, (answer, label) in enumerate(zip(answers, labels, strict=True)):
        known = [
            (point, each)
            for point, each in zip(points, answer.curve, strict=True)
            if not isinstance(each, NotEstimable)
        ]
        curves.append(
            Curve(
                points=" ".join(f"{x(point)},{y(each)}" for point, each in known),
                dash=DASHES[place % len(DASHES)],
                label=label,
                key=LOWEST_KEY - 15 * (len(answers) - 1 - place),
            )
        )
    if not all(curve.points for curve in curves):
        return None
    return SizePlot(
        n=x(n),
        wished=y(power),
        curves=tuple(curves),
        x_ticks=tuple(Tick(x(value), label) for value, label in ticks(most, 5)),
        y_ticks=tuple(Tick(y(value), f"{value:.1f}") for value in (0, 0.2, 0.4, 0.6, 0.8, 1)),
    )


@dataclass(frozen=True)
class Whisker:
    """A share with its interval, upright."""

    x: float
    y: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Path:
    """A hypothesis through its looks: a line with its dashes, and an interval at each look."""

    label: str
    dash: str
    points: str
    whiskers: tuple[Whisker, ...]


@dataclass(frozen=True)
class LooksPlot:
    """Shares that were rejected by each look, by participants."""

    paths: tuple[Path, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


def looks_plot(
    shares: Sequence[Sequence[Share]], labels: Sequence[str], sizes: Sequence[int]
) -> LooksPlot | None:
    """The plot of each hypothesis's shares at the looks of these sizes; None of a single look."""
    if len(sizes) < 2:
        return None
    most = 1.04 * sizes[-1]

    def x(value: float) -> float:
        return place_of(value, 0, most, LEFT, WIDTH - RIGHT)

    def y(value: float) -> float:
        return place_of(value, 0, 1, HEIGHT - BOTTOM, TOP)

    # Side by side, so that intervals don't hide each other.
    paths = []
    for place, (path, label) in enumerate(zip(shares, labels, strict=True)):
        aside = 4 * (place - (len(shares) - 1) / 2)
        whiskers = tuple(
            Whisker(round(x(size) + aside, 1), y(each.share), y(each.high), y(each.low))
            for size, each in zip(sizes, path, strict=True)
        )
        points = " ".join(f"{each.x},{each.y}" for each in whiskers)
        paths.append(Path(label, DASHES[place % len(DASHES)], points, whiskers))
    return LooksPlot(
        paths=tuple(paths),
        x_ticks=tuple(Tick(x(size), f"{size}") for size in sizes),
        y_ticks=tuple(Tick(y(value), f"{value:.1f}") for value in (0, 0.2, 0.4, 0.6, 0.8, 1)),
    )
