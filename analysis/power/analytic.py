"""PURE: what n gives which power, for each primary contrast, by the rules of the plan's looks.

Standard errors and bounds are those of `analysis.reach`. A plan of one look has the exact test of
normal data, noncentral t; with several looks z is normal, as their bounds are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from math import ceil, log2, sqrt

from scipy import optimize

from analysis.contrasts import plan_contrasts
from analysis.reach import Assumed, Reach, RowReach, reach
from analysis.reach_rules import POWERS, Share
from analysis.reach_track import Number, Track
from analysis.statistics.boundary import characteristics, drift_for_power
from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.power import Criterion, t_noncentrality, t_power
from experiments.design import Design, Equivalence, Estimator, Family, Measure, Monitoring

# No study has more participants.
MOST = 10_000_000
# A curve has about so many points, and ends at so many times the participants that are asked about.
POINTS, FARTHEST = 20, 4
# The distance of two points is one of these times a power of ten.
STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Asked:
    """The question: `n` eligible completes, an effect in points of the outcome, a wished power.

    Without an effect it is the smallest one that the plan declares.
    """

    n: int
    power: float = POWERS[0]
    effect: float | None = None

    @property
    def powers(self) -> tuple[float, ...]:
        """The usual powers and the wished one, growing."""
        return tuple(sorted({*POWERS, self.power}))


@dataclass(frozen=True)
class Answer:
    """What one share of alpha gives; effects are in standard deviations, sizes in participants.

    `sizes` and `detectable` go by `Asked.powers`. `curve` is the power at `PowerByN.points`.
    """

    share: Share
    power: Number
    sizes: tuple[Number, ...]
    detectable: tuple[Number, ...]
    curve: tuple[Number, ...]


@dataclass(frozen=True)
class PowerByN:
    """Power by n: `found` is the reach at n, whose rows have their `answers` by code.

    `together` are the primary interactions of several rows, which a joint test decides.
    """

    asked: Asked
    found: Reach
    points: tuple[int, ...]
    answers: dict[str, tuple[Answer, ...] | NotEstimable]
    together: tuple[str, ...]


def power_by_n(design: Design, assumed: Assumed, asked: Asked) -> PowerByN:
    """The power of the primary contrasts at n and around it, and the n for a wished power.

    Both tails count: the power for an effect of nil is alpha. ValueError as from `reach`.
    """
    plan = replace(
        design.plan,
        sample_size=asked.n,
        smallest_effect=asked.effect or design.plan.smallest_effect,
        equivalence=Equivalence.NONE,
    )
    found = reach(replace(design, plan=plan), assumed)
    primary = [row for row in found.rows if row.family is Family.PRIMARY]
    codes = [row.code for row in primary]
    tests = {row.code: _tests(design, found, row) for row in primary if codes.count(row.code) == 1}
    sizes = {code: _sizes(each, asked) for code, each in tests.items()}
    points = _points(asked.n, [n for each in sizes.values() for n in each])
    answers = {
        code: each
        if isinstance(each, NotEstimable)
        else tuple(test.answer(asked, points) for test in each)
        for code, each in tests.items()
    }
    together = dict.fromkeys(code for code in codes if code not in tests)
    return PowerByN(asked, found, points, answers, tuple(together))


@dataclass(frozen=True)
class _Test:
    """One contrast with one share of alpha: `drift` is the effect in standard errors at n.

    `rows` are those of data at n, `coefficients` those that the fit of all cells takes.
    """

    track: Track
    drift: Number
    n: int
    rows: float
    coefficients: int
    exact: bool

    def answer(self, asked: Asked, points: Sequence[int]) -> Answer:
        chances = [self.chance(point / self.n) for point in (self.n, *points)]
        return Answer(
            share=self.track.share,
            power=chances[0],
            sizes=tuple(map(self.size, asked.powers)),
            detectable=tuple(map(self.detectable, asked.powers)),
            curve=tuple(chances[1:]),
        )

    def chance(self, times: float) -> Number:
        """The power with so many times the participants."""
        if isinstance(self.drift, NotEstimable):
            return self.drift
        moved = self.drift * sqrt(times)
        if self.exact:
            return t_power(moved, self._df(times), Criterion(self.track.share.alpha))
        told = characteristics(self.track.rule.boundary, moved)
        return told.power + told.reach_low

    def detectable(self, power: float) -> Number:
        """The effect, in standard deviations, that n finds with this power."""
        if self.exact:
            criterion = Criterion(self.track.share.alpha)
            needed = t_noncentrality(self._df(1.0), power, criterion)
        else:
            needed = drift_for_power(self.track.rule.boundary, power)
        se = self.track.looks[-1].se
        return needed if isinstance(needed, NotEstimable) else needed * se

    def size(self, power: float) -> Number:
        """The participants for this power, rounded up."""
        if isinstance(self.drift, NotEstimable):
            return self.drift
        if not self.exact:
            needed = drift_for_power(self.track.rule.boundary, power)
            return _whole(self.n * (needed / self.drift) ** 2)

        def missing(times: float) -> float:
            told = self.chance(2.0**times)
            return (0.0 if isinstance(told, NotEstimable) else told) - power

        most = log2(MOST / self.n)
        if missing(most) < 0:
            return _whole(MOST + 1)
        return _whole(self.n * 2.0 ** optimize.brentq(missing, -log2(self.n), most, xtol=1e-12))

    def _df(self, times: float) -> float:
        return self.rows * times - self.coefficients


def _tests(design: Design, found: Reach, row: RowReach) -> tuple[_Test, ...] | NotEstimable:
    if isinstance(row.tracks, NotEstimable):
        return row.tracks
    plan = found.plan
    arms = next(each.arms for each in plan_contrasts(design) if each.code == row.code)
    exact = plan.monitoring is Monitoring.GROUP_SEQUENTIAL and len(plan.looks) == 1
    fit = len(arms) * _coefficients(design)
    return tuple(
        _Test(
            track=track,
            drift=found.smallest
            if isinstance(found.smallest, NotEstimable)
            else found.smallest / track.looks[-1].se,
            n=plan.sample_size,
            rows=found.moments[-1].rows,
            coefficients=fit,
            exact=exact,
        )
        for track in row.tracks
    )


def _sizes(tests: tuple[_Test, ...] | NotEstimable, asked: Asked) -> list[float]:
    if isinstance(tests, NotEstimable):
        return []
    found = [test.size(power) for test in tests for power in asked.powers]
    return [n for n in found if not isinstance(n, NotEstimable)]


def _whole(n: float) -> Number:
    if n > MOST:
        return NotEstimable(Reason.OUT_OF_REACH, f"{MOST:,} participants would be too few.")
    # What a whole number of participants reaches to the last digit needs no one more.
    return ceil(n - 1e-6)


def _coefficients(design: Design) -> int:
    """How many coefficients each cell has: its mean, and a slope for each covariate's column."""
    if design.plan.estimator is not Estimator.LIN:
        return 1
    return 1 + sum(_columns(design, code) for code in design.plan.covariates)


def _columns(design: Design, code: str) -> int:
    if design.scale_items(code):
        return 1
    item = design.item(code)
    return len(design.options(item)) - 1 if item.measure is Measure.NOMINAL else 1


def _points(n: int, sizes: Sequence[float]) -> tuple[int, ...]:
    """Round numbers of participants around n and what the wished powers ask for."""
    most = min(1.15 * max([n, *sizes]), FARTHEST * n)
    for power in count():
        for step in STEPS:
            distance = step * 10**power
            if most / distance <= POINTS:
                return tuple(distance * each for each in range(1, int(most / distance) + 2))
    raise AssertionError("Some power of ten is wide enough.")
