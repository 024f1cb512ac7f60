"""What the plan's power analysis says of the shipped study's contrasts, if effects are these."""

import json
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate

from scipy import stats

from analysis.reach import Assumed, Reach, reach
from analysis.reach_track import Track
from analysis.statistics.boundary import characteristics
from analysis.statistics.equivalence_over_looks import equivalence_chances
from tests.rehearsal.shipped_studies import RESULT, Measured
from tests.simulation.simulated import shipped_design


@dataclass(frozen=True)
class Predicted:
    """Chances of one contrast: `different` by each look with the first and the last of Holm's
    shares of alpha, and to be called equivalent in the end.
    """

    different: tuple[tuple[float, ...], tuple[float, ...]]
    equivalent: float

    @property
    def undecided(self) -> tuple[float, float]:
        """The least and the most chance to be neither; a small effect is never both but by luck."""
        low, high = (1 - self.equivalent - each[-1] for each in self.different)
        return max(0.0, min(low, high)), max(0.0, low, high)


@cache
def told() -> Measured:
    """What a power analysis is told of these people: as the committed run measured it."""
    return Measured(**json.loads(RESULT.read_text())["measured"])


@cache
def reached() -> Reach:
    """What the shipped plan reaches with these people."""
    design = shipped_design()
    plan = replace(design.plan, outcome_sd=told().sd)
    return reach(replace(design, plan=plan), Assumed(r2=told().r2, sd=told().sd))


def predicted(contrast: str, effect: float) -> Predicted:
    """The chances of a primary contrast whose effect in these people is this, in points."""
    row = next(each for each in reached().rows if each.code == contrast)
    assert isinstance(row.tracks, tuple)
    alone, first = row.tracks[0], row.tracks[-1]
    return Predicted(
        different=(_by_look(first, effect), _by_look(alone, effect)),
        equivalent=_equivalent(alone, effect),
    )


def _by_look(track: Track, effect: float) -> tuple[float, ...]:
    """Both tails, by each look."""
    drift = effect / told().sd / track.looks[-1].se
    up, down = (characteristics(track.rule.boundary, sign * drift).high for sign in (1, -1))
    return tuple(accumulate(sum(each) for each in zip(up, down, strict=True)))


def _equivalent(track: Track, effect: float) -> float:
    """By an interval before the end, or by two one-sided tests at it."""
    plan, smallest = shipped_design().plan, reached().smallest
    assert isinstance(smallest, float)
    inside = [
        (smallest - look.nil.half) / look.se for look in track.looks[:-1] if look.nil is not None
    ]
    end = track.looks[-1].se
    inside.append(smallest / end - float(stats.norm.isf(plan.equivalence_alpha)))
    drift = effect / told().sd / end
    return float(equivalence_chances(plan.looks, inside, drift=drift)[-1])
