"""PURE: what a plan can reach, before anybody has taken part.

All by the normal approximation: at information fraction t a contrast's z is normal with mean
drift · √t, where the drift is the effect over the standard error at the planned size. Bounds for
futility and harm do not enter: nobody has to stop at them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, sqrt

from analysis.contrasts import ContrastRow, NamedContrast, Pair, plan_contrasts
from analysis.reach_rules import Moment, Rule, Share, moments_of, rule_of, shares_of
from analysis.reach_track import Number, Track, found_by, track_of
from analysis.stacking import judged_deck
from analysis.statistics.boundary import characteristics
from analysis.statistics.estimate import NotEstimable, Reason
from experiments.design import Design, Family, Plan, Text

# The effects of the power curves, in standard errors of the end: 0 to 5.5.
DRIFTS = tuple(step / 4 for step in range(23))


@dataclass(frozen=True)
class Assumed:
    """What no plan knows: see `reach`. `sd` takes the place of the one that the plan declares.

    ValueError unless 0 ≤ r2 ≤ .95, 1 ≤ deff ≤ 100, and sd is above 0.
    """

    r2: float = 0.0
    deff: float = 1.0
    sd: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.r2 <= 0.95 or not 1 <= self.deff <= 100:
            raise ValueError("R² lies between 0 and .95, a design effect between 1 and 100.")
        if self.sd is not None and not 0 < self.sd < inf:
            raise ValueError("A standard deviation is above 0.")

    @property
    def scale(self) -> float:
        """What a standard error is to be multiplied by."""
        return sqrt((1 - self.r2) * self.deff)


@dataclass(frozen=True)
class RowReach:
    """One row of a contrast, with the rows of data per look in the cells that have weight."""

    code: str
    label: Text
    family: Family
    pairs: tuple[Pair, ...]
    cells: tuple[tuple[float, ...], ...]
    tracks: tuple[Track, ...] | NotEstimable


@dataclass(frozen=True)
class Reach:
    """What a plan can reach. `smallest` is in standard deviations `sd` of the outcome.

    `curves` has, per look, the chance to have found an effect of each of `DRIFTS` with all of
    alpha. `clustered` names the randomisations of clusters and decks, whose rows are not
    independent, `partial` those that not everybody is drawn by.
    """

    plan: Plan
    assumed: Assumed
    smallest: Number
    sd: Number
    moments: tuple[Moment, ...]
    rows: tuple[RowReach, ...]
    curves: tuple[tuple[float, ...], ...] | NotEstimable
    clustered: tuple[str, ...]
    partial: tuple[str, ...]


def reach(design: Design, assumed: Assumed | None = None) -> Reach:
    """What the plan of a written design can reach.

    Covariates that explain the share `r2` of the outcome's variance within cells make standard
    errors √(1 − r2) as wide, rows that belong together √deff times (Kish 1965, Survey Sampling).
    NO_OUTCOME_SD or NO_SMALLEST_EFFECT where the plan declares none. ValueError as from
    `plan_contrasts`.
    """
    plan, assumed = design.plan, assumed or Assumed()
    deck = judged_deck(design)
    moments = moments_of(plan, deck.draws if deck else 1)
    sd = _declared(assumed.sd or plan.outcome_sd, Reason.NO_OUTCOME_SD)
    smallest = _declared(plan.smallest_effect, Reason.NO_SMALLEST_EFFECT)
    if not isinstance(smallest, NotEstimable):
        smallest = sd if isinstance(sd, NotEstimable) else smallest / sd
    shares = [shares_of(plan, contrast) for contrast in plan.contrasts]
    alphas = {plan.alpha} | {alpha for each in shares for share in each for alpha in share.alphas}
    rules = {alpha: rule_of(plan, moments, alpha) for alpha in alphas}
    return Reach(
        plan=plan,
        assumed=assumed,
        smallest=smallest,
        sd=sd,
        moments=moments,
        rows=tuple(_rows(design, assumed.scale, moments, shares, rules, smallest)),
        curves=_curves(rules[plan.alpha]),
        clustered=tuple(r.code for r in design.randomisations if r.cluster or r.draws > 1),
        partial=tuple(r.code for r in design.randomisations if r.assign_if),
    )


def _rows(
    design: Design,
    scale: float,
    moments: Sequence[Moment],
    shares: Sequence[tuple[Share, ...]],
    rules: Mapping[float, Rule | NotEstimable],
    smallest: Number,
) -> Iterator[RowReach]:
    """Every row of every contrast; those of the same precision share their numbers."""
    known: dict[tuple[tuple[Share, ...], float], tuple[Track, ...] | NotEstimable] = {}
    plan = design.plan.contrasts
    for contrast, announced, own in zip(plan_contrasts(design), plan, shares, strict=True):
        for row in contrast.rows:
            cells = _cells(design, contrast, row, moments)
            # Two contrasts may sum the same weights in another order.
            errors = [round(scale * _error(row, n), 12) for n in cells]
            key = own, errors[-1]
            if key not in known:
                known[key] = _tracks(own, rules, errors, smallest)
            yield RowReach(
                contrast.code, contrast.label, announced.family, row.pairs, cells, known[key]
            )


def _declared(value: float | None, why_not: Reason) -> Number:
    return value if value else NotEstimable(why_not, "The plan does not declare it.")


def _cells(
    design: Design, contrast: NamedContrast, row: ContrastRow, moments: Sequence[Moment]
) -> tuple[tuple[float, ...], ...]:
    """The rows of data at each moment in each cell that has weight in the contrast."""
    step = next(s for s in design.randomisations if s.code == contrast.randomisation)
    drawn = {arm.code: arm.weight for arm in step.arms}
    used = [arm for arm, weight in zip(contrast.arms, row.weights, strict=True) if weight]
    parts = [drawn[arm] / sum(drawn.values()) for arm in used]
    return tuple(tuple(moment.rows * part for part in parts) for moment in moments)


def _error(row: ContrastRow, n: Sequence[float]) -> float:
    weights = [weight for weight in row.weights if weight]
    return sqrt(sum(w * w / rows for w, rows in zip(weights, n, strict=True)))


def _tracks(
    shares: Sequence[Share],
    rules: Mapping[float, Rule | NotEstimable],
    errors: Sequence[float],
    smallest: Number,
) -> tuple[Track, ...] | NotEstimable:
    found: list[Track] = []
    for share in shares:
        rule, nil = rules[share.alpha], rules[share.nil.interval] if share.nil else None
        if isinstance(rule, NotEstimable):
            return rule
        if isinstance(nil, NotEstimable):
            return nil
        found.append(track_of(rule, share, errors, smallest, nil))
    return tuple(found)


def _curves(rule: Rule | NotEstimable) -> tuple[tuple[float, ...], ...] | NotEstimable:
    if isinstance(rule, NotEstimable):
        return rule
    found = [found_by(characteristics(rule.boundary, drift)) for drift in DRIFTS]
    return tuple(zip(*found, strict=True))
