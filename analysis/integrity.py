"""PURE: whether a randomisation came through: who was lost of which arm, and whether arms compare.

Read from the rows of the ledger, each with what became of its holder.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import gcd

from analysis.found import Found
from analysis.integrity_results import (
    Alarm,
    ArmFlow,
    Balance,
    Passage,
    Ratio,
    StepIntegrity,
    StepWatch,
)
from analysis.statistics import sample_ratio as ratios
from analysis.statistics.attrition import Loss, Stage, attrition
from analysis.statistics.estimate import NotEstimable, Reason
from experiments.answers import Answers
from experiments.design import Design, Method, Randomisation

# A sample ratio that is watched while arms are secret is flagged from this p on.
ALARM = 0.01


@dataclass(frozen=True)
class Step:
    """One randomisation, with all versions that draw the same arms by the same method and weights.

    `design` is that of the last of them.
    """

    design: Design
    randomisation: Randomisation
    versions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the ledger. Nothing is known of its holder once a withdrawal has cut the link.

    `drawn_from` names the list. `answers` are None where nobody holds the row or they are not
    asked for.
    """

    arm: str
    drawn_from: str
    allocated_at: datetime
    held: bool = False
    exposed_at: datetime | None = None
    completed_at: datetime | None = None
    in_cut: bool = False
    answers: Answers | None = None
    draw: int = 1


def steps(designs: Mapping[int, Design]) -> tuple[Step, ...]:
    """The randomisations of a study's versions, by their number, in the order of first appearance.

    Versions are pooled where nothing tells their draws apart: the same method and the same arms in
    the same ratio. Other weights are other probabilities, and their rows stay apart.
    """
    found: dict[object, Step] = {}
    for number, design in sorted(designs.items()):
        for each in design.randomisations:
            before = found.get(_kind(each))
            versions = (*before.versions, number) if before else (number,)
            found[_kind(each)] = Step(design, each, versions)
    return tuple(found.values())


def step_integrity(
    step: Step, rows: Sequence[Row], balances: tuple[Balance, ...] = ()
) -> StepIntegrity:
    """Flow, attrition and sample ratios of one randomisation, from its rows in any order.

    Rows of an arm that the design does not have are left out: the ledger's replay names them.
    """
    arms = [arm.code for arm in step.randomisation.arms]
    known = [row for row in rows if row.arm in arms]
    recorded = _is_recorded(known)
    reached = {
        Stage.EXPOSED: _in_order(known, Stage.EXPOSED) if recorded else None,
        Stage.COMPLETED: _in_order(known, Stage.COMPLETED),
    }
    flow = tuple(
        ArmFlow(
            arm=arm.code,
            weight=arm.weight,
            assigned=sum(row.arm == arm.code for row in known),
            cut_off=sum(row.arm == arm.code and not row.held for row in known),
            exposed=_count(reached[Stage.EXPOSED], arm.code),
            completed=_count(reached[Stage.COMPLETED], arm.code) or 0,
        )
        for arm in step.randomisation.arms
    )
    passages = _passages(flow)
    if why := clustered(step.randomisation):
        passages = tuple(replace(each, test=Found(why_not=why)) for each in passages)
    return StepIntegrity(
        randomisation=step.randomisation.code,
        versions=step.versions,
        method=step.randomisation.method,
        arms=flow,
        passages=passages,
        ratios=tuple(_ratio(step.randomisation, stage, order) for stage, order in reached.items()),
        balances=balances,
    )


def watched(step: StepIntegrity) -> StepWatch:
    """The same without anything by arm."""
    exposed = [arm.exposed for arm in step.arms if arm.exposed is not None]
    return StepWatch(
        randomisation=step.randomisation,
        versions=step.versions,
        assigned=sum(arm.assigned for arm in step.arms),
        cut_off=sum(arm.cut_off for arm in step.arms),
        exposed=sum(exposed) if len(exposed) == len(step.arms) else None,
        completed=sum(arm.completed for arm in step.arms),
        alarms=tuple(
            Alarm(
                ratio.stage,
                Found(ratio.anytime.value.p <= ALARM)
                if ratio.anytime.value
                else Found(why_not=ratio.anytime.why_not),
            )
            for ratio in step.ratios
        ),
    )


