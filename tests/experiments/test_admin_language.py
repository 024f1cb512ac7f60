"""The desk speaks the browser's language, or the one that was chosen; so do its fields' names."""

import pytest
from django.test import Client

from tests.desk import desk, text_of
from tests.factories import StudyFactory

pytestmark = pytest.mark.django_db

KOREAN = {"Accept-Language": "ko-KR,ko;q=0.9"}


def test_desk_speaks_what_the_browser_asks_for() -> None:
    client, study = desk(), StudyFactory(slug="park")
    page = client.get(f"/admin/experiments/study/{study.pk}/change/", headers=KOREAN)
    assert '<html lang="ko"' in page.content.decode()
    text = text_of(page)
    told = ("요인 추가", "페이지 추가", "척도 추가", "개시를 막는 것이 없습니다.", "사전 등록")
    assert [words for words in told if words not in text] == []
    form = client.get(f"/admin/experiments/factor/add/?study={study.pk}", headers=KOREAN)
    assert [label for label in ("코드", "수준") if label not in text_of(form)] == []


def test_language_that_was_chosen_is_kept_for_the_desk_alone() -> None:
    client = Client()
    assert "Log in" in text_of(client.get("/admin/login/"))
    chosen = client.post("/admin/language/", {"language": "ko", "next": "/admin/login/"})
    assert (chosen.status_code, chosen.headers["Location"]) == (302, "/admin/login/")
    assert client.cookies["django_language"]["path"] == "/admin/"
    page = text_of(client.get("/admin/login/"))
    assert ("로그인" in page, "Log in" in page) == (True, False)
    elsewhere = client.post("/admin/language/", {"language": "ko", "next": "//elsewhere.org/"})
    assert elsewhere.headers["Location"] == "/"
