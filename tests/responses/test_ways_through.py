"""The ways through a study: back, another language, drafts."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from experiments.design import Item, ItemKind, Measure, canonical_json, from_json
from responses.models import Draft, Submission
from tests.changed import changed
from tests.designs import both, small
from tests.responses.studies import ABOUT, OPINION, entered, launched, sent, walked
from tests.responses.turning import fields_of, moved, person
from tests.responses.ways import with_way_back

pytestmark = pytest.mark.django_db


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
