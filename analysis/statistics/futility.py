"""Bounds to stop for futility, by spending beta: the error of missing the effect that matters.

Pampallona, Tsiatis & Kim 2001 (Drug Information Journal 35, 1113–1121) spend beta as Lan & DeMets
spend alpha. A bound is non-binding if alpha holds though the study goes on below it, and binding
if it counts on stopping there, which lowers the upper bounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

from analysis.statistics import tails
from analysis.statistics.boundary import Boundary, inflation, rising_root, tail
from analysis.statistics.recursion import Density, continued, crossing, started
from analysis.statistics.sequential import check_looks, critical_values, spent_by_look
from analysis.statistics.spending import OBRIEN_FLEMING, Spending


@dataclass(frozen=True)
class FutilityBounds:
    """A one-sided boundary with a bound for futility, and what it costs.

    `boundary.low` is the bound: stop for futility if z is at most that. At the end it meets the
    upper one. `alpha_spent` and `beta_spent` are totals up to and with each look, the latter the
    chance to have stopped for futility under `drift`: the effect that the plan misses with
    probability beta in all. `inflation` is the planned rows over those of one test with this
    alpha and beta.
    """

    boundary: Boundary
    alpha_spent: tuple[float, ...]
    beta_spent: tuple[float, ...]
    drift: float
    inflation: float
    binding: bool


@dataclass(frozen=True)
class _Steps:
    """What each look may spend, and the upper bounds if futility leaves them alone."""

    fractions: tuple[float, ...]
    alpha: tuple[float, ...]
    beta: tuple[float, ...]
    high: tuple[float, ...] | None
    final: bool


def futility_bounds(
    fractions: Sequence[float],
    alpha: float,
    beta: float,
    *,
    efficacy: Spending = OBRIEN_FLEMING,
    futility: Spending = OBRIEN_FLEMING,
    binding: bool = False,
) -> FutilityBounds:
    """The plan of these looks, the last one its end, whose power is 1 − beta at `drift`.

    `alpha` is one-sided. The drift is the one at which the last look's lower bound meets the
    upper, as in Jennison & Turnbull 2000, chapter 4. ValueError if fractions do not grow, a look
    has no alpha to spend, or alpha + beta is 1 or more.
    """
    steps = _steps(fractions, alpha, beta, efficacy, futility, binding=binding, final=True)
    fixed = float(tails.norm_isf(alpha) + tails.norm_isf(beta))
    # At the end whoever does not reach the upper bound has reached the lower, and beta is spent.
    drift = rising_root(
        lambda drift: _walk(steps, drift)[1] - (1 - beta), fixed * (1 - 1e-9), fixed / 4
    )
    return _bounds(steps, drift, alpha, beta, binding=binding)


def futility_bounds_at(
    fractions: Sequence[float],
    alpha: float,
    beta: float,
    drift: float,
    *,
    efficacy: Spending = OBRIEN_FLEMING,
    futility: Spending = OBRIEN_FLEMING,
    binding: bool = False,
    final: bool = False,
) -> FutilityBounds:
    """The bounds at looks as they came about, under the drift that was planned.

    As `sequential.bounds` does for alpha: beta is spent by the rows that were reached, and with
    `final` no look follows, so that the lower bound meets the upper, whatever power that leaves.
    Where the lower bound would pass the upper before, the two meet there and later looks are
    dropped: the study can't go on. ValueError as in `futility_bounds`.
    """
    steps = _steps(fractions, alpha, beta, efficacy, futility, binding=binding, final=final)
    return _bounds(steps, drift, alpha, beta, binding=binding)


def _steps(
    fractions: Sequence[float],
    alpha: float,
    beta: float,
    efficacy: Spending,
    futility: Spending,
    *,
    binding: bool,
    final: bool,
) -> _Steps:
    check_looks(fractions, alpha)
    if not 0 < beta < 1 - alpha:
        raise ValueError(f"beta must lie between 0 and 1 − alpha, not {beta}.")
    up = np.diff([0.0, *spent_by_look(fractions, alpha, efficacy, final=final)])
    down = np.diff([0.0, *spent_by_look(fractions, beta, futility, final=final)])
    if (up <= 0).any():
        t = fractions[int(np.argmax(up <= 0))]
        raise ValueError(f"No alpha is left to spend at information fraction {t:g}.")
    return _Steps(
        fractions=tuple(map(float, fractions)),
        alpha=tuple(up.tolist()),
        beta=tuple(down.tolist()),
        high=None if binding else tuple(critical_values(fractions, up.tolist(), two_sided=False)),
        final=final,
    )


def _walk(steps: _Steps, drift: float) -> tuple[Boundary, float, list[float]]:
    """The boundary under this drift, the chance to reach its upper bound, and the beta spent."""
    low: list[float] = []
    high: list[float] = []
    missed: list[float] = []
    power, before = 0.0, None
    for look, t in enumerate(steps.fractions):
        up = steps.high[look] if steps.high else _reach(before, t, steps.alpha[look])
        down = _reach(before, t, steps.beta[look], drift=drift, above=False)
        last = look + 1 == len(steps.fractions)
        if (last and steps.final) or down >= up:
            down = up
        power += tail(before, t, up, drift=drift)
        missed.append(tail(before, t, down, drift=drift, above=False))
        low.append(down)
        high.append(up)
        if last or down == up:
            break
        before = continued(before, t, down, up) if before else started(t, down, up)
    return Boundary(steps.fractions[: len(low)], tuple(low), tuple(high)), power, missed


def _reach(
    before: Density | None, t: float, step: float, *, drift: float = 0.0, above: bool = True
) -> float:
    """The bound beyond which a look first stops with probability `step` under the drift."""
    if step <= 0:
        return inf if above else -inf
    if before is None:
        away = float(tails.norm_isf(step))
        return drift * sqrt(t) + (away if above else -away)
    return crossing(before, t, step, drift=drift, above=above)


def _bounds(
    steps: _Steps, drift: float, alpha: float, beta: float, *, binding: bool
) -> FutilityBounds:
    boundary, _, missed = _walk(steps, drift)
    looks = len(boundary.fractions)
    return FutilityBounds(
        boundary=boundary,
        alpha_spent=tuple(np.cumsum(steps.alpha[:looks]).tolist()),
        beta_spent=tuple(np.cumsum(missed).tolist()),
        drift=drift,
        inflation=inflation(drift, alpha, 1 - beta, two_sided=False),
        binding=binding,
    )
