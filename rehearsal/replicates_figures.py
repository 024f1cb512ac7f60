"""PURE: two plots of rehearsed studies: what each look had found, and what was planted."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.drawing import COLOURS, DASHES, INK, MARKERS, SOFT, drawing, written
from analysis.power.counts import Share, share
from rehearsal.replicate_counts import Replicated, RowCounts

# Of the range in which 95 % of normal estimates lie.
NORMAL = 1.959963984540054
# So long is a line of a label.
COLUMNS = 78
MARK = "Rehearsal: of people who were made up"


@dataclass(frozen=True)
class Row:
    """A row of the plot of effects."""

    label: str
    planted: float
    found: RowCounts


def rejections_figure(
    found: Replicated, sizes: Sequence[int], names: Mapping[str, str], title: str
) -> bytes:
    """An SVG: the share of studies in which each contrast was found different, by each look."""
    apart = 0.01 * sizes[-1]
    with drawing(7, 3.6 + 0.22 * len(names)) as figure:
        axes = figure.add_subplot()
        for at, (code, name) in enumerate(names.items()):
            # Side by side, so that intervals don't hide each other.
            aside = apart * (at - (len(names) - 1) / 2)
            shares = _by_look(found, code)
            middle = [each.share for each in shares]
            ends = [
                [each.share - each.low for each in shares],
                [each.high - each.share for each in shares],
            ]
            axes.errorbar(
                [size + aside for size in sizes],
                middle,
                yerr=ends,
                label=name,
                color=COLOURS[at % len(COLOURS)],
                linestyle=DASHES[at % len(DASHES)],
                marker=MARKERS[at % len(MARKERS)],
                capsize=3,
            )
        axes.set_ylim(-0.02, 1.02)
        axes.set_xticks(list(sizes))
        axes.set_xlabel("Eligible completes")
        axes.set_ylabel("Share found different by then")
        axes.spines[["right", "top"]].set_visible(False)
        figure.legend(loc="outside lower center", frameon=False)
        figure.suptitle(MARK, color=SOFT)
        return written(figure, "svg", title, _said(found, names))


def effects_figure(rows: Sequence[Row], studies: int, title: str) -> bytes:
    """An SVG: what was planted, what is in everybody, and where the studies' estimates lie."""
    with drawing(7, 2.2 + 0.75 * len(rows)) as figure:
        axes = figure.add_subplot()
        axes.axvline(0, color=SOFT, linewidth=1)
        # Each label stands above its row, so that none is cut off.
        for at, row in enumerate(rows):
            label = textwrap.fill(row.label, COLUMNS)
            where = ("axes fraction", "data")
            axes.annotate(
                label, (0, 0.18 - at), xycoords=where, va="bottom", color=INK
            ).set_in_layout(False)
        for at, row in enumerate(rows):
            y, estimate, there = -at, row.found.estimate, row.found.there.mean
            axes.plot([row.planted], [y], "D", color=INK, mfc="white", markersize=9)
            if there:
                axes.plot([there.mean], [y], "|", color=INK, markersize=16)
            if estimate.n:
                middle, away = estimate.total / estimate.n, NORMAL * (estimate.sd or 0.0)
                axes.plot([middle - away, middle + away], [y, y], color=SOFT, linewidth=2)
                axes.plot([middle], [y], "o", color=INK, markersize=4)
        axes.set_yticks([])
        axes.set_ylim(-len(rows) + 0.7, 0.7)
        axes.set_xlabel("Points of the outcome")
        axes.spines[["left", "right", "top"]].set_visible(False)
        axes.plot([], [], "D", color=INK, mfc="white", label="planted")
        axes.plot([], [], "|", color=INK, markersize=12, label="in everybody who was given an arm")
        axes.plot([], [], "o", color=INK, markersize=4, label="mean of the studies’ estimates")
        axes.plot([], [], "-", color=SOFT, linewidth=2, label="95 % of the estimates")
        figure.legend(loc="outside lower center", frameon=False, ncols=2)
        figure.suptitle(MARK, color=SOFT)
        told = "; ".join(f"{row.label}: planted {row.planted:g}" for row in rows)
        return written(figure, "svg", title, f"Estimates of {studies} studies. {told}.")


def _by_look(found: Replicated, code: str) -> list[Share]:
    rejected = found.counts.contrasts[code].rejected
    return [share(sum(rejected[: at + 1]), found.studies) for at in range(len(rejected))]


def _said(found: Replicated, names: Mapping[str, str]) -> str:
    told = (
        f"{name}: " + ", ".join(f"{each.share:.3f}" for each in _by_look(found, code))
        for code, name in names.items()
    )
    return f"Of {found.studies} studies. {'; '.join(told)}."
