"""Sample ratios: whether arms hold as many participants as their weights say.

`sample_ratio` is Pearson's test, good for one look. The two anytime-valid tests may be read as
often as one likes: `anytime_ratio` from the counts now, `sequential_ratio` from the whole order of
arrivals. All three take the rows for independent draws; the docs say what blocks do to them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from analysis.statistics import tails
from analysis.statistics.counts import CountTest, Ints, Method, as_counts
from analysis.statistics.estimate import Floats, NotEstimable, Places, Reason, as_floats
from analysis.statistics.tall import CHUNK

# The prior weighs as much as so many rows: a choice for studies of 100 to 2,000, see the docs.
CONCENTRATION = 100.0


@dataclass(frozen=True)
class ArmShare:
    """One arm's share of the rows, its expected share, and its confidence sequence now."""

    arm: str
    count: int
    expected: float
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class AnytimeRatio:
    """The anytime-valid test from the counts at one moment.

    `p` is min(1, 1 / BF) of this moment: valid whenever one stops, but it may rise again, for it
    is not the running minimum. `shares` cover all arms together and at all times with `level`.
    """

    log_bayes_factor: float
    p: float
    n: int
    concentration: float
    shares: tuple[ArmShare, ...]
    level: float


@dataclass(frozen=True)
class SequentialRatio:
    """The anytime-valid test from the order of arrivals.

    `p` is the running minimum of 1 / BF over all rows so far, so it never rises; the minimum was
    reached at row `highest_at` (0: before any). `log_bayes_factor` is that of the last row,
    `highest` the highest.
    """

    log_bayes_factor: float
    highest: float
    highest_at: int
    p: float
    n: int
    concentration: float


def sample_ratio(
    arms: Sequence[str], counts: Sequence[int] | Ints, weights: Sequence[float] | Floats
) -> CountTest | NotEstimable:
    """Pearson's X² = Σ (nᵢ − n θᵢ)² / (n θᵢ) of the counts (k,), θᵢ = weightᵢ / Σ weights.

    Pearson 1900, Philosophical Magazine 50(302), 157–175. Arms of weight zero leave both sums;
    df is the number of the others less one. ARM_WITHOUT_WEIGHT if one of weight zero has rows.
    Valid for one look at a number of rows that was not chosen by looking.
    """
    asked = _asked(arms, as_counts(counts, name="Counts"), weights)
    if isinstance(asked, NotEstimable):
        return asked
    observed, null = asked
    n = int(observed.sum())
    statistic = float(((observed - n * null) ** 2 / (n * null)).sum())
    return CountTest(
        method=Method.PEARSON,
        statistic=statistic,
        df=len(null) - 1,
        p=float(tails.chi2_sf(statistic, len(null) - 1)),
        n=n,
        least_expected=float(n * null.min()),
    )


def log_bayes_factor(counts: Ints, null: Floats, prior: Floats) -> float:
    """The log Bayes factor of Dirichlet(prior) shares over the null shares, from counts (k,).

    log B(prior + counts) − log B(prior) − Σ countsᵢ log nullᵢ with B the multivariate beta
    function: Lindon & Malek 2022, Anytime-Valid Inference for Multinomial Count Data, NeurIPS 35.
    The order does not matter.
    """
    grown = special.gammaln(prior + counts) - special.gammaln(prior)
    total = special.gammaln(prior.sum() + counts.sum()) - special.gammaln(prior.sum())
    return float((grown - counts * np.log(null)).sum() - total)


def anytime_ratio(
    arms: Sequence[str],
    counts: Sequence[int] | Ints,
    weights: Sequence[float] | Floats,
    *,
    concentration: float = CONCENTRATION,
    alpha: float = 0.05,
) -> AnytimeRatio | NotEstimable:
    """The test that may be read at any time, from the counts (k,) of that time.

    The prior is Dirichlet(concentration · θ), fixed before the data. Under the null the Bayes
    factor is a martingale that starts at 1, so the chance that it ever reaches 1 / alpha is at
    most alpha (Ville 1939). `shares` are the extents of {θ : BF(θ) < 1 / alpha} along each arm,
    found exactly: given θᵢ, the likelihood is highest where the others share 1 − θᵢ by their
    counts. Lindon & Malek 2022. Reasons as `sample_ratio`.
    """
    asked = _asked(arms, as_counts(counts, name="Counts"), weights)
    if isinstance(asked, NotEstimable):
        return asked
    observed, null = asked
    _check(concentration, alpha)
    factor = log_bayes_factor(observed, null, concentration * null)
    reach = factor + float(special.xlogy(observed, null).sum()) + float(np.log(alpha))
    weighed = [arm for arm, weight in zip(arms, weights, strict=True) if weight > 0]
    n = int(observed.sum())
    return AnytimeRatio(
        log_bayes_factor=factor,
        p=float(np.exp(-max(factor, 0.0))),
        n=n,
        concentration=concentration,
        shares=tuple(
            ArmShare(
                arm, int(count), float(expected), float(count / n), *_extent(observed, i, reach)
            )
            for i, (arm, count, expected) in enumerate(zip(weighed, observed, null, strict=True))
        ),
        level=1 - alpha,
    )


