"""An address that takes only what is sent answers a visit with a page that says so."""

from typing import Any

import pytest
from django.test import Client

from experiments.models import Study
from tests.desk import desk, text_of
from tests.responses.studies import entered, launched

pytestmark = pytest.mark.django_db

KOREAN = {"Accept-Language": "ko"}
TITLE = "This address can't be opened by itself"


def addresses() -> list[str]:
    """Addresses of the desk that take no visits."""
    study = Study.objects.get()
    return [
        "/admin/responses/participant/identity/park/1/",
        f"/admin/experiments/study/{study.pk}/order/",
        "/admin/analysis/look/study/park/looks/retry/",
        "/admin/power/park/simulate/",
        "/admin/logout/",
    ]


def kept(response: Any) -> tuple[int, str]:
    return response.status_code, response["Allow"]


def test_address_of_the_desk_that_takes_no_visits_says_so_and_leads_back() -> None:
    launched()
    client = desk()
    for address in addresses():
        page = client.get(address)
        assert page.status_code == 405
        assert "POST" in page["Allow"]
        assert int(page["Content-Length"]) == len(page.content)
        assert f"{TITLE} It takes what a button on another page sends." in text_of(page)
        assert 'href="/admin/">Back to the desk</a>' in page.content.decode()
    korean = text_of(client.get(addresses()[0], headers=KOREAN))
    assert "이 주소는 직접 열 수 없습니다" in korean


def test_participants_address_that_takes_no_visits_says_so_in_their_words() -> None:
    launched()
    client = Client()
    entered(client)
    page = client.get("/s/park/about/draft/")
    assert kept(page) == (405, "POST")
    assert f"{TITLE} Please go back with your browser" in text_of(page)
    assert "desk" not in text_of(page)
    # Another browser: that one has begun in English.
    korean = Client().get("/s/park/about/draft/", headers=KOREAN)
    assert "받으신 링크로 설문조사를 다시 열어 주십시오." in text_of(korean)


def test_what_is_sent_to_a_page_that_only_shows_gets_no_such_page() -> None:
    launched()
    sent = Client().post("/s/park/about-study/")
    assert (kept(sent), sent.content) == ((405, "GET, HEAD"), b"")
