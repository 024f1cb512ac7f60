"""The Python script of a look draws the arms anew as the look did."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analysis.models import Look
from analysis.results import from_builtins
from analysis.robustness_results import Redrawn
from experiments.design import Distance, Method
from experiments.launch import close
from tests.analysis.redoing import arriving, redone, redone_whole
from tests.analysis.studies import complete, launched, spend
from tests.analysis.test_robustness import minimising
from tests.changed import changed
from tests.designs import small


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
@pytest.mark.parametrize("distance", list(Distance))
def test_python_script_minimises_everybody_of_the_ledger_again(
    distance: Distance, tmp_path: Path
) -> None:
    weights = {f"randomisations[0].arms[{at}].weight": w for at, w in enumerate((2, 1, 3, 2))}
    step = {"randomisations[0].distance": distance, "plan.sample_size": 60, "plan.looks": (1.0,)}
    study = launched(changed(minimising(), step | weights))
    # So many that each arm has people who completed, though one is given to every eighth alone.
    arriving(study, 110)
    look = spend(close(study=study), 1)
    found = from_builtins(Look.objects.get(pk=look.pk).results).robustness
    assert found
    test = found.rows[0].randomisation.value
    assert test
    assert test.how == Redrawn.MINIMISED
    redone_whole("python", look, study, tmp_path)
    assert "/redraws/p_upper," in (tmp_path / "again.csv").read_text()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_python_script_says_that_minimising_again_takes_the_ledger(tmp_path: Path) -> None:
    study = launched(changed(minimising(), {"plan.sample_size": 40}))
    # Of 60 people 24 complete and are eligible whatever arms they get: the look is due at 20.
    arriving(study, 60)
    look = spend(study, 1)
    code, told = redone("python", look, study, tmp_path)
    assert (code, "whom minimisation looked back on, ledger.csv" in told) == (0, True), told
