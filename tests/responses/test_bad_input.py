"""What a participant's browser can send wrong: each time clear words, and nothing lost."""

import pytest
from django.test import Client, RequestFactory

from responses.error_pages import server_error
from responses.models import Submission
from tests.responses.studies import ABOUT, OPINION, entered, launched, sent, walked

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"gender": ""}, "Please choose one of the answers."),
        ({"gender": "dragon"}, "Please choose one of the answers."),
        ({"motive1": "9"}, "Please choose one of the answers."),
    ],
)
def test_answer_that_cannot_be_taken_shows_the_page_with_what_was_typed(
    client: Client, change: dict[str, str], told: str
) -> None:
    launched()
    entered(client)
    response = client.post("/s/park/about/", {**ABOUT, **change})
    text = response.content.decode()
    assert response.status_code == 422
    assert told in text
    assert text.count(" checked") == 3
    assert Submission.objects.count() == 1


def test_long_text_is_kept_and_its_limit_named(client: Client) -> None:
    launched()
    walked(client, until="opinion")
    text = "a" * 1_000_000
    response = client.post("/s/park/opinion/", {**OPINION, "comment": text})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Your answer has 1000000 characters. Please shorten it to 200." in page
    assert text in page


def test_text_with_nul_is_refused_with_words(client: Client) -> None:
    launched()
    walked(client, until="opinion")
    response = client.post("/s/park/opinion/", {**OPINION, "comment": "a\0b"})
    assert response.status_code == 422
    assert "Please type it again." in response.content.decode()


def test_more_than_the_limit_is_refused_with_words(client: Client) -> None:
    launched()
    walked(client, until="opinion")
    response = client.post("/s/park/opinion/", {**OPINION, "comment": "a" * 3_000_000})
    assert response.status_code == 400
    assert "That was too much to send" in response.content.decode()


def test_stranger_is_asked_for_the_resume_code_and_loses_nothing(client: Client) -> None:
    launched()
    token = entered(client)
    stranger = Client()
    response = stranger.post("/s/park/about/", ABOUT)
    assert response.status_code == 403
    assert 'name="gender" value="woman"' in response.content.decode()
    shown = f" {token[:4].lower()} {token[4:8]}-{token[8:]}"
    found = stranger.post("/s/park/resume/", {**ABOUT, "code": shown, "to": "/s/park/about/"})
    assert "Send again" in found.content.decode()
    assert 'name="gender" value="woman"' in found.content.decode()
    assert sent(stranger, "about", ABOUT) == "story"


def test_wrong_resume_code_says_so(client: Client) -> None:
    launched()
    response = client.post("/s/park/resume/", {"code": "0000-0000-0000"})
    assert response.status_code == 422
    assert "No survey was found for this code" in response.content.decode()


def test_forged_token_meets_the_answers_again() -> None:
    launched()
    client = Client(enforce_csrf_checks=True)
    page = client.get("/s/park/").content.decode()
    nonce = page.split('name="nonce" value="')[1].split('"')[0]
    response = client.post("/s/park/", {"consent": "agree", "nonce": nonce})
    text = response.content.decode()
    assert response.status_code == 403
    assert 'name="consent" value="agree"' in text
    token = text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    form = {"consent": "agree", "nonce": nonce, "csrfmiddlewaretoken": token}
    assert client.post("/s/park/", form)["Location"] == "/s/park/about/"


def test_other_sites_form_is_not_handed_back() -> None:
    launched()
    client = Client(enforce_csrf_checks=True, headers={"origin": "https://elsewhere.example"})
    response = client.post("/s/park/", {"consent": "agree", "nonce": "n" * 22})
    assert response.status_code == 403
    assert "agree" not in response.content.decode()


def test_unknown_study_and_page_say_so(client: Client) -> None:
    assert "There is no such survey" in client.get("/s/none/").content.decode()
    assert client.get("/nowhere/").status_code == 404


@pytest.mark.parametrize(("path", "kept"), [("/s/park/about/", True), ("/admin/login/", False)])
def test_fault_of_ours_hands_back_answers_but_nothing_of_the_desk(
    rf: RequestFactory, path: str, kept: bool
) -> None:
    response = server_error(rf.post(path, {"secret": "opensesame"}))
    assert response.status_code == 500
    assert ("opensesame" in response.content.decode()) is kept


def test_answer_that_looks_like_a_hole_of_the_page_is_shown_as_text(client: Client) -> None:
    launched()
    walked(client, until="opinion")
    response = client.post(
        "/s/park/opinion/", {**OPINION, "will1": "", "comment": "\ue000csrf\ue001"}
    )
    assert response.status_code == 422
    assert "\ue000csrf\ue001" in response.content.decode()


def test_form_with_a_foreign_referer_is_not_handed_back() -> None:
    launched()
    client = Client(enforce_csrf_checks=True, headers={"referer": "https://elsewhere.example/"})
    form = {"consent": "agree", "nonce": "n" * 22}
    response = client.post("/s/park/", form, secure=True)
    assert response.status_code == 403
    assert "agree" not in response.content.decode()


def test_query_of_thousands_of_parameters_is_refused_with_words(client: Client) -> None:
    launched()
    query = "&".join(f"a{number}=1" for number in range(3000))
    response = client.get(f"/s/park/?{query}")
    assert response.status_code == 400
    assert "That was too much to send" in response.content.decode()


@pytest.mark.parametrize("charset", ["base64", "rot13", "unicode_escape", "utf-16", "nonsense"])
def test_request_in_another_encoding_is_read_as_utf8(client: Client, charset: str) -> None:
    launched()
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    response = client.generic("POST", "/s/park/", b"consent=agree&nonce=" + b"n" * 22, kind)
    assert response.headers.get("Location") == "/s/park/about/"


def test_garbled_request_and_foreign_host_say_what_is_wrong(client: Client) -> None:
    launched()
    garbled = client.post("/s/park/", b"x", content_type="multipart/form-data")
    assert garbled.status_code == 400
    assert "We could not read this request" in garbled.content.decode()
    foreign = client.get("/s/park/", headers={"host": "evil.example"})
    assert foreign.status_code == 400
    assert "COPROD_ALLOWED_HOSTS" in foreign.content.decode()
