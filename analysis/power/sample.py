"""PURE: one drawn study, as the analysis reads a study's answers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from analysis.dataset import Dataset, Stack
from analysis.power.columns import Column, Places, as_coded
from experiments.design import Design, Method
from responses.coded import CodedSteps

Columns = Mapping[str, Column]


@dataclass(frozen=True, eq=False)
class Judged:
    """What was judged, where a deck dealt each participant `draws` vignettes.

    `answers` and `arms` have a row for each vignette, a participant's one after the other.
    """

    deck: str
    draws: int
    answers: Columns
    arms: Column

    def at(self, people: Places) -> "Judged":
        """The vignettes of these participants."""
        rows = (people[:, None] * self.draws + np.arange(self.draws)).ravel()
        answers = {code: given.at(rows) for code, given in self.answers.items()}
        return replace(self, answers=answers, arms=self.arms.at(rows))


@dataclass(frozen=True, eq=False)
class Sample:
    """One drawn study: those who are analysed, in the order of their completion.

    `answers` are their codes by item, `arms` theirs by randomisation, but for a deck's, which are
    in `judged`. `allocated` were given an arm, those who were lost included.
    """

    design: Design
    answers: Columns
    arms: Columns
    allocated: int
    judged: Judged | None = None

    def first(self, n: int) -> Dataset:
        """The data set of the first n, a row for each vignette where they judged several."""
        people = Dataset(self.design, as_coded(self.answers, n), self._held(self.arms, n))
        if self.judged is None:
            return people
        judged, of = self.judged, np.repeat(np.arange(n), self.judged.draws)
        once = {code: given.at(of) for code, given in self.answers.items()}
        arms = {code: given.at(of) for code, given in self.arms.items()}
        return Dataset(
            self.design,
            as_coded(once | {**judged.answers}, len(of)),
            self._held(arms | {judged.deck: judged.arms}, len(of), of),
            Stack(judged.deck, tuple(of.tolist()), people),
        )

    def _held(self, arms: Columns, n: int, of: Places | None = None) -> CodedSteps:
        """What the first n rows hold of each randomisation; `of` are their participants."""
        held = CodedSteps({} for _ in range(n))
        for step in self.design.randomisations:
            if step.code not in arms:
                continue
            kept = {"arm": arms[step.code]}
            if step.cluster and step.method is not Method.DECK:
                cluster = self.answers[step.cluster]
                kept["cluster"] = cluster if of is None else cluster.at(of)
            held.steps[step.code] = as_coded(kept, n)
        return held
