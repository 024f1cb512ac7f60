"""Postgres goes away in the middle of a study, and comes back."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from lxml import html

from coprod_site.postgres_server import PostgresServer
from tests import processes
from tests.own_server import with_study
from tests.responses.studies import ABOUT


def fields_of(page: httpx.Response) -> dict[str, str]:
    """What the page's form would send if its button were pressed."""
    form = html.fromstring(page.text).get_element_by_id("page")
    return {**dict(form.form_values()), "move": "next"}


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[PostgresServer]:
    """One with the small study."""
    studies = "from tests.responses.studies import launched"
    with with_study(tmp_path, imports=studies, launch="launched()") as server:
        yield server


@pytest.mark.slow
def test_answers_sent_while_postgres_is_gone_can_be_sent_again(
    own_server: PostgresServer, tmp_path: Path
) -> None:
    with (
        processes.web(tmp_path / "web.log", {"DATABASE_URL": own_server.url()}) as site,
        httpx.Client(base_url=site, follow_redirects=True, timeout=30) as browser,
    ):
        welcome = browser.get("/s/park/")
        about = browser.post("/s/park/", data={**fields_of(welcome), "consent": "agree"})
        answers = {**fields_of(about), **ABOUT}

        own_server.leave()
        refused = browser.post("/s/park/about/", data=answers)
        assert refused.status_code == 503
        assert "We can&#x27;t save at the moment" in refused.text
        carried = fields_of(refused)
        assert {name: carried.get(name) for name in ABOUT} == ABOUT
        assert browser.get("/s/park/about/").status_code == 503
        assert browser.get("/healthz").status_code == 200
        unready = browser.get("/readyz")
        assert unready.status_code == 503
        assert unready.text.startswith("database: does not answer\nmigrations: unknown\n")
        assert browser.post("/s/park/about/", data=carried).status_code == 503

        own_server.take()
        again = browser.post("/s/park/about/", data=carried)
        assert (again.status_code, again.url.path) == (200, "/s/park/story/")
        assert browser.get("/readyz").status_code == 200
        with psycopg.connect(own_server.url()) as connection:
            rows = connection.execute("SELECT page, revision FROM responses_submission ORDER BY id")
            assert rows.fetchall() == [("welcome", 1), ("about", 2)]
