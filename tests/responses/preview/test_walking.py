"""The preview: what it shows, where what is typed leads, and that it writes nothing."""

from dataclasses import replace
from random import Random
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import InternalError
from django.http import QueryDict
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from coprod_site.embedded import ROOT
from experiments.models import Level, Study
from experiments.rowwriting import write_rows
from experiments.studyfile import parse
from responses.preview.carried import LONGEST, SAYING, address_of, read_run, so_far
from responses.preview.read_only import read_only
from responses.preview.run import Run
from tests.changed import changed
from tests.decks import deck_design
from tests.designs import both, small
from tests.desk import desk, form_of, text_of
from tests.factories import LiveStudyFactory, StudyFactory
from tests.responses.every_kind import DOT, kinds_design
from tests.responses.preview.previewing import PREVIEW, around, framed, rows

PARK = f"{PREVIEW}park/"
# Fields of the small study's page about oneself, all answered.
ABOUT = {"gender": "woman", "education": "2", "motive1": "3", "motive2": "4", "attention": "2"}


def at(response: object) -> str:
    """Which page a redirect leads to."""
    return urlsplit(response["Location"]).path.removeprefix(PREVIEW)  # type: ignore[index]


@pytest.mark.django_db
def test_typed_answers_lead_on_as_the_questionnaire_decides_and_are_stored_nowhere() -> None:
    client = desk()
    LiveStudyFactory(slug="park")
    client.get(PARK)
    before = rows()
    around_it = around(client, "park", {"arm.main": "money.high", "lang": "ko"})
    address = around_it.context["frame"]
    shown = client.get(address)
    assert "Preview: nothing is stored." in text_of(shown)
    asked = client.post(address, {"move": "next"})
    assert (asked.status_code, "답변을 하나 골라 주십시오." in text_of(asked)) == (422, True)
    address = client.post(address, {"consent": "agree", "move": "next"})["Location"]
    assert path_of(address) == "park/about/"
    wrong = client.post(address, {**ABOUT, "gender": "", "move": "next"})
    assert (wrong.status_code, wrong.content.decode().count('href="#id_gender')) == (422, 1)
    address = client.post(address, {**ABOUT, "move": "next"})["Location"]
    story = text_of(client.get(address))
    assert (path_of(address), "보상: money." in story, "주민이 정했습니다." in story) == (
        *("park/story/", True, True),
    )
    address = client.post(address, {"move": "language:en"})["Location"]
    assert "You get money." in text_of(client.get(address))
    address = client.post(address, {"move": "next"})["Location"]
    assert path_of(address) == "park/opinion/"
    refused = client.post(f"{PARK}welcome/", {"consent": "decline", "move": "next"})["Location"]
    assert "You chose not to take part" in text_of(client.get(refused))
    assert rows() == before


@pytest.mark.slow
@pytest.mark.django_db
def test_bot_fills_pages_that_then_are_taken_to_the_end_of_the_study_that_uses_everything() -> None:
    client = desk()
    written = parse((ROOT / "studies" / "kitchen_sink.yaml").read_text()).design
    assert written
    write_rows(design=written)
    before, asked, seen = rows(), {"seed": "4"}, list[str]()
    for _ in range(40):
        filled = around(client, "kitchen_sink", asked, bot="fill")
        shown = framed(client, filled)
        assert shown.status_code == 200
        page = filled.context["place"].page
        seen.append(page.code)
        if page.kind == "end":
            break
        sent = {**form_of(shown, "page"), "move": "next"}
        sent |= {"consent": "agree"} if page.kind == "consent" else {}
        address = client.post(filled.context["frame"], sent)["Location"]
        asked = dict(parse_qsl(urlsplit(address).query)) | {"page": path_of(address).split("/")[1]}
    assert (page.kind, len(seen)) == ("end", len(set(seen)))
    gone = around(client, "kitchen_sink", {"seed": "4", "page": seen[-1]}, bot="come_here")
    assert gone.context["run"].answers == filled.context["run"].answers
    assert rows() == before


