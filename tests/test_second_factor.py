"""The second factor: set up at the first login, asked for at each, and nothing opens without it."""

import re
import time
from importlib import import_module
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import DjangoAssertNumQueries, Settings

from tests.desk import client_of, text_of
from tests.factories import StudyFactory

pytestmark = pytest.mark.django_db

PAGE = "/admin/second-factor/"
LEADS = f"{PAGE}?next=/admin/"


@pytest.fixture
def user(settings: Settings) -> User:
    settings.TWO_FACTOR = True
    return User.objects.create_superuser("hana", password="a-long-enough-word")


def code_of(user: User, step: int = 0) -> str:
    """What the app shows, some steps of 30 seconds from now.

    From the step that the site takes for the app's: it is one behind if a step began while the last
    code was sent.
    """
    device = TOTPDevice.objects.get(user=user)
    totp = TOTP(device.bin_key, drift=device.drift)
    totp.time = time.time() + 30 * step
    return f"{totp.token():06d}"


def used_code(user: User) -> str:
    """The code that was taken last, however long ago that is."""
    device = TOTPDevice.objects.get(user=user)
    totp = TOTP(device.bin_key)
    totp.time = device.last_t * totp.step
    return f"{totp.token():06d}"


def wait() -> None:
    """As if the seconds were over that each wrong code costs."""
    for devices in (TOTPDevice.objects, StaticDevice.objects):
        devices.update(throttling_failure_count=0)


def set_up(user: User) -> tuple[Client, list[str]]:
    """A client that has set its second factor up, and the codes on paper."""
    client = client_of(user)
    client.get(LEADS)
    response = client.post(LEADS, {"code": code_of(user)})
    return client, re.findall(r"<code[^>]*>([a-z2-7]+)</code>", response.content.decode())


def test_nothing_of_the_desk_opens_before_the_second_factor(user: User) -> None:
    study = StudyFactory(slug="park")
    client = client_of(user)
    for address in (
        "/admin/",
        f"/admin/experiments/study/{study.pk}/change/",
        "/admin/export/park/",
    ):
        for response in (client.get(address), client.post(address)):
            assert response["Location"] == f"{PAGE}?next={address.replace('/', '%2F')}"
    page = client.get(LEADS)
    assert "Set up the second factor" in text_of(page)
    assert "data:image/svg+xml;base64," in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    client.post("/admin/language/", {"language": "ko", "next": LEADS})
    assert "두 번째 인증 설정" in text_of(client.get(LEADS))
    wrong = client.post(LEADS, {"code": "000000"})
    assert (wrong.status_code, TOTPDevice.objects.get().confirmed) == (422, False)
    assert client.get("/admin/").status_code == 302


def test_app_is_set_up_once_and_asked_for_at_each_login(user: User) -> None:
    client, paper = set_up(user)
    assert (len(paper), TOTPDevice.objects.get().confirmed) == (10, True)
    assert client.get("/admin/").status_code == 200
    assert client.get(LEADS)["Location"] == "/admin/"
    again = client_of(user)
    page = again.get(f"{PAGE}?next=//elsewhere.example/")
    assert TOTPDevice.objects.get().key not in page.content.decode()
    assert "Type the six digits that your app shows" in text_of(page)
    # A code is good once, and one on paper too.
    assert again.post(LEADS, {"code": used_code(user)}).status_code == 422
    wait()
    code = code_of(user, 1)
    elsewhere = again.post(f"{PAGE}?next=//elsewhere.example/", {"code": f"{code[:3]} {code[3:]}"})
    assert elsewhere["Location"] == "/admin/"
    assert again.get("/admin/").status_code == 200
    wait()
    third, fourth = client_of(user), client_of(user)
    assert third.post(LEADS, {"code": paper[0]})["Location"] == "/admin/"
    assert fourth.post(LEADS, {"code": paper[0]}).status_code == 422


