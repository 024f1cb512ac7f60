"""The time that a page takes: sent too soon it is shown again, sent late it is taken."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from responses.models import Participant, Submission
from tests.changed import changed
from tests.designs import small
from tests.responses.studies import ABOUT, entered, launched, sent
from tests.responses.turning import fields_of, moved
from tests.responses.ways import checked, form_of

pytestmark = pytest.mark.django_db


def slow(seconds: int) -> Any:
    return changed(small(), {"pages[1].min_seconds": seconds})


def since(seconds: float) -> None:
    Participant.objects.update(last_seen_at=timezone.now() - timedelta(seconds=seconds))


def test_page_sent_too_soon_is_shown_again_with_what_was_typed(client: Client) -> None:
    launched(slow(60))
    entered(client)
    # A second to spare: it is rounded up.
    since(20)
    response = client.post("/s/park/about/", {**ABOUT, "move": "next"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Please read this page first. You can send it in 40 seconds" in page
    fields = form_of(response.content, "").fields
    assert {name: fields[name] for name in ABOUT} == {k: [v] for k, v in ABOUT.items()}
    assert Submission.objects.count() == 1
    since(60)
    assert sent(client, "about", ABOUT) == "story"


def test_nobody_waits_for_a_clock_that_was_set_back(client: Client) -> None:
    launched(slow(60))
    entered(client)
    since(-3600)
    assert 'data-wait="0"' in client.get("/s/park/about/").content.decode()
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
    # Nobody is stratified by an answer that may be open when the time is up.
    timed = {"pages[1].max_seconds": 30, "randomisations[0].strata": ()}
    launched(changed(small(), timed))
    entered(client)
    since(3600)
    assert sent(client, "about", ABOUT) == "story"
