"""The load generator: who comes when, from when on they wait, and what it tells of a bad site.

Times are held against bounds from below alone: a slow machine makes nothing wrong.
"""

import itertools
import socket
import threading
import time
from functools import partial
from http.server import BaseHTTPRequestHandler
from random import Random

import psutil
import pytest

from benchmarks.counting import Counted
from benchmarks.hub import Hub
from benchmarks.load import run_load, run_open
from benchmarks.measuring import System, spread, summary
from benchmarks.report import agreement
from benchmarks.respondent import walk_through
from benchmarks.schedule import by_chance, steady
from benchmarks.servers import Web
from benchmarks.thinking import thinking
from benchmarks.visitor import Visitor
from rehearsal.browser import Browser, WrongAnswerError
from tests.little_site import answer, little_site

ENTRY = "/s/park/"


def test_closed_loop_has_so_many_under_way_and_no_more() -> None:
    with little_site() as site:
        load = run_load(site, ENTRY, journeys=7, in_flight=3, seed="a")
    assert (load.completed, load.submissions, load.errors, load.most) == (7, 14, {}, 3)
    assert (len(load.gets), len(load.posts), len(load.firsts)) == (21, 14, 7)
    assert load.submitted == {2: 7}


def test_open_loop_does_not_wait_for_those_who_came_before() -> None:
    everybody = threading.Barrier(5)

    def together(handler: BaseHTTPRequestHandler) -> None:
        if handler.command == "GET" and handler.path == ENTRY:
            everybody.wait(60)

    with little_site(together) as site:
        load = run_open(site, ENTRY, arrivals=steady(5, 20.0), seed="a")
    # Nobody is answered before the fifth is there, 0.2 s after the first.
    assert (load.completed, load.errors, load.most, load.last) == (5, {}, 5, 0.2)
    firsts = sorted(load.firsts, reverse=True)
    assert all(took > 0.2 - 0.05 * place for place, took in enumerate(firsts[:4]))


def test_who_the_generator_keeps_waits_from_when_they_were_to_come() -> None:
    def busy(number: int, page: str) -> float:
        if number == 0 and page == ENTRY:
            time.sleep(1.3)  # the thread of all respondents, as if it had too much to do
        return 0.0

    with little_site() as site:
        # A second for the first one's page, which a busy machine does not give in 50 ms always:
        # whoever comes before the thread is busy does not wait for it.
        load = run_open(site, ENTRY, arrivals=[0.0, 1.0], seed="a", thinks=busy)
    assert load.completed == 2
    # The site answers at once, but the second could not ask it.
    assert max(load.firsts) > 0.2
    assert load.late > 0.2


def test_thinking_takes_time_but_nobody_waits_for_it() -> None:
    with little_site() as site:
        load = run_load(
            site, ENTRY, journeys=2, in_flight=1, seed="a", thinks=lambda number, page: 0.1
        )
    assert load.seconds > 4 * 0.1
    assert sum(load.requests) < load.seconds - 4 * 0.1


def test_people_of_a_rehearsal_say_how_long_is_thought() -> None:
    assert thinking(3, 0.0) is None
    (whole, tenth) = (thinking(3, times) for times in (1.0, 0.1))
    assert whole
    assert tenth
    seconds = [whole(number, "motivation_1") for number in range(3)]
    assert len(set(seconds)) == 3
    assert min(seconds) >= 1.0
    assert [10 * tenth(number, "motivation_1") for number in range(3)] == pytest.approx(seconds)
    assert whole(0, "no such page") == 0.0


def broken(handler: BaseHTTPRequestHandler) -> bool:
    """Breaks off in the middle of the second form's page."""
    if handler.path != "/s/park/one/":
        return False
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"<form")
    handler.close_connection = True
    return True


def test_connection_that_breaks_is_an_error() -> None:
    with little_site(broken) as site:
        load = run_load(site, ENTRY, journeys=2, in_flight=2, seed="a")
    assert (load.completed, load.submissions) == (0, 2)
    assert load.errors == {"GET failed: IncompleteRead": 2}


def test_site_that_is_not_there_is_an_error() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        site = f"http://127.0.0.1:{free.getsockname()[1]}"
        load = run_load(site, ENTRY, journeys=1, in_flight=1, seed="a")
    assert load.errors == {"GET failed: ConnectionRefusedError": 1}


def test_every_second_form_that_fails_is_counted() -> None:
    forms = itertools.count()

    def fails(handler: BaseHTTPRequestHandler) -> bool:
        if handler.command == "GET" or handler.path == ENTRY or next(forms) % 2:
            return False
        answer(handler, 500, "")
        return True

    with little_site(fails) as site:
        load = run_load(site, ENTRY, journeys=4, in_flight=1, seed="a")
    assert (load.completed, load.submissions) == (2, 6)
    assert load.errors == {"POST was answered with 500": 2}
    assert load.submitted == {1: 2, 2: 2}


def test_error_comes_back_after_the_patience_of_a_visitor() -> None:
    hub, ours, told = Hub(), *socket.socketpair()[:1], list[str]()
    ours.setblocking(False)
    hub.watch(ours)

    def waits() -> None:
        try:
            for _ in range(2):  # it can be written to, which is the first thing to happen
                hub.wait(ours, time.perf_counter())
        except TimeoutError:
            told.append("too late")

    hub.begin_at(0.0, waits)
    hub.run()
    ours.close()
    assert told == ["too late"]


