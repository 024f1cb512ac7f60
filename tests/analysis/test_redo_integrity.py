"""The scripts of a look redo how people came and whether the randomisation came through."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.results import from_builtins
from experiments.design import Design
from experiments.launch import close, launch
from experiments.models import Study
from experiments.rowwriting import write_rows
from responses.models import Allocation
from tests.analysis.redoing import arriving, redone, redone_whole
from tests.analysis.studies import launched, spend
from tests.analysis.test_look_of_clusters import of_schools
from tests.changed import changed
from tests.decks import deck_design
from tests.designs import small

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PROGRAMS = ["python", *(["R"] if shutil.which("Rscript") else [])]
PLAN = {"plan.covariates": ("motive", "education"), "plan.sample_size": 100, "plan.looks": (0.5, 1)}


@pytest.mark.parametrize("program", PROGRAMS)
def test_script_redoes_flow_and_integrity_of_two_versions_at_both_looks(
    program: str, tmp_path: Path
) -> None:
    study = launched(changed(small(), PLAN))
    arriving(study, 70)
    renamed = changed(small(), PLAN | {"title": {"en": "Another", "ko": "다른"}})
    study = launch(study=write_rows(design=renamed), reason="A title").study
    arriving(study, 40, start=70)
    first = spend(study, 1)
    arriving(study, 150, start=110)
    study = close(study=Study.objects.get(pk=study.pk))
    last = spend(study, 2)
    for look, few in ((first, True), (last, False)):
        look.refresh_from_db()
        ((step,), flow) = (from_builtins(look.results).integrity or (), look.results["flow"])
        omnibus = step.balances[0].omnibus.value
        assert omnibus
        assert (step.versions, omnibus.draws is not None) == ((1, 2), few)
        assert min(flow["states"].values()) > 2 < flow["excluded"]
        redone_whole(program, look, study, tmp_path)


def reusing() -> Design:
    """Unequal weights, and positions of who never saw the vignette are given again."""
    weights = {f"randomisations[0].arms[{at}].weight": w for at, w in enumerate((2, 1, 1, 2))}
    step = {"block_sizes": (6, 12), "reuse_after_minutes": 60}
    return changed(small(), weights | {f"randomisations[0].{key}": v for key, v in step.items()})


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("design", [reusing, of_schools, deck_design])
def test_script_redoes_integrity_of_odd_randomisations(
    design: Callable[[], Design], program: str, tmp_path: Path
) -> None:
    study = launched(changed(design(), {"plan.covariates": ("motive",), "plan.sample_size": 120}))
    arriving(study, 90)
    again = Allocation.objects.exclude(releases=None).exists()
    assert again == (design is reusing)
    look = spend(close(study=study), 2)
    redone_whole(program, look, study, tmp_path)
    assert "/omnibus/" in (tmp_path / "again.csv").read_text() or design is of_schools


@pytest.mark.parametrize("program", PROGRAMS)
def test_script_without_a_ledger_says_what_it_leaves_out(program: str, tmp_path: Path) -> None:
    study = launched(changed(small(), PLAN))
    arriving(study, 110)
    look = spend(study, 1)
    code, told = redone(program, look, study, tmp_path)
    assert (code, "2 numbers of the randomisation need the ledger, ledger.csv" in told) == (0, True)
