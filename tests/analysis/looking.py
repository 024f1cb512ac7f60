"""Spent looks and the pages of them, as a test asks for them."""

import re
from html import unescape

from django.test import Client
from django.urls import reverse
from lxml import html

from analysis.look import run_look
from analysis.models import Look
from experiments.models import Study
from tests.analysis.hand_made import hand_made, hand_made_design
from tests.analysis.studies import launched


def text(client: Client, address: str) -> str:
    """The words of a page, without its markup."""
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", response.content.decode())).split())


def spent(study: Study, number: int = 1) -> Look:
    """The look, run."""
    look = run_look(study_id=study.pk, mode="live", number=number)
    assert look is not None
    return look


def hand_made_look() -> Look:
    """The look of the hand-made data."""
    study = launched(hand_made_design())
    hand_made(study)
    return spent(study)


def figure_of(look: Look, name: str = "estimates") -> str:
    """The address of one of a look's plots."""
    return reverse("admin:analysis_look_figure", args=[look.pk, name])


def report_of(look: Look) -> str:
    """The address of a look's report."""
    return reverse("admin:analysis_look_change", args=[look.pk])


def main(client: Client, address: str) -> str:
    """The markup of a page's own part."""
    page = html.fromstring(client.get(address).content.decode())
    return str(html.tostring(page.get_element_by_id("content-main"), encoding="unicode"))
