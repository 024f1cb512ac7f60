"""The tails of the normal, Student's t, chi-square and F distributions, and where they begin.

As `scipy.stats` has them, from the same functions of `scipy.special`: `scipy.stats` takes a process
some 30 MB, and a worker needs nothing else of it. All take numbers or arrays.
"""

from typing import Any

import numpy as np
from scipy import special

ROOT_OF_TWO_PI = np.sqrt(2 * np.pi)


def norm_pdf(x: Any) -> Any:
    """The normal density at x."""
    return np.exp(-(np.asarray(x) ** 2) / 2.0) / ROOT_OF_TWO_PI


def norm_cdf(x: Any) -> Any:
    """The normal probability below x."""
    return special.ndtr(x)


def norm_sf(x: Any) -> Any:
    """The normal probability beyond x."""
    return special.ndtr(np.negative(x))


def norm_ppf(q: Any) -> Any:
    """The x below which the normal distribution has probability q."""
    return special.ndtri(q)


def norm_isf(q: Any) -> Any:
    """The x beyond which the normal distribution has probability q."""
    return np.negative(special.ndtri(q))


def t_cdf(x: Any, df: Any) -> Any:
    """The probability below x of Student's t with `df` degrees of freedom."""
    return special.stdtr(df, x)


def t_sf(x: Any, df: Any) -> Any:
    """The probability beyond x of Student's t with `df` degrees of freedom."""
    return special.stdtr(df, np.negative(x))


def t_isf(q: Any, df: Any) -> Any:
    """The x beyond which Student's t with `df` degrees of freedom has probability q."""
    found = np.negative(special.stdtrit(df, q))
    # Where nothing is to be left, it gives the other end.
    return np.where(np.equal(q, 0), np.abs(found), found)[()]


def chi2_sf(x: Any, df: Any) -> Any:
    """The probability beyond x of chi-square with `df` degrees of freedom."""
    return special.chdtrc(df, np.maximum(x, 0))


def chi2_isf(q: Any, df: Any) -> Any:
    """The x beyond which chi-square with `df` degrees of freedom has probability q."""
    return special.chdtri(df, q)


def f_sf(x: Any, dfn: Any, dfd: Any) -> Any:
    """The probability beyond x of F with `dfn` and `dfd` degrees of freedom."""
    return special.fdtrc(dfn, dfd, np.maximum(x, 0))


def f_ppf(q: Any, dfn: Any, dfd: Any) -> Any:
    """The x below which F with `dfn` and `dfd` degrees of freedom has probability q."""
    return special.fdtri(dfn, dfd, q)


def f_isf(q: Any, dfn: Any, dfd: Any) -> Any:
    """The x beyond which F with `dfn` and `dfd` degrees of freedom has probability q."""
    return special.fdtri(dfn, dfd, np.subtract(1, q))
