"""How somebody leaves: the words, the code, and the way back to the panel."""

from typing import Any

import pytest
from django.test import RequestFactory
from lxml import html

from experiments.design import Design, Ending, Outcome
from responses.endings import Beside, ending_response, redirect_address
from tests.changed import changed
from tests.designs import both, small

ENDINGS = [outcome for outcome in Outcome if outcome is not Outcome.COMPLETED]
PANEL = "https://panel.example/back?cc={code}&who={prolific_pid}"


def shown(design: Design, outcome: Outcome, language: str = "en", **values: Any) -> Any:
    response = ending_response(
        RequestFactory().get("/s/park/"), design, outcome, language=language, **values
    )
    assert response["Cache-Control"] == "no-store, private"
    return html.fromstring(response.content)


def test_redirect_is_filled_percent_encoded() -> None:
    ending = Ending(Outcome.SCREENED_OUT, redirect=PANEL)
    design = changed(small(), {"endings": (ending,)})
    known = {"prolific_pid": "a&b=/#é"}
    address = redirect_address(design, Outcome.SCREENED_OUT, "AB 1", known)
    assert address == "https://panel.example/back?cc=AB%201&who=a%26b%3D%2F%23%C3%A9"
    unknown = redirect_address(design, Outcome.SCREENED_OUT, "AB1", {})
    assert unknown == "https://panel.example/back?cc=AB1&who="
    assert redirect_address(design, Outcome.QUOTA_FULL, "AB1", known) == ""


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("outcome", ENDINGS)
def test_every_outcome_has_words_of_its_own(outcome: Outcome, language: str) -> None:
    page = shown(small(), outcome, language)
    others = [shown(small(), other, language) for other in ENDINGS if other is not outcome]
    title = page.xpath("string(//h1)")
    assert title.strip()
    assert title not in [other.xpath("string(//h1)") for other in others]
    assert len(page.xpath("//main//p")) == 1
    assert page.xpath("//*[@id='redirect' or @id='ending-code']") == []


@pytest.mark.parametrize("outcome", ENDINGS)
def test_study_can_say_it_in_its_own_words(outcome: Outcome) -> None:
    ending = Ending(outcome, both("Our *title*", "제목"), both("Our **body**.", "본문"))
    page = shown(changed(small(), {"endings": (ending,)}), outcome)
    assert page.xpath("string(//h1)") == "Our *title*"
    assert page.xpath("string(//main//p)") == "Our body."
    assert page.xpath("string(//main//strong)") == "body"


def test_code_comes_before_the_way_back() -> None:
    page = shown(
        small(), Outcome.QUOTA_FULL, code="ABCDE12345", redirect="https://p.example/?a=1&b"
    )
    assert page.xpath("//*[@id='ending-code']/text()") == ["ABCDE12345"]
    (link,) = page.xpath("//a[@id='redirect']")
    assert link.get("href") == "https://p.example/?a=1&b"
    assert link.get("data-seconds") == "10"
    assert "{seconds}" in link.get("data-text")
    assert page.xpath("//*[@id='ending-code']/following::a[@id='redirect']") == [link]
    assert page.xpath("//button[@id='stay']/@hidden") != []


def test_debriefing_is_for_who_saw_the_vignette() -> None:
    debriefed = both("We told you *different* texts.", "서로 다른 글이었습니다.")
    design = changed(small(), {"debriefing": debriefed})
    said = "string(//*[@class='body debriefing'])"
    shown_to = shown(design, Outcome.WITHDRAWN, beside=Beside(debrief=True))
    assert shown_to.xpath(said).strip() == "We told you different texts."
    assert shown(design, Outcome.WITHDRAWN).xpath(said) == ""


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Outcome.CLOSED, 410),
        (Outcome.PAUSED, 503),
        (Outcome.FULL, 410),
        (Outcome.REFUSED, 200),
        (Outcome.SCREENED_OUT, 200),
        (Outcome.QUOTA_FULL, 200),
        (Outcome.WITHDRAWN, 200),
    ],
)
def test_status_says_whether_the_study_is_there(outcome: Outcome, status: int) -> None:
    request = RequestFactory().get("/s/park/")
    response = ending_response(request, small(), outcome, language="en")
    assert response.status_code == status
