"""Scales and items that come in whole: from the library, and pasted as a table, at the desk."""

from dataclasses import replace

import pytest
from pytest_django import DjangoAssertNumQueries

from experiments.checks.texts import texts
from experiments.desk.scale_library import SHIPPED, _shipped
from experiments.loading import load
from experiments.models import Study
from experiments.scalelibrary import entries, take
from experiments.studyrows import read_rows
from tests.changed import changed
from tests.designs import likert, small
from tests.desk import desk, text_of
from tests.factories import LiveStudyFactory, StudyFactory


def test_scale_comes_with_its_items_in_the_languages_of_the_study() -> None:
    source = changed(small(), {"pages[3].items[0].shown_if": "visits > 1"})
    bare = replace(small(), scales=(), languages=("en",))
    bare = changed(bare, {"pages[3].items": ()})
    entry = next(each for each in entries(source) if each.scale.code == "will")
    assert entry.languages == ("en", "ko")
    after, faults = take(bare, entry, "opinion")
    assert faults == ()
    english = {"en": "Statement will1"}
    assert after.pages[3].items[0] == replace(likert("will1", "will"), text=english)
    assert {language for _, text in texts(after.scales) for language in text} == {"en"}
    assert take(bare, entry)[0].pages == bare.pages


def test_scale_whose_codes_are_taken_is_refused() -> None:
    first = entries(small())[0]
    _, faults = take(small(), first, "opinion")
    assert faults == (
        "The study has a scale motive already.",
        "The study has a part care already.",
        "The study asks motive1, motive2 already.",
    )


def test_every_scale_that_ships_has_a_source_and_both_languages() -> None:
    found = [entry for file, _ in SHIPPED.values() for entry in _shipped(file)]
    assert len(found) > 10
    for entry in found:
        assert entry.scale.source, entry.scale.code
        assert entry.languages == ("en", "ko"), entry.scale.code


@pytest.mark.django_db
def test_scale_is_taken_at_the_desk_and_kept_in_the_history(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    study = load(design=small(), by="ada").study
    client, page = desk(), f"/admin/experiments/study/{study.pk}/library/"
    home = client.get(f"/admin/experiments/study/{study.pk}/change/").content.decode()
    assert f'href="{page}"' in home
    client.get(page, {"of": "coproduction"})
    # The session, the account, the study; its rows (17), the other studies.
    with django_assert_num_queries(21):
        shown = text_of(client.get(page, {"of": "coproduction"}))
    assert "under the BSD-3-Clause licence; not validated." in shown
    assert "Dimensions follow Kim, S., et al. (2013)" in shown
    sent = {"of": "coproduction", "scale": "psm", "page": "about"}
    done = text_of(client.post(page, sent, follow=True))
    assert "The scale psm is taken from the library." in done
    design = read_rows(Study.objects.get())
    assert len(design.scale_items("psm")) == 16
    assert study.history.values_list("made_by", "way").first() == ("researcher", "form")
    again = client.post(page, sent)
    assert again.status_code == 422
    assert "The study has a scale psm already." in text_of(again)


@pytest.mark.django_db
def test_scale_of_another_study_is_taken_without_items() -> None:
    StudyFactory(slug="park")
    other = StudyFactory(slug="garden")
    other.scales.all().delete()
    client, page = desk(), f"/admin/experiments/study/{other.pk}/library/"
    assert "ask for the licence" in text_of(client.get(page, {"of": "study:park"}))
    client.post(page, {"of": "study:park", "scale": "will", "page": ""})
    assert [scale.code for scale in other.scales.all()] == ["will"]


@pytest.mark.django_db
def test_pasted_items_are_shown_and_then_applied() -> None:
    study = load(design=small(), by="ada").study
    row = study.pages.get(code="about")
    client, page = desk(), f"/admin/experiments/study/paste/{row.pk}/"
    table = "code\ten\treverse\nmotive1\tPublished words\t\nmotive9\tNew\tyes\n"
    sent = {"table": table, "scale": "motive"}
    response = client.post(page, sent)
    told = text_of(response)
    assert "added page about, item motive9 New" in told
    assert "Nothing is written yet." in told
    assert read_rows(Study.objects.get()) == small()
    seen = response.context["shown"].seen
    done = client.post(page, sent | {"seen": seen}, follow=True)
    assert "The items are on the page about." in text_of(done)
    design = read_rows(Study.objects.get())
    assert design.item("motive1").text == {"en": "Published words", "ko": "문장 motive1"}
    assert design.item("motive9").reverse
    assert study.history.values_list("made_by", "way").first() == ("researcher", "form")
    row = study.pages.get(code="about")
    late = client.post(f"/admin/experiments/study/paste/{row.pk}/", sent | {"seen": seen})
    assert "This changes nothing in about" in text_of(late)
    wrong = client.post(f"/admin/experiments/study/paste/{row.pk}/", {"table": "en\nx"})
    assert (wrong.status_code, "the column code is missing" in text_of(wrong)) == (422, True)


@pytest.mark.django_db
def test_nothing_comes_into_a_live_study_or_from_who_may_not() -> None:
    live = LiveStudyFactory(slug="park")
    paste = f"/admin/experiments/study/paste/{live.pages.get(code='about').pk}/"
    library = f"/admin/experiments/study/{live.pk}/library/"
    for address in (paste, library):
        assert "can only be read here" in text_of(desk().get(address, follow=True))
        assert desk("view_study").post(address).status_code == 403
