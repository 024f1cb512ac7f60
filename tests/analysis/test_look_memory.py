"""What a look takes of memory: so many bytes a participant, and no library that it never needs."""

import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from typing import TypeVar

import pytest
from django.db import transaction

from analysis import audit
from analysis.eligibility import eligible
from analysis.look import analyse
from analysis.schedule import standing_of
from benchmarks.looks.people import due_study
from benchmarks.product import STUDY
from coprod_site.embedded import ROOT
from experiments.launch import launch
from experiments.rowwriting import write_rows
from experiments.studyfile import parse
from responses.cut import take_cut

T = TypeVar("T")

# With so many the redraws of a randomisation test have all the memory that they ever get.
FEW, MANY = 52_000, 72_000
# Bytes for each participant: what stays of the cut, and what each step takes for a while beside it.
KEPT, CUT, INTEGRITY, ANALYSIS = 60, 70, 80, 140


def measured(work: Callable[[], T]) -> tuple[T, int, int]:
    """What the work gives, how much memory it keeps, and how much more it took at most."""
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    found = work()
    kept, most = tracemalloc.get_traced_memory()
    return found, kept - before, most - before


def taken(n: int) -> tuple[int, int, int, int]:
    """Bytes that the cut of a look of n participants keeps, and that its steps take at most."""
    study = due_study(n)
    standing = standing_of(study_id=study.pk, mode="live", recount=True)
    assert standing is not None
    assert standing.due is not None
    due, version = standing.due, standing.version
    with transaction.atomic():
        cut, kept, cutting = measured(
            lambda: take_cut(
                study_id=study.pk,
                mode=due.mode,
                number=due.number,
                eligible=eligible(version.design),
                size=due.size,
            )
        )
    assert len(cut) == n
    integrity, _, testing = measured(lambda: audit.tested_by_a_look(study, due.mode, cut))
    _, _, analysing = measured(
        lambda: analyse(version.written, cut, standing, due, integrity, bytes(32))
    )
    return kept, cutting, testing, analysing


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_look_takes_so_many_bytes_a_participant() -> None:
    design = parse((ROOT / "studies" / f"{STUDY}.yaml").read_bytes()).design
    assert design is not None
    launch(study=write_rows(design=design))
    tracemalloc.start()
    try:
        few, many = taken(FEW), taken(MANY)
    finally:
        tracemalloc.stop()
    grown = [(b - a) / (MANY - FEW) for a, b in zip(few, many, strict=True)]
    most = (KEPT, CUT, INTEGRITY, ANALYSIS)
    assert all(each <= bound for each, bound in zip(grown, most, strict=True)), grown


def test_worker_does_without_the_libraries_that_no_look_needs() -> None:
    heavy = ("scipy.stats", "scipy.integrate", "pandas", "pyarrow", "statsmodels", "matplotlib")
    program = (
        "import sys, django; django.setup(); import analysis.tasks, rehearsal.tasks;"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    # The program is ours.
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert done.stdout == "[]\n"
