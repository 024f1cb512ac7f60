"""PURE: the arms of a cut's rows assigned anew, by the design's own lists where they have some."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from analysis.dataset import Dataset, variable
from analysis.redraws import list_redraws, minimisation_redraws
from analysis.robustness_results import Redrawn
from analysis.statistics.counts import Ints
from analysis.statistics.estimate import Floats, NotEstimable, Reason
from analysis.statistics.randomisation_inference import (
    Assignments,
    RandomisationTest,
    arrangements,
    mean_contrast,
    randomisation_test,
    redrawn,
)
from experiments.design import Method, Randomisation
from experiments.randomisation import Covariate
from responses.coded import Coded

# By version and randomisation: the profile at each position of its list.
Profiles: TypeAlias = Mapping[tuple[int, str], Sequence[Mapping[str, str]]]

MOST = 399
# Below this no p could be .01.
LEAST = 99
# What one row of a list costs to draw, by method; what a look may spend, a few seconds; and how
# many arms all redraws together may keep in memory.
COST = {Method.PERMUTED_BLOCKS: 1, Method.COMPLETE: 3, Method.SIMPLE: 5}
BUDGET = 650_000
# A row that looks back costs about 150 µs; so many take some 25 s, which a worker has.
LOOKING_BACK = 160_000
KEPT = 20_000_000


@dataclass(frozen=True, eq=False)
class Redraws:
    """The rows' outcomes (n,) and arms (n,) as places among `arms`, and the arms assigned anew."""

    how: Redrawn
    arms: tuple[str, ...]
    outcome: Floats
    given: Ints
    assignments: Assignments

    def test(
        self, arms: Sequence[str], weights: Sequence[float]
    ) -> RandomisationTest | NotEstimable:
        """The test of the contrast Σ wⱼ ȳⱼ of those arms' means."""
        weight = dict(zip(arms, weights, strict=True))
        statistic = mean_contrast([weight.get(arm, 0.0) for arm in self.arms])
        return randomisation_test(self.outcome, self.given, self.assignments, statistic)


def look_redraws(
    data: Dataset,
    step: Randomisation,
    versions: Sequence[int],
    seed: bytes,
    profiles: Profiles | None = None,
) -> Redraws | NotEstimable:
    """The randomisation drawn anew for those who have one of its arms that are drawn.

    `versions` (n,) tell lists of one name apart; `profiles` are what minimisation went by, of
    everybody whom it gave an arm. Arms that were drawn toward completes, and cuts so large that
    drawing takes too long, have the arms in another order within their strata. The seed gives the
    same redraws every time. ROWS_TOGETHER for clusters and decks, TOO_MANY_ROWS beyond what
    memory should hold, NO_ROWS if somebody's place in the list is not known.
    """
    if data.stack or data.clusters(step) is not None:
        return NotEstimable(Reason.ROWS_TOGETHER, "Arms were not given row by row.")
    codes = tuple(arm.code for arm in step.arms)
    drawn = [arm.code for arm in step.arms if arm.weight > 0]
    rows = np.flatnonzero(np.isin(data.arms(step.code), drawn)).tolist()
    if len(rows) * LEAST > KEPT:
        return NotEstimable(Reason.TOO_MANY_ROWS, f"{len(rows)} rows are too many to redraw.")
    held = [data.assignments[at][step.code] for at in rows]
    if not all("position" in each and "stratum" in each for each in held):
        return NotEstimable(Reason.NO_ROWS, "The place in the list is not known of everybody.")
    # By their order, not their ids: the same data in another database have the same redraws.
    place = {version: at for at, version in enumerate(sorted(set(versions)))}
    strata = [
        f"{place[versions[at]]}|{each['stratum']}" for at, each in zip(rows, held, strict=True)
    ]
    given = np.array([codes.index(each["arm"]) for each in held], np.int64)
    places = [(versions[at], each["position"]) for at, each in zip(rows, held, strict=True)]
    anew = minimised_anew(step, places, profiles or {}, seed)
    if anew is not None:
        how, assignments = Redrawn.MINIMISED, anew
    else:
        how, assignments = _assignments(step, given, strata, held, seed)
    return Redraws(how, codes, data.outcome[rows], given, assignments)


def minimised_anew(
    step: Randomisation, places: Sequence[tuple[int, int]], profiles: Profiles, seed: bytes
) -> Assignments | None:
    """The arms of rows at these places (version, position) when all are minimised again.

    None for other methods, where a list's profiles are not all known, or if it takes too long.
    """
    lists = {version: profiles.get((version, step.code), ()) for version, _position in places}
    whole = all(position < len(lists[version]) for version, position in places)
    affordable = LOOKING_BACK // max(sum(map(len, lists.values())), 1)
    if step.method is not Method.MINIMISATION or not whole or affordable < LEAST:
        return None
    counts = step.covariate_weights or (1,) * len(step.covariates)
    draws = {
        version: minimisation_redraws(
            [arm.weight for arm in step.arms],
            [Covariate(*each) for each in zip(step.covariates, counts, strict=True)],
            lists[version],
            distance=step.distance,
            coin=Fraction(str(step.coin)),
            # By their order, not their ids, as for lists.
            seed=hmac.digest(seed, f"{at}".encode(), "sha256"),
        )
        for at, version in enumerate(sorted(lists))
    }

    def draw(number: int) -> Ints:
        arms = {version: each(number) for version, each in draws.items()}
        return np.array([arms[version][position] for version, position in places], np.int64)

    return redrawn(draw, min(MOST, affordable))


def _assignments(
    step: Randomisation,
    given: Ints,
    strata: list[str],
    held: Sequence[Any],
    seed: bytes,
) -> tuple[Redrawn, Assignments]:
    cost = COST.get(step.method)
    affordable = 0 if cost is None else BUDGET // (cost * max(len(given), 1))
    if affordable < LEAST:
        most = min(MOST, KEPT // max(len(given), 1))
        number = int.from_bytes(seed[:8], "big")
        return Redrawn.STRATA, arrangements(given, strata, most=most, seed=number)
    draw = list_redraws(
        step.method,
        [arm.weight for arm in step.arms],
        sizes=step.block_sizes,
        strata=strata,
        positions=[each["position"] for each in held],
        seed=seed,
    )
    return Redrawn.LISTS, redrawn(draw, min(MOST, affordable))


def blocks_of(data: Dataset, step: Randomisation) -> npt.NDArray[np.str_] | None:
    """Each row's stratum (n,) where the lists have several; None otherwise."""
    if step.method not in COST or not step.strata:
        return None
    rows = data.held.steps.get(step.code, Coded())
    values, at = variable(rows, "stratum", len(data.assignments))
    names = np.array([each or "" for each in values], dtype=np.str_)[at]
    return names if (names != names[:1]).any() else None
