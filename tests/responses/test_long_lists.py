"""Lists of the desk read as much of 5,000 participants as of 200: blocks and rows, no times."""

from functools import partial

import pytest
from django.db import connection
from django.test import Client

from benchmarks.explaining import Read, read_by_statements
from benchmarks.product import launch_study
from experiments.models import Study
from responses.admin import ErasureAdmin, ParticipantAdmin
from responses.models import Participant
from responses.paged import BoundedPaginator
from tests.desk import desk, text_of

PEOPLE, ERASURES = "/admin/responses/participant/", "/admin/responses/erasure/"
FEW, MANY = 200, 5_000
# An index of more rows has a level more in each of the places that are asked. Of the few nobody is
# in some states, and there are fewer tallies: how many, is drawn. The many would be 5,000 rows.
TIMES, BLOCKS, ROWS = 1.6, 60, 500
ERASED = """
INSERT INTO responses_erasure (study_id, mode, kind, actor, rows, kept)
SELECT %s, 'live', CASE WHEN n < 9 THEN 'retention' ELSE 'withdrawal' END, 'a', '{}', false
FROM generate_series(1, %s) AS n
"""


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts and pages so short that the fewest go beyond them."""
    monkeypatch.setattr(BoundedPaginator, "counted", 20)
    for each in (ParticipantAdmin, ErasureAdmin):
        monkeypatch.setattr(each, "list_per_page", 2)
        monkeypatch.setattr(each, "list_max_show_all", 2)


def asked(study: Study) -> list[str]:
    """Every way in which the lists can be asked, by filters, order, page and search."""
    middle = Participant.objects.order_by("id")[FEW // 2].pk
    of_people = [
        *("", "p=5", "o=7", "o=-7", "o=3.4.2.8", f"past={middle}", f"past={middle}&o=7"),
        *(f"mode__exact={mode}" for mode in ("live", "pilot", "rehearsal")),
        *(f"state__exact={state}" for state in ("answering", "refused", "withdrawn", "completed")),
        *("state__exact=quota_full", "state__exact=answering&mode__exact=live&p=5"),
        *("marked=yes", "marked=no", "q=abcdef", "q=ab", "q=ABCDEFGHJKMN", "_facets=True"),
        *("study__id__exact=0", "all="),
    ]
    of_study = [
        f"study__id__exact={study.pk}{more}" for more in ("", "&p=5", "&state__exact=withdrawn")
    ]
    of_erasures = ["", "p=5", "o=1", "kind__exact=retention", "kind__exact=rehearsal", "past=100"]
    return [
        *(f"{PEOPLE}?{each}" for each in (*of_people, *of_study)),
        *(f"{ERASURES}?{each}" for each in of_erasures),
    ]


def filled(people: int, erasures: int) -> Study:
    from benchmarks.monitor.people import fill

    study = fill(people, days=1)
    with connection.cursor() as cursor:
        cursor.execute(ERASED, [study.pk, erasures])
        cursor.execute("VACUUM ANALYZE responses_erasure, responses_participant, responses_tally")
    return study


def read(who: str, client: Client, study: Study) -> dict[str, Read]:
    found = {}
    for address in asked(study)[:: 1 if who == "all" else 4]:
        found[address] = read_by_statements(partial(client.get, address, follow=True))
    return found


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_lists_read_as_much_of_many_as_of_few() -> None:
    launch_study()
    study = filled(FEW, FEW)
    clients = {"all": desk(), "own": desk("view_participant", "view_erasure")}
    few = {who: read(who, client, study) for who, client in clients.items()}
    study = filled(MANY - FEW, MANY - FEW)
    many = {who: read(who, client, study) for who, client in clients.items()}
    grown = {
        (who, address): (was, now)
        for who, each in few.items()
        for address, was in each.items()
        if (now := many[who][address]).blocks > TIMES * was.blocks + BLOCKS
        or now.rows > TIMES * was.rows + ROWS
    }
    assert grown == {}


@pytest.mark.django_db(transaction=True)
def test_everybody_is_reached_page_by_page() -> None:
    launch_study()
    filled(25, 1)
    newest, done = Participant.objects.order_by("-id"), {"state": "completed"}
    reached = {
        "": newest,
        "state__exact=completed": newest.filter(**done),
        "mode__exact=live&marked=no&o=7": newest.reverse(),
    }
    found = {chosen: through(desk(), f"{PEOPLE}?{chosen}") for chosen in reached}
    assert found == {
        each: list(rows.values_list("pk", flat=True)) for each, rows in reached.items()
    }


def through(client: Client, address: str) -> list[int]:
    """Who is seen by turning all pages, and going further on."""
    seen = list[int]()
    while address:
        changes = client.get(address).context["cl"]
        for number in changes.paginator.page_range:
            page = PEOPLE + changes.get_query_string({"p": number})
            shown = client.get(page).context["cl"]
            seen += [each.pk for each in shown.result_list]
        address = PEOPLE + shown.further if shown.further else ""
    return seen


@pytest.mark.django_db(transaction=True)
def test_list_says_how_many_there_are() -> None:
    launch_study()
    study = filled(60, 30)
    done = Participant.objects.filter(state="completed").count()
    oldest = Participant.objects.earliest("id").pk
    told = {
        "": "60 participants",
        "state__exact=completed": f"{done} participants",
        f"study__id__exact={study.pk}": "60 participants",
        "marked=no": "more than 20 participants",
        f"past={oldest + 40}": "more than 20 participants from here on",
        f"past={oldest + 3}": "3 participants from here on",
        f"past={oldest + 1}": "1 participant from here on",
        "marked=yes": "0 participants",
    }
    client = desk()
    found = {each: text_of(client.get(f"{PEOPLE}?{each}")) for each in told}
    assert {each: told[each] in text for each, text in found.items()} == dict.fromkeys(told, True)
    erasures = text_of(client.get(ERASURES, {"p": 5}))
    assert "1 2 3 4 5 - more than 20 erasures Further on" in erasures


@pytest.mark.django_db
@pytest.mark.parametrize("past", ["x", "-1", "9" * 30])
def test_number_that_is_none_is_taken_for_none(past: str) -> None:
    assert desk().get(PEOPLE, {"past": past}).status_code == 200
