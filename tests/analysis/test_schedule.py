"""Which looks are due."""

from dataclasses import replace

import pytest
from pytest_django import DjangoAssertNumQueries

from analysis.deviations import deviations
from analysis.look import run_look
from analysis.report import report
from analysis.results import from_builtins
from analysis.schedule import DueLook, PlannedLook, due_looks, planned_looks, standing_of
from analysis.statistics.sequential import bounds
from analysis.tasks import sweep_looks
from experiments.design import Design
from experiments.launch import close, launch, pause
from experiments.models import DesignVersion, Study
from experiments.rowwriting import write_rows
from responses.models import Mode, Participant, State
from tests.analysis.studies import complete, launched
from tests.changed import changed
from tests.designs import both, plan, small

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("looks", "size", "sizes"),
    [
        ((0.5, 0.75, 1.0), 1297, [649, 973, 1297]),
        # 0.7 * 10 and 0.1 * 30 are a little more than 7 and 3 in binary.
        ((0.7, 1.0), 10, [7, 10]),
        ((0.1, 1.0), 30, [3, 30]),
        ((1.0,), 1, [1]),
    ],
)
def test_planned_looks_round_sizes_up(
    looks: tuple[float, ...], size: int, sizes: list[int]
) -> None:
    announced = replace(plan(), looks=looks, sample_size=size)
    assert planned_looks(announced) == tuple(
        PlannedLook(number, fraction, n, number == len(looks))
        for number, (fraction, n) in enumerate(zip(looks, sizes, strict=True), start=1)
    )


def test_look_is_due_when_eligible_completes_reach_its_size() -> None:
    study = launched()
    complete(study, 20, failed=[3])
    assert due_looks() == []
    complete(study, 1, start=20)
    assert due_looks() == [DueLook(study.pk, "live", 1, 20, planned=1)]


def test_looks_come_one_after_the_other_when_many_complete_at_once() -> None:
    study = launched()
    complete(study, 60)
    assert due_looks() == [DueLook(study.pk, "live", 1, 20, planned=1)]
    run_look(study_id=study.pk, mode="live", number=1)
    assert due_looks() == [DueLook(study.pk, "live", 2, 40, planned=2)]
    run_look(study_id=study.pk, mode="live", number=2)
    assert due_looks() == []


def test_closing_makes_the_final_look_due_and_skips_the_interim_one() -> None:
    study = launched()
    complete(study, 7)
    close(study=study)
    assert due_looks() == [DueLook(study.pk, "live", 2, None, planned=2)]


def test_closing_an_empty_study_makes_no_look_due() -> None:
    study = launched()
    complete(study, 2, failed=[0, 1])
    close(study=study)
    assert due_looks() == []


def test_paused_study_keeps_its_looks() -> None:
    study = launched()
    complete(study, 20)
    pause(study=study)
    assert due_looks() == [DueLook(study.pk, "live", 1, 20, planned=1)]


def test_modes_have_looks_of_their_own() -> None:
    study = launch(study=launched(pilot=True)).study
    complete(study, 20, mode=Mode.PILOT)
    complete(study, 20, mode=Mode.REHEARSAL)
    complete(study, 19, mode=Mode.LIVE)
    assert due_looks() == [
        DueLook(study.pk, "pilot", 1, 20, planned=1),
        DueLook(study.pk, "rehearsal", 1, 20, planned=1),
    ]


def test_only_completes_count() -> None:
    study = launched()
    complete(study, 20)
    Participant.objects.filter(pk=Participant.objects.latest("pk").pk).update(
        state=State.ANSWERING, completed_at=None, ended_at=None
    )
    assert due_looks() == []


def test_attention_check_that_was_not_asked_excludes_nobody_and_one_left_empty_does() -> None:
    study = launched()
    one, two, *_ = complete(study, 5)
    Participant.objects.filter(pk=one.pk).update(answers={"will1": "3", "will2": "3"})
    Participant.objects.filter(pk=two.pk).update(answers={"attention": None})
    standing = standing_of(study_id=study.pk, mode="live")
    assert standing is not None
    assert (standing.completes, standing.eligible) == (5, 4)


def relaunched(study: Study, design: Design, reason: str) -> None:
    """Puts that design into force."""
    launch(study=write_rows(design=design), reason=reason)


def departures(study: Study, mode: str = Mode.LIVE) -> tuple[str, ...]:
    """What is listed of the study's versions beside the one that governs."""
    standing = standing_of(study_id=study.pk, mode=mode)
    assert standing is not None
    return deviations(study.versions.all(), governing=standing.version, mode=mode)


