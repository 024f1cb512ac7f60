"""Flags of a study's rows: computed anew, stored, exported, and shown at the desk."""

import csv
import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models.expressions import RawSQL
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from experiments.flags import PREFIX, RULES
from responses.models import Paradata, Participant
from responses.quality import refresh_flags
from responses.withdrawal import withdraw
from tests.desk import desk, text_of
from tests.responses.arriving import FROM_PANEL
from tests.responses.studies import ABOUT, entered, launched, sent, walked
from tests.responses.ways import arrives, of_a_panel, screened, with_way_back

pytestmark = pytest.mark.django_db
PAGE = "/admin/responses/participant/quality/park/"
DOCS = Path(__file__).resolve().parents[3] / "docs" / "quality-flags.md"


def flags(**of: int | None) -> dict[str, int | None]:
    return {**dict.fromkeys(rule.name for rule in RULES), **of}


def took(seconds: int) -> None:
    """As if the page on which they are had been theirs for so long."""
    Participant.objects.update(last_seen_at=timezone.now() - timedelta(seconds=seconds))


def refreshed(study: Any) -> list[Any]:
    refresh_flags(study_id=study.pk, mode="live")
    return list(Participant.objects.order_by("id").values_list("flags", flat=True))


def test_flags_are_those_of_what_was_sent(client: Client) -> None:
    study = launched()
    entered(client)
    sent(client, "about", {**ABOUT, "attention": "1", "website": "buy", "paradata": "rubbish"})
    (found,) = refreshed(study)
    # Five answers in the twinkling of a test.
    assert found == flags(failed_attention=1, duplicate=0, honeypot=1, impossible_time=1)


def test_study_that_begins_with_screening_flags_nobody_for_its_first_page(client: Client) -> None:
    study = launched(screened())
    arrives(client, FROM_PANEL, {"adult": "yes", "town": "Here"})
    assert refreshed(study) == [flags(duplicate=0, honeypot=0)]


def test_time_before_somebody_goes_back_counts(client: Client) -> None:
    study = launched(with_way_back())
    entered(client)
    sent(client, "about", ABOUT)
    took(100)
    client.post("/s/park/town/", {"city": "yes", "move": "back"})
    took(20)
    for page, answers in (("about", ABOUT), ("town", {"city": "yes"})):
        sent(client, page, answers)
    spent = Paradata.objects.values_list("page", "seconds")
    assert [(page, round(seconds)) for page, seconds in spent] == [
        *(("welcome", 0), ("about", 0), ("town", 100)),
        *(("about", 20), ("town", 0)),
    ]
    (found,) = refreshed(study)
    assert found["impossible_time"] == 0


def test_browser_that_was_somebody_else_of_the_study_is_a_duplicate_on_any_day() -> None:
    study = launched(of_a_panel())
    browser = Client()
    for person in ("pid1", "pid2"):
        arrives(browser, FROM_PANEL.replace("pid1", person))
        # As on another day.
        Participant.objects.update(fingerprint=RawSQL("sha256(id::text::bytea)", []))
    arrives(Client(headers={"User-Agent": "Another/1.0"}), FROM_PANEL.replace("pid1", "pid3"))
    assert [found["duplicate"] for found in refreshed(study)] == [0, 1, 0]


def test_second_arrival_of_a_device_is_counted_and_the_first_is_not() -> None:
    study = launched()
    for _ in range(3):
        entered(Client())
    entered(Client(headers={"User-Agent": "Another/1.0"}))
    assert [found["duplicate"] for found in refreshed(study)] == [0, 1, 2, 0]


def test_page_has_a_median_once_ten_people_sent_it() -> None:
    study = launched()
    for _ in range(9):
        walked(Client(), until="story")
    assert {found["fast_pages"] for found in refreshed(study)} == {None}
    walked(Client(), until="story")
    assert None not in {found["fast_pages"] for found in refreshed(study)}


