"""Randomisation inference: what the outcome's difference would be under other assignments.

Fisher 1935, The Design of Experiments; Rosenbaum 2002, Observational Studies, 2nd ed., ch. 2. The
only chance is that of the assignment, so the assignments that are compared must be drawn as the
arms were: all of them (`arrangements`), or redraws of the procedure that was used. `redraws` makes
those of the project's own lists.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb, floor, prod
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from analysis.statistics.counts import Ints
from analysis.statistics.estimate import Floats, NotEstimable, Reason, as_floats

# From the outcome (n,) and the arms' indices (n,) to one number.
Statistic: TypeAlias = Callable[[Floats, Ints], float]
# From the number of a redraw to the arms' indices (n,) that it assigns.
Draw: TypeAlias = Callable[[int], Ints]

# Two statistics closer than this share of the larger tie: sums round in different orders.
TIED = 1e-9


# No study has more arms than two bytes hold; redraws of many rows take one byte where that will do.
INDEX = np.int16
FEW_ARMS = 127


@dataclass(frozen=True, eq=False)
class Assignments:
    """Arms' indices (draws, n) that the procedure could have given; `exact` if they are all.

    All are equally likely. Those that are all hold the one that came about.
    """

    arms: Ints
    exact: bool


@dataclass(frozen=True)
class RandomisationTest:
    """Where the observed statistic lies among those of other assignments, if no arm does anything.

    `p` is that of absolute values at least as large, `p_upper` and `p_lower` of values at least as
    large and as small. `undefined` assignments, which leave an arm empty, count as larger and
    smaller: p is never too small for them.
    """

    statistic: float
    p: float
    p_upper: float
    p_lower: float
    assignments: int
    exact: bool
    undefined: int
    n: int
    missing: int


@dataclass(frozen=True)
class RandomisationInterval:
    """A contrast of the arms' means, and the constant effects that its two tests do not reject."""

    estimate: float
    low: float
    high: float
    level: float
    assignments: int
    exact: bool
    n: int
    missing: int


def redrawn(draw: Draw, draws: int) -> Assignments:
    """That many redraws of a procedure, numbered from 0; not exact."""
    return Assignments(np.array([draw(number) for number in range(draws)], INDEX), exact=False)


