"""PURE: the plot of a look's estimates as SVG, the same bytes for the same numbers.

Texts stay texts, so that the reader's fonts draw them (Korean too). Each label stands on a line of
its own above its interval: no label is cut off, however long or wide its script.
"""

import io
import re
import textwrap
import warnings
from dataclasses import dataclass
from html import escape
from itertools import accumulate
from threading import Lock
from unicodedata import east_asian_width

import matplotlib
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from analysis.statistics.estimate import Estimate

matplotlib.rcParams.update(
    {
        "svg.fonttype": "none",
        # Ids in the SVG come from a hash with this salt instead of a random one.
        "svg.hashsalt": "coprod",
        "font.family": "sans-serif",
        "font.size": 10,
    }
)
# Matplotlib keeps global state; requests come in threads.
DRAWING = Lock()

# Of a row: its height, that of a line of its label, and the label's columns.
ROW, LINE, COLUMNS = 1.0, 0.32, 78

INK, SOFT, BAND = "#1f2937", "#6b7280", "#e5e7eb"


@dataclass(frozen=True)
class Line:
    """One row of the plot: its label and its estimates, None where there is none."""

    label: str
    unadjusted: Estimate | None
    repeated: Estimate | None
    adjusted: Estimate | None


@dataclass(frozen=True)
class Legend:
    """The words of the plot in the reader's language."""

    title: str
    description: str
    axis: str
    nominal: str
    repeated: str
    adjusted: str
    smallest: str
    missing: str


def estimates_svg(lines: tuple[Line, ...], legend: Legend, smallest_effect: float | None) -> str:
    """A forest plot: nominal intervals thick, repeated ones thin, adjusted estimates hollow.

    `smallest_effect` shades the range from minus to plus it.
    """
    labels = [_wrapped(line.label, line.unadjusted is not None, legend) for line in lines]
    tops = list(accumulate((ROW + LINE * label.count("\n") for label in labels), initial=0.0))
    with DRAWING:
        figure = Figure(figsize=(7, 1.8 + 0.75 * tops[-1]), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        axes.axvline(0, color=SOFT, linewidth=1, zorder=1)
        keys = _shade(axes, smallest_effect, legend)
        for line, label, top in zip(lines, labels, tops[:-1], strict=True):
            place = (0, -top)
            axes.annotate(label, place, xycoords=("axes fraction", "data"), va="top", color=INK)
            _draw(axes, -top - LINE * (label.count("\n") + 1) - 0.1, line)
        _frame(axes, tops[-1], legend, keys)
        out = io.StringIO()
        with warnings.catch_warnings():
            # The reader's font has the glyphs that Matplotlib's own lacks.
            warnings.filterwarnings("ignore", message="Glyph .* missing from font")
            figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return _described(out.getvalue(), legend)


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
    if value := line.repeated:
        axes.plot([value.low, value.high], [y, y], color=INK, linewidth=1, zorder=2)
    if value := line.unadjusted:
        axes.plot([value.low, value.high], [y, y], color=INK, linewidth=3.5, zorder=3)
        axes.plot([value.estimate], [y], "o", color=INK, markersize=8, zorder=4)
    if value := line.adjusted:
        low = y - 0.25
        axes.plot([value.low, value.high], [low, low], color=SOFT, linewidth=2, zorder=3)
        axes.plot([value.estimate], [low], "s", color=SOFT, mfc="white", markersize=7, zorder=4)


def _frame(axes: Axes, height: float, legend: Legend, band: list[Artist]) -> None:
    axes.set_ylim(-height, 0.1)
    axes.set_yticks([])
    axes.set_xlabel(legend.axis)
    axes.spines[["left", "right", "top"]].set_visible(False)
    keys = (
        axes.plot([], [], "o-", color=INK, linewidth=3.5, markersize=8, label=legend.nominal)
        + axes.plot([], [], "-", color=INK, linewidth=1, label=legend.repeated)
        + axes.plot([], [], "s-", color=SOFT, mfc="white", linewidth=2, label=legend.adjusted)
    )
    figure = axes.get_figure(root=True)
    if figure is not None:
        figure.legend(handles=[*keys, *band], loc="outside lower center", frameon=False)


def _described(svg: str, legend: Legend) -> str:
    """The SVG with its title and description, which assistive software reads."""
    title = f'<title id="title">{escape(legend.title)}</title>'
    description = f'<desc id="desc">{escape(legend.description)}</desc>'
    opening = re.search(r"<svg\b[^>]*>", svg)
    if opening is None:
        raise ValueError("Matplotlib wrote no SVG.")
    named = opening.group().removesuffix(">") + ' role="img" aria-labelledby="title desc">'
    return svg[: opening.start()] + named + title + description + svg[opening.end() :]
