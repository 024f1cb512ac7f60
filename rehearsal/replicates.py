"""PURE: a study rehearsed a thousand times: its people through its pages, lists, scores and looks.

Each study is drawn by the seed and its own number, so that any of them can be drawn again alone,
and any number of processes comes to the same counts. People come until the last planned look has
its eligible completes, or until a look recommends to stop.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from math import ceil, sqrt

import numpy as np

from analysis import estimation
from analysis.contrast_results import contrast_results
from analysis.decision import Hypothesis
from analysis.found import Found
from analysis.power import simulating
from analysis.power.assumptions import Assumptions, Hindrance, Obstacle, contrasts_of, hindrances
from analysis.power.columns import Places
from analysis.power.simulating import (
    SimulatedLook,
    counts_of,
    judged,
    looks_of,
    monitor_of,
    simulated_design,
)
from analysis.results import RowResult
from analysis.statistics.estimate import Estimate
from experiments.design import Design, Estimator
from rehearsal.crowd import parsed
from rehearsal.population import Population
from rehearsal.replicate_counts import (
    ArmCounts,
    PeopleCounts,
    Replicated,
    RowCounts,
    SlopeCounts,
    Sum,
    VerdictCounts,
)
from rehearsal.replicate_data import Replicate, dataset, effects_there, replicate
from rehearsal.truth import Truth
from rehearsal.walk import Walked, walked

# So many people say how many come for one who counts; the numbers of studies stay below.
PROBED, PROBE = 2000, 2**40
# More than expected come, so that few studies are drawn twice; and how often more are asked.
SPARE, ENLARGED, MOST_TIMES = 4.0, 1.3, 12
# What keeps a design from being rehearsed here.
OBSTACLES = (Obstacle.COMPLETES, Obstacle.OUTCOME)


class TooFewError(Exception):
    """Hardly anybody of these people completes and counts."""


@dataclass(frozen=True)
class Rehearsed:
    """What is rehearsed: a written design with its plan, and a truth; `stops` if looks say so."""

    design: Design
    truth: Truth
    stops: bool = True

    @cached_property
    def planted(self) -> Mapping[str, tuple[float, ...]]:
        """The plan's contrasts as they were planted: one number for each of their rows."""
        keys = {
            key: (parsed(key).items(), points)
            for key, points in self.truth.effects.get(self.design.plan.outcome, {}).items()
        }

        def added(levels: Mapping[str, str]) -> float:
            return sum(points for held, points in keys.values() if held <= levels.items())

        return contrasts_of(self.design, added)

    @cached_property
    def judged(self) -> simulating.Truth:
        """Which contrasts are nil, and which no smaller than matters."""
        return judged(self.design.plan, self.planted)

    @cached_property
    def come(self) -> int:
        """How many people are drawn for a study; TooFewError if next to none of them count."""
        people = Population(self.design, self.truth, PROBED, [0, PROBE])
        share = int(walked(self.design, people, b"probe").eligible.sum()) / PROBED
        if share < 1 / PROBED * 10:
            raise TooFewError
        size = self.design.plan.sizes[-1]
        return ceil((size + SPARE * sqrt(size * (1 - share)) + 1) / share)

    def study(self, seed: int, number: int) -> Walked:
        """Study `number` of the seed, in which as many complete as the plan wants."""
        n = self.come
        own = hashlib.sha256(f"coprod.rehearsal|{seed}|{number}".encode()).digest()
        for _time in range(MOST_TIMES):
            found = walked(self.design, Population(self.design, self.truth, n, [seed, number]), own)
            if len(found.order) >= self.design.plan.sizes[-1]:
                return found
            n = ceil(n * ENLARGED)
        raise TooFewError


def rehearsed(
    design: Design, truth: Truth, *, n: int | None = None, stops: bool = True
) -> Rehearsed:
    """The design with `n` eligible completes in place of its plan's, and looks if it has none."""
    assumed = Assumptions(n=n or design.plan.sample_size, mean=0.0, sd=1.0)
    return Rehearsed(simulated_design(design, assumed), truth, stops)


def obstacles(design: Design) -> tuple[Hindrance, ...]:
    """What keeps a design from being rehearsed by the thousand; none if nothing does."""
    return tuple(each for each in hindrances(design) if each.obstacle in OBSTACLES)


