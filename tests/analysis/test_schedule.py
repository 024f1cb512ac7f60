"""Which looks are due."""

from dataclasses import replace

import pytest
from pytest_django import DjangoAssertNumQueries

from analysis.look import run_look
from analysis.schedule import DueLook, PlannedLook, due_looks, planned_looks, standing_of
from analysis.tasks import sweep_looks
from experiments.launch import close, launch, pause
from experiments.models import Plan, Study
from responses.models import Mode, Participant, State
from tests.analysis.studies import complete, launched
from tests.designs import plan, small

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
    assert due_looks() == [DueLook(study.pk, "live", 1, 20)]


def test_looks_come_one_after_the_other_when_many_complete_at_once() -> None:
    study = launched()
    complete(study, 60)
    assert due_looks() == [DueLook(study.pk, "live", 1, 20)]
    run_look(study_id=study.pk, mode="live", number=1)
    assert due_looks() == [DueLook(study.pk, "live", 2, 40)]
    run_look(study_id=study.pk, mode="live", number=2)
    assert due_looks() == []


def test_closing_makes_the_final_look_due_and_skips_the_interim_one() -> None:
    study = launched()
    complete(study, 7)
    close(study=study)
    assert due_looks() == [DueLook(study.pk, "live", 2, None)]


def test_closing_an_empty_study_makes_no_look_due() -> None:
    study = launched()
    complete(study, 2, failed=[0, 1])
    close(study=study)
    assert due_looks() == []


def test_paused_study_keeps_its_looks() -> None:
    study = launched()
    complete(study, 20)
    pause(study=study)
    assert due_looks() == [DueLook(study.pk, "live", 1, 20)]


def test_modes_have_looks_of_their_own() -> None:
    study = launch(study=launched(pilot=True)).study
    complete(study, 20, mode=Mode.PILOT)
    complete(study, 20, mode=Mode.REHEARSAL)
    complete(study, 19, mode=Mode.LIVE)
    assert due_looks() == [
        DueLook(study.pk, "pilot", 1, 20),
        DueLook(study.pk, "rehearsal", 1, 20),
    ]


def test_only_completes_count() -> None:
    study = launched()
    complete(study, 20)
    Participant.objects.filter(pk=Participant.objects.latest("pk").pk).update(
        state=State.ANSWERING, completed_at=None
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


def test_plan_of_the_first_spent_look_governs_later_versions() -> None:
    study = launched()
    complete(study, 20)
    run_look(study_id=study.pk, mode="live", number=1)
    Plan.objects.filter(study=study).update(looks=[0.5, 0.6, 1.0])
    launch(study=Study.objects.get(pk=study.pk), reason="More looks, please.")
    standing = standing_of(study_id=study.pk, mode="live")
    assert standing is not None
    assert standing.deviates
    assert [look.size for look in standing.planned] == [20, 40]


def test_plan_that_changed_before_any_look_governs() -> None:
    study = launched()
    Plan.objects.filter(study=study).update(looks=[0.25, 1.0])
    launch(study=Study.objects.get(pk=study.pk), reason="An earlier look.")
    complete(study, 10)
    assert due_looks() == [DueLook(study.pk, "live", 1, 10)]


@pytest.mark.parametrize("studies", [1, 3])
def test_sweep_takes_three_statements_however_many_studies(
    studies: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(studies):
        complete(launched(small(study=f"park{number}")), 19)
    with django_assert_num_queries(3):
        sweep_looks()


def test_sweep_of_drafts_takes_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        assert due_looks() == []
