"""The ways through a study: back, another language, drafts, checks with tries, time, paradata."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from lxml import html
from pytest_django import DjangoAssertNumQueries

from experiments.answers import as_missing
from experiments.design import Item, ItemKind, Measure, Order, canonical_json, from_json
from responses.models import Draft, Paradata, Participant, Submission
from tests.changed import changed
from tests.designs import both, small
from tests.responses.studies import ABOUT, OPINION, entered, launched, sent, walked
from tests.responses.ways import arrives, checked, form_of, screened, with_way_back, yes_or_no

pytestmark = pytest.mark.django_db


def moved(client: Client, page: str, move: str, fields: dict[str, Any] | None = None) -> str:
    """Presses another button than Next and returns the code of the page that it leads to."""
    response = client.post(f"/s/park/{page}/", {**(fields or {}), "move": move})
    assert response.status_code == 302, response.content.decode()
    return str(response["Location"]).strip("/").split("/")[-1]


def fields_of(client: Client, page: str) -> dict[str, Any]:
    """What the page's form would send as it is shown."""
    response = client.get(f"/s/park/{page}/")
    assert response.status_code == 200
    return form_of(response.content, f"/s/park/{page}/").fields


def person() -> Participant:
    return Participant.objects.get()


def asks_years() -> Any:
    years = Item(
        "years",
        ItemKind.NUMBER,
        both("For how many years?", "몇 년 동안?"),
        measure=Measure.INTERVAL,
        decimals=1,
        maximum=9000.0,
    )
    return changed(small(), {"pages[1].items": lambda items: (*items, years)})


def test_going_back_keeps_what_was_typed_and_sends_nothing(client: Client) -> None:
    launched(with_way_back())
    walked(client, until="opinion")
    assert moved(client, "opinion", "back", {"will1": "3", "comment": "half a"}) == "story"
    assert (person().page, person().revision) == ("story", 5)
    assert list(Submission.objects.values_list("page", flat=True)) == [
        "welcome",
        "about",
        "town",
        "story",
    ]
    assert Draft.objects.get().fields == {"will1": ["3"], "comment": ["half a"]}
    assert sent(client, "story", {}) == "opinion"
    fields = fields_of(client, "opinion")
    assert (fields["will1"], fields["comment"]) == (["3"], ["half a"])
    assert sent(client, "opinion", OPINION) == "thanks"
    assert Draft.objects.count() == 0


def test_answer_that_is_changed_is_a_new_submission_and_the_old_one_stays(client: Client) -> None:
    launched(with_way_back())
    walked(client, until="town")
    assert moved(client, "town", "back") == "about"
    fields = fields_of(client, "about")
    assert {name: fields[name] for name in ABOUT} == {k: [v] for k, v in ABOUT.items()}
    assert sent(client, "about", {**ABOUT, "motive1": "1"}) == "town"
    found = Submission.objects.filter(page="about").order_by("revision")
    assert [row.answers["motive1"] for row in found] == ["4", "1"]
    assert person().answers["motive1"] == "1"


def test_arm_stays_and_exposure_is_one_when_somebody_goes_back(client: Client) -> None:
    launched(with_way_back())
    walked(client, until="opinion")
    before = person()
    moved(client, "opinion", "back")
    client.get("/s/park/story/")
    sent(client, "story", {})
    after = person()
    assert (after.assignments, after.exposed_at) == (before.assignments, before.exposed_at)
    assert after.page == "opinion"


def test_back_twice_goes_back_once_and_not_where_it_is_not_offered(client: Client) -> None:
    launched(with_way_back())
    walked(client, until="story")
    assert moved(client, "story", "back") == "story"
    assert moved(client, "town", "back") == "story"
    walked(other := Client(), until="town")
    assert moved(other, "town", "back") == "about"
    assert moved(other, "town", "back") == "about"
    assert moved(other, "about", "back", {"gender": "man"}) == "about"
    assert fields_of(other, "about")["gender"] == ["man"]


def test_language_is_changed_without_losing_answers(client: Client) -> None:
    launched()
    walked(client, until="opinion")
    typed = {"will1": "3", "comment": "<반쯤> half"}
    assert moved(client, "opinion", "language:ko", typed) == "opinion"
    page = client.get("/s/park/opinion/").content.decode()
    assert '<html lang="ko"' in page
    fields = fields_of(client, "opinion")
    assert {name: fields[name] for name in typed} == {k: [v] for k, v in typed.items()}
    assert person().language == "ko"
    sent(client, "opinion", OPINION)
    assert Submission.objects.get(page="opinion").language == "ko"


