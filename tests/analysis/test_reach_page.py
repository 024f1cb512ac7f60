"""The desk's page on what a plan can reach: what it shows, of which plan, and to whom."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from analysis.reach import reach
from analysis.reach_told import told
from analysis.wording import Wording
from experiments.design import Design, Equivalence, Monitoring
from experiments.launch import launch
from experiments.models import Contrast, Page, Plan, Study
from experiments.rowwriting import write_rows
from tests.analysis.looking import main, text
from tests.analysis.test_reach import shipped
from tests.changed import changed
from tests.decks import deck_design
from tests.designs import small
from tests.desk import desk

pytestmark = pytest.mark.django_db

PAGE = "/admin/analysis/look/reach/coproduction/"
PARK = "/admin/analysis/look/reach/park/"


def planned(**plan: Any) -> Design:
    """The small study with more people, an SD and a smallest effect."""
    design = small(study="park")
    settled = {"sample_size": 400, "outcome_sd": 1.0, "smallest_effect": 0.3, **plan}
    return replace(design, plan=replace(design.plan, **settled))


def test_page_shows_what_the_shipped_plan_can_reach(admin_client: Client) -> None:
    study = write_rows(design=shipped())
    shown = text(admin_client, PAGE)
    for part in (
        "Of the plan as it is written now; it is fixed at launch.",
        "Smallest effect of interest 0.26 points, 0.200 SD",
        "With all of alpha (.05): the smallest effect (0.200 SD) is found with probability .83 by "
        "the end; for a power of .80 it would have to be 0.192 SD. Equivalence can’t come before "
        "look 2. If the effect is nil, equivalence comes with probability .65 by the interval at "
        "the end, .66 by that of any look, and .80 by two one-sided tests at the end.",
        "With the part of alpha that Holm starts it with (.01667)",
        "1 (50%) 649 108 0.096 (0.125) 2.963 .00305 0.285 (0.370) .19 0.285 (0.370) can’t come 0",
        "3 (100%) 1297 216 0.068 (0.088) 2.014 .04400 0.137 (0.178) .83 0.137 (0.178) .65 .66",
        # With a part of alpha for differences, equivalence keeps all of it.
        "3 (100%) 1297 216 0.068 (0.088) 2.428 .01520 0.165 (0.215) .70 0.137 (0.178) .65 .66",
        "Alpha of the interval for equivalence, two-sided .05 .05",
        "Equivalence if nil: interval of any look .66 .66",
        "The same if the effect is the smallest one: the error .0509 .0509",
        "Equivalence goes by the interval with .05",
        "Participants expected under the smallest effect 1048",
        "How much the covariates explain is not known yet",
    ):
        assert part in shown
    assert re.findall(r"<script|<style|style=|onclick|https?://", main(admin_client, PAGE)) == []
    overview = admin_client.get(f"/admin/experiments/study/{study.pk}/change/").content.decode()
    assert f'href="{PAGE}"' in overview


def test_page_says_nothing_of_equivalence_that_is_not_tested(admin_client: Client) -> None:
    write_rows(design=shipped())
    shown = main(admin_client, PAGE).split("<section")
    interaction = [part for part in shown if "Interaction of reward" in part]
    assert len(interaction) == 1
    assert re.findall("[Ee]quivalence", interaction[0]) == ["equivalence"]
    assert "equivalence is not tested" in interaction[0]


def test_captions_explain_no_smallest_effect_that_is_not_announced(admin_client: Client) -> None:
    shaded, broad = "smallest effect (shaded)", "The broad upright line"
    write_rows(design=shipped())
    whole = text(admin_client, PAGE)
    assert (shaded in whole, broad in whole) == (True, True)
    none = {"plan.smallest_effect": None, "plan.equivalence": Equivalence.NONE, "study": "bare"}
    write_rows(design=changed(shipped(), none))
    bare = text(admin_client, PAGE.replace("coproduction", "bare"))
    assert "The chance to have found an effect by each look, with all of alpha." in bare
    assert "The plan announces no smallest effect, so equivalence is not tested." in bare
    assert [word in bare for word in ("haded", broad)] == [False, False]


def test_page_counts_anew_with_what_is_assumed(admin_client: Client) -> None:
    write_rows(design=planned())
    assert "0.100 (0.100)" in text(admin_client, PARK)
    assert "0.160 (0.320)" in text(admin_client, f"{PARK}?r2=0.36&deff=4&sd=2")


@pytest.mark.parametrize("wrong", ["r2=1", "deff=0", "sd=0", "r2=nan", "deff=x"])
def test_page_says_what_can_not_be_assumed_and_shows_the_usual(
    admin_client: Client, wrong: str
) -> None:
    write_rows(design=planned())
    shown = admin_client.get(f"{PARK}?{wrong}").content.decode()
    assert 'class="errorlist"' in shown
    assert "0.100 (0.100)" in shown


def test_page_of_a_plan_without_a_standard_deviation_says_so(admin_client: Client) -> None:
    write_rows(design=planned(outcome_sd=None))
    shown = text(admin_client, PARK)
    assert "Power is not known: no standard deviation of the outcome is declared." in shown
    assert "0.100" in shown


def test_page_of_a_plan_that_may_be_read_at_any_time(admin_client: Client) -> None:
    write_rows(design=planned(monitoring=Monitoring.ANYTIME))
    shown = text(admin_client, PARK)
    assert "25% 100 25" in shown
    assert "intervals are its confidence sequence" in shown


def test_page_warns_of_rows_that_are_not_independent(admin_client: Client) -> None:
    design = replace(deck_design(), study="park")
    write_rows(design=design)
    assert "Rows of deck are not independent" in text(admin_client, PARK)
    assert "not independent" not in text(admin_client, f"{PARK}?deff=1.5")


def test_page_of_a_draft_tells_what_is_to_be_mended_first(admin_client: Client) -> None:
    study = write_rows(design=planned())
    Plan.objects.filter(study=study).update(outcome="nothing")
    shown = text(admin_client, PARK)
    assert "plan.outcome:" in shown
    Plan.objects.filter(study=study).delete()
    assert "Not to be counted yet" in text(admin_client, PARK)


def test_page_does_not_mind_problems_elsewhere(admin_client: Client) -> None:
    study = write_rows(design=planned())
    Page.objects.filter(study=study, kind="consent").delete()
    assert "0.100 (0.100)" in text(admin_client, PARK)


def test_page_of_a_launched_study_is_of_the_plan_that_governs_it(admin_client: Client) -> None:
    launch(study=write_rows(design=planned()))
    Plan.objects.update(sample_size=4000)
    launch(study=Study.objects.get(), reason="More money.")
    shown = text(admin_client, PARK)
    assert "Of the plan that was launched as version 1." in shown
    assert "Eligible completes 400" in shown


def test_page_is_for_whoever_may_view_the_study() -> None:
    write_rows(design=planned())
    assert Client().get(PARK).status_code == 302
    assert desk("view_look").get(PARK).status_code == 403
    client = desk("view_study")
    assert client.get(PARK).status_code == 200
    assert client.get(PARK.replace("park", "nowhere")).status_code == 404


@pytest.mark.parametrize("contrasts", [1, 3])
def test_page_takes_a_fixed_number_of_statements(
    contrasts: int, admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    study = write_rows(design=planned())
    for contrast in list(Contrast.objects.filter(plan__study=study))[contrasts:]:
        contrast.delete()
    # Session, account, study, version; 17 for its rows.
    with django_assert_num_queries(21):
        admin_client.get(PARK)


def test_told_is_one_paragraph_for_each_group_of_contrasts() -> None:
    design = shipped()
    names = [name for name, _ in told(reach(design), Wording(design, "en"))]
    assert names[:2] == [
        "Monetary reward against no reward; Non-monetary reward against no reward",
        "Residents decided against district office decided",
    ]
    assert len(names) == 3
