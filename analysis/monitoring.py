"""PURE: what keeps the plan's error over its looks: bounds that spend alpha, or sequences."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

from analysis.statistics.anytime import anytime_f, asymptotic_sequence, tuned_g
from analysis.statistics.estimate import Estimate, JointTest, NotEstimable, t_estimate
from analysis.statistics.sequential import Bound, bounds, nominal_levels
from analysis.statistics.spending import Family as SpendingFamily
from analysis.statistics.spending import Spending
from experiments.design import Monitoring, Plan

Looks: TypeAlias = tuple[float, ...]


@dataclass(frozen=True)
class Monitor:
    """A look among those that count, with the plan under which they are made.

    `fractions` are the information fractions of the looks so far, this one's last, `numbers` the
    looks' numbers. `final` says that none follows. `size` is the sample size that is planned now.
    """

    plan: Plan
    fractions: Looks
    numbers: tuple[int, ...]
    final: bool
    size: int

    @property
    def anytime(self) -> bool:
        """Whether estimates may be read at any time, so that looks have no bounds."""
        return self.plan.monitoring is Monitoring.ANYTIME

    @property
    def bounds(self) -> tuple[Bound, ...]:
        """The bounds of the looks so far with all of alpha; none where looks have none."""
        return () if self.anytime else self.bounds_at(self.plan.alpha)

    def bounds_at(self, alpha: float) -> tuple[Bound, ...]:
        """The bounds of the looks so far that spend this alpha, two-sided."""
        return _bounds(self.fractions, alpha, self.final, spending_of(self.plan))

    def levels(self, alpha: float, fractions: Sequence[float]) -> list[float]:
        """The p that each of the first looks must reach if they spend this alpha.

        All of it where a p is valid at any time: it has paid for the looks already.
        """
        if self.anytime:
            return [alpha] * len(fractions)
        last = self.final and len(fractions) == len(self.fractions)
        return list(_levels(tuple(fractions), alpha, last, spending_of(self.plan)))

    def level(self, alpha: float) -> float:
        """The nominal p that this look must reach if all of them spend this alpha."""
        return alpha if self.anytime else self.bounds_at(alpha)[-1].nominal_p

    def p(self, found: Estimate | JointTest) -> float:
        """The p by which the look tests: nominal where there are bounds, else valid at any time."""
        if not self.anytime:
            return found.p
        if isinstance(found, Estimate):
            return asymptotic_sequence(found, planned=self.size, alpha=self.plan.alpha).p
        return anytime_f(found, g=tuned_g(self.size, self.plan.alpha)).p

    def interval(self, found: Estimate, alpha: float) -> Estimate | NotEstimable:
        """The estimate with the interval that covers with 1 − alpha at all looks together."""
        if not self.anytime:
            return t_estimate(
                estimate=found.estimate,
                se=found.se,
                df=found.df,
                n=found.n,
                alpha=self.level(alpha),
            )
        valid = asymptotic_sequence(found, planned=self.size, alpha=alpha)
        return replace(found, low=valid.low, high=valid.high, level=valid.level)

    @property
    def coming(self) -> Looks:
        """The planned looks that are still to come."""
        if self.final:
            return ()
        return tuple(look for look in self.plan.looks if look > self.fractions[-1])


def spending_of(plan: Plan) -> Spending:
    """The plan's spending function."""
    return Spending(SpendingFamily(plan.spending.value), plan.spending_parameter)


@lru_cache(maxsize=256)
def _bounds(fractions: Looks, alpha: float, final: bool, spending: Spending) -> tuple[Bound, ...]:
    return bounds(fractions, alpha, final=final, spending=spending)


# A search for a p asks for the same alphas of every contrast, a simulation at every study.
@lru_cache(maxsize=4096)
def _levels(fractions: Looks, alpha: float, final: bool, spending: Spending) -> tuple[float, ...]:
    return tuple(nominal_levels(fractions, alpha, final=final, spending=spending))