def path_of(address: str) -> str:
    """Which study and page an address of the frame is about."""
    return urlsplit(address).path.removeprefix(PREVIEW)


@pytest.mark.django_db
def test_database_refuses_to_write_for_a_preview() -> None:
    StudyFactory(slug="park")
    with pytest.raises(InternalError, match="read-only"), read_only():
        Study.objects.update(slug="other")
    Study.objects.update(slug="other")


@pytest.mark.django_db
def test_page_of_a_preview_leads_to_no_participant() -> None:
    client = desk()
    LiveStudyFactory(slug="park")
    for code in ("welcome", "about", "thanks"):
        html = client.get(f"{PARK}{code}/").content.decode()
        assert ("/s/park/" in html, "keep.js" in html, "ending.js" in html) == (False,) * 3
    ending = client.get(f"{PARK}welcome/?lang=ko&seed=3&ended=closed").content.decode()
    assert "/s/park/" not in ending
    assert 'href="?lang=en&amp;arm.main=none.low&amp;seed=3&amp;ended=closed"' in ending


@pytest.mark.django_db
def test_only_the_desk_may_frame_a_page_of_the_preview_and_only_the_preview_holds_a_frame() -> None:
    client = desk()
    StudyFactory(slug="park")
    found = []
    for address in (f"{PARK}welcome/", f"{PARK}welcome/?ended=closed", PARK, "/admin/"):
        headers = client.get(address).headers
        policy = headers["Content-Security-Policy"]
        parts = ("frame-ancestors 'self'", "frame-src 'self'", "unsafe")
        found.append((headers["X-Frame-Options"], *(part in policy for part in parts)))
    framed_page, holder, other = (False, False), (True, True), (False, True)
    assert found == [
        *[("SAMEORIGIN", True, *framed_page)] * 2,
        ("DENY", False, *holder),
        ("DENY", False, *other),
    ]


@pytest.mark.django_db
def test_each_draw_of_a_deck_has_its_arm_and_the_answers_to_it() -> None:
    client = desk()
    write_rows(design=deck_design())
    shown = around(client, "park", {"page": "story_2", "arm.deck_2": "money.low"}, bot="come_here")
    assert [each.name for each in shown.context["arms"]] == ["arm.deck_1", "arm.deck_2"]
    assert shown.context["run"].arms == {"deck_1": "none.low", "deck_2": "money.low"}
    assert "You get money. The office decided." in text_of(framed(client, shown))
    assert {"will1_1", "gender"} <= set(shown.context["run"].answers)


@pytest.mark.django_db
def test_answers_that_the_study_takes_no_more_are_dropped_and_forged_ones_never_taken() -> None:
    client = desk()
    StudyFactory(slug="park")
    shown = around(client, "park", page="opinion", bot="come_here")
    so_far = shown.context["so_far"]
    assert set(shown.context["run"].answers) == set(ABOUT)
    study = Study.objects.get()
    study.pages.get(code="about").items.get(code="gender").options.all().delete()
    kept = around(client, "park", page="opinion", so_far=so_far).context["run"].answers
    assert set(kept) == set(ABOUT) - {"gender"}
    forged = around(client, "park", page="opinion", so_far=so_far[1:])
    assert forged.context["run"].answers == {}


@pytest.mark.django_db
def test_page_that_the_bot_does_not_come_to_is_said() -> None:
    client = desk()
    write_rows(design=changed(small(), {"pages[3].shown_if": 'gender == "man"'}))
    said = [
        around(client, "park", page="opinion", seed=str(seed), bot="come_here").context["said"]
        for seed in range(8)
    ]
    assert {bool(each) for each in said} == {True, False}
    assert "the bot does not come to opinion" in max(said)


