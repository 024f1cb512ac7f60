"""PURE: draws a study's participants: who comes, which arm the real lists give them, their answers.

Answers are those that a browser would have sent, so that the look's own code reads, turns and
scores them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import ceil, sqrt

import numpy as np

from analysis.dataset import source_items
from analysis.power.assigning import assigned
from analysis.power.assumptions import (
    Assumptions,
    item_values,
    lost_of,
    most_and_least_lost,
    outcome_values,
    points_of,
    prognostic,
)
from analysis.power.columns import Column, evenly
from analysis.power.instrument import Instrument, Lacking, UnreachableError, fitted
from analysis.power.sample import Judged, Sample
from analysis.stacking import judged_deck
from analysis.statistics.estimate import Floats
from experiments.answers import yes_or_no
from experiments.design import Design, Item, Measure, Method, Missing, Randomisation


@dataclass(frozen=True)
class Population:
    """Where samples are drawn from. UnreachableError if the outcome's items can't be like that."""

    design: Design
    assumed: Assumptions

    @cached_property
    def outcome(self) -> Instrument:
        """How the outcome's items are answered."""
        items, first = self.design.outcome_items, self.design.outcome_items[0]
        values = outcome_values(self.design)
        if not values:
            return _measure(first, self.assumed.sd)
        return _fitted(
            values, len(items), self.assumed.mean, self.assumed.sd, self.assumed.reliability
        )

    @cached_property
    def locations(self) -> Mapping[float, float]:
        """The location of the outcome's items by the points that levels add."""
        found = {0.0}
        for step in self.design.randomisations:
            added = {round(self._points(step, arm.levels), 12) for arm in step.arms}
            found = {round(before + more, 12) for before in found for more in added}
        return {each: self._location(each) for each in found}

    def check(self) -> None:
        """Does nothing if samples can be drawn; else UnreachableError."""
        _found = self.locations
        for code in prognostic(self.design):
            try:
                self._usual(source_items(self.design, code))
            except UnreachableError as error:
                raise UnreachableError(error.lacking, code) from None

    def draw(self, seed: int, number: int) -> Sample:
        """Study `number` of that seed: the same every time, whatever was drawn before."""
        rng = np.random.default_rng([seed, number])
        come = self._come()
        answers, explained = self._before(rng, come)
        steps = self.design.randomisations
        arms = {step.code: assigned(step, answers, rng.bytes(32), come) for step in steps}
        told = self._after(rng, self._trait(rng, explained, answers), arms)
        kept = np.flatnonzero(rng.random(come) >= self._lost(arms, come))[: self.assumed.n]
        judged = None
        if self.deck:
            dealt = arms.pop(self.deck.code)
            judged = Judged(self.deck.code, self.deck.draws, told, dealt).at(kept)
        else:
            answers |= told
        return Sample(
            design=self.design,
            answers={code: given.at(kept) for code, given in answers.items()},
            arms={code: given.at(kept) for code, given in arms.items()},
            allocated=int(kept[-1]) + 1,
            judged=judged,
        )

    @cached_property
    def deck(self) -> Randomisation | None:
        """The deck of which participants judge several vignettes."""
        return judged_deck(self.design)

    def _come(self) -> int:
        """So many newcomers that n of them are analysed, but for once in 10²⁰ studies or so."""
        n, most = self.assumed.n, most_and_least_lost(self.design, self.assumed)[0]
        if most <= 0:
            return n
        return ceil((n + 10 * sqrt(n * most)) / (1 - most)) + 50

    def _lost(self, arms: Mapping[str, Column], n: int) -> Floats:
        """The share (n,) that each of them is lost with."""
        lost = np.full(n, self.assumed.loss)
        for step in self.design.randomisations:
            if step.method is not Method.DECK:
                added = np.array([lost_of(step, self.assumed, arm) for arm in step.arms])
                lost += added[arms[step.code].places]
        return lost

    def _before(self, rng: np.random.Generator, n: int) -> tuple[dict[str, Column], Floats]:
        """What was known before the treatment, and what it explains (n,) of the outcome's trait."""
        answers: dict[str, Column] = {}
        slopes = self.assumed.slopes
        explained = np.zeros(n)
        for code in self.design.plan.covariates:
            own = rng.standard_normal(n)
            slope = slopes.get(code, 0.0) if code in prognostic(self.design) else 0.0
            explained += slope * own
            answers |= self._covariate(rng, code, own)
        for code in self._strata():
            if code not in answers:
                answers[code] = self._evenly(rng, code, n)
        return answers, explained

    def _trait(
        self, rng: np.random.Generator, explained: Floats, answers: Mapping[str, Column]
    ) -> Floats:
        """The trait behind the outcome: of each participant, or of each vignette they judge."""
        n, draws = len(explained), self.deck.draws if self.deck else 1
        left = sqrt(1 - sum(slope**2 for slope in self.assumed.slopes.values()))
        shared, alone = np.zeros(n), 1.0
        clusters = dict.fromkeys(s.cluster for s in self.design.randomisations if s.cluster)
        for code in clusters:
            part = self.assumed.between_clusters / len(clusters)
            own = rng.standard_normal(len(answers[code].codes))
            shared += sqrt(part) * own[answers[code].places]
            alone -= part
        if self.deck:
            part = self.assumed.between_people
            shared += sqrt(part) * rng.standard_normal(n)
            alone -= part
        rows = np.repeat(explained + left * shared, draws)
        return np.asarray(rows + left * sqrt(max(alone, 0.0)) * rng.standard_normal(n * draws))

    def _covariate(self, rng: np.random.Generator, code: str, trait: Floats) -> dict[str, Column]:
        items = source_items(self.design, code)
        if items[0].measure is Measure.NOMINAL:
            return {code: self._evenly(rng, code, len(trait))}
        instrument = self._usual(items)
        own = rng.standard_normal((len(trait), len(items)))
        drawn = instrument.answers(trait, own, np.full(len(trait), self._middle(items)))
        return {
            item.code: _column(self.design, item, drawn[:, place])
            for place, item in enumerate(items)
        }

    def _after(
        self, rng: np.random.Generator, trait: Floats, arms: Mapping[str, Column]
    ) -> dict[str, Column]:
        """What was answered to the outcome by rows (n,) with this trait."""
        points = np.zeros(len(trait))
        for step in self.design.randomisations:
            added = np.array([self._points(step, arm.levels) for arm in step.arms])
            own = added[arms[step.code].places]
            points += np.repeat(own, len(trait) // len(own))
        levels, places = np.unique(np.round(points, 12), return_inverse=True)
        location = np.array([self.locations[each] for each in levels.tolist()])[places]
        items = self.design.outcome_items
        own = rng.standard_normal((len(trait), len(items)))
        drawn = self.outcome.answers(trait, own, location)
        return {
            item.code: _column(self.design, item, drawn[:, place])
            for place, item in enumerate(items)
        }

    def _strata(self) -> tuple[str, ...]:
        """What arms hang on besides, clusters among it."""
        steps = self.design.randomisations
        named = (code for s in steps for code in (*s.strata, *s.covariates, s.cluster) if code)
        return tuple(dict.fromkeys(named))

    def _evenly(self, rng: np.random.Generator, code: str, n: int) -> Column:
        """An answer to an item, or a parameter's value, each as likely."""
        values = [each.values for each in self.design.parameters if each.code == code]
        if values:
            codes = list(values[0])
        else:
            options = self.design.options(self.design.item(code))
            codes = [each.code for each in options if each.missing is Missing.NONE]
        return evenly(codes, n, rng)

    def _usual(self, items: Sequence[Item]) -> Instrument:
        """A covariate's items with a deviation of a quarter of their range."""
        values = item_values(self.design, items[0])
        if not values:
            return _measure(items[0], 1.0)
        spread = (values[-1] - values[0]) / 4
        return _fitted(
            values,
            len(items),
            self._middle(items),
            # Of two options the deviation follows from the mean.
            spread,
            self.assumed.covariate_reliability,
        )

    def _middle(self, items: Sequence[Item]) -> float:
        values = item_values(self.design, items[0])
        if not values:
            first = items[0]
            ends = [each for each in (first.minimum, first.maximum) if each is not None]
            return sum(ends) / len(ends) if ends else 0.0
        return (values[0] + values[-1]) / 2

    def _points(self, step: Randomisation, levels: Sequence[str]) -> float:
        named = dict(zip(step.factors, levels, strict=True))
        return points_of(self.design, self.assumed, named)

    def _location(self, points: float) -> float:
        mean = self.assumed.mean + points
        values = outcome_values(self.design)
        if values and not values[0] < mean < values[-1]:
            raise UnreachableError(Lacking.MEAN)
        return self.outcome.location(mean)


@lru_cache(maxsize=64)
def _fitted(
    values: tuple[float, ...], items: int, mean: float, sd: float, reliability: float
) -> Instrument:
    return fitted(values, items, mean=mean, sd=sd, reliability=reliability)


def _measure(item: Item, sd: float) -> Instrument:
    low = -np.inf if item.minimum is None else item.minimum
    high = np.inf if item.maximum is None else item.maximum
    return Instrument((), 1, spread=sd, loading=1.0, low=low, high=high, decimals=item.decimals)


def _column(design: Design, item: Item, drawn: Floats) -> Column:
    """Values (n,) as they are stored: the option's code, turned for reverse items, or a number."""
    if answers := yes_or_no(design, item):
        return Column(answers, drawn.astype(np.uint16))
    values = item_values(design, item)
    if not values:
        numbers, places = np.unique(drawn, return_inverse=True)
        said = tuple(f"{each:.{item.decimals}f}" for each in numbers.tolist())
        return Column(said, places.astype(np.uint16))
    given = values[0] + values[-1] - drawn if item.reverse else drawn
    options = [o.code for o in design.options(item) if o.missing is Missing.NONE]
    places = np.searchsorted(np.asarray(values), given)
    return Column(tuple(sorted(options, key=float)), places.astype(np.uint16))