def sequential_ratio(
    arms: Sequence[str],
    order: Sequence[str],
    weights: Sequence[float] | Floats,
    *,
    concentration: float = CONCENTRATION,
) -> SequentialRatio | NotEstimable:
    """The test after every row, from the arms of all rows in their order of arrival (n codes).

    Row t multiplies the Bayes factor by its predictive over its null probability,
    (concentration θᵢ + nᵢ) / ((concentration + t − 1) θᵢ), with nᵢ the rows of its arm before it.
    p is the least 1 / BF so far: Lindon & Malek 2022. Reasons as `sample_ratio`.
    """
    if unknown := set(order) - set(arms):
        raise ValueError(f"Rows of unknown arms: {', '.join(sorted(unknown))}.")
    place = {arm: at for at, arm in enumerate(arms)}
    places = np.array([place[arm] for arm in order], dtype=np.int64)
    return sequential_ratio_of(arms, places, weights, concentration=concentration)


def sequential_ratio_of(
    arms: Sequence[str],
    order: Places,
    weights: Sequence[float] | Floats,
    *,
    concentration: float = CONCENTRATION,
) -> SequentialRatio | NotEstimable:
    """The same from the arms as places (n,) among `arms`."""
    asked = _asked(arms, np.bincount(order, minlength=len(arms)), weights)
    if isinstance(asked, NotEstimable):
        return asked
    _check(concentration)
    null = np.zeros(len(arms))
    null[as_floats(weights, name="A weight") > 0] = asked[1]
    last, highest, highest_at = 0.0, 0.0, 0
    came = np.zeros(len(arms), dtype=np.int64)
    for start in range(0, len(order), CHUNK):
        arm = order[start : start + CHUNK]
        before = np.empty(len(arm), dtype=np.int64)
        for at in range(len(arms)):
            mine = arm == at
            before[mine] = came[at] + np.arange(np.count_nonzero(mine))
            came[at] += np.count_nonzero(mine)
        expected, rows = null[arm], np.arange(start, start + len(arm))
        predictive = (concentration * expected + before) / (concentration + rows)
        # Summed on from the last row, one after the other.
        path = np.cumsum(np.r_[last, np.log(predictive / expected)])[1:]
        last, at = float(path[-1]), int(path.argmax())
        if path[at] > highest:
            highest, highest_at = float(path[at]), start + at + 1
    return SequentialRatio(
        log_bayes_factor=last,
        highest=highest,
        highest_at=highest_at,
        p=float(np.exp(-highest)),
        n=len(order),
        concentration=concentration,
    )


def _asked(
    arms: Sequence[str], counts: Ints, weights: Sequence[float] | Floats
) -> tuple[Ints, Floats] | NotEstimable:
    """The counts and null probabilities of the arms that have weight."""
    weighed = as_floats(weights, name="A weight")
    if not len(arms) == len(counts) == len(weighed):
        raise ValueError("Each arm needs one count and one weight.")
    if not (weighed >= 0).all():
        raise ValueError("Weights must be numbers that are not negative.")
    for arm, count, weight in zip(arms, counts, weighed, strict=True):
        if count and not weight:
            detail = f"Arm {arm} has weight zero, and {count} rows."
            return NotEstimable(Reason.ARM_WITHOUT_WEIGHT, detail)
    drawn = weighed > 0
    if drawn.sum() < 2:
        return NotEstimable(Reason.TOO_FEW_ARMS, "Fewer than two arms have weight.")
    if not counts.sum():
        return NotEstimable(Reason.NO_ROWS, "No arm has rows.")
    return counts[drawn], weighed[drawn] / weighed.sum()


def _check(concentration: float, alpha: float = 0.5) -> None:
    if not (concentration > 0 and np.isfinite(concentration)):
        raise ValueError(f"The concentration must be above zero, not {concentration}.")
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha}.")


def _extent(counts: Ints, arm: int, reach: float) -> tuple[float, float]:
    """Where the likelihood, at its highest given this arm's probability, is at least exp(reach).

    nᵢ log θ + (n − nᵢ) log(1 − θ) + the others' own likelihood, solved on the logit scale, which
    keeps the digits near 0 and 1. Each term alone bounds the root from outside.
    """
    mine, others = int(counts[arm]), np.delete(counts, arm)
    rest = int(others.sum())
    if not rest:
        return float(np.exp(reach / mine)), 1.0
    least = reach - float(special.xlogy(others, others / rest).sum())
    if not mine:
        return 0.0, float(-np.expm1(least / rest))

    def excess(logit: float) -> float:
        return float(mine * special.log_expit(logit) + rest * special.log_expit(-logit)) - least

    peak = np.log(mine / rest)
    low = optimize.brentq(excess, least / mine, peak, xtol=1e-13)
    high = optimize.brentq(excess, peak, -least / rest, xtol=1e-13)
    return float(special.expit(low)), float(special.expit(high))