def test_flags_change_only_where_something_was_found_anew(client: Client) -> None:
    study = launched()
    walked(client, until="story")
    walked(Client(), until="story")
    assert refresh_flags(study_id=study.pk, mode="live") == 2
    assert refresh_flags(study_id=study.pk, mode="live") == 0
    assert refresh_flags(study_id=study.pk, mode="pilot") == 0


def test_who_withdrew_has_no_flags(client: Client) -> None:
    study = launched()
    walked(client, until="story")
    refresh_flags(study_id=study.pk, mode="live")
    withdraw(participant_id=Participant.objects.get().pk)
    assert refreshed(study) == [None]


@pytest.mark.parametrize("people", [1, 3])
def test_flags_cost_the_same_however_many_people(
    people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    study = launched()
    for _ in range(people):
        walked(Client(), until="story")
    # What they rest on, the medians, the people, what changed, and what it rests on, to keep.
    with django_assert_num_queries(5):
        refresh_flags(study_id=study.pk, mode="live")
    with django_assert_num_queries(1):
        refresh_flags(study_id=study.pk, mode="live")


@pytest.mark.django_db(transaction=True)  # an export has a connection of its own
def test_download_has_flags_of_now(client: Client) -> None:
    launched()
    entered(client)
    sent(client, "about", {**ABOUT, "attention": "1"})
    asked = {"mode": "live", "format": "csv", "table": "participants", "language": "en"}
    response = desk().post("/admin/export/park/", asked, follow=True)
    (row,) = csv.DictReader(io.StringIO(response.getvalue().decode()))
    assert (row[f"{PREFIX}failed_attention"], row[f"{PREFIX}failed_mock"]) == ("1", "")


def test_desk_shows_what_was_found_and_in_whom(client: Client) -> None:
    launched()
    entered(client)
    sent(client, "about", {**ABOUT, "attention": "1"})
    entered(Client(headers={"User-Agent": "Another/1.0"}))
    at_desk = desk()
    before = text_of(at_desk.get(PAGE))
    assert "2 participants were not looked at yet." in before
    assert at_desk.post(f"{PAGE}?mode=live")["Location"] == f"{PAGE}?mode=live"
    shown = text_of(at_desk.get(PAGE))
    assert "The flags of 2 participants changed." in shown
    assert re.search(r"6 Attention checks failed flag_failed_attention 1 1 100\.0%", shown)
    assert "7 Mock vignette checks failed flag_failed_mock 0 0 –" in shown
    assert "1 participant with a flag" in shown
    assert f"{Participant.objects.order_by('id')[0]} answering" in shown.lower()
    assert "not looked at" not in shown


@pytest.mark.parametrize("people", [1, 3])
def test_desk_page_costs_the_same_however_many_people(
    people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    study = launched()
    for _ in range(people):
        browser = Client()
        entered(browser)
        sent(browser, "about", {**ABOUT, "attention": "1"})
    refresh_flags(study_id=study.pk, mode="live")
    at_desk = desk()
    # Session and user, study, who is flagged (count, keys, rows), the rules, who waits, marks.
    with django_assert_num_queries(9):
        at_desk.get(PAGE)


def test_desk_page_is_for_who_may_see_participants(client: Client) -> None:
    launched()
    assert client.get(PAGE).status_code == 302
    assert desk("view_study").get(PAGE).status_code == 403


def test_command_says_what_was_found(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    launched()
    entered(client)
    sent(client, "about", {**ABOUT, "attention": "1"})
    call_command("flag_quality", "park")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "The flags of 1 participants changed."
    assert lines[6] == " 6 failed_attention     1 of 1 judged"
    assert len(lines) == 1 + len(RULES)


def test_every_rule_is_explained() -> None:
    headings = re.findall(r"^## (\d+)\. `(\w+)`", DOCS.read_text(), re.MULTILINE)
    assert headings == [(str(rule.number), f"{PREFIX}{rule.name}") for rule in RULES]
