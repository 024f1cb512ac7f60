"""The designs that a rehearsal must be able to run: those that ship, and those of the tests."""

from dataclasses import replace
from pathlib import Path

from experiments.design import Design, Parameter
from experiments.studyfile import parse
from tests.changed import changed
from tests.decks import deck_design
from tests.designs import small
from tests.responses.every_kind import kinds_design
from tests.responses.walks.designs import random_design

STUDIES = Path(__file__).parents[2] / "studies"


def _shipped(path: Path) -> Design:
    design = parse(path.read_text()).design
    assert design
    return design


def _by_school() -> Design:
    """Everybody of a school gets one arm."""
    parameters = (Parameter("school", "school", required=True),)
    return changed(
        small(study="schools"),
        {
            "parameters": parameters,
            "randomisations[0].cluster": "school",
            "randomisations[0].strata": (),
        },
    )


EVERY = (
    *(_shipped(path) for path in sorted(STUDIES.glob("*.yaml")) if ".truth" not in path.name),
    small(),
    small(study="meadow", rewards=3),
    deck_design(),
    replace(kinds_design(), study="kinds"),
    _by_school(),
    changed(small(study="care"), {"plan.outcome": "care", "plan.outcome_sd": 0.8}),
    random_design(1),
    random_design(2),
)
