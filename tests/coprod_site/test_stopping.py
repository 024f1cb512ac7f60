"""A web server and a worker that are told to stop finish what has begun."""

import os
import signal
import threading
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
from django.db import connection
from lxml import html

from tests import processes
from tests.coprod_site.running_site import until
from tests.deployment import compose, web_command
from tests.processes import free_port
from tests.responses.studies import ABOUT, launched

# Another worker's tests wait for locks on the same server.
BLOCKED = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


def own_address() -> str:
    """The database of this test, for processes and for a connection beside Django's."""
    name = connection.settings_dict["NAME"]
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_server_that_is_told_to_stop_answers_who_has_asked(tmp_path: Path) -> None:
    launched()
    port, log = free_port(), tmp_path / "web.log"
    site = f"http://127.0.0.1:{port}"
    options = ["--host", "127.0.0.1", "--port", str(port), "--interface", "wsgi"]
    patience = web_command()[(at := web_command().index("--workers-kill-timeout")) : at + 2]
    assert int(patience[1]) < int(compose()["services"]["web"]["stop_grace_period"].rstrip("s"))
    command = ["granian", *options, "--workers", "1", *patience, "coprod_site.wsgi:application"]
    with (
        processes.running(command, log, {"DATABASE_URL": own_address()}) as process,
        psycopg.connect(own_address()) as holder,
        httpx.Client(base_url=site, timeout=processes.ANSWER_SECONDS) as browser,
    ):
        processes.until(lambda: process.poll() is None and _answers(site), process, log)
        browser.follow_redirects = True
        form = html.fromstring(browser.get("/s/park/").text).get_element_by_id("page")
        about = browser.post(
            "/s/park/", data={**dict(form.form_values()), "consent": "agree", "move": "next"}
        )
        page = html.fromstring(about.text).get_element_by_id("page")
        browser.follow_redirects = False
        holder.execute("SELECT FROM responses_participant FOR UPDATE")
        answers: list[httpx.Response] = []
        data = {**dict(page.form_values()), **ABOUT, "move": "next"}
        sending = threading.Thread(
            target=lambda: answers.append(browser.post("/s/park/about/", data=data))
        )
        sending.start()
        assert until(lambda: _blocked() == 1)
        process.send_signal(signal.SIGTERM)
        assert until(lambda: not _answers(site))
        holder.rollback()
        sending.join(processes.ANSWER_SECONDS)
        assert [answer.status_code for answer in answers] == [302]
        process.wait(processes.STOP_SECONDS)


def _answers(site: str) -> bool:
    try:
        return httpx.get(f"{site}/healthz", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def _blocked() -> int:
    with psycopg.connect(own_address()) as asking:
        row = asking.execute(BLOCKED).fetchone()
        return int(row[0]) if row else 0
