"""One participant's way through a study, and everything that can happen on it."""

from typing import Any

import pytest
from django.test import Client
from lxml import html
from pytest_django import DjangoAssertNumQueries

from experiments.models import Status, Study
from responses import person, submission
from responses.arrival import entry_link
from responses.models import Allocation, Mode, Participant, State, Submission
from tests.responses.studies import ABOUT, OPINION, entered, launched, sent, walked
from tests.responses.ways import arrives, screened

pytestmark = pytest.mark.django_db


def test_get_of_the_welcome_page_writes_nothing(client: Client) -> None:
    launched()
    response = client.get("/s/park/", headers={"accept-language": "ko-KR,en;q=0.5"})
    assert response.status_code == 200
    assert '<html lang="ko"' in response.content.decode()
    assert Participant.objects.count() == 0
    assert "coprod_park" not in client.cookies
    assert response["Cache-Control"] == "no-store, private"


def test_participant_walks_from_consent_to_completion_code(client: Client) -> None:
    launched()
    walked(client)
    person = Participant.objects.get()
    page = client.get("/s/park/thanks/").content.decode()
    assert (person.state, person.revision, person.mode) == (State.COMPLETED, 4, Mode.LIVE)
    assert person.completion_code in page
    assert person.answers == {**ABOUT, **OPINION, "comment": "Fine.\nReally."}
    assert [(s.revision, s.page) for s in Submission.objects.all()] == [
        (1, "welcome"),
        (2, "about"),
        (3, "story"),
        (4, "opinion"),
    ]
    row = Allocation.objects.get()
    assert person.assignments == {
        "main": {
            "key": str(row.key),
            "stratum": "gender=woman",
            "position": 0,
            "arm": row.arm,
            "levels": dict(zip(("reward", "voice"), row.arm.split("."), strict=True)),
            "probability": "1/4",
        }
    }
    assert person.exposed_at
    assert person.completed_at
    assert person.entered_at <= person.exposed_at <= person.completed_at


def test_exposure_is_the_first_get_of_the_vignette(client: Client) -> None:
    launched()
    entered(client)
    sent(client, "about", ABOUT)
    assert Participant.objects.get().exposed_at is None
    client.get("/s/park/story/")
    first = Participant.objects.get().exposed_at
    client.get("/s/park/story/")
    assert first is not None
    assert Participant.objects.get().exposed_at == first


