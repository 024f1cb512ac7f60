"""The ways out of a study: each with its own words, code and way back, and for good."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from lxml import html
from pytest_django import DjangoAssertNumQueries

from experiments.design import Design, Image, Outcome
from experiments.models import Status, Study
from responses.arrival import entry_link
from responses.models import Mode, Participant, QuotaPlace, State, Submission
from tests.changed import changed
from tests.designs import both, small
from tests.responses.studies import ABOUT, OPINION, entered, launched, sent, walked
from tests.responses.ways import PANEL, arrives, ending_in, few, screened

pytestmark = pytest.mark.django_db

LINK = "/s/park/?PROLIFIC_PID=pid+1"
# One pixel.
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def person() -> Participant:
    return Participant.objects.latest("id")


def way_back(client: Client, page: str) -> str:
    """Where the page at that address leads back to."""
    found = html.fromstring(client.get(f"/s/park/{page}/").content).get_element_by_id("redirect")
    return str(found.get("href"))


def test_completed_participant_gets_code_and_way_back(client: Client) -> None:
    launched(ending_in(Outcome.COMPLETED, more="&pid={prolific_pid}"))
    walked(client, link=LINK)
    code = person().completion_code
    assert len(code) == 10
    assert way_back(client, "thanks") == f"{PANEL}?end=completed&cc={code}&pid=pid%201"


def test_screened_out_participant_gets_code_and_way_back(client: Client) -> None:
    launched(ending_in(Outcome.SCREENED_OUT, design=screened()))
    arrives(client, LINK, {"adult": "no"})
    found = person()
    assert (found.state, found.ended_at is not None) == (State.SCREENED_OUT, True)
    assert way_back(client, "screen") == f"{PANEL}?end=screened_out&cc={found.completion_code}"
    assert "The end: screened_out" in client.get("/s/park/screen/").content.decode()


def test_screening_after_consent_screens_out_too(client: Client) -> None:
    launched(changed(small(), {"pages[1].screen_out_if": 'gender == "man" and motive1 > 3'}))
    entered(client)
    assert sent(client, "about", {**ABOUT, "gender": "man"}) == "about"
    assert (person().state, person().assignments) == (State.SCREENED_OUT, {})


def test_refusal_at_the_door_gets_code_and_way_back_at_once(client: Client) -> None:
    launched(ending_in(Outcome.REFUSED))
    response = client.post("/s/park/", {"consent": "decline", "nonce": "n" * 22})
    found = person()
    assert found.state == State.REFUSED
    redirect = html.fromstring(response.content).get_element_by_id("redirect").get("href")
    assert redirect == f"{PANEL}?end=refused&cc={found.completion_code}"


def test_refusal_of_somebody_with_an_id_stays(client: Client) -> None:
    launched(ending_in(Outcome.REFUSED, more="&pid={prolific_pid}"))
    response = arrives(client, LINK, {"consent": "decline"})
    assert response["Location"] == "/s/park/welcome/"
    expected = f"{PANEL}?end=refused&cc={person().completion_code}&pid=pid%201"
    assert way_back(client, "welcome") == expected
    assert client.get(LINK)["Location"] == "/s/park/welcome/"


def test_full_quota_ends_the_second_and_gives_no_place_away(client: Client) -> None:
    launched(few(1, "gender", cell=("woman",), design=ending_in(Outcome.QUOTA_FULL)))
    entered(Client())
    walked(Client(), until="story")
    entered(client)
    assert sent(client, "about", ABOUT) == "about"
    found = person()
    assert (found.state, found.assignments, found.answers["gender"]) == (
        State.QUOTA_FULL,
        {},
        "woman",
    )
    assert way_back(client, "about") == f"{PANEL}?end=quota_full&cc={found.completion_code}"
    assert QuotaPlace.objects.exclude(participant=found).count() == 1
    man = Client()
    entered(man)
    assert sent(man, "about", {**ABOUT, "gender": "man"}) == "story"


def test_completed_place_is_kept_and_a_left_one_comes_back(client: Client) -> None:
    launched(few(1))
    walked(Client())
    assert QuotaPlace.objects.get().leased_until is None
    assert client.get("/s/park/").status_code == 410
    with connection.cursor() as cursor:
        cursor.execute("UPDATE responses_quotaplace SET leased_until = now() - interval '1 second'")
    assert client.get("/s/park/").status_code == 200


@pytest.mark.parametrize("outcome", [State.SCREENED_OUT, State.QUOTA_FULL, State.REFUSED])
def test_who_ended_sees_the_ending_and_changes_nothing(client: Client, outcome: State) -> None:
    launched(_ending_with(outcome))
    arrives(client, LINK, {"adult": "no" if outcome == State.SCREENED_OUT else "yes"})
    if outcome == State.REFUSED:
        sent(client, "welcome", {"consent": "decline"})
    before = Participant.objects.values().get(), Submission.objects.count()
    assert before[0]["state"] == outcome
    at = f"/s/park/{before[0]['page']}/"
    for move in ("next", "back", "language:ko"):
        response = client.post(at, {"adult": "yes", "consent": "agree", "move": move})
        # The others sent what is stored, or only turned the page.
        in_vain = outcome == State.SCREENED_OUT and move == "next"
        assert response["Location"] == (f"{at}?unsaved=1" if in_vain else at)
    assert client.post("/s/park/about/", ABOUT)["Location"] == at
    assert client.get("/s/park/about/")["Location"] == at
    assert before[0]["completion_code"] in client.get(at).content.decode()
    assert (Participant.objects.values().get(), Submission.objects.count()) == before


def _ending_with(outcome: State) -> Design:
    full = few(0, "adult", cell=("yes",), design=screened())
    return full if outcome == State.QUOTA_FULL else screened()


def test_completed_participant_changes_nothing_any_more(client: Client) -> None:
    launched()
    walked(client)
    before = Participant.objects.values().get(), Submission.objects.count()
    for page in ("thanks", "opinion", "about"):
        for move in ("next", "back", "language:ko"):
            response = client.post(f"/s/park/{page}/", {**OPINION, "move": move})
            assert response["Location"] == "/s/park/thanks/"
    assert (Participant.objects.values().get(), Submission.objects.count()) == before


def test_every_outcome_has_a_code_that_differs(client: Client) -> None:
    launched(screened())
    arrives(Client(), "/s/park/", {"adult": "no"})
    decliner = Client()
    arrives(decliner, "/s/park/", {"adult": "yes"})
    sent(decliner, "welcome", {"consent": "decline"})
    arrives(client, "/s/park/", {"adult": "yes"})
    sent(client, "welcome", {"consent": "agree"})
    for page, answers in (("about", ABOUT), ("story", {}), ("opinion", OPINION)):
        client.get(f"/s/park/{page}/")
        sent(client, page, answers)
    codes = list(Participant.objects.values_list("completion_code", flat=True))
    assert len({*codes}) == 3
    assert {len(code) for code in codes} == {10}


def test_closed_study_sends_who_is_in_the_middle_back(client: Client) -> None:
    study = launched(ending_in(Outcome.CLOSED, more="&pid={prolific_pid}"))
    walked(client, link=LINK, until="opinion")
    Study.objects.filter(pk=study.pk).update(status=Status.CLOSED)
    assert way_back(client, "opinion") == f"{PANEL}?end=closed&cc=&pid=pid%201"


def test_who_ends_after_the_vignette_is_debriefed(client: Client) -> None:
    told = both("It was made up.", "지어낸 이야기입니다.")
    design = replace(small(), debriefing=told)
    late = {"pages[3].screen_out_if": "will1 > 5", "plan.post_treatment_exclusions": ("will1",)}
    launched(changed(design, late))
    walked(client)
    assert person().state == State.SCREENED_OUT
    assert "It was made up." in client.get("/s/park/opinion/").content.decode()


def test_who_ended_a_test_run_may_begin_anew(client: Client) -> None:
    launched(screened(), status=Status.PILOT)
    link = entry_link("park", Mode.PILOT)
    arrives(client, link, {"adult": "no"})
    assert client.get(link).status_code == 200
    arrives(client, link, {"adult": "yes"})
    states = Participant.objects.order_by("id").values_list("state", flat=True)
    assert list(states) == [State.SCREENED_OUT, State.ANSWERING]


@pytest.mark.parametrize("people", [1, 3])
def test_endings_cost_literal_numbers_of_statements(
    people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    launched(ending_in(Outcome.SCREENED_OUT, design=screened()))
    browsers = [Client() for _ in range(people)]
    for number, browser in enumerate(browsers):
        arrives(browser, f"/s/park/?PROLIFIC_PID={number}", {"adult": "no"})
    with django_assert_num_queries(1):
        browsers[0].get("/s/park/screen/")


def test_way_back_with_the_id_costs_a_statement_more(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    launched(ending_in(Outcome.COMPLETED, more="&pid={prolific_pid}"))
    walked(client, link=LINK)
    with django_assert_num_queries(2):
        client.get("/s/park/thanks/")


def pictured() -> Any:
    body = both("![A park](image:green)", "![공원](image:green)")
    design = changed(small(), {"pages[1].body": body})
    return replace(design, images=(Image("green", "image/png", PIXEL),))


def test_picture_is_kept_for_ever_and_no_cookie_is_read(client: Client) -> None:
    launched(pictured())
    entered(client)
    page = html.fromstring(client.get("/s/park/about/").content)
    address = page.xpath("//img/@src")[0]
    stranger = Client()
    response = stranger.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert response.content.startswith(b"\x89PNG")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies
    for path in ("/s/park/image/nonesuch/", "/s/other/image/nonesuch/"):
        assert stranger.get(path).status_code == 404
