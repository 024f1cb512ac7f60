"""Hypotheses that hand their alpha on: the graphs of Bretz, Maurer, Brannath & Posch 2009.

Statistics in Medicine 28(4), 586–604. Each hypothesis has a share of alpha, its weight, and is
tested at it; one that is rejected hands its weight on along its transitions, and the graph closes
up behind it. That is a closed test of weighted Bonferroni tests, so it holds the familywise error
under any dependence. Holm, fixed sequence, fallback and gatekeeping are all graphs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from analysis.statistics.multiplicity import Adjusted, P, adjusted, as_p

Share: TypeAlias = Fraction | float

# A share that counts only when nothing else is left to hand on to. As a float it is exactly zero,
# while fractions keep what it becomes of: "an infinitesimally small" share in Bretz et al. 2009.
EPSILON = Fraction(1, 10**400)
# Floats are read as the nearest fraction with a denominator up to this: 0.3333333333 is a third.
DENOMINATOR = 10**6


@dataclass(frozen=True)
class Graph:
    """Hypotheses with their weights (m,) and transitions (m rows of m), as exact fractions.

    A row of the transitions says which shares of its weight a rejected hypothesis hands to each
    other one. Weights, and each row, sum to at most one. ValueError if they don't.
    """

    hypotheses: tuple[str, ...]
    weights: tuple[Fraction, ...]
    transitions: tuple[tuple[Fraction, ...], ...]

    def __post_init__(self) -> None:
        size = len(self.hypotheses)
        if len(self.weights) != size or [len(row) for row in self.transitions] != [size] * size:
            raise ValueError(f"A graph of {size} hypotheses needs as many weights and transitions.")
        for shares in (self.weights, *self.transitions):
            if min(shares, default=Fraction(0)) < 0 or sum(shares) > 1:
                raise ValueError("Weights, and each row of transitions, lie above 0 and sum to 1.")
        if any(row[place] for place, row in enumerate(self.transitions)):
            raise ValueError("A hypothesis can't hand its alpha to itself.")

    def without(self, place: int) -> "Graph":
        """The graph after the hypothesis at that place was rejected; it keeps its place, empty.

        w_l grows by w_j g_jl, and g_lk becomes (g_lk + g_lj g_jk) / (1 − g_lj g_jl): algorithm 1
        of Bretz et al. 2009. A row that would divide by zero hands on nothing.
        """
        gone, out = self.weights[place], self.transitions[place]
        weights = [w + gone * share for w, share in zip(self.weights, out, strict=True)]
        weights[place] = Fraction(0)
        rows = [
            _closed(row, out, at=at, place=place) if at != place else (Fraction(0),) * len(row)
            for at, row in enumerate(self.transitions)
        ]
        return Graph(self.hypotheses, tuple(weights), tuple(rows))


def graph(
    hypotheses: Sequence[str], weights: Sequence[Share], transitions: Sequence[Sequence[Share]]
) -> Graph:
    """The graph of these weights (m,) and transitions (m, m); floats become simple fractions."""
    rows = tuple(tuple(_fraction(share) for share in row) for row in transitions)
    return Graph(tuple(hypotheses), tuple(_fraction(share) for share in weights), rows)


def gatekeeping(*families: Sequence[str]) -> Graph:
    """Families one after the other: Holm within each, on to the next when all of it is rejected.

    The first family has all of alpha in equal weights. Whoever is rejected hands on to the others
    of its family, and an infinitesimal share to the next; the last one rejected so hands on all.
    One family alone is Holm's test, families of one are a fixed sequence. ValueError if a family
    is empty.
    """
    if not families or not all(families):
        raise ValueError("A family needs a hypothesis.")
    first, names = families[0], tuple(name for family in families for name in family)
    weights = [Fraction(1, len(first))] * len(first) + [Fraction(0)] * (len(names) - len(first))
    rows: list[list[Fraction]] = []
    start = 0
    for number, family in enumerate(families):
        size, end = len(family), start + len(family)
        following = families[number + 1] if number + 1 < len(families) else ()
        onward = (EPSILON if size > 1 else Fraction(1)) if following else Fraction(0)
        for place in range(start, end):
            row = [Fraction(0)] * len(names)
            for other in range(start, end):
                if other != place:
                    row[other] = (1 - onward) / (size - 1)
            for other in range(end, end + len(following)):
                row[other] = onward / len(following)
            rows.append(row)
        start = end
    return Graph(names, tuple(weights), tuple(tuple(row) for row in rows))


def graph_test(graph: Graph, p: Sequence[P], *, alpha: float = 0.05) -> Adjusted:
    """Adjusted p of the graph's hypotheses: each is the least alpha at which it is rejected.

    Algorithm 2 of Bretz et al. 2009: the hypothesis of least p / weight goes first; its adjusted
    p is that ratio, or the one before if that was larger. A hypothesis that no alpha reaches has
    1; one without a p keeps its reason, and what it holds of alpha.
    """
    numbers = as_p(p)
    if len(numbers) != len(graph.hypotheses):
        raise ValueError(f"{len(numbers)} p-values for {len(graph.hypotheses)} hypotheses.")
    found = [1.0] * len(numbers)
    left, highest = set(range(len(numbers))), 0.0
    while left:
        # As floats, infinitesimal weights are zero.
        ratios = {j: numbers[j] / w for j in left if (w := float(graph.weights[j])) > 0}
        if not ratios:
            break
        place = min(sorted(ratios), key=ratios.__getitem__)
        highest = max(highest, float(ratios[place]))
        found[place] = highest
        left.remove(place)
        graph = graph.without(place)
    return adjusted(p, found, alpha)


def _closed(
    row: tuple[Fraction, ...], out: tuple[Fraction, ...], *, at: int, place: int
) -> tuple[Fraction, ...]:
    """A row of transitions when the hypothesis at `place`, whose row is `out`, is taken out."""
    back = row[place] * out[at]
    if back == 1:
        return (Fraction(0),) * len(row)
    return tuple(
        Fraction(0) if k in (at, place) else (share + row[place] * out[k]) / (1 - back)
        for k, share in enumerate(row)
    )


def _fraction(share: Share) -> Fraction:
    return share if isinstance(share, Fraction) else Fraction(share).limit_denominator(DENOMINATOR)
