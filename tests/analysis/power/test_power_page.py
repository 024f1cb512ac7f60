"""The desk's page on power: what it tells by formula, and to whom."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from experiments.models import Contrast, Plan
from experiments.rowwriting import write_rows
from tests.analysis.looking import main, text
from tests.analysis.test_reach import shipped
from tests.analysis.test_reach_page import planned
from tests.desk import desk

pytestmark = pytest.mark.django_db

PAGE = "/admin/power/coproduction/"
PARK = "/admin/power/park/"


def test_page_tells_power_sizes_and_effects_of_the_shipped_plan(admin_client: Client) -> None:
    study = write_rows(design=shipped())
    shown = text(admin_client, f"{PAGE}?power=0.95")
    for part in (
        "Participants 1,297 (planned: 1,297)",
        "Effect 0.26 points, 0.200 SD",
        "With 1,297 participants the effect is found with probability .70 if no other hypothesis "
        "is rejected, and .83 if all others are.",
        "A power of .95 takes 2,472 participants in the worst case.",
        "Best case (.05) Worst case (.01667) Power with 1,297 participants .83 .70",
        "Participants for a power of .80 1,201 1,589",
        "Smallest effect found with a power of .90, SD (points) 0.222 (0.289) 0.251 (0.327)",
        "The plan adjusts for covariates",
        "The numbers behind the plot Participants",
    ):
        assert part in shown
    assert re.findall(r"<script|<style|style=|onclick|https?://", main(admin_client, PAGE)) == []
    assert main(admin_client, PAGE).count("<polyline") == 4
    overview = admin_client.get(f"/admin/experiments/study/{study.pk}/change/").content.decode()
    reach = admin_client.get("/admin/analysis/look/reach/coproduction/").content.decode()
    assert f'href="{PAGE}"' in overview
    assert f'href="{PAGE}"' in reach


def test_page_counts_with_what_was_typed_or_says_what_can_not_be(admin_client: Client) -> None:
    study = write_rows(design=planned())
    assert "Participants 800 (planned: 400)" in text(admin_client, f"{PARK}?n=800&sd=2&effect=0.5")
    wrong = text(admin_client, f"{PARK}?n=3&power=1&effect=0")
    assert "Ensure this value is greater than or equal to 10." in wrong
    assert "Participants 400 (planned: 400)" in wrong
    Plan.objects.filter(study=study).update(outcome_sd=None)
    assert "Power is not known: no standard deviation" in text(admin_client, PARK)
    Plan.objects.filter(study=study).delete()
    assert "Not to be counted yet" in text(admin_client, PARK)


def test_page_is_for_whoever_may_view_the_study() -> None:
    write_rows(design=planned())
    codes = [
        Client().get(PARK).status_code,
        desk("view_look").get(PARK).status_code,
        desk("view_study").get(PARK).status_code,
        desk("view_study").get("/admin/power/nowhere/").status_code,
    ]
    assert codes == [302, 403, 200, 404]


@pytest.mark.parametrize("contrasts", [1, 2])
def test_page_takes_a_fixed_number_of_statements(
    contrasts: int, admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    study = write_rows(design=planned())
    for contrast in list(Contrast.objects.filter(plan__study=study))[contrasts:]:
        contrast.delete()
    # Session, account, study, version, simulations; 17 for its rows.
    with django_assert_num_queries(22):
        admin_client.get(PARK)
