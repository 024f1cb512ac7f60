"""Withdrawal on request, by somebody at the desk."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from experiments.design import Design
from responses.models import Erasure, State
from tests.designs import small
from tests.desk import desk, text_of
from tests.responses.studies import launched
from tests.responses.withdrawing import asking, goes, person, verdict

pytestmark = pytest.mark.django_db

BUTTON = "Withdraw this participant"


def page() -> str:
    return f"/admin/responses/participant/{person().pk}/change/"


def address() -> str:
    return f"/admin/responses/participant/withdraw/{person().pk}/"


def test_desk_withdraws_who_asked_for_it_and_says_who_did_it(client: Client) -> None:
    launched()
    goes(client)
    at_desk = desk()
    assert address() in at_desk.get(page()).content.decode()
    asked = text_of(at_desk.get(address()))
    assert "Their answers, times and flags are erased." in asked
    assert "Keep them" not in asked
    name = str(person())
    # What the study does not ask can't be chosen.
    response = at_desk.post(address(), {"sure": "yes", "answers": "keep"})
    assert response["Location"] == page()
    assert (person().state, person().answers) == (State.WITHDRAWN, {})
    assert Erasure.objects.get().actor == "researcher"
    told = text_of(at_desk.get(page()))
    assert f"{name} is withdrawn; their answers are erased." in told
    assert BUTTON not in told
    verdict()


@pytest.mark.parametrize(("choice", "kept"), [("keep", True), ("erase", False)])
def test_desk_keeps_or_erases_where_the_study_asks(client: Client, choice: str, kept: bool) -> None:
    launched(asking())
    goes(client)
    desk().post(address(), {"sure": "yes", "answers": choice})
    assert person().state == State.WITHDRAWN
    assert (bool(person().answers), Erasure.objects.get().kept) == (kept, kept)


@pytest.mark.parametrize(
    ("design", "fields"),
    [
        (small(), {}),
        (asking(), {"answers": "erase"}),
        (asking(), {"sure": "yes"}),
        (asking(), {"sure": "yes", "answers": "some"}),
    ],
)
def test_desk_erases_nothing_before_it_is_confirmed(
    client: Client, design: Design, fields: dict[str, str]
) -> None:
    launched(design)
    goes(client)
    response = desk().post(address(), fields)
    assert response.status_code == 422
    assert "Nothing was erased yet." in text_of(response)
    assert (person().state, Erasure.objects.count()) == (State.COMPLETED, 0)


def test_desk_withdraws_nobody_twice(client: Client) -> None:
    launched()
    goes(client)
    at_desk = desk()
    for _ in range(2):
        assert at_desk.post(address(), {"sure": "yes"})["Location"] == page()
    assert Erasure.objects.count() == 1
    assert f"{person()} withdrew before." in text_of(at_desk.get(page()))
    assert at_desk.get("/admin/responses/participant/withdraw/999999/").status_code == 404


def test_withdrawal_needs_a_permission_of_its_own(client: Client) -> None:
    launched()
    goes(client)
    assert client.post(address(), {"sure": "yes"}).status_code == 302
    viewer = desk("view_participant")
    assert BUTTON not in text_of(viewer.get(page()))
    assert viewer.post(address(), {"sure": "yes"}).status_code == 403
    assert Erasure.objects.count() == 0
    allowed = desk("view_participant", "withdraw_participant")
    assert BUTTON in text_of(allowed.get(page()))
    allowed.post(address(), {"sure": "yes"})
    assert Erasure.objects.get().actor == "assistant"


@pytest.mark.parametrize("people", [1, 3])
def test_withdrawal_page_costs_the_same_however_many_people(
    people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    launched()
    for _ in range(people):
        goes(Client())
    at_desk, asked = desk(), address()
    with django_assert_num_queries(3):  # session, account, participant
        at_desk.get(asked)
