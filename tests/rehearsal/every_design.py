"""The designs that a rehearsal must be able to run: those that ship, and those of the tests."""

from pathlib import Path

from experiments.design import Design
from experiments.studyfile import parse
from tests.decks import deck_design
from tests.designs import small

STUDIES = Path(__file__).parents[2] / "studies"


def _shipped(path: Path) -> Design:
    design = parse(path.read_text()).design
    assert design
    return design


EVERY = (
    *(_shipped(path) for path in sorted(STUDIES.glob("*.yaml")) if ".truth" not in path.name),
    small(),
    small(study="meadow", rewards=3),
    deck_design(),
)
