"""PURE: the plan's whole analysis of one cut, from its data set to its results."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from analysis.coding import variable
from analysis.dataset import Dataset
from analysis.found import Found
from analysis.results import (
    Adjustment,
    ArmResult,
    CheckResult,
    CheckShare,
    Clustering,
    ScaleResult,
    Slope,
    Slopes,
    Spread,
)
from analysis.statistics.association import associations
from analysis.statistics.clustered import ClusteredMeans, clustered_means
from analysis.statistics.covariates import is_rare
from analysis.statistics.effects import CellMean, CellMeans, cell_means_of
from analysis.statistics.estimate import Floats, NotEstimable, Reason
from analysis.statistics.linear import Robust
from analysis.statistics.lookup import Column, looked_up, only
from analysis.statistics.moments import gathered
from analysis.statistics.scales import reliability_of
from experiments.design import Item, Randomisation, Role

# Intervals are 95 % whatever alpha the plan spends: they are named nominal.
NOMINAL = 0.05


@dataclass(frozen=True)
class Means:
    """The means of one randomisation's arms, as they are and adjusted for the covariates."""

    unadjusted: CellMeans | ClusteredMeans
    adjusted: CellMeans | ClusteredMeans
    # The same with each kind of errors, where rows are independent.
    plain: Mapping[Robust, CellMeans] = field(default_factory=dict)
    lin: Mapping[Robust, CellMeans] = field(default_factory=dict)


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
                # Several rows of one person would make the interval too narrow.
                rows, k = data.once(part.code), len(data.design.scale_items(part.code))
                items = gathered(rows.scale_chunks(part.code), k)
                answer = Found.of(reliability_of(items))
                found.append(ScaleResult(part.code, part.label, whole, answer))
    return tuple(found)


def arm_means(data: Dataset) -> tuple[dict[str, Means], Adjustment]:
    """The means per randomisation, and what they were adjusted for.

    Participants without one of the randomisation's arms that are drawn are left out.
    """
    columns = data.columns(data.design.plan.covariates)
    robust = Robust[data.design.plan.standard_errors.name]
    steps = data.steps
    # Over all randomisations first, so that all adjust for the same.
    below = {name for step in steps for name in _rare(data, columns, step)}
    rare = tuple(name for name in columns if name in below)
    kept = {name: values for name, values in columns.items() if name not in rare}
    found: dict[str, Means] = {}
    for step in steps:
        clusters = data.clusters(step)
        found[step.code] = (
            _means(data, step, list(kept.values()), robust)
            if clusters is None
            else _clustered(data, step, list(kept.values()), clusters)
        )
    return found, Adjustment(columns=tuple(kept), rare=rare)


def _means(data: Dataset, step: Randomisation, columns: list[Column], robust: Robust) -> Means:
    arms = _drawn(step)
    place = data.places(step.code, arms)
    used = place >= 0
    y, cell = data.outcome, place
    if not used.all():
        y, cell = y[used], cell[used]
    z = [only(column, used) for column in columns]
    plain = cell_means_of(y, cell, arms, alpha=NOMINAL)
    lin = cell_means_of(y, cell, arms, z, alpha=NOMINAL) if z else plain
    return Means(plain[robust], lin[robust], plain, lin)


def _clustered(
    data: Dataset, step: Randomisation, columns: list[Column], clusters: npt.NDArray[np.str_]
) -> Means:
    arms, used = _drawn(step), _placed(data, step)
    y, cell, of = data.outcome[used], data.arms(step.code)[used], clusters[used]
    z = np.column_stack(columns)[used] if columns else None
    unadjusted, adjusted = (
        clustered_means(y, cell, arms, of, covariates=each, alpha=NOMINAL) for each in (None, z)
    )
    return Means(unadjusted, adjusted)


def clustering(data: Dataset, means: dict[str, Means]) -> tuple[Clustering, ...]:
    """The randomisations whose estimates count that rows err together, and how many clusters."""
    steps = {step.code: step for step in data.steps}
    together = ", ".join(dict.fromkeys(step.cluster for step in data.steps if step.cluster))
    return tuple(
        Clustering(
            randomisation=code,
            # By its code where another version than the one analysed brought the clusters.
            parameter=together if data.stack else steps[code].cluster or code,
            clusters=both.unadjusted.total,
        )
        for code, both in means.items()
        if isinstance(both.unadjusted, ClusteredMeans)
    )


