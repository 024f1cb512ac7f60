"""PURE: how the outcome goes along with the plan's scales, and whether they moderate contrasts."""

from collections.abc import Sequence

import numpy as np

from analysis.contrasts import NamedContrast, plan_contrasts
from analysis.dataset import Dataset, source_items
from analysis.estimation import NOMINAL
from analysis.found import Found
from analysis.moderation_results import Moderated, PartSlope, Regression, ScaleModeration
from analysis.results import Adjustment
from analysis.statistics.association import associations
from analysis.statistics.estimate import Estimate, NotEstimable, Reason
from analysis.statistics.moderation import moderations
from experiments.design import Family, Scale, Subscale


def moderation(data: Dataset, adjustment: Adjustment) -> tuple[ScaleModeration, ...]:
    """Each scale or subscale that the plan associates with the outcome.

    The covariates are those of the adjusted estimates, without what shares items with the scale.
    """
    parts: dict[str, Scale | Subscale] = {}
    for scale in data.design.scales:
        parts[scale.code] = scale
        parts |= {subscale.code: subscale for subscale in scale.subscales}
    return tuple(
        _scale(data, parts[code], adjustment)
        for code in data.design.plan.associations
        if code in parts and data.design.scale_items(code)
    )


def _scale(data: Dataset, scale: Scale | Subscale, adjustment: Adjustment) -> ScaleModeration:
    own = {item.code for item in data.design.scale_items(scale.code)}
    covariates = [
        name
        for name in adjustment.columns
        if not own & {item.code for item in source_items(data.design, name.partition("=")[0])}
    ]
    subscales = [
        part
        for part in (scale.subscales if isinstance(scale, Scale) else ())
        if data.design.scale_items(part.code)
    ]
    return ScaleModeration(
        code=scale.code,
        label=scale.label,
        total=_regression(data, [scale], covariates),
        subscales=_regression(data, subscales, covariates) if len(subscales) > 1 else None,
        moderated=_moderated(data, scale.code),
    )


def _regression(
    data: Dataset, parts: Sequence[Scale | Subscale], covariates: Sequence[str]
) -> Found[Regression]:
    """The outcome on the parts together, with the covariates; only the parts' slopes are told."""
    named = data.columns([part.code for part in parts])
    others = data.columns(list(dict.fromkeys(name.partition("=")[0] for name in covariates)))
    named |= {name: others[name] for name in covariates}
    cluster = data.clusters(*data.steps)
    found = associations(data.outcome, named, alpha=NOMINAL, cluster=cluster)
    if isinstance(found, NotEstimable):
        return Found(why_not=found)
    slopes = {each.predictor: each.slope for each in found.associations}
    flat = NotEstimable(Reason.NO_VARIANCE, "It is the same in all complete rows.")
    return Found(
        Regression(
            slopes=tuple(
                PartSlope(part.code, part.label, Found.of(slopes.get(part.code, flat)))
                for part in parts
            ),
            covariates=tuple(name for name in covariates if name in slopes),
            n=found.n,
            missing=found.missing,
            clusters=found.clusters,
        )
    )


def _moderated(data: Dataset, scale: str) -> tuple[Moderated, ...]:
    """The primary main effects' interactions with the scale."""
    primary = {
        contrast.code
        for contrast in data.design.plan.contrasts
        if contrast.family is Family.PRIMARY and contrast.factor
    }
    return tuple(
        Moderated(named.code, named.label, Found.of(_difference(data, named, scale)))
        for named in plan_contrasts(data.design)
        if named.code in primary
    )


def _difference(data: Dataset, named: NamedContrast, scale: str) -> Estimate | NotEstimable:
    step = next((each for each in data.steps if each.code == named.randomisation), None)
    if step is None or data.clusters(step) is not None:
        return NotEstimable(Reason.ROWS_TOGETHER, "Its errors are those of single rows.")
    (moderator,) = data.columns([scale]).values()
    arms = data.places(step.code, named.arms)
    y, m, used = data.outcome, np.asarray(moderator), arms >= 0
    if not used.all():
        y, arms, m = y[used], arms[used], m[used]
    (found,) = moderations(y, arms, named.arms, m, named.weights, alpha=NOMINAL)
    return found
