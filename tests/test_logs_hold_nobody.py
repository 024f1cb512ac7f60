"""After a run with every kind of trouble in it, no log has an answer, a token or an identity."""

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
from tests.site_parts import Parts

PANEL_ID = "panelist-7c1f09"
WORDS = "words-of-my-own-5a11"
ADDRESS = "203.0.113.77"

# Every row that comes now fails with all that is in it.
REFUSE_ALL = "ALTER TABLE responses_submission ADD CONSTRAINT nothing_more CHECK (false) NOT VALID"


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[PostgresServer]:
    """One with a study of a panel."""
    imports = (
        "from tests.responses.studies import launched; from tests.responses.ways import of_a_panel"
    )
    with with_study(tmp_path, imports=imports, launch="launched(of_a_panel())") as server:
        yield server


def form(page: httpx.Response) -> dict[str, str]:
    """What the page's form would send."""
    found = html.fromstring(page.text).get_element_by_id("page")
    return {**dict(found.form_values()), "move": "next"}


@pytest.mark.slow
def test_no_log_has_an_answer_a_token_or_an_identity(
    own_server: PostgresServer, tmp_path: Path
) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    environment = {
        "DATABASE_URL": own_server.url(),
        "COPROD_LOG_JSON": "true",
        "COPROD_LOG_LEVEL": "INFO",
        "COPROD_BEHIND_PROXY": "true",
    }
    with Parts(logs, environment) as parts:
        site = parts.web().site
        worker = parts.worker()
        secrets = _trouble(site, own_server.url())
        assert worker.lives
        own_server.leave()
        _sends(site, "about", secrets)
        own_server.take()
    told = "\n".join(
        path.read_text(errors="replace")
        # Postgres's own too: that of before it was started again is kept beside the new one.
        for path in [*logs.rglob("*"), *own_server.data.glob("log*")]
        if path.is_file()
    )
    assert 'ERROR:  new row for relation "responses_submission"' in told, "Postgres logged it"
    assert "Internal Server Error: /s/park/about/" in told, "the trouble was met"
    assert "IntegrityError: new row for relation …" in told
    found = {name for name, text in secrets.items() if text in told}
    assert found == set()


def _trouble(site: str, database: str) -> dict[str, str]:
    """Goes through a study badly; returns what no log may have, by what it is."""
    with httpx.Client(
        base_url=site,
        follow_redirects=True,
        timeout=processes.ANSWER_SECONDS,
        headers={"X-Forwarded-For": ADDRESS},
    ) as browser:
        link = f"/s/park/?PROLIFIC_PID={PANEL_ID}&STUDY_ID=st1&SESSION_ID=session-8e2d"
        about = browser.post(link, data={**form(browser.get(link)), "consent": "agree"})
        secrets = {
            "resume code": browser.cookies["coprod_park"],
            "panel's id": PANEL_ID,
            "panel's session": "session-8e2d",
            "own words": WORDS,
            "address": ADDRESS,
            "CSRF token": browser.cookies["csrftoken"],
        }
        answers = {**form(about), **ABOUT, "comment": WORDS}
        # Refused, garbled, too much, from elsewhere, to nowhere, with a code of nobody.
        browser.post("/s/park/about/", data={**answers, "motive1": WORDS})
        browser.post("/s/park/about/", content=f"comment={WORDS}%00&motive1=%ff".encode())
        browser.post("/s/park/about/", data={**answers, "comment": WORDS * 200_000})
        browser.post("/s/park/about/", data={"comment": WORDS, "csrfmiddlewaretoken": WORDS})
        browser.post("/s/park/resume/", data={**answers, "code": WORDS})
        browser.get(f"/s/park/nowhere/?comment={WORDS}")
        browser.get("/s/park/", headers={"Host": f"{WORDS}.example"})
        browser.post("/s/park/about/draft/", data=answers)
        with psycopg.connect(database, autocommit=True) as owner:
            owner.execute(REFUSE_ALL)
            failed = browser.post("/s/park/about/", data=answers)
            assert failed.status_code == 500
            owner.execute("ALTER TABLE responses_submission DROP CONSTRAINT nothing_more")
        saved = browser.post("/s/park/about/", data=answers)
        assert saved.url.path == "/s/park/story/"
    return secrets


def _sends(site: str, page: str, secrets: dict[str, str]) -> None:
    """Sends a page to a site whose database is gone."""
    cookies = {"coprod_park": secrets["resume code"], "csrftoken": secrets["CSRF token"]}
    data = {**ABOUT, "comment": WORDS, "csrfmiddlewaretoken": secrets["CSRF token"]}
    answer = httpx.post(
        f"{site}/s/park/{page}/", data=data, cookies=cookies, timeout=processes.ANSWER_SECONDS
    )
    assert answer.status_code == 503
