"""PURE: a look's other plots: paths of z or of estimates over looks, answers by arm, flow."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from analysis.drawing import BAND, COLOURS, DASHES, INK, MARKERS, SOFT, drawing, written


@dataclass(frozen=True)
class Path:
    """One contrast's statistic at the looks so far."""

    label: str
    fractions: tuple[float, ...]
    z: tuple[float, ...]


@dataclass(frozen=True)
class Limit:
    """Bounds on |z| by information; those of looks to come are as they are planned."""

    label: str
    fractions: tuple[float, ...]
    z: tuple[float, ...]


@dataclass(frozen=True)
class Course:
    """One contrast's estimate at the looks so far, with the interval that is valid at all of them.

    Of looks at which it is not estimable there is nothing.
    """

    label: str
    n: tuple[int, ...]
    estimates: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True)
class Bars:
    """How many of one arm have each value of outcome or scale, from the least to the greatest."""

    label: str
    values: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Step:
    """One box of the flow: what it is, how many, and who left beside it."""

    label: str
    n: int
    left: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class ArmSteps:
    """One arm's way: allocated, saw the vignette, completed, analysed; None where not counted."""

    label: str
    counts: tuple[int | None, ...]


@dataclass(frozen=True)
class Words:
    """A plot's title, description and the names of its axes; `mark` stands across all of it."""

    title: str
    description: str
    x: str = ""
    y: str = ""
    mark: str = ""


def bounds_figure(paths: Sequence[Path], limits: Sequence[Limit], words: Words, kind: str) -> bytes:
    """Each contrast's z by the information, between the bounds on both sides."""
    with drawing(7, 4.8) as figure:
        axes = figure.add_subplot()
        axes.axhline(0, color=SOFT, linewidth=0.8)
        for limit, dash in zip(limits, DASHES, strict=False):
            for sign in (1, -1):
                axes.plot(
                    limit.fractions,
                    [sign * z for z in limit.z],
                    linestyle=dash,
                    marker="_",
                    color=SOFT,
                    label=limit.label if sign == 1 else None,
                )
        for place, path in enumerate(paths):
            axes.plot(
                (0, *path.fractions),
                (0, *path.z),
                linestyle=DASHES[place % len(DASHES)],
                marker=MARKERS[place % len(MARKERS)],
                color=COLOURS[place % len(COLOURS)],
                label=path.label,
            )
        _named(axes, words)
        axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.set_xlim(0, max((1.0, *(t for path in paths for t in path.fractions))) * 1.03)
        figure.legend(loc="outside lower center", frameon=False)
        return written(figure, kind, words.title, words.description, words.mark)


def sequences_figure(
    courses: Sequence[Course], smallest_effect: float | None, words: Words, kind: str
) -> bytes:
    """Each contrast's confidence sequence by the participants, one below the other.

    `smallest_effect` shades the range from minus to plus it.
    """
    rows = max(len(courses), 1)
    with drawing(7, 1.0 + 1.9 * rows) as figure:
        panels = figure.subplots(rows, 1, sharex=True, sharey=True, squeeze=False)[:, 0]
        for axes, course in zip(panels, courses, strict=False):
            if smallest_effect is not None:
                axes.axhspan(-smallest_effect, smallest_effect, color=BAND, zorder=0)
            axes.axhline(0, color=SOFT, linewidth=0.8)
            axes.fill_between(course.n, course.low, course.high, color=INK, alpha=0.15, lw=0)
            axes.vlines(course.n, course.low, course.high, color=INK, linewidth=1.4)
            axes.plot(course.n, course.estimates, "o-", color=INK, markersize=6)
            axes.set_title(textwrap.fill(course.label, 78), loc="left", fontsize=9)
            axes.spines[["right", "top"]].set_visible(False)
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        panels[-1].set_xlim(0, 1.05 * max((1, *(n for course in courses for n in course.n))))
        panels[-1].set_xlabel(words.x)
        figure.supylabel(words.y, fontsize=9)
        return written(figure, kind, words.title, words.description, words.mark)


