"""The classic bounds of equally spaced looks, and what looking without any bound does."""

import numpy as np
from scipy import optimize

from analysis.statistics import tails
from analysis.statistics.boundary import Boundary, characteristics


def pocock_constant(looks: int, alpha: float, *, two_sided: bool = True) -> float:
    """The same bound for each of equally spaced looks. Pocock 1977, Biometrika 64(2), 191–199."""
    return wang_tsiatis_constant(looks, alpha, 0.5, two_sided=two_sided)


def obrien_fleming_constant(looks: int, alpha: float, *, two_sided: bool = True) -> float:
    """The last bound C of equally spaced looks K; the bound at look k is C √(K / k).

    O'Brien & Fleming 1979, Biometrics 35(3), 549–556.
    """
    return wang_tsiatis_constant(looks, alpha, 0.0, two_sided=two_sided)


def wang_tsiatis_constant(
    looks: int, alpha: float, shape: float, *, two_sided: bool = True
) -> float:
    """The last bound C where that at look k of K is C (k / K)^(shape − ½).

    A shape of ½ is Pocock's, 0 O'Brien and Fleming's. ValueError unless there is a look and alpha
    and the shape lie between 0 and ½. Wang & Tsiatis 1987, Biometrics 43(1), 193–199.
    """
    if looks < 1 or not 0 < alpha < 0.5 or not 0 <= shape <= 0.5:
        raise ValueError("Needs a look, alpha between 0 and 0.5 and a shape from 0 to 0.5.")
    sides = 2 if two_sided else 1
    # A single look needs the least, Bonferroni's bound at the last one the most that a level
    # bound can; steeper ones less.
    least = float(tails.norm_isf(alpha / sides))
    most = float(tails.norm_isf(alpha / sides / looks)) + 1e-9

    def excess(last: float) -> float:
        return _error(_shaped(looks, last, shape, two_sided=two_sided)) - alpha

    if looks == 1:
        return least
    return float(optimize.brentq(excess, least, most, xtol=1e-9))


def error_of_peeking(fractions: list[float], alpha: float, *, two_sided: bool = True) -> float:
    """The chance that some look is significant at `alpha` though nothing is there.

    What looking at each of these fractions with the fixed test's bound comes to. Armitage,
    McPherson & Rowe 1969, JRSS A 132(2), 235–244.
    """
    z = float(tails.norm_isf(alpha / (2 if two_sided else 1)))
    low = -z if two_sided else -np.inf
    looks = len(fractions)
    return _error(Boundary(tuple(fractions), (low,) * looks, (z,) * looks))


def _shaped(looks: int, last: float, shape: float, *, two_sided: bool) -> Boundary:
    fractions = [(look + 1) / looks for look in range(looks)]
    high = tuple(last * t ** (shape - 0.5) for t in fractions)
    low = tuple(-z if two_sided else -np.inf for z in high)
    return Boundary(tuple(fractions), low, high)


def _error(boundary: Boundary) -> float:
    found = characteristics(boundary, 0.0)
    return found.power + found.reach_low
