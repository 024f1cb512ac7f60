"""Spending functions: how much of an error may be spent by the time a share of the rows is in.

Lan & DeMets 1983 (Biometrika 70(3), 659–663) fix the function before the study and not the looks:
how many there are, and at how many rows, may be as it comes about.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import expm1, isfinite, log1p

import numpy as np

from analysis.statistics import tails


class Family(StrEnum):
    """The shape of a spending function."""

    OBRIEN_FLEMING = "obrien_fleming"
    POCOCK = "pocock"
    HWANG_SHIH_DECANI = "hwang_shih_decani"
    POWER = "power"


@dataclass(frozen=True)
class Spending:
    """A spending function: a family and, where the family has one, its parameter.

    O'Brien–Fleming and Pocock type have none. Hwang–Shih–DeCani's gamma is any number: the lower,
    the later it spends (−4 is near O'Brien–Fleming, 1 near Pocock, 0 is even). The power's rho is
    above 0: the higher, the later. ValueError if the parameter is none of the family's.
    """

    family: Family
    parameter: float | None = None

    def __post_init__(self) -> None:
        value = self.parameter
        if self.family in (Family.OBRIEN_FLEMING, Family.POCOCK):
            if value is not None:
                raise ValueError(f"Spending of type {self.family} has no parameter.")
        elif value is None or not isfinite(value):
            raise ValueError(f"Spending of type {self.family} needs a number as its parameter.")
        elif self.family == Family.POWER and value <= 0:
            raise ValueError(f"The power of a spending function must be above 0, not {value:g}.")

    def spent(self, fraction: float, error: float, *, two_sided: bool = False) -> float:
        """What is spent of `error` when `fraction` of the planned information is in.

        All of it from a fraction of 1 on. Two-sided, half of the error is spent by the function
        on each side and the sum is given; only for the O'Brien–Fleming type does that differ.
        """
        if fraction <= 0:
            return 0.0
        if fraction >= 1:
            return error
        sides = 2 if two_sided else 1
        return sides * self._one_side(fraction, error / sides)

    def _one_side(self, t: float, error: float) -> float:
        if self.family == Family.OBRIEN_FLEMING:
            return obrien_fleming_type(t, error)
        if self.family == Family.POCOCK:
            return pocock_type(t, error)
        shape = float(self.parameter or 0.0)
        if self.family == Family.HWANG_SHIH_DECANI:
            return hwang_shih_decani(t, error, shape)
        return power(t, error, shape)


def obrien_fleming_type(t: float, error: float) -> float:
    """2 − 2 Φ(z_{a/2} / √t), next to nothing early. Lan & DeMets 1983, Biometrika 70(3)."""
    return float(2 * tails.norm_sf(tails.norm_isf(error / 2) / np.sqrt(t)))


def pocock_type(t: float, error: float) -> float:
    """A ln(1 + (e − 1) t), bounds almost level. Lan & DeMets 1983, Biometrika 70(3)."""
    return error * log1p(expm1(1) * t)


def hwang_shih_decani(t: float, error: float, gamma: float) -> float:
    """A (1 − e^(−γt)) / (1 − e^(−γ)), and a t for γ = 0.

    Hwang, Shih & De Cani 1990, Statistics in Medicine 9(12), 1439–1445.
    """
    if gamma == 0:
        return error * t
    if gamma > 0:
        return error * expm1(-gamma * t) / expm1(-gamma)
    # The same, without the powers that overflow.
    return error * float(np.exp(gamma * (1 - t))) * expm1(gamma * t) / expm1(gamma)


def power(t: float, error: float, rho: float) -> float:
    """A t^ρ. Kim & DeMets 1987, Biometrika 74(1), 149–154."""
    return float(error * t**rho)


OBRIEN_FLEMING = Spending(Family.OBRIEN_FLEMING)
POCOCK = Spending(Family.POCOCK)
