"""Identities and files ask for password and code again once a login is a quarter of an hour old."""

import time
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from analysis.models import ApiToken
from coprod_site.fresh_login import GUARDED, PROVED_AT
from coprod_site.second_factor import confirm_device, new_device
from responses.models import IdentityReading
from tests.analysis.api.asking import ask, token
from tests.desk import text_of
from tests.responses.studies import launched, walked

pytestmark = pytest.mark.django_db

WORD = "a-long-enough-word"
AGAIN = "/admin/again/?next="


@pytest.fixture
def user(settings: Settings) -> User:
    settings.TWO_FACTOR = True
    user = User.objects.create_superuser("hana", password=WORD)
    device = new_device(user=user)
    assert confirm_device(device=device, code=code_of(user))
    return user


def code_of(user: User, step: int = 0) -> str:
    """What the app shows, some steps of 30 seconds from now; as if none was asked for before."""
    TOTPDevice.objects.filter(user=user).update(last_t=-1, throttling_failure_count=0)
    totp = TOTP(TOTPDevice.objects.get(user=user).bin_key)
    totp.time = time.time() + 30 * step
    return f"{totp.token():06d}"


def logged_in(user: User, minutes_ago: float = 0) -> Client:
    """A client that has shown password and code so many minutes ago."""
    client = Client()
    client.post("/admin/login/", {"username": "hana", "password": WORD, "next": "/admin/"})
    client.post("/admin/second-factor/", {"code": code_of(user)})
    session = client.session
    session[PROVED_AT] = int(time.time() - 60 * minutes_ago)
    session.save()
    return client


def proof(user: User, password: str = WORD) -> dict[str, str]:
    return {"password": password, "code": code_of(user)}


def test_fresh_login_opens_what_an_old_one_is_asked_for(user: User) -> None:
    launched()
    assert logged_in(user).get("/admin/export/park/").status_code == 200
    old = logged_in(user, 15)
    assert old.get("/admin/").status_code == 200
    asked = old.get("/admin/export/park/?a=1")
    assert asked["Location"] == f"{AGAIN}%2Fadmin%2Fexport%2Fpark%2F%3Fa%3D1"
    page = old.get(asked["Location"])
    assert "Your login is more than 15 minutes old" in text_of(page)
    assert "no-store" in page["Cache-Control"]
    before = old.cookies["sessionid"].value
    wrong = old.post(asked["Location"], proof(user, "wrong"))
    assert (wrong.status_code, "The password is not right." in text_of(wrong)) == (422, True)
    stale = old.post(asked["Location"], {"password": WORD, "code": "000000"})
    assert (stale.status_code, "That code is not right" in text_of(stale)) == (422, True)
    assert old.get("/admin/export/park/").status_code == 302
    right = old.post(asked["Location"], proof(user))
    assert right["Location"] == "/admin/export/park/?a=1"
    assert old.cookies["sessionid"].value != before
    assert old.get(right["Location"]).status_code == 200


def test_form_that_is_sent_late_leads_back_to_its_page(user: User) -> None:
    launched()
    walked(Client())
    (number,) = launched_people()
    old = logged_in(user, 16)
    page = f"/admin/responses/participant/{number}/change/"
    identity = f"/admin/responses/participant/identity/park/{number}/"
    asked = old.post(identity, headers={"Referer": f"http://testserver{page}"})
    assert asked["Location"] == f"{AGAIN}{page.replace('/', '%2F')}"
    elsewhere = old.post(identity, headers={"Referer": "https://elsewhere.example/"})
    assert elsewhere["Location"] == f"{AGAIN}{identity.replace('/', '%2F')}"
    assert not IdentityReading.objects.exists()
    said = "The form that you sent was not taken, since your login was too old. Send it anew."
    # Both of them, at once, after a mistake, and where the form stands.
    assert text_of(old.get(asked["Location"])).count(said) == 2
    mistaken = old.post(asked["Location"], {"password": "x", "code": "x"})
    assert (mistaken.status_code, text_of(mistaken).count(said)) == (422, 2)
    assert text_of(old.post(asked["Location"], proof(user), follow=True)).count(said) == 2
    assert said not in text_of(old.get(page))


def launched_people() -> list[int]:
    """The numbers of whoever there is."""
    from responses.models import Participant

    return list(Participant.objects.values_list("pk", flat=True))


def test_every_guarded_page_asks_and_leads_nowhere_else(user: User) -> None:
    launched()
    known: dict[str, Any] = {"slug": "park", "number": 1, "participant": 1, "mode": "live"}
    known |= {"id": user.pk, "object_id": user.pk, "study_id": 1}
    old, asked = logged_in(user, 16), {}
    for name in GUARDED:
        for given in ({}, *wanted_of(known)):
            try:
                address = reverse(name, kwargs=given)
            except NoReverseMatch:
                continue
            asked[name] = old.get(address)["Location"].startswith(AGAIN)
    assert asked == dict.fromkeys(GUARDED, True)
    away = old.post(f"{AGAIN}//elsewhere.example/", proof(user))
    assert away["Location"] == "/admin/"


def wanted_of(known: dict[str, Any]) -> list[dict[str, Any]]:
    """The keys that an address may want, of those that are known."""
    sets = (
        *(("slug",), ("slug", "number"), ("slug", "participant"), ("slug", "mode", "number")),
        *(("id",), ("object_id",), ("study_id",)),
    )
    return [{name: known[name] for name in names} for names in sets]


def test_programs_and_a_site_with_one_factor_are_asked_for_nothing(
    user: User, settings: Settings
) -> None:
    text = token(launched())
    assert ApiToken.objects.count() == 1
    assert ask(text, "park/looks").status_code == 200
    settings.TWO_FACTOR = False
    assert logged_in(user, 60).get("/admin/export/park/").status_code == 200
    assert logged_in(user).get("/admin/again/").status_code == 404


def test_wrong_passwords_there_lock_out_as_at_the_login(user: User) -> None:
    old = logged_in(user, 16)
    answers = [old.post(AGAIN, proof(user, "wrong")).status_code for _ in range(5)]
    assert answers == [422] * 4 + [429]


def test_code_beside_a_wrong_password_is_kept_nowhere(user: User) -> None:
    old = logged_in(user, 16)
    sent = proof(user, "wrong-word")
    assert old.post(AGAIN, sent).status_code == 422
    (kept,) = AccessAttempt.objects.values_list("post_data", flat=True)
    assert kept == f"password={'*' * 20}\ncode={'*' * 20}"
