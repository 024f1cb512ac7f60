"""PURE: the plot of a look's estimates.

Each label stands on a line of its own above its interval: no label is cut off, however long or wide
its script.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from unicodedata import east_asian_width

from matplotlib.artist import Artist
from matplotlib.axes import Axes

from analysis.drawing import BAND, INK, SOFT, drawing, written
from analysis.statistics.estimate import Estimate

# Of a row: its height, that of a line of its label, and the label's columns.
ROW, LINE, COLUMNS = 1.0, 0.32, 78


@dataclass(frozen=True)
class Line:
    """One row of the plot: its label and its estimates, None where there is none.

    `announced` is the one by which the plan tests, `repeated` and `simultaneous` have its wider
    intervals; `other` is the one beside it.
    """

    label: str
    announced: Estimate | None
    repeated: Estimate | None
    simultaneous: Estimate | None
    other: Estimate | None


@dataclass(frozen=True)
class Legend:
    """The words of the plot in the reader's language."""

    title: str
    description: str
    axis: str
    announced: str
    repeated: str
    simultaneous: str
    other: str
    smallest: str
    missing: str
    mark: str = ""


def estimates_figure(
    lines: Sequence[Line], legend: Legend, smallest_effect: float | None, kind: str
) -> bytes:
    """A forest plot: nominal intervals thick, repeated ones thin, simultaneous ones with ends.

    `smallest_effect` shades the range from minus to plus it; `kind` is svg or pdf.
    """
    labels = [_wrapped(line.label, line.announced is not None, legend) for line in lines]
    tops = list(accumulate((ROW + LINE * label.count("\n") for label in labels), initial=0.0))
    with drawing(7, 2.0 + 0.75 * tops[-1]) as figure:
        axes = figure.add_subplot()
        axes.axvline(0, color=SOFT, linewidth=1, zorder=1)
        keys = _shade(axes, smallest_effect, legend)
        for line, label, top in zip(lines, labels, tops[:-1], strict=True):
            place = (0, -top)
            axes.annotate(label, place, xycoords=("axes fraction", "data"), va="top", color=INK)
            _draw(axes, -top - LINE * (label.count("\n") + 1) - 0.1, line)
        _frame(axes, tops[-1], legend, keys)
        return written(figure, kind, legend.title, legend.description, legend.mark)


def _wrapped(label: str, estimable: bool, legend: Legend) -> str:
    """The label in lines of so many columns, a wide character being two of them."""
    text = label if estimable else f"{label}: {legend.missing}"
    wide = sum(east_asian_width(character) in "WF" for character in text)
    return textwrap.fill(text, int(COLUMNS * len(text) / (len(text) + wide)) if text else COLUMNS)


def _shade(axes: Axes, smallest_effect: float | None, legend: Legend) -> list[Artist]:
    if smallest_effect is None:
        return []
    band = axes.axvspan(
        -smallest_effect, smallest_effect, color=BAND, zorder=0, label=legend.smallest
    )
    return [band]


def _draw(axes: Axes, y: float, line: Line) -> None:
    if value := line.simultaneous:
        ends = [value.low, value.high]
        axes.plot(ends, [y, y], "|-", color=SOFT, linewidth=0.7, markersize=9, zorder=2)
    if value := line.repeated:
        axes.plot([value.low, value.high], [y, y], color=INK, linewidth=1.4, zorder=2)
    if value := line.announced:
        axes.plot([value.low, value.high], [y, y], color=INK, linewidth=3.5, zorder=3)
        axes.plot([value.estimate], [y], "o", color=INK, markersize=8, zorder=4)
    if value := line.other:
        low = y - 0.25
        axes.plot([value.low, value.high], [low, low], color=SOFT, linewidth=2, zorder=3)
        axes.plot([value.estimate], [low], "s", color=SOFT, mfc="white", markersize=7, zorder=4)


def _frame(axes: Axes, height: float, legend: Legend, band: list[Artist]) -> None:
    axes.set_ylim(-height, 0.1)
    axes.set_yticks([])
    axes.set_xlabel(legend.axis)
    axes.spines[["left", "right", "top"]].set_visible(False)
    keys = (
        axes.plot([], [], "o-", color=INK, linewidth=3.5, markersize=8, label=legend.announced)
        + axes.plot([], [], "-", color=INK, linewidth=1.4, label=legend.repeated)
        + axes.plot([], [], "|-", color=SOFT, linewidth=0.7, label=legend.simultaneous)
        + axes.plot([], [], "s-", color=SOFT, mfc="white", linewidth=2, label=legend.other)
    )
    figure = axes.get_figure(root=True)
    if figure is not None:
        figure.legend(handles=[*keys, *band], loc="outside lower center", frameon=False)
