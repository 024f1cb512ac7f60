"""PURE: the plan's contrasts by other analyses than the announced one, so that one can compare.

None of them has part in a decision.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from analysis.coding import variable
from analysis.contrasts import ContrastRow, NamedContrast, plan_contrasts
from analysis.dataset import Dataset, source_items
from analysis.estimation import NOMINAL, Means
from analysis.found import Found
from analysis.look_redraws import Profiles, Redraws, blocks_of, look_redraws
from analysis.results import Adjustment
from analysis.robustness_results import (
    Alternative,
    Analysis,
    Odds,
    OddsEstimate,
    RedrawnTest,
    Robustness,
    RobustRow,
)
from analysis.statistics.binary import LogitCells, average_effect, log_odds_ratio, logit_cells
from analysis.statistics.clustered import ClusteredMeans, clustered_contrast
from analysis.statistics.effect_size import StandardisedEffect, standardised_contrast
from analysis.statistics.effects import CellMeans, contrast
from analysis.statistics.estimate import Estimate, Floats, NotEstimable, Places, Reason
from analysis.statistics.lookup import Column, Lookup, lacks, only
from analysis.statistics.ordinal import (
    OrderedCells,
    ProportionalOdds,
    ordered_cells,
    proportional_odds,
    shift,
)
from analysis.statistics.weighted import blocked_means, hajek_means
from experiments.design import Measure, Randomisation
from responses.coded import Coded


@dataclass(frozen=True, eq=False)
class _Step:
    """What is made of one randomisation's rows; of the outcome in its arms means, SDs and numbers.

    `odds` is a model of the answers' probabilities where the outcome has one.
    """

    clustered: bool
    spread: tuple[list[float], list[float], list[int]]
    means: Mapping[Analysis, CellMeans | ClusteredMeans]
    redraws: Redraws | NotEstimable
    odds: OrderedCells | LogitCells | NotEstimable | None
    proportional: ProportionalOdds | NotEstimable | None


def robustness(
    data: Dataset,
    means: Mapping[str, Means],
    adjustment: Adjustment,
    versions: Sequence[int],
    seed: bytes,
    profiles: Profiles | None = None,
) -> Robustness:
    """Every contrast by HC2 and HC3, unadjusted and as Lin adjusts, by what the design asks for
    besides (Hájek's weights, blocks), by redraws of the lists, standardised, and as odds.

    `means` and `adjustment` are the look's own; `versions` (n,) those that participants began on;
    `seed` makes the same redraws every time; `profiles` are what minimisation went by.
    """
    steps = {
        step.code: _step(
            data,
            step,
            means[step.code],
            adjustment,
            look_redraws(data, step, versions, seed, profiles),
        )
        for step in data.steps
    }
    rows = tuple(
        _row(named, row, steps.get(named.randomisation))
        for named in plan_contrasts(data.design)
        for row in named.rows
    )
    tests = [step.proportional for step in steps.values() if step.proportional is not None]
    return Robustness(rows, Found.of(tests[0]) if tests else None)


def _step(
    data: Dataset,
    step: Randomisation,
    means: Means,
    adjustment: Adjustment,
    redraws: Redraws | NotEstimable,
) -> _Step:
    arms = tuple(arm.code for arm in step.arms if arm.weight > 0)
    place = data.places(step.code, arms)
    used = place >= 0
    y, arm = data.outcome[used], place[used]
    clustered = isinstance(means.unadjusted, ClusteredMeans)
    odds, proportional = _odds(data, y, arm, arms, clustered)
    return _Step(
        clustered=clustered,
        spread=_spread(y, arm, len(arms)),
        means=dict(_means(data, step, means, adjustment, used)),
        redraws=redraws,
        odds=odds,
        proportional=proportional,
    )


def _means(
    data: Dataset,
    step: Randomisation,
    means: Means,
    adjustment: Adjustment,
    used: npt.NDArray[np.bool_],
) -> Iterator[tuple[Analysis, CellMeans | ClusteredMeans]]:
    """The arms' means by each analysis that the design has a use for."""
    if isinstance(means.unadjusted, ClusteredMeans) or isinstance(means.adjusted, ClusteredMeans):
        yield Analysis.CR2, means.unadjusted
        if adjustment.columns:
            yield Analysis.LIN_CR2, means.adjusted
        return
    arms = [arm.code for arm in step.arms if arm.weight > 0]
    y, arm = data.outcome[used], data.places(step.code, arms)[used]
    yield from ((Analysis[robust.name], found) for robust, found in means.plain.items())
    if adjustment.columns:
        yield from ((Analysis[f"LIN_{robust.name}"], found) for robust, found in means.lin.items())
    chance = _probabilities(data, step)
    if chance is not None and _varies(only(chance, used), arm):
        yield Analysis.HAJEK, hajek_means(y, arm, arms, chance[used])
        if adjustment.columns:
            columns = data.columns(data.design.plan.covariates)
            z = np.column_stack([columns[name] for name in adjustment.columns])[used]
            yield Analysis.LIN_HAJEK, hajek_means(y, arm, arms, chance[used], covariates=z)
    if blocks := blocks_of(data, step):
        strata, of = blocks
        yield Analysis.BLOCKED, blocked_means(y, arm, arms, of[used], strata)


def _probabilities(data: Dataset, step: Randomisation) -> Lookup | None:
    """Each row's probability (n,) of the arm that it has, NaN without one; None if one lacks it."""
    rows = data.held.steps.get(step.code, Coded())
    values, at = variable(rows, "probability", len(data.assignments))
    table = np.array([float(Fraction(each)) if each else np.nan for each in values])
    chances = Lookup(table, at)
    return None if (lacks(chances) & data.armed(step.code)).any() else chances


def _varies(chance: Column, arm: Places) -> bool:
    """Whether rows of one arm had it with different probabilities: otherwise weights do nothing."""
    return any(np.ptp(chance[arm == code]) > 0 for code in np.unique(arm))


def _odds(
    data: Dataset,
    y: Floats,
    place: Places,
    arms: tuple[str, ...],
    clustered: bool,
) -> tuple[OrderedCells | LogitCells | NotEstimable | None, ProportionalOdds | NotEstimable | None]:
    """The model of an outcome that is one answer, ordered or yes or no; None for others."""
    outcome = data.design.plan.outcome
    (item, *_more) = source_items(data.design, outcome)
    if data.design.scale_items(outcome) or item.measure not in (Measure.ORDINAL, Measure.NOMINAL):
        return None, None
    if clustered:
        why = NotEstimable(Reason.ROWS_TOGETHER, "The model’s errors are those of single rows.")
        return why, why if item.measure is Measure.ORDINAL else None
    arm = np.array(arms, dtype=np.str_)[place]
    if item.measure is Measure.NOMINAL:
        return logit_cells(y, arm, arms), None
    return ordered_cells(y, arm, arms), proportional_odds(y, arm, arms)


def _row(named: NamedContrast, row: ContrastRow, step: _Step | None) -> RobustRow:
    if step is None:
        why = NotEstimable(
            Reason.NO_ROWS, f"The outcome is not asked for each vignette of {named.randomisation}."
        )
        return RobustRow(
            *(named.code, named.label, row.pairs, len(row.pairs) == 1, ()),
            *(Found(why_not=why), Found(why_not=why), ()),
        )
    return RobustRow(
        code=named.code,
        label=named.label,
        pairs=row.pairs,
        whole=len(row.pairs) == 1,
        estimates=tuple(
            Alternative(analysis, Found.of(_weighed(means, row.weights)))
            for analysis, means in step.means.items()
        ),
        randomisation=_randomisation(step.redraws, named, row),
        standardised=Found.of(_standardised(step, row.weights)),
        odds=tuple(_odds_of(step.odds, row.weights)),
    )


def _weighed(
    means: CellMeans | ClusteredMeans, weights: Sequence[float]
) -> Estimate | NotEstimable:
    if isinstance(means, ClusteredMeans):
        return clustered_contrast(means, weights, alpha=NOMINAL)
    return contrast(means, weights, alpha=NOMINAL)


def _randomisation(
    redraws: Redraws | NotEstimable, named: NamedContrast, row: ContrastRow
) -> Found[RedrawnTest]:
    if isinstance(redraws, NotEstimable):
        return Found(why_not=redraws)
    test = redraws.test(named.arms, row.weights)
    if isinstance(test, NotEstimable):
        return Found(why_not=test)
    return Found(RedrawnTest(redraws.how, test))


def _standardised(step: _Step, weights: Sequence[float]) -> StandardisedEffect | NotEstimable:
    if step.clustered:
        return NotEstimable(Reason.ROWS_TOGETHER, "Its interval is that of single rows.")
    return standardised_contrast(*step.spread, weights, alpha=NOMINAL)


def _spread(y: Floats, arm: Places, arms: int) -> tuple[list[float], list[float], list[int]]:
    """The outcome's mean, standard deviation and number of rows in each arm; 0 if there is none."""
    groups = [y[(arm == at) & ~np.isnan(y)] for at in range(arms)]
    return (
        [float(group.mean()) if len(group) else 0.0 for group in groups],
        [float(group.std(ddof=1)) if len(group) > 1 else 0.0 for group in groups],
        [len(group) for group in groups],
    )


def _odds_of(
    model: OrderedCells | LogitCells | NotEstimable | None, weights: Sequence[float]
) -> Iterator[OddsEstimate]:
    if isinstance(model, OrderedCells):
        yield OddsEstimate(Odds.ORDERED, Found.of(shift(model, weights, alpha=NOMINAL)))
    elif isinstance(model, LogitCells):
        effect = average_effect(model, weights, alpha=NOMINAL)
        yield OddsEstimate(Odds.AVERAGE_EFFECT, Found.of(effect))
        ratio = log_odds_ratio(model, weights, alpha=NOMINAL)
        yield OddsEstimate(Odds.LOG_ODDS, Found.of(ratio))
    elif model is not None:
        yield OddsEstimate(Odds.LOG_ODDS, Found(why_not=model))
