"""Rehearsals of the shipped study over HTTP: nothing is lost, and every number is the twin's."""

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from coprod_site.embedded import ROOT
from experiments.launch import launch
from experiments.models import Status, Study
from experiments.studyfile import parse
from rehearsal.default_truth import default_truth
from rehearsal.rehearsing import Play, rehearse
from rehearsal.report import markdown, verdict
from rehearsal.truth import Leaving, Truth
from rehearsal.truth_file import dump_truth, parse_truth
from tests.designs import small
from tests.processes import Process
from tests.responses.studies import launched

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
STUDY = ROOT / "studies" / "coproduction.yaml"
TRUTH = ROOT / "studies" / "coproduction.truth.yaml"
CARRIED = "Nothing was lost, doubled or changed, and every number is that of the twin."


def shipped() -> tuple[Study, Truth]:
    """The shipped study, launched, and its truth."""
    design = parse(STUDY.read_bytes()).design
    assert design
    truth = parse_truth(TRUTH.read_bytes(), design).truth
    assert truth
    return launched(design), truth


def test_rehearsal_with_mishaps_ends_as_its_twin(live_site: str, tmp_path: Path) -> None:
    study, truth = shipped()
    file, report, out = tmp_path / "truth.yaml", tmp_path / "report.md", StringIO()
    truth = replace(
        truth,
        languages={"en": 0.5, "ko": 0.5},
        duplicates=0.15,
        leaving=Leaving(each=0.02, back=0.5),
    )
    file.write_text(dump_truth(truth))
    ask = {"n": 60, "truth": file, "url": live_site, "in_flight": 6, "report": report}
    call_command("rehearse", study.slug, **ask, stdout=out)
    assert out.getvalue().startswith(CARRIED)
    told = report.read_text()
    assert "| 60 people | the same |" not in told  # some left before they entered
    fast = "what rules for time find means nothing"
    for line in ("| pages lost | 0 |", "| stored more than once | 0 |", "| look 1, n = ", fast):
        assert line in told
    with pytest.raises(CommandError, match="was rehearsed already"):
        call_command("rehearse", study.slug, **ask, stdout=out)


def test_rehearsal_needs_a_launched_study_and_its_own_site(live_site: str) -> None:
    study = launched(status=Status.DRAFT)
    with pytest.raises(CommandError, match="was not launched yet"):
        call_command("rehearse", study.slug, url=live_site)
    launch(study=study, pilot=True)
    # Nobody listens there.
    with pytest.raises(CommandError, match="does not open the study: GET failed"):
        call_command("rehearse", study.slug, url="http://127.0.0.1:9")
    with pytest.raises(CommandError, match="does not open the study"):
        call_command("rehearse", study.slug, url="127.0.0.1:9")


def test_rehearsal_goes_on_beside_a_worker(live_site: str, celery_worker_process: Process) -> None:
    study = launched()
    found = rehearse(Play(study, default_truth(small()), n=80, seed=1), site=live_site)
    assert found.holds, markdown(found)
    assert [look.planned for look in found.looks][:2] == [1, 2]


@pytest.mark.parametrize("name", ["kitchen_sink", "neighbourhood_tasks"])
def test_rehearsal_answers_every_kind_of_item_and_decks(live_site: str, name: str) -> None:
    design = parse((ROOT / "studies" / f"{name}.yaml").read_bytes()).design
    assert design
    play = Play(launched(design), default_truth(design), n=30, seed=4)
    found = rehearse(play, site=live_site, in_flight=6)
    assert found.holds, markdown(found)
    assert found.reckoned.states["completed"] > 0


def test_rehearsal_of_as_many_as_planned_finds_what_was_planted(live_site: str) -> None:
    study, truth = shipped()
    found = rehearse(Play(study, truth, n=1297, seed=1), site=live_site)
    assert found.holds, markdown(found)
    assert verdict(found).startswith(CARRIED)
    # Fewer count than the last look of the plan wants: two of its looks, then one of everybody.
    assert [look.planned for look in found.looks] == [1, 2, None]
    motivation = next(each for each in found.findings if (each.kind, each.code) == ("slope", "psm"))
    assert motivation.low > 0
    told = [each.recovered for each in found.findings if each.recovered is not None]
    assert sum(told) > 0.8 * len(told)
