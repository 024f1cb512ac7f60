"""A launched study for tests of the participant's pages, and a client that walks it."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.test import Client

from experiments.compiler import write_rows
from experiments.design import Design
from experiments.launch import launch
from experiments.models import Status, Study
from tests.designs import small

ABOUT = {"gender": "woman", "education": "2", "motive1": "4", "motive2": "2", "attention": "2"}
OPINION = {"will1": "6", "will2": "5", "noticed": "none", "comment": "Fine.\r\nReally."}
TOWN = {"city": "yes"}
# What is sent on each page that a design of the tests may have, in their order.
WALK: tuple[tuple[str, dict[str, str]], ...] = (
    ("about", ABOUT),
    ("town", TOWN),
    ("story", {}),
    ("opinion", OPINION),
)


def launched(design: Design | None = None, status: Status = Status.LIVE) -> Study:
    """A study of that design (`small()` if none is given), in that status."""
    study = write_rows(design=design or small())
    if status == Status.DRAFT:
        return study
    if status == Status.PILOT:
        launch(study=study, pilot=True)
    else:
        launch(study=study)
    Study.objects.filter(pk=study.pk).update(status=status)
    return Study.objects.get(pk=study.pk)


def entered(client: Client, *, slug: str = "park", link: str = "") -> str:
    """Agrees on the welcome page and returns the resume code that the cookie holds."""
    address = link or f"/s/{slug}/"
    nonce = client.get(address).content.decode().split('name="nonce" value="')[1].split('"')[0]
    response = client.post(address, {"consent": "agree", "nonce": nonce, "move": "next"})
    assert response.status_code == 302, response.content.decode()
    return client.cookies[f"coprod_{slug}"].value


def sent(client: Client, page: str, answers: Mapping[str, str], *, slug: str = "park") -> str:
    """Sends a page and returns the code of the page that it leads to."""
    response = client.post(f"/s/{slug}/{page}/", {**answers, "move": "next"})
    assert response.status_code == 302, response.content.decode()
    return urlsplit(response["Location"]).path.strip("/").split("/")[-1]


def walked(client: Client, *, slug: str = "park", link: str = "", until: str = "thanks") -> str:
    """Enters and answers every page up to `until`; returns the resume code."""
    token = entered(client, slug=slug, link=link)
    here = "about"
    for page, answers in WALK:
        if page == until:
            break
        if page == here:
            client.get(f"/s/{slug}/{page}/")
            here = sent(client, page, answers, slug=slug)
    return token
