"""What is stored of a page that was sent: answers, what was hidden, orders and paradata, once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from lxml import html

from experiments.answers import as_missing
from experiments.design import Order
from responses.models import Paradata, Participant, Submission
from tests.changed import changed
from tests.designs import small
from tests.responses.studies import ABOUT, entered, launched, sent, walked
from tests.responses.turning import person
from tests.responses.ways import form_of, yes_or_no

pytestmark = pytest.mark.django_db


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
