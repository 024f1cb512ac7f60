"""A truth from the design alone lets people answer any study to its end."""

from pathlib import Path

import pytest

from experiments.design import Design
from experiments.studyfile import parse
from rehearsal.default_truth import default_truth
from rehearsal.population import Population
from tests.decks import deck_design
from tests.designs import small
from tests.rehearsal.walking import walked

STUDIES = Path(__file__).parents[2] / "studies"


def _shipped(name: str) -> Design:
    design = parse((STUDIES / name).read_text()).design
    assert design
    return design


@pytest.mark.parametrize(
    "design",
    [
        *(
            _shipped(path.name)
            for path in sorted(STUDIES.glob("*.yaml"))
            if "truth" not in path.name
        ),
        small(),
        small(rewards=3),
        deck_design(),
    ],
    ids=lambda design: design.study,
)
def test_default_truth_answers_any_design_without_a_fault(design: Design) -> None:
    population = Population(design, default_truth(design), 15, 1)
    assert [fault for person in range(15) for fault in walked(population, person)[1]] == []
    pages = [page.code for page in population.met.pages]
    assert all(population.leaves(page, {}).shape == (15,) for page in pages)
    assert all((population.seconds(page) >= 1).all() for page in pages)
