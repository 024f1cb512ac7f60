"""What a page carries of who is on it: sent along, it spares reading them, and is never wrong."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from experiments.design import Design, Page, PageKind
from experiments.models import Status, Study
from responses import carried
from responses import person as reading
from responses.models import Paradata, Participant, Submission
from responses.withdrawal import withdraw
from tests.changed import changed
from tests.designs import both, small
from tests.responses.studies import ABOUT, OPINION, entered, launched, sent, walked
from tests.responses.turning import person
from tests.responses.ways import form_of, yes_or_no

pytestmark = pytest.mark.django_db
# Rows that one transaction wrote are of one transaction: each request has its own here.
apart = pytest.mark.django_db(transaction=True)


def shown(client: Client, page: str) -> dict[str, Any]:
    """What the form of a page would send as it stands."""
    address = f"/s/park/{page}/"
    return form_of(client.get(address).content, address).fields


def test_page_is_stored_in_one_statement(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    launched()
    walked(client, until="story")
    fields = shown(client, "story")
    with django_assert_num_queries(1):
        assert sent(client, "story", fields) == "opinion"
    fields = shown(client, "opinion")
    with django_assert_num_queries(1):
        assert sent(client, "opinion", {**fields, **OPINION}) == "thanks"
    assert (person().state, person().revision) == ("completed", 4)
    assert list(Submission.objects.order_by("revision").values_list("page", "answers")) == [
        ("welcome", {}),
        ("about", {**person_answers(ABOUT)}),
        ("story", {}),
        ("opinion", {**person_answers(OPINION)}),
    ]


def person_answers(fields: dict[str, str]) -> dict[str, Any]:
    """What is stored of them in the participant's row."""
    return {code: person().answers[code] for code in fields}


def test_time_on_the_vignette_runs_from_the_exposure(client: Client) -> None:
    launched()
    walked(client, until="story")
    ago = "last_seen_at = last_seen_at - interval '1 hour'"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE responses_participant SET {ago}")  # a constant
    fields = shown(client, "story")
    assert sent(client, "story", fields) == "opinion"
    assert Paradata.objects.get(page="story").seconds < 60


def test_carried_is_the_row_as_it_is_read_with_the_page(client: Client) -> None:
    launched()
    token = entered(client)
    sent(client, "about", {**shown(client, "about"), **ABOUT})
    text = shown(client, "story")[carried.FIELD][0]
    found = carried.opened(text, study="park", token=token, page="story")
    read = reading.read("park", token)
    assert found
    assert read
    assert replace(found, now=read.now, study_status=read.study_status) == read


def test_vignette_that_was_not_shown_carries_nothing(client: Client) -> None:
    launched()
    token = walked(client, until="story")
    found = reading.read("park", token)
    assert found
    assert found.awaits_exposure
    assert carried.sealed(found, token) == ""


@apart
@pytest.mark.parametrize(
    "column", ["flags = '{}'", "listed = '{}'", "first_look = 1", "revision = revision"]
)
def test_row_that_was_written_since_is_read(
    client: Client, column: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    launched()
    walked(client, until="story")
    fields = shown(client, "story")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE responses_participant SET {column}")  # a constant
    # One that finds another row, one that reads it, one that stores the page.
    with django_assert_num_queries(3):
        assert sent(client, "story", fields) == "opinion"
    assert Submission.objects.filter(page="story").count() == 1


def test_page_before_the_vignette_carries_nothing(client: Client) -> None:
    launched()
    entered(client)
    fields = shown(client, "about")
    assert fields[carried.FIELD] == [""]
    assert sent(client, "about", {**fields, **ABOUT}) == "story"


def test_page_that_leads_to_an_arm_all_the_same_is_read(client: Client) -> None:
    launched(with_more_between())
    entered(client)
    fields = shown(client, "about")
    assert fields[carried.FIELD] != [""]
    assert sent(client, "about", {**fields, **ABOUT}) == "story"
    assert set(person().assignments) == {"main"}


def test_page_sent_twice_is_stored_once(client: Client) -> None:
    launched()
    walked(client, until="opinion")
    fields = {**shown(client, "opinion"), **OPINION}
    assert [sent(client, "opinion", fields) for _ in range(2)] == ["thanks", "thanks"]
    assert Submission.objects.filter(page="opinion").count() == 1


def test_other_tab_is_told_that_its_page_had_been_sent(client: Client) -> None:
    launched()
    entered(client)
    other = {**shown(client, "about"), **ABOUT, "motive1": "1"}
    assert sent(client, "about", {**shown(client, "about"), **ABOUT}) == "story"
    response = client.post("/s/park/about/", {**other, "move": "next"})
    assert response["Location"] == "/s/park/story/?unsaved=1"
    assert person().answers["motive1"] == ABOUT["motive1"]


def test_what_another_holds_opens_nothing(client: Client) -> None:
    launched()
    walked(client, until="opinion")
    theirs = shown(client, "opinion")[carried.FIELD]
    other = Client()
    walked(other, until="opinion")
    fields = {**shown(other, "opinion"), **OPINION, carried.FIELD: theirs}
    assert sent(other, "opinion", fields) == "thanks"
    states = Participant.objects.order_by("pk").values_list("state", "revision")
    assert list(states) == [("answering", 3), ("completed", 4)]


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda text: "",
        lambda text: "none of ours",
        lambda text: "한" * 40,
        lambda text: text[:-8] + "AAAAAAA=",
        lambda text: "B" + text[1:],
        lambda text: text[:20],
        lambda text: text * 2,
    ],
)
def test_rubbish_is_as_good_as_nothing(client: Client, spoilt: Callable[[str], str]) -> None:
    launched()
    walked(client, until="opinion")
    fields = shown(client, "opinion")
    fields[carried.FIELD] = [spoilt(fields[carried.FIELD][0])]
    assert sent(client, "opinion", {**fields, **OPINION}) == "thanks"
    assert Submission.objects.filter(page="opinion").count() == 1


