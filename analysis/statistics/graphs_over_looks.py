"""Graphs over group-sequential looks: Maurer & Bretz 2013.

Statistics in Biopharmaceutical Research 5(4), 311–320. At every moment a hypothesis holds a share
of alpha, its local alpha, and is tested by the bounds that spend it over the looks. What is
rejected hands its alpha on, and the others' bounds at all looks are those of their new alpha. That
closes over the intersections as the graph itself does, so the familywise error holds over
hypotheses and looks together, as long as a larger alpha never has a smaller nominal level.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.statistics.estimate import Floats, NotEstimable, Reason
from analysis.statistics.graphs import Graph, graph_test
from analysis.statistics.multiplicity import P, as_p
from analysis.statistics.repeated import Levels, sequential_p

# Nobody plans for less.
LEAST_ALPHA = 1e-12


@dataclass(frozen=True)
class HypothesisOverLooks:
    """What became of one hypothesis; looks are numbered from 1.

    `rejected_at` is the look that decided it, `crossed_at` the look whose p crossed: earlier, if
    another hypothesis handed its alpha on later. `alpha` is the local alpha in the end, or when
    it was rejected, `levels` the nominal levels of all looks under it. `sequential_p` is the
    least local alpha that any look so far crosses, as `p_over_looks` has it.
    """

    hypothesis: str
    rejected_at: int | None
    crossed_at: int | None
    alpha: float
    levels: tuple[float, ...]
    sequential_p: P
    adjusted_p: P


@dataclass(frozen=True)
class GraphOverLooks:
    """All hypotheses after the last look, and the graph of those that are left."""

    hypotheses: tuple[HypothesisOverLooks, ...]
    graph: Graph
    alpha: float


@dataclass(frozen=True)
class Rejection:
    """When a hypothesis was rejected, by which look's p, and the local alpha that it had then."""

    rejected_at: int
    crossed_at: int
    alpha: float


def rejections(
    graph: Graph,
    p: Sequence[Sequence[P]],
    fractions: Sequence[float],
    levels: Levels,
    *,
    alpha: float = 0.05,
    hindsight: bool = True,
) -> tuple[dict[int, Rejection], Graph]:
    """The rejected hypotheses by their place, and the graph of those that are left.

    As `graph_over_looks`, which finds adjusted p-values besides: they take a search.
    """
    table = np.array([as_p(row) for row in p])
    if table.shape != (len(fractions), len(graph.hypotheses)):
        raise ValueError("A p-value is needed for each look and each hypothesis.")
    held: dict[int, Rejection] = {}
    for look in range(1, len(fractions) + 1):
        since = 0 if hindsight else look - 1
        while found := _first_crossed(graph, table, fractions[:look], levels, alpha, since, held):
            place, held[place] = found
            graph = graph.without(place)
    return held, graph


def graph_over_looks(
    graph: Graph,
    p: Sequence[Sequence[P]],
    fractions: Sequence[float],
    levels: Levels,
    *,
    alpha: float = 0.05,
    hindsight: bool = True,
) -> GraphOverLooks:
    """The graph's decisions after looks at these information fractions, with p (looks, m).

    `levels(alpha, fractions)` gives the nominal levels of the looks so far, one- or two-sided as
    the p-values are. With `hindsight`, alpha that comes late also counts for looks that are
    past: then a hypothesis is rejected exactly if its adjusted sequential p (Liu & Anderson 2008,
    JASA 103(484), 1621–1630) is at most alpha. Without, only the look at hand counts, and
    `adjusted_p` may promise what was not rejected. Both hold the familywise error.
    """
    held, left = rejections(graph, p, fractions, levels, alpha=alpha, hindsight=hindsight)
    return GraphOverLooks(_told(graph, left, p, fractions, levels, alpha, held), left, alpha)


def p_over_looks(p: Sequence[P], fractions: Sequence[float], levels: Levels) -> P:
    """The sequential p of these looks as a number that a graph can test; the reason if none has p.

    1 where no alpha would do, as it is rejected by none either; all below `LEAST_ALPHA` are that.
    """
    found = sequential_p(p, fractions, levels)
    if not isinstance(found, NotEstimable):
        return max(found, LEAST_ALPHA)
    numbers = {Reason.NO_CROSSING: 1.0, Reason.BELOW_PRECISION: LEAST_ALPHA}
    return numbers.get(found.reason, found)


def _first_crossed(
    graph: Graph,
    table: Floats,
    fractions: Sequence[float],
    levels: Levels,
    alpha: float,
    since: int,
    held: dict[int, Rejection],
) -> tuple[int, Rejection] | None:
    """A hypothesis that these looks reject, from look `since` on; the order doesn't matter."""
    for place, weight in enumerate(graph.weights):
        local = float(weight) * alpha
        if place in held or local <= 0:
            continue
        nominal = levels(local, fractions)
        for look in range(since, len(fractions)):
            if table[look, place] <= nominal[look]:
                return place, Rejection(len(fractions), look + 1, local)
    return None


def _told(
    graph: Graph,
    left: Graph,
    p: Sequence[Sequence[P]],
    fractions: Sequence[float],
    levels: Levels,
    alpha: float,
    held: dict[int, Rejection],
) -> tuple[HypothesisOverLooks, ...]:
    raw = [p_over_looks([row[at] for row in p], fractions, levels) for at in range(len(p[0]))]
    tested = graph_test(graph, raw, alpha=alpha)
    told = []
    for place, name in enumerate(graph.hypotheses):
        mine = held.get(place)
        local = mine.alpha if mine else float(left.weights[place]) * alpha
        told.append(
            HypothesisOverLooks(
                hypothesis=name,
                rejected_at=mine.rejected_at if mine else None,
                crossed_at=mine.crossed_at if mine else None,
                alpha=local,
                levels=tuple(levels(local, fractions)) if local else (0.0,) * len(fractions),
                sequential_p=raw[place],
                adjusted_p=tested.p[place],
            )
        )
    return tuple(told)
