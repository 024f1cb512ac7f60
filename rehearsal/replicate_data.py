"""PURE: a study that was walked through, as the data sets that its looks read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isnan, nan

import numpy as np

from analysis.contrasts import plan_contrasts
from analysis.dataset import Dataset
from analysis.power.assumptions import drawn_arms
from analysis.power.columns import Column, Places, as_coded
from analysis.power.sample import Sample
from analysis.stacking import judged_deck, stacked
from experiments.design import Design, Method, Randomisation
from experiments.expansion import dealt
from rehearsal.alike import kinds, put_together
from rehearsal.walk import Walked
from responses import coded
from responses.coded import ABSENT, Coded, CodedSteps


@dataclass(frozen=True, eq=False, kw_only=True)
class Replicate(Sample):
    """A study whose looks can be made: those that count, in the order of their completion."""

    walked: Walked

    def first(self, n: int) -> Dataset:
        """The data set of the first n."""
        return dataset(self.walked, self.walked.order[:n])


def replicate(study: Walked) -> Replicate:
    """The study as the simulation of looks takes it."""
    return Replicate(
        design=study.design,
        answers=study.answers,
        arms=study.arms,
        allocated=int(study.treated.sum()),
        walked=study,
    )


def dataset(study: Walked, rows: Places) -> Dataset:
    """The data set of these people, in that order."""
    n = len(rows)
    answers = as_coded({code: column.at(rows) for code, column in study.answers.items()}, n)
    held = CodedSteps({} for _ in range(n))
    held.steps.update({code: _held(study, code, rows) for code in study.arms})
    if judged_deck(study.design):
        return stacked(study.design, answers, held)
    return Dataset(study.design, answers, held)


def _held(study: Walked, code: str, rows: Places) -> Coded:
    """What these people have of a randomisation: arm, levels, cluster."""
    arms, n = study.arms[code].at(rows), len(rows)
    if (clusters := study.clusters.get(code)) is None:
        found = as_coded({"arm": arms}, n)
    else:
        found = as_coded({"arm": arms, "cluster": clusters.at(rows)}, n)
    if code in dealt(study.design):
        # Only rows of vignettes are asked for the levels that they hold.
        levels = levels_by_arm(study, code)
        found.columns["levels"] = column = coded.Column()
        column.values = [levels[arm] for arm in arms.codes]
        column.places = found.columns["arm"].places
    return found


def levels_by_arm(study: Walked, code: str) -> Mapping[str, Mapping[str, str]]:
    """The levels of each arm of a randomisation as participants meet it."""
    step = next(each for each in study.people.met.randomisations if each.code == code)
    return {arm.code: dict(zip(step.factors, arm.levels, strict=True)) for arm in step.arms}


def effects_there(study: Walked, rows: Places) -> Mapping[str, tuple[float, ...]]:
    """The plan's contrasts in these people, by what each would answer in every arm.

    Without those of decks, of an outcome that is asked for each vignette, or of nobody.
    """
    design = study.design
    if judged_deck(design):
        return {}
    steps = {s.code: s for s in design.randomisations if s.method is not Method.DECK}
    means: dict[str, list[float]] = {}
    found = {}
    for contrast in plan_contrasts(design):
        if (step := steps.get(contrast.randomisation)) is None:
            continue
        if step.code not in means:
            means[step.code] = [*_means_if(study, step, rows)]
        if any(map(isnan, means[step.code])):
            continue
        found[contrast.code] = tuple(
            sum(w * m for w, m in zip(row.weights, means[step.code], strict=True))
            for row in contrast.rows
        )
    return found


def _means_if(study: Walked, step: Randomisation, rows: Places) -> Iterator[float]:
    """The mean outcome of these people if each arm that is drawn were given to all of them."""
    others = [code for code in study.arms if code != step.code and code not in dealt(study.design)]
    columns = [study.arms[code].places[rows] for code in others]
    for arm in drawn_arms(step):
        own = dict(zip(step.factors, arm.levels, strict=True))
        said: dict[str, Column] = {}
        for item in study.design.outcome_items:
            parts = []
            for kind, here in kinds(columns, len(rows)):
                levels = dict(own)
                for code, place in zip(others, kind, strict=True):
                    if place != ABSENT:
                        levels |= levels_by_arm(study, code)[study.arms[code].codes[place]]
                parts.append((rows[here], study.people.answers(item.code, levels)))
            said[item.code] = put_together(parts, study.people.n).at(rows)
        yield _mean(study.design, said, len(rows))


def _mean(design: Design, said: Mapping[str, Column], n: int) -> float:
    outcome = Dataset(design, as_coded(said, n), CodedSteps({} for _ in range(n))).outcome
    there = outcome[~np.isnan(outcome)]
    return float(there.mean()) if len(there) else nan