@pytest.mark.django_db
def test_page_whose_time_is_up_is_taken_as_it_is_and_no_bot_comes_to_an_ending() -> None:
    client = desk()
    write_rows(design=changed(small(), {"pages[1].max_seconds": 30}))
    sent = {"move": "next", "gender": "man"}
    assert client.post(f"{PARK}about/", sent).status_code == 422
    led = client.post(f"{PARK}about/", {**sent, "time_up": "yes"})["Location"]
    assert path_of(led) == "park/story/"
    shown = around(client, "park", page="screened_out", bot="come_here")
    assert "to no other ending" in text_of(shown)
    assert "This survey is for other people" in text_of(framed(client, shown))


@pytest.mark.django_db
def test_what_nobody_answered_yet_is_named_and_every_picture_is_shown() -> None:
    client = desk()
    title = both("You, {gender}, get {reward}", "제목")
    write_rows(design=changed(kinds_design(), {"pages[2].title": title}))
    page = client.get(f"{PARK}kinds/?arm.main=money.low").content.decode()
    assert "<h1>You, {gender}, get You get money.</h1>" in page
    assert f'<img src="data:image/png;base64,{DOT}" alt="A dot"' in page


@pytest.mark.django_db
def test_unfinished_study_is_shown_as_far_as_it_goes() -> None:
    client = desk()
    StudyFactory(slug="park")
    Level.objects.filter(code="money").update(text={"en": "You get money."})
    asked = {"page": "story", "lang": "ko", "arm.main": "money.high"}
    shown = around(client, "park", asked)
    assert "1 problem keeps the study from being launched" in text_of(shown)
    assert "story can't be shown yet" in text_of(framed(client, shown))
    assert client.get(f"{PARK}nonsense/").status_code == 404
    Study.objects.get().pages.exclude(code="about").delete()
    for bot in ("fill", "go_on", "come_here"):
        assert framed(client, around(client, "park", bot=bot)).status_code == 200
    client.post(f"{PARK}about/", {**ABOUT, "move": "next"})
    study = Study.objects.get()
    for related in (study.factors, study.randomisations, study.scales, study.pages):
        related.all().delete()
    assert "The study has no page yet." in text_of(client.get(PARK))


@pytest.mark.django_db
def test_preview_is_for_those_who_may_see_the_study(client: Client) -> None:
    StudyFactory(slug="park")
    for address in (PARK, f"{PARK}welcome/", PARK.replace("preview", "arms")):
        assert client.get(address).status_code == 302
        assert desk("view_look").get(address).status_code == 403
    assert "/admin/login/" in client.get(PARK)["Location"]


@pytest.mark.django_db
@pytest.mark.parametrize("rewards", [2, 3])
def test_preview_costs_the_same_however_many_arms(
    rewards: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = desk()
    StudyFactory(slug="park", rewards=rewards)
    client.get(PARK)
    with django_assert_num_queries(23):
        client.get(f"{PARK}?page=opinion&bot=come_here")
    with django_assert_num_queries(23):
        client.get(f"{PARK}story/")
    with django_assert_num_queries(23):
        client.post(f"{PARK}welcome/", {"consent": "agree", "move": "next"})
    with django_assert_num_queries(20):
        client.get(PARK.replace("preview", "arms"))


def test_answers_in_own_words_are_cut_where_the_address_would_get_too_long() -> None:
    design = small()
    run = Run(design, "en", answers={"comment": "park " * 10, "will1": "3"})
    long = replace(run, answers={"comment": Random(1).randbytes(9000).hex(), "will1": "3"})
    assert [len(so_far(each)) < LONGEST for each in (run, long)] == [True, True]
    carried = [
        read_run(design, design, QueryDict(address_of(each))).answers for each in (run, long)
    ]
    assert carried[0] == run.answers
    assert {code: len(str(answer)) for code, answer in carried[1].items()} == {
        "comment": SAYING,
        "will1": 1,
    }
