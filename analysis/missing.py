"""PURE: who of a cut has no outcome, why, and how far that could move the plan's contrasts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.contrasts import NamedContrast, plan_contrasts
from analysis.dataset import Dataset, option_numbers, source_items
from analysis.found import Found
from analysis.integrity_results import StepIntegrity
from analysis.missing_results import ArmGaps, ContrastGaps, Gap, MissingOutcomes
from analysis.statistics.bounds import Bounds, Trimmed, trimming, worst_case
from analysis.statistics.estimate import Floats, NotEstimable, Reason
from analysis.statistics.lookup import looked_up
from experiments.answers import Answers, missing_kind
from experiments.design import Design, Family, Item, Measure, Randomisation
from experiments.logic.deciding import number

Lost = Mapping[str, int]


@dataclass(frozen=True, eq=False)
class _Rows:
    """Outcomes (n,) of the rows of one randomisation's drawn arms, and each row's place in them."""

    outcome: Floats
    arm: npt.NDArray[np.int16]

    def with_lost(self, arms: Sequence[str], lost: Lost) -> "_Rows":
        """The same with a gap for each participant whom one of the drawn arms lost."""
        places = np.arange(len(arms), dtype=np.int16)
        gone = np.repeat(places, [lost.get(arm, 0) for arm in arms])
        return _Rows(
            np.concatenate([self.outcome, np.full(len(gone), np.nan)]),
            np.concatenate([self.arm, gone]),
        )


def missing_outcomes(data: Dataset, integrity: Sequence[StepIntegrity]) -> MissingOutcomes:
    """The gaps of each arm, and the bounds of the primary main effects that they leave.

    `integrity` says how many each arm lost between allocation and completion. Worst-case bounds
    and Lee's are those of `statistics.bounds`, and of independent rows alone.
    """
    lost = {step.code: _lost(step, integrity) for step in data.steps}
    primary = {
        contrast.code
        for contrast in data.design.plan.contrasts
        if contrast.family is Family.PRIMARY and contrast.factor
    }
    return MissingOutcomes(
        arms=tuple(gaps for step in data.steps for gaps in _arms(data, step, lost[step.code])),
        contrasts=tuple(
            _contrast(data, named, lost.get(named.randomisation))
            for named in plan_contrasts(data.design)
            if named.code in primary
        ),
    )


def outcome_ends(design: Design) -> tuple[float, float] | NotEstimable:
    """The least and the greatest value that the outcome can have; NO_LIMITS where it has none."""
    item = source_items(design, design.plan.outcome)[0]
    if item.measure is Measure.INTERVAL:
        if item.minimum is None or item.maximum is None:
            return NotEstimable(Reason.NO_LIMITS, f"{item.code} has no least or greatest value.")
        return item.minimum, item.maximum
    if item.measure is Measure.NOMINAL:
        return 0.0, 1.0
    numbers = option_numbers(design, item).values()
    return min(numbers), max(numbers)


def _lost(step: Randomisation, integrity: Sequence[StepIntegrity]) -> Lost | None:
    """Each drawn arm's allocated who had not completed; None if the ledger knows none of them."""
    drawn = [arm.code for arm in step.arms if arm.weight > 0]
    flows = [flow for each in integrity if each.randomisation == step.code for flow in each.arms]
    if not any(flow.arm in drawn and flow.assigned for flow in flows):
        return None
    found = dict.fromkeys(drawn, 0)
    for flow in flows:
        if flow.arm in found:
            found[flow.arm] += flow.assigned - flow.completed
    return found


def _arms(data: Dataset, step: Randomisation, lost: Lost | None) -> list[ArmGaps]:
    items = source_items(data.design, data.design.plan.outcome)
    drawn = [arm.code for arm in step.arms if arm.weight > 0]
    place, why = data.places(step.code, drawn), [Counter[str]() for _ in drawn]
    for at in np.flatnonzero(np.isnan(data.outcome) & (place >= 0)).tolist():
        why[place[at]][_why(data.design, items, data.answers[at])] += 1
    # A deck's vignettes are dealt, not lost one by one.
    known = None if data.stack else lost
    return [
        ArmGaps(
            randomisation=step.code,
            arm=arm,
            n=int((place == at).sum()),
            missing=count.total(),
            why={str(kind): count[kind] for kind in Gap if count[kind]},
            lost=None if known is None else known[arm],
        )
        for at, (arm, count) in enumerate(zip(drawn, why, strict=True))
    ]