ANSWERS = {
    "/whole": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nSet-Cookie: a=1; HttpOnly\r\n\r\nwhole",
    "/pieces": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3;x=1\r\npie\r\n3\r\nces\r\n0\r\n\r\n",
    "/nothing": b"HTTP/1.1 302 Found\r\nlocation: /whole\r\nContent-Length: 0\r\n"
    b"set-cookie: a=2\r\nSet-Cookie: b=3; Path=/\r\n\r\n",
    "/closing": b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbye",
    "/garbage": b"what?\r\n\r\n",
    "/cut": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut",
}


def dripping(handler: BaseHTTPRequestHandler) -> bool:
    """Answers byte by byte, as a slow line would, where the path ends with a question mark."""
    path, _, slowly = handler.path.partition("?")
    content = ANSWERS[path]
    for piece in (content[n : n + 1] for n in range(len(content))) if slowly else (content,):
        handler.wfile.write(piece)
        handler.wfile.flush()
    handler.close_connection = path in ("/closing", "/garbage", "/cut")
    return True


@pytest.mark.parametrize("slowly", ["", "?slowly"])
@pytest.mark.parametrize("path", ANSWERS)
def test_visitor_reads_what_a_browser_reads(path: str, slowly: str) -> None:
    hub, found = Hub(), list[object]()

    def ask(browser: Browser) -> None:
        for _ in range(2):
            try:
                found.append((browser.ask("GET", path + slowly), dict(browser.cookies)))
            except WrongAnswerError as wrong:
                found.append(str(wrong))
        browser.close()

    with little_site(dripping) as site:
        ask(Browser(site))
        hub.begin_at(0.0, lambda: ask(Visitor(hub, site)))
        hub.run()
    assert found[2:] == found[:2]


def test_visitor_and_browser_are_led_the_same_way() -> None:
    hub, asked = Hub(), list[list[tuple[str, str, int]]]()

    def goes(browser: Browser) -> None:
        walk_through(browser, ENTRY, Random(1))
        browser.close()
        asked.append([(each.method, each.page, each.status) for each in browser.asked])

    with little_site() as site:
        goes(Browser(site))
        hub.begin_at(0.0, lambda: goes(Visitor(hub, site)))
        hub.run()
    assert asked[0] == asked[1]
    assert len(asked[0]) == 5


def test_steady_arrivals_are_as_far_apart() -> None:
    assert steady(4, 2.0) == [0.0, 0.5, 1.0, 1.5]


def test_arrivals_by_chance_are_as_many_as_asked_and_cluster() -> None:
    times = by_chance(5000, 50.0, "a")
    assert times == sorted(times) == by_chance(5000, 50.0, "a") != by_chance(5000, 50.0, "b")
    assert 0.0 <= times[0] < times[-1] <= 100.0
    gaps = [after - before for before, after in itertools.pairwise(times)]
    # Of exponential gaps e^-1 are longer than the mean one; four standard errors of 5,000.
    longer = sum(gap > 0.02 for gap in gaps) / len(gaps)
    assert longer == pytest.approx(0.3679, abs=4 * 0.0068)


def told(*submitted: int) -> System:
    """A system that told each of them that so many submissions were taken."""
    system = System("product", Web("", psutil.Process()), psutil.Process())
    system.told.update(completed=len(submitted), submissions=sum(submitted))
    system.submitted.update(submitted)
    return system


def held(
    completed: int, submitted: dict[int, int], *, twice: int = 0, holds: bool = True
) -> Counted:
    """What a database holds."""
    submissions = sum(each * people for each, people in submitted.items())
    return Counted(completed, submissions, submitted, twice, holds, "Ledger.")


def test_as_told_is_as_told() -> None:
    assert agreement(told(2, 2, 2), held(3, {2: 3})) == (
        True,
        "product: told 3 completed and 6 submissions, the database holds 3 and 6. Ledger.",
    )


@pytest.mark.parametrize(
    "found",
    [
        held(3, {2: 2, 1: 1}),
        held(3, {2: 2, 3: 1}),
        held(2, {2: 3}),
        # One was lost and another one doubled, so that the sums agree.
        held(3, {1: 1, 2: 1, 3: 1}),
        held(3, {2: 3}, twice=1),
        held(3, {2: 3}, holds=False),
    ],
    ids=["lost", "doubled", "not completed", "lost and doubled", "a page twice", "ledger"],
)
def test_what_is_not_as_told_is_said(found: Counted) -> None:
    holds, line = agreement(told(2, 2, 2), found)
    assert not holds
    assert "THEY DISAGREE" in line


def test_summary_has_the_middle_run_and_all_waits() -> None:
    system = told()
    for journeys in (1, 3):
        with little_site() as site:
            system.web = Web(site, psutil.Process())
            drive = partial(run_load, entry=ENTRY, journeys=journeys, in_flight=1, seed="a")
            system.repeat("run", drive)
    loads = [load for load, _ in system.runs["run"]]
    found = summary("product", system.runs["run"])
    assert (found.lowest, found.highest) == tuple(sorted(load.rate for load in loads))
    assert found.requests == spread([took for load in loads for took in load.requests])
    assert found.requests.longest == 1000 * max(max(load.requests) for load in loads)
    assert (system.told["completed"], system.told["submissions"]) == (4, 8)
