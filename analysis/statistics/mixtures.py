"""Time-uniform bounds on sums: a bound that a sum exceeds, ever, with probability at most alpha.

Mixture martingales of Howard, Ramdas, McAuliffe & Sekhon 2021, Annals of Statistics 49(2),
1055–1080. `v` is the intrinsic time, the sum of the variances so far; `tuned` is the intrinsic
time at which the bound is tightest for `tuned_alpha`. Any choice of them is valid if it was made
before the data.
"""

from collections.abc import Callable

import numpy as np
from scipy import optimize, special

from analysis.statistics.sample_ratio import log_bayes_factor

TUNED_ALPHA = 0.05
# The share at which a Bernoulli sequence looks for 0: below any share that a study could tell.
LEAST_SHARE = 1e-12


def normal_rho(tuned: float, *, alpha: float = TUNED_ALPHA, two_sided: bool = True) -> float:
    """The precision of the normal mixture that is tightest near intrinsic time `tuned`.

    tuned / (2 log(1 / a) + log(1 + 2 log(1 / a))) with a = alpha, or 2 alpha if one-sided.
    ValueError unless a lies between 0 and 1.
    """
    a = alpha if two_sided else 2 * alpha
    if not 0 < a < 1 or not tuned > 0:
        raise ValueError("A mixture needs a time above zero and an alpha between 0 and 1.")
    depth = -2 * np.log(a)
    return float(tuned / (depth + np.log1p(depth)))


def normal_bound(
    v: float, alpha: float, *, tuned: float, tuned_alpha: float = TUNED_ALPHA
) -> float:
    """The bound on |S| of a sub-Gaussian sum at intrinsic time v, of all times together.

    √((v + ρ) log((v + ρ) / (ρ alpha²))), the two-sided normal mixture. For the mean of n
    σ-sub-Gaussian values, σ · bound(n) / n is the half-width of the confidence sequence.
    """
    rho = normal_rho(tuned, alpha=tuned_alpha)
    return float(np.sqrt((v + rho) * (np.log1p(v / rho) - 2 * np.log(alpha))))


def one_sided_log_mixture(
    s: float, v: float, *, tuned: float, tuned_alpha: float = TUNED_ALPHA
) -> float:
    """The logarithm of the one-sided normal mixture martingale at sum s and intrinsic time v.

    ½ log(4ρ / (v + ρ)) + s² / (2 (v + ρ)) + log Φ(s / √(v + ρ)).
    """
    rho = normal_rho(tuned, alpha=tuned_alpha, two_sided=False)
    depth = s / np.sqrt(v + rho)
    return float((np.log(4 * rho / (v + rho)) + depth**2) / 2 + special.log_ndtr(depth))


def one_sided_bound(
    v: float, alpha: float, *, tuned: float, tuned_alpha: float = TUNED_ALPHA
) -> float:
    """The bound on S itself, upwards only: where the one-sided mixture reaches 1 / alpha."""
    return _crossing(
        lambda s: one_sided_log_mixture(s, v, tuned=tuned, tuned_alpha=tuned_alpha), v, alpha
    )


def gamma_poisson_log_mixture(
    s: float, v: float, *, tuned: float, scale: float, tuned_alpha: float = TUNED_ALPHA
) -> float:
    """The logarithm of the gamma-Poisson mixture martingale at sum s and intrinsic time v."""
    rho = normal_rho(tuned, alpha=tuned_alpha, two_sided=False) / scale**2
    time, end = v / scale**2, v / scale**2 + rho
    shape = s / scale + end
    prior = special.gammaln(rho) + np.log(special.gammaincc(rho, rho)) - rho * np.log(rho)
    now = special.gammaln(shape) + np.log(special.gammaincc(shape, end)) - shape * np.log(end)
    return float(now - prior + time)


def gamma_poisson_bound(
    v: float, alpha: float, *, tuned: float, scale: float, tuned_alpha: float = TUNED_ALPHA
) -> float:
    """The bound on S upwards if S is sub-Poisson: where the gamma-Poisson mixture is 1 / alpha.

    Sums of centred values none of which exceeds `scale` are sub-Poisson with that scale.
    """
    named = {"tuned": tuned, "scale": scale, "tuned_alpha": tuned_alpha}
    return _crossing(lambda s: gamma_poisson_log_mixture(s, v, **named), v, alpha)


def _crossing(log_mixture: Callable[[float], float], v: float, alpha: float) -> float:
    """Where a log mixture that grows with s reaches log(1 / alpha)."""
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha}.")
    threshold, end = -float(np.log(alpha)), max(v, 1.0)
    while log_mixture(end) < threshold:
        end *= 2
    return float(optimize.brentq(lambda s: log_mixture(s) - threshold, 0, end, xtol=1e-12))


def bernoulli_sequence(
    successes: int, trials: int, *, tuned: float, alpha: float = 0.05
) -> tuple[float, float]:
    """The confidence sequence of a probability, from the successes of the trials so far.

    All p whose beta-binomial mixture stays below 1 / alpha. The mixture at p is Beta(k p,
    k (1 − p)) with k = tuned / (2 log 20 + log(1 + 2 log 20)) − 1 and `tuned` in trials.
    ValueError unless 0 <= successes <= trials and trials > 0.
    """
    if not 0 <= successes <= trials or not trials:
        raise ValueError(f"{successes} successes of {trials} trials.")
    weight = max(normal_rho(tuned) - 1, 1e-3)
    counts, threshold = np.array([successes, trials - successes]), -np.log(alpha)

    def excess(p: float) -> float:
        null = np.array([p, 1 - p])
        return float(log_bayes_factor(counts, null, weight * null) - threshold)

    share, low, high = successes / trials, 0.0, 1.0
    if share and excess(LEAST_SHARE) > 0:
        low = optimize.brentq(excess, LEAST_SHARE, min(share, 1 - LEAST_SHARE), xtol=1e-13)
    if share < 1 and excess(1 - LEAST_SHARE) > 0:
        high = optimize.brentq(excess, max(share, LEAST_SHARE), 1 - LEAST_SHARE, xtol=1e-13)
    return float(low), float(high)
