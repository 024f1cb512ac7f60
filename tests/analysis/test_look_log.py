"""The log of a study's looks: what is in it, that it holds, and what it sees."""

import hashlib
import json
import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from analysis.look_log import append, opened, verify
from analysis.models import Look, LookEvent
from analysis.replanning import replan
from experiments.models import Study
from tests.analysis.studies import complete, launched, spend
from tests.analysis.test_ordered_looks import order
from tests.analysis.test_replanning import replanning
from tests.designs import small
from tests.desk import grant

pytestmark = pytest.mark.django_db

PAGE = "/admin/analysis/look/study/park/looks/"


def spent() -> tuple[Study, Look]:
    """A study whose first look was spent."""
    study = launched()
    complete(study, 20)
    return study, spend(study, 1)


def forged(statement: str) -> None:
    """Changes what is append-only, as the owner of the database can."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL coprod.erasure = 'declared'")
        cursor.execute(statement)
        cursor.execute("SET LOCAL coprod.erasure = ''")


def canonical(plain: object) -> str:
    """SHA-256 of the JSON with sorted keys and no spaces, by the standard library alone."""
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def test_spending_writes_down_what_was_found_in_a_chain_that_others_can_replay() -> None:
    study, look = spent()
    complete(study, 20, start=20)
    spend(study, 2)
    first, second = LookEvent.objects.order_by("position")
    look.refresh_from_db()
    assert (first.position, first.kind, first.number, first.actor) == (1, "spent", 1, "")
    assert first.detail == {
        "n": 20,
        "fraction": 0.5,
        "planned": 1,
        "cut": look.cut_digest,
        "plan": look.plan_digest,
        "results": canonical(look.results),
        "code": look.code_version,
        "libraries": look.libraries,
    }
    previous = "0" * 64
    for event in (first, second):
        facts = {
            "study": study.pk,
            "mode": "live",
            "position": event.position,
            "kind": "spent",
            "number": event.number,
            "actor": "",
            "at": f"{event.at:%Y-%m-%dT%H:%M:%S.%fZ}",
            "detail": event.detail,
            "previous": previous,
        }
        assert (event.previous_digest, event.digest) == (previous, canonical(facts))
        previous = event.digest
    chain = verify(study.pk, "live")
    assert (chain.events, chain.holds, chain.head) == ((first, second), True, second.digest)


def test_chains_are_each_studys_and_modes_own() -> None:
    study = launched()
    for mode in ("live", "rehearsal", "live"):
        append(study_id=study.pk, mode=mode, kind="paused", number=1)
    found = LookEvent.objects.order_by("id").values_list("mode", "position")
    assert list(found) == [("live", 1), ("rehearsal", 1), ("live", 2)]
    empty = verify(study.pk, "pilot")
    assert (empty.events, empty.holds, empty.head) == ((), True, "0" * 64)


def test_database_refuses_to_change_an_event_or_to_fork_the_chain() -> None:
    study, _look = spent()
    with pytest.raises(IntegrityError, match="append-only: UPDATE refused"), transaction.atomic():
        LookEvent.objects.update(actor="kim")
    with pytest.raises(IntegrityError, match="append-only: DELETE refused"), transaction.atomic():
        LookEvent.objects.all().delete()
    event = LookEvent.objects.get()
    event.pk = None
    with pytest.raises(IntegrityError, match="one_event_per_position"), transaction.atomic():
        event.save(force_insert=True)
    assert verify(study.pk, "live").holds


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE analysis_lookevent SET actor = 'lee' WHERE position = 2", "event 2 was changed"),
        ("DELETE FROM analysis_lookevent WHERE position = 1", "event 1 was changed"),
        (
            "UPDATE analysis_lookevent SET detail = jsonb_set(detail, '{n}', '21')",
            "event 1 was changed",
        ),
        (
            "UPDATE analysis_look SET results = jsonb_set(results, '{completes}', '21')",
            "look 1 is not what was spent",
        ),
        ("UPDATE analysis_look SET cut_digest = '0'", "look 1 is not what was spent"),
        ("UPDATE analysis_look SET number = 2", "look 1 is not what was spent"),
        ("DELETE FROM analysis_look", "look 1 is not what was spent"),
    ],
)
def test_log_sees_what_was_changed_behind_its_back(statement: str, said: str) -> None:
    study, look = spent()
    opened(look=look, actor="kim")
    forged(statement)
    chain = verify(study.pk, "live")
    assert not chain.holds
    assert said in chain.line


def test_log_sees_a_changed_order_and_a_changed_sample_size() -> None:
    study = replanning()
    complete(study, 12)
    replan(study_id=study.pk, mode="live")
    order(study)
    assert verify(study.pk, "live").holds
    forged("UPDATE analysis_orderedlook SET reason = 'None.'")
    assert "the orders are not those that were given" in verify(study.pk, "live").line
    forged("UPDATE analysis_orderedlook SET reason = 'A complaint.'")
    forged("UPDATE analysis_replanning SET sample_size = 400")
    assert "the sample size is not the one that was fixed" in verify(study.pk, "live").line


def test_log_sees_a_look_that_was_slipped_in() -> None:
    study, look = spent()
    look.pk, look.number, look.planned = None, 2, 2
    look.save(force_insert=True)
    assert verify(study.pk, "live").line == (
        "The log does not hold: look 2 is not in it as spent once."
    )


def test_opening_is_written_down_once_per_person_and_shown() -> None:
    _study, look = spent()
    for name in ("hana", "kim"):
        user = User.objects.create_user(name, is_staff=True)
        grant(user, "view_look")
        client = Client()
        client.force_login(user)
        # Who sees the plot has seen what was found, too.
        address = reverse("admin:analysis_look_figure", args=[look.pk, "estimates"])
        assert client.get(address).status_code == 200
        page = client.get(reverse("admin:analysis_look_change", args=[look.pk]))
    events = LookEvent.objects.filter(kind="opened").order_by("position")
    assert [(event.number, event.actor) for event in events] == [(1, "hana"), (1, "kim")]
    shown = " ".join(re.sub(r"<[^>]*>", " ", unescape(page.content.decode())).split())
    assert " ".join(f"{event.actor}, {event.at:%Y-%m-%d %H:%M:%S}" for event in events) in shown


def test_page_lists_the_log_and_its_head(admin_client: Client) -> None:
    study, look = spent()
    opened(look=look, actor="kim")
    page = unescape(admin_client.get(PAGE).content.decode())
    assert "The log holds: 2 events" in page
    assert f"Look 1 was spent, n = 20, cut {look.cut_digest[:12]}" in page
    assert "Look 1 was opened by kim" in page
    # Only what was spent has a report.
    report = reverse("admin:analysis_look_change", args=[look.pk])
    linked = re.findall(rf'href="{report}"[^>]*>\s*([^<]+)<', page)
    assert [text.partition(",")[0] for text in linked] == ["Look 1 was spent"]
    assert verify(study.pk, "live").head in page
    forged("UPDATE analysis_lookevent SET actor = 'lee' WHERE position = 2")
    assert "The log does not hold: event 2" in admin_client.get(PAGE).content.decode()


def test_page_of_another_mode_has_the_log_of_that_one(admin_client: Client) -> None:
    spent()
    assert "The log holds: 0 events" in admin_client.get(f"{PAGE}?mode=rehearsal").content.decode()


@pytest.mark.parametrize("studies", [1, 3])
def test_page_takes_a_fixed_number_of_statements(
    studies: int, admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(studies):
        study = launched(small(study=f"park{number}"))
        complete(study, 20)
        spend(study, 1)
    # Session and user; the study; the log (a savepoint and its end, the lock, events, looks,
    # orders, sample sizes); its reports; six for where its looks stand; what runs now.
    with django_assert_num_queries(18):
        admin_client.get("/admin/analysis/look/study/park0/looks/")
