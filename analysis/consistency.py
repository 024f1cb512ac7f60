"""PURE: how well a cut's scales hold together: omega, items, missing items, alpha by group."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

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
from analysis.statistics.omega import item_fits, omega
from analysis.statistics.scales import Reliability, reliability
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
    rows = data.once(part.code)
    answers = rows.scale(part.code)
    groups: tuple[GroupReliability, ...] = ()
    if not whole:
        groups = tuple(_groups(data, rows, answers, languages, devices))
    return ScaleConsistency(
        code=part.code,
        label=part.label,
        part_of=whole,
        omega=Found.of(omega(answers)),
        items=_items([item.code for item in data.design.scale_items(part.code)], answers),
        answered=_answered(answers),
        groups=groups,
    )


def _items(codes: Sequence[str], answers: Floats) -> Found[tuple[ItemConsistency, ...]]:
    fits = item_fits(answers)
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


def _answered(answers: Floats) -> Answered:
    there = ~np.isnan(answers)
    count, k = there.sum(axis=1), answers.shape[1]
    complete, half = count == k, (count < k) & (2 * count >= k)
    totals = np.where(there, answers, 0.0).sum(axis=1)

    def mean(rows: npt.NDArray[np.bool_]) -> float | None:
        return float((totals[rows] / count[rows]).mean()) if rows.any() else None

    return Answered(
        all=int(complete.sum()),
        half=int(half.sum()),
        fewer=int((2 * count < k).sum()),
        mean_all=mean(complete),
        mean_half=mean(complete | half),
    )


def _groups(
    data: Dataset,
    rows: Dataset,
    answers: Floats,
    languages: Sequence[str],
    devices: Sequence[str],
) -> Iterator[GroupReliability]:
    for step in data.steps:
        arms = rows.arms(step.code)
        for arm in step.arms:
            if arm.weight > 0 and (arms == arm.code).any():
                found = _within(answers, arms == arm.code)
                yield GroupReliability(By.ARM, step.code, arm.code, found)
    # Where the rows are first vignettes, who came to none has no row.
    whole = rows is data.people or data.stack is None
    places = np.arange(data.n) if whole else np.unique(np.array(data.stack.of))  # type: ignore[union-attr]
    for by, facts in ((By.LANGUAGE, languages), (By.DEVICE, devices)):
        told = np.array(facts, dtype=np.str_)[places]
        for group in np.unique(told[told != ""]).tolist():
            yield GroupReliability(by, "", group, _within(answers, told == group))


def _within(answers: Floats, rows: npt.NDArray[np.bool_]) -> Found[Reliability]:
    mine = answers[rows]
    n = int((~np.isnan(mine).any(axis=1)).sum())
    if n < FEW:
        detail = f"{n} complete rows; a group needs {FEW}."
        return Found(why_not=NotEstimable(Reason.TOO_FEW_ROWS, detail))
    return Found.of(reliability(mine))