def arrangements(
    arms: Sequence[int] | Ints,
    strata: Sequence[str] | npt.NDArray[np.str_] | None = None,
    *,
    most: int,
    seed: int,
) -> Assignments:
    """The arms (n,) in all orders within strata if those are at most `most`, else so many drawn.

    This is the law of complete randomisation, and of every list given how many of each arm its
    stratum, or block, holds. Redraws are seeded permutations.
    """
    given = np.asarray(arms, dtype=np.int64)
    names = np.zeros(len(given), np.int64) if strata is None else np.asarray(strata)
    places = [np.flatnonzero(names == name) for name in np.unique(names)]
    if possible(given, strata) > most:
        rng = np.random.default_rng(seed)
        short = np.int8 if given.max(initial=0) <= FEW_ARMS else INDEX
        drawn: Any = np.tile(given.astype(short), (most, 1))
        for at in places:
            drawn[:, at] = rng.permuted(drawn[:, at], axis=1)
        return Assignments(drawn, exact=False)
    whole = given[None, :]
    for at in places:
        orders = np.array(list(_orders(given[at])), np.int64)
        whole = np.repeat(whole, len(orders), axis=0)
        whole[:, at] = np.tile(orders, (len(whole) // len(orders), 1))
    return Assignments(whole, exact=True)


def possible(
    arms: Sequence[int] | Ints, strata: Sequence[str] | npt.NDArray[np.str_] | None = None
) -> int:
    """How many orders of the arms within strata there are."""
    given = np.asarray(arms, dtype=np.int64)
    names = np.zeros(len(given), np.int64) if strata is None else np.asarray(strata)
    return prod(_multinomial(given[names == name]) for name in np.unique(names))


def mean_contrast(weights: Sequence[float]) -> Statistic:
    """The statistic Σ wⱼ ȳⱼ of the arms' means; NaN where an arm that has weight is empty."""

    def statistic(outcome: Floats, arm: Ints) -> float:
        return float(_contrasts(outcome, arm[None, :], weights)[0])

    return statistic


def randomisation_test(
    outcome: Sequence[float] | Floats,
    arm: Sequence[int] | Ints,
    assignments: Assignments,
    statistic: Statistic,
) -> RandomisationTest | NotEstimable:
    """Whether no arm has any effect on anybody, by any statistic of outcome (n,) and arms (n,).

    All assignments: p is the share that is as extreme. Redraws: (b + 1) / (draws + 1), which
    holds its level at any number of draws: Phipson & Smyth 2010, Statistical Applications in
    Genetics and Molecular Biology 9(1), article 39. Rows without an outcome are left out, each
    with its arm, from every assignment. NO_ROWS if none is left, TOO_FEW_ARMS if the observed
    statistic is not defined.
    """
    y, given, table = complete(outcome, arm, assignments)
    if not len(y):
        return NotEstimable(Reason.NO_ROWS, "Nobody has an outcome.")
    observed = statistic(y, given)
    values = np.array([statistic(y, row) for row in table])
    return judged(observed, values, exact=assignments.exact, n=len(y), missing=len(arm) - len(y))


def judged(
    observed: float, values: Floats, *, exact: bool, n: int, missing: int
) -> RandomisationTest | NotEstimable:
    """Where the observed statistic lies among the values (draws,) of other assignments."""
    if np.isnan(observed):
        return NotEstimable(Reason.TOO_FEW_ARMS, "An arm that is compared has no rows.")
    undefined = np.isnan(values)
    slack = TIED * max(abs(observed), float(np.abs(values[~undefined]).max(initial=0.0)))
    extra = 0 if exact else 1

    def share(extreme: npt.NDArray[np.bool_]) -> float:
        return (int((extreme | undefined).sum()) + extra) / (len(values) + extra)

    return RandomisationTest(
        statistic=observed,
        p=share(np.abs(values) >= abs(observed) - slack),
        p_upper=share(values >= observed - slack),
        p_lower=share(values <= observed + slack),
        assignments=len(values),
        exact=exact,
        undefined=int(undefined.sum()),
        n=n,
        missing=missing,
    )


def randomisation_interval(
    outcome: Sequence[float] | Floats,
    arm: Sequence[int] | Ints,
    assignments: Assignments,
    weights: Sequence[float],
    *,
    alpha: float = 0.05,
) -> RandomisationInterval | NotEstimable:
    """Effects τ of the arms of positive weight, the same for everybody, that are not rejected.

    Two one-sided tests, each at alpha / 2, are inverted in closed form (Rosenbaum 2002, ch. 2).
    Positive weights sum to 1, negative ones to −1; arms of weight 0 must be no arm of the
    assignments, for nothing is said of them. OUT_OF_REACH if so few assignments can't exclude
    anything.
    """
    _check(weights, alpha)
    y, given, table = complete(outcome, arm, assignments)
    if not len(y):
        return NotEstimable(Reason.NO_ROWS, "Nobody has an outcome.")
    if (np.asarray(weights)[np.unique(np.r_[given, table.ravel()])] == 0).any():
        raise ValueError("An arm without weight is assigned; leave out its rows.")
    observed = float(_contrasts(y, given[None, :], weights)[0])
    if np.isnan(observed):
        return NotEstimable(Reason.TOO_FEW_ARMS, "An arm that is compared has no rows.")
    ends, extra = _turning_points(y, given, table, weights), 0 if assignments.exact else 1
    # τ stays while the share of those as extreme is more than alpha / 2.
    needed = floor((len(table) + extra) * alpha / 2 + TIED) - (len(table) - len(ends)) - extra
    if needed < 0 or needed >= len(ends):
        detail = f"{len(table)} assignments can't exclude any effect at {alpha / 2:g} per side."
        return NotEstimable(Reason.OUT_OF_REACH, detail)
    return RandomisationInterval(
        estimate=observed,
        low=float(ends[needed]),
        high=float(ends[len(ends) - 1 - needed]),
        level=1 - alpha,
        assignments=len(table),
        exact=assignments.exact,
        n=len(y),
        missing=len(arm) - len(y),
    )


def _turning_points(y: Floats, given: Ints, table: Ints, weights: Sequence[float]) -> Floats:
    """The effects τ at which an assignment (draws, n) begins to be as extreme, in order of size.

    With d = 1 for the arms of positive weight, the outcome less τ d would be what it was under any
    assignment. Its contrast there, A − τ B with B that of d, is as large as the observed A₀ − τ
    exactly if τ ≥ (A₀ − A) / (1 − B), for B ≤ 1. So the tests change at these ratios only.
    Those that divide the rows as they were, or leave an arm empty, have none: they are as extreme
    whatever τ is.
    """
    moved = (np.asarray(weights) > 0)[given].astype(np.float64)
    room = 1 - _contrasts(moved, table, weights)
    turns = room > TIED
    apart = _contrasts(y, given[None, :], weights) - _contrasts(y, table, weights)
    found: Floats = np.sort(apart[turns] / room[turns])
    return found


def complete(
    outcome: Sequence[float] | Floats, arm: Sequence[int] | Ints, assignments: Assignments
) -> tuple[Floats, Ints, Ints]:
    """The outcome, arms and assignments of the rows that have an outcome."""
    y, given = as_floats(outcome, name="The outcome"), np.asarray(arm, dtype=np.int64)
    if not len(y) == len(given) == assignments.arms.shape[1]:
        raise ValueError("Outcome, arms and assignments are of the same rows.")
    used = ~np.isnan(y)
    if used.all():
        # Not copied: redraws of many rows are what takes most memory.
        return y, given, assignments.arms
    return y[used], given[used], assignments.arms[:, used]


def _contrasts(values: Floats, table: Ints, weights: Sequence[float]) -> Floats:
    """Σ wⱼ of the arms' means of the values (n,) under each assignment (draws, n)."""
    w = np.asarray(weights, dtype=np.float64)
    used = np.flatnonzero(w)
    found = [w[used] @ means_of(values, arms, len(w))[used] for arms in table]
    return np.array(found, dtype=np.float64)


def means_of(values: Floats, given: Ints, arms: int) -> Floats:
    """The arms' means, NaN of one that is empty; one pass over the rows for all of them."""
    sums, sizes = np.bincount(given, values, arms), np.bincount(given, minlength=arms)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = sums / sizes
    return found


def _check(weights: Sequence[float], alpha: float) -> None:
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha}.")
    w = np.asarray(weights, dtype=np.float64)
    if not np.allclose([w[w > 0].sum(), w[w < 0].sum()], [1, -1]):
        raise ValueError("Positive weights sum to 1 and negative ones to −1.")


def _multinomial(arms: Ints) -> int:
    found, left = 1, len(arms)
    for count in np.unique(arms, return_counts=True)[1].tolist():
        found *= comb(left, count)
        left -= count
    return found


def _orders(arms: Ints) -> Iterator[Ints]:
    """All different orders of the arms: where the first arm's go, then the rest."""
    kinds = np.unique(arms)
    if len(kinds) < 2:
        yield arms
        return
    first = kinds[0]
    rest = arms[arms != first]
    for at in combinations(range(len(arms)), len(arms) - len(rest)):
        others = np.setdiff1d(np.arange(len(arms)), at)
        for order in _orders(rest):
            whole = np.full(len(arms), first)
            whole[others] = order
            yield whole
