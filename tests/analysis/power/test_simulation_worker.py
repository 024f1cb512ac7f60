"""Simulations on a real worker: killed in the middle, and gone on with by another."""

import os
import signal
from pathlib import Path

import pytest

from analysis.models import SimulationEnd
from analysis.power import ordering
from analysis.power.runs import run_of
from analysis.power.simulating import simulated
from experiments.rowwriting import write_rows
from experiments.studyrows import read_rows
from tests.analysis.power.test_simulations import ASSUMED, ordered
from tests.analysis.test_look_under_failure import until, worker
from tests.analysis.test_reach_page import planned


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_simulation_whose_worker_is_killed_is_gone_on_with_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPROD_SWEEP_SECONDS", "0.5")
    monkeypatch.setattr(ordering, "DRAWN_TOGETHER", 600)
    study = write_rows(design=planned())
    simulation = ordered(study, repeats=300)
    with worker(tmp_path / "first") as killed:
        until(simulation.done.exists)
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait()
    before = list(simulation.done.values_list("number", "done_at"))
    assert 0 < len(before) < simulation.batches
    with worker(tmp_path / "second"):
        until(SimulationEnd.objects.filter(simulation=simulation).exists)
    run = run_of(simulation)
    assert run.counts is not None
    whole = simulated(read_rows(study), ASSUMED, 3, range(300))
    assert {c: each.rejected for c, each in run.counts.contrasts.items()} == {
        c: each.rejected for c, each in whole.contrasts.items()
    }
    assert (run.counts.ended, run.counts.some) == (whole.ended, whole.some)
    # What the first worker had committed was not done again.
    assert list(simulation.done.values_list("number", "done_at"))[: len(before)] == before
