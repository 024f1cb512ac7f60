"""How a page's items are laid out, and what its consent form keeps."""

from dataclasses import replace

import pytest
from django.test import Client

from experiments.design import Item, ItemKind, Page, PageKind
from experiments.models import Status
from responses.arrival import entry_link
from responses.forms import FIELDS, TEMPLATES, PageForm
from responses.models import Mode
from tests.designs import agreement, both, likert, small
from tests.responses.studies import launched


def templates(page: Page) -> list[str]:
    form = PageForm(replace(small(), pages=(page,)), page, "en")
    return [field.template.removeprefix(FIELDS) for field in form.helper.layout.fields]


def test_question_with_the_options_of_its_likert_neighbours_looks_like_them() -> None:
    borrowed = Item("check", ItemKind.SINGLE, both("Choose 2.", "2"), agreement(5))
    own = Item("sure", ItemKind.SINGLE, both("Sure?", "확실?"), agreement(2))
    items = (likert("motive1", "motive"), borrowed, own)
    page = Page("about", PageKind.QUESTIONS, both("A", "가"), {}, items)
    likert_template, single_template = TEMPLATES[ItemKind.LIKERT], TEMPLATES[ItemKind.SINGLE]
    assert templates(page) == [likert_template, likert_template, single_template]
    assert templates(replace(page, items=(borrowed,))) == [single_template]


@pytest.mark.django_db
def test_consent_that_is_asked_again_keeps_the_pilot_link_in_the_other_language(
    client: Client,
) -> None:
    launched(status=Status.PILOT)
    link = entry_link("park", Mode.PILOT)
    page = client.post(link, {"nonce": "n" * 22}).content.decode()
    assert f'href="?lang=ko&amp;{link.split("?")[1].replace("&", "&amp;")}"' in page
