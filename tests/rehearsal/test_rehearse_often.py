"""`manage.py rehearse_often`."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from experiments.rowwriting import write_rows
from rehearsal.truth_file import dump_truth
from tests.changed import changed
from tests.designs import small
from tests.rehearsal.many_designs import TRUTH, toward_completes

pytestmark = pytest.mark.django_db

FEW = ("--studies", "2", "--n", "30", "--processes", "1")


def told(*arguments: object) -> tuple[str, str]:
    """What the command prints, and what it says beside it."""
    out, err = StringIO(), StringIO()
    call_command("rehearse_often", "park", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_command_rehearses_a_study_that_is_still_edited(tmp_path: Path) -> None:
    write_rows(design=changed(small(), {"plan.associations": ("motive",)}))
    printed, beside = told(*FEW, "--seed", "5")
    assert printed.startswith("# park: 2 rehearsed studies\n")
    assert beside.splitlines() == ["0 of 2 studies", "2 of 2 studies"]
    truth, folder = tmp_path / "truth.yaml", tmp_path / "out"
    truth.write_text(dump_truth(replace(TRUTH, clusters={})))
    first = told(*FEW, "--seed", "5", "--truth", truth, "--output", folder, "--goes-on")
    assert first[0] == f"{folder / 'rehearsal.md'}\n"
    assert sorted(each.name for each in folder.iterdir()) == [
        *("batches", "counts.json", "effects.svg", "looks.svg", "rehearsal.json", "rehearsal.md"),
    ]
    numbers = json.loads((folder / "counts.json").read_text())
    assert numbers["planted"] == {"money_vs_none": [0.5], "reward_by_voice": [0.0]}
    assert numbers["counts"]["counts"]["ended"] == [0, 2]
    # What is done is not done again.
    again = told(*FEW, "--seed", "5", "--truth", truth, "--output", folder, "--goes-on")
    assert again[1].splitlines() == ["2 of 2 studies"]
    assert json.loads((folder / "counts.json").read_text()) == numbers


def test_command_says_why_nothing_is_rehearsed(tmp_path: Path) -> None:
    write_rows(design=small())
    truth = tmp_path / "truth.yaml"
    truth.write_text("traits:\n  joy: {mean: 1, sd: 1}\n")
    with pytest.raises(CommandError, match=r"Nobody can be like that:\n.*truth\.yaml:2: "):
        told(*FEW, "--truth", truth)
    with pytest.raises(CommandError, match="There are 1 to 100,000 studies"):
        told("--studies", "0")
    write_rows(design=changed(toward_completes(), {"study": "coins"}))
    with pytest.raises(CommandError, match="main looks back at who has completed"):
        call_command("rehearse_often", "coins")
