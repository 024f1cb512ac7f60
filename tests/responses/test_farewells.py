"""The farewell of who has withdrawn: it can be loaded again, turned, and told once more."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client
from lxml import html

from experiments.design import Outcome
from responses import farewells, tokens
from responses import person as person_room
from responses.models import Erasure, State, WithdrawnCode
from responses.withdrawal import withdraw
from tests.designs import both, small
from tests.responses.studies import launched
from tests.responses.ways import PANEL, ending_in
from tests.responses.withdrawing import (
    WITHDRAW,
    asking,
    everything,
    goes,
    identified,
    link_of,
    person,
    withdraws,
)

pytestmark = pytest.mark.django_db

DONE = f"{WITHDRAW}done/"
TOLD = both("It was made up.", "지어낸 이야기입니다.")


def said(response: object) -> html.HtmlElement:
    """The page that was answered, which is a farewell."""
    found = html.fromstring(response.content)  # type: ignore[attr-defined]
    assert found.xpath("//h1/@data-ended") == ["park"]
    return found


def code_on(page: html.HtmlElement) -> str:
    return str(page.get_element_by_id("ending-code").text_content())


def test_farewell_is_there_when_it_is_loaded_again_and_in_each_language(client: Client) -> None:
    design = ending_in(Outcome.WITHDRAWN, design=identified(), more="&pid={pid}&visit={visit}")
    study = launched(replace(design, debriefing=TOLD))
    goes(client, link_of(study), "opinion")
    response = withdraws(client)
    assert response.redirect_chain == [(DONE, 302)]
    code = code_on(said(response))
    for address, words in ((DONE, "made up"), (f"{DONE}?lang=ko", "지어낸"), (DONE, "made up")):
        page = said(client.get(address))
        assert code_on(page) == code
        assert words in page.text_content()
        assert page.get_element_by_id("redirect").get("href").startswith(f"{PANEL}?end=withdrawn")
        assert "pid=person-7" in page.get_element_by_id("redirect").get("href")
    # What is kept is nothing that the browser could be asked for, and for an hour.
    cookie = client.cookies["withdrawn_park"]
    assert "person-7" not in cookie.value
    assert (cookie["max-age"], cookie["path"], cookie["httponly"]) == (3600, WITHDRAW, True)


def test_farewell_is_in_the_language_in_which_it_was_asked(client: Client) -> None:
    launched()
    goes(client, until="story")
    assert 'lang="ko"' in client.get(f"{WITHDRAW}?lang=ko").content.decode()
    page = client.post(f"{WITHDRAW}?lang=ko", {"sure": "yes"}, follow=True).content.decode()
    assert '<html lang="ko"' in page


@pytest.mark.parametrize(("until", "told"), [("story", False), ("opinion", True)])
def test_second_of_two_clicks_is_told_the_same(client: Client, until: str, told: bool) -> None:
    launched(replace(small(), debriefing=TOLD))
    token = goes(client, until=until)
    code = code_on(said(withdraws(client)))
    for again in (withdraws, lambda late: late.get(WITHDRAW, follow=True)):
        late = Client()
        late.cookies["coprod_park"] = token
        late.cookies[settings.LANGUAGE_COOKIE_NAME] = "ko"
        page = said(again(late))
        assert page.get("lang") == "ko"
        assert code_on(page) == code
        assert ("지어낸" in page.text_content()) is told
        assert late.cookies["coprod_park"].value == ""
    assert Erasure.objects.count() == WithdrawnCode.objects.count() == 1
    # By the code alone it is nobody's any more, and no token tells it of another study.
    assert Client().post(WITHDRAW, {"code": token, "sure": "yes"}).status_code == 422
    assert farewells.told_again("park", "0" * 12, "en") is None
    assert farewells.told_again("other", token, "en") is None


def test_two_clicks_at_once_are_told_the_same(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    launched()
    goes(client, until="story")
    read = person_room.read

    def overtaken(slug: str, token: str) -> object:
        found = read(slug, token)
        offered = tokens.farewell_code(token, slug, exposed=False)
        assert found is not None
        assert withdraw(participant_id=found.id, offered=offered) == offered
        return found

    with monkeypatch.context() as patched:
        patched.setattr(person_room, "read", overtaken)
        response = client.post(WITHDRAW, {"sure": "yes"})
    assert response["Location"] == DONE
    assert len(code_on(said(client.get(DONE)))) == 10
    assert Erasure.objects.count() == 1


def test_who_enters_by_the_same_form_and_withdraws_again_gets_another_code(client: Client) -> None:
    launched()
    form = {"consent": "agree", "nonce": "n" * 22}
    codes = set()
    for _ in range(2):
        assert client.post("/s/park/", form)["Location"] == "/s/park/about/"
        codes.add(code_on(said(withdraws(client))))
    assert len(codes) == WithdrawnCode.objects.count() == 2


def test_nothing_is_told_where_nothing_is_kept(client: Client) -> None:
    launched()
    assert client.get(DONE)["Location"] == WITHDRAW
    for kept in ("", "x", "A" * 400, "\u00e9"):
        client.cookies["withdrawn_park"] = kept
        assert client.get(DONE)["Location"] == WITHDRAW
    # That of another study is for that study alone.
    launched(replace(small(), study="other"))
    goes(client, until="story")
    withdraws(client)
    client.cookies["withdrawn_other"] = client.cookies["withdrawn_park"].value
    assert client.get("/s/other/withdraw/done/")["Location"] == "/s/other/withdraw/"


def test_what_is_too_long_for_a_cookie_is_told_at_once(client: Client) -> None:
    design = ending_in(Outcome.WITHDRAWN, design=identified(), more="&v={visit}" * 20)
    study = launched(design)
    goes(client, link_of(study).replace("visit-9", "%EA%B0%80" * 20), "opinion")
    response = withdraws(client)
    assert response.redirect_chain == []
    assert len(code_on(said(response))) == 10
    assert "withdrawn_park" not in client.cookies
    assert client.cookies["coprod_park"].value == ""


def test_who_typed_the_code_may_turn_the_question_and_go_back(client: Client) -> None:
    launched(asking())
    token = goes(Client(), until="opinion")
    asked = client.post(WITHDRAW, {"code": tokens.shown(token)})
    assert "Do you want to withdraw?" in asked.content.decode()
    assert "철회하시겠습니까" in client.get(f"{WITHDRAW}?lang=ko").content.decode()
    assert client.get("/s/park/opinion/").status_code == 200
    # Being sure without a choice is asked again, and nothing is lost by it.
    assert client.post(WITHDRAW, {"sure": "yes"}).status_code == 422
    assert person().state == State.ANSWERING
    assert withdraws(client, answers="erase").redirect_chain == [(DONE, 302)]
    assert person().state == State.WITHDRAWN
    assert "person-7" not in everything()


def test_who_declines_after_having_agreed_is_asked_whether_to_withdraw(client: Client) -> None:
    launched()
    form = {"consent": "agree", "nonce": "n" * 22}
    assert client.post("/s/park/", form)["Location"] == "/s/park/about/"
    for address in ("/s/park/", "/s/park/welcome/"):
        assert client.post(address, {**form, "consent": "decline"})["Location"] == WITHDRAW
        # Two clicks on the other answer lead on, as ever.
        assert client.post(address, form)["Location"] == "/s/park/about/"
    assert person().state == State.ANSWERING


def test_withdrawal_whose_page_was_open_for_too_long_is_asked_again() -> None:
    launched()
    client = Client(enforce_csrf_checks=True)
    client.cookies["coprod_park"] = goes(Client(), until="story")
    response = client.post(WITHDRAW, {"sure": "yes", "answers": "erase"})
    assert response.status_code == 403
    page = html.fromstring(response.content)
    assert "You have not withdrawn yet" in page.text_content()
    form = dict(page.get_element_by_id("page").form_values())
    assert form.keys() == {"csrfmiddlewaretoken", "answers"}
    assert client.post(WITHDRAW, form).status_code == 200
    assert person().state == State.ANSWERING
