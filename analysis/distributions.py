"""PURE: how outcome and scales are distributed in each arm of a cut, and how far people came."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import numpy.typing as npt

from analysis.dataset import Dataset
from analysis.statistics.estimate import Floats
from analysis.statistics.tall import CHUNK

# With more values than this they are counted in as many intervals of the same width.
MOST_VALUES = 40
# The stages after which people leave, in their order.
LEFT = ("entered", "allocated", "exposed")


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
    `left` counts by state those who came as far as a stage and no further, by its name in `LEFT`:
    who withdrew is among those who saw the vignette there, though their tie to an arm is cut and
    `exposed` is without them. None where nobody was allocated, and in looks of earlier versions.
    """

    states: Mapping[str, int]
    allocated: int | None
    exposed: int | None
    excluded: int
    analysed: int
    excluded_by_arm: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    until: datetime | None = None
    left: Mapping[str, Mapping[str, int]] | None = None


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
        if arms := _by_arm(rows, np.asarray(scores)):
            found.append(ScaleDistribution(code, arms))
    return tuple(found)


def _by_arm(data: Dataset, y: Floats) -> tuple[Distribution, ...]:
    # Means of items that differ by rounding only are one value.
    values = np.unique(np.concatenate([np.unique(part[~np.isnan(part)]) for part in _rounded(y)]))
    if not len(values):
        return ()
    edges, last = values, len(values) - 1
    if len(values) > MOST_VALUES:
        edges, last = np.linspace(values[0], values[-1], MOST_VALUES + 1), MOST_VALUES - 1
        values = (edges[1:] + edges[:-1]) / 2
    place = _places(y, edges, last)
    found = []
    for step in data.steps:
        drawn = [each.code for each in step.arms if each.weight > 0]
        arms = data.places(step.code, drawn)
        for at, arm in enumerate(drawn):
            counts = np.bincount(place[(arms == at) & (place >= 0)], minlength=len(values))
            found.append(
                Distribution(step.code, arm, tuple(values.tolist()), tuple(counts.tolist()))
            )
    return tuple(found)


def _rounded(y: Floats) -> Iterator[Floats]:
    """The next rows at a time, never none."""
    for start in range(0, max(len(y), 1), CHUNK):
        yield np.round(y[start : start + CHUNK], 9)


def _places(y: Floats, edges: Floats, last: int) -> npt.NDArray[np.int16]:
    """The last edge that each row (n,) reaches, `last` at most; −1 of those that have no value."""
    parts = [
        np.where(
            np.isnan(part), -1, np.clip(np.searchsorted(edges, part, side="right") - 1, 0, last)
        ).astype(np.int16)
        for part in _rounded(y)
    ]
    return np.concatenate(parts)
