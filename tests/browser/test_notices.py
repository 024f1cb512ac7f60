"""Every page that is no page of a study, in both languages on a phone: axe finds nothing."""

from typing import Any

import pytest
from django.test import RequestFactory
from playwright.sync_api import Route

from responses.notices import Notice, notice_response
from tests.browser.visiting import NewContext, visitor

ANSWERS = {"gender": "woman", "comment": 'A "quoted" <word>'}
ASKS_FOR_THE_CODE = (Notice.UNKNOWN, Notice.RESUME, Notice.WRONG_CODE)
HOLDS_ANSWERS = (Notice.FOUND_AGAIN, Notice.EXPIRED, Notice.DATABASE_GONE, Notice.OUR_FAULT)


def shown(notice: Notice, language: str, **holding: Any) -> str:
    """The notice's HTML as the site would send it."""
    request = RequestFactory().post("/s/park/about/", {"code": "ABCD-1234"})
    if notice in ASKS_FOR_THE_CODE:
        holding["slug"] = "park"
    return notice_response(request, notice, language=language, **holding).content.decode()


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ko"])
def test_notices_have_no_barrier(live_site: str, new_context: NewContext, language: str) -> None:
    pages = [shown(notice, language) for notice in Notice]
    pages += [shown(notice, language, carry=ANSWERS) for notice in HOLDS_ANSWERS]
    person = visitor(new_context, f"{live_site}/notice/", locale=language)

    def fulfil(route: Route) -> None:
        number = int(route.request.url.rsplit("/", 1)[1])
        route.fulfill(body=pages[number], content_type="text/html; charset=utf-8")

    # The page is put in place of an answer of the site, whose style sheets it then loads.
    person.page.route("**/notice/*", fulfil)
    found = []
    for number in range(len(pages)):
        found += person.open(str(number)).barriers()
        assert person.page.locator("h1").count() == 1
    assert found + person.wrong == []
    assert len(pages) == len(Notice) + len(HOLDS_ANSWERS)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_public_page_has_no_barrier(survey: str, new_context: NewContext, language: str) -> None:
    person = visitor(new_context, survey, locale=language)
    assert person.open("about-study/").barriers() + person.wrong == []
    assert person.page.context.cookies() == []


def test_wrong_address_is_answered_in_the_browsers_language(
    live_site: str, new_context: NewContext
) -> None:
    person = visitor(new_context, f"{live_site}/", locale="ko-KR")
    assert person.open("nowhere/").page.locator("h1").inner_text() == "페이지를 찾을 수 없습니다"
    heading = person.open("s/none/").page.locator("h1").inner_text()
    assert heading == "설문조사를 찾을 수 없습니다"
    assert person.barriers() + person.wrong == []