def test_page_of_another_key_is_read(client: Client, settings: Settings) -> None:
    launched()
    walked(client, until="opinion")
    fields = shown(client, "opinion")
    settings.SECRET_KEY = "another key, as good as the one before it"
    assert sent(client, "opinion", {**fields, **OPINION}) == "thanks"


def test_page_of_another_page_is_read(client: Client) -> None:
    launched()
    walked(client, until="story")
    of_story = shown(client, "story")[carried.FIELD]
    sent(client, "story", shown(client, "story"))
    fields = {**shown(client, "opinion"), **OPINION, carried.FIELD: of_story}
    assert sent(client, "opinion", fields) == "thanks"


def test_closed_study_stores_nothing(client: Client) -> None:
    launched()
    walked(client, until="opinion")
    fields = {**shown(client, "opinion"), **OPINION, "move": "next"}
    Study.objects.update(status=Status.CLOSED)
    assert client.post("/s/park/opinion/", fields).status_code == 410
    assert not Submission.objects.filter(page="opinion").exists()


@pytest.mark.parametrize("keep", [True, False])
@apart
def test_who_withdrew_stores_nothing(client: Client, *, keep: bool) -> None:
    launched()
    walked(client, until="opinion")
    fields = {**shown(client, "opinion"), **OPINION, "move": "next"}
    withdraw(participant_id=person().pk, keep=keep)
    client.post("/s/park/opinion/", fields)
    assert not Submission.objects.filter(page="opinion").exists()


def test_wrong_answers_are_shown_again_and_carried_on(client: Client) -> None:
    launched()
    walked(client, until="opinion")
    fields = shown(client, "opinion")
    refused = client.post("/s/park/opinion/", {**fields, "will1": "99", "move": "next"})
    assert refused.status_code == 422
    again = form_of(refused.content, "").fields
    assert again[carried.FIELD] != [""]
    assert sent(client, "opinion", {**again, **OPINION}) == "thanks"


def test_move_back_and_language_are_as_without(client: Client) -> None:
    launched()
    entered(client)
    fields = {**shown(client, "about"), **ABOUT}
    for move, language in [("back", "en"), ("language:ko", "ko")]:
        response = client.post("/s/park/about/", {**fields, "move": move})
        assert response["Location"] == "/s/park/about/"
        assert (person().language, person().answers) == (language, {})


def with_more_between() -> Design:
    """`small()` with a page ahead of the vignette that a woman is not asked."""
    more = Page(
        "more",
        PageKind.QUESTIONS,
        both("More", "더"),
        both("More.", "더."),
        (yes_or_no("city", "A city?", "도시?"),),
        shown_if='gender == "man"',
    )
    return changed(small(), {"pages": lambda pages: (*pages[:2], more, *pages[2:])})


def test_draft_of_a_page_goes_with_it(client: Client) -> None:
    launched()
    walked(client, until="opinion")
    fields = {**shown(client, "opinion"), **OPINION}
    assert (
        client.post("/s/park/opinion/draft/", {"comment": "F", "draft_number": "1"}).status_code
        == 204
    )
    assert sent(client, "opinion", fields) == "thanks"
    assert not person().drafts.exists()
