"""The page of withdrawal: whom it knows, that it asks first, and how it says farewell."""

from dataclasses import replace

import pytest
from django.test import Client
from lxml import html

from experiments.design import Outcome
from responses import tokens
from responses.models import Erasure, State, WithdrawnCode
from tests.designs import both, small
from tests.responses.studies import entered, launched
from tests.responses.ways import PANEL, ending_in
from tests.responses.withdrawing import (
    WITHDRAW,
    everything,
    goes,
    identified,
    link_of,
    person,
    withdraws,
)

pytestmark = pytest.mark.django_db


def test_page_asks_before_anything_is_erased(client: Client) -> None:
    launched()
    goes(client, until="opinion")
    before = everything()
    for response in (client.get(WITHDRAW), client.post(WITHDRAW), client.head(WITHDRAW)):
        assert response.status_code in (200, 405)
    page = client.get(WITHDRAW).content.decode()
    assert "Do you want to withdraw?" in page
    assert "All your answers are erased." in page
    assert 'href="/s/park/opinion/"' in page
    assert everything() == before


def test_later_withdrawal_by_the_resume_code_after_completing(client: Client) -> None:
    launched()
    token = goes(Client())
    page = html.fromstring(client.get(WITHDRAW).content)
    assert page.xpath("//input[@name='code']")
    code = tokens.shown(token).lower()
    asked = client.post(WITHDRAW, {"code": code})
    assert "Do you want to withdraw?" in asked.content.decode()
    assert person().state == State.COMPLETED
    form = {
        name: value
        for name, value in html.fromstring(asked.content)
        .get_element_by_id("withdraw")
        .form_values()
        if name != "csrfmiddlewaretoken"
    }
    assert client.post(WITHDRAW, form, follow=True).status_code == 200
    assert (person().state, person().answers) == (State.WITHDRAWN, {})


@pytest.mark.parametrize("code", ["AAAA-AAAA-AAAA", "x", "\u00e9" * 3000, "\0", "0" * 12])
def test_code_that_nobody_has_withdraws_nobody(client: Client, code: str) -> None:
    launched()
    goes(client, until="story")
    response = Client().post(WITHDRAW, {"code": code, "sure": "yes"})
    assert response.status_code == 422
    assert person().state == State.ANSWERING
    assert Erasure.objects.count() == 0


def test_code_of_another_study_withdraws_nobody() -> None:
    launched(replace(small(), study="other"))
    launched()
    token = entered(Client(), slug="other")
    Client().post(WITHDRAW, {"code": token, "sure": "yes"})
    assert person().state == State.ANSWERING


def test_farewell_has_the_studys_words_a_code_and_the_way_back(client: Client) -> None:
    study = launched(
        ending_in(Outcome.WITHDRAWN, design=identified(), more="&pid={pid}&visit={visit}")
    )
    goes(client, link_of(study), "opinion")
    response = withdraws(client)
    page = response.content.decode()
    code = html.fromstring(page).get_element_by_id("ending-code").text_content()
    assert len(code) == 10
    assert "The end: withdrawn" in page
    assert code in page
    address = html.fromstring(page).get_element_by_id("redirect").get("href")
    assert address == f"{PANEL}?end=withdrawn&cc={code}&pid=person-7&visit=visit-9"


@pytest.mark.parametrize(("until", "told"), [("story", False), ("opinion", True)])
def test_who_saw_the_vignette_is_debriefed(client: Client, until: str, told: bool) -> None:
    launched(replace(small(), debriefing=both("It was made up.", "지어낸 이야기입니다.")))
    goes(client, until=until)
    assert ("It was made up." in withdraws(client).content.decode()) is told


def test_code_that_the_panel_has_is_told_and_leads_to_no_row(client: Client) -> None:
    study = launched()
    goes(client)
    code = person().completion_code
    assert code in withdraws(client).content.decode()
    assert code not in everything()
    kept = WithdrawnCode.objects.values_list("study", "code_hash", "finished")
    assert list(kept) == [(study.pk, tokens.code_hash(study.pk, code), True)]


def test_page_is_in_the_language_of_the_participant(client: Client) -> None:
    launched()
    goes(client, until="story")
    client.post("/s/park/story/", {"move": "language:ko"})
    for response in (client.get(WITHDRAW), withdraws(client)):
        page = response.content.decode()
        assert '<html lang="ko"' in page