def test_exposure_is_recorded_where_the_page_showed_no_arm_in_an_earlier_version(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person._armless.add(("park", "story"))
    launched()
    entered(client)
    sent(client, "about", ABOUT)
    with django_assert_num_queries(2):
        client.get("/s/park/story/")
    assert Participant.objects.get().exposed_at is not None
    with django_assert_num_queries(1):
        client.get("/s/park/story/")


def test_page_without_an_arm_is_known_by_the_first_get(client: Client) -> None:
    launched()
    entered(client)
    client.get("/s/park/about/")
    sent(client, "about", ABOUT)
    client.get("/s/park/story/")
    assert person._armless == {("park", "about")}


def test_no_page_before_the_vignette_allocates(client: Client) -> None:
    launched()
    entered(client)
    client.get("/s/park/about/")
    assert Allocation.objects.count() == 0
    sent(client, "about", ABOUT)
    assert Allocation.objects.count() == 1


def test_vignette_shows_the_texts_of_the_arm_in_the_language(client: Client) -> None:
    launched()
    client.get("/s/park/?lang=ko")
    nonce = client.get("/s/park/?lang=ko").content.decode().split('value="')[2].split('"')[0]
    client.post("/s/park/?lang=ko", {"consent": "agree", "nonce": nonce})
    sent(client, "about", ABOUT)
    arm = Allocation.objects.get().arm
    page = client.get("/s/park/story/").content.decode()
    assert f"보상: {arm.split('.')[0]}." in page
    assert Participant.objects.get().language == "ko"


def test_declining_records_a_refusal_and_no_cookie(client: Client) -> None:
    launched()
    nonce = "n" * 22
    response = client.post("/s/park/", {"consent": "decline", "nonce": nonce})
    assert response.status_code == 200
    person = Participant.objects.get()
    assert (person.state, person.consented_at) == (State.REFUSED, None)
    assert "coprod_park" not in client.cookies
    again = client.post("/s/park/", {"consent": "agree", "nonce": nonce})
    assert again["Location"] == "/s/park/about/"


def test_consent_without_a_choice_is_asked_again(client: Client) -> None:
    launched()
    response = client.post("/s/park/", {"nonce": "n" * 22})
    assert response.status_code == 422
    assert "Please choose one of the answers." in response.content.decode()
    assert Participant.objects.count() == 0


def test_consent_sent_twice_enters_one_participant(client: Client) -> None:
    launched()
    form = {"consent": "agree", "nonce": "n" * 22}
    first, other = Client(), Client()
    assert first.post("/s/park/", form)["Location"] == "/s/park/about/"
    assert other.post("/s/park/", form)["Location"] == "/s/park/about/"
    assert Participant.objects.count() == 1
    assert first.cookies["coprod_park"].value == other.cookies["coprod_park"].value


def test_page_sent_twice_is_stored_once(client: Client) -> None:
    launched()
    entered(client)
    assert sent(client, "about", ABOUT) == "story"
    assert sent(client, "about", {**ABOUT, "gender": "man"}) == "story"
    again = client.post("/s/park/about/", ABOUT)
    assert (again.status_code, again["Location"]) == (302, "/s/park/story/")
    assert Participant.objects.get().answers["gender"] == "woman"
    assert Submission.objects.count() == 2


def test_who_sends_a_page_again_otherwise_is_told_that_it_was_in_vain(client: Client) -> None:
    launched()
    entered(client)
    sent(client, "about", ABOUT)
    told = client.post("/s/park/about/", {**ABOUT, "gender": "man"})["Location"]
    assert told == "/s/park/story/?unsaved=1"
    seen = [html.fromstring(client.get(path).content) for path in ("/s/park/story/", told)]
    notes = [page.xpath("//p[@role='alert' and not(@hidden)]") for page in seen]
    assert [len(found) for found in notes] == [0, 1]
    assert "had been sent before" in notes[1][0].text_content()
    # A page that was not reached was never sent.
    assert client.post("/s/park/opinion/", OPINION)["Location"] == "/s/park/story/"


def test_who_is_through_and_sends_more_is_told_that_it_was_in_vain(client: Client) -> None:
    launched()
    entered(client)
    silent = {**OPINION, "comment": ""}
    for page, answers in (("about", ABOUT), ("story", {}), ("opinion", silent)):
        client.get(f"/s/park/{page}/")
        sent(client, page, answers)
    # As if the page had no other question than the one that was left open.
    Participant.objects.update(answers=ABOUT)
    # Sent again as it was, as by two clicks, and then with a text where none was given.
    again = client.post("/s/park/opinion/", {"comment": ""})["Location"]
    told = client.post("/s/park/opinion/", {"comment": "One more thing"})["Location"]
    assert (again, told) == ("/s/park/thanks/", "/s/park/thanks/?unsaved=1")
    seen = [html.fromstring(client.get(path).content) for path in (again, told)]
    notes = [page.xpath("//p[@role='alert' and not(@hidden)]") for page in seen]
    assert [len(found) for found in notes] == [0, 1]
    assert Participant.objects.get().answers == ABOUT


def test_who_was_screened_out_and_answers_anew_is_told_that_it_was_in_vain(client: Client) -> None:
    launched(screened())
    arrives(client, "/s/park/", {"adult": "no"})
    person = Participant.objects.get()
    assert person.state == State.SCREENED_OUT
    again = client.post(f"/s/park/{person.page}/", {"adult": "no"})["Location"]
    told = client.post(f"/s/park/{person.page}/", {"adult": "yes"})["Location"]
    assert told == f"{again}?unsaved=1"
    words = "had been sent before"
    assert words in client.get(told).content.decode()
    assert words not in client.get(again).content.decode()


def test_who_lost_the_race_is_told_so_unless_it_was_the_same(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    launched()
    entered(client)
    store = submission.store

    def overtaken(**page: Any) -> None:
        assert store(**{**page, "answers": {**page["answers"], "gender": "man"}})
        assert store(**page) is None

    monkeypatch.setattr(submission, "store", overtaken)
    told = client.post("/s/park/about/", {**ABOUT, "gender": "woman"})["Location"]
    assert told == "/s/park/story/?unsaved=1"
    assert Participant.objects.get().answers["gender"] == "man"
    other = Client()
    entered(other)
    same = other.post("/s/park/about/", {**ABOUT, "gender": "man"})["Location"]
    assert same == "/s/park/story/"


def test_page_not_reached_leads_to_the_page_one_is_on(client: Client) -> None:
    launched()
    entered(client)
    assert client.get("/s/park/opinion/")["Location"] == "/s/park/about/"
    assert sent(client, "opinion", OPINION) == "about"
    assert client.get("/s/park/nonsense/")["Location"] == "/s/park/about/"
    assert Submission.objects.count() == 1


def test_resume_code_goes_on_where_one_was(client: Client) -> None:
    launched()
    token = walked(client, until="opinion")
    other = Client()
    response = other.post("/s/park/resume/", {"code": token})
    assert response["Location"] == "/s/park/opinion/"
    assert other.get("/s/park/")["Location"] == "/s/park/opinion/"


@pytest.mark.parametrize(
    ("status", "code", "told"),
    [
        (Status.DRAFT, 404, "This survey is not open yet"),
        (Status.PILOT, 404, "This survey is not open yet"),
        (Status.PAUSED, 503, "This survey is taking a break"),
        (Status.CLOSED, 410, "This survey is closed"),
    ],
)
def test_shut_study_enters_nobody(client: Client, status: Status, code: int, told: str) -> None:
    launched(status=status)
    for response in (
        client.get("/s/park/"),
        client.post("/s/park/", {"consent": "agree", "nonce": "n" * 22}),
    ):
        assert response.status_code == code
        assert told in response.content.decode()
    assert Participant.objects.count() == 0


def test_paused_study_lets_people_finish_and_a_closed_one_does_not(client: Client) -> None:
    study = launched()
    entered(client)
    study.status = Status.PAUSED
    study.save()
    assert sent(client, "about", ABOUT) == "story"
    study.status = Status.CLOSED
    study.save()
    assert client.post("/s/park/story/").status_code == 410
    assert client.get("/s/park/story/").status_code == 410
    assert Participant.objects.get().exposed_at is None


def test_completed_participant_sees_the_code_even_when_closed(client: Client) -> None:
    study = launched()
    walked(client)
    study.status = Status.CLOSED
    study.save()
    code = Participant.objects.get().completion_code
    assert client.get("/s/park/")["Location"] == "/s/park/thanks/"
    assert code in client.get("/s/park/thanks/").content.decode()


def test_pilot_participant_comes_by_the_signed_link_only(client: Client) -> None:
    launched(status=Status.PILOT)
    assert client.get("/s/park/?mode=pilot").status_code == 403
    assert client.get("/s/park/?mode=live&key=x").status_code == 403
    walked(client, link=entry_link("park", Mode.PILOT))
    assert [(p.mode, p.state) for p in Participant.objects.all()] == [("pilot", "completed")]
    assert client.get(entry_link("park", Mode.PILOT)).status_code == 200


def test_language_link_keeps_the_pilot_link(client: Client) -> None:
    launched(status=Status.PILOT)
    link = entry_link("park", Mode.PILOT)
    page = client.get(link).content.decode()
    assert f'href="?lang=ko&amp;{link.split("?")[1].replace("&", "&amp;")}"' in page


@pytest.mark.parametrize("people", [1, 3])
def test_pages_cost_literal_numbers_of_statements(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, people: int
) -> None:
    launched()
    for _ in range(people):
        walked(Client())
    with django_assert_num_queries(1):
        client.get("/s/park/")
    with django_assert_num_queries(2):
        entered_client = Client()
        entered_client.post("/s/park/", {"consent": "agree", "nonce": "m" * 22})
    with django_assert_num_queries(1):
        entered_client.get("/s/park/about/")
    with django_assert_num_queries(2):  # the list was met before
        sent(entered_client, "about", ABOUT)
    with django_assert_num_queries(1):
        entered_client.get("/s/park/story/")
    with django_assert_num_queries(2):
        sent(entered_client, "story", {})
    with django_assert_num_queries(2):
        sent(entered_client, "opinion", OPINION)
    with django_assert_num_queries(1):
        entered_client.get("/s/park/thanks/")


def test_page_read_before_the_study_closed_is_not_stored_after(client: Client) -> None:
    study = launched()
    token = entered(client)
    found = person.read("park", token)
    assert found
    Study.objects.filter(pk=study.pk).update(status=Status.CLOSED)
    assert submission.store(participant=found, answers=ABOUT) is None
    assert Submission.objects.count() == 1


def test_vignette_that_was_never_served_is_not_left(client: Client) -> None:
    launched()
    entered(client)
    sent(client, "about", ABOUT)
    assert sent(client, "story", {}) == "story"
    client.get("/s/park/story/")
    assert sent(client, "story", {}) == "opinion"
    assert Participant.objects.get().exposed_at is not None


def test_page_sent_after_the_close_says_that_it_was_not_saved(client: Client) -> None:
    study = launched()
    entered(client)
    Study.objects.filter(pk=study.pk).update(status=Status.CLOSED)
    response = client.post("/s/park/about/", ABOUT)
    assert response.status_code == 410
    assert "came too late and was not saved" in response.content.decode()
