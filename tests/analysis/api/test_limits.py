"""How often a token may ask, counted in a real Valkey, and what happens without one."""

import pytest
from pytest_django import Settings

from analysis.api.limits import EXPORTS, REQUESTS
from experiments.models import Study
from responses.rates import Counted, seconds_to_wait
from tests.analysis.api.asking import ask, token, told
from tests.factories import LiveStudyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> Study:
    return LiveStudyFactory(slug="park")


def test_token_that_asks_too_often_is_told_when_to_come_back(
    study: Study, settings: Settings
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    busy, other = token(study), token(study)
    answers = [ask(busy, "") for _ in range(5)]
    # A minute may end between two of them.
    refused = [each for each in answers if each.status_code == 429]
    assert refused
    for each in refused:
        status, detail, remedy = told(each)
        wait = int(each["Retry-After"])
        assert (status, detail) == (429, "The token has used up its 2 requests in 60 seconds.")
        assert remedy == f"Ask again in {wait} seconds."
        assert 1 <= wait <= 60
    assert ask(other, "").status_code == 200


def test_windows_are_counted_apart(settings: Settings) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    windows = Counted(REQUESTS, "windows")
    waits = [seconds_to_wait([windows], now) for now in (600, 610, 620, 659.9, 660)]
    assert waits == [0, 0, 40, 1, 0]
    assert seconds_to_wait([Counted(EXPORTS, "windows")], 620) == 0
    assert seconds_to_wait([Counted(REQUESTS, "another")], 620) == 0


def test_exports_have_a_limit_of_their_own(study: Study, settings: Settings) -> None:
    settings.API_EXPORTS_PER_HOUR = 0
    text = token(study)
    for address in ("park/export", "park/codebook"):
        assert told(ask(text, address))[:2] == (
            429,
            "The token has used up its 0 exports in 3600 seconds.",
        )
    assert ask(text, "park/looks").status_code == 200


def test_without_valkey_nothing_is_counted(
    study: Study, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 0
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert ask(token(study), "").status_code == 200
    assert "Requests are not counted" in caplog.text
