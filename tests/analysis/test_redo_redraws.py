"""The Python script of a look draws the arms anew as the look did."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from experiments.design import Method
from responses.allocation import Basis, allocate
from responses.models import State
from tests.analysis.redoing import redone, redone_whole
from tests.analysis.studies import START, answers, complete, launched, spend
from tests.analysis.test_robustness import minimising
from tests.changed import changed
from tests.designs import small
from tests.responses.ledger import holder_of, list_of, people


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("method", "size"),
    [
        (Method.SIMPLE, 40),
        (Method.COMPLETE, 40),
        (Method.TOWARD_COMPLETES, 40),
        # So few that all orders of the arms are gone through.
        (Method.TOWARD_COMPLETES, 8),
    ],
)
def test_python_script_draws_the_arms_anew_by_other_methods(
    method: Method, size: int, tmp_path: Path
) -> None:
    step: dict[str, Any] = {"method": method, "strata": (), "block_sizes": ()}
    if method is Method.COMPLETE:
        arms = small().randomisations[0].arms
        step["arms"] = tuple(replace(arm, weight=10) for arm in arms)
    changes = {f"randomisations[0].{name}": value for name, value in step.items()}
    design = changed(small(), {**changes, "plan.sample_size": size, "plan.looks": (1.0,)})
    study = launched(design)
    for place, person in enumerate(complete(study, size)):
        person.assignments["main"]["stratum"] = f"of {place // (size // 4)}"
        person.save()
    look = spend(study, 1)
    redone_whole("python", look, study, tmp_path)
    assert "/redraws/p_upper," in (tmp_path / "again.csv").read_text()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_python_script_says_that_it_minimises_nobody_again(tmp_path: Path) -> None:
    study = launched(minimising())
    for place, person in enumerate(people(study, 20)):
        basis = Basis("gender=woman")
        given = allocate(holder=holder_of(person), name=list_of(study, ""), basis=basis)
        assert given
        person.answers, person.assignments = answers(place), given
        person.page, person.state = "thanks", State.COMPLETED
        person.completed_at = person.ended_at = START + timedelta(minutes=place)
        person.save()
    look = spend(study, 1)
    code, told = redone("python", look, study, tmp_path)
    assert (code, "numbers of redraws need everybody whom minimisation" in told) == (0, True), told
