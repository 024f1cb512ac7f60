"""An empty list of the desk says so, and offers to add something to those alone who may."""

import pytest
from lxml import html

from tests.desk import desk

pytestmark = pytest.mark.django_db

KOREAN = {"Accept-Language": "ko-KR,ko;q=0.9"}


def _told(path: str, *, korean: bool = False) -> list[str]:
    """What stands where the rows would be, and where its links lead."""
    response = desk().get(path, headers=KOREAN if korean else {})
    page = html.fromstring(response.content.decode())
    (box,) = page.xpath("//*[text()='inbox']/ancestor::div[2]")
    texts = [" ".join(each.text_content().split()) for each in box.xpath(".//h2 | .//p | .//a")]
    return texts + [each.get("href") for each in box.xpath(".//a")]


def test_list_that_nobody_adds_to_offers_nothing() -> None:
    for path in ("responses/erasure", "analysis/look", "experiments/designversion"):
        assert _told(f"/admin/{path}/") == ["There is nothing here yet"]
    assert _told("/admin/responses/erasure/", korean=True) == ["아직 아무것도 없습니다"]


def test_list_is_added_to_by_who_may() -> None:
    path = "/admin/experiments/study/"
    add = "/admin/experiments/study/add/"
    told = ["There is nothing here yet", "What you add stands in this list.", "add Add study", add]
    assert _told(path) == told
    told = ["아직 아무것도 없습니다", "추가한 것이 이 목록에 나옵니다.", "add 연구 추가", add]
    assert _told(path, korean=True) == told


def test_search_that_finds_nothing_leads_back_to_everything() -> None:
    told = [
        "Nothing found",
        "Look for something else, or take the filters out.",
        "filter_list_off Show everything",
        "?",
    ]
    for path in ("experiments/study/?q=park", "responses/participant/?q=park"):
        assert _told(f"/admin/{path}") == told
