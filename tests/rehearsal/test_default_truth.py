"""A truth from the design alone lets people answer any study to its end."""

import pytest

from experiments.design import Design
from rehearsal.default_truth import default_truth
from rehearsal.population import Population
from tests.rehearsal.every_design import EVERY
from tests.rehearsal.walking import walked


@pytest.mark.parametrize("design", EVERY, ids=lambda design: design.study)
def test_default_truth_answers_any_design_without_a_fault(design: Design) -> None:
    population = Population(design, default_truth(design), 15, 1)
    assert [fault for person in range(15) for fault in walked(population, person)[1]] == []
    pages = [page.code for page in population.met.pages]
    assert all(population.leaves(page, {}).shape == (15,) for page in pages)
    assert all((population.seconds(page) >= 1).all() for page in pages)
