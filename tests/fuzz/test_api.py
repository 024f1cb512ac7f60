"""Whatever comes to the API is answered by what was asked for, or by a problem in words."""

import json
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from pytest_django import Settings

from responses.models import Participant
from tests.analysis.api.asking import content, token
from tests.analysis.looking import hand_made_look
from tests.fuzz.mutation import nasty
from tests.responses.export.rows import into_ledger

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

REQUESTS = 150
PATHS: tuple[str, ...] = (
    "",
    "park",
    "park/export",
    "park/exports/1",
    "park/exports/1/statement",
    "park/codebook",
)
PATHS += ("park/looks", "park/looks/1", "park/allocation", "park/ledger", "park/ledger/1/rows")
PATHS += ("park/invitations", "park/panel/p1", "none", "openapi.json")
NAMES = ("mode", "format", "table", "language", "bom", "guard", "limit", "after", "x")
GOOD = ("live", "pilot", "csv", "parquet", "jsonl", "en", "ko", "true", "1", "100", "submissions")
HEADERS = ("HTTP_RANGE", "HTTP_ACCEPT", "HTTP_IF_RANGE", "HTTP_ACCEPT_LANGUAGE", "HTTP_COOKIE")


def test_any_request_to_the_api_is_answered_or_refused_in_words(
    tmp_path: Path, settings: Settings
) -> None:
    settings.EXPORT_ROOT = tmp_path
    settings.API_REQUESTS_PER_MINUTE = settings.API_EXPORTS_PER_HOUR = 1_000_000
    study = hand_made_look().study
    into_ledger(*Participant.objects.all())
    text, random = token(study), Random(1)
    for _ in range(REQUESTS):
        request = _request(random, text)
        response = Client().generic(**request)
        assert response.status_code < 500, request
        body = content(response)
        if response.status_code >= 400 and request["method"] != "HEAD":
            assert json.loads(body)["remedy"], request


def _request(random: Random, text: str) -> dict[str, Any]:
    path = random.choice(PATHS)
    if random.random() < 0.2:
        path = path.replace("1", quote(nasty(random), safe=""))
        path = (
            path.replace("park", quote(nasty(random), safe="")) if random.random() < 0.2 else path
        )
    asked = [f"{random.choice(NAMES)}={_value(random)}" for _ in range(random.choice((0, 0, 1, 2)))]
    bearer = random.choice((f"Bearer {text}",) * 8 + ("", f"Basic {text}", f"Bearer {text}\xff"))
    headers = {random.choice(HEADERS): _header(random)} if random.random() < 0.3 else {}
    return {
        "method": random.choice(("GET",) * 9 + ("POST", "HEAD", "PATCH")),
        "path": f"/api/v1/studies/{path}?{'&'.join(asked)}",
        "data": nasty(random),
        "content_type": random.choice(("application/json", "x", "multipart/form-data")),
        "HTTP_AUTHORIZATION": bearer,
        **headers,
    }


def _value(random: Random) -> str:
    return random.choice(GOOD) if random.random() < 0.6 else quote(nasty(random), safe="")


def _header(random: Random) -> str:
    if random.random() < 0.5:
        return random.choice(
            ("bytes=0-", "bytes=9-1", "bytes=99999999-", "bytes=-5", "bytes=0-1,3-4")
        )
    text = nasty(random).decode("latin-1")
    return "".join(letter for letter in text if letter not in "\r\n\0")
