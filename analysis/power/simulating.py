"""PURE: runs drawn studies through the code of a look, and counts what its decisions come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import msgspec

from analysis import estimation
from analysis.contrast_results import contrast_results
from analysis.decision import Decision, Hypothesis
from analysis.hypotheses import decide
from analysis.monitoring import Monitor
from analysis.power.assumptions import Assumptions, true_contrasts
from analysis.power.counts import ContrastCounts, Counts
from analysis.power.population import Population
from analysis.power.sample import Sample
from analysis.results import ContrastResult
from experiments.design import Design, Family, Monitoring, Plan

# A plan that may be read at any time is read at these shares of its participants.
READ_ANYTIME = (0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class SimulatedLook:
    """What a look finds of its contrasts, and decides."""

    contrasts: tuple[ContrastResult, ...]
    decision: Decision


@dataclass(frozen=True)
class Truth:
    """The contrasts as they are: which are nil, and which are no smaller than matters."""

    nil: frozenset[str]
    matters: frozenset[str]


def simulated_design(design: Design, assumed: Assumptions) -> Design:
    """The design with the plan that is simulated: its size, and its looks if it names none."""
    anytime = design.plan.monitoring is Monitoring.ANYTIME
    looks = READ_ANYTIME if anytime else design.plan.looks
    plan = replace(design.plan, sample_size=assumed.n, looks=looks)
    return replace(design, plan=plan)


def simulated(design: Design, assumed: Assumptions, seed: int, numbers: Sequence[int]) -> Counts:
    """The counts of these studies of the seed, together; `numbers` are not none.

    UnreachableError as from `Population`. A study's chance hangs on seed and number alone.
    """
    whole = simulated_design(design, assumed)
    population, truth = Population(whole, assumed), truth_of(whole, assumed)
    counted = (
        study_counts(population.draw(seed, number), truth, stops=assumed.stops)
        for number in numbers
    )
    return reduce(Counts.__add__, counted)


def truth_of(design: Design, assumed: Assumptions) -> Truth:
    """Which of the plan's contrasts are nil in truth, and which at least the smallest effect."""
    return judged(design.plan, true_contrasts(design, assumed))


def judged(plan: Plan, true: Mapping[str, Sequence[float]]) -> Truth:
    """The same of contrasts that are truly these."""
    smallest = plan.smallest_effect
    return Truth(
        nil=frozenset(code for code, rows in true.items() if not any(rows)),
        matters=frozenset(
            code
            for code, rows in true.items()
            if smallest is not None and any(abs(row) >= smallest - 1e-9 for row in rows)
        ),
    )


def looks_of(sample: Sample, *, stops: bool) -> list[SimulatedLook]:
    """The study's looks, one after the other; with `stops` none after one that recommends it."""
    plan = sample.design.plan
    done: list[SimulatedLook] = []
    for number, size in enumerate(plan.sizes, start=1):
        data = sample.first(size)
        means, _adjustment = estimation.arm_means(data)
        monitor = monitor_of(plan, number)
        contrasts = contrast_results(data, means, monitor)
        done.append(SimulatedLook(contrasts, decide(contrasts, monitor, done)))
        if stops and done[-1].decision.stops:
            break
    return done


def monitor_of(plan: Plan, number: int) -> Monitor:
    """Look `number` of the plan, every one before it having been made."""
    return Monitor(
        plan=plan,
        fractions=tuple(size / plan.sample_size for size in plan.sizes[:number]),
        numbers=tuple(range(1, number + 1)),
        final=number == len(plan.sizes),
        size=plan.sample_size,
    )


def study_counts(sample: Sample, truth: Truth, *, stops: bool) -> Counts:
    """What came of one study."""
    return counts_of(sample, looks_of(sample, stops=stops), truth)


def counts_of(sample: Sample, looks: Sequence[SimulatedLook], truth: Truth) -> Counts:
    """The same of a study whose looks these are."""
    places, last = len(sample.design.plan.sizes), looks[-1]
    hypotheses = last.decision.hypotheses
    primary = [each for each in hypotheses if each.family is Family.PRIMARY]
    rejected = {each.contrast for each in hypotheses if each.rejected_at is not None}
    equivalent = {each.contrast for each in hypotheses if each.equivalent_at is not None}
    return Counts(
        studies=1,
        contrasts={
            each.contrast: _contrast(each, found, places)
            for each, found in zip(hypotheses, last.contrasts, strict=True)
        },
        ended=_at(len(looks), places),
        some=int(any(each.rejected_at is not None for each in primary)),
        every=int(all(each.rejected_at is not None for each in primary)),
        familywise=int(bool(rejected & truth.nil)),
        misjudged=int(bool(equivalent & truth.matters)),
        stopped={last.decision.action.value: 1} if last.decision.stops else {},
        allocated=sample.allocated,
        allocated_squares=sample.allocated**2,
        unestimable=int(any(_without_p(each) for look in looks for each in look.contrasts)),
    )


def _contrast(hypothesis: Hypothesis, found: ContrastResult, places: int) -> ContrastCounts:
    value = found.announced.value if found.announced else None
    return ContrastCounts(
        rejected=_at(hypothesis.rejected_at, places),
        equivalent=_at(hypothesis.equivalent_at, places),
        estimated=int(value is not None),
        total=value.estimate if value else 0.0,
        squares=value.estimate**2 if value else 0.0,
    )


def _at(look: int | None, places: int) -> tuple[int, ...]:
    return tuple(int(look == place) for place in range(1, places + 1))


def _without_p(found: ContrastResult) -> bool:
    return found.p is None or found.p.value is None


def counts_to_builtins(counts: Counts) -> Any:
    """Counts as JSON keeps them."""
    return msgspec.to_builtins(counts)


def counts_from_builtins(kept: Any) -> Counts:
    """Counts as `counts_to_builtins` made them."""
    return msgspec.convert(kept, Counts)
