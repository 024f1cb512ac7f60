"""PURE: what was planted in a rehearsal, against what its last look and its export say."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from statistics import NormalDist, fmean, stdev
from typing import TypeAlias

from analysis.dataset import option_numbers, source_items
from analysis.results import ArmResult, Results
from analysis.statistics.counts import wilson
from analysis.statistics.estimate import Estimate
from experiments.design import Design, Item
from rehearsal.crowd import option_shares, slope_points
from rehearsal.replicates import Rehearsed
from rehearsal.truth import Truth

# Of the intervals that the export's figures are given; looks have theirs.
Z = NormalDist().inv_cdf(0.975)
# What was found, and the ends of its interval.
Said: TypeAlias = tuple[float, float, float]


@dataclass(frozen=True)
class Finding:
    """One thing that is true of the people, and what was found of it.

    `kind` says what it is (contrast, slope, alpha, mean, share), `code` of what, `of` which row or
    option of it; `look` whether the look says it, else the export does. Nothing was found where
    `found` is None.
    """

    kind: str
    code: str
    of: str
    planted: float
    found: float | None = None
    low: float = 0.0
    high: float = 0.0
    look: bool = True

    @property
    def recovered(self) -> bool | None:
        """Whether the interval holds what was planted; None where nothing was found."""
        return None if self.found is None else self.low <= self.planted <= self.high


def findings(
    design: Design, truth: Truth, results: Results | None, exported: Sequence[Mapping[str, str]]
) -> tuple[Finding, ...]:
    """Everything planted of which something is said; `exported` are the rows of the export.

    The design is as it is written.
    """
    found = _of_the_look(design, truth, results) if results else ()
    return (*found, *_of_the_export(design, truth, exported))


def planted_slope(design: Design, truth: Truth, predictor: str) -> float:
    """How the outcome goes along with a predictor of the plan's associations, as it was planted.

    Of traits that is r √(α₁ α₂) s₂ / s₁, since scores know the traits by their items alone
    (Spearman 1904, American Journal of Psychology 15(1), 72-101); to it comes the regression of the
    points that answers add on the answers. Other predictors are taken to be independent of it.
    """
    outcome = design.plan.outcome
    code, _equals, option = predictor.partition("=")
    mine, its = truth.traits.get(code), truth.traits.get(outcome)
    together = truth.correlations.get(f"{code}*{outcome}", 0.0)
    together = truth.correlations.get(f"{outcome}*{code}", together)
    slope = 0.0
    if mine and its:
        alphas = _alpha(design, code, mine.reliability) * _alpha(design, outcome, its.reliability)
        slope = together * sqrt(alphas) * its.sd / mine.sd
    if points := slope_points(design, truth, outcome).get(code):
        item = design.item(code)
        if option:
            return slope + points.get(option, 0.0) - points[design.options(item)[0].code]
        slope += _regression(design, truth, item, points)
    return slope


def _regression(design: Design, truth: Truth, item: Item, points: Mapping[str, float]) -> float:
    shares, numbers = option_shares(design, truth, item), option_numbers(design, item)
    middle = sum(shares[code] * number for code, number in numbers.items())
    apart = {code: number - middle for code, number in numbers.items()}
    whole = sum(shares[code] * each**2 for code, each in apart.items())
    return (
        sum(shares[code] * apart[code] * points[code] for code in apart) / whole if whole else 0.0
    )


def _alpha(design: Design, code: str, reliability: float) -> float:
    return reliability if len(source_items(design, code)) > 1 else 1.0


def _of_the_look(design: Design, truth: Truth, results: Results) -> Iterator[Finding]:
    planted = Rehearsed(design, truth).planted
    for contrast in results.contrasts:
        for row, points in zip(contrast.rows, planted[contrast.code], strict=True):
            of = " × ".join(f"{pair.level} − {pair.against}" for pair in row.pairs)
            said = _estimated(contrast.announced_of(row).value)
            yield _finding("contrast", contrast.code, of, points, said)
    slopes = results.associations and results.associations.value
    for each in slopes.slopes if slopes else ():
        true = planted_slope(design, truth, each.predictor)
        yield _finding("slope", each.predictor, "", true, _estimated(each.slope.value))
    for scale in results.scales:
        if trait := truth.traits.get(scale.code):
            alpha = scale.reliability.value
            said = (alpha.alpha, alpha.low, alpha.high) if alpha else None
            yield _finding("alpha", scale.code, "", trait.reliability, said)
    if trait := truth.traits.get(design.plan.outcome):
        arm = _first(design, results.arms)
        mean = arm.mean.value if arm else None
        said = (mean.mean, mean.low, mean.high) if mean else None
        yield _finding("mean", design.plan.outcome, arm.arm if arm else "", trait.mean, said)


def _estimated(value: Estimate | None) -> Said | None:
    return (value.estimate, value.low, value.high) if value else None


def _finding(kind: str, code: str, of: str, planted: float, said: Said | None) -> Finding:
    return Finding(kind, code, of, planted, *(said or (None,)))


def _first(design: Design, arms: Sequence[ArmResult]) -> ArmResult | None:
    """The arm of every factor's first level, of the randomisation that has most of them."""
    for step in sorted(design.randomisations, key=lambda each: -len(each.factors)):
        first = tuple(design.factor(code).levels[0].code for code in step.factors)
        for arm in arms:
            if arm.randomisation == step.code and arm.arm == ".".join(first):
                return arm
    return None


def _of_the_export(
    design: Design, truth: Truth, exported: Sequence[Mapping[str, str]]
) -> Iterator[Finding]:
    """Means of traits that nothing moves, and shares of options, of those who completed."""
    done = [row for row in exported if row["state"] == "completed"]
    moved = {*truth.effects, *truth.slopes, design.plan.outcome}
    items = {item.code: item for item in design.items()}
    for code, trait in truth.traits.items():
        values = [float(row[code]) for row in done if _is_number(row.get(code, ""))]
        if code not in moved and len(values) > 1:
            half, middle = Z * stdev(values) / sqrt(len(values)), fmean(values)
            said = (middle, middle - half, middle + half)
            yield Finding("mean", code, "", trait.mean, *said, look=False)
    for code in [code for code in truth.shares if code in items]:
        shares = option_shares(design, truth, items[code])
        given = Counter(row[code] for row in done if row.get(code) in shares)
        for option in [option for option in truth.shares[code] if option in shares and given]:
            k, n = given[option], given.total()
            yield Finding("share", code, option, shares[option], k / n, *wilson(k, n), look=False)


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False
