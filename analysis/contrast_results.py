"""PURE: the plan's contrasts in one cut, with the intervals and the p of its looks."""

from collections.abc import Mapping

from analysis.contrasts import ContrastRow, NamedContrast, plan_contrasts
from analysis.dataset import Dataset
from analysis.estimation import NOMINAL, Means
from analysis.found import Found
from analysis.monitoring import Monitor
from analysis.results import ContrastResult, RowResult
from analysis.statistics.clustered import (
    ClusteredMeans,
    clustered_contrast,
    clustered_joint_test,
)
from analysis.statistics.effects import CellMeans, contrast, joint_test
from analysis.statistics.estimate import Estimate, JointTest, NotEstimable, Reason
from experiments.design import Contrast, Estimator, Family, Multiplicity, Plan


def contrast_results(
    data: Dataset, means: Mapping[str, Means], monitor: Monitor
) -> tuple[ContrastResult, ...]:
    """The plan's contrasts, in its order; those of a deck without an outcome of each have none."""
    return tuple(
        _contrast(named, announced, both, monitor)
        if (both := means.get(named.randomisation))
        else _once_asked(named, announced, monitor.plan)
        for named, announced in zip(
            plan_contrasts(data.design), data.design.plan.contrasts, strict=True
        )
    )


def _contrast(
    named: NamedContrast, announced: Contrast, means: Means, monitor: Monitor
) -> ContrastResult:
    tested = _announced(means, monitor.plan)
    # An interaction is one question: its joint test answers it, also when it has one row.
    together = len(named.rows[0].pairs) > 1
    rows = tuple(_row(row, announced, means, monitor) for row in named.rows)
    test: Estimate | JointTest | NotEstimable = (
        _joint_test(tested, named) if together else _weighed(tested, named.rows[0])
    )
    p = Found[float](why_not=test) if isinstance(test, NotEstimable) else Found(monitor.p(test))
    return ContrastResult(
        code=named.code,
        label=named.label,
        rows=rows,
        joint=Found.of(_joint_test(means.unadjusted, named)) if together else None,
        joint_adjusted=Found.of(_joint_test(means.adjusted, named)) if together else None,
        crossed=None if p.value is None else p.value <= monitor.level(monitor.plan.alpha),
        p=p,
        family=announced.family,
        estimator=monitor.plan.estimator,
    )


def _announced(means: Means, plan: Plan) -> CellMeans | ClusteredMeans:
    return means.adjusted if plan.estimator is Estimator.LIN else means.unadjusted


def _row(row: ContrastRow, announced: Contrast, means: Means, monitor: Monitor) -> RowResult:
    found = _weighed(_announced(means, monitor.plan), row)
    alpha = monitor.plan.alpha
    return RowResult(
        pairs=row.pairs,
        unadjusted=Found.of(_weighed(means.unadjusted, row)),
        repeated=_interval(found, monitor, alpha),
        adjusted=Found.of(_weighed(means.adjusted, row)),
        simultaneous=_interval(found, monitor, alpha / _tests(announced, monitor.plan)),
    )


def _interval(found: Estimate | NotEstimable, monitor: Monitor, alpha: float) -> Found[Estimate]:
    if isinstance(found, NotEstimable):
        return Found(why_not=found)
    return Found.of(monitor.interval(found, alpha))


def _tests(announced: Contrast, plan: Plan) -> int:
    """How many contrasts share alpha with this one: those of its family, itself among them."""
    if plan.multiplicity is Multiplicity.NONE or announced.family is Family.EXPLORATORY:
        return 1
    return sum(each.family is announced.family for each in plan.contrasts)


def _joint_test(
    means: CellMeans | ClusteredMeans, named: NamedContrast
) -> JointTest | NotEstimable:
    if isinstance(means, ClusteredMeans):
        return clustered_joint_test(means, named.weights)
    return joint_test(means, named.weights)


def _weighed(means: CellMeans | ClusteredMeans, row: ContrastRow) -> Estimate | NotEstimable:
    if isinstance(means, ClusteredMeans):
        return clustered_contrast(means, row.weights, alpha=NOMINAL)
    return contrast(means, row.weights, alpha=NOMINAL)


def _once_asked(named: NamedContrast, announced: Contrast, plan: Plan) -> ContrastResult:
    """A contrast of vignettes without an outcome of each."""
    detail = f"The outcome is not asked for each vignette of {named.randomisation}."
    why = NotEstimable(Reason.NO_ROWS, detail)
    nothing = Found[Estimate](why_not=why)
    rows = tuple(RowResult(row.pairs, *(nothing,) * 4) for row in named.rows)
    together = Found[JointTest](why_not=why) if len(named.rows[0].pairs) > 1 else None
    return ContrastResult(
        code=named.code,
        label=named.label,
        rows=rows,
        joint=together,
        joint_adjusted=together,
        crossed=None,
        p=Found(why_not=why),
        family=announced.family,
        estimator=plan.estimator,
    )
