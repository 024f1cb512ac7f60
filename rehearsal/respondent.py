"""One respondent's way through a study, page by page, as the site leads it.

What is filled in comes from elsewhere: from a population of made-up people (`person`), or at random
where only the load counts (`benchmarks`).
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urljoin

from rehearsal.browser import Answer, Browser
from rehearsal.forms import Fields, Form, WrongAnswerError, read_form

# What is answered on a page; None if its reader closes the window instead.
Fill = Callable[[Form], Fields | None]
# A page that is refused more often than this is one that nobody can send.
MOST_REFUSALS = 3


@dataclass(frozen=True)
class Habits:
    """What somebody does beside answering, by the codes of the pages on which they do it.

    `clicks_twice`: both clicks reach the site, at once. `changes_device`: goes on without cookies,
    by the resume code.
    """

    clicks_twice: frozenset[str] = frozenset()
    changes_device: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Taken:
    """A page that the site took, and the path that it led to."""

    page: str
    to: str


def walk(browser: Browser, entry: str, fill: Fill, habits: Habits = Habits()) -> Iterator[Taken]:
    """Goes from the entry to the page without a form, or until the window is closed.

    Yields each page that was taken. WrongAnswerError where the site does not let them through.
    """
    path, form, refused = entry, read_form(browser.get(entry)), 0
    while form is not None:
        if form.page in habits.changes_device and not refused and path != entry:
            form = _resumed(browser, path)
        fields = fill(form)
        if fields is None:
            return
        browser.pause(form.wait)
        answer = _send(browser, urljoin(path, form.action), form, fields, habits)
        if answer.status == 302:
            yield Taken(form.page, answer.location)
            path, refused = answer.location, 0
            form = read_form(browser.get(path))
        elif answer.status == 200 and read_form(answer.body) is None:
            yield Taken(form.page, path)
            return  # who does not consent is thanked at once
        else:
            form, refused = _asked_again(answer, refused), refused + 1


def _asked_again(answer: Answer, refused: int) -> Form:
    """The page as it says what is wrong or still open."""
    form = read_form(answer.body) if answer.status == 422 else None
    if form is None or refused >= MOST_REFUSALS:
        raise WrongAnswerError(f"POST was answered with {answer.status}", answer.status)
    return form


def come_back(browser: Browser, entry: str, code: str) -> str:
    """Goes on by the resume code, on a device without cookies; the path that it leads to."""
    address = resume_address(entry)
    form = read_form(browser.get(address), "resume")
    if form is None:
        raise WrongAnswerError("Nobody is asked for a resume code")
    return browser.post(urljoin(address, form.action), form.sent({"code": [code]}, move=""))


def resume_address(path: str) -> str:
    """Where a study asks for a resume code: beside the address of each of its pages."""
    return f"/s/{study_of(path)}/resume/"


def study_of(path: str) -> str:
    """The study's code in the path of one of its pages."""
    return path.split("/s/", maxsplit=1)[1].split("/", maxsplit=1)[0]


def _resumed(browser: Browser, path: str) -> Form:
    """The page anew, on another device."""
    code = browser.cookies.get(f"coprod_{study_of(path)}", "")
    browser.forget()
    led = come_back(browser, path, code)
    form = read_form(browser.get(led))
    if form is None or led != path:
        raise WrongAnswerError("The resume code led to another page")
    return form


def _send(browser: Browser, path: str, form: Form, fields: Fields, habits: Habits) -> Answer:
    sent = form.sent(fields)
    if form.page not in habits.clicks_twice:
        return browser.ask("POST", path, sent)
    other = browser.beside()
    with ThreadPoolExecutor(1) as second:
        clicked = second.submit(other.ask, "POST", path, sent)
        answer = browser.ask("POST", path, sent)
    again = clicked.result()
    other.close()
    if (again.status, again.location) != (answer.status, answer.location):
        both = sorted((answer.status, again.status))
        raise WrongAnswerError(f"A double click led to two places ({both[0]}, {both[1]})")
    return answer