def distributions_figure(bars: Sequence[Bars], words: Words, kind: str) -> bytes:
    """The outcome's values in each arm, as shares of the arm, one below the other."""
    with drawing(7, 0.9 + 1.15 * max(len(bars), 1)) as figure:
        rows = figure.subplots(max(len(bars), 1), 1, sharex=True, sharey=True, squeeze=False)
        for axes, arm in zip(rows[:, 0], bars, strict=False):
            total = sum(arm.counts) or 1
            width = 0.85 * min(
                (high - low for low, high in zip(arm.values, arm.values[1:], strict=False)),
                default=1.0,
            )
            axes.bar(arm.values, [n / total for n in arm.counts], width=width, color=INK)
            axes.set_title(f"{arm.label} (n = {sum(arm.counts)})", loc="left", fontsize=9)
            axes.spines[["right", "top"]].set_visible(False)
            axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
            axes.yaxis.set_major_locator(MaxNLocator(3))
        rows[-1, 0].set_xlabel(words.x)
        return written(figure, kind, words.title, words.description, words.mark)


def flow_figure(steps: Sequence[Step], words: Words, kind: str) -> bytes:
    """The participants' way as boxes from top to bottom, with who left beside them."""
    heights = [1.0 + 0.28 * max(len(step.left) - 1, 0) for step in steps]
    with drawing(7, 0.3 + 0.85 * sum(heights)) as figure:
        axes = figure.add_subplot()
        axes.set_axis_off()
        axes.set_xlim(0, 10)
        axes.set_ylim(-sum(heights), 0.1)
        top = 0.0
        box = {"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": INK}
        for place, (step, height) in enumerate(zip(steps, heights, strict=True)):
            text = f"{step.label}: {step.n}"
            axes.text(2.6, top - 0.25, text, ha="center", va="center", bbox=box, color=INK)
            if place + 1 < len(steps):
                arrow = {"arrowstyle": "->", "color": INK}
                axes.annotate("", (2.6, top - height + 0.05), (2.6, top - 0.5), arrowprops=arrow)
            if step.left:
                beside = "\n".join(f"{label}: {n}" for label, n in step.left)
                axes.text(5.4, top - 0.55, beside, ha="left", va="top", color=SOFT, fontsize=9)
            top -= height
        return written(figure, kind, words.title, words.description, words.mark)


def arms_flow_figure(
    arms: Sequence[ArmSteps], steps: Sequence[str], words: Words, kind: str
) -> bytes:
    """Each arm's way as a row of boxes from left to right, under the steps' names."""
    with drawing(7, 0.9 + 0.62 * len(arms)) as figure:
        axes = figure.add_subplot()
        axes.set_axis_off()
        axes.set_xlim(0, 10)
        axes.set_ylim(-len(arms), 0.9)
        apart = 5 / (len(steps) - 1)
        places = [4.4 + apart * place for place in range(len(steps))]
        for x, step in zip(places, steps, strict=True):
            text = textwrap.fill(step, 11)
            axes.text(x, 0.3, text, ha="center", va="bottom", color=SOFT, fontsize=8)
        box = {"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": INK}
        for row, arm in enumerate(arms):
            y = -row - 0.4
            axes.text(0, y, textwrap.fill(arm.label, 34), va="center", fontsize=9, color=INK)
            for place, (x, n) in enumerate(zip(places, arm.counts, strict=True)):
                told = "–" if n is None else f"{n}"
                axes.text(x, y, told, ha="center", va="center", bbox=box, color=INK, fontsize=9)
                if place:
                    arrow = {"arrowstyle": "->", "color": INK}
                    axes.annotate("", (x - 0.4, y), (places[place - 1] + 0.4, y), arrowprops=arrow)
        return written(figure, kind, words.title, words.description, words.mark)


def _named(axes: Axes, words: Words) -> None:
    axes.set_xlabel(words.x)
    axes.set_ylabel(words.y)
    axes.spines[["right", "top"]].set_visible(False)
