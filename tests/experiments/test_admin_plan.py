"""The plan at the desk: its choices in words, and what does not go together said beside it."""

from typing import Any

import pytest
from lxml import html

from experiments.compiler import compile_study
from experiments.models import Study
from experiments.rowwriting import write_rows
from tests.changed import changed
from tests.designs import small
from tests.desk import desk, text_of
from tests.experiments.checks.test_plan import NO_CHECK
from tests.experiments.test_admin_bad_input import beside, sent
from tests.experiments.test_admin_fields import kitchen_sink
from tests.factories import StudyFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("spending_parameter", {"spending": "power"}, "Give one above 0 and up to 20"),
        ("spending_parameter", {"spending_parameter": "-4"}, "obrien_fleming has no parameter."),
        ("futility", {"futility": "0.6"}, "Give one above 0 and up to 0.5, such as 0.1."),
        ("futility", {"futility": "a tenth"}, "Enter a number."),
        ("harm_level", {"harm_level": "5"}, "Give one above 0 and up to 0.1, such as 0.01."),
        ("harm_direction", {"harm_direction": "higher"}, "Give a harm_level, such as 0.01"),
        ("replan_at", {"replan_at": "0.3"}, "Give an outcome_sd, or leave replan_at out."),
        ("most_participants", {"most_participants": "60"}, "Give replan_at, or leave"),
        ("outcome_sd", {"outcome_sd": "0"}, "Give one above 0 in points of the outcome"),
        ("equivalence", {"equivalence": "repeated_interval", "smallest_effect": ""}, "Give a"),
        ("equivalence_alpha", {"equivalence_alpha": "0.5"}, "Give one of 0.0001 or more"),
        ("estimator", {"estimator": "lin", "covariates": []}, "Name covariates, or choose"),
    ],
)
def test_what_does_not_go_together_is_said_beside_it(
    field: str, typed: dict[str, Any], told: str
) -> None:
    response = sent(desk(), StudyFactory().plan, **typed)
    assert response.status_code == 200
    assert told in beside(response, field)


def test_number_left_empty_becomes_its_default() -> None:
    assert sent(desk(), StudyFactory().plan, equivalence_alpha="").status_code == 302
    assert Study.objects.get().plan.equivalence_alpha == 0.05


def test_choices_of_a_plan_are_words() -> None:
    client, study = desk(), StudyFactory()
    page = client.get(f"/admin/experiments/plan/{study.plan.pk}/change/").content.decode()
    tree = html.fromstring(page)
    offered = [
        option.text_content().strip()
        for name in ("spending", "equivalence", "contrasts-0-family")
        for option in tree.xpath(f"//select[@name='{name}']/option")
    ]
    assert offered == [
        "O’Brien–Fleming type: little early, most at the end",
        "Pocock type: much early, about the same bound at each look",
        "Hwang–Shih–DeCani: by a number, gamma",
        "Power (Kim–DeMets): by a number, rho",
        "Not tested",
        "By the repeated interval, at every look",
        "By it before the last look, by two one-sided tests at it",
        "Primary: the study answers it",
        "Secondary: tested once every primary one is found",
        "Exploratory: reported, never a proof",
    ]


def test_study_page_tells_the_plan_in_words() -> None:
    study, client = kitchen_sink(), desk()
    page = text_of(client.get(f"/admin/experiments/study/{study.pk}/change/"))
    for told in (
        "0.05, Hwang–Shih–DeCani: by a number, gamma (-4)",
        "Announced estimate Adjusted for the covariates (Lin 2013)",
        "Equivalence By the repeated interval, at every look",
        "Futile below a chance of 0.1",
        "Harm at a p of 0.005",
        "Fix the size anew at 0.3",
        "Never more participants than 600",
        "naming: named against unnamed · Secondary: tested once every primary one is found",
    ):
        assert told in page


def test_one_answer_after_the_vignette_may_be_the_outcome() -> None:
    study = write_rows(design=changed(small(), NO_CHECK))
    page = desk().get(f"/admin/experiments/plan/{study.plan.pk}/change/").content.decode()
    offered = html.fromstring(page).xpath("//select[@name='outcome']/option/@value")
    # Neither what is asked before, nor texts, nor items that stand on a scale.
    assert offered == ["", "motive", "care", "will", "noticed"]
    assert sent(desk(), study.plan, outcome="noticed").status_code == 302
    study.refresh_from_db()
    assert compile_study(study).plan.outcome == "noticed"
