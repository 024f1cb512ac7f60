"""The shipped study built at the desk by clicks and typing alone, from nothing to launch."""

import pytest
from playwright.sync_api import expect

from coprod_site.embedded import ROOT
from experiments.design import Design, digest
from tests.browser.building import Builder, follow, save, write
from tests.browser.researching import PASSWORD
from tests.browser.visiting import DESK, NewContext, Visitor, visitor


@pytest.mark.parametrize(
    ("locale", "log_in", "ready"),
    [
        ("en-US", "Log in", "Nothing keeps it from being launched."),
        ("ko-KR", "로그인", "개시를 막는 것이 없습니다."),
    ],
    ids=["en", "ko"],
)
def test_study_is_built_by_clicks_from_nothing_to_its_first_participant(
    live_site: str, new_context: NewContext, locale: str, log_in: str, ready: str
) -> None:
    from experiments.models import Study
    from experiments.studyrows import read_rows
    from responses.models import Participant, State

    shipped, language = _shipped(), locale[:2]
    person = visitor(new_context, f"{live_site}/admin/", viewport=DESK, locale=locale).open()
    page = person.page
    _log_in(person, log_in)
    builder = _begin(person, shipped)
    _build(builder, shipped)
    study = Study.objects.get()
    assert read_rows(study) == shipped
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.get_by_text(ready)).to_be_visible()

    follow(person, page.locator("a[href$='/do/launch/']"))
    follow(person, page.locator("#content-main form[method=post] button"))
    link = page.get_by_role("link", name=f"/s/{study.slug}/").get_attribute("href")
    assert link == f"{live_site}/s/{study.slug}/"
    follow(person, page.locator("a[href*='/experiments/study/'][href$='/change/']").first)
    expect(page.locator(".desk-status-live")).to_be_visible()
    study.refresh_from_db()
    assert study.live_version is not None
    assert study.live_version.digest == digest(shipped)

    citizen = visitor(new_context, link, locale=locale).enter()
    while citizen.at != "debriefing":
        citizen.answer().next()
    assert citizen.page.locator("html").get_attribute("lang") == language
    assert Participant.objects.get().state == State.COMPLETED
    assert (person.wrong, citizen.wrong) == ([], [])


def _shipped() -> Design:
    from experiments.studyfile import parse

    design = parse((ROOT / "studies" / "coproduction.yaml").read_text()).design
    assert design is not None
    return design


def _log_in(person: Visitor, said: str) -> None:
    from django.contrib.auth.models import User

    User.objects.create_superuser("researcher", password=PASSWORD)
    person.page.locator("#id_username").fill("researcher")
    person.page.locator("#id_password").fill(PASSWORD)
    button = person.page.locator("#login-form button")
    expect(button).to_contain_text(said)
    follow(person, button)


def _begin(person: Visitor, design: Design) -> Builder:
    """Adds the study, of which its page asks for the rest."""
    page = person.page
    follow(person, page.locator("#content-main a[href$='/study/add/']"))
    page.locator("#id_slug").fill(design.study)
    write(page, "title", design.title)
    write(page, "question", design.question)
    save(person)
    # Its page asks for the rest of its own fields.
    write(page, "debriefing", design.debriefing)
    save(person)
    return Builder(person, page.url)


def _build(builder: Builder, design: Design) -> None:
    """All of its parts: factors, a scale, pages with what they ask, the other, arms, the plan."""
    for factor in design.factors:
        builder.add_to("factors", factor, "levels")
    builder.take("psm")
    for page in design.pages:
        builder.add_to("pages", page)
        pasted = [item for item in page.items if item.scale == "psm"]
        if pasted:
            builder.paste(page.code, pasted)
        others = [item for item in page.items if not item.scale]
        for after, item in enumerate(others, len(pasted)):
            builder.ask(page, item, after)
    builder.take("wtc", onto="willingness")
    # It gets its arms by being saved without any.
    (randomisation,) = design.randomisations
    builder.add_to("randomisations", randomisation)
    builder.plan(design.plan)
