"""Two windows with the same form: what was saved since is never stored over."""

from typing import Any

import pytest
from django.test import Client

from experiments.loading import load
from experiments.models import Edit, Factor, Item, Page, Scale, Study
from experiments.studyrows import read_rows
from tests.changed import changed
from tests.designs import small
from tests.desk import desk, form_of, text_of
from tests.factories import StudyFactory

pytestmark = pytest.mark.django_db

REFUSED = "Somebody saved this after you had opened it, so nothing of yours was saved."


def page_of(row: Any) -> str:
    return f"/admin/experiments/{row._meta.model_name}/{row.pk}/change/"


def opened(client: Client, row: Any) -> dict[str, Any]:
    """What the form of a row sends, as it is when it is opened."""
    return form_of(client.get(page_of(row)), f"{row._meta.model_name}_form")


@pytest.mark.parametrize(
    ("model", "first", "second"),
    [
        (Study, "title_en", "title_ko"),
        (Page, "title_en", "title_ko"),
        (Item, "text_en", "source"),
        (Factor, "label_en", "levels-0-text_ko"),
        (Factor, "levels-1-label_en", "label_ko"),
        (Scale, "options-0-label_en", "options-4-label_en"),
    ],
)
def test_form_opened_earlier_stores_nothing_over_what_was_saved_since(
    model: Any, first: str, second: str
) -> None:
    client, _study = desk(), StudyFactory()
    row = model.objects.first()
    other = opened(client, row)
    assert client.post(page_of(row), opened(client, row) | {first: "First"}).status_code == 302
    stored, history = read_rows(Study.objects.get()), Edit.objects.count()
    refused = client.post(page_of(row), other | {second: "Second"})
    assert refused.status_code == 409
    assert text_of(refused).count(REFUSED) == 1
    assert f'href="{page_of(row)}" target="_blank">Open it in a new tab' in refused.content.decode()
    assert (read_rows(Study.objects.get()), Edit.objects.count()) == (stored, history)
    # What was typed is still there, and sent once more it is refused once more.
    again = form_of(refused, f"{model._meta.model_name}_form")
    assert again[second] == ["Second"]
    assert client.post(page_of(row), again).status_code == 409
    # The form as it is now goes on.
    assert client.post(page_of(row), opened(client, row) | {second: "Second"}).status_code == 302
    design = read_rows(Study.objects.get())
    assert design != stored
    assert "First" in str(design)
    assert "Second" in str(design)


def test_both_the_row_and_its_inlines_are_refused_in_one_message() -> None:
    client, _study = desk(), StudyFactory()
    factor = Factor.objects.get(code="reward")
    other = opened(client, factor)
    client.post(page_of(factor), opened(client, factor) | {"label_en": "First"})
    typed = {"label_ko": "둘째", "levels-0-label_en": "Second"}
    assert text_of(client.post(page_of(factor), other | typed)).count(REFUSED) == 1


def test_level_that_is_gone_meanwhile_is_not_made_again() -> None:
    client, _study = desk(), StudyFactory()
    factor = Factor.objects.get(code="reward")
    other = opened(client, factor)
    client.post(page_of(factor), opened(client, factor) | {"levels-0-DELETE": "on"})
    left = factor.levels.count()
    refused = client.post(page_of(factor), other | {"label_en": "Second"})
    assert (refused.status_code, factor.levels.count()) == (409, left)
    assert REFUSED in text_of(refused)


def test_same_form_sent_twice_is_not_refused() -> None:
    client, _study = desk(), StudyFactory()
    page = Page.objects.first()
    sent = opened(client, page) | {"title_en": "First"}
    assert [client.post(page_of(page), sent).status_code for _ in range(2)] == [302, 302]


def test_what_was_changed_and_changed_back_is_no_conflict() -> None:
    client, _study = desk(), StudyFactory()
    page = Page.objects.first()
    first, other = opened(client, page), opened(client, page)
    client.post(page_of(page), first | {"title_en": "First"})
    client.post(page_of(page), opened(client, page) | {"title_en": first["title_en"]})
    assert client.post(page_of(page), other | {"title_ko": "둘째"}).status_code == 302


def test_other_parts_and_moves_of_a_study_do_not_hinder_a_form() -> None:
    client, study = desk(), StudyFactory()
    first, second, *_ = study.pages.all()
    sent = opened(client, second) | {"title_en": "Second"}
    client.post(page_of(first), opened(client, first) | {"title_en": "First"})
    client.post(page_of(study), opened(client, study) | {"title_en": "A garden"})
    order = {"model": "page", "row": first.pk, "to": str(study.pages.count() - 1)}
    client.post(f"/admin/experiments/study/{study.pk}/order/", order)
    assert client.post(page_of(second), sent).status_code == 302
    # The form shows the page at its old place, which nobody touched in it.
    pages = list(study.pages.all())
    assert (pages[0], pages[0].title["en"], pages[-1]) == (second, "Second", first)


def test_place_that_is_typed_is_taken() -> None:
    client, study = desk(), StudyFactory()
    page = study.pages.all()[0]
    client.post(page_of(page), opened(client, page) | {"order": "90"})
    assert study.pages.last() == page
    client.post(page_of(page), opened(client, page) | {"order": ""})
    assert Page.objects.get(pk=page.pk).order == 91


def test_form_of_a_study_that_an_import_changed_is_refused() -> None:
    client, study = desk(), load(design=small(), by="ada").study
    sent = opened(client, study) | {"title_ko": "둘째"}
    load(design=changed(small(), {"title.en": "Imported"}), by="bo")
    assert client.post(page_of(study), sent).status_code == 409
    assert Study.objects.get().title == {"en": "Imported", "ko": "공원"}