def _why(design: Design, items: Sequence[Item], answers: Answers) -> Gap:
    """Why the row has no outcome: what all its gaps are, or that they are several things."""
    found = {kind for item in items if (kind := _gap(design, item, answers))}
    return found.pop() if len(found) == 1 else Gap.SEVERAL


def _gap(design: Design, item: Item, answers: Answers) -> Gap | None:
    if item.code not in answers:
        return Gap.NOT_SHOWN
    answer = answers[item.code]
    if answer is None:
        return Gap.LEFT_EMPTY
    if kind := missing_kind(answer):
        return Gap(kind)
    if item.measure is Measure.ORDINAL and answer not in option_numbers(design, item):
        return Gap.NO_VALUE
    if item.measure is Measure.INTERVAL and (not isinstance(answer, str) or number(answer) is None):
        return Gap.NO_VALUE
    return None


def _contrast(data: Dataset, named: NamedContrast, lost: Lost | None) -> ContrastGaps:
    analysed, allocated, trimmed = _bounds(data, named, lost)
    return ContrastGaps(
        named.code, named.label, Found.of(analysed), Found.of(allocated), Found.of(trimmed)
    )


def _bounds(
    data: Dataset, named: NamedContrast, lost: Lost | None
) -> tuple[Bounds | NotEstimable, Bounds | NotEstimable, Trimmed | NotEstimable]:
    ends = outcome_ends(data.design)
    steps = {step.code: step for step in data.steps}
    step = steps.get(named.randomisation)
    if step is None or data.clusters(step) is not None:
        detail = "The bounds’ errors are those of independent rows."
        why = NotEstimable(Reason.ROWS_TOGETHER, detail)
        return why, why, why
    place, outcome = data.places(step.code, named.arms), data.outcome
    if not (placed := place >= 0).all():
        place, outcome = place[placed], outcome[placed]
    rows = _Rows(outcome, place)
    unknown = NotEstimable(Reason.NO_ROWS, f"The ledger knows nobody of {step.code}.")
    return (
        _worst(rows, named, ends),
        unknown if lost is None else _worst(rows.with_lost(named.arms, lost), named, ends),
        unknown if lost is None else _trimmed(rows.with_lost(named.arms, lost), named, step),
    )


def _worst(
    rows: _Rows, named: NamedContrast, ends: tuple[float, float] | NotEstimable
) -> Bounds | NotEstimable:
    if isinstance(ends, NotEstimable):
        return ends
    # Those of nothing are NaN.
    least, most = (ufunc.reduce(rows.outcome, initial=np.nan) for ufunc in (np.fmin, np.fmax))
    if np.isnan(least):
        return NotEstimable(Reason.NO_ROWS, "Nobody has an outcome.")
    if least < ends[0] or most > ends[1]:
        # Another version asked it on another scale.
        return NotEstimable(Reason.NO_LIMITS, f"An outcome lies beyond {ends[0]:g} to {ends[1]:g}.")
    return worst_case(rows.outcome, rows.arm, named.arms, named.weights[0], ends=ends)


def _trimmed(rows: _Rows, named: NamedContrast, step: Randomisation) -> Trimmed | NotEstimable:
    """Lee's bounds of the contrast's two levels, each pooled over the other factors."""
    (pair,) = named.rows[0].pairs
    place = step.factors.index(pair.factor)
    levels = {arm.code: arm.levels[place] for arm in step.arms}
    sides = {pair.against: 0, pair.level: 1}
    table = np.array([sides.get(levels[arm], -1) for arm in named.arms], dtype=np.int16)
    return trimming(rows.outcome, looked_up(table, rows.arm), (pair.against, pair.level))
