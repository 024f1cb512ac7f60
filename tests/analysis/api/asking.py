"""Tokens, and what a program asks by them."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from analysis.api.tokens import make_token
from analysis.models import ApiToken
from experiments.models import Study
from tests.desk import grant

EVERY_SCOPE: tuple[str, ...] = tuple(ApiToken.Scope.values)
RIGHTS = ("export_data", "view_look", "view_study", "view_invitation", "view_participant")


def owner(*permissions: str, name: str = "hana") -> User:
    """An account of the desk with these permissions; with all that the API asks for if none."""
    user, _ = User.objects.get_or_create(username=name, defaults={"is_staff": True})
    grant(user, *(permissions or RIGHTS))
    return user


def token(*studies: Study, scopes: Sequence[str] = EVERY_SCOPE, user: User | None = None) -> str:
    """The text of a new token."""
    _row, text = make_token(
        owner=user or owner(), name="R", studies=studies, scopes=scopes, days=1, made_by="tests"
    )
    return text


def ask(token: str, address: str, **headers: str) -> Any:
    """What the API answers to a GET below /api/v1/studies/."""
    client = Client(headers={"Authorization": f"Bearer {token}", **headers})
    return client.get(f"/api/v1/studies/{address}")


def content(response: Any) -> bytes:
    """The whole of an answer, a file's too."""
    return b"".join(response) if response.streaming else response.content


def told(response: Any) -> tuple[int, str, str]:
    """A problem's status, what is wrong and what to do."""
    assert response["Content-Type"] == "application/problem+json", response.content
    body = response.json()
    assert (body["type"], body["status"]) == ("about:blank", response.status_code)
    return body["status"], body["detail"], body["remedy"]
