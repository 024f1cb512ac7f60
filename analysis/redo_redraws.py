"""PURE: what a script needs to know to draw a randomisation's lists anew as a look did."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import repeat

from analysis.contrasts import plan_contrasts
from analysis.results import Results
from analysis.robustness_results import RedrawnTest
from experiments.design import Design
from experiments.variables.fixed import numbered


@dataclass(frozen=True)
class Redraw:
    """How a randomisation was drawn anew: by its lists, by minimising, or reordered in strata.

    So many `assignments`, all that there are if `exact`. `arms` with their `weights` are all of the
    design's; `stratum` and `position` are columns. Minimisation kept `balanced` covariates in
    balance, each counting so much, by that `distance` and `coin`.
    """

    randomisation: str
    how: str
    method: str
    assignments: int
    exact: bool
    arms: tuple[str, ...]
    weights: tuple[int, ...]
    sizes: tuple[int, ...]
    stratum: str
    position: str
    balanced: Mapping[str, int]
    distance: str
    coin: float


def redraws_of(written: Design, expanded: Design, results: Results) -> Iterator[Redraw]:
    """Those of a look's results; `expanded` names the CSV's columns."""
    place = {step.code: at for at, step in enumerate(expanded.randomisations, start=1)}
    tests = _tests(written, results)
    for step in written.randomisations:
        if (found := tests.get(step.code)) is None:
            continue
        name = partial(numbered, place=place[step.code])
        yield Redraw(
            randomisation=step.code,
            how=str(found.how),
            method=str(step.method),
            assignments=found.test.assignments,
            exact=found.test.exact,
            arms=tuple(arm.code for arm in step.arms),
            weights=tuple(arm.weight for arm in step.arms),
            sizes=step.block_sizes,
            stratum=name("stratum"),
            position=name("position"),
            balanced=dict(zip(step.covariates, step.covariate_weights or repeat(1), strict=False)),
            distance=str(step.distance),
            coin=step.coin,
        )


def _tests(design: Design, results: Results) -> dict[str, RedrawnTest]:
    """One test of each randomisation that was drawn anew."""
    of = {named.code: named.randomisation for named in plan_contrasts(design)}
    rows = results.robustness.rows if results.robustness else ()
    return {of[row.code]: found for row in rows if (found := row.randomisation.value)}