def test_language_is_changed_on_a_page_that_was_answered_before(client: Client) -> None:
    launched(with_way_back())
    walked(client, until="town")
    moved(client, "town", "back")
    fields = fields_of(client, "about")
    assert moved(client, "about", "language:ko", fields) == "about"
    again = fields_of(client, "about")
    assert {name: again[name] for name in ABOUT} == {k: [v] for k, v in ABOUT.items()}


def test_language_button_of_a_page_that_was_left_changes_the_language_only(client: Client) -> None:
    launched()
    walked(client, until="opinion")
    client.post("/s/park/opinion/draft/", {"comment": "typed"})
    assert moved(client, "about", "language:ko", {"gender": "man"}) == "opinion"
    assert (person().language, person().answers["gender"]) == ("ko", "woman")
    assert Draft.objects.get().fields == {"comment": ["typed"]}


@pytest.mark.parametrize("language", ["xx", "", "ko\0", "language:ko"])
def test_language_that_the_study_lacks_changes_nothing(client: Client, language: str) -> None:
    launched()
    entered(client)
    moved(client, "about", f"language:{language}x", ABOUT)
    assert person().language == "en"
    assert fields_of(client, "about")["gender"] == ["woman"]


def test_number_is_written_as_the_new_language_reads_it(client: Client) -> None:
    """As in German, where 1,5 is one and a half, and 1.500 fifteen hundred."""
    launched(from_json(canonical_json(asks_years()).replace(b'"ko"', b'"de"')))
    entered(client)
    moved(client, "about", "language:de", {**ABOUT, "years": "1,500.5"})
    assert fields_of(client, "about")["years"] == ["1500,5"]
    moved(client, "about", "language:en", {"years": "many"})
    assert fields_of(client, "about")["years"] == ["many"]


def test_page_shows_the_draft_else_what_was_answered(client: Client) -> None:
    launched(with_way_back())
    walked(client, until="town")
    moved(client, "town", "back")
    assert fields_of(client, "about")["gender"] == ["woman"]
    assert client.post("/s/park/about/draft/", {"gender": "man"}).status_code == 204
    fields = fields_of(client, "about")
    assert (fields["gender"], "motive1" in fields) == (["man"], False)


def test_draft_is_there_in_another_browser_and_gone_once_the_page_is_sent(client: Client) -> None:
    launched()
    token = walked(client, until="opinion")
    client.post("/s/park/opinion/draft/", {"comment": "on the train"})
    other = Client()
    other.post("/s/park/resume/", {"code": token})
    assert fields_of(other, "opinion")["comment"] == ["on the train"]
    sent(other, "opinion", OPINION)
    assert Draft.objects.count() == 0


def test_nul_in_what_is_typed_does_not_keep_anybody_from_turning(client: Client) -> None:
    launched(with_way_back())
    walked(client, until="opinion")
    assert moved(client, "opinion", "back", {"comment": "a\0b", "will1": "3"}) == "story"
    assert Draft.objects.get().fields == {"will1": ["3"]}


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


def slow(seconds: int) -> Any:
    return changed(small(), {"pages[1].min_seconds": seconds})


def since(seconds: float) -> None:
    Participant.objects.update(last_seen_at=timezone.now() - timedelta(seconds=seconds))


