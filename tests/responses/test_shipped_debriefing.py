"""The study that ships says that its programme was invented to all who read of it, and once."""

import pytest
from django.test import Client
from lxml import html

from coprod_site.embedded import ROOT
from experiments.design import Design
from experiments.studyfile import parse
from responses.questionnaire import Facts, bot_fields
from tests.responses.studies import entered, launched, sent

pytestmark = pytest.mark.django_db

AT = "/s/coproduction/"
TOLD = {"en": "We made up the Safe Evening Walks", "ko": "밤길 지킴이 활동은 이 조사를 위해 지어낸"}


def _shipped() -> Design:
    design = parse((ROOT / "studies" / "coproduction.yaml").read_bytes()).design
    assert design
    return design


def _goes(client: Client, until: str, language: str) -> None:
    """Answers every page before that one, in a language."""
    design = _shipped()
    launched(design)
    entered(client, slug="coproduction", link=f"{AT}?lang={language}")
    here = "about_you"
    while here != until:
        client.get(f"{AT}{here}/")
        fields = bot_fields(design, design.page(here), Facts(), seed="1", language=language)
        here = sent(
            client, here, {name: values[0] for name, values in fields.items()}, slug="coproduction"
        )


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("saw", [False, True])
def test_who_withdraws_reads_that_the_programme_was_invented_once_they_saw_it(
    client: Client, saw: bool, language: str
) -> None:
    _goes(client, "scenario", language)
    if saw:
        client.get(f"{AT}scenario/")
    farewell = client.post(f"{AT}withdraw/", {"sure": "yes"}, follow=True).content.decode()
    assert html.fromstring(farewell).get("lang") == language
    assert farewell.count(TOLD[language]) == saw


@pytest.mark.parametrize("language", ["en", "ko"])
def test_who_completes_reads_once_that_the_programme_was_invented(
    client: Client, language: str
) -> None:
    _goes(client, "debriefing", language)
    assert client.get(f"{AT}debriefing/").content.decode().count(TOLD[language]) == 1
