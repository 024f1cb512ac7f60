"""PURE: when respondents come, in seconds from the beginning."""

from collections.abc import Callable
from random import Random


def steady(number: int, per_second: float) -> list[float]:
    """One after the other, always as far apart."""
    return [place / per_second for place in range(number)]


def by_chance(number: int, per_second: float, seed: str) -> list[float]:
    """So many at times that know nothing of each other, from the same seed the same.

    They are a Poisson process of that rate, given that so many come in `number / per_second`
    seconds: then each comes at any time as likely as at another (Ross, Stochastic Processes, 1996,
    theorem 2.3.1). So the load is exact, and its clusters are those of chance.
    """
    random = Random(seed)  # noqa: S311 # no secret
    return sorted(random.uniform(0.0, number / per_second) for _ in range(number))


# Of what is to come when; the names are those of the command line.
SCHEDULES: dict[str, Callable[[int, float, str], list[float]]] = {
    "poisson": by_chance,
    "steady": lambda number, per_second, _seed: steady(number, per_second),
}
