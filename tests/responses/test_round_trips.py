"""What goes to Postgres and back for a page, counted in the protocol itself."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from psycopg.pq import Trace
from pytest_django import Settings

from tests.responses.studies import ABOUT, OPINION, entered, launched, walked
from tests.responses.ways import form_of

pytestmark = pytest.mark.django_db(transaction=True)
# What the server answers: each is one way there and back.
ASKS = ("Query", "Sync")

Traced = Callable[[Callable[[], Any]], list[str]]


def close_pool() -> None:
    """Has Django make a pool of other settings."""
    wrapper: Any = connection
    wrapper.close_pool()


@pytest.fixture
def traced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Traced]:
    """What a call sent to Postgres, message by message, from taking a connection out of the pool.

    The pool is a new one that has one connection, so that it is always the same.
    """
    monkeypatch.setitem(connection.settings_dict["OPTIONS"]["pool"], "max_size", 1)
    connection.close()
    close_pool()

    def trace(call: Callable[[], Any]) -> list[str]:
        connection.ensure_connection()
        raw: Any = connection.connection
        pgconn = raw.pgconn
        path = tmp_path / "trace"
        with path.open("w") as file:
            pgconn.trace(file.fileno())
            pgconn.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
            connection.close()
            call()
            pgconn.untrace()
        connection.ensure_connection()
        assert connection.connection is raw
        lines = [line.split("\t") for line in path.read_text().splitlines()]
        return [fields[2] for fields in lines if fields[0] == "F"]

    yield trace
    connection.close()
    close_pool()


def round_trips(messages: list[str]) -> int:
    """How often the client waited for the server."""
    return sum(each in ASKS for each in messages)


def walk_twice(client: Client) -> None:
    """One participant to the page `opinion`, after one whose statements were planned on the way.

    Who ends is stored by a statement of its own, since all their drafts go.
    """
    launched()
    walked(Client())
    for each in (Client(), client):
        entered(each)
        each.get("/s/park/about/")
        each.post("/s/park/about/", {**ABOUT, "move": "next"})
        each.get("/s/park/story/")
        each.post("/s/park/story/", {"move": "next"})


def test_page_is_one_round_trip_and_its_answers_are_two(client: Client, traced: Traced) -> None:
    walk_twice(client)
    shown = traced(lambda: client.get("/s/park/opinion/"))
    sent = traced(lambda: client.post("/s/park/opinion/", {**OPINION, "move": "next"}))
    assert (round_trips(shown), round_trips(sent)) == (1, 2)
    assert {"Parse", "Query"}.isdisjoint([*shown, *sent])


def test_nothing_is_planned_ahead_where_that_is_off(
    client: Client, settings: Settings, traced: Traced
) -> None:
    settings.DB_PREPARED = False
    walk_twice(client)
    shown = traced(lambda: client.get("/s/park/opinion/"))
    sent = traced(lambda: client.post("/s/park/opinion/", {**OPINION, "move": "next"}))
    assert (round_trips(shown), round_trips(sent)) == (1, 2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone() == (0,)


def test_page_that_carries_its_participant_is_one_round_trip_each_way(
    client: Client, traced: Traced
) -> None:
    walk_twice(client)
    other = Client()
    walked(other, until="story")
    other.post("/s/park/story/", of_form(other, "story"))
    other.post("/s/park/opinion/", of_form(other, "opinion") | OPINION)
    goes_on = Client()
    walked(goes_on, until="story")
    told = of_form(goes_on, "story")
    ends = of_form(client, "opinion") | OPINION
    for browser, page, fields in ((goes_on, "story", told), (client, "opinion", ends)):
        sent = traced(lambda: browser.post(f"/s/park/{page}/", fields))  # noqa: B023 # called at once
        assert round_trips(sent) == 1
        assert {"Parse", "Query"}.isdisjoint(sent)
    assert client.get("/s/park/thanks/").status_code == 200


def of_form(client: Client, page: str) -> dict[str, Any]:
    """What the form of a page sends by its button, as it stands."""
    address = f"/s/park/{page}/"
    return form_of(client.get(address).content, address).fields | {"move": "next"}