def stored(table: str, column: str) -> list[str]:
    """What stands in the database, as it stands there."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} ORDER BY id")
        return [str(row[0]) for row in cursor.fetchall()]


def test_nobody_reads_second_factors_in_the_database(user: User, settings: Settings) -> None:
    _client, paper = set_up(user)
    device = TOTPDevice.objects.get(user=user)
    (sealed,) = stored("otp_totp_totpdevice", "key")
    hashes = stored("otp_static_statictoken", "token")
    assert len(bytes.fromhex(device.key)) == 20
    assert sealed.startswith("1.")
    assert device.key not in sealed
    assert (len(set(hashes)), set(hashes) & set(paper)) == (10, set())
    device.save()
    assert stored("otp_totp_totpdevice", "key") != [sealed], "each time under a nonce of its own"
    assert TOTPDevice.objects.get().key == device.key
    code = code_of(user, 1)
    settings.DATA_KEY = "another-key-" * 4
    settings.ENCRYPTION_KEYS = [settings.DATA_KEY]
    wait()
    assert client_of(user).post(LEADS, {"code": code}).status_code == 422
    wait()
    assert client_of(user).post(LEADS, {"code": paper[0]}).status_code == 422


def test_wrong_key_loses_no_second_factor_that_is_tried(user: User, settings: Settings) -> None:
    set_up(user)
    key, before = settings.DATA_KEY, stored("otp_totp_totpdevice", "key")
    code = code_of(user, 1)
    settings.DATA_KEY = "another-key-" * 4
    settings.ENCRYPTION_KEYS = [settings.DATA_KEY]
    wait()
    assert client_of(user).post(LEADS, {"code": code}).status_code == 422
    assert TOTPDevice.objects.get().throttling_failure_count == 1, "the device was written"
    assert stored("otp_totp_totpdevice", "key") == before
    settings.DATA_KEY, settings.ENCRYPTION_KEYS = key, [key]
    wait()
    assert client_of(user).post(LEADS, {"code": code})["Location"] == "/admin/"


def test_second_factors_of_before_are_kept_secret_by_the_migration(user: User) -> None:
    _client, paper = set_up(user)
    key = TOTPDevice.objects.get().key
    with connection.cursor() as cursor:
        cursor.execute("UPDATE otp_totp_totpdevice SET key = %s", [key])
        cursor.execute("UPDATE otp_static_statictoken SET token = %s", [paper[0]])
    name = "0024_second_factors"
    before = MigrationExecutor(connection).loader.project_state(("responses", name)).apps
    import_module(f"responses.migrations.{name}").keep_secret(before, None)
    (sealed,) = stored("otp_totp_totpdevice", "key")
    assert (sealed[:2], TOTPDevice.objects.get().key) == ("1.", key)
    wait()
    assert client_of(user).post(LEADS, {"code": paper[0]})["Location"] == "/admin/"


def test_forgotten_second_factor_is_set_up_anew(user: User, capsys: Any) -> None:
    client, _paper = set_up(user)
    call_command("forget_second_factor", "hana")
    assert client.get("/admin/").status_code == 302
    assert "Set up the second factor" in text_of(client.get(LEADS))


def test_second_factor_costs_a_statement_and_is_off_only_with_a_banner(
    user: User, settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client, _paper = set_up(user)
    # Session, account, device; the studies.
    with django_assert_num_queries(4):
        page = client.get("/admin/")
    banner = "Two-factor login is off"
    assert banner not in text_of(page)
    settings.TWO_FACTOR = False
    assert client.get(PAGE).status_code == 404
    study = StudyFactory(slug="park")
    pages = (
        *("", "experiments/study/", f"experiments/study/{study.pk}/change/"),
        *("responses/participant/", "responses/participant/watch/park/", "power/park/"),
    )
    for address in pages:
        assert text_of(client.get(f"/admin/{address}")).count(banner) == 1, address
    assert text_of(Client().get("/admin/login/")).count(banner) == 1
