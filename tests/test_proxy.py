"""The site behind nginx and behind Caddy as deploy/proxy/ sets them up: TLS, addresses, limits."""

import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from lxml import html

from coprod_site.response_headers import ALWAYS
from responses.models import Participant
from tests import processes
from tests.days import begin_within_a_day
from tests.live_site import database_of_the_test
from tests.own_server import launched_by
from tests.proxies import BURST, HOST, Proxy, caddy, nginx
from tests.responses.studies import WALK

# What the proxy's own page says as the site's do.
ON_ITS_OWN = {
    **{name: ALWAYS[name] for name in ("X-Content-Type-Options", "Referrer-Policy")},
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=31536000",
    "Cache-Control": "no-store",
    "Content-Type": "text/html; charset=utf-8",
}
PROXIES = (nginx, caddy)
FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Host": "elsewhere.example.org",
    "Forwarded": "for=203.0.113.9;proto=http",
}
# As many as the web server of a test has threads.
THREADS = 8


@pytest.fixture(params=PROXIES, ids=lambda proxy: proxy.__name__)
def proxy(
    request: pytest.FixtureRequest, transactional_db: None, tmp_path: Path
) -> Iterator[Proxy]:
    """A site in production, with the small study, behind each of the proxies."""
    start: Callable[[Path, str], AbstractContextManager[Proxy]] = request.param
    environment = {
        "DATABASE_URL": database_of_the_test(),
        # It starts with no key that anybody could know, and reads the study's seed by this one.
        "COPROD_SECRET_KEY": secrets.token_hex(32),
        "COPROD_DATA_KEY": secrets.token_hex(32),
        "COPROD_HTTPS": "true",
        "COPROD_BEHIND_PROXY": "true",
        "COPROD_ALLOWED_HOSTS": HOST,
    }
    launched_by(environment)
    log = tmp_path / "web.log"
    folder = tmp_path / "before"
    folder.mkdir()
    with processes.web(log, environment) as site, start(folder, site) as found:
        yield found


@pytest.mark.slow
def test_participants_come_through_each_proxy_and_nobody_makes_an_address_up(proxy: Proxy) -> None:
    # Fingerprints are those of a day.
    begin_within_a_day(90)
    plain = httpx.get(f"http://127.0.0.1:{proxy.plain}/s/park/", headers={"Host": HOST})
    assert plain.status_code in (301, 308)
    assert plain.headers["location"] == f"https://{HOST}/s/park/"
    for address, headers in (("127.0.1.1", {}), ("127.0.1.1", FORGED), ("127.0.2.1", FORGED)):
        with proxy.client(address, headers=headers) as browser:
            _walk(browser)
    people = Participant.objects.order_by("id").values_list("state", "fingerprint")
    assert [state for state, _ in people] == ["completed"] * 3
    first, forged, elsewhere = (bytes(print_ or b"") for _, print_ in people)
    assert first == forged != elsewhere
    with proxy.client() as browser:
        assert {path: browser.get(path).status_code for path in ("/healthz", "/readyz")} == {
            "/healthz": 200,
            "/readyz": 200,
        }
        strict = browser.get("/s/park/")
        assert strict.headers["strict-transport-security"].startswith("max-age=31536000")
        style = html.fromstring(strict.text).xpath("//link[@rel='stylesheet']/@href")
        assert browser.get(style[0]).status_code == 200
        large = browser.post("/s/park/", content=b"x" * (9 * 1024**2))
        assert (large.status_code, "That was too much to send" in large.text) == (413, True)
        assert _its_own(large) == ON_ITS_OWN
        # What is too much for the site alone comes as the site says it.
        refused = browser.post("/s/park/resume/", data={"code": "x" * (3 * 1024**2)})
        assert (refused.status_code, "That was too much to send" in refused.text) == (400, True)


