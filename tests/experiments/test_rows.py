"""Design to study rows and back, without loss."""

from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from experiments.checks import problems
from experiments.compiler import NotLaunchable, compile_study, read_rows, write_rows
from experiments.design import Plan, digest
from experiments.launch import close
from experiments.models import DesignVersion, Factor, Item, Option, Status, Study
from experiments.models import Plan as PlanRow
from experiments.refusals import Refused
from experiments.studyfile import parse
from tests.changed import add, changed
from tests.designs import likert, small
from tests.factories import (
    EmptyStudyFactory,
    FactorFactory,
    ItemFactory,
    LevelFactory,
    LiveStudyFactory,
    PageFactory,
    StudyFactory,
)

pytestmark = pytest.mark.django_db
SHIPPED = Path(__file__).parents[2] / "studies" / "coproduction.yaml"


@pytest.mark.parametrize("rewards", [2, 3])
def test_write_rows_keeps_the_whole_design(rewards: int) -> None:
    design = small(rewards=rewards)

    study = write_rows(design=design)

    assert read_rows(study) == design
    assert digest(read_rows(Study.objects.get())) == digest(design)


def test_write_rows_keeps_the_shipped_study() -> None:
    design = parse(SHIPPED.read_bytes()).design
    assert design is not None

    assert digest(read_rows(write_rows(design=design))) == digest(design)


def test_write_rows_keeps_a_draft_with_problems() -> None:
    draft = changed(
        small(),
        {
            "title": {"en": "Only English"},
            "pages[2].body": {},
            "randomisations[0].arms": (),
            "plan": Plan(outcome="", sample_size=0, contrasts=()),
        },
    )
    assert problems(draft)

    assert read_rows(write_rows(design=draft)) == draft


def test_write_rows_replaces_what_was_there() -> None:
    write_rows(design=small(rewards=3))
    design = changed(small(), {"pages[3].items": add(likert("will3", "will"))})

    study = write_rows(design=design)

    assert read_rows(study) == design
    assert Study.objects.count() == 1
    assert Item.objects.count() == len(list(design.items()))


def test_write_rows_leaves_other_studies_alone() -> None:
    write_rows(design=small(study="forest", rewards=3))
    write_rows(design=small())

    assert read_rows(Study.objects.get(slug="forest")) == small(study="forest", rewards=3)


def test_write_rows_takes_a_fixed_number_of_statements(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    write_rows(design=small())
    wide = changed(small(), {"pages[3].items": add(likert("will3", "will"))})

    for design in (small(), wide):
        with django_assert_num_queries(40):
            write_rows(design=design)


def test_read_rows_takes_a_fixed_number_of_statements(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    wide = changed(small(study="wide"), {"pages[3].items": add(likert("will3", "will"))})

    for design in (small(), wide):
        study = write_rows(design=design)
        with django_assert_num_queries(17):
            read_rows(study)


def test_write_rows_refuses_a_closed_study() -> None:
    study = close(study=LiveStudyFactory(slug="park"))

    with pytest.raises(Refused, match="park is closed, and a closed study stays as it is"):
        write_rows(design=small())
    assert read_rows(study) == small()


def test_write_rows_leaves_status_and_versions_of_a_running_study() -> None:
    study = LiveStudyFactory(slug="park")
    design = changed(small(), {"plan.alpha": 0.01})

    written = write_rows(design=design)

    assert (written.status, written.seed_sha256) == (Status.LIVE, study.seed_sha256)
    assert DesignVersion.objects.get().design == small()
    assert read_rows(written) == design


@pytest.mark.parametrize(
    "text",
    ["", " trailing ", "two\n\nlines\r\n", "공원", "👩‍👩‍👧", "\u2028\ufeff\x07", "x" * 100_000],
)
def test_write_rows_keeps_any_text(text: str) -> None:
    design = changed(small(), {"title.ko": text, "scales[0].source": text})

    assert read_rows(write_rows(design=design)) == design


def test_read_rows_keeps_the_order_of_rows() -> None:
    page = PageFactory(study=EmptyStudyFactory(), order=1)
    ItemFactory(page=page, code="second", order=2)
    ItemFactory(page=page, code="first", order=1)
    PageFactory(study=page.study, code="before", order=0)
    factor = FactorFactory(study=page.study)
    LevelFactory(factor=factor, code="high", order=1)
    LevelFactory(factor=factor, code="low", order=0)

    design = read_rows(page.study)

    assert [page.code for page in design.pages] == ["before", page.code]
    assert [item.code for item in design.items()] == ["first", "second"]
    assert [level.code for level in design.factors[0].levels] == ["low", "high"]


def test_read_rows_of_an_empty_study_is_a_design_with_problems() -> None:
    design = read_rows(EmptyStudyFactory(slug="bare"))

    assert (design.study, design.pages, design.plan) == (
        "bare",
        (),
        Plan(outcome="", sample_size=0, contrasts=()),
    )
    assert problems(design)


def test_plan_that_was_not_begun_has_no_row_after_the_rows_are_written_anew() -> None:
    study = write_rows(design=small())
    PlanRow.objects.all().delete()
    without = read_rows(study)
    assert read_rows(write_rows(design=without)) == without
    assert not PlanRow.objects.exists()


def test_read_rows_takes_what_is_no_text_for_missing() -> None:
    study = StudyFactory()
    study.title = {"en": "A park", "ko": None}
    study.save()
    Factor.objects.filter(study=study, code="reward").update(label=[])

    design = read_rows(study)

    assert (design.title, design.factors[0].label) == ({"en": "A park"}, {})


def test_compile_study_gives_the_design() -> None:
    assert compile_study(StudyFactory(slug="park")) == small()


def test_compile_study_lists_every_problem() -> None:
    study = StudyFactory(slug="park")
    Option.objects.filter(scale__study=study, scale__code="will").delete()
    study.plan.alpha = 2
    study.plan.save()

    with pytest.raises(NotLaunchable) as refused:
        compile_study(study)

    assert [problem.path for problem in refused.value.problems] == [
        "scales[1].options",
        "plan.alpha",
    ]
    assert str(refused.value) == (
        "park can't be launched; mend these 2 first:\n"
        "  scales[1].options: There are no two options that count as answers."
        " — Add options to choose from.\n"
        "  plan.alpha: Alpha is 2.0. — Give one of 0.0001 or more, and below 0.5."
    )
