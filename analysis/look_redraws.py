"""PURE: the arms of a cut's rows assigned anew, by the design's own lists where they have some."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from analysis.coding import listed, variable
from analysis.dataset import Dataset
from analysis.minimised_redraws import minimised_redraws
from analysis.redraws import list_redraws
from analysis.robustness_results import Redrawn
from analysis.statistics.contrast_tests import RedrawnMeans, contrast_test, redrawn_means
from analysis.statistics.counts import Ints
from analysis.statistics.estimate import Floats, NotEstimable, Places, Reason
from analysis.statistics.randomisation_inference import (
    INDEX,
    Assignments,
    RandomisationTest,
    arrangements,
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
# A list is drawn up to the last position that one of the rows has, with those of people who left or
# are not looked at in between: twice as many as rows cost no redraw, and more are not paid for.
POSITIONS = 2 * BUDGET
# A row that looks back costs about half a microsecond in each of some hundred redraws at once; so
# many take some ten seconds, which a worker has.
LOOKING_BACK = 20_000_000
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
        return contrast_test(self._means, [weight.get(arm, 0.0) for arm in self.arms])

    @cached_property
    def _means(self) -> RedrawnMeans:
        # Once for all contrasts: this is what reads every redraw.
        return redrawn_means(self.outcome, self.given, self.assignments, len(self.arms))


def redraw_seed(plan: str, number: int) -> bytes:
    """The seed of the redraws of look `number` under the plan of that digest.

    Known before the data are: nobody can look for a seed whose redraws please.
    """
    return hashlib.sha256(f"{plan}|{number}".encode()).digest()


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
    place = data.places(step.code, codes)
    drawn = [at for at, arm in enumerate(step.arms) if arm.weight > 0]
    used = np.isin(place, drawn)
    if (many := int(used.sum())) * LEAST > KEPT:
        return NotEstimable(Reason.TOO_MANY_ROWS, f"{many} rows are too many to redraw.")
    rows = np.flatnonzero(used)
    numbers, version = listed(versions)
    lists = _lists(data, step, rows, np.array(numbers, dtype=np.int64)[version[rows]])
    if lists is None:
        return NotEstimable(Reason.NO_ROWS, "The place in the list is not known of everybody.")
    given = place[rows].astype(np.int64)
    anew = minimised_anew(step, lists.places, profiles or {}, seed) if profiles else None
    if anew is not None:
        how, assignments = Redrawn.MINIMISED, anew
    else:
        how, assignments = _assignments(step, given, lists, seed)
    return Redraws(how, codes, data.outcome[rows], given, assignments)


@dataclass(frozen=True, eq=False)
class _Lists:
    """Each row's version, position and stratum (n,), whose names tell versions apart."""

    versions: Ints
    positions: Ints
    strata: npt.NDArray[np.str_]

    @cached_property
    def positions_drawn(self) -> int:
        """How many positions one redraw of all lists has."""
        at = np.unique(self.strata, return_inverse=True)[1]
        lengths = np.zeros(at.max(initial=-1) + 1, np.int64)
        np.maximum.at(lengths, at, self.positions + 1)
        return int(lengths.sum())

    @property
    def places(self) -> list[tuple[int, int]]:
        """Version and position of each row."""
        return list(zip(self.versions.tolist(), self.positions.tolist(), strict=True))


def _lists(data: Dataset, step: Randomisation, rows: Places, versions: Ints) -> _Lists | None:
    """The places of those rows in their lists; None if one of them is not known."""
    held = data.held.steps.get(step.code, Coded())
    found = []
    for name in ("position", "stratum"):
        values, at = variable(held, name, len(data.assignments))
        if name not in held.columns or (at[rows] == len(values) - 1).any():
            return None
        found.append((np.array(values[:-1]), at[rows]))
    (numbers, position), (names, stratum) = found
    # By their order, not their ids: the same data in another database have the same redraws.
    version = np.unique(versions, return_inverse=True)[1]
    kinds, kind = np.unique(version * len(names) + stratum, return_inverse=True)
    told = [f"{each // len(names)}|{names[each % len(names)]}" for each in kinds.tolist()]
    return _Lists(versions, numbers.astype(np.int64)[position], np.array(told, np.str_)[kind])


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
    found: Any = np.empty((min(MOST, affordable), len(places)), INDEX)
    for at, version in enumerate(sorted(lists)):
        drawn = minimised_redraws(
            [arm.weight for arm in step.arms],
            [Covariate(*each) for each in zip(step.covariates, counts, strict=True)],
            lists[version],
            distance=step.distance,
            coin=Fraction(str(step.coin)),
            # By their order, not their ids, as for lists.
            seed=hmac.digest(seed, f"{at}".encode(), "sha256"),
            draws=len(found),
        )
        of = [(row, position) for row, (held, position) in enumerate(places) if held == version]
        rows, positions = np.array(of, np.int64).T
        found[:, rows] = drawn[:, positions]
    return Assignments(found, exact=False)


def _assignments(
    step: Randomisation,
    given: Ints,
    lists: _Lists,
    seed: bytes,
) -> tuple[Redrawn, Assignments]:
    affordable = 0
    if cost := COST.get(step.method):
        affordable = min(
            BUDGET // (cost * max(len(given), 1)),
            POSITIONS // (cost * max(lists.positions_drawn, 1)),
        )
    if affordable < LEAST:
        most = min(MOST, KEPT // max(len(given), 1))
        number = int.from_bytes(seed[:8], "big")
        return Redrawn.STRATA, arrangements(given, lists.strata, most=most, seed=number)
    draw = list_redraws(
        step.method,
        [arm.weight for arm in step.arms],
        sizes=step.block_sizes,
        strata=lists.strata,
        positions=lists.positions,
        seed=seed,
    )
    return Redrawn.LISTS, redrawn(draw, min(MOST, affordable))


def blocks_of(data: Dataset, step: Randomisation) -> tuple[list[str], Places] | None:
    """The strata and the place of each row's (n,), where lists have several; None otherwise."""
    if step.method not in COST or not step.strata:
        return None
    rows = data.held.steps.get(step.code, Coded())
    values, at = variable(rows, "stratum", len(data.assignments))
    names, place = np.unique([each or "" for each in values], return_inverse=True)
    of = place.astype(np.int32)[at]
    return (names.tolist(), of) if (of != of[:1]).any() else None
