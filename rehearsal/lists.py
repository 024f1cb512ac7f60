"""PURE: a study's allocation lists while people take positions of them, without a database.

What they give is what `responses.allocation` gives to people who come in the same order. Positions
of people who were never exposed are not given again: that takes hours in which nothing is sent.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from experiments.design import Design, Method, Randomisation
from experiments.randomisation import (
    Draw,
    Tally,
    list_draws,
    list_seed,
    probability,
    stratum_name,
)
from responses.ledger import drawing
from responses.ledger.drawing import Expected, code_of, levels_of

CLUSTER = "cluster="
# What a participant holds of their rows, by code, without the rows' keys.
Held = dict[str, dict[str, Any]]


@dataclass
class _List:
    """Where one list stands."""

    seed: bytes
    draws: Iterator[Draw]
    position: int = 0
    tally: Tally = field(default_factory=lambda: Tally(0))
    completes: Counter[str] = field(default_factory=Counter)


class Lists:
    """The lists of a written design in one mode; whoever takes a row moves its list on."""

    def __init__(self, design: Design, seed: bytes, *, version: int, mode: str) -> None:
        self.design, self._seed, self._version, self._mode = design, seed, version, mode
        self._lists: dict[tuple[str, str], _List] = {}
        self._clusters: dict[tuple[str, str], Expected] = {}
        self._members: Counter[tuple[str, str]] = Counter()

    def take(
        self, step: Randomisation, codes: Mapping[str, str | None], *, cluster: str = ""
    ) -> Held:
        """What somebody with these answers, of that cluster, holds of their next rows, by code.

        `step` is as it is written, `codes` are answers and parameters.
        """
        stratum, covariates = stratum_name(step.strata, codes), stratum_name(step.covariates, codes)
        rows = self.rows(step, stratum, covariates, cluster=cluster)
        if step.cluster:
            return {step.code: _held(step, CLUSTER + cluster, rows[0]) | {"cluster": cluster}}
        return {code_of(step, row.draw): _held(step, stratum, row) for row in rows}

    def rows(
        self, step: Randomisation, stratum: str, covariates: str = "", *, cluster: str = ""
    ) -> list[Expected]:
        """The next row, of a deck the next rows; names of strata are those of `stratum_name`."""
        if step.cluster:
            return [self._member(step, cluster)]
        listed = self._list(step, stratum)
        rows = self._next(step, listed, covariates)
        listed.position += len(rows)
        return rows

    def completed(self, assignments: Mapping[str, Mapping[str, Any]]) -> None:
        """Counts one who completed with these, for coins that look at completes."""
        for code, held in assignments.items():
            if (listed := self._lists.get((code, held["stratum"]))) is not None:
                listed.completes[held["arm"]] += 1

    def _list(self, step: Randomisation, stratum: str) -> _List:
        if (found := self._lists.get((step.code, stratum))) is None:
            own = list_seed(
                self._seed,
                version=self._version,
                randomisation=step.code,
                mode=self._mode,
                stratum=stratum,
            )
            weights = [arm.weight for arm in step.arms]
            listed = step.method in (Method.SIMPLE, Method.COMPLETE, Method.PERMUTED_BLOCKS)
            draws = list_draws(step.method, own, weights, step.block_sizes) if listed else iter(())
            found = _List(own, draws, tally=Tally(len(step.arms)))
            self._lists[step.code, stratum] = found
        return found

    def _next(self, step: Randomisation, listed: _List, covariates: str) -> list[Expected]:
        if step.method is Method.MINIMISATION:
            row, listed.tally = drawing.minimised(
                step, listed.seed, listed.position, covariates, listed.tally
            )
            return [row]
        if step.method is Method.TOWARD_COMPLETES:
            told = drawing.completes_told(step, listed.completes)
            return [drawing.short_of_completes(step, listed.seed, listed.position, told)]
        if step.method is Method.DECK:
            return drawing.dealt_rows(step, listed.seed, listed.position // step.draws)
        draw = next(listed.draws)
        chance = _share(tuple(arm.weight for arm in step.arms), draw.arm)
        return [Expected(listed.position, draw.block, step.arms[draw.arm].code, chance)]

    def _member(self, step: Randomisation, cluster: str) -> Expected:
        """A row of the cluster's own list, with the arm that the cluster has or now gets."""
        key = step.code, cluster
        if key not in self._clusters:
            listed = self._list(step, "")
            (self._clusters[key],) = self._next(step, listed, "")
            listed.position += 1
        arm, place = self._clusters[key], self._members[key]
        self._members[key] += 1
        return Expected(place, 0, arm.arm, arm.probability)


@lru_cache(maxsize=1024)
def _share(weights: tuple[int, ...], arm: int) -> str:
    return str(probability(weights, arm))


def _held(step: Randomisation, stratum: str, row: Expected) -> dict[str, Any]:
    return {
        "stratum": stratum,
        "position": row.position,
        "arm": row.arm,
        "levels": levels_of(step, row.arm, row.draw),
        "probability": row.probability,
    }
