"""Where the site is: what the settings tell of it, and the link of a launch by that."""

from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import Settings

from responses.links import known_site
from tests.factories import StudyFactory

LOCAL = ["localhost", "127.0.0.1", "[::1]"]
HOST, ORIGIN = "survey.example.org", "https://www.example.org:8443"


@pytest.mark.parametrize(
    ("hosts", "origins", "https", "address"),
    [
        (LOCAL, [], False, ""),
        (LOCAL, [], True, ""),
        # Without HTTPS there is a port, which no setting tells.
        ([HOST], [], False, ""),
        ([HOST], [], True, f"https://{HOST}"),
        (["*"], [], True, ""),
        ([f".{HOST}"], [], True, ""),
        ([HOST, "other.example.org"], [], True, ""),
        (["inside"], [ORIGIN], True, ORIGIN),
        (["inside"], [ORIGIN], False, ORIGIN),
        ([HOST], [ORIGIN, "https://other.example.org"], True, ""),
        (["inside"], ["https://*.example.org"], True, ""),
    ],
)
@pytest.mark.django_db
def test_site_is_known_where_the_settings_tell_one_address(
    settings: Settings, hosts: list[str], origins: list[str], https: bool, address: str
) -> None:
    settings.ALLOWED_HOSTS, settings.CSRF_TRUSTED_ORIGINS = hosts, origins
    settings.HTTPS = https
    StudyFactory(slug="park")
    out = StringIO()

    call_command("launch_study", "park", stdout=out)

    assert known_site() == address
    lines = out.getvalue().splitlines()
    assert f"Link: {address}/s/park/" in lines
    told = "Put the site's address before it, or say it: --site http://localhost:8000"
    assert (told in lines) is (address == "")
