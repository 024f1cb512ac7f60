"""Every kind of answer carries the whole set of headers that keep a browser careful."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client
from pytest_django import Settings

from coprod_site.response_headers import ALWAYS
from experiments.models import Study
from tests.analysis.api.asking import token
from tests.desk import desk
from tests.responses.studies import launched, walked

pytestmark = pytest.mark.django_db

STRICT = {
    "default-src 'none'",
    *(f"{part} 'self'" for part in ("script-src", "style-src", "font-src", "connect-src")),
    "img-src 'self' data:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
RELAXED = STRICT - {"script-src 'self'", "style-src 'self'"} | {
    "script-src 'self' 'unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
}
# Within the preview a page as participants see it, which the desk alone frames.
FRAMED = STRICT - {"frame-ancestors 'none'"} | {"frame-ancestors 'self'"}
SECURITY = (*ALWAYS, "Strict-Transport-Security")
YEAR = "max-age=31536000; includeSubDomains; preload"


@pytest.fixture
def study(settings: Settings) -> Study:
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SECURE_REDIRECT_EXEMPT = []
    return launched()


def answers(study: Study) -> dict[str, tuple[set[str], Any]]:
    """Answers of every kind by what they are, each with the policy that it must have."""
    inside, outside, lead = Client(), Client(raise_request_exception=False), desk()
    walked(_secure(inside), until="opinion")
    bearer = {"Authorization": f"Bearer {token(study)}"}
    page = f"/admin/experiments/study/{study.pk}"
    strict: Any = {"secure": True}
    previewed = "/admin/responses/participant/preview/park/welcome/"
    big = {f"field{number}": "x" for number in range(1001)}
    return {
        "welcome": (STRICT, outside.get("/s/park/", **strict)),
        "page": (STRICT, inside.get("/s/park/opinion/", **strict)),
        "page refused": (STRICT, inside.post("/s/park/opinion/", {"move": "next"}, **strict)),
        "redirect": (STRICT, inside.get("/s/park/about/", **strict)),
        "notice": (STRICT, outside.get("/s/park/opinion/", **strict)),
        "draft": (STRICT, inside.post("/s/park/opinion/draft/", {"will1": "1"}, **strict)),
        "about": (STRICT, outside.get("/s/park/about-study/", **strict)),
        "no study": (STRICT, outside.get("/s/nowhere/", **strict)),
        "no page": (STRICT, outside.get("/nowhere", **strict)),
        "other host": (STRICT, outside.get("/s/park/", headers={"host": "a.example"}, **strict)),
        "too much": (STRICT, outside.post("/s/park/", big, **strict)),
        "forged": (STRICT, Client(enforce_csrf_checks=True).post("/s/park/", {}, **strict)),
        "alive": (STRICT, outside.get("/healthz", **strict)),
        "root": (STRICT, outside.get("/", **strict)),
        "style": (STRICT, outside.get(staticfiles_storage.url("responses/page.css"), **strict)),
        "script": (STRICT, outside.get(staticfiles_storage.url("responses/keep.js"), **strict)),
        "login": (RELAXED, outside.get("/admin/login/", **strict)),
        "desk": (RELAXED, lead.get("/admin/", **strict)),
        "desk, no page": (RELAXED, lead.get("/admin/nowhere/", **strict)),
        "desk, refused": (RELAXED, desk("view_look").get(f"{page}/members/", **strict)),
        "desk, NUL": (RELAXED, lead.get("/admin/experiments/study/?q=%00", **strict)),
        "download": (RELAXED, lead.get(f"{page}/file/", **strict)),
        "preview": (
            FRAMED,
            lead.get(previewed, **strict),
        ),
        "api": (STRICT, outside.get("/api/v1/studies/", headers=bearer, **strict)),
        "api, unknown": (STRICT, outside.get("/api/v1/studies/", **strict)),
        "api, nowhere": (STRICT, outside.get("/api/v1/nowhere", **strict)),
        "api, looks": (STRICT, outside.get("/api/v1/studies/park/looks", headers=bearer, **strict)),
    }


def _secure(client: Client) -> Any:
    """The client as one that asks by HTTPS alone."""
    return _Secure(client)


class _Secure:
    """A client that asks by HTTPS alone."""

    def __init__(self, client: Client) -> None:
        self._client, self.cookies = client, client.cookies

    def get(self, address: str) -> Any:
        return self._client.get(address, secure=True)

    def post(self, address: str, fields: Any) -> Any:
        return self._client.post(address, fields, secure=True)


def test_every_kind_of_answer_has_the_whole_set(study: Study) -> None:
    expected, found, policies = {}, {}, {}
    for name, (policy, response) in answers(study).items():
        expected[name] = {**ALWAYS, "Strict-Transport-Security": YEAR}
        if policy is FRAMED:
            expected[name]["X-Frame-Options"] = "SAMEORIGIN"
        found[name] = {each: response.headers.get(each) for each in SECURITY}
        said = set(response.headers.get("Content-Security-Policy", "").split("; "))
        policies[name] = sorted(said ^ policy)
    # An address of another host is none of ours to speak of.
    del found["other host"]["Strict-Transport-Security"]
    del expected["other host"]["Strict-Transport-Security"]
    assert found == expected
    # The page of the preview alone says what it may frame.
    assert policies == {name: [] for name in policies}


def test_no_answer_is_for_other_sites_to_read(study: Study) -> None:
    open_ones = {
        name
        for name, (_policy, response) in answers(study).items()
        if "Access-Control-Allow-Origin" in response.headers
    }
    assert open_ones == set()


def test_kinds_are_what_they_are_called(study: Study) -> None:
    statuses = {name: response.status_code for name, (_policy, response) in answers(study).items()}
    assert statuses == {
        **dict.fromkeys(("welcome", "page", "about", "alive", "style", "script"), 200),
        **dict.fromkeys(("login", "desk", "download", "preview", "api", "api, looks"), 200),
        **{"page refused": 422, "redirect": 302, "notice": 403, "draft": 204, "root": 302},
        **{"no study": 404, "no page": 404, "other host": 400, "too much": 400, "forged": 403},
        **{"desk, no page": 404, "desk, refused": 403, "desk, NUL": 400},
        **{"api, unknown": 401, "api, nowhere": 404},
    }


def test_cookies_are_for_this_site_and_no_script(study: Study) -> None:
    client = Client()
    walked(_secure(client), until="opinion")
    lead = Client()
    User.objects.create_superuser("hana", password="a-long-enough-word")
    login = {"username": "hana", "password": "a-long-enough-word", "next": "/admin/"}
    lead.get("/admin/login/", secure=True)
    lead.post("/admin/login/", login, secure=True)
    cookies = {**client.cookies, **lead.cookies}
    assert set(cookies) == {"coprod_park", "django_language", "csrftoken", "sessionid"}
    kinds = {(each["secure"], each["httponly"], each["samesite"]) for each in cookies.values()}
    assert kinds == {(True, True, "Lax")}
