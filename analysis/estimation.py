"""PURE: the plan's whole analysis of one cut, from its data set to its results."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.contrasts import ContrastRow, NamedContrast, plan_contrasts
from analysis.dataset import Dataset
from analysis.results import (
    Adjustment,
    ArmResult,
    CheckResult,
    CheckShare,
    ContrastResult,
    Found,
    RowResult,
    ScaleResult,
    Slope,
    Slopes,
    Spread,
)
from analysis.statistics.association import associations
from analysis.statistics.effects import CellMeans, cell_means, contrast, joint_test
from analysis.statistics.estimate import Floats, NotEstimable
from analysis.statistics.scales import reliability
from analysis.statistics.sequential import Bound
from experiments.design import Role

# Fewer rows of a category in an arm than this can't carry a slope there: with one of them that
# row's leverage is 1, with none the column does not vary.
RARE = 2
# Intervals are 95 % whatever alpha the plan spends: they are named nominal.
NOMINAL = 0.05


@dataclass(frozen=True)
class Means:
    """The means of one randomisation's arms, as they are and adjusted for the covariates."""

    unadjusted: CellMeans
    adjusted: CellMeans


def spread(values: Floats) -> Spread:
    """Mean and standard deviation of the values that are there."""
    there = values[~np.isnan(values)]
    enough = len(there) > 1
    return Spread(
        n=len(there),
        missing=len(values) - len(there),
        mean=float(there.mean()) if enough else None,
        sd=float(there.std(ddof=1)) if enough else None,
    )


def scale_results(data: Dataset) -> tuple[ScaleResult, ...]:
    """Cronbach's alpha of every scale and subscale that has items."""
    found: list[ScaleResult] = []
    for scale in data.design.scales:
        parts = [(scale, "")] + [(subscale, scale.code) for subscale in scale.subscales]
        for part, whole in parts:
            if data.design.scale_items(part.code):
                answer = Found.of(reliability(data.scale(part.code)))
                found.append(ScaleResult(part.code, part.label, whole, answer))
    return tuple(found)


def arm_means(data: Dataset) -> tuple[dict[str, Means], Adjustment]:
    """The means per randomisation, and what they were adjusted for.

    Participants without one of the randomisation's arms that are drawn are left out.
    """
    found: dict[str, Means] = {}
    columns = data.columns(data.design.plan.covariates)
    rare: dict[str, None] = {}
    for step in data.design.randomisations:
        arms = [arm.code for arm in step.arms if arm.weight > 0]
        given = data.arms(step.code)
        used = np.isin(given, arms)
        rare |= dict.fromkeys(_rare(columns, given, used & ~np.isnan(data.outcome), arms))
        kept = [values for name, values in columns.items() if name not in rare]
        z = np.column_stack(kept)[used] if kept else None
        y, cells = data.outcome[used], given[used]
        plain = cell_means(y, cells, arms, alpha=NOMINAL)
        adjusted = cell_means(y, cells, arms, covariates=z, alpha=NOMINAL)
        found[step.code] = Means(plain, adjusted)
    kept_names = tuple(name for name in columns if name not in rare)
    return found, Adjustment(columns=kept_names, rare=tuple(rare))


def arm_results(data: Dataset, means: dict[str, Means]) -> tuple[ArmResult, ...]:
    """Every arm that is drawn, with its participants and its mean."""
    return tuple(
        ArmResult(step, arm, int((data.arms(step) == arm).sum()), Found.of(mean))
        for step, both in means.items()
        for arm, mean in zip(both.unadjusted.cells, both.unadjusted.means, strict=True)
    )


def contrast_results(
    data: Dataset, means: dict[str, Means], bound: Bound
) -> tuple[ContrastResult, ...]:
    """The plan's contrasts; the bound is put to the unadjusted estimate, the announced test."""
    return tuple(
        _contrast(named, means[named.randomisation], bound) for named in plan_contrasts(data.design)
    )


def check_results(data: Dataset) -> tuple[CheckResult, ...]:
    """For each manipulation check the share that named the level they were shown."""
    return tuple(
        CheckResult(item.code, item.checks_factor, _shares(data, item.code, item.checks_factor))
        for item in data.design.items()
        if item.role is Role.MANIPULATION_CHECK
    )


def association_results(data: Dataset) -> Found[Slopes] | None:
    """The plan's associations with the outcome; None if it announces none."""
    if not (named := data.columns(data.design.plan.associations)):
        return None
    found = associations(data.outcome, named, alpha=NOMINAL)
    if isinstance(found, NotEstimable):
        return Found(why_not=found)
    slopes = tuple(Slope(each.predictor, Found.of(each.slope)) for each in found.associations)
    return Found(Slopes(slopes, found.n, found.missing))


def _rare(
    columns: dict[str, Floats], given: np.ndarray, used: np.ndarray, arms: Sequence[str]
) -> list[str]:
    """The indicator columns with fewer than RARE rows on either side in an arm that has rows."""
    rows = [mask for arm in arms if (mask := used & (given == arm)).any()]
    return [
        name
        for name, values in columns.items()
        if "=" in name
        and any(min((values[m] == 1).sum(), (values[m] == 0).sum()) < RARE for m in rows)
    ]


def _contrast(named: NamedContrast, means: Means, bound: Bound) -> ContrastResult:
    rows = tuple(_row(row, means, bound) for row in named.rows)
    # An interaction is one question: its joint test answers it, also when it has one row.
    together = len(named.rows[0].pairs) > 1
    joint = Found.of(joint_test(means.unadjusted, named.weights)) if together else None
    test = joint.value if joint else rows[0].unadjusted.value
    return ContrastResult(
        code=named.code,
        label=named.label,
        rows=rows,
        joint=joint,
        joint_adjusted=Found.of(joint_test(means.adjusted, named.weights)) if together else None,
        crossed=None if test is None else test.p <= bound.nominal_p,
    )


def _row(row: ContrastRow, means: Means, bound: Bound) -> RowResult:
    return RowResult(
        pairs=row.pairs,
        unadjusted=Found.of(contrast(means.unadjusted, row.weights, alpha=NOMINAL)),
        repeated=Found.of(contrast(means.unadjusted, row.weights, alpha=bound.nominal_p)),
        adjusted=Found.of(contrast(means.adjusted, row.weights, alpha=NOMINAL)),
    )


def _shares(data: Dataset, item: str, factor: str) -> tuple[CheckShare, ...]:
    shown = data.levels(factor)
    said = np.array([row.get(item) or "" for row in data.answers], dtype=np.str_)
    return tuple(
        CheckShare(level.code, int(asked.sum()), int((asked & (said == level.code)).sum()))
        for level in data.design.factor(factor).levels
        for asked in [(shown == level.code) & (said != "")]
    )