def _kind(step: Randomisation) -> object:
    """What tells the draws of one randomisation from those of another."""
    common = gcd(*(arm.weight for arm in step.arms)) or 1
    arms = frozenset((arm.code, arm.weight // common) for arm in step.arms)
    return step.code, step.method, step.factors, arms


def _is_recorded(rows: Sequence[Row]) -> bool:
    """Whether exposure to this randomisation is known.

    A participant has one time of exposure, that of the first page that shows any arm. Who saw
    another randomisation's page before this one was drawn has no time for this one, and of a deck
    the first vignette has it.
    """
    return all(
        row.draw == 1 and (row.exposed_at is None or row.exposed_at >= row.allocated_at)
        for row in rows
    )


def _in_order(rows: Sequence[Row], stage: Stage) -> list[str]:
    """The arms of those who came to the stage, in the order of coming there.

    Who completed has been exposed, also where the page's serving left no time.
    """
    times = [
        (when, row.arm)
        for row in rows
        for when in [(stage is Stage.EXPOSED and row.exposed_at) or row.completed_at]
        if when
    ]
    return [arm for _, arm in sorted(times, key=lambda found: found[0])]


def _count(order: Sequence[str] | None, arm: str) -> int | None:
    return None if order is None else order.count(arm)


def _passages(flow: Sequence[ArmFlow]) -> tuple[Passage, ...]:
    exposed = [arm.exposed for arm in flow if arm.exposed is not None]
    recorded = len(exposed) == len(flow)
    assigned = [arm.assigned for arm in flow]
    found = attrition(
        [arm.arm for arm in flow],
        assigned,
        exposed if recorded else assigned,
        [arm.completed for arm in flow],
    )
    passages = [
        Passage(each.start, each.end, tuple(map(Found.of, each.losses)), Found.of(each.test))
        for each in found.passages
    ]
    return tuple(
        each if recorded or Stage.EXPOSED not in (each.start, each.end) else _unrecorded(each)
        for each in passages
    )


def _unrecorded(passage: Passage) -> Passage:
    why = _not_recorded()
    return replace(
        passage,
        losses=tuple(Found[Loss](why_not=why) for _ in passage.losses),
        test=Found(why_not=why),
    )


def _not_recorded() -> NotEstimable:
    detail = "Exposure is recorded for the first randomisation that a participant saw."
    return NotEstimable(Reason.NOT_RECORDED, detail)


def _ratio(step: Randomisation, stage: Stage, order: Sequence[str] | None) -> Ratio:
    why = _not_recorded() if order is None else _no_shares(step)
    if why is not None or order is None:
        return Ratio(stage, Found(why_not=why), Found(why_not=why), Found(why_not=why))
    arms, weights = [arm.code for arm in step.arms], [arm.weight for arm in step.arms]
    counts = [order.count(arm) for arm in arms]
    now = ratios.anytime_ratio(arms, counts, weights)
    return Ratio(
        stage,
        once=Found.of(ratios.sample_ratio(arms, counts, weights)),
        anytime=Found.of(ratios.sequential_ratio(arms, order, weights)),
        shares=Found.of(now if isinstance(now, NotEstimable) else now.shares),
    )


def _no_shares(step: Randomisation) -> NotEstimable | None:
    """Why the weights are not the arms' probabilities; by symmetry they are where all are equal.

    Kuznetsova & Tymofyeyev 2012, as in docs/randomisation.md.
    """
    if step.method is Method.TOWARD_COMPLETES:
        detail = "The coin favours arms that lose participants, so their ratio follows the losses."
        return NotEstimable(Reason.NO_FIXED_SHARES, detail)
    if step.method is not Method.MINIMISATION or len({arm.weight for arm in step.arms}) == 1:
        return clustered(step)
    detail = "Under minimisation with unequal weights arms need not be drawn in their ratio."
    return NotEstimable(Reason.NO_FIXED_SHARES, detail)


def clustered(step: Randomisation) -> NotEstimable | None:
    """Why tests that take participants for independent don't hold; None where they are."""
    if not step.cluster:
        return None
    detail = "Participants were assigned by clusters: one that stays away is many who do."
    return NotEstimable(Reason.CLUSTERED, detail)
