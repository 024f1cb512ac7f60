"""PURE: whether a randomisation came through: who was lost of which arm, and whether arms compare.

Read from the rows of the ledger, each with what became of its holder.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import gcd

import numpy as np

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
from analysis.integrity_rows import NEVER, Rows
from analysis.statistics import sample_ratio as ratios
from analysis.statistics.attrition import Loss, Stage, attrition
from analysis.statistics.estimate import NotEstimable, Places, Reason
from analysis.statistics.lookup import looked_up
from experiments.design import Arm, Design, Method, Randomisation

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


def step_integrity(step: Step, rows: Rows, balances: tuple[Balance, ...] = ()) -> StepIntegrity:
    """Flow, attrition and sample ratios of one randomisation, from its rows in any order.

    Rows of an arm that the design does not have are left out: the ledger's replay names them.
    """
    arms = step.randomisation.arms
    known = rows.among(tuple(arm.code for arm in arms))
    recorded = _is_recorded(known)
    reached = {
        Stage.EXPOSED: _in_order(known, Stage.EXPOSED) if recorded else None,
        Stage.COMPLETED: _in_order(known, Stage.COMPLETED),
    }
    counts = zip(
        arms,
        _counts(known.arm, arms),
        _counts(known.arm[~known.held], arms),
        _counts(reached[Stage.EXPOSED], arms),
        _counts(reached[Stage.COMPLETED], arms),
        strict=True,
    )
    flow = tuple(
        ArmFlow(arm.code, arm.weight, assigned or 0, cut_off or 0, exposed, completed or 0)
        for arm, assigned, cut_off, exposed, completed in counts
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


def _is_recorded(rows: Rows) -> bool:
    """Whether exposure to this randomisation is known.

    A participant has one time of exposure, that of the first page that shows any arm. Who saw
    another randomisation's page before this one was drawn has no time for this one, and of a deck
    the first vignette has it.
    """
    return not rows.early.any() and bool((rows.draw == 1).all())


def _in_order(rows: Rows, stage: Stage) -> Places:
    """The arms of those who came to the stage, in the order of coming there.

    Who completed has been exposed, also where the page's serving left no time.
    """
    when = rows.completed_at
    if stage is Stage.EXPOSED:
        when = np.where(rows.exposed_at == NEVER, when, rows.exposed_at)
    # Who never came is before everybody else.
    order = np.argsort(when, kind="stable")[np.count_nonzero(when == NEVER) :]
    arms: Places = looked_up(rows.arm, order)
    return arms


def _counts(order: Places | None, arms: Sequence[Arm]) -> list[int | None]:
    if order is None:
        return [None] * len(arms)
    return [*np.bincount(order, minlength=len(arms)).tolist()]


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


def _ratio(step: Randomisation, stage: Stage, order: Places | None) -> Ratio:
    why = _not_recorded() if order is None else _no_shares(step)
    if why is not None or order is None:
        return Ratio(stage, Found(why_not=why), Found(why_not=why), Found(why_not=why))
    arms, weights = [arm.code for arm in step.arms], [arm.weight for arm in step.arms]
    counts = np.bincount(order, minlength=len(arms))
    now = ratios.anytime_ratio(arms, counts, weights)
    return Ratio(
        stage,
        once=Found.of(ratios.sample_ratio(arms, counts, weights)),
        anytime=Found.of(ratios.sequential_ratio_of(arms, order, weights)),
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
