"""PURE: what follows from a cut alone: all that a look finds in the answers of its members.

A look adds what it reads of those who are not in it (`analysis.look`); a rehearsal's twin is held
against this part (`rehearsal.twin_looks`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis import estimation
from analysis.consistency import consistency
from analysis.contrast_results import contrast_results
from analysis.dataset import Dataset
from analysis.distributions import distributions, scale_distributions
from analysis.hypotheses import completed, decide
from analysis.look_redraws import Profiles
from analysis.moderation import moderation
from analysis.monitoring import Monitor
from analysis.results import Results
from analysis.robustness import robustness


@dataclass(frozen=True, eq=False)
class Facts:
    """What is known of each member (n) beside answers and arms: language, device, version."""

    languages: Sequence[str]
    devices: Sequence[str]
    versions: Sequence[int]


def analysed(
    data: Dataset,
    facts: Facts,
    monitor: Monitor,
    before: Sequence[Results],
    seed: bytes,
    profiles: Profiles | None = None,
) -> Results:
    """The results of a look at these data, as far as they follow from them.

    `before` are the results of the looks before it, `seed` makes the same redraws of the arms every
    time, `profiles` are what minimisation went by. Long, for it has a line for each thing.
    """
    means, adjustment = estimation.arm_means(data)
    contrasts = contrast_results(data, means, monitor)
    decision = decide(contrasts, monitor, before)
    return Results(
        n=data.n,
        planned_n=None,
        completes=0,
        eligible=0,
        closed=False,
        skipped=(),
        bounds=monitor.bounds,
        outcome=estimation.spread(data.outcome),
        without_arm=estimation.without_arm(data),
        arms=estimation.arm_results(data, means),
        scales=estimation.scale_results(data),
        contrasts=contrasts,
        adjustment=adjustment,
        checks=estimation.check_results(data),
        associations=estimation.association_results(data),
        clustering=estimation.clustering(data, means),
        vignettes=data.vignettes,
        monitoring=monitor.plan.monitoring,
        distributions=distributions(data),
        scale_distributions=scale_distributions(data),
        decision=completed(decision, contrasts, monitor, before),
        consistency=consistency(data, facts.languages, facts.devices),
        robustness=robustness(data, means, adjustment, facts.versions, seed, profiles),
        moderation=moderation(data, adjustment),
    )