def test_plan_of_the_first_version_governs_though_another_came_before_any_look() -> None:
    study = launched()
    complete(study, 19)
    other = replace(plan(), alpha=0.2, sample_size=36, contrasts=plan().contrasts[:1])
    relaunched(study, replace(small(), plan=other), "More power.")
    assert due_looks() == []
    complete(study, 1, start=19)
    assert due_looks() == [DueLook(study.pk, "live", 1, 20, planned=1)]
    look = run_look(study_id=study.pk, mode="live", number=1)
    assert look is not None
    results = from_builtins(look.results)
    assert (look.version.number, look.n, len(results.contrasts)) == (1, 20, 2)
    assert results.bounds == bounds([0.5], 0.05)
    expected = ("Version 2 has another plan; looks follow version 1’s. Reason given: More power.",)
    assert departures(study) == expected
    facts = report(look, "en").facts
    assert tuple(value for name, value in facts if name == "Deviation") == expected


def test_plan_that_was_taken_back_is_listed() -> None:
    study = launched()
    relaunched(study, replace(small(), plan=replace(plan(), alpha=0.2)), "More.")
    relaunched(study, small(), "Back.")
    assert departures(study) == (
        "Version 2 has another plan; looks follow version 1’s. Reason given: More.",
    )


def test_all_later_versions_with_another_plan_are_listed() -> None:
    study = launched()
    for alpha in (0.2, 0.1):
        relaunched(study, replace(small(), plan=replace(plan(), alpha=alpha)), "More.")
    assert [line.partition(" has another plan")[0] for line in departures(study)] == [
        "Version 2",
        "Version 3",
    ]


def test_changed_weights_and_changed_texts_are_listed() -> None:
    study = launched()
    relaunched(study, changed(small(), {"title": both("A new park", "새 공원")}), "A name.")
    heavier = {
        "randomisations[0].arms[0].weight": 2,
        "randomisations[0].block_sizes": (5, 10),
    }
    relaunched(study, changed(small(), heavier), "More of these.")
    assert departures(study) == (
        "Version 2 changed texts or questions. Reason given: A name.",
        "Version 3 changed the randomisation: its factors, arms, weights, method, blocks or "
        "strata are not version 1’s. Reason given: More of these.",
    )


def test_first_version_of_each_mode_governs_it() -> None:
    study = launched(pilot=True)
    versions = []
    for alpha, pilot in ((0.04, True), (0.03, False), (0.02, False)):
        study = write_rows(design=replace(small(), plan=replace(plan(), alpha=alpha)))
        versions.append(launch(study=study, pilot=pilot, reason="Another alpha."))
    governing = {mode: standing_of(study_id=study.pk, mode=mode) for mode in Mode.values}
    assert {mode: each.version.number for mode, each in governing.items() if each} == {
        "live": 3,
        "pilot": 1,
        "rehearsal": 3,
    }
    assert [len(departures(study, mode)) for mode in Mode.values] == [1, 1, 1]
    assert [version.pilot for version in versions] == [True, False, False]


def test_rehearsal_ends_under_the_plan_under_which_it_began() -> None:
    study = launched(pilot=True)
    complete(study, 20, mode=Mode.REHEARSAL)
    run_look(study_id=study.pk, mode="rehearsal", number=1)
    study = write_rows(design=replace(small(), plan=replace(plan(), looks=(1.0,))))
    launch(study=study)
    standing = standing_of(study_id=study.pk, mode="rehearsal")
    assert standing is not None
    assert (standing.version.number, len(standing.planned)) == (1, 2)
    assert len(departures(study, "rehearsal")) == 1


def test_study_whose_design_can_not_be_read_stops_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = write_rows(design=small(study="broken"))
    DesignVersion.objects.create(study=broken, number=1, digest="0", canonical_json='{"plan": 1}')
    study = launched()
    complete(study, 20)
    assert due_looks() == [DueLook(study.pk, "live", 1, 20, planned=1)]
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]
    assert "The looks of broken (live) can't be planned" in caplog.text


def test_pilot_whose_design_can_not_be_read_stops_no_live_look() -> None:
    study = write_rows(design=small())
    DesignVersion.objects.create(study=study, number=1, digest="0", canonical_json="{}", pilot=True)
    launch(study=study)
    complete(Study.objects.get(pk=study.pk), 20)
    assert run_look(study_id=study.pk, mode="live", number=1) is not None


@pytest.mark.parametrize("studies", [1, 3])
def test_sweep_takes_six_statements_however_many_studies(
    studies: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(studies):
        complete(launched(small(study=f"park{number}")), 19)
    # First versions, spent looks, orders, failures, sample sizes fixed anew, completes.
    with django_assert_num_queries(6):
        sweep_looks()


def test_sweep_of_drafts_takes_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        assert due_looks() == []