def without_arm(data: Dataset) -> dict[str, int]:
    """How many participants have none of the arms that are drawn, per randomisation."""
    return {step.code: data.n - _people(data, step) for step in data.steps}


def _people(data: Dataset, step: Randomisation) -> int:
    """How many participants have one of the arms that are drawn."""
    if data.stack is None or step.code != data.stack.deck:
        return int(_placed(data.people, step).sum())
    return len(np.unique(np.array(data.stack.of)[_placed(data, step)]))


def arm_results(data: Dataset, means: dict[str, Means]) -> tuple[ArmResult, ...]:
    """Every arm that is drawn, with its rows and its mean."""
    return tuple(
        ArmResult(step, arm, int((data.places(step, [arm]) == 0).sum()), Found.of(mean), clusters)
        for step, both in means.items()
        for arm, mean, clusters in _by_arm(both.unadjusted)
    )


def _by_arm(
    means: CellMeans | ClusteredMeans,
) -> Iterator[tuple[str, CellMean | NotEstimable, int | None]]:
    """Each arm's mean, and how many clusters it rests on where there are some."""
    nothing = (None,) * len(means.cells)
    clusters = means.clusters if isinstance(means, ClusteredMeans) else nothing
    yield from zip(means.cells, means.means, clusters, strict=True)


def check_results(data: Dataset) -> tuple[CheckResult, ...]:
    """For each manipulation check the share that named the level they were shown."""
    return tuple(
        CheckResult(item.code, item.checks_factor, Found.of(_shares(data, item)))
        for item in data.design.items()
        if item.role is Role.MANIPULATION_CHECK
    )


def association_results(data: Dataset) -> Found[Slopes] | None:
    """The plan's associations with the outcome; None if it announces none."""
    if not (named := data.columns(data.design.plan.associations)):
        return None
    cluster = data.clusters(*data.steps)
    found = associations(data.outcome, named, alpha=NOMINAL, cluster=cluster)
    if isinstance(found, NotEstimable):
        return Found(why_not=found)
    slopes = tuple(Slope(each.predictor, Found.of(each.slope)) for each in found.associations)
    return Found(Slopes(slopes, found.n, found.missing, found.constant, found.clusters))


def _drawn(step: Randomisation) -> list[str]:
    return [arm.code for arm in step.arms if arm.weight > 0]


def _placed(data: Dataset, step: Randomisation) -> npt.NDArray[np.bool_]:
    return data.places(step.code, _drawn(step)) >= 0


def _rare(data: Dataset, columns: dict[str, Column], step: Randomisation) -> list[str]:
    """The indicator columns with fewer than RARE rows on either side in an arm that has rows."""
    used = _placed(data, step) & ~np.isnan(data.outcome)
    indicators = {name: values for name, values in columns.items() if "=" in name}
    if not indicators:
        return []
    arm = data.places(step.code, _drawn(step))[used]
    cluster = data.clusters(step)
    of = None if cluster is None else np.unique(cluster[used], return_inverse=True)[1]
    return [name for name, values in indicators.items() if is_rare(values[used], arm, of)]


def _shares(data: Dataset, item: Item) -> tuple[CheckShare, ...] | NotEstimable:
    levels = [level.code for level in data.design.factor(item.checks_factor).levels]
    options = {option.code for option in data.design.options(item)}
    if unnamed := [code for code in levels if code not in options]:
        # Nobody could name those: their share would be 0 % whatever they understood.
        return NotEstimable(
            Reason.OPTIONS_ARE_NO_LEVELS, f"No option of {item.code} is {' or '.join(unnamed)}."
        )
    rows = data if data.repeats(item.code) else data.people
    shown = rows.levels(item.checks_factor, levels)
    values, at = variable(rows.told, item.code)
    # As places of levels; nothing said is −2.
    places = [levels.index(each) if each in levels else -1 if each else -2 for each in values]
    said = looked_up(np.array(places, dtype=np.int16), at)
    return tuple(
        CheckShare(level, int(asked.sum()), int((asked & (said == number)).sum()))
        for number, level in enumerate(levels)
        for asked in [(shown == number) & (said != -2)]
    )
