"""PURE: how well a cut's scales hold together: omega, items, missing items, alpha by group."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.coding import listed
from analysis.consistency_results import (
    Answered,
    By,
    GroupReliability,
    ItemConsistency,
    ScaleConsistency,
)
from analysis.dataset import Dataset
from analysis.found import Found
from analysis.statistics.estimate import Floats, NotEstimable, Reason
from analysis.statistics.moments import Gathered, Moments
from analysis.statistics.omega import item_fits_of, omega_of
from analysis.statistics.scales import Reliability, reliability_of
from experiments.design import Scale, Subscale

# Alpha of fewer than this has an interval so wide that comparing groups by it says nothing.
FEW = 30


def consistency(
    data: Dataset, languages: Sequence[str], devices: Sequence[str]
) -> tuple[ScaleConsistency, ...]:
    """Every scale and subscale that has items; languages and devices (n,) are participants'.

    What is asked for each vignette is taken from each participant's first.
    """
    found: list[ScaleConsistency] = []
    for scale in data.design.scales:
        parts: list[tuple[Scale | Subscale, str]] = [(scale, "")]
        parts += [(subscale, scale.code) for subscale in scale.subscales]
        for part, whole in parts:
            if data.design.scale_items(part.code):
                found.append(_scale(data, part, whole, languages, devices))
    return tuple(found)


def _scale(
    data: Dataset,
    part: Scale | Subscale,
    whole: str,
    languages: Sequence[str],
    devices: Sequence[str],
) -> ScaleConsistency:
    rows, codes = data.once(part.code), [i.code for i in data.design.scale_items(part.code)]
    groups = [] if whole else list(_groups(data, rows, languages, devices))
    items, counted = Gathered(len(codes)), Counted(len(codes))
    within, start = [Gathered(len(codes)) for _ in groups], 0
    for answers in rows.scale_chunks(part.code):
        items.add(answers)
        counted.add(answers)
        for group, gathered in zip(groups, within, strict=True):
            gathered.add(answers[group.rows[start : start + len(answers)]])
        start += len(answers)
    moments = items.moments
    return ScaleConsistency(
        code=part.code,
        label=part.label,
        part_of=whole,
        omega=Found.of(omega_of(moments)),
        items=_items(codes, moments),
        answered=counted.answered,
        groups=tuple(
            GroupReliability(group.by, group.step, group.code, _within(each.moments))
            for group, each in zip(groups, within, strict=True)
        ),
    )


def _items(codes: Sequence[str], moments: Moments) -> Found[tuple[ItemConsistency, ...]]:
    fits = item_fits_of(moments)
    if isinstance(fits, NotEstimable):
        return Found(why_not=fits)
    return Found(
        tuple(
            ItemConsistency(
                item=code,
                total=fit.total,
                rest=Found.of(fit.rest),
                dropped=Found.of(fit.dropped),
                suspect=fit.suspect or (isinstance(fit.rest, float) and fit.rest < 0),
            )
            for code, fit in zip(codes, fits, strict=True)
        )
    )


class Counted:
    """Counts, chunk by chunk, how many of a scale's `k` items rows have answered."""

    def __init__(self, k: int) -> None:
        self._items, self._rows = k, 0
        self._complete, self._half = 0, 0
        self._complete_sum, self._half_sum = 0.0, 0.0

    def add(self, answers: Floats) -> None:
        """Adds rows (m, k)."""
        there, k = ~np.isnan(answers), self._items
        count = there.sum(axis=1)
        complete, half = count == k, (count < k) & (2 * count >= k)
        means = np.where(there, answers, 0.0).sum(axis=1) / np.maximum(count, 1)
        self._rows += len(answers)
        self._complete += int(complete.sum())
        self._half += int(half.sum())
        self._complete_sum += float(means[complete].sum())
        self._half_sum += float(means[half].sum())

    @property
    def answered(self) -> Answered:
        """The counts, and the mean score of those who answered all, or at least half."""
        told = self._complete + self._half
        return Answered(
            all=self._complete,
            half=self._half,
            fewer=self._rows - told,
            mean_all=self._complete_sum / self._complete if self._complete else None,
            mean_half=(self._complete_sum + self._half_sum) / told if told else None,
        )


@dataclass(frozen=True, eq=False)
class _Group:
    """Rows (n,) that belong together, by what."""

    by: By
    step: str
    code: str
    rows: npt.NDArray[np.bool_]


def _groups(
    data: Dataset, rows: Dataset, languages: Sequence[str], devices: Sequence[str]
) -> Iterator[_Group]:
    for step in data.steps:
        drawn = [arm.code for arm in step.arms if arm.weight > 0]
        place = rows.places(step.code, drawn)
        for at, arm in enumerate(drawn):
            if (mine := place == at).any():
                yield _Group(By.ARM, step.code, arm, mine)
    # Where the rows are first vignettes, who came to none has no row.
    whole = rows is data.people or data.stack is None
    for by, facts in ((By.LANGUAGE, languages), (By.DEVICE, devices)):
        values, told = listed(facts)
        if not whole:
            told = told[np.unique(np.array(data.stack.of))]  # type: ignore[union-attr]
        for group in sorted(set(values) - {""}):
            if (mine := told == values.index(group)).any():
                yield _Group(by, "", group, mine)


def _within(group: Moments) -> Found[Reliability]:
    if group.n < FEW:
        detail = f"{group.n} complete rows; a group needs {FEW}."
        return Found(why_not=NotEstimable(Reason.TOO_FEW_ROWS, detail))
    return Found.of(reliability_of(group))
