"""A researcher at the desk of a running site: whatever it shows, plots and power among it.

Imported once Django is set up on the site's database.
"""

import re
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from benchmarks.monitor.pages import at_the_desk, lists, pages
from benchmarks.product import STUDY
from coprod_site.problems import StartError
from experiments.models import Study
from rehearsal.browser import Browser
from responses.export.formats import FORMATS

# Each is opened so often, by a connection of its own: one of two workers takes it.
ROUNDS = 3
PATIENCE = 300.0
TOKEN = "c" * 32
LINK = re.compile(r'(?:href|src)="(/admin/analysis/look/\d+/[^"]+\.\w+)"')


def look_is_there(site: str) -> None:
    """Orders a look as a researcher does, and waits until a worker has run it."""
    study = Study.objects.get(slug=STUDY)
    address = f"/admin/analysis/look/study/{STUDY}/looks/order/"
    _sent(site, address, {"mode": "live", "reason": "benchmark"}, 302)
    end = time.monotonic() + PATIENCE
    while not study.looks.exists():
        if time.monotonic() > end:
            raise StartError("No worker ran the look that was ordered.")
        time.sleep(0.5)


def open_everything(site: str) -> int:
    """Opens every page, list and plot of the desk, and has an export made in each format.

    Returns how many requests were answered; StartError if one was not as it should be.
    """
    opened = 0
    for _ in range(ROUNDS):
        for address in addresses(site):
            _opened(site, address)
            opened += 1
        for name in FORMATS:
            form = {"mode": "live", "table": "participants", "language": "en", "format": name}
            _sent(site, f"/admin/export/{STUDY}/", form, 303)
            opened += 1
    return opened


def addresses(site: str) -> Iterator[str]:
    """The pages of the study, the lists, and all that the pages of looks lead to."""
    study = Study.objects.get(slug=STUDY)
    for address in (*pages(study).values(), f"rehearsal/{STUDY}/", *(each for each, _ in lists())):
        yield f"/admin/{address}"
    for look in study.looks.all():
        address = f"/admin/analysis/look/{look.pk}/change/"
        yield address
        yield from sorted(set(LINK.findall(_opened(site, address))))


def _opened(site: str, address: str) -> str:
    browser = _browser(site)
    answer = browser.ask("GET", address)
    while answer.status == 302:
        answer = browser.ask("GET", urlsplit(answer.location)._replace(netloc="").geturl())
    browser.close()
    if answer.status != 200:
        raise StartError(f"{address} was answered with {answer.status}.")
    return answer.body


def _sent(site: str, address: str, form: dict[str, str], status: int) -> None:
    browser = _browser(site)
    fields = {"csrfmiddlewaretoken": TOKEN, **form}
    found = browser.ask("POST", address, {name: [text] for name, text in fields.items()}).status
    browser.close()
    if found != status:
        raise StartError(f"{address} was answered with {found} to {form}.")


def _browser(site: str) -> Browser:
    browser = Browser(site)
    session = at_the_desk().cookies["sessionid"].value
    browser.cookies |= {"sessionid": session, "csrftoken": TOKEN}
    return browser
