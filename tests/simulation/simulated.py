"""Studies in which nothing that is varied does anything, as arrays that the look's code analyses.

Arms come from the real lists of permuted blocks. Answers are drawn on the instrument's own grid:
willingness is the mean of four answers from 1 to 7 and goes along with public service motivation,
the mean of sixteen from 1 to 5. Demographics are the shipped study's columns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from analysis.dataset import Dataset
from analysis.statistics.estimate import Floats
from analysis.statistics.lookup import Column
from experiments.answers import Answers
from experiments.design import Design, Measure, Missing, Randomisation
from experiments.randomisation import list_draws
from experiments.studyfile import parse

STUDY = Path(__file__).parents[2] / "studies" / "coproduction.yaml"


@cache
def shipped_design() -> Design:
    """The shipped study."""
    design = parse(STUDY.read_text()).design
    if design is None:
        raise ValueError("The shipped study can't be read.")
    return design


@dataclass(frozen=True, eq=False)
class Simulated(Dataset):
    """A data set whose columns are drawn instead of read from answers."""

    drawn: Mapping[str, Floats] = field(default_factory=dict)
    given: Mapping[str, npt.NDArray[np.str_]] = field(default_factory=dict)

    @property
    def outcome(self) -> Floats:
        """The plan's outcome (n,)."""
        return self.drawn[self.design.plan.outcome]

    @property
    def n(self) -> int:
        """How many participants."""
        return len(self.outcome)

    def arms(self, randomisation: str) -> npt.NDArray[np.str_]:
        """Each participant's arm (n,)."""
        return self.given[randomisation]

    def places(self, randomisation: str, arms: Sequence[str]) -> npt.NDArray[np.int16]:
        """The place (n,) of each participant's arm among those arms."""
        place = {arm: number for number, arm in enumerate(arms)}
        drawn = self.given[randomisation].tolist()
        return np.array([place.get(arm, -1) for arm in drawn], dtype=np.int16)

    def clusters(self, *steps: Randomisation) -> None:
        """Each row is for itself."""

    def columns(self, codes: Sequence[str]) -> dict[str, Column]:
        """The drawn columns of these variables."""
        return {
            name: values
            for code in codes
            for name, values in self.drawn.items()
            if name.partition("=")[0] == code
        }

    def first(self, n: int) -> "Simulated":
        """The first n participants."""
        return replace(
            self,
            drawn={name: values[:n] for name, values in self.drawn.items()},
            given={code: arms[:n] for code, arms in self.given.items()},
        )


def null_study(design: Design, number: int, *, seed: int) -> Simulated:
    """Study number `number` of the seed: as many as the plan wants, and no effect of any arm."""
    rng = np.random.default_rng([seed, number])
    n = design.plan.sample_size
    motive = rng.standard_normal(n)
    drawn = {"psm": _scale(motive, items=16, options=5, shared=0.6, spread=1.0, rng=rng)}
    for code in design.plan.covariates:
        if code != "psm":
            drawn |= _item(design, code, n, rng)
    will = 0.4 * motive + np.sqrt(1 - 0.4**2) * rng.standard_normal(n)
    drawn[design.plan.outcome] = _scale(will, items=4, options=7, shared=0.7, spread=1.8, rng=rng)
    return Simulated(design, (), (), drawn=drawn, given=_arms(design, n, rng))


def _scale(
    trait: Floats,
    *,
    items: int,
    options: int,
    shared: float,
    spread: float,
    rng: np.random.Generator,
) -> Floats:
    """The mean of items that share a trait, each answered from 1 to `options`.

    `spread` is an item's standard deviation before it is rounded and cut off at the ends.
    """
    own = rng.standard_normal((len(trait), items))
    latent = shared * trait[:, None] + np.sqrt(1 - shared**2) * own
    answers = np.clip(np.round((options + 1) / 2 + spread * latent), 1, options)
    return np.asarray(answers.mean(axis=1), dtype=np.float64)


def _item(design: Design, code: str, n: int, rng: np.random.Generator) -> dict[str, Floats]:
    """A demographic: its number, or a column for each option but the first."""
    item = design.item(code)
    options = design.options(item)
    if item.measure is Measure.NOMINAL:
        chosen = rng.integers(len(options), size=n)
        return {
            f"{code}={option.code}": (chosen == place).astype(np.float64)
            for place, option in enumerate(options)
            if place
        }
    numbers = np.array([float(each.code) for each in options if each.missing is Missing.NONE])
    return {code: numbers[rng.integers(len(numbers), size=n)]}


def _arms(design: Design, n: int, rng: np.random.Generator) -> dict[str, npt.NDArray[np.str_]]:
    found = {}
    for step in design.randomisations:
        codes = np.array([arm.code for arm in step.arms])
        weights = [arm.weight for arm in step.arms]
        draws = list_draws(step.method, rng.bytes(32), weights, step.block_sizes)
        found[step.code] = codes[[draw.arm for draw in islice(draws, n)]]
    return found


def answers_of(data: Simulated, place: int) -> Answers:
    """Answers of the shipped study that give this participant's drawn columns."""
    design = data.design
    answers: dict[str, str] = {}
    for code in ("psm", design.plan.outcome):
        items = design.scale_items(code)
        options = [int(option.code) for option in design.options(items[0])]
        total = round(float(data.drawn[code][place]) * len(items))
        for at, item in enumerate(items):
            # As evenly as whole numbers can be.
            value = (total + at) // len(items)
            turned = min(options) + max(options) - value if item.reverse else value
            answers[item.code] = str(turned)
    for code in design.plan.covariates:
        if code != "psm":
            answers[code] = _chosen(data, code, place)
    return answers


def _chosen(data: Simulated, code: str, place: int) -> str:
    if code in data.drawn:
        return f"{data.drawn[code][place]:.0f}"
    options = data.design.options(data.design.item(code))
    chosen = [o.code for o in options[1:] if data.drawn[f"{code}={o.code}"][place]]
    return chosen[0] if chosen else options[0].code
