"""Maximum likelihood where the logarithm of the likelihood is concave, and where it has no end.

Newton's steps with halving, from a start that is feasible. If some combination of the columns
predicts answers with certainty, the likelihood grows for ever and there is no estimate: Albert &
Anderson 1984, Biometrika 71(1), 1–10. A linear program says so; it is asked only if a fit looks
like it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from analysis.statistics.estimate import Floats, NotEstimable, Reason

STEPS = 60
# The likelihood left to gain, by Newton's own reckoning; one more step squares it.
DECREMENT = 1e-12
# A row this sure, on the logit scale, is sure for good, or the data are extreme: look closer.
SURE = 12.0


@dataclass(frozen=True, eq=False)
class Slope:
    """A log likelihood with its gradient (k,) and its negative Hessian (k, k)."""

    value: float
    gradient: Floats
    information: Floats


@dataclass(frozen=True, eq=False)
class Peak:
    """Where a log likelihood is highest, with the inverse of its information there."""

    at: Floats
    inverse: Floats
    log_likelihood: float


@dataclass(frozen=True, eq=False)
class LogitFit:
    """A logit of a yes or no: `coefficients` (k,), fitted `probabilities` (n,).

    `inverse` (k, k) is the inverse of the information, `covariance` the robust one around it.
    """

    coefficients: Floats
    inverse: Floats
    covariance: Floats
    probabilities: Floats
    log_likelihood: float
    n: int


def climb(slope: Callable[[Floats], Slope], start: Floats) -> Peak | NotEstimable:
    """The peak of a concave log likelihood that is −inf where its argument is infeasible."""
    at, here = start, slope(start)
    for _ in range(STEPS):
        try:
            step = np.linalg.solve(here.information, here.gradient)
        except np.linalg.LinAlgError:
            break
        decrement, share = float(here.gradient @ step), 1.0
        there = slope(at + step)
        # Rounding may take the last digit of the likelihood at the very top.
        while not there.value >= here.value - 1e-9 and share > 1e-6:
            share /= 2
            there = slope(at + share * step)
        at, here = at + share * step, there
        if decrement < DECREMENT:
            inverse = np.linalg.inv(here.information).astype(np.float64)
            return Peak(at=at, inverse=inverse, log_likelihood=here.value)
    return NotEstimable(Reason.NOT_CONVERGED, f"No maximum was found in {STEPS} steps.")


def is_separated(rows: Floats) -> bool:
    """Whether some b has rows (n, k) b >= 0, not all 0: then the likelihood has no maximum.

    Each row is the direction in which one answer becomes more likely. Solved as a linear program,
    Konis 2007, Linear programming algorithms for detecting separated data in binary logistic
    regression models, DPhil thesis, University of Oxford.
    """
    unique = np.unique(rows, axis=0)
    found = optimize.linprog(
        -unique.mean(axis=0), A_ub=-unique, b_ub=np.zeros(len(unique)), bounds=(-1, 1)
    )
    # Zero is always a solution, so the program has one.
    return bool(unique.mean(axis=0) @ found.x > 1e-7)


def separated() -> NotEstimable:
    """The reason that the two models of answers share."""
    return NotEstimable(Reason.SEPARATED, "The columns predict some of the answers with certainty.")


def logit(y: Floats, x: Floats) -> LogitFit | NotEstimable:
    """The logit of y (n,) of 0 and 1 on the columns of x (n, k), an intercept among them.

    The covariance is H⁻¹ X' diag((y − p)²) X H⁻¹: White 1982, Econometrica 50(1), 1–25. SEPARATED
    if there is no maximum, RANK_DEFICIENT if a column repeats others.
    """
    n, k = x.shape
    if n <= k:
        return NotEstimable(Reason.TOO_FEW_ROWS, f"{n} rows can't carry {k} coefficients.")
    lengths = np.maximum(np.sqrt((x**2).mean(axis=0)), 1e-300)
    z = x / lengths
    rank = int(np.linalg.matrix_rank(z, rtol=1e-7))
    if rank < k:
        return NotEstimable(
            Reason.RANK_DEFICIENT, f"Only {rank} of {k} columns vary independently."
        )

    def slope(b: Floats) -> Slope:
        reach = z @ b
        p = special.expit(reach)
        value = float(special.log_expit(np.where(y == 1, reach, -reach)).sum())
        return Slope(value, z.T @ (y - p), (z.T * (p * (1 - p))) @ z)

    peak = climb(slope, np.zeros(k))
    sure = isinstance(peak, NotEstimable) or bool(np.abs(z @ peak.at).max() > SURE)
    if sure and is_separated(np.where(y == 1, 1.0, -1.0)[:, None] * z):
        return separated()
    if isinstance(peak, NotEstimable):
        return peak
    p = special.expit(z @ peak.at)
    half = (peak.inverse @ (z * (y - p)[:, None]).T) / lengths[:, None]
    return LogitFit(
        coefficients=peak.at / lengths,
        inverse=peak.inverse / np.outer(lengths, lengths),
        covariance=half @ half.T,
        probabilities=p,
        log_likelihood=peak.log_likelihood,
        n=n,
    )
