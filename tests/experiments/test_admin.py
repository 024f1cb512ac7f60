"""The desk's list of studies, the study's page and the pages of its parts."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from experiments.desk.order import move_part
from experiments.models import Arm, Factor, Item, Level, Page, Plan, Randomisation, Scale, Study
from experiments.refusals import Refused
from experiments.studyrows import read_rows
from tests.designs import small
from tests.desk import desk, form_of, text_of
from tests.factories import LiveStudyFactory, PilotStudyFactory, StudyFactory

pytestmark = pytest.mark.django_db

PARTS = (Factor, Randomisation, Scale, Page, Plan)


def page_of(row: Any) -> str:
    return f"/admin/experiments/{row._meta.model_name}/{row.pk}/change/"


def every_page(study: Study) -> list[str]:
    rows = [model.objects.filter(study=study)[0] for model in PARTS]
    item = Item.objects.filter(page__study=study)[0]
    return [page_of(row) for row in (study, *rows, item)]


def test_desk_asks_strangers_to_log_in(client: Client) -> None:
    study = StudyFactory()
    for address in ("/admin/", "/admin/experiments/study/", *every_page(study)):
        response = client.get(address)
        moved = (response.status_code, response["Location"])
        assert moved == (302, f"/admin/login/?next={address}")


def test_accounts_without_rights_are_refused() -> None:
    study = StudyFactory()
    client = desk("view_look")
    assert [client.get(address).status_code for address in every_page(study)] == [403] * 7


def test_first_page_names_the_studies() -> None:
    StudyFactory(slug="park")
    told = "park draft English A park Korean 공원 0 completed, 0 answering or gone, 0 refused"
    assert told in text_of(desk().get("/admin/"))


@pytest.mark.parametrize("studies", [1, 3])
def test_study_list_costs_one_statement_however_long(
    studies: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = desk()
    for _ in range(studies):
        LiveStudyFactory()
    client.get("/admin/experiments/study/")
    # Session, account, the count of the list's rows twice, the list.
    with django_assert_num_queries(5) as asked:
        page = client.get("/admin/experiments/study/")
    assert not any("responses_participant" in each["sql"] for each in asked)
    assert page.content.decode().count('class="desk-name"') == studies


@pytest.mark.parametrize("rewards", [2, 3])
def test_study_page_costs_the_same_however_many_rows(
    rewards: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = desk()
    study = StudyFactory(rewards=rewards)
    client.get(page_of(study))
    with django_assert_num_queries(43):
        client.get(page_of(study))


def test_study_page_shows_every_part_in_every_language() -> None:
    study = StudyFactory()
    page = text_of(desk().get(page_of(study)))
    for told in (
        "Nothing keeps it from being launched.",
        "reward",
        "You get money.",
        "보상: money.",
        "Permuted blocks, of reward, voice, in blocks of 4, 8, stratified by gender.",
        "money.high 1",
        "Motive",
        "Statement motive2",
        "문장 motive2",
        "reversed",
        "attention check: 2",
        "reward: money against none",
        "reward × voice",
    ):
        assert told in page


@pytest.mark.parametrize(
    "address",
    ["factor", "randomisation", "scale", "page", "plan", "item", "study"],
)
def test_page_saved_as_it_is_changes_nothing(address: str) -> None:
    client = desk()
    study = StudyFactory()
    rows: dict[Any, Any] = {
        model._meta.model_name: model.objects.filter(study=study) for model in PARTS
    }
    rows |= {"item": Item.objects.filter(page__study=study), "study": Study.objects.all()}
    before = read_rows(study)
    for row in rows[address]:
        sent = form_of(client.get(page_of(row)), f"{address}_form")
        response = client.post(page_of(row), sent)
        assert response.status_code == 302, text_of(response)
    assert read_rows(Study.objects.get()) == before


def test_text_is_edited_in_each_language() -> None:
    client = desk()
    study = StudyFactory()
    item = Item.objects.get(code="motive1")
    sent = form_of(client.get(page_of(item)), "item_form")
    sent |= {"text_en": "New\r\nwords", "text_ko": " "}
    response = client.post(page_of(item), sent)
    assert response["Location"] == page_of(item.page)
    item.refresh_from_db()
    assert item.text == {"en": "New\nwords"}
    page = client.get(page_of(study)).content.decode()
    assert "There is no text in ko." in page
    assert f'href="{page_of(item)}#id_text"' in page
    assert "missing" in text_of(client.get(page_of(item)))


def test_every_input_is_named(client: Client) -> None:
    client = desk()
    StudyFactory()
    factor = Factor.objects.get(code="reward")
    page = client.get(page_of(factor)).content.decode()
    for name in ("Label, English", "Label, Korean", "Text, English", "Code", "Place"):
        assert f'aria-label="{name}"' in page


def test_level_may_say_nothing_on_purpose() -> None:
    client = desk()
    StudyFactory()
    factor = Factor.objects.get(code="reward")
    sent = form_of(client.get(page_of(factor)), "factor_form")
    client.post(page_of(factor), sent | {"levels-0-text_en": "", "levels-0-text_ko": ""})
    assert Level.objects.get(code="none").text == {"en": "", "ko": ""}


def test_problems_cost_no_statements(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client = desk()
    study = StudyFactory()
    for factor in study.factors.all():
        factor.levels.update(text={}, label={})
    study.scales.update(label={})
    client.get(page_of(study))
    with django_assert_num_queries(43):
        page = client.get(page_of(study))
    assert "20 problems keep it from being launched" in text_of(page)


def test_language_that_is_added_gets_its_inputs_and_its_problems() -> None:
    client = desk()
    study = StudyFactory()
    sent = form_of(client.get(page_of(study)), "study_form")
    client.post(page_of(study), sent | {"languages": "en, ko, de"})
    page = client.get(page_of(study)).content.decode()
    assert 'name="title_de"' in page
    assert "There is no text in de." in page
    wrong = client.post(page_of(study), sent | {"languages": "en, Klingon!"})
    assert "“Klingon!” is no language tag." in text_of(wrong)


def test_study_is_built_from_nothing() -> None:
    client = desk()
    response = client.post(
        "/admin/experiments/study/add/",
        {"slug": "garden", "languages": "en", "title_en": "A garden", "question_en": ""},
    )
    study = Study.objects.get()
    assert response["Location"] == page_of(study)
    no_rows = {"levels-TOTAL_FORMS": 2, "levels-INITIAL_FORMS": 0}
    levels = {
        f"levels-{at}-{name}": value
        for at, code in enumerate(("low", "high"))
        for name, value in (("code", code), ("label_en", code), ("text_en", f"It is {code}."))
    }
    response = client.post(
        f"/admin/experiments/factor/add/?study={study.pk}",
        {"code": "voice", "label_en": "Voice", **no_rows, **levels},
    )
    assert response.status_code == 302, text_of(response)
    assert [level.code for level in Level.objects.all()] == ["low", "high"]
    client.post(
        f"/admin/experiments/randomisation/add/?study={study.pk}",
        {
            "code": "main",
            "factors": ["voice"],
            "method": "permuted_blocks",
            "block_sizes": "2, 4",
            "distance": "range",
            "coin": "0.8",
            "draw_order": "random",
            "arms-TOTAL_FORMS": 0,
            "arms-INITIAL_FORMS": 0,
        },
    )
    assert [arm.levels for arm in Arm.objects.all()] == [["low"], ["high"]]
    for code in ("first", "second"):
        client.post(
            f"/admin/experiments/page/add/?study={study.pk}",
            {"code": code, "kind": "questions", "title_en": code, "body_en": ""},
        )
    assert [(page.code, page.order) for page in study.pages.all()] == [("first", 0), ("second", 1)]


def test_same_code_twice_is_told_and_not_stored() -> None:
    client = desk()
    study = StudyFactory()
    form = {"code": "reward", "label_en": "Again", "levels-TOTAL_FORMS": 0}
    response = client.post(
        f"/admin/experiments/factor/add/?study={study.pk}", form | {"levels-INITIAL_FORMS": 0}
    )
    assert (response.status_code, study.factors.count()) == (200, 2)
    scale = Scale.objects.get(code="motive")
    sent = form_of(client.get(page_of(scale)), "scale_form")
    response = client.post(page_of(scale), sent | {"options-1-code": "1"})
    assert "This is there twice. Change one of the two, or delete it." in text_of(response)
    assert [option.code for option in scale.options.all()] == ["1", "2", "3", "4", "5"]


def test_part_without_its_study_is_not_found() -> None:
    assert desk().get("/admin/experiments/factor/add/").status_code == 404


def test_part_is_moved_among_its_like() -> None:
    client = desk()
    study = StudyFactory()
    about = Page.objects.get(code="about")
    address = f"/admin/experiments/study/{study.pk}/order/"
    client.post(address, {"model": "page", "row": about.pk, "to": "down"})
    assert [page.code for page in study.pages.all()][:3] == ["welcome", "story", "about"]
    client.post(address, {"model": "page", "row": about.pk, "to": "0"})
    assert [page.code for page in study.pages.all()][:3] == ["about", "welcome", "story"]
    client.post(address, {"model": "page", "row": about.pk, "to": "9" * 30})
    assert study.pages.last() == about
    gender = Item.objects.get(code="gender")
    client.post(address, {"model": "item", "row": gender.pk, "to": "up"})
    assert gender.page.items.all()[0] == gender
    assert client.get(address).status_code == 405


def test_part_of_a_live_study_stays_in_its_place() -> None:
    about = Page.objects.get(study=LiveStudyFactory(slug="park"), code="about")
    with pytest.raises(Refused, match="park collects answers"):
        move_part(row=about, steps=1)


def test_pilot_can_be_edited_and_a_live_study_cannot() -> None:
    client = desk()
    assert client.get(every_page(PilotStudyFactory())[1]).status_code == 200
    study = LiveStudyFactory(slug="park")
    before = read_rows(study)
    for address in every_page(study)[1:]:
        for response in (client.get(address), client.post(address, {"code": "other"})):
            assert (response.status_code, response["Location"]) == (302, page_of(study))
        assert client.post(address.replace("change", "delete"), {"post": "yes"}).status_code == 302
    response = client.post(page_of(study), {"slug": "other"}, follow=True)
    assert "To change it, download its study file, edit it, import it" in text_of(response)
    assert 'name="title_en"' not in response.content.decode()
    assert read_rows(Study.objects.get(slug="park")) == before


def test_launched_study_is_not_deleted_and_a_draft_is() -> None:
    client = desk()
    kept, draft = PilotStudyFactory(slug="park"), StudyFactory()
    response = client.post(
        f"/admin/experiments/study/{kept.pk}/delete/", {"post": "yes"}, follow=True
    )
    assert "park was launched, so it can't be deleted" in text_of(response)
    client.post(f"/admin/experiments/study/{draft.pk}/delete/", {"post": "yes"})
    assert list(Study.objects.all()) == [kept]


def test_reader_sees_the_study_and_changes_nothing() -> None:
    study = StudyFactory(slug="park")
    client = desk("view_study", "view_factor", "change_look")
    page = client.get(page_of(study))
    assert 'name="title_en"' not in page.content.decode()
    assert "You get money." in text_of(page)
    factor = page_of(study.factors.all()[0])
    for response in (client.get(factor), client.post(factor, {"code": "x"})):
        assert response["Location"] == page_of(study)
    assert client.get(f"/admin/experiments/study/{study.pk}/do/launch/").status_code == 403
    order = {"model": "factor", "row": study.factors.all()[0].pk, "to": "down"}
    assert client.post(f"/admin/experiments/study/{study.pk}/order/", order).status_code == 403
    assert read_rows(study) == small(study="park")
