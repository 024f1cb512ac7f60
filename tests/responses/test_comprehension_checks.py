"""Comprehension checks: shown again until they are understood or the tries are used up."""

from dataclasses import replace

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from responses.models import Submission
from tests.changed import changed
from tests.responses.studies import ABOUT, entered, launched, sent
from tests.responses.turning import fields_of, person
from tests.responses.ways import arrives, checked, screened

pytestmark = pytest.mark.django_db


def test_wrong_check_is_shown_again_until_it_is_understood(client: Client) -> None:
    launched(checked(tries=3))
    entered(client)
    assert sent(client, "about", {**ABOUT, "understood": "no"}) == "about"
    response = client.get("/s/park/about/")
    assert response.status_code == 200
    assert 'aria-invalid="true"' in response.content.decode()
    assert (person().tries, person().revision) == ({"understood": 1}, 2)
    fields = fields_of(client, "about")
    assert fields["gender"] == ["woman"]
    assert sent(client, "about", {**fields, "understood": "yes"}) == "story"
    assert person().tries == {"understood": 1}
    assert [row.answers["understood"] for row in Submission.objects.filter(page="about")] == [
        "no",
        "yes",
    ]


def test_check_goes_on_when_the_tries_are_used_up(client: Client) -> None:
    launched(checked(tries=2))
    entered(client)
    assert sent(client, "about", {**ABOUT, "understood": "no"}) == "about"
    fields = fields_of(client, "about")
    assert sent(client, "about", {**fields, "understood": "no"}) == "story"
    assert person().tries == {"understood": 2}


def test_same_wrong_page_sent_twice_uses_one_try(client: Client) -> None:
    launched(checked(tries=2))
    entered(client)
    fields = {**fields_of(client, "about"), **ABOUT, "understood": "no"}
    assert [sent(client, "about", fields) for _ in range(3)] == ["about"] * 3
    assert person().tries == {"understood": 1}
    assert Submission.objects.filter(page="about").count() == 1


def test_check_of_an_item_that_is_hidden_is_none(client: Client) -> None:
    design = changed(checked(), {"pages[1].items[5].shown_if": 'attention == "1"'})
    launched(design)
    entered(client)
    assert sent(client, "about", {**ABOUT, "understood": "no"}) == "story"
    assert (person().tries, person().not_shown) == ({}, ["understood"])


def test_wrong_check_costs_two_statements(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    launched(checked())
    entered(client)
    with django_assert_num_queries(2):
        sent(client, "about", {**ABOUT, "understood": "no"})


def test_screening_page_that_is_a_check_is_a_page_of_theirs(client: Client) -> None:
    design = screened()
    first = design.pages[0]
    check = checked().pages[1].items[-1]
    page = replace(first, items=(*first.items, check))
    launched(replace(design, pages=(page, *design.pages[1:])))
    answers = {"adult": "yes", "understood": "no"}
    assert arrives(client, "/s/park/", answers)["Location"] == "/s/park/screen/"
    fields = fields_of(client, "screen")
    assert "nonce" not in fields
    assert sent(client, "screen", {**fields, "understood": "yes"}) == "welcome"
