"""The short forms of `make chaos`: faults, each once, under people who answer a real site."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from coprod_site.embedded import ROOT
from tests.chaos.faults import FAULTS, SHORT
from tests.chaos.table import NAMES, TABLE, results, table

# What everybody meets sooner or later, and what takes least.
EVERY_TIME = ("web", "postgres", "lines")


def run(folder: Path, *arguments: str) -> dict[str, object]:
    """The report of a run with these arguments."""
    report = folder / "report.json"
    command = [sys.executable, "-m", "tests.chaos", "--short", "--rounds", "1", "--seed", "7"]
    done = subprocess.run(
        [*command, "--at-once", "4", "--output", str(report), *arguments],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert report.exists(), done.stdout[-4000:] + done.stderr[-4000:]
    return dict(json.loads(report.read_text()))


def verdict(report: Mapping[str, object]) -> dict[str, object]:
    """What has to be the same whatever came in between."""
    names = ("lost", "doubled", "changed", "wrong", "holds")
    return {name: report[name] for name in names}


WHOLE = {"lost": 0, "doubled": 0, "changed": 0, "wrong": [], "holds": True}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_nothing_is_lost_when_parts_die_and_lines_break(tmp_path: Path) -> None:
    # That worker and beat come back is asked of the other faults.
    report = run(tmp_path, "--people", "--only", ",".join(EVERY_TIME))
    assert verdict(report) == WHOLE
    assert report["found"] == report["acknowledged"] > 0  # type: ignore[operator]


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_nothing_is_lost_by_any_other_fault(tmp_path: Path) -> None:
    others = [name for name in SHORT if name not in EVERY_TIME]
    report = run(tmp_path, "--only", ",".join(others))
    assert verdict(report) == WHOLE
    assert report["found"] == report["acknowledged"] > 0  # type: ignore[operator]


def test_every_fault_has_its_words() -> None:
    assert set(NAMES) == set(FAULTS)


def test_docs_have_the_table_of_the_runs_on_record() -> None:
    """`python -m tests.chaos --docs` puts a run there."""
    assert TABLE.read() == table(results())


def test_runs_on_record_lost_nothing_with_every_fault_in_them() -> None:
    assert results()
    for report in results():
        assert verdict(report) == WHOLE
        assert report["found"] == report["acknowledged"] > 0
        assert {each["fault"] for each in report["faults"]} == set(FAULTS)
        assert {tuple(each["wrong"]) for each in report["faults"]} == {()}
        assert not report["short"]
