"""The shipped study rehearsed by the hundred: as its truth says, with an effect planted, with none.

`python -m tests.rehearsal.shipped_studies` rehearses them on all processors and writes
`shipped_studies.json`; tests hold the file against the plan's power analysis, and repeat its first
studies.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from math import sqrt
from pathlib import Path
from typing import Any

from analysis import estimation
from analysis.contrasts import plan_contrasts
from analysis.statistics.clustered import ClusteredMeans
from analysis.statistics.effects import contrast
from analysis.statistics.estimate import NotEstimable
from experiments.design import Design
from rehearsal.often import TOGETHER, Often, processors, run
from rehearsal.population import Population
from rehearsal.replicate_counts import (
    Replicated,
    replicated_from_builtins,
    replicated_to_builtins,
)
from rehearsal.replicate_data import dataset
from rehearsal.replicates import Rehearsed, rehearsed, replicated
from rehearsal.truth import Truth
from rehearsal.truth_file import parse_truth
from rehearsal.walk import walked
from tests.simulation.simulated import STUDY, shipped_design

RESULT = Path(__file__).parent / "shipped_studies.json"
TRUTH = STUDY.with_name("coproduction.truth.yaml")
SEED = 20261126
STUDIES = {"shipped": 200, "planted": 200, "null": 1000}
# Points of monetary rewards against none, the others doing nothing.
PLANTED = 0.35
# Deviation and R² are measured in so many people.
MEASURED = 40_000


@dataclass(frozen=True)
class Measured:
    """The outcome's deviation within arms, and the share of its variance that covariates explain.

    As the standard errors of the shipped plan's estimates have them, in very many people.
    """

    sd: float
    r2: float


@cache
def shipped_truth() -> Truth:
    """The truth that ships."""
    found = parse_truth(TRUTH.read_bytes(), shipped_design()).truth
    if found is None:
        raise ValueError("The shipped truth can't be read.")
    return found


def variant(name: str) -> Rehearsed:
    """The shipped study with the truth of that name."""
    truth, outcome = shipped_truth(), shipped_design().plan.outcome
    effects: Mapping[str, Mapping[str, float]] = {
        "shipped": truth.effects,
        "planted": {outcome: {"reward.monetary": PLANTED}},
        "null": {},
    }[name]
    return rehearsed(shipped_design(), replace(truth, effects=effects))


def measured(design: Design, truth: Truth, n: int = MEASURED) -> Measured:
    """What a power analysis would be told of these people."""
    study = walked(design, Population(design, truth, n, SEED), b"measured")
    means, _adjustment = estimation.arm_means(dataset(study, study.order))
    both, row = means["main"], plan_contrasts(design)[0].rows[0]
    errors = []
    for each in (both.unadjusted, both.adjusted):
        if isinstance(each, ClusteredMeans):
            raise TypeError("Nobody comes in clusters.")
        found = contrast(each, row.weights, alpha=0.05)
        if isinstance(found, NotEstimable):
            raise ValueError(found.detail)
        errors.append(found.se)
    weights = sum(weight**2 for weight in row.weights)
    rows = len(study.order) / len(row.weights)
    return Measured(errors[0] / sqrt(weights / rows), 1 - (errors[1] / errors[0]) ** 2)


def committed(name: str) -> Replicated:
    """What the committed run counted."""
    return replicated_from_builtins(json.loads(RESULT.read_text())["variants"][name]["counts"])


def main(times: float) -> None:
    """Rehearses them, that many times as often, and writes what was counted."""
    told = measured(shipped_design(), variant("null").truth)
    variants: dict[str, Any] = {}
    for name, studies in STUDIES.items():
        what = variant(name)
        often = Often(what, SEED, round(studies * times), processes=processors())
        print(name, file=sys.stderr)
        found = run(often, partial(print, file=sys.stderr))
        variants[name] = {
            **often.identity,
            "counts": replicated_to_builtins(found),
            "first": replicated_to_builtins(replicated(what, SEED, range(TOGETHER))),
        }
    written = {
        "made_by": "python -m tests.rehearsal.shipped_studies",
        "measured": {"sd": told.sd, "r2": told.r2},
        "variants": variants,
    }
    RESULT.write_text(json.dumps(written) + "\n")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)
