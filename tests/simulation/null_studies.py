"""Twenty thousand null studies through the code that runs a look: how often it errs.

`python -m tests.simulation.null_studies` runs them on all processors and writes
`null_studies.json`; the tests hold the file against the rules of the issue and repeat its first
studies. What is counted is said at `Counts`.
"""

import json
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, fields, replace
from functools import reduce
from pathlib import Path
from typing import Protocol

from analysis import estimation
from analysis.contrast_results import contrast_results
from analysis.decision import Decision
from analysis.hypotheses import decide
from analysis.monitoring import Monitor
from analysis.outlook import after_stop
from analysis.results import ContrastResult
from experiments.design import Design, Equivalence, Family, Plan
from tests.simulation.simulated import Simulated, null_study, shipped_design

HERE = Path(__file__).parent
RESULT = HERE / "null_studies.json"
SEED = 20261125
STUDIES = 20_000
# As many at a time, so that a part can be run again and compared.
PART = 100


@dataclass(frozen=True)
class Counts:
    """Of so many studies, in how many it happened.

    Under the shipped plan: `familywise` any primary or secondary contrast is rejected at any look;
    `repeated` each primary contrast's repeated interval holds zero at all looks, counted over
    contrasts; `simultaneous` so do the simultaneous ones of all three together; `equivalent` a
    primary contrast is shown to be equivalent, over contrasts. `peeking` some primary contrast has
    a nominal p below alpha at some look, which is what unadjusted peeking would call a finding,
    and `peeking_one` so has one contrast alone. `stopped` a stop is recommended before the end.

    Under a plan that stops on its one hypothesis (`one_…`): it is rejected; the stage-wise p is at
    most alpha, and its median-unbiased estimate is above zero; its interval holds zero; so does
    the naive one.
    """

    studies: int = 0
    familywise: int = 0
    repeated: int = 0
    simultaneous: int = 0
    equivalent: int = 0
    peeking: int = 0
    peeking_one: int = 0
    stopped: int = 0
    one_rejected: int = 0
    one_p: int = 0
    one_above: int = 0
    one_covered: int = 0
    one_naive_covered: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            *(getattr(self, each.name) + getattr(other, each.name) for each in fields(self))
        )


@dataclass(frozen=True)
class SimulatedLook:
    """What a look finds of its contrasts, and decides."""

    contrasts: tuple[ContrastResult, ...]
    decision: Decision


def looks_of(data: Simulated) -> list[SimulatedLook]:
    """The study's looks under its plan, one after the other, whatever they decide."""
    plan = data.design.plan
    done: list[SimulatedLook] = []
    for number, size in enumerate(plan.sizes, start=1):
        means, _ = estimation.arm_means(data.first(size))
        at = monitor(plan, number)
        contrasts = contrast_results(data, means, at)
        done.append(SimulatedLook(contrasts, decide(contrasts, at, done)))
    return done


def monitor(plan: Plan, number: int) -> Monitor:
    """Look `number` of the plan, every one before it having been made."""
    return Monitor(
        plan=plan,
        fractions=tuple(size / plan.sample_size for size in plan.sizes[:number]),
        numbers=tuple(range(1, number + 1)),
        final=number == len(plan.sizes),
        size=plan.sample_size,
    )


def counted(number: int) -> Counts:
    """One null study under both plans."""
    design = shipped_design()
    looks = looks_of(null_study(design, number, seed=SEED))
    return _shipped(looks, design) + _one(looks, one_hypothesis(design.plan))


def one_hypothesis(plan: Plan) -> Plan:
    """The plan in which the first contrast alone decides."""
    first = replace(plan.contrasts[0], family=Family.PRIMARY)
    return replace(plan, contrasts=(first,), equivalence=Equivalence.NONE)


def _shipped(looks: Sequence[SimulatedLook], design: Design) -> Counts:
    primary = [[each for each in look.contrasts if each.family is Family.PRIMARY] for look in looks]
    last = looks[-1].decision.hypotheses
    alone = [
        [_crosses(each, design.plan.alpha) for each in path] for path in zip(*primary, strict=True)
    ]
    return Counts(
        studies=1,
        familywise=int(any(each.rejected_at for each in last)),
        repeated=sum(
            all(_holds(each.rows[0].repeated.value) for each in path)
            for path in zip(*primary, strict=True)
        ),
        simultaneous=int(
            all(
                each.rows[0].simultaneous is not None and _holds(each.rows[0].simultaneous.value)
                for look in primary
                for each in look
            )
        ),
        equivalent=sum(each.equivalent_at is not None for each in last),
        peeking=int(any(any(path) for path in alone)),
        peeking_one=int(any(alone[0])),
        stopped=int(any(look.decision.stops for look in looks)),
    )


def _crosses(contrast: ContrastResult, alpha: float) -> bool:
    announced = contrast.announced
    return announced is not None and announced.value is not None and announced.value.p <= alpha


class Interval(Protocol):
    """What has two ends."""

    @property
    def low(self) -> float:
        """The lower end."""

    @property
    def high(self) -> float:
        """The upper end."""


def _holds(interval: Interval | None) -> bool:
    """Whether the interval holds zero, which is the truth."""
    return interval is not None and interval.low <= 0 <= interval.high


def _one(looks: Sequence[SimulatedLook], plan: Plan) -> Counts:
    """The study under the plan of one hypothesis, which stops where it is rejected."""
    done: list[SimulatedLook] = []
    for number, look in enumerate(looks, start=1):
        at, contrasts = monitor(plan, number), look.contrasts[:1]
        decision = decide(contrasts, at, done)
        done.append(SimulatedLook(contrasts, decision))
        if not (decision.stops or at.final):
            continue
        (hypothesis,) = after_stop(decision, [each.contrasts for each in done], at).hypotheses
        found = hypothesis.after_stopping
        if found is None or found.value is None:
            raise AssertionError(f"The end has no answer: {found}.")
        adjusted, naive = found.value.adjusted, found.value.naive
        return Counts(
            one_rejected=int(hypothesis.rejected_at is not None),
            one_p=int(isinstance(adjusted.p, float) and adjusted.p <= plan.alpha),
            one_above=int(adjusted.estimate > 0),
            one_covered=int(_holds(adjusted)),
            one_naive_covered=int(_holds(naive)),
        )
    raise AssertionError("There was no last look.")


def part(number: int) -> Counts:
    """The studies of that part."""
    return reduce(Counts.__add__, map(counted, range(number * PART, (number + 1) * PART)))


def main(studies: int) -> None:
    """Runs so many studies and writes what was counted, anew whenever a part is done."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        total, first = Counts(), None
        for found in pool.map(part, range(studies // PART)):
            total, first = total + found, first or found
            RESULT.write_text(json.dumps(written(total, first), indent=2) + "\n")


def written(total: Counts, first: Counts) -> dict[str, object]:
    """What the file holds."""
    return {
        "made_by": "python -m tests.simulation.null_studies",
        "seed": SEED,
        "counts": asdict(total),
        "first_part": asdict(first),
    }


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else STUDIES)