def test_page_sent_too_soon_is_shown_again_with_what_was_typed(client: Client) -> None:
    launched(slow(60))
    entered(client)
    since(20.5)
    response = client.post("/s/park/about/", {**ABOUT, "move": "next"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Please read this page first. You can send it in 40 seconds" in page
    fields = form_of(response.content, "").fields
    assert {name: fields[name] for name in ABOUT} == {k: [v] for k, v in ABOUT.items()}
    assert Submission.objects.count() == 1
    since(60)
    assert sent(client, "about", ABOUT) == "story"


def test_reading_time_does_not_begin_anew_with_a_wrong_check_or_another_language(
    client: Client,
) -> None:
    launched(changed(checked(), {"pages[1].min_seconds": 60}))
    entered(client)
    since(61)
    assert moved(client, "about", "language:ko", ABOUT) == "about"
    assert sent(client, "about", {**ABOUT, "understood": "no"}) == "about"
    fields = fields_of(client, "about")
    assert sent(client, "about", {**fields, "understood": "yes"}) == "story"


def test_page_sent_after_its_time_is_taken(client: Client) -> None:
    launched(changed(small(), {"pages[1].max_seconds": 30}))
    entered(client)
    since(3600)
    assert sent(client, "about", ABOUT) == "story"


def test_soft_item_is_asked_for_once(client: Client) -> None:
    launched(changed(small(), {"pages[1].items[2].soft": True}))
    entered(client)
    answers = {**ABOUT, "motive1": ""}
    response = client.post("/s/park/about/", answers)
    assert response.status_code == 422
    fields = form_of(response.content, "").fields
    assert fields["asked"] == ["motive1"]
    assert sent(client, "about", {**answers, "asked": "motive1"}) == "story"
    assert person().answers["motive1"] is None


def test_item_that_is_hidden_keeps_its_answer_and_is_marked(client: Client) -> None:
    more = replace(yes_or_no("more", "More?", "더?"), shown_if='attention == "1"')
    launched(changed(small(), {"pages[1].items": lambda items: (*items, more)}))
    entered(client)
    assert sent(client, "about", {**ABOUT, "more": "yes"}) == "story"
    assert Submission.objects.get(page="about").answers["more"] == "yes"
    assert (person().answers["more"], person().not_shown) == ("yes", ["more"])


def test_page_that_conditions_hide_is_passed_over(client: Client) -> None:
    launched(changed(small(), {"pages[3].shown_if": 'gender == "man"'}))
    walked(client, until="opinion")
    assert person().page == "thanks"
    assert set(person().not_shown) == {"will1", "will2", "noticed", "comment"}


def test_missing_kinds_are_stored_as_what_they_are(client: Client) -> None:
    launched()
    entered(client)
    sent(client, "about", {**ABOUT, "gender": "no_answer", "education": "-9"})
    answers = person().answers
    assert answers["gender"] == as_missing("prefer_not_to_say")
    assert answers["education"] == as_missing("dont_know")
    assert person().assignments["main"]["stratum"] == "gender=no_answer"


def test_orders_that_were_shown_are_stored(client: Client) -> None:
    design = changed(
        small(),
        {"scales[0].item_order": Order.RANDOM, "pages[1].items[0].option_order": Order.FLIPPED},
    )
    launched(design)
    entered(client)
    assert person().orders == {}
    page = html.fromstring(client.get("/s/park/about/").content)
    items = [found.get("data-item") for found in page.xpath("//*[@data-item]")]
    options = [found.get("value") for found in page.xpath("//input[@name='gender']")]
    sent(client, "about", ABOUT)
    assert person().orders == {
        "motive": [code for code in items if code.startswith("motive")],
        "gender": options,
    }
    assert options[-1] == "no_answer"


def test_paradata_are_stored_apart_with_the_time_since_the_page_was_theirs(client: Client) -> None:
    launched()
    walked(client, until="story")
    Participant.objects.update(
        last_seen_at=timezone.now() - timedelta(seconds=100),
    )
    client.get("/s/park/story/")
    Participant.objects.update(exposed_at=timezone.now() - timedelta(seconds=7))
    told = '{"w": 360, "items": {"gender": {"first": 5}}, "x\\u0000": "\\u0000"}'
    client.post("/s/park/story/", {"paradata": told, "website": "http://spam"})
    found = Paradata.objects.get(page="story")
    assert 7 <= found.seconds < 60
    assert (found.revision, found.facts["w"], found.facts["honeypot"]) == (3, 360, True)
    assert "spam" not in str(found.facts)
    assert Submission.objects.get(page="story").answers == {}


def test_paradata_can_be_switched_off(client: Client) -> None:
    launched(replace(small(), paradata=False))
    walked(client)
    assert Paradata.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_page_sent_many_times_at_once_is_stored_once() -> None:
    launched()
    client = Client()
    token = entered(client)

    def run(number: int) -> str:
        try:
            browser = Client()
            browser.cookies["coprod_park"] = token
            return sent(browser, "about", {**ABOUT, "motive1": str(1 + number % 5)})
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        assert list(pool.map(run, range(12))) == ["story"] * 12
    assert Submission.objects.filter(page="about").count() == 1
    assert Paradata.objects.filter(page="about").count() == 1
    assert Submission.objects.get(page="about").answers == person().answers


@pytest.mark.parametrize("people", [1, 3])
def test_ways_through_cost_literal_numbers_of_statements(
    client: Client, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    launched(with_way_back())
    for _ in range(people):
        walked(Client())
    walked(client, until="opinion")
    with django_assert_num_queries(2):  # the row, the move
        moved(client, "opinion", "language:ko", OPINION)
    with django_assert_num_queries(1):
        client.get("/s/park/opinion/")
    with django_assert_num_queries(2):
        moved(client, "opinion", "back", OPINION)
    with django_assert_num_queries(1):
        client.post("/s/park/story/draft/", {"comment": "x"})


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