def replicated(what: Rehearsed, seed: int, numbers: Sequence[int]) -> Replicated:
    """The counts of these studies of the seed, together; `numbers` are not none.

    UnreachableError if no items answer as the truth says; TooFewError.
    """
    return reduce(Replicated.__add__, (study_found(what, seed, number) for number in numbers))


def study_found(what: Rehearsed, seed: int, number: int) -> Replicated:
    """What came of one study."""
    study = what.study(seed, number)
    sample = replicate(study)
    looks = looks_of(sample, stops=what.stops)
    size = what.design.plan.sizes[len(looks) - 1]
    until = float(study.done[study.order[size - 1]])
    whole = study.ends & study.passes & study.treated & (study.done <= until)
    rows = np.flatnonzero(whole)
    last = looks[-1]
    return Replicated(
        counts=counts_of(sample, looks, what.judged),
        rows=_rows(what, study, last, rows, len(looks)),
        verdicts={each.contrast: _verdict(each) for each in last.decision.hypotheses},
        slopes=_slopes(sample, size),
        arms=_arms(study, rows),
        people=_people(study, until, size),
    )


def _rows(
    what: Rehearsed, study: Walked, last: SimulatedLook, everybody: Places, look: int
) -> dict[str, tuple[RowCounts, ...]]:
    order = everybody[np.argsort(study.done[everybody], kind="stable")]
    data = dataset(study, order)
    means, _adjustment = estimation.arm_means(data)
    whole = contrast_results(data, means, monitor_of(what.design.plan, look))
    there = effects_there(study, everybody)
    return {
        found.code: tuple(
            _row(row, all_of_it, planted, there.get(found.code, ())[at : at + 1], what)
            for at, (row, all_of_it, planted) in enumerate(
                zip(found.rows, stayed.rows, what.planted[found.code], strict=True)
            )
        )
        for found, stayed in zip(last.contrasts, whole, strict=True)
    }


def _row(
    row: RowResult, whole: RowResult, planted: float, there: Sequence[float], what: Rehearsed
) -> RowCounts:
    found, stayed = _announced(row, what), _announced(whole, what)
    if found is None:
        return RowCounts(there=Sum.of(*there))
    return RowCounts(
        estimate=Sum.of(found.estimate),
        error=Sum.of(found.se),
        covered=int(found.low <= planted <= found.high),
        repeated=int(_holds(row.repeated, planted)),
        there=Sum.of(*there),
        whole=Sum.of(stayed.estimate) if stayed else Sum(),
        shift=Sum.of(found.estimate - stayed.estimate) if stayed else Sum(),
    )


def _announced(row: RowResult, what: Rehearsed) -> Estimate | None:
    adjusts = what.design.plan.estimator is Estimator.LIN
    return (row.adjusted if adjusts else row.unadjusted).value


def _holds(found: Found[Estimate], value: float) -> bool:
    return found.value is not None and found.value.low <= value <= found.value.high


def _verdict(found: Hypothesis) -> VerdictCounts:
    different, equivalent = found.rejected_at is not None, found.equivalent_at is not None
    return VerdictCounts(
        different=int(different and not equivalent),
        equivalent=int(equivalent and not different),
        both=int(different and equivalent),
        undecided=int(not different and not equivalent),
    )


def _slopes(sample: Replicate, size: int) -> dict[str, SlopeCounts]:
    found = estimation.association_results(sample.first(size))
    if found is None or found.value is None:
        return {}
    return {
        each.predictor: SlopeCounts(Sum.of(slope.estimate), int(not slope.low <= 0 <= slope.high))
        for each in found.value.slopes
        if (slope := each.slope.value) is not None
    }


def _arms(study: Walked, rows: Places) -> dict[str, dict[str, ArmCounts]]:
    found: dict[str, dict[str, ArmCounts]] = {}
    for step in study.design.randomisations:
        if (column := study.arms.get(step.code)) is None:
            continue
        given, gone = column.places[rows], column.places[rows[~study.stays[rows]]]
        found[step.code] = {
            code: ArmCounts(int((given == at).sum()), int((gone == at).sum()))
            for at, code in enumerate(column.codes)
        }
    return found


def _people(study: Walked, until: float, size: int) -> PeopleCounts:
    came = study.people.arrives <= until
    done = came & study.stays & (study.done <= until)
    return PeopleCounts(
        came=int(came.sum()),
        completed=int(done.sum()),
        excluded=int((done & ~study.passes).sum()),
        left_arm=int((came & study.treated & study.ends & ~study.stays).sum()),
        analysed=size,
    )
