"""The preview: what it shows, of which studies, and that it writes nothing."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.apps import apps
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from experiments.design import PageKind
from experiments.models import Level, Study
from responses.preview import PreviewFacts, Spread, matrices, participant_page
from responses.rendering import View, Visit
from tests.changed import changed
from tests.designs import both, small
from tests.desk import desk, text_of
from tests.factories import LiveStudyFactory, StudyFactory
from tests.responses.every_kind import DOT, kinds_design

ADDRESS = "/admin/responses/participant/preview/park/"


def rows() -> dict[str, int]:
    """How many rows each table has."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def test_matrix_holds_every_arm_in_every_language() -> None:
    (matrix,) = matrices(small())
    assert [(row.arm, [language for language, _ in row.readings]) for row in matrix.rows] == [
        ("none.low", ["en", "ko"]),
        ("none.high", ["en", "ko"]),
        ("money.low", ["en", "ko"]),
        ("money.high", ["en", "ko"]),
    ]
    english = matrix.rows[3].readings[0][1]
    assert english
    paragraphs = ("A park.", "<mark>You get money.</mark>", "<mark>Residents decided.</mark>")
    assert english.html == "".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs)
    assert (english.words, english.characters) == (7, 41)


def test_matrix_says_how_far_the_lengths_lie_apart() -> None:
    (matrix,) = matrices(small())
    assert matrix.spreads[0] == Spread("en", words=8 / 7, characters=42 / 40)


def test_each_paragraph_of_a_level_is_marked() -> None:
    design = small()
    reward = design.factors[0]
    long = replace(reward.levels[0], text=both("One.\n\nTwo *now*.", "하나.\n\n둘."))
    reward = replace(reward, levels=(long, reward.levels[1]))
    (matrix,) = matrices(replace(design, factors=(reward, design.factors[1])))
    reading = matrix.rows[0].readings[0][1]
    assert reading
    assert "<p><mark>One.</mark></p>\n<p><mark>Two <em>now</em>.</mark></p>" in reading.html


def test_reading_without_a_text_is_none() -> None:
    design = small()
    pages = [
        replace(page, body={"en": page.body["en"]}) if page.kind is PageKind.VIGNETTE else page
        for page in design.pages
    ]
    (matrix,) = matrices(replace(design, pages=tuple(pages)))
    assert [reading is None for _, reading in matrix.rows[0].readings] == [False, True]


@pytest.mark.django_db
def test_preview_shows_every_arm_and_links_every_page() -> None:
    client = desk()
    StudyFactory(slug="park")
    response = client.get(ADDRESS)
    page = response.content.decode()
    assert page.count('class="desk-vignette"') == 8
    assert page.count("<mark>") == 16
    assert f'{ADDRESS}story/?lang=ko&amp;arm=money.high"' in page
    for code in ("welcome", "about", "opinion", "thanks"):
        assert f'{ADDRESS}{code}/?lang=en"' in page
        assert f'{ADDRESS}{code}/?lang=ko"' in page


@pytest.mark.django_db
@pytest.mark.parametrize("make", [StudyFactory, LiveStudyFactory])
def test_preview_walks_every_page_and_writes_nothing(make: Callable[..., Study]) -> None:
    client = desk()
    make(slug="park")
    client.get(ADDRESS)
    before = rows()
    for language in ("en", "ko"):
        address = f"{ADDRESS}welcome/?lang={language}&arm=money.high"
        for _ in range(5):
            shown = client.get(address)
            assert shown.status_code == 200
            assert "Preview: nothing is stored." in text_of(shown)
            assert "unsafe" not in shown.headers["Content-Security-Policy"]
            assert shown.headers["X-Frame-Options"] == "DENY"
            address = client.post(address, {"consent": "agree", "gender": "woman"})["Location"]
        assert address == f"{ADDRESS}thanks/?lang={language}&arm=money.high"
    assert rows() == before


@pytest.mark.django_db
def test_preview_shows_the_page_as_the_participant_sees_it() -> None:
    client = desk()
    StudyFactory(slug="park")
    page = text_of(client.get(f"{ADDRESS}story/?lang=ko&arm=money.high"))
    assert "보상: money." in page
    assert "주민이 정했습니다." in page
    welcome = client.get(f"{ADDRESS}welcome/").content.decode()
    assert 'href="?lang=ko&amp;arm="' in welcome


@pytest.mark.django_db
def test_buttons_of_the_preview_lead_on_back_and_to_the_other_language() -> None:
    client = desk()
    StudyFactory(slug="park")
    address = f"{ADDRESS}opinion/?lang=en&arm=money.high"
    moves = [client.post(address, {"move": move})["Location"] for move in ("next", "back")]
    assert moves == [f"{ADDRESS}{code}/?lang=en&arm=money.high" for code in ("thanks", "story")]
    korean = client.post(address, {"move": "language:ko"})["Location"]
    assert korean == f"{ADDRESS}opinion/?lang=ko&arm=money.high"


def test_preview_names_what_nobody_answered_yet_and_shows_every_picture() -> None:
    design = changed(
        kinds_design(), {"pages[2].title": both("You, {gender}, get {reward}", "제목")}
    )
    view = View(0, "kinds", "en")
    page = participant_page(design, view, Visit(facts=PreviewFacts()), "token")
    assert "<h1>You, {gender}, get {reward}</h1>" in page
    assert f'<img src="data:image/png;base64,{DOT}" alt="A dot"' in page
    assert 'name="csrfmiddlewaretoken" value="token"' in page


@pytest.mark.django_db
def test_unfinished_study_is_shown_as_far_as_it_goes() -> None:
    client = desk()
    StudyFactory(slug="park")
    Level.objects.filter(code="money").update(text={"en": "You get money."})
    page = text_of(client.get(ADDRESS))
    assert "1 problem keeps the study from being launched; what can be shown is shown." in page
    assert page.count("a text is missing") == 2
    response = client.get(f"{ADDRESS}story/?lang=ko&arm=money.high", follow=True)
    assert "story can't be shown yet" in text_of(response)
    assert client.get(f"{ADDRESS}nonsense/").status_code == 404


@pytest.mark.django_db
def test_study_without_any_part_has_an_empty_preview() -> None:
    client = desk()
    study = StudyFactory(slug="park")
    for related in (study.factors, study.randomisations, study.scales, study.pages):
        related.all().delete()
    study.languages = []
    study.save()
    assert "No page shows an arm yet." in text_of(client.get(ADDRESS))


@pytest.mark.django_db
def test_preview_is_for_those_who_may_see_the_study(client: Client) -> None:
    StudyFactory(slug="park")
    for address in (ADDRESS, f"{ADDRESS}welcome/"):
        assert client.get(address).status_code == 302
        assert desk("view_look").get(address).status_code == 403
    assert "/admin/login/" in client.get(ADDRESS)["Location"]


@pytest.mark.django_db
@pytest.mark.parametrize("rewards", [2, 3])
def test_preview_costs_the_same_however_many_arms(
    rewards: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = desk()
    StudyFactory(slug="park", rewards=rewards)
    client.get(ADDRESS)
    with django_assert_num_queries(20):
        client.get(ADDRESS)
