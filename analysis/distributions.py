"""PURE: how outcome and scales are distributed in each arm of a cut, and how far people came."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from analysis.dataset import Dataset
from analysis.statistics.estimate import Floats

# With more values than this they are counted in as many intervals of the same width.
MOST_VALUES = 40


@dataclass(frozen=True)
class Distribution:
    """One arm's rows: the values, or the middles of intervals, and how many have each.

    All arms of a look have the same values of one variable.
    """

    randomisation: str
    arm: str
    values: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class ScaleDistribution:
    """How a scale's or subscale's score is distributed in each arm."""

    code: str
    arms: tuple[Distribution, ...]


@dataclass(frozen=True)
class Flow:
    """How far participants had come when a look ran, all arms together.

    `states` counts everybody by where they were; `allocated` and `exposed` are those of the first
    randomisation, None where it is not recorded. `excluded` completed and are taken out by the
    plan; `analysed` are the look's. `excluded_by_arm` counts these by randomisation and arm, where
    it is not nobody; it is secret while arms are. `until` is the last event that was counted, by
    which others can tell later who had come how far; None in looks of earlier versions of Coprod.
    """

    states: Mapping[str, int]
    allocated: int | None
    exposed: int | None
    excluded: int
    analysed: int
    excluded_by_arm: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    until: datetime | None = None


def distributions(data: Dataset) -> tuple[Distribution, ...]:
    """The outcome by arm of each randomisation; rows without an outcome or arm are left out."""
    return _by_arm(data, data.outcome)


def scale_distributions(data: Dataset) -> tuple[ScaleDistribution, ...]:
    """The scores of every scale and subscale that has items and is not the outcome, by arm.

    Of scales that are asked once rows are participants, and decks have no arms.
    """
    design, found = data.design, []
    codes = [
        code
        for scale in design.scales
        for code in (scale.code, *(each.code for each in scale.subscales))
    ]
    for code in codes:
        if code == design.plan.outcome or not design.scale_items(code):
            continue
        rows = data if data.repeats(code) else data.people
        (scores,) = rows.columns([code]).values()
        if arms := _by_arm(rows, scores):
            found.append(ScaleDistribution(code, arms))
    return tuple(found)


def _by_arm(data: Dataset, y: Floats) -> tuple[Distribution, ...]:
    there = ~np.isnan(y)
    if not there.any():
        return ()
    # Means of items that differ by rounding only are one value.
    rounded = np.round(y[there], 9)
    values, place = np.unique(rounded, return_inverse=True)
    if len(values) > MOST_VALUES:
        edges = np.linspace(values[0], values[-1], MOST_VALUES + 1)
        place = np.clip(np.searchsorted(edges, rounded, side="right") - 1, 0, MOST_VALUES - 1)
        values = (edges[1:] + edges[:-1]) / 2
    found = []
    for step in data.steps:
        arms = data.arms(step.code)[there]
        for arm in (each.code for each in step.arms if each.weight > 0):
            counts = np.bincount(place[arms == arm], minlength=len(values))
            found.append(
                Distribution(step.code, arm, tuple(values.tolist()), tuple(counts.tolist()))
            )
    return tuple(found)
