"""The looks of a twin: what they find in people who never came, to be held against those of a run.

What a look finds in its cut alone is found here, by the same functions. What it reads in the
ledger, of who left and of marks (integrity, flow, missing, unmarked) is not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from analysis.analysing import Facts, analysed
from analysis.exclusions import counted_checks
from analysis.information import fractions
from analysis.look import plan_digest
from analysis.look_redraws import redraw_seed
from analysis.monitoring import Monitor
from analysis.results import Results
from analysis.stacking import stacked
from experiments.design import Design, Method
from rehearsal.twin import Journey

# The parts of a look's results that follow from its cut.
PARTS = (
    *("n", "bounds", "outcome", "without_arm", "arms", "scales", "contrasts", "adjustment"),
    *("checks", "associations", "clustering", "vignettes", "monitoring", "decision"),
    *("distributions", "scale_distributions", "consistency", "robustness", "moderation"),
)


@dataclass(frozen=True)
class Cutting:
    """A look that was run: its number, its place in the plan, and how many its cut held."""

    number: int
    planned: int | None
    n: int


@dataclass(frozen=True)
class _Spent:
    """What later looks need of one."""

    n: int
    fraction: float


def planned_cuttings(design: Design, journeys: Sequence[Journey]) -> list[Cutting]:
    """The looks that the plan announces, as far as enough people count."""
    there = len(eligible(design, journeys))
    sizes = enumerate(design.plan.sizes, start=1)
    return [Cutting(number, number, size) for number, size in sizes if size <= there]


def eligible(design: Design, journeys: Sequence[Journey]) -> list[Journey]:
    """Who counts, in the order of their completion; `design` is as participants meet it or not."""
    checks = counted_checks(design)
    done = [
        (each.completed, each)
        for each in journeys
        if each.completed is not None
        and all(each.counted.get(code, right) == right for code, right in checks.items())
    ]
    return [each for _place, each in sorted(done, key=lambda pair: pair[0])]


def looks(
    design: Design, counting: Sequence[Journey], cuttings: Sequence[Cutting]
) -> Iterator[Results]:
    """What looks find in the first of those who count; the written design's plan governs them."""
    plan, spent, before = design.plan, list[_Spent](), list[Results]()
    for place, cutting in enumerate(cuttings, start=1):
        cut = counting[: cutting.n]
        monitor = Monitor(
            plan=plan,
            fractions=fractions(spent, len(cut), plan.sample_size),
            numbers=tuple(each.number for each in cuttings[:place]),
            final=cutting.planned == len(plan.looks),
            size=plan.sample_size,
        )
        found = _found(design, cut, monitor, before)
        spent.append(_Spent(len(cut), len(cut) / plan.sample_size))
        before.append(found)
        yield found


def _found(
    design: Design,
    cut: Sequence[Journey],
    monitor: Monitor,
    before: Sequence[Results],
) -> Results:
    minimises = any(step.method is Method.MINIMISATION for step in design.randomisations)
    seed = redraw_seed(plan_digest(design.plan), monitor.numbers[-1])
    data = stacked(design, [j.counted for j in cut], [j.assignments for j in cut])
    facts = Facts([j.language for j in cut], [j.device for j in cut], [0] * len(cut))
    found = analysed(data, facts, monitor, before, seed)
    # Redraws of minimisation go by the ledger.
    return replace(found, robustness=None) if minimises else found


def differing(mine: Results, theirs: Results) -> tuple[str, ...]:
    """The parts in which two looks differ, of those that follow from the cut."""
    return tuple(part for part in PARTS if getattr(mine, part) != getattr(theirs, part))