@pytest.mark.slow
def test_clients_that_send_slowly_hold_nobody_up_and_no_log_names_them(proxy: Proxy) -> None:
    begun = (
        f"POST /s/park/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 1000\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\nconsent="
    )
    with ExitStack() as stack, proxy.client("127.0.3.7", verify=True) as browser:
        trusted = browser._transport._pool._ssl_context  # type: ignore[attr-defined]
        for _ in range(2 * THREADS):
            line = stack.enter_context(socket.create_connection(("127.0.0.1", proxy.port), 60))
            secure = stack.enter_context(trusted.wrap_socket(line, server_hostname=HOST))
            secure.sendall(begun.encode())
        assert browser.get("/s/park/?PID=panelist-7c").status_code == 200
    assert "127.0.3.7" not in proxy.written()
    assert "panelist-7c" not in proxy.written()


@pytest.mark.slow
@pytest.mark.parametrize("proxy", [nginx], indirect=True, ids=["nginx"])
def test_network_that_asks_too_much_waits_and_others_do_not(proxy: Proxy) -> None:
    with proxy.client("127.0.4.1") as flood, proxy.client("127.0.4.2") as beside:
        found = [flood.get("/healthz").status_code for _ in range(BURST + 3)]
        assert found == [200] * (BURST + 1) + [429] * 2
        crowded = beside.get("/s/park/?PID=panelist-7c")
        assert (crowded.status_code, crowded.headers["retry-after"]) == (429, "5")
        assert _its_own(crowded) == ON_ITS_OWN
        assert "tries again by itself" in crowded.text
        assert "다시 시도합니다" in crowded.text
        # What is sent is the site's to count (here it misses the form's token), and files have a
        # limit of their own.
        assert beside.post("/s/park/resume/", data={"code": "x"}).status_code == 403
        assert beside.get("/static/responses/none.css").status_code == 404
        with proxy.client("127.0.5.1") as elsewhere:
            assert elsewhere.get("/s/park/").status_code == 200
        # Rehearsals come from the machine itself.
        with proxy.client("127.0.0.1") as own:
            assert {own.get("/healthz").status_code for _ in range(BURST + 3)} == {200}
    assert "127.0.4." not in proxy.written()
    assert "panelist-7c" not in proxy.written()


@pytest.mark.slow
@pytest.mark.parametrize("start", PROXIES, ids=lambda start: start.__name__)
def test_site_that_is_away_is_said_to_be_so(
    start: Callable[[Path, str], AbstractContextManager[Proxy]], tmp_path: Path
) -> None:
    with socket.socket() as nobody, ExitStack() as stack:
        nobody.bind(("127.0.0.1", 0))
        proxy = stack.enter_context(start(tmp_path, f"http://127.0.0.1:{nobody.getsockname()[1]}"))
        browser = stack.enter_context(proxy.client("127.0.6.1"))
        away = browser.post("/s/park/?PID=panelist-7c", data={"consent": "agree"})
        assert (away.status_code, away.headers["retry-after"]) == (502, "5")
        assert _its_own(away) == ON_ITS_OWN
        assert "go back, and send it again" in away.text
        assert "뒤로 가서 다시 보내 주십시오" in away.text
        assert "127.0.6.1" not in proxy.written()
        assert "panelist-7c" not in proxy.written()


def _its_own(response: httpx.Response) -> dict[str, str | None]:
    """The headers that the proxy's own pages have, as this one has them."""
    return {name: response.headers.get(name) for name in ON_ITS_OWN}


def _walk(browser: httpx.Client) -> None:
    """Answers every page of the small study, as a browser without scripts does."""
    page = browser.get("/s/park/")
    assert page.status_code == 200, page.text
    for _, answers in (("welcome", {"consent": "agree"}), *WALK):
        form = html.fromstring(page.text).get_element_by_id("page")
        if not set(answers) <= set(form.fields.keys()):
            continue  # a page that the study has not
        sent = {**dict(form.form_values()), **answers, "move": "next"}
        moved = browser.post(urlsplit(str(page.url)).path, data=sent)
        assert moved.status_code == 302, moved.text
        page = browser.get(urlsplit(moved.headers["location"]).path)
        assert page.status_code == 200
